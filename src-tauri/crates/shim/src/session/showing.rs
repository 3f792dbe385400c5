//! Keeping the viewers up to date: output, snapshots, and news of the session itself.

use bytes::Bytes;
use std::time::Duration;
use synk_protocol::ShimMessage;
use synk_screen::Scope;
use tokio::time::Instant;

use super::State;
use crate::{connection::ConnectionId, viewer::Viewer};

/// How soon a snapshot or news is sent again that found a connection's queue full.
const SEND_AGAIN: Duration = Duration::from_millis(50);

impl State {
    /// When the first of the viewers that lag is to be shown the screen. One that could take
    /// no snapshot is tried again with `send_again`.
    pub(super) fn redraw_at(&self) -> Option<Instant> {
        if self.send_again.is_some() {
            return None;
        }
        let now = Instant::now();
        self.viewers.values().filter_map(|viewer| viewer.redraw_at(now)).min()
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
        let mut made: Vec<(Scope, Bytes)> = Vec::new();
        for viewer in self.viewers.values_mut() {
            let Some(scope) = viewer.due(self.offset, now) else { continue };
            let snapshot = if let Some((_, snapshot)) = made.iter().find(|made| made.0 == scope) {
                snapshot.clone()
            } else {
                let snapshot = Bytes::from(self.screen.snapshot(scope));
                made.push((scope, snapshot.clone()));
                snapshot
            };
            viewer.send_snapshot(&snapshot, self.offset, now);
            if viewer.due(self.offset, now).is_some() {
                self.send_again = Some(now + SEND_AGAIN);
            }
        }
    }

    /// Writes the record down and tells everyone.
    pub(super) fn record_changed(&mut self) {
        let attached = self.viewers.values().filter(|viewer| viewer.is_attached()).count();
        self.record.attached_clients = u32::try_from(attached).unwrap_or(u32::MAX);
        self.disk.write_record(&self.record);
        self.viewers.values_mut().for_each(Viewer::record_changed);
        self.send_news();
    }

    /// Tells every connection what it has not heard yet.
    pub(super) fn send_news(&mut self) {
        if !self.viewers.values().any(Viewer::has_news) {
            return;
        }
        let record = ShimMessage::Record { record: Box::new(self.record.clone()) };
        self.viewers.retain(|_, viewer| viewer.send_news(&record).is_ok());
        if self.viewers.values().any(Viewer::has_news) {
            self.send_again = Some(Instant::now() + SEND_AGAIN);
        }
    }

    /// Lets go of a connection.
    pub(super) fn lose(&mut self, id: ConnectionId) {
        if self.viewers.remove(&id).is_some_and(|viewer| viewer.is_attached()) {
            self.record_changed();
        }
    }
}
