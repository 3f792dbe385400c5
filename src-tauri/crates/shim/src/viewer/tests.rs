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
fn a_snapshot_of_any_size_finds_room() {
    for bytes in [0, 1, 3 * SNAPSHOT_PART_BYTES, 30 << 20, MAX_SNAPSHOT_BYTES] {
        let (mut viewer, mut frames) = attached();
        viewer.send_snapshot(&vec![b'x'; bytes].into(), 7, Instant::now());
        let parts = drain(&mut frames);
        assert!(!parts.is_empty() && parts.len() <= SNAPSHOT_PARTS, "{bytes}: {}", parts.len());
        let sizes = parts.iter().map(|part| match part {
            Frame::Snapshot { bytes, .. } => bytes.len(),
            other => panic!("{other:?}"),
        });
        assert_eq!(sizes.sum::<usize>(), bytes);
        assert!(parts.iter().all(|part| part.encode().len() <= MAX_FRAME_BYTES + 4));
    }
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
