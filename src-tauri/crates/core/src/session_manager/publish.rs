//! Telling of the sessions: the list that is published whenever something in it changes, and
//! the one in the store. Two tasks, so that nobody who watches waits for the disk. What is in
//! the list is not made here, and [`super::life`] writes down itself what it has closed.

use synk_protocol::{SessionInfo, SessionState, SessionStatus};
use tokio::time::{Duration, Instant, sleep_until};

use super::SessionManager;

/// The list is published no more often than this: a dozen agents that have something new to say
/// all the time change it hundreds of times a second, and nobody reads that fast.
const SPACING: Duration = Duration::from_millis(50);

/// Keeps the published list at what the table says, for as long as it is let.
pub(super) async fn publish(manager: SessionManager) {
    let inner = &*manager.inner;
    let mut changed = inner.changed.subscribe();
    // What changed before this task first ran.
    changed.mark_changed();
    let mut next_at = Instant::now();
    loop {
        // The sender is the manager's own.
        changed.changed().await.ok();
        sleep_until(next_at).await;
        // The list that is made now has what changed meanwhile as well.
        changed.mark_unchanged();
        next_at = Instant::now() + SPACING;
        let list = manager.list().await;
        let active = list.iter().filter(|session| session.state == SessionState::Running).count();
        inner.pool.set_active(u32::try_from(active).unwrap_or(u32::MAX));
        inner.list.send_replace(list);
    }
}

/// Keeps the store at what was published.
pub(super) async fn store(manager: SessionManager) {
    let inner = &*manager.inner;
    let mut lists = inner.list.subscribe();
    let mut written: Vec<SessionInfo> = Vec::new();
    let mut works = true;
    loop {
        tokio::select! {
            () = inner.closing.cancelled() => return,
            // The sender is the manager's own.
            changed = lists.changed() => changed.unwrap_or_default(),
        }
        let list: Vec<_> = lists.borrow_and_update().iter().cloned().map(stored).collect();
        let news: Vec<_> =
            list.iter().filter(|session| !written.contains(session)).cloned().collect();
        if news.is_empty() {
            continue;
        }
        match inner.store.put(news).await {
            Ok(()) => (written, works) = (list, true),
            // Each session's own record has it all the same; it is written with the next
            // change, or the list is made again from those records at the next start.
            Err(error) => {
                if works {
                    manager.tell(format!("Writing {error}. Sessions go on."));
                }
                works = false;
            }
        }
    }
}

/// What the store has of a session. The rest is told anew by who knows it, and changes often.
fn stored(session: SessionInfo) -> SessionInfo {
    SessionInfo {
        attached_clients: 0,
        status: SessionStatus::default(),
        queued_prompts: 0,
        cost: None,
        worktree: None,
        ..session
    }
}
