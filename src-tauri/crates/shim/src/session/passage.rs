//! What passes between the program's terminal and everybody else: its output to the screen model,
//! the viewers and the log, and their input to it.

use bytes::Bytes;
use synk_screen::Scope;
use tokio::{sync::mpsc, time::Instant};

use super::{ECHO, State};
use crate::{
    disk::{Disk, LogPermit},
    terminal::{Chunk, Input, InputFrom, InputTaken},
    viewer::Viewer,
};

/// Answers to terminal queries that may wait for a program that does not read them.
const MAX_PENDING_REPLIES: u64 = 64 * 1024;

/// Output that was taken in and is not in the log yet.
pub(super) struct Heard {
    pub(super) permit: LogPermit,
    pub(super) bytes: Bytes,
    /// It is on its way to somebody who looks.
    pub(super) passed_on: bool,
}

/// The next chunk, once the log has room for it. Safe to cancel.
pub(super) async fn next_chunk(
    disk: &Disk,
    output: &mut mpsc::Receiver<Chunk>,
) -> Option<(LogPermit, Chunk)> {
    let permit = disk.reserve().await?;
    Some((permit, output.recv().await?))
}

impl State {
    /// Takes output in; answers what is to be appended to the log, if that is not done.
    pub(super) fn on_output(&mut self, permit: LogPermit, chunk: Chunk) -> Option<Heard> {
        let current = chunk.generation == self.generation;
        let Some(mut bytes) = chunk.bytes else {
            // The terminal is closed: nothing more will come.
            if current && self.drained_at().is_some() {
                self.drained();
            }
            return None;
        };
        let now = Instant::now();
        if current {
            bytes = self.heard_by_starting_shell(bytes);
        }
        if chunk.generation <= self.let_be {
            // What could not be ended is no part of this session any more.
            return None;
        }
        self.offset += bytes.len() as u64;
        if !current {
            permit.append_late(bytes);
            return None;
        }
        // An update that the program has not finished belongs to one segment.
        if self.screen.sync_deadline().is_none() && self.disk.segment_due() {
            let snapshot = self.screen.snapshot(Scope::Scrollback);
            self.disk.begin_segment(self.size(), snapshot);
        }
        self.screen.feed(&bytes);
        self.reply();
        self.heard_at = now;
        self.lookout.heard(now);
        self.flood.heard(bytes.len(), now);
        self.observer.heard(&mut self.screen, now);
        if let Some(drain) = &mut self.drain {
            drain.heard(now);
        }
        let passed_on =
            self.viewers.values().any(Viewer::takes_output) && self.batch.push(&bytes, now);
        if passed_on {
            self.flush(now);
        }
        Some(Heard { permit, bytes, passed_on })
    }

    /// Writes the screen model's answers to terminal queries.
    pub(super) fn reply(&mut self) {
        let replies = self.screen.take_replies();
        let Some(terminal) = self.terminal.as_ref().filter(|_| !replies.is_empty()) else { return };
        let length = replies.len() as u64;
        if self.pending_replies + length > MAX_PENDING_REPLIES {
            tracing::debug!("the program does not read the answers to its terminal queries");
            return;
        }
        if terminal.write(Input { from: InputFrom::Screen, bytes: replies.into() }).is_none() {
            self.pending_replies += length;
        }
    }

    pub(super) fn on_input_taken(&mut self, taken: &InputTaken) {
        match taken.from {
            InputFrom::Screen => {
                self.pending_replies = self.pending_replies.saturating_sub(taken.bytes);
            }
            InputFrom::Viewer(id) => {
                if let Some(viewer) = self.viewers.get_mut(&id) {
                    viewer.input_taken(taken.bytes);
                    self.tell_input_at.get_or_insert_with(|| Instant::now() + ECHO);
                    self.send_news();
                }
            }
            InputFrom::Typist(number) => self.on_typed(number),
        }
    }
}
