//! The command table: every command of Synk, once, with what it takes and what it answers.
//!
//! From it come the closed [`Request`] enum that the daemon dispatches exhaustively, the
//! closed [`ViewerRequest`] enum that the client crate answers itself, the typed calls, the
//! names that the window's permissions list, and the TypeScript types. To add a command,
//! write its argument and reply types here, add its line to a table below, and follow the
//! compiler.

mod daemon;
mod dispatch;
mod git;
mod history;
mod persistence;
mod pool;
mod session;
mod viewer;
mod workspace;

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use ts_rs::TS;

pub use daemon::{DaemonStatus, GetDaemonStatus, ListAgents, StopDaemon, StoppedDaemon};
pub use dispatch::{
    EditQueued, ListQueue, MAX_PROMPT_BYTES, MAX_QUEUED_PROMPTS, QueuedPrompt, Receipt,
    ReceiptState, SendPrompt,
};
pub use git::{
    CommitChanges, Committed, CreateWorktree, CreatedWorktree, DeleteWorktree, DeletedWorktree,
    DiscardChanges, Discarded, EmptiedTrash, EmptyTrash, GetDiff, GetGitStatus, ListActivity,
    ListBranches, ListTrash, ListWorktrees, MergeBranch, MergeResult, RestoreTrash,
    RestoredWorktree,
};
pub use history::{
    CleanSessions, CleanedSession, CleanedSessions, FoundText, PastScreen, ReplaySession,
    SearchHit, SearchSessions,
};
pub use persistence::{
    DeleteSaved, FailedPane, ListSaved, LoadSession, LoadedSession, RenameSaved, SaveSession,
    SavedPath, SavedSession,
};
pub use pool::{GetPoolStatus, PoolStatus};
pub use session::{
    CreateSession, CreatedSession, DestroySession, GetScreen, ListSessions, MoveSession,
    RenameSession, ResizeSession, RestartSession, Screen, ShowSession, ShownSession, WriteSession,
};
pub use viewer::{Acknowledge, AttachSession, DetachSession, Rgb, TerminalPalette};
pub use workspace::{
    ChangeWorkspace, CreateWorkspace, DeleteWorkspace, ListWorkspaces, ShowWorkspace, Workspaces,
};

use crate::{
    agent::AgentInfo,
    cost::{CostList, ListCosts},
    error::WireError,
    git::{FileDiff, GitEvent, GitStatus, TrashEntry, WorktreeInfo},
    session::SessionInfo,
    settings::{GetSettings, ImportPalette, ImportedPalette, SetSettings, SynkSettings},
    status::{GetStatus, MarkSeen, StatusReport},
    workspace::WorkspaceInfo,
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
    /// Refused while others are attached, unless forced.
    "session:destroy" => SessionDestroy(DestroySession) -> Success,
    /// Writes to a session's terminal.
    "session:write" => SessionWrite(WriteSession) -> (),
    /// Changes a terminal's size.
    "session:resize" => SessionResize(ResizeSession) -> (),
    /// Lists the sessions, and if asked those that were closed and whose logs are kept.
    "session:list" => SessionList(ListSessions) -> Vec<SessionInfo>,
    /// Gives a session another name.
    "session:rename" => SessionRename(RenameSession) -> Success,
    /// Starts a session's command again in the same pane, ending it first if it runs. A
    /// session that was lost goes on where it was: its shell in its last folder, its agent
    /// with its last conversation.
    "session:restart" => SessionRestart(RestartSession) -> Success,
    /// Gives a background session a pane.
    "session:show" => SessionShow(ShowSession) -> ShownSession,
    /// Moves a session to another pane, of its workspace or of another one.
    "session:move" => SessionMove(MoveSession) -> Success,
    /// Reads the text that is on a session's screen.
    "session:screen" => SessionScreen(GetScreen) -> Screen,
    /// Finds text in what the sessions put out, also in those that were closed.
    "session:search" => SessionSearch(SearchSessions) -> FoundText,
    /// Shows a session's screen as it was when its output had come so far.
    "session:replay" => SessionReplay(ReplaySession) -> PastScreen,
    /// Ends and removes the sessions that nobody was attached to for a long time, and the
    /// logs of those that were closed that long ago.
    "session:clean" => SessionClean(CleanSessions) -> CleanedSessions,
    /// Says what a session's program does, and why that is believed.
    "session:status" => SessionStatus(GetStatus) -> StatusReport,
    /// A person looks at sessions: what is done there has been seen.
    "session:seen" => SessionSeen(MarkSeen) -> Success,
    /// Types a prompt into sessions and answers what became of it in each, so far. What
    /// becomes of it later is told by `dispatch:receipt`.
    "dispatch:send" => DispatchSend(SendPrompt) -> Vec<Receipt>,
    /// Lists the prompts that wait for a session, the next one first.
    "dispatch:queue" => DispatchQueue(ListQueue) -> Vec<QueuedPrompt>,
    /// Changes a prompt that waits, or takes it out of the queue.
    "dispatch:edit" => DispatchEdit(EditQueued) -> Success,
    /// Says what was used and what it cost, by day, agent, project and model.
    "cost:list" => CostList(ListCosts) -> CostList,
    /// Lists the workspaces, in the order of their tabs.
    "workspace:list" => WorkspaceList(ListWorkspaces) -> Workspaces,
    /// Makes a workspace, the last of the tabs.
    "workspace:create" => WorkspaceCreate(CreateWorkspace) -> WorkspaceInfo,
    /// Changes a workspace. What is not named stays.
    "workspace:change" => WorkspaceChange(ChangeWorkspace) -> Success,
    /// Takes an empty workspace away.
    "workspace:delete" => WorkspaceDelete(DeleteWorkspace) -> Success,
    /// Says what the window shows.
    "workspace:show" => WorkspaceShow(ShowWorkspace) -> Success,
    /// Saves the layout: the workspaces with their panes, and what runs in each.
    "persistence:save_session" => PersistenceSaveSession(SaveSession) -> SavedPath,
    /// Brings a saved layout back. Sessions of it that still run are put in their panes, the
    /// others are started fresh.
    "persistence:load_session" => PersistenceLoadSession(LoadSession) -> LoadedSession,
    /// Lists the saved layouts, the newest first.
    "persistence:list_saved" => PersistenceListSaved(ListSaved) -> Vec<SavedSession>,
    /// Gives a saved layout another name.
    "persistence:rename_saved" => PersistenceRenameSaved(RenameSaved) -> SavedPath,
    /// Deletes a saved layout. Sessions are not touched.
    "persistence:delete_saved" => PersistenceDeleteSaved(DeleteSaved) -> Success,
    /// Reads the settings.
    "settings:get" => SettingsGet(GetSettings) -> SynkSettings,
    /// Changes settings. What is not named stays.
    "settings:set" => SettingsSet(SetSettings) -> Success,
    /// Adds a palette from another terminal's theme file to `appearance.palettes`.
    "settings:import_palette" => SettingsImportPalette(ImportPalette) -> ImportedPalette,
    /// Says how the pool of waiting shells is.
    "pool:status" => PoolStatus(GetPoolStatus) -> PoolStatus,
    /// Lists the agents that Synk knows and where each was found.
    "agent:list" => AgentList(ListAgents) -> Vec<AgentInfo>,
    /// Makes a worktree for a branch, or answers the one that there is.
    "git:create_worktree" => GitCreateWorktree(CreateWorktree) -> CreatedWorktree,
    /// Removes a worktree that Synk has made. What was in it can be had back.
    "git:delete_worktree" => GitDeleteWorktree(DeleteWorktree) -> DeletedWorktree,
    /// Lists the worktrees that Synk has made.
    "git:worktrees" => GitWorktrees(ListWorktrees) -> Vec<WorktreeInfo>,
    /// Says how a session's repository is.
    "git:status" => GitStatus(GetGitStatus) -> GitStatus,
    /// Says what a branch, or a worktree as it is, changes.
    "git:diff" => GitDiff(GetDiff) -> Vec<FileDiff>,
    /// Brings a branch into another. After a conflict everything is as before.
    "git:merge" => GitMerge(MergeBranch) -> MergeResult,
    /// Commits what a session has changed.
    "git:commit" => GitCommit(CommitChanges) -> Committed,
    /// Takes back what a session has changed and not committed. It can be had back.
    "git:discard" => GitDiscard(DiscardChanges) -> Discarded,
    /// Lists a repository's branches, the one used last first.
    "git:branches" => GitBranches(ListBranches) -> Vec<String>,
    /// Says what happened in the sessions' repositories, newest first.
    "git:activity" => GitActivity(ListActivity) -> Vec<GitEvent>,
    /// Lists what was removed and can be had back, newest first.
    "git:trash" => GitTrash(ListTrash) -> Vec<TrashEntry>,
    /// Brings back what was removed.
    "git:restore" => GitRestore(RestoreTrash) -> RestoredWorktree,
    /// Forgets what was removed, for good.
    "git:empty_trash" => GitEmptyTrash(EmptyTrash) -> EmptiedTrash,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{agent::AgentType, session::SessionId};
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
            Request::SessionList(ListSessions::default())
        );
    }

    #[test]
    fn bad_input_names_the_command_and_the_field() {
        let error = Request::parse("session:write", json!({ "sessionId": 1 })).unwrap_err();
        assert_eq!(error.message, "session:write: missing field `data`");
        let error = Request::parse("session:fly", Value::Null).unwrap_err();
        assert_eq!(error.message, "there is no command “session:fly”");
        let unknown = json!({ "agentType": "Emacs!", "projectPath": "/" });
        let error = Request::parse("session:create", unknown).unwrap_err();
        assert!(error.message.contains("cannot be the name of an agent"), "{error}");
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
