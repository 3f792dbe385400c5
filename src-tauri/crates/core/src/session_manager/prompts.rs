//! What people ask about prompts and status, brought to the sessions' attendants.

use futures_util::future::join_all;
use std::collections::HashSet;
use synk_protocol::{
    EditQueued, ErrorCode, QueuedPrompt, Receipt, ReceiptState, SendPrompt, SessionId,
    StatusReport, WireError,
};

use super::{
    SessionManager,
    attend::{Attendant, Order},
};
use crate::{
    prompts::{Prompt, check},
    time::now_millis,
};

/// Sessions that one prompt may be for.
const MAX_SESSIONS: usize = 256;

impl SessionManager {
    /// Types a prompt into sessions. Answers what has become of it in each, in their order;
    /// what becomes of it later is told as a fact.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for a text that no terminal could pass on, and for a list of
    /// sessions that is empty, too long or names one twice. Nothing was typed then.
    pub async fn send_prompt(&self, args: SendPrompt) -> Result<Vec<Receipt>, WireError> {
        check(&args.text)?;
        let SendPrompt { session_ids, text, submit, queue, confirmed } = args;
        if session_ids.is_empty() || session_ids.len() > MAX_SESSIONS {
            return Err(WireError::invalid(format!(
                "a prompt is for 1 to {MAX_SESSIONS} sessions, and not for {}",
                session_ids.len()
            )));
        }
        let distinct: HashSet<_> = session_ids.iter().collect();
        if distinct.len() < session_ids.len() {
            return Err(WireError::invalid("a session is named twice, and gets a prompt once"));
        }
        let prompts = session_ids.into_iter().map(|session| Prompt {
            id: self.next_prompt_id(),
            session,
            text: text.clone(),
            submit: submit != Some(false),
            confirmed: confirmed == Some(true),
            at: now_millis(),
            held: false,
        });
        let queue = queue == Some(true);
        Ok(join_all(prompts.map(|prompt| self.send_to_one(prompt, queue))).await)
    }

    async fn send_to_one(&self, prompt: Prompt, queue: bool) -> Receipt {
        let refused = prompt.clone();
        let sent = async {
            let attendant = self.attendant(prompt.session).await?;
            attendant.order(|receipt| Order::Send { prompt, queue, receipt }).await
        };
        sent.await.unwrap_or_else(|error| {
            let state = match error.code {
                ErrorCode::NotFound | ErrorCode::Unavailable => ReceiptState::Exited,
                _ => ReceiptState::NotReady,
            };
            refused.receipt(state, Some(error.message))
        })
    }

    /// The prompts that wait for a session, the next one first.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`], or [`ErrorCode::Unavailable`] when its shim is gone.
    pub async fn queued_prompts(&self, session: SessionId) -> Result<Vec<QueuedPrompt>, WireError> {
        let prompts = self.attendant(session).await?.order(|reply| Order::List { reply }).await?;
        Ok(prompts.iter().map(Prompt::listed).collect())
    }

    /// Changes a prompt that waits, or takes it out of its queue.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`] when it waits nowhere, [`ErrorCode::Conflict`] when it is being
    /// typed, [`ErrorCode::Invalid`] for a text that no terminal could pass on.
    pub async fn edit_queued(&self, args: EditQueued) -> Result<(), WireError> {
        let EditQueued { prompt_id: id, text } = args;
        text.as_deref().map(check).transpose()?;
        for session in self.inner.table.ids() {
            let Ok(attendant) = self.inner.table.attendant(session) else { continue };
            let text = text.clone();
            match attendant.order(|reply| Order::Edit { id, text, reply }).await {
                Ok(Ok(false)) => {}
                Ok(done) => return done.map(drop),
                // Its shim went meanwhile, and with it nothing that waits.
                Err(error) => tracing::debug!(%session, "editing a prompt: {error}"),
            }
        }
        Err(WireError::new(
            ErrorCode::NotFound,
            format!("no prompt {id} waits; it may have been sent meanwhile"),
        ))
    }

    /// A person looks at these sessions.
    pub async fn mark_seen(&self, sessions: &[SessionId]) {
        for session in sessions {
            if let Ok(attendant) = self.inner.table.attendant(*session) {
                attendant.seen().await;
            }
        }
    }

    /// What a session's program does, and why that is believed.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`].
    pub fn status(&self, session: SessionId) -> Result<StatusReport, WireError> {
        let live = self.inner.table.live(session)?;
        Ok(StatusReport { status: live.status, evidence: live.evidence })
    }

    pub(super) async fn attendant(&self, session: SessionId) -> Result<Attendant, WireError> {
        self.started(session).await;
        self.inner.table.attendant(session)
    }
}
