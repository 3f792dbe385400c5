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
use synk_protocol::{Frame, INPUT_WINDOW_BYTES, OUTPUT_WINDOW_BYTES, ShimMessage, TerminalSize};
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
/// A snapshot is sent in parts of this many bytes.
const SNAPSHOT_PART_BYTES: usize = 128 * 1024;

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
        let parts = snapshot.len().div_ceil(SNAPSHOT_PART_BYTES).max(1);
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
            let start = snapshot.len().min(index * SNAPSHOT_PART_BYTES);
            let end = snapshot.len().min(start + SNAPSHOT_PART_BYTES);
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
mod tests {
    use super::{
        flow::{CALM_BYTES, REDRAW},
        *,
    };
    use std::time::Duration;

    /// The program goes on for longer than any rest.
    const LONGER: Duration = Duration::from_hours(1);

    fn attached() -> (Viewer, mpsc::Receiver<Frame>) {
        let (outbox, frames) = mpsc::channel(OUTBOX_FRAMES);
        let mut viewer = Viewer::new(1, outbox);
        viewer.attach(Scope::Scrollback, None);
        (viewer, frames)
    }

    fn drain(frames: &mut mpsc::Receiver<Frame>) -> Vec<Frame> {
        std::iter::from_fn(|| frames.try_recv().ok()).collect()
    }

    #[test]
    fn a_snapshot_comes_first_and_output_follows() {
        let (mut viewer, mut frames) = attached();
        let now = Instant::now();
        viewer.send_output(&"early".into(), 5, now);
        assert!(frames.try_recv().is_err(), "nothing before the snapshot");
        assert_eq!(viewer.due(5, now, now), Some(Scope::Scrollback));
        viewer.send_snapshot(&"screen".into(), 5, now);
        viewer.send_output(&"more".into(), 9, now);
        let snapshot = Frame::Snapshot { offset: 5, bytes: "screen".into() };
        let output = Frame::Output { offset: 9, bytes: "more".into() };
        assert_eq!(drain(&mut frames), [snapshot, output]);
        assert_eq!(viewer.due(9, now, now), None);
    }

    #[test]
    fn a_flood_is_shown_by_redraws_and_then_made_whole() {
        let (mut viewer, mut frames) = attached();
        let start = Instant::now();
        viewer.send_snapshot(&Bytes::new(), 0, start);
        let chunk = Bytes::from(vec![b'y'; 64 * 1024]);
        let mut offset = 0;
        for _ in 0..100 {
            offset += chunk.len() as u64;
            viewer.send_output(&chunk, offset, start);
        }
        let received: usize = drain(&mut frames)
            .iter()
            .map(|frame| if let Frame::Output { bytes, .. } = frame { bytes.len() } else { 0 })
            .sum();
        assert_eq!(received as u64, OUTPUT_WINDOW_BYTES, "as much as the window holds");

        let later = start + 2 * REDRAW;
        assert_eq!(viewer.due(offset, later, later), None, "it has not parsed what it was sent");
        viewer.acknowledge(u64::MAX, start);
        assert_eq!(viewer.due(offset, start, start), None, "not more often than it is worth");
        offset += 10 * CALM_BYTES;
        assert_eq!(viewer.due(offset, later, later), Some(Scope::Screen));
        viewer.send_snapshot(&"redraw".into(), offset, later);
        viewer.send_output(&chunk, offset + 1, later);
        assert_eq!(drain(&mut frames).len(), 1, "a redraw, and no output");

        let slow = later + 5 * REDRAW;
        viewer.acknowledge(offset, slow);
        let rested = viewer.redraw_at(slow, slow + LONGER).unwrap();
        assert!(rested >= slow + 15 * REDRAW, "one that takes long is left alone for longer");
        let silent = viewer.redraw_at(slow, slow).unwrap();
        assert!(silent <= slow + 3 * REDRAW, "but not once the program is silent");
        offset += CALM_BYTES;
        let calm = rested;
        assert_eq!(viewer.due(offset, calm, calm), Some(Scope::Scrollback), "the flood is over");
        viewer.send_snapshot(&"all".into(), offset, calm);
        viewer.send_output(&"live".into(), offset + 4, calm);
        assert_eq!(drain(&mut frames).len(), 2);
    }

    #[test]
    fn one_that_was_stopped_for_an_hour_is_soon_brought_to_the_present() {
        let (mut viewer, mut frames) = attached();
        let start = Instant::now();
        viewer.send_snapshot(&Bytes::new(), 0, start);
        let flood = Bytes::from(vec![b'y'; 64 * 1024]);
        let offset = (1..=100).map(|count| count * flood.len() as u64).fold(0, |_, offset| {
            viewer.send_output(&flood, offset, start);
            offset
        });
        drain(&mut frames);
        let later = start + Duration::from_hours(1);
        viewer.acknowledge(u64::MAX, later);
        let due = viewer.redraw_at(later, later + LONGER).unwrap();
        assert!(due <= later + Duration::from_secs(3), "{:?}", due - later);
        assert!(viewer.due(offset, due, due).is_some());
    }

    #[test]
    fn output_follows_a_snapshot_however_much_it_replaced() {
        let (mut viewer, mut frames) = attached();
        let now = Instant::now();
        let late = 100 * OUTPUT_WINDOW_BYTES;
        viewer.send_snapshot(&"screen".into(), late, now);
        viewer.send_output(&"$ ".into(), late + 2, now);
        let snapshot = Frame::Snapshot { offset: late, bytes: "screen".into() };
        let output = Frame::Output { offset: late + 2, bytes: "$ ".into() };
        assert_eq!(drain(&mut frames), [snapshot, output]);
    }

    #[test]
    fn only_the_last_part_of_a_snapshot_can_be_acknowledged() {
        let (mut viewer, mut frames) = attached();
        viewer.send_snapshot(&vec![0; 3 * SNAPSHOT_PART_BYTES].into(), 42, Instant::now());
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
            viewer.input_taken(INPUT_TOLD_BYTES);
            viewer.send_news(&news, &news).unwrap();
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
            viewer.send_news(&news, &news).unwrap();
        }
        assert!(!viewer.has_news());
        assert_eq!(taken, 1000 * INPUT_TOLD_BYTES);
    }

    #[test]
    fn little_input_is_told_when_its_echo_had_its_time() {
        let (mut viewer, mut frames) = attached();
        let news = ShimMessage::Unknown;
        viewer.send_news(&news, &news).unwrap();
        drain(&mut frames);
        let mut told = |viewer: &mut Viewer| {
            viewer.send_news(&news, &news).unwrap();
            drain(&mut frames)
        };
        let taken = |bytes| [Frame::control(&ShimMessage::InputTaken { bytes }).unwrap()];
        viewer.input_taken(1);
        assert!(!viewer.has_news() && told(&mut viewer).is_empty());
        viewer.tell_input();
        assert_eq!(told(&mut viewer), taken(1));
        viewer.tell_input();
        assert!(!viewer.has_news(), "nothing was taken since");
        viewer.input_taken(INPUT_TOLD_BYTES);
        assert_eq!(told(&mut viewer), taken(INPUT_TOLD_BYTES), "much at once");
        assert!(!viewer.has_news());
    }

    #[test]
    fn a_connection_that_reads_nothing_is_lost_and_its_queue_is_bounded() {
        let (mut viewer, frames) = attached();
        viewer.send_snapshot(&Bytes::new(), 0, Instant::now());
        let lost = (0..10_000).find(|_| viewer.tell(&ShimMessage::Done { id: 1 }) == Err(Lost));
        assert!(lost.is_some());
        assert_eq!(frames.len(), OUTBOX_FRAMES);
    }
}
