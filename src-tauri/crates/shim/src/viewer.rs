//! One connection as the session loop sees it, and the credit that bounds what it is sent.
//!
//! A viewer acknowledges the offset that its terminal has parsed. While what is sent and not
//! acknowledged fits the window, output is passed on. When it does not, the viewer lags: it
//! is sent no output, whatever the program writes. Once it has acknowledged all it was sent,
//! and then ten times a second while the flood lasts, it is sent the visible screen, which is
//! all that anybody can read of a flood; when the flood is over, a whole snapshot brings it
//! to the present. So no viewer slows the program or grows a queue, and no flood keeps a
//! viewer from its other panes.
//!
//! News of the session (its record, input taken) is never queued twice either: what finds no
//! room is sent later, as it is then.

mod flow;

use bytes::Bytes;
use flow::{Flow, at_rest};
use std::mem;
use synk_protocol::{
    Frame, INPUT_WINDOW_BYTES, MAX_FRAME_BYTES, OUTPUT_WINDOW_BYTES, ShimMessage, TerminalSize,
};
use synk_screen::{QueryFilter, Scope};
use tokio::{sync::mpsc, time::Instant};

/// Frames that may wait for a connection's socket. Twice the window in full batches, and
/// room for echoes and for the parts of a snapshot.
pub(crate) const OUTBOX_FRAMES: usize = 256;
/// Of these, so many are kept for answers: output and news, which a connection cannot help
/// getting, must not crowd out what it asked for.
const ANSWER_FRAMES: usize = 64;
/// So much input that the program has taken is told at once, long before anybody runs out of
/// room; of less nobody waits to hear, and a key's echo goes first.
const INPUT_TOLD_BYTES: u64 = INPUT_WINDOW_BYTES / 4;
/// A snapshot is sent in parts of this many bytes, or in this many parts when it is larger: all of
/// them have to find room at once.
const SNAPSHOT_PART_BYTES: usize = 128 * 1024;
const SNAPSHOT_PARTS: usize = 64;
/// So the largest snapshot that can be sent has so many bytes. A frame has a kind and an offset as
/// well.
pub(crate) const MAX_SNAPSHOT_BYTES: usize = SNAPSHOT_PARTS * (MAX_FRAME_BYTES - 64);

/// A connection.
#[derive(Debug)]
pub(crate) struct Viewer {
    peer: u32,
    outbox: mpsc::Sender<Frame>,
    view: Option<View>,
    /// Bytes of input that the program has not taken yet.
    input_pending: u64,
    /// Bytes of input that the program has taken and the connection has not heard of.
    input_taken: u64,
    /// Bytes that it is to hear of now.
    input_due: u64,
    /// The session's record is not the one that the connection has.
    record_due: bool,
    /// It asked for the signals.
    watches: bool,
    /// The signals are not those that the connection has.
    signals_due: bool,
    /// The newest of what the user should be told.
    notice: Option<String>,
}

/// What an attached connection has been sent.
#[derive(Debug)]
struct View {
    scope: Scope,
    /// How large the viewer is, if it said.
    size: Option<TerminalSize>,
    sent: u64,
    acknowledged: u64,
    /// Where the last snapshot stands. It replaced all output before, which is therefore not
    /// on its way, however far the viewer was behind.
    snapshot_at: u64,
    flow: Flow,
    /// Keeps the program's questions from a terminal that would answer them itself.
    filter: Option<QueryFilter>,
}

/// The connection is gone or does not read its answers; there is no use in keeping it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Lost;

impl Viewer {
    /// The connection of a process.
    pub(crate) fn new(peer: u32, outbox: mpsc::Sender<Frame>) -> Self {
        Self {
            peer,
            outbox,
            view: None,
            input_pending: 0,
            input_taken: 0,
            input_due: 0,
            record_due: true,
            watches: false,
            signals_due: false,
            notice: None,
        }
    }

    pub(crate) fn peer(&self) -> u32 {
        self.peer
    }

    pub(crate) fn is_attached(&self) -> bool {
        self.view.is_some()
    }

    /// Whether output is passed on to it as it comes; it may be shown snapshots all the same.
    pub(crate) fn takes_output(&self) -> bool {
        self.view.as_ref().is_some_and(|view| view.flow == Flow::Live)
    }

    /// Begins, or begins again, to send output. A snapshot is due.
    pub(crate) fn attach(&mut self, scope: Scope, size: Option<TerminalSize>) {
        let flow = Flow::Joining;
        // Who wants the screen alone is somebody's own terminal; a page keeps silent.
        let filter = (scope == Scope::Screen).then(QueryFilter::default);
        let (sent, acknowledged, snapshot_at) = (0, 0, 0);
        self.view = Some(View { scope, size, sent, acknowledged, snapshot_at, flow, filter });
    }

    /// The viewer is of another size.
    pub(crate) fn resize(&mut self, size: TerminalSize) {
        if let Some(view) = &mut self.view {
            view.size = Some(size);
        }
    }

    /// How large the viewer is, if this is one and it said so.
    pub(crate) fn size(&self) -> Option<TerminalSize> {
        self.view.as_ref()?.size
    }

    pub(crate) fn detach(&mut self) {
        self.view = None;
    }

    /// Everything up to `offset` is on the viewer's screen. Never beyond what was sent,
    /// whatever it says.
    pub(crate) fn acknowledge(&mut self, offset: u64, now: Instant) {
        if let Some(view) = &mut self.view {
            let before = view.acknowledged;
            view.acknowledged = before.max(offset.min(view.sent));
            if before < view.sent && view.acknowledged == view.sent {
                view.flow.caught_up(now);
            }
        }
    }

    /// The screen changed in a way that output does not tell (a restart).
    pub(crate) fn start_over(&mut self) {
        if let Some(view) = &mut self.view {
            view.flow = Flow::Joining;
        }
    }

    /// When this viewer is to be shown the screen, as far as that is known by now. The program
    /// was last heard at `heard`.
    pub(crate) fn redraw_at(&self, now: Instant, heard: Instant) -> Option<Instant> {
        let view = self.view.as_ref().filter(|view| view.acknowledged >= view.sent)?;
        match view.flow {
            Flow::Joining => Some(now),
            Flow::Live => None,
            Flow::Lagging { since, redraw_at, .. } => Some(redraw_at.min(at_rest(since, heard))),
        }
    }

    /// Which snapshot this viewer is due now, with the session at `offset`.
    pub(crate) fn due(&self, offset: u64, now: Instant, heard: Instant) -> Option<Scope> {
        self.redraw_at(now, heard).filter(|at| *at <= now)?;
        let view = self.view.as_ref()?;
        Some(if view.flow.is_flooded(offset) { Scope::Screen } else { view.scope })
    }

    /// Counts input on its way to the program; the answer is all that is.
    pub(crate) fn input_sent(&mut self, bytes: u64) -> u64 {
        self.input_pending += bytes;
        self.input_pending
    }

    /// Input has reached the program.
    pub(crate) fn input_taken(&mut self, bytes: u64) {
        self.input_pending = self.input_pending.saturating_sub(bytes);
        self.input_taken += bytes;
        if self.input_taken >= INPUT_TOLD_BYTES {
            self.tell_input();
        }
    }

    /// It is to be told what was taken, however little that is.
    pub(crate) fn tell_input(&mut self) {
        self.input_due += mem::take(&mut self.input_taken);
    }

    /// The record has changed.
    pub(crate) fn record_changed(&mut self) {
        self.record_due = true;
    }

    /// It is to be told the signals, now and whenever they change.
    pub(crate) fn watch(&mut self) {
        self.watches = true;
        self.signals_due = true;
    }

    /// The signals have changed.
    pub(crate) fn signals_changed(&mut self) {
        self.signals_due = self.watches;
    }

    /// The user should be told something.
    pub(crate) fn notify(&mut self, message: &str) {
        self.notice = Some(message.to_owned());
    }

    /// Whether there is something to tell that nobody asked for.
    pub(crate) fn has_news(&self) -> bool {
        self.record_due || self.signals_due || self.input_due > 0 || self.notice.is_some()
    }

    /// Tells the news that there is room for.
    pub(crate) fn send_news(
        &mut self,
        record: &ShimMessage,
        signals: &ShimMessage,
    ) -> Result<(), Lost> {
        if self.record_due && self.has_room_for(1) {
            self.tell(record)?;
            self.record_due = false;
        }
        if self.signals_due && self.has_room_for(1) {
            self.tell(signals)?;
            self.signals_due = false;
        }
        if self.input_due > 0 && self.has_room_for(1) {
            self.tell(&ShimMessage::InputTaken { bytes: self.input_due })?;
            self.input_due = 0;
        }
        if self.has_room_for(1)
            && let Some(message) = self.notice.take()
        {
            self.tell(&ShimMessage::Notice { message })?;
        }
        Ok(())
    }

    /// Whether so many frames can be sent that are no answers.
    fn has_room_for(&self, frames: usize) -> bool {
        self.outbox.capacity() >= frames + ANSWER_FRAMES
    }

    /// Sends the snapshot that was due, of the screen at `offset`; it stays due when there is
    /// no room for it.
    pub(crate) fn send_snapshot(&mut self, snapshot: &Bytes, offset: u64, now: Instant) {
        let part = SNAPSHOT_PART_BYTES.max(snapshot.len().div_ceil(SNAPSHOT_PARTS));
        let parts = snapshot.len().div_ceil(part).max(1);
        let has_room = self.has_room_for(parts);
        let Some(view) = self.view.as_mut().filter(|_| has_room) else { return };
        // A snapshot ends in what the output has begun, which may become a question.
        let filtered = view.filter.as_mut().map(|filter| {
            *filter = QueryFilter::default();
            Bytes::from(filter.filter(snapshot))
        });
        let snapshot = filtered.as_ref().unwrap_or(snapshot);
        let Ok(permits) = self.outbox.try_reserve_many(parts) else { return };
        for (index, permit) in permits.enumerate() {
            let start = snapshot.len().min(index * part);
            let end = snapshot.len().min(start + part);
            // Only the last part moves the offset, so that what is acknowledged is whole.
            let offset = if index + 1 == parts { offset } else { view.acknowledged };
            permit.send(Frame::Snapshot { offset, bytes: snapshot.slice(start..end) });
        }
        view.sent = offset;
        view.snapshot_at = offset;
        let flooded = view.flow.is_flooded(offset);
        view.flow = if flooded { Flow::lagging(now, offset) } else { Flow::Live };
    }

    /// Passes output on if there is credit for it; otherwise the viewer lags from here.
    pub(crate) fn send_output(&mut self, bytes: &Bytes, offset: u64, now: Instant) {
        let has_room = self.has_room_for(1);
        let Some(view) = &mut self.view else { return };
        if view.flow != Flow::Live {
            return;
        }
        let arrived = view.acknowledged.max(view.snapshot_at);
        let in_flight = view.sent.saturating_sub(arrived) + bytes.len() as u64;
        let frame = |view: &mut View| {
            let filtered = view.filter.as_mut().map(|filter| Bytes::from(filter.filter(bytes)));
            Frame::Output { offset, bytes: filtered.unwrap_or_else(|| bytes.clone()) }
        };
        let sent = in_flight <= OUTPUT_WINDOW_BYTES
            && has_room
            && self.outbox.try_send(frame(view)).is_ok();
        if sent {
            view.sent = offset;
        } else {
            view.flow = Flow::lagging(now, offset);
        }
    }

    /// Sends an answer.
    pub(crate) fn tell(&self, message: &ShimMessage) -> Result<(), Lost> {
        let frame = Frame::control(message).or_else(|error| {
            // Whoever asked for something too large is told so, rather than left waiting.
            let id = if let ShimMessage::Screen { id, .. } = message { Some(*id) } else { None };
            Frame::control(&ShimMessage::Error { id, error })
        });
        self.outbox.try_send(frame.map_err(|_| Lost)?).map_err(|_| Lost)
    }
}

#[cfg(test)]
mod tests;
