//! Whose cost is looked at, and what its agent's files are known by.

use std::path::{Path, PathBuf};
use synk_protocol::{AgentType, SessionId, SessionRecord, Signals};

use super::transcript::is_transcript;
use crate::{agents, store::Owner};

/// Which session is looked at, and what is known of its agent's files.
#[derive(Debug, Clone)]
pub(crate) struct Subject {
    pub(super) owner: Owner,
    /// When its program was started.
    pub(super) started_at: u64,
    /// What its agent calls its conversation.
    pub(super) conversation: Option<String>,
    /// The file that it is written to.
    pub(super) transcript: Option<PathBuf>,
}

impl Subject {
    /// By what is known of a session now. A hook's word is the newest.
    pub(crate) fn new(record: &SessionRecord, signals: &Signals) -> Self {
        let hook = signals.hook.as_ref();
        let told = hook.and_then(|hook| hook.transcript.as_deref()).map(Path::new);
        // What its own process says is as good as any file of its own, and no better.
        let told = told.filter(|path| path.is_absolute() && is_transcript(path, ""));
        let conversation = hook.and_then(|hook| hook.conversation.as_ref());
        let conversation = conversation.or(record.resume_id.as_ref());
        Self {
            owner: Owner {
                session_id: record.session_id,
                created_at: record.created_at,
                agent_type: record.agent_type.clone(),
                project_path: record.project_path.clone(),
            },
            started_at: record.started_at.unwrap_or(record.created_at),
            conversation: conversation.filter(|id| agents::is_id(id)).cloned(),
            transcript: told.map(Path::to_owned),
        }
    }

    pub(crate) fn session_id(&self) -> SessionId {
        self.owner.session_id
    }

    /// Whether its cost can be known at all.
    pub(crate) fn is_agent(&self) -> bool {
        self.owner.agent_type != AgentType::Terminal
    }

    /// Whether what it costs is on its screen, since there is no transcript to read.
    pub(crate) fn is_read_from_screen(&self) -> bool {
        matches!(self.owner.agent_type, AgentType::Custom(_))
    }

    /// Where to look; with another answer there may be something new.
    pub(crate) fn place(&self) -> (Option<&str>, Option<&Path>) {
        (self.conversation.as_deref(), self.transcript.as_deref())
    }
}
