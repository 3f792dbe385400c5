//! What saved layouts have to know of sessions, and what is put back into their queues.

use std::collections::{BTreeMap, HashMap};
use synk_protocol::{ReceiptState, SessionId, SessionRecord, WireError};

use super::{SessionManager, attend::Order};
use crate::prompts::Prompt;

impl SessionManager {
    /// Every session's record, by id.
    pub(crate) fn records(&self) -> Vec<SessionRecord> {
        self.inner.table.records().into_iter().map(|(record, _)| record).collect()
    }

    /// The prompts that wait, by session, the next one first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) async fn waiting_prompts(
        &self,
    ) -> Result<HashMap<SessionId, Vec<Prompt>>, WireError> {
        Ok(self.inner.store.all_prompts().await?)
    }

    /// The variables that a session was created with, as far as their values are known.
    ///
    /// # Errors
    /// See [`SessionManager::write`]; [`synk_protocol::ErrorCode::VersionMismatch`] when its shim
    /// is too old to say.
    pub(crate) async fn environment(
        &self,
        session: SessionId,
    ) -> Result<BTreeMap<String, String>, WireError> {
        self.shim(session).await?.environment().await
    }

    /// Has a prompt wait for a session, as it waited for another.
    ///
    /// # Errors
    /// Why it cannot.
    pub(crate) async fn requeue(
        &self,
        session: SessionId,
        prompt: impl FnOnce(u32) -> Prompt,
    ) -> Result<(), WireError> {
        let prompt = prompt(self.next_prompt_id());
        let attendant = self.attendant(session).await?;
        let receipt =
            attendant.order(|receipt| Order::Send { prompt, queue: true, receipt }).await?;
        match receipt.state {
            ReceiptState::Queued => Ok(()),
            _ => Err(WireError::invalid(receipt.reason.unwrap_or_default())),
        }
    }
}
