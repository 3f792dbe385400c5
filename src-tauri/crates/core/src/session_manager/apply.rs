//! Having everything follow the settings: the pool, the worktrees, the costs and every shim.

use futures_util::future::join_all;
use std::time::Duration;
use synk_protocol::{SessionChanges, SessionId, WireError};
use tokio::time::timeout;

use super::SessionManager;
use crate::settings::watch::FileWatch;

/// How long a shim is waited for. One that was busy for longer follows all the same.
const SHIM_TIMEOUT: Duration = Duration::from_secs(3);

impl SessionManager {
    /// Follows the settings and their file until the daemon ends.
    pub(super) fn follow_settings(&self) {
        match FileWatch::start(self.inner.settings.clone()) {
            Ok(watch) => {
                let manager = self.clone();
                let tell = move |problem| manager.tell(problem);
                self.inner.tasks.spawn(watch.run(self.inner.closing.clone(), tell));
            }
            Err(problem) => self.tell_newcomers(problem),
        }
        let manager = self.clone();
        let mut changes = self.inner.settings.changes();
        let mut applied = changes.borrow_and_update().settings.clone();
        self.in_background(async move {
            // The sender is the manager's own.
            while changes.changed().await.is_ok() {
                let now = changes.borrow_and_update().settings.clone();
                // What is wrong with the file changes nothing.
                if now != applied {
                    manager.apply_settings().await;
                    applied = now;
                }
            }
        });
    }

    /// Has everything follow the settings as they are now.
    async fn apply_settings(&self) {
        self.inner.pool.apply_settings().await;
        // It looks into every project, and one of them may not answer.
        let worktrees = self.inner.worktrees.clone();
        self.in_background(async move { worktrees.tend_all(false).await });
        self.inner.cost.reprice();
        let log_limit = u64::from(self.inner.settings.current().logs.session_limit_mib) << 20;
        let told = self.inner.table.ids().into_iter();
        join_all(told.map(|session| self.apply_to_shim(session, log_limit))).await;
    }

    async fn apply_to_shim(&self, session: SessionId, log_limit: u64) {
        // One that is being started gets the limit with its start.
        let Ok(shim) = self.inner.table.shim(session) else { return };
        let changes =
            SessionChanges { log_limit_bytes: Some(log_limit), ..SessionChanges::default() };
        let told = timeout(SHIM_TIMEOUT, shim.update(changes)).await;
        let told = told.unwrap_or_else(|_| Err(WireError::unavailable("it does not answer")));
        if let Err(error) = told {
            tracing::warn!(%session, "telling the shim of the settings: {error}");
        }
    }
}
