//! Frames from a peer that is broken or means harm: reading one never fails otherwise than
//! with its error, keeps no more than it was given, and what was written comes back.

use bytes::Bytes;
use proptest::prelude::*;
use synk_protocol::{Frame, FrameError, ShimRequest};

fn frame() -> impl Strategy<Value = Frame> {
    let bytes = || prop::collection::vec(any::<u8>(), 0..300).prop_map(Bytes::from);
    prop_oneof![
        bytes().prop_map(Frame::Control),
        bytes().prop_map(Frame::Input),
        (any::<u64>(), bytes()).prop_map(|(offset, bytes)| Frame::Output { offset, bytes }),
        (any::<u64>(), bytes()).prop_map(|(offset, bytes)| Frame::Snapshot { offset, bytes }),
    ]
}

/// Reads `bytes` as every reader does: the frame, and its message if it holds one.
fn read(bytes: Vec<u8>) -> Result<usize, FrameError> {
    Ok(match Frame::decode(Bytes::from(bytes))? {
        Frame::Control(json) => {
            // Whatever a message says, it is read or refused.
            let _refused = Frame::parse::<ShimRequest>(&json);
            json.len()
        }
        Frame::Output { bytes, .. } | Frame::Snapshot { bytes, .. } | Frame::Input(bytes) => {
            bytes.len()
        }
        Frame::Unknown(_) => 0,
    })
}

proptest! {
    #[test]
    fn what_was_written_is_read(frame in frame()) {
        prop_assert_eq!(Frame::decode(frame.encode()), Ok(frame));
    }

    #[test]
    fn random_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let given = bytes.len();
        match read(bytes) {
            Ok(kept) => prop_assert!(kept < given),
            Err(FrameError::Empty) => prop_assert_eq!(given, 0),
            Err(FrameError::Short(length)) => prop_assert!(length < 8),
        }
    }

    #[test]
    fn damaged_frames_are_read_or_refused(
        frame in frame(),
        flips in prop::collection::vec((any::<prop::sample::Index>(), 0..8_u8), 0..6),
        cut in any::<prop::sample::Index>(),
    ) {
        let mut bytes = frame.encode().to_vec();
        for (at, bit) in &flips {
            let at = at.index(bytes.len());
            bytes[at] ^= 1 << bit;
        }
        bytes.truncate(cut.index(bytes.len() + 1));
        let given = bytes.len();
        prop_assert!(read(bytes).is_err() || given > 0);
    }

    #[test]
    fn damaged_messages_are_read_or_refused(
        flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        depth in 0..2000_usize,
    ) {
        let mut json = br#"{"attach":{"id":1,"size":{"cols":80,"rows":24},"scrollback":true}}"#.to_vec();
        for (at, byte) in &flips {
            let at = at.index(json.len());
            json[at] = *byte;
        }
        json.splice(0..0, b"[".repeat(depth));
        let mut frame = vec![1];
        frame.extend(json);
        prop_assert!(read(frame).is_ok(), "a control frame holds whatever it holds");
    }
}
