//! Prompts: typing one into a session's program so that it is taken whole and once, and those
//! that wait until their session is ready.
//!
//! Two things never happen. Nothing is typed into a program that has not said that it is ready,
//! and Enter is never pressed when what said so has changed since: the shim types only if what
//! was seen is still so ([`synk_client::Shim::type_text`]).

mod delivery;
mod queue;
mod ready;
mod text;

pub(crate) use delivery::{Courier, Outcome};
pub(crate) use queue::{Queue, being_typed};
pub(crate) use ready::refusal;
pub(crate) use text::check;

use synk_protocol::{
    QueuedPrompt, Receipt, ReceiptState, SessionId, SessionStatus, Signals, StatusEvidence,
};

use crate::time::now_millis;

/// What is known of a session at this moment.
#[derive(Debug, Clone, Default)]
pub(crate) struct Live {
    pub(crate) status: SessionStatus,
    /// What was weighed for it.
    pub(crate) evidence: Vec<StatusEvidence>,
    /// Absent for a shim that observes nothing.
    pub(crate) signals: Option<Signals>,
    /// Something stands in its composer that was not sent.
    pub(crate) draft: bool,
    /// Prompts that wait.
    pub(crate) queued: u32,
}

/// A prompt for one session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Prompt {
    pub(crate) id: u32,
    pub(crate) session: SessionId,
    pub(crate) text: String,
    /// Press Enter after it.
    pub(crate) submit: bool,
    /// Several lines may run as commands.
    pub(crate) confirmed: bool,
    /// When it was asked for: milliseconds since 1970.
    pub(crate) at: u64,
    /// It may have been typed already, when the daemon went down; a person decides.
    pub(crate) held: bool,
}

impl Prompt {
    /// What has become of it.
    pub(crate) fn receipt(&self, state: ReceiptState, reason: Option<String>) -> Receipt {
        Receipt { prompt_id: self.id, session_id: self.session, state, reason, at: now_millis() }
    }

    pub(crate) fn listed(&self) -> QueuedPrompt {
        QueuedPrompt {
            prompt_id: self.id,
            session_id: self.session,
            text: self.text.clone(),
            submit: self.submit,
            at: self.at,
            held: self.held,
        }
    }
}
