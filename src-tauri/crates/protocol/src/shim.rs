//! What travels on a session's own socket, and how a shim is started.
//!
//! Control messages are JSON control frames; terminal bytes are the byte frames of
//! [`crate::Frame`]. A shim may be weeks older than its client: both sides skip messages and
//! fields that they do not know.

use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, path::PathBuf};

use crate::{
    command::TerminalPalette,
    error::WireError,
    session::{SessionRecord, TerminalSize},
    settings::{AppearanceSettings, LogSettings, PoolSettings},
    signals::{Expected, HookReport, Signals},
    workspace::WorkspaceId,
};

/// How many bytes of output a viewer may have unacknowledged before the shim stops sending
/// it output and shows it the screen from time to time instead. With twelve panes in a flood
/// this is 3 MiB, which xterm.js parses in a tenth of a second.
pub const OUTPUT_WINDOW_BYTES: u64 = 256 * 1024;
/// How many bytes of input a client may have sent that the program has not taken yet. The
/// shim holds no more than this for each client and ends a connection that sends more.
pub const INPUT_WINDOW_BYTES: u64 = 256 * 1024;

/// What a client asks of a shim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ShimRequest {
    /// Begin output on this connection: a snapshot, then what follows.
    Attach {
        /// The viewer's size, which the terminal takes. Absent: leave it as it is.
        #[serde(default)]
        size: Option<TerminalSize>,
        /// Send history too. Without it the output is for a person's own terminal: the screen
        /// alone, and no questions, which such a terminal would answer besides the shim.
        scrollback: bool,
        /// The viewer's colours, told to programs that ask. Absent: leave them as they are.
        #[serde(default)]
        palette: Option<Box<TerminalPalette>>,
    },
    /// End output on this connection.
    Detach,
    /// Output up to this offset is parsed.
    Ack {
        /// As in the byte frames.
        offset: u64,
    },
    /// Change the terminal's size.
    Resize {
        /// The new size.
        size: TerminalSize,
    },
    /// Answer with the visible text.
    Screen {
        /// Comes back in the answer.
        id: u32,
    },
    /// Start the command again, ending it first if it runs.
    Restart {
        /// Comes back in the answer.
        id: u32,
        /// Another command, folder and environment for this once. A shim that is too old for
        /// it starts the command as it was.
        #[serde(default)]
        launch: Option<Launch>,
    },
    /// Change what the record says about the session.
    Update {
        /// Comes back in the answer.
        id: u32,
        /// What to change.
        changes: SessionChanges,
    },
    /// End the whole process tree, answer, and exit. The session is closed.
    Destroy {
        /// Comes back in the answer.
        id: u32,
        /// Refuse while a process other than this one is attached. A shim that is too old
        /// for it refuses nobody.
        #[serde(default)]
        unless_attached_besides: Option<u32>,
    },
    /// Send [`ShimMessage::Signals`] on this connection: now, and whenever they change. Since
    /// protocol 1.2, as all that follows.
    Watch,
    /// Type text, as one write that no other input comes into, if what the sender has seen is
    /// still so. Answered with [`ShimMessage::Typed`] once the program's terminal has all of
    /// it, or with [`crate::ErrorCode::Conflict`] when nothing was typed.
    Type {
        /// Comes back in the answer.
        id: u32,
        /// The bytes, which are text.
        text: String,
        /// What has to be so.
        expected: Expected,
    },
    /// An agent's hook was called.
    Report {
        /// Comes back in the answer.
        id: u32,
        /// For what.
        report: HookReport,
    },
    /// Answer with the variables that the session was created with. Since protocol 1.3.
    Environment {
        /// Comes back in the answer.
        id: u32,
    },
    /// A request of a later version.
    #[serde(other)]
    Unknown,
}

/// How a program is started when not as the record says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Launch {
    /// The program and its arguments; empty for the user's login shell.
    pub command: Vec<String>,
    /// Where: an absolute folder.
    pub working_dir: String,
    /// The whole environment. Absent: as it was.
    #[serde(default)]
    pub env: Option<Vec<(String, String)>>,
}

/// Fields of a [`SessionRecord`] that can be changed from outside.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SessionChanges {
    /// A new name.
    pub name: Option<String>,
    /// A place in the grid.
    pub pane_index: Option<u32>,
    /// The workspace of that grid.
    pub workspace_id: Option<WorkspaceId>,
    /// What the agent calls its conversation; empty to forget it.
    pub resume_id: Option<String>,
    /// The most that the log may take, in bytes. Not part of the record.
    pub log_limit_bytes: Option<u64>,
}

/// What a shim sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", rename_all_fields = "camelCase")]
pub enum ShimMessage {
    /// The session as it is now: once after the handshake, then whenever it changes.
    Record {
        /// All of it.
        record: Box<SessionRecord>,
    },
    /// The answer to [`ShimRequest::Screen`].
    Screen {
        /// Of the request.
        id: u32,
        /// The visible text.
        text: String,
    },
    /// A request was carried out.
    Done {
        /// Of the request.
        id: u32,
    },
    /// A request failed (with its id), or the connection is about to be closed (without).
    Error {
        /// Of the request.
        #[serde(default)]
        id: Option<u32>,
        /// Why.
        error: WireError,
    },
    /// Text was typed: the program's terminal has all of it.
    Typed {
        /// Of the request.
        id: u32,
        /// [`Signals::revision`] right after nothing but this had changed: what is to be so
        /// for what is typed next.
        revision: u64,
    },
    /// The answer to [`ShimRequest::Environment`].
    Environment {
        /// Of the request.
        id: u32,
        /// Those of [`SessionRecord::env_names`] whose values this shim knows.
        env: BTreeMap<String, String>,
    },
    /// What is observed of the program: to whom asked for it, at most twenty times a second.
    Signals {
        /// All of it.
        signals: Box<Signals>,
    },
    /// Something that whoever looks after the session should tell the user.
    Notice {
        /// What happened and what to do.
        message: String,
    },
    /// This many more bytes of the connection's input have reached the program's terminal.
    InputTaken {
        /// Since the last such message.
        bytes: u64,
    },
    /// A message of a later version.
    #[serde(other)]
    Unknown,
}

/// Everything a new shim needs, handed to `synk shim` as JSON on its standard input, so that
/// no environment variable of a session can be read in the process list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShimSpec {
    /// The session as it is to be; the shim fills in processes and state.
    pub record: SessionRecord,
    /// The program's whole environment; the shim's own is not passed on.
    pub env: Vec<(String, String)>,
    /// The session's folder. It exists and is the owner's alone.
    pub session_dir: PathBuf,
    /// Where to listen. Its folder exists and is the owner's alone.
    pub socket: PathBuf,
    /// The most that the log may take, in bytes; see `LogSettings`.
    #[serde(default = "default_log_limit_bytes")]
    pub log_limit_bytes: u64,
    /// How many lines above the screen are kept; see `AppearanceSettings`.
    #[serde(default = "default_scrollback_lines")]
    pub scrollback_lines: u32,
    /// Start no program: show the last screen from the log, and wait for a restart. What is
    /// left of the program that ran before is ended.
    #[serde(default)]
    pub asleep: bool,
    /// The user's shell, where that is what is started, is a login shell; see `PoolSettings`.
    /// Which shell that is, `SHELL` of `env` says.
    #[serde(default = "default_login")]
    pub login: bool,
}

fn default_login() -> bool {
    PoolSettings::default().login_shell
}

fn default_scrollback_lines() -> u32 {
    AppearanceSettings::default().scrollback
}

fn default_log_limit_bytes() -> u64 {
    u64::from(LogSettings::default().session_limit_mib) << 20
}

/// What a shim that is started before it has a session needs: the first line on the standard
/// input of `synk shim --parked`. It starts the user's shell, which is `SHELL` of `env`, and
/// waits for the second line, a [`ParkedClaim`]. When its input ends instead, it ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ParkedSpec {
    /// A login shell.
    pub login: bool,
    /// The shell's whole environment; the shim's own is not passed on.
    pub env: Vec<(String, String)>,
    /// Where the shell starts.
    pub working_dir: PathBuf,
    /// A folder for this shell alone. It exists and is the owner's.
    pub channel_dir: PathBuf,
    /// The terminal's size until the claim.
    pub size: TerminalSize,
    /// What the prompt of a shell without integration looks like; see `PoolSettings`.
    #[serde(default)]
    pub prompt_pattern: Option<String>,
    /// How long the shell may take until it waits, in milliseconds.
    pub limit_ms: u64,
}

/// What a parked shell is to become: its session, whose working folder and command are those
/// of the record, and what changes in its environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ParkedClaim {
    /// As for a shim that starts with it. Its `env` is for a restart.
    pub spec: ShimSpec,
    /// Variables that the shell is to export.
    pub set: Vec<(String, String)>,
}

/// Reads the user's login environment: the standard input of `synk shim --environment`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EnvironmentSpec {
    /// The environment to start `SHELL` in.
    pub env: Vec<(String, String)>,
    /// Where it starts.
    pub working_dir: PathBuf,
    /// How long it may take, in milliseconds.
    pub limit_ms: u64,
}

/// What `synk shim --environment` prints, as one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoginEnvironment {
    /// Every variable that the shell's programs get. Those that are not UTF-8 are left out.
    Read(Vec<(String, String)>),
    /// It could not be read, and why.
    Failed(WireError),
}

/// What a new shim prints, each as one line of JSON on its standard output: that it is ready,
/// once it listens and its program runs, or that it failed. After that line it closes its
/// output. A parked one says before that it waits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShimReady {
    /// A shell waits for a claim.
    Parked {
        /// The shell's process.
        pid: u32,
        /// It waits by itself; otherwise it shows its prompt and is claimed by typing.
        integrated: bool,
    },
    /// It can be connected to.
    Ready,
    /// The session could not be started, and the shim is gone.
    Failed(WireError),
}
