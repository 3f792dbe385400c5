//! What saved layouts have to know of sessions.

use std::collections::{BTreeMap, HashMap, HashSet};
use synk_git::Head;
use synk_protocol::{SessionId, SessionRecord, WireError};

use super::SessionManager;
use crate::prompts::Prompt;

impl SessionManager {
    /// Every session's record, by id.
    pub(crate) fn records(&self) -> Vec<SessionRecord> {
        self.inner.table.records().into_iter().map(|(record, _)| record).collect()
    }

    /// What is checked out in folders, as far as they answer.
    pub(crate) async fn heads(&self, folders: HashSet<String>) -> HashMap<String, Head> {
        self.inner.branches.of(folders).await
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
}
