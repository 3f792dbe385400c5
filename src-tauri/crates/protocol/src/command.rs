//! The command table: every command of Synk, once, with what it takes and what it answers.
//!
//! From it come the closed [`Request`] enum that the daemon dispatches exhaustively, the
//! closed [`ViewerRequest`] enum that the client crate answers itself, the typed calls, the
//! names that the window's permissions list, and the TypeScript types. To add a command,
//! write its argument and reply types here, add its line to a table below, and follow the
//! compiler.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use std::collections::BTreeMap;
use ts_rs::TS;

use crate::{
    agent::{AgentInfo, AgentType},
    error::WireError,
    session::{SessionId, SessionInfo},
};

/// The arguments of a command, which know its name and its reply.
pub trait Call: Serialize + DeserializeOwned + TS + 'static {
    /// The command's name on the wire.
    const NAME: &'static str;
    /// What it answers.
    type Reply: Serialize + DeserializeOwned + TS + 'static;
}

macro_rules! commands {
    (
        $(#[doc = $enum_doc:literal])*
        $enum:ident, $visit:ident;
        $( $(#[doc = $doc:literal])* $name:literal => $variant:ident($args:ty) -> $reply:ty ),* $(,)?
    ) => {
        $(#[doc = $enum_doc])*
        #[derive(Debug, Clone, PartialEq)]
        pub enum $enum {
            $( $(#[doc = $doc])* $variant($args), )*
        }

        impl $enum {
            /// Every name in this table.
            pub const NAMES: &'static [&'static str] = &[$($name),*];

            /// Reads a command by name.
            ///
            /// # Errors
            /// [`crate::ErrorCode::Invalid`] for a name that is not in the table, or for
            /// arguments of another shape.
            pub fn parse(name: &str, args: Value) -> Result<Self, WireError> {
                // A command without arguments is called with nothing at all.
                let args = if args.is_null() { Value::Object(serde_json::Map::new()) } else { args };
                match name {
                    $( $name => serde_json::from_value(args).map(Self::$variant).map_err(|error| {
                        WireError::invalid(format!("{}: {error}", $name))
                    }), )*
                    _ => Err(WireError::invalid(format!("there is no command “{name}”"))),
                }
            }
        }

        $( impl Call for $args {
            const NAME: &'static str = $name;
            type Reply = $reply;
        } )*

        $( impl From<$args> for $enum {
            fn from(args: $args) -> Self { Self::$variant(args) }
        } )*

        pub(crate) fn $visit(visit: &mut impl crate::typescript::VisitCommand) {
            $( visit.command::<$args>(); )*
        }
    };
}

commands! {
    /// A command that the daemon answers.
    Request, for_each_daemon_command;

    /// Starts a session and, unless it is to stay in the background, gives it a pane.
    "session:create" => SessionCreate(CreateSession) -> CreatedSession,
    /// Ends a session and its whole process tree, and takes its pane away. The log stays.
    "session:destroy" => SessionDestroy(DestroySession) -> Success,
    /// Writes to a session's terminal.
    "session:write" => SessionWrite(WriteSession) -> (),
    /// Changes a terminal's size.
    "session:resize" => SessionResize(ResizeSession) -> (),
    /// Lists every session.
    "session:list" => SessionList(ListSessions) -> Vec<SessionInfo>,
    /// Gives a session another name.
    "session:rename" => SessionRename(RenameSession) -> Success,
    /// Starts a session's command again in the same pane, ending it first if it runs.
    "session:restart" => SessionRestart(RestartSession) -> Success,
    /// Gives a background session a pane.
    "session:show" => SessionShow(ShowSession) -> ShownSession,
    /// Reads the text that is on a session's screen.
    "session:screen" => SessionScreen(GetScreen) -> Screen,
    /// Lists the agents that Synk knows and where each was found.
    "agent:list" => AgentList(ListAgents) -> Vec<AgentInfo>,
    /// Says how the daemon is.
    "daemon:status" => DaemonStatus(GetDaemonStatus) -> DaemonStatus,
    /// Stops the daemon, and with `all` every session before it.
    "daemon:stop" => DaemonStop(StopDaemon) -> StoppedDaemon,
}

commands! {
    /// A command about what one viewer sees. The client crate answers these over the
    /// session's own socket; they never reach the daemon, which is not in the way of bytes.
    ViewerRequest, for_each_viewer_command;

    /// Begins `session:output` for a session: a snapshot, then all that follows. Attaching
    /// again is a fresh start with a new snapshot.
    "session:attach" => SessionAttach(AttachSession) -> (),
    /// Ends `session:output` for a session.
    "session:detach" => SessionDetach(DetachSession) -> (),
    /// Says how far a session's output has been parsed.
    "session:ack" => SessionAck(Acknowledge) -> (),
}

/// Arguments of `session:create`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct CreateSession {
    /// What to run.
    pub agent_type: AgentType,
    /// The project's folder, absolute.
    pub project_path: String,
    /// The branch to work on. Worktrees come later; today it must be the branch that is
    /// checked out in the working folder.
    #[serde(default)]
    pub branch: Option<String>,
    /// Where to start, absolute; the project's folder by default.
    #[serde(default)]
    pub working_dir: Option<String>,
    /// Set on top of the session's environment. `SHELL` chooses the shell.
    #[serde(default)]
    pub env: Option<BTreeMap<String, String>>,
    /// A name; by default the agent's, with a number when it is taken.
    #[serde(default)]
    pub name: Option<String>,
    /// For a terminal: a program and its arguments instead of the shell.
    #[serde(default)]
    pub command: Option<Vec<String>>,
    /// Takes no pane.
    #[serde(default)]
    pub background: Option<bool>,
    /// The terminal's first size; 80 × 24 by default.
    #[serde(default)]
    pub cols: Option<u32>,
    /// The terminal's first size.
    #[serde(default)]
    pub rows: Option<u32>,
}

/// Reply of `session:create`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CreatedSession {
    /// The new session.
    pub session_id: SessionId,
    /// Its place in the grid; `null` for a background session.
    pub pane_index: Option<u32>,
}

/// Reply of commands that only work or fail. `success` is always true: a failure is an
/// error with a code and a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Success {
    /// Always true.
    pub success: bool,
}

impl Success {
    /// It worked.
    pub const YES: Self = Self { success: true };
}

/// Arguments of `session:destroy`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DestroySession {
    /// Which session.
    pub session_id: SessionId,
}

/// Arguments of `session:write`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct WriteSession {
    /// Which session.
    pub session_id: SessionId,
    /// What to write, as typed: Enter is `\r`.
    pub data: String,
    /// Each character of `data` is one byte (U+0000 to U+00FF) rather than text. Terminals
    /// report some mouse positions so.
    #[serde(default)]
    pub binary: Option<bool>,
}

impl WriteSession {
    /// The bytes to write.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] for a binary string with characters above U+00FF.
    pub fn into_bytes(self) -> Result<Vec<u8>, WireError> {
        if self.binary != Some(true) {
            return Ok(self.data.into_bytes());
        }
        self.data.chars().map(|c| u8::try_from(u32::from(c))).collect::<Result<_, _>>().map_err(
            |_| WireError::invalid("session:write: binary data with a character above U+00FF"),
        )
    }
}

/// Arguments of `session:resize`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ResizeSession {
    /// Which session.
    pub session_id: SessionId,
    /// Columns, 1 to 1000.
    pub cols: u32,
    /// Rows, 1 to 1000.
    pub rows: u32,
}

/// Arguments of `session:list`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct ListSessions {}

/// Arguments of `session:rename`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RenameSession {
    /// Which session.
    pub session_id: SessionId,
    /// Its new name.
    pub name: String,
}

/// Arguments of `session:restart`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct RestartSession {
    /// Which session.
    pub session_id: SessionId,
}

/// Arguments of `session:show`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ShowSession {
    /// Which session.
    pub session_id: SessionId,
}

/// Reply of `session:show`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct ShownSession {
    /// Its place in the grid.
    pub pane_index: u32,
}

/// Arguments of `session:screen`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct GetScreen {
    /// Which session.
    pub session_id: SessionId,
}

/// Reply of `session:screen`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Screen {
    /// One line per row, without the spaces at each end of line and the empty rows below.
    pub text: String,
}

/// Arguments of `session:attach`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AttachSession {
    /// Which session.
    pub session_id: SessionId,
    /// The viewer's columns; the terminal takes this size.
    pub cols: u32,
    /// The viewer's rows.
    pub rows: u32,
}

/// Arguments of `session:detach`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DetachSession {
    /// Which session.
    pub session_id: SessionId,
}

/// Arguments of `session:ack`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Acknowledge {
    /// Which session.
    pub session_id: SessionId,
    /// The `offset` of the last `session:output` that is parsed.
    #[ts(type = "number")]
    pub offset: u64,
}

/// Arguments of `agent:list`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct ListAgents {}

/// Arguments of `daemon:status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct GetDaemonStatus {}

/// Reply of `daemon:status`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DaemonStatus {
    /// Synk's version.
    pub version: String,
    /// The daemon's process.
    pub pid: u32,
    /// Sessions that it knows.
    pub sessions: u32,
    /// The folder that `~` stands for, where a session starts when nobody says where.
    pub home_dir: String,
}

/// Arguments of `daemon:stop`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[ts(optional_fields)]
pub struct StopDaemon {
    /// End every session first.
    #[serde(default)]
    pub all: Option<bool>,
}

/// Reply of `daemon:stop`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StoppedDaemon {
    /// Sessions that go on without a daemon.
    pub kept: u32,
    /// Sessions that were ended.
    pub ended: u32,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn create_reads_the_contract_as_written() {
        let args = json!({
            "agentType": "claude_code", "projectPath": "/p", "workingDir": "/p/w",
            "env": { "A": "b" },
        });
        let Request::SessionCreate(create) = Request::parse("session:create", args).unwrap() else {
            panic!("another command was read");
        };
        assert_eq!(create.agent_type, AgentType::ClaudeCode);
        assert_eq!(create.working_dir.as_deref(), Some("/p/w"));
    }

    #[test]
    fn no_arguments_may_be_null() {
        assert_eq!(
            Request::parse("session:list", Value::Null).unwrap(),
            Request::SessionList(ListSessions {})
        );
    }

    #[test]
    fn bad_input_names_the_command_and_the_field() {
        let error = Request::parse("session:write", json!({ "sessionId": 1 })).unwrap_err();
        assert_eq!(error.message, "session:write: missing field `data`");
        let error = Request::parse("session:fly", Value::Null).unwrap_err();
        assert_eq!(error.message, "there is no command “session:fly”");
        let unknown = json!({ "agentType": "emacs", "projectPath": "/" });
        let error = Request::parse("session:create", unknown).unwrap_err();
        assert!(error.message.contains("unknown variant `emacs`"), "{error}");
    }

    #[test]
    fn binary_input_is_one_byte_a_character() {
        let write = |data: &str| WriteSession {
            session_id: SessionId(1),
            data: data.to_owned(),
            binary: Some(true),
        };
        assert_eq!(write("\u{1b}[M\u{e9}").into_bytes().unwrap(), b"\x1b[M\xe9");
        assert!(write("€").into_bytes().is_err());
    }
}
