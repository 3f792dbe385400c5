//! When to look at what a session's agent has used: when it has stopped putting something
//! out, from time to time while it does, and when its conversation becomes known. A session
//! that rests is not looked at.

use std::{future::pending, time::Duration};
use synk_client::Shim;
use synk_protocol::{CostList, ListCosts, SessionRecord, SessionState, Signals, WireError};
use tokio::time::{Instant, sleep_until};

use super::SessionManager;
use crate::cost::Subject;

/// How often a session that works is looked at.
const LOOK: Duration = Duration::from_secs(2);

/// What is known of a session at one moment.
struct Moment {
    subject: Subject,
    busy: bool,
    ended: bool,
}

impl Moment {
    fn new(record: &SessionRecord, signals: &Signals) -> Self {
        Self {
            subject: Subject::new(record, signals),
            busy: signals.busy,
            ended: record.state == SessionState::Exited,
        }
    }

    /// Whether something may have been written down since `before` that nobody would look at
    /// later.
    fn is_news_after(&self, before: &Self) -> bool {
        (before.busy && !self.busy)
            || (self.ended && !before.ended)
            || self.subject.place() != before.subject.place()
    }
}

impl SessionManager {
    /// What agents have used.
    ///
    /// # Errors
    /// See [`crate::cost::CostTracker::list`].
    pub(crate) async fn costs(&self, args: &ListCosts) -> Result<CostList, WireError> {
        self.inner.cost.list(args).await
    }

    /// Looks at what a session uses for as long as its shim is connected.
    pub(super) fn follow_cost(&self, shim: &Shim) {
        let (manager, shim) = (self.clone(), shim.clone());
        self.inner.tasks.spawn(async move {
            let closing = manager.inner.closing.clone();
            tokio::select! {
                () = closing.cancelled() => {}
                () = manager.look_while_connected(&shim) => {}
            }
        });
    }

    async fn look_while_connected(&self, shim: &Shim) {
        let (mut record, mut signals) = (shim.record(), shim.signals());
        let mut before = Moment::new(&record.borrow(), &signals.borrow());
        if !before.subject.is_agent() {
            return;
        }
        // A shim that is too old observes nothing; its record says enough to look at times.
        if let Err(error) = shim.watch().await {
            tracing::debug!("asking a shim for its signals: {error}");
        }
        // What was used while nobody looked.
        self.look_at_cost(shim, &before.subject).await;
        let mut looked = Instant::now();
        loop {
            let tick = async {
                if before.busy { sleep_until(looked + LOOK).await } else { pending().await }
            };
            let (connected, due) = tokio::select! {
                changed = record.changed() => (changed.is_ok(), false),
                Ok(()) = signals.changed() => (true, false),
                () = tick => (true, true),
            };
            let now = Moment::new(&record.borrow_and_update(), &signals.borrow_and_update());
            if now.subject.place() != before.subject.place() {
                // What was written to the file that is left, which nobody looks at later.
                self.look_at_cost(shim, &before.subject).await;
            }
            if before.busy && !now.busy && now.subject.place() == (None, None) {
                // Not every agent says it, and once it has ended it is too late to find out.
                let record = record.borrow().clone();
                self.note_conversation(record).await;
            }
            if due || !connected || now.is_news_after(&before) {
                self.look_at_cost(shim, &now.subject).await;
                looked = Instant::now();
            }
            before = now;
            if !connected {
                break;
            }
        }
        self.inner.cost.let_go(before.subject.session_id());
    }

    async fn look_at_cost(&self, shim: &Shim, subject: &Subject) {
        if !subject.is_read_from_screen() {
            self.inner.cost.look(subject).await;
        } else if let Ok(screen) = shim.screen().await {
            self.inner.cost.look_at_screen(subject, &screen).await;
        }
    }
}
