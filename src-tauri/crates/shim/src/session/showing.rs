//! Keeping the viewers up to date: output, snapshots, and news of the session itself.

use bytes::Bytes;
use std::time::Duration;
use synk_protocol::ShimMessage;
use synk_screen::Scope;
use tokio::time::Instant;

use super::State;
use crate::{
    connection::ConnectionId,
    viewer::{MAX_SNAPSHOT_BYTES, Viewer},
};

/// How soon a snapshot or news is sent again that found a connection's queue full.
const SEND_AGAIN: Duration = Duration::from_millis(50);

impl State {
    /// When the first of the viewers that lag is to be shown the screen. One that could take
    /// no snapshot is tried again with `send_again`.
    pub(super) fn redraw_at(&self, now: Instant) -> Option<Instant> {
        if self.send_again.is_some() {
            return None;
        }
        let at = self
            .viewers
            .values()
            .filter_map(|viewer| viewer.redraw_at(now, self.heard_at))
            .min()?;
        // The end of the update comes as output, after which this is asked again.
        let held_until = self.held_until.filter(|_| self.screen.sync_deadline().is_some());
        Some(held_until.map_or(at, |until| at.max(until)))
    }

    /// Whether snapshots have to wait: a synchronized update is open, and what is on the
    /// screen until it ends is not meant to be seen. A program that always has one open is
    /// waited for no longer than the first of them may last.
    fn is_held(&mut self, now: Instant) -> bool {
        let Some(deadline) = self.screen.sync_deadline() else {
            self.held_until = None;
            return false;
        };
        let until = *self.held_until.get_or_insert(Instant::from_std(deadline));
        if now >= until {
            self.held_until = None;
        }
        now < until
    }

    /// Sends what is batched, and snapshots to those who wait for one.
    pub(super) fn flush(&mut self, now: Instant) {
        if let Some(bytes) = self.batch.take(now) {
            for viewer in self.viewers.values_mut() {
                viewer.send_output(&bytes, self.offset, now);
            }
        }
        self.send_snapshots(now);
    }

    /// Sends a snapshot to every viewer that is due one. The batch must be empty or sent:
    /// a snapshot holds all that the screen has seen.
    pub(super) fn send_snapshots(&mut self, now: Instant) {
        let (offset, heard) = (self.offset, self.heard_at);
        if !self.viewers.values().any(|viewer| viewer.due(offset, now, heard).is_some())
            || self.is_held(now)
        {
            return;
        }
        let mut made: Vec<(Scope, Bytes)> = Vec::new();
        for viewer in self.viewers.values_mut() {
            let Some(scope) = viewer.due(self.offset, now, heard) else { continue };
            let snapshot = if let Some((_, snapshot)) = made.iter().find(|made| made.0 == scope) {
                snapshot.clone()
            } else {
                let mut snapshot = self.screen.snapshot(scope);
                if snapshot.len() > MAX_SNAPSHOT_BYTES {
                    // Hundreds of thousands of rows, each cell in a colour of its own.
                    tracing::warn!(
                        "a snapshot of {} bytes goes without scrollback",
                        snapshot.len()
                    );
                    snapshot = self.screen.snapshot(Scope::Screen);
                }
                let snapshot = Bytes::from(snapshot);
                made.push((scope, snapshot.clone()));
                snapshot
            };
            viewer.send_snapshot(&snapshot, self.offset, now);
            if viewer.due(self.offset, now, heard).is_some() {
                self.send_again = Some(now + SEND_AGAIN);
            }
        }
    }

    /// Tells everybody something for the user, or the first who connects.
    pub(super) fn notify(&mut self, message: &str) {
        self.untold = self.viewers.is_empty().then(|| message.to_owned());
        self.viewers.values_mut().for_each(|viewer| viewer.notify(message));
        self.send_news();
    }

    /// Tells every connection what it has not heard yet.
    pub(super) fn send_news(&mut self) {
        if !self.viewers.values().any(Viewer::has_news) {
            return;
        }
        let record = ShimMessage::Record { record: Box::new(self.record.clone()) };
        let signals = self.observer.message();
        let lost =
            self.viewers.extract_if(|_, viewer| viewer.send_news(&record, &signals).is_err());
        if lost.filter(|(_, viewer)| viewer.is_attached()).count() > 0 {
            // Which tells all others.
            return self.one_left();
        }
        if self.viewers.values().any(Viewer::has_news) {
            self.send_again = Some(Instant::now() + SEND_AGAIN);
        }
    }

    /// Lets go of a connection.
    pub(super) fn lose(&mut self, id: ConnectionId) {
        if self.viewers.remove(&id).is_some_and(|viewer| viewer.is_attached()) {
            self.one_left();
        }
    }
}
