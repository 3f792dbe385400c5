//! What the sessions leave behind: clearing it away when it is old, and keeping it from
//! taking more room than it may.

use std::{io, path::PathBuf, time::Duration};
use synk_protocol::{
    CleanSessions, CleanedSession, CleanedSessions, SessionId, SessionInfo, SessionState, WireError,
};
use tokio::{
    task::spawn_blocking,
    time::{Instant, MissedTickBehavior, interval},
};

use super::{Inner, SessionManager};
use crate::time::now_millis;

/// How often the logs' room is looked at, and what the agents call their conversations.
const UPKEEP: Duration = Duration::from_secs(15);
/// How often all the same when no session runs and nothing has changed: logs grow old.
const UPKEEP_AT_REST: Duration = Duration::from_hours(1);
const DAY_MILLIS: u64 = 24 * 60 * 60 * 1000;

impl SessionManager {
    /// Ends and removes the sessions that nobody was attached to for so long, and what is
    /// left of those that were closed that long ago.
    ///
    /// # Errors
    /// The first failure; what was removed until then stays removed.
    pub async fn clean(&self, args: CleanSessions) -> Result<CleanedSessions, WireError> {
        let age = u64::from(args.older_than_seconds) * 1000;
        let limit = now_millis().saturating_sub(age);
        let mut cleaned = CleanedSessions { removed: Vec::new(), freed_bytes: 0 };
        for session in self.list_all().await? {
            let closed = session.closed_at.is_some();
            let last = session.closed_at.or(session.last_attached_at).unwrap_or(session.created_at);
            if session.attached_clients > 0 || last > limit {
                continue;
            }
            let id = session.session_id;
            let folder = self.inner.places.session(id);
            let bytes = bytes_in(folder.clone()).await;
            if args.dry_run != Some(true) {
                if !closed {
                    match self.destroy(id, Some(std::process::id())).await {
                        // Somebody came back to it in this moment.
                        Err(error) if error.code == synk_protocol::ErrorCode::Attached => continue,
                        result => result?,
                    }
                }
                self.forget(vec![id]).await?;
            }
            cleaned.freed_bytes += bytes;
            cleaned.removed.push(CleanedSession {
                session_id: id,
                name: session.name,
                was_running: session.state == SessionState::Running,
            });
        }
        Ok(cleaned)
    }

    /// Removes the folders of closed sessions, and their lines in the store.
    async fn forget(&self, sessions: Vec<SessionId>) -> Result<(), WireError> {
        for session in &sessions {
            let folder = self.inner.places.session(*session);
            let removed = tokio::fs::remove_dir_all(&folder).await;
            if let Err(error) = removed
                && error.kind() != io::ErrorKind::NotFound
            {
                return Err(WireError::internal(format!("removing {}: {error}", folder.display())));
            }
        }
        Ok(self.inner.store.remove(sessions).await?)
    }

    /// Removes what sessions have left that were closed longer ago than the settings say, and
    /// keeps all logs together within their limit: closed sessions go first, the one that was
    /// closed longest ago before the others, then the oldest segments of those that are open.
    async fn keep_within_limit(&self) -> Result<(), WireError> {
        let Inner { places, settings, .. } = &*self.inner;
        let logs = settings.current().logs;
        let limit = u64::from(logs.total_limit_mib) << 20;
        let kept_since = match logs.closed_days {
            0 => 0,
            days => now_millis().saturating_sub(u64::from(days) * DAY_MILLIS),
        };
        let (mut open, mut closed) = (Vec::new(), Vec::new());
        let mut used = 0;
        for session in self.list_all().await? {
            if session.closed_at.is_some_and(|at| at < kept_since) {
                tracing::info!(session = %session.session_id, "its log was kept long enough");
                self.forget(vec![session.session_id]).await?;
                continue;
            }
            let folder = places.session(session.session_id);
            let bytes = bytes_in(folder.clone()).await;
            used += bytes;
            match session.closed_at {
                Some(at) => closed.push((at, session.session_id, bytes)),
                None => open.push(folder),
            }
        }
        closed.sort_unstable();
        for (_, session, bytes) in closed {
            if used <= limit {
                return Ok(());
            }
            tracing::info!(%session, "removing the log of a closed session to make room");
            self.forget(vec![session]).await?;
            used -= bytes;
        }
        if used <= limit {
            return Ok(());
        }
        let freed = spawn_blocking(move || free_oldest(&open, used - limit)).await;
        let freed = freed.unwrap_or_else(|error| Err(io::Error::other(error)));
        freed.map_err(|error| WireError::internal(format!("making room for logs: {error}")))
    }
}

/// Removes the oldest segments of any of these logs until so many bytes are free, or each has
/// only the one that is being written.
fn free_oldest(folders: &[PathBuf], mut bytes: u64) -> io::Result<()> {
    while bytes > 0 {
        let mut oldest: Option<(u64, &PathBuf)> = None;
        for folder in folders {
            if let Some(at) = synk_log::oldest_closed(folder)?
                && oldest.is_none_or(|(before, _)| at < before)
            {
                oldest = Some((at, folder));
            }
        }
        let Some((_, folder)) = oldest else { return Ok(()) };
        bytes = bytes.saturating_sub(synk_log::remove_oldest(folder, 1)?);
    }
    Ok(())
}

/// Looks after room and conversations for as long as it is let. What it is at may be left half
/// done: a folder that is gone and still in the store is taken out of it at the next start.
pub(super) async fn upkeep(manager: SessionManager) {
    let mut tick = interval(UPKEEP);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut list = manager.inner.list.subscribe();
    let (mut last, mut seen) = (None::<Instant>, None);
    let mut said = false;
    loop {
        tick.tick().await;
        let logs = Some(manager.inner.settings.current().logs);
        let runs = |session: &SessionInfo| session.state == SessionState::Running;
        let at_rest = !list.has_changed().unwrap_or(true)
            && logs == seen
            && !list.borrow().iter().any(runs)
            && last.is_some_and(|at| at.elapsed() < UPKEEP_AT_REST);
        if at_rest {
            continue;
        }
        list.mark_unchanged();
        (last, seen) = (Some(Instant::now()), logs);
        manager.note_conversations().await;
        match manager.keep_within_limit().await {
            Ok(()) => said = false,
            Err(error) => {
                // It is tried again, at rest as well.
                last = None;
                if !said {
                    manager.tell(format!(
                        "The logs may take more room than they are allowed: {error}"
                    ));
                }
                said = true;
            }
        }
    }
}

/// The bytes of the log in a session's folder; none when it is gone.
async fn bytes_in(folder: PathBuf) -> u64 {
    let counted = spawn_blocking(move || synk_log::usage(&folder));
    counted.await.unwrap_or(Ok(0)).unwrap_or(0)
}
