//! One connection as the session loop sees it, and the credit that bounds what it is sent.
//!
//! A viewer acknowledges the offset that its terminal has parsed. While what is sent and not
//! acknowledged fits the window, output is passed on. When it does not, the viewer lags:
//! it is sent nothing, whatever the program writes, until it has acknowledged all it was
//! sent; then a snapshot brings it to the present. So no viewer slows the program or grows
//! a queue.
//!
//! News of the session (its record, input taken) is never queued twice either: what finds no
//! room is sent later, as it is then.

use bytes::Bytes;
use synk_protocol::{Frame, OUTPUT_WINDOW_BYTES, ShimMessage};
use synk_screen::Scope;
use tokio::sync::mpsc;

/// Frames that may wait for a connection's socket. Twice the window in full batches, and
/// room for echoes and for the parts of a snapshot.
pub(crate) const OUTBOX_FRAMES: usize = 256;
/// Of these, so many are kept for answers: output and news, which a connection cannot help
/// getting, must not crowd out what it asked for.
const ANSWER_FRAMES: usize = 64;
/// A snapshot is sent in parts of this many bytes.
const SNAPSHOT_PART_BYTES: usize = 128 * 1024;

/// A connection.
#[derive(Debug)]
pub(crate) struct Viewer {
    outbox: mpsc::Sender<Frame>,
    view: Option<View>,
    /// Bytes of input that the program has not taken yet.
    input_pending: u64,
    /// Bytes of input that the program has taken and the connection has not heard of.
    input_taken: u64,
    /// The session's record is not the one that the connection has.
    record_due: bool,
}

/// What an attached connection has been sent.
#[derive(Debug)]
struct View {
    scope: Scope,
    sent: u64,
    acknowledged: u64,
    /// Where the last snapshot stands. It replaced all output before, which is therefore not
    /// on its way, however far the viewer was behind.
    snapshot_at: u64,
    lagging: bool,
}

/// The connection is gone or does not read its answers; there is no use in keeping it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Lost;

impl Viewer {
    pub(crate) fn new(outbox: mpsc::Sender<Frame>) -> Self {
        Self { outbox, view: None, input_pending: 0, input_taken: 0, record_due: true }
    }

    pub(crate) fn is_attached(&self) -> bool {
        self.view.is_some()
    }

    /// Begins, or begins again, to send output. A snapshot is due.
    pub(crate) fn attach(&mut self, scope: Scope) {
        self.view = Some(View { scope, sent: 0, acknowledged: 0, snapshot_at: 0, lagging: true });
    }

    pub(crate) fn detach(&mut self) {
        self.view = None;
    }

    /// Everything up to `offset` is on the viewer's screen. Never beyond what was sent,
    /// whatever it says.
    pub(crate) fn acknowledge(&mut self, offset: u64) {
        if let Some(view) = &mut self.view {
            view.acknowledged = view.acknowledged.max(offset.min(view.sent));
        }
    }

    /// The screen changed in a way that output does not tell (a restart).
    pub(crate) fn start_over(&mut self) {
        if let Some(view) = &mut self.view {
            view.lagging = true;
        }
    }

    /// Which snapshot this viewer waits for and could take now.
    pub(crate) fn wants_snapshot(&self) -> Option<Scope> {
        let view = self.view.as_ref()?;
        (view.lagging && view.acknowledged >= view.sent).then_some(view.scope)
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
    }

    /// The record has changed.
    pub(crate) fn record_changed(&mut self) {
        self.record_due = true;
    }

    /// Whether there is something to tell that nobody asked for.
    pub(crate) fn has_news(&self) -> bool {
        self.record_due || self.input_taken > 0
    }

    /// Tells the news that there is room for.
    pub(crate) fn send_news(&mut self, record: &ShimMessage) -> Result<(), Lost> {
        if self.record_due && self.has_room_for(1) {
            self.tell(record)?;
            self.record_due = false;
        }
        if self.input_taken > 0 && self.has_room_for(1) {
            self.tell(&ShimMessage::InputTaken { bytes: self.input_taken })?;
            self.input_taken = 0;
        }
        Ok(())
    }

    /// Whether so many frames can be sent that are no answers.
    fn has_room_for(&self, frames: usize) -> bool {
        self.outbox.capacity() >= frames + ANSWER_FRAMES
    }

    /// Sends a snapshot of the screen at `offset`; it stays wanted when there is no room.
    pub(crate) fn send_snapshot(&mut self, snapshot: &Bytes, offset: u64) {
        let parts = snapshot.len().div_ceil(SNAPSHOT_PART_BYTES).max(1);
        let has_room = self.has_room_for(parts);
        let Some(view) = self.view.as_mut().filter(|_| has_room) else { return };
        let Ok(permits) = self.outbox.try_reserve_many(parts) else { return };
        for (index, permit) in permits.enumerate() {
            let start = index * SNAPSHOT_PART_BYTES;
            let end = snapshot.len().min(start + SNAPSHOT_PART_BYTES);
            // Only the last part moves the offset, so that what is acknowledged is whole.
            let offset = if index + 1 == parts { offset } else { view.acknowledged };
            permit.send(Frame::Snapshot { offset, bytes: snapshot.slice(start..end) });
        }
        view.sent = offset;
        view.snapshot_at = offset;
        view.lagging = false;
    }

    /// Passes output on if there is credit for it; otherwise the viewer lags from here.
    pub(crate) fn send_output(&mut self, bytes: &Bytes, offset: u64) {
        let has_room = self.has_room_for(1);
        let Some(view) = &mut self.view else { return };
        if view.lagging {
            return;
        }
        let arrived = view.acknowledged.max(view.snapshot_at);
        let in_flight = view.sent.saturating_sub(arrived) + bytes.len() as u64;
        let frame = || Frame::Output { offset, bytes: bytes.clone() };
        if in_flight <= OUTPUT_WINDOW_BYTES && has_room && self.outbox.try_send(frame()).is_ok() {
            view.sent = offset;
        } else {
            view.lagging = true;
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
mod tests {
    use super::*;

    fn attached() -> (Viewer, mpsc::Receiver<Frame>) {
        let (outbox, frames) = mpsc::channel(OUTBOX_FRAMES);
        let mut viewer = Viewer::new(outbox);
        viewer.attach(Scope::Scrollback);
        (viewer, frames)
    }

    #[test]
    fn a_snapshot_comes_first_and_output_follows() {
        let (mut viewer, mut frames) = attached();
        viewer.send_output(&"early".into(), 5);
        assert!(frames.try_recv().is_err(), "nothing before the snapshot");
        assert!(viewer.wants_snapshot().is_some());
        viewer.send_snapshot(&"screen".into(), 5);
        viewer.send_output(&"more".into(), 9);
        assert_eq!(frames.try_recv(), Ok(Frame::Snapshot { offset: 5, bytes: "screen".into() }));
        assert_eq!(frames.try_recv(), Ok(Frame::Output { offset: 9, bytes: "more".into() }));
        assert!(viewer.wants_snapshot().is_none());
    }

    #[test]
    fn a_viewer_without_credit_gets_a_snapshot_once_it_caught_up() {
        let (mut viewer, mut frames) = attached();
        viewer.send_snapshot(&Bytes::new(), 0);
        let chunk = Bytes::from(vec![b'y'; 64 * 1024]);
        let mut offset = 0;
        for _ in 0..100 {
            offset += chunk.len() as u64;
            viewer.send_output(&chunk, offset);
        }
        assert!(viewer.wants_snapshot().is_none(), "it has not parsed what it was sent");
        let mut received = 0;
        while let Ok(frame) = frames.try_recv() {
            if let Frame::Output { bytes, .. } = frame {
                received += bytes.len() as u64;
            }
        }
        assert_eq!(received, OUTPUT_WINDOW_BYTES);
        viewer.acknowledge(u64::MAX);
        assert!(viewer.wants_snapshot().is_some());
    }

    #[test]
    fn output_follows_a_snapshot_however_much_it_replaced() {
        let (mut viewer, mut frames) = attached();
        let late = 100 * OUTPUT_WINDOW_BYTES;
        viewer.send_snapshot(&"screen".into(), late);
        viewer.send_output(&"$ ".into(), late + 2);
        assert!(matches!(frames.try_recv(), Ok(Frame::Snapshot { .. })));
        assert_eq!(frames.try_recv(), Ok(Frame::Output { offset: late + 2, bytes: "$ ".into() }));
    }

    #[test]
    fn only_the_last_part_of_a_snapshot_can_be_acknowledged() {
        let (mut viewer, mut frames) = attached();
        viewer.send_snapshot(&vec![0; 3 * SNAPSHOT_PART_BYTES].into(), 42);
        let offsets: Vec<_> = std::iter::from_fn(|| frames.try_recv().ok())
            .map(|frame| match frame {
                Frame::Snapshot { offset, .. } => offset,
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(offsets, [0, 0, 42]);
    }

    #[test]
    fn news_waits_for_room_and_is_told_once() {
        let (mut viewer, mut frames) = attached();
        let news = ShimMessage::Unknown;
        for _ in 0..1000 {
            viewer.record_changed();
            viewer.input_taken(10);
            viewer.send_news(&news).unwrap();
        }
        assert_eq!(frames.len(), OUTBOX_FRAMES - ANSWER_FRAMES, "there is room for answers");
        assert!(viewer.has_news());
        let mut taken = 0;
        for _ in 0..2 {
            while let Ok(Frame::Control(json)) = frames.try_recv() {
                if let Ok(ShimMessage::InputTaken { bytes }) = Frame::parse(&json) {
                    taken += bytes;
                }
            }
            viewer.send_news(&news).unwrap();
        }
        assert!(!viewer.has_news());
        assert_eq!(taken, 10_000);
    }

    #[test]
    fn a_connection_that_reads_nothing_is_lost_and_its_queue_is_bounded() {
        let (mut viewer, frames) = attached();
        viewer.send_snapshot(&Bytes::new(), 0);
        let lost = (0..10_000).find(|_| viewer.tell(&ShimMessage::Done { id: 1 }) == Err(Lost));
        assert!(lost.is_some());
        assert_eq!(frames.len(), OUTBOX_FRAMES);
    }
}
