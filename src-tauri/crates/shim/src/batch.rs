//! When output leaves for the viewers: at once after a quiet moment, so that a keystroke's
//! echo does not wait; otherwise joined, since a read of a terminal brings 4 KB and a
//! message for each would drown the window.

use bytes::{Bytes, BytesMut};
use std::time::Duration;
use tokio::time::Instant;

/// The longest that bytes wait to be joined with others.
const DELAY: Duration = Duration::from_millis(8);
/// As many bytes leave without waiting.
const FULL_BYTES: usize = 64 * 1024;
/// An echo, or a line of a prompt: leaves at once when it was quiet before.
const SMALL_BYTES: usize = 1024;

/// Bytes on their way to the viewers.
#[derive(Debug)]
pub(crate) struct Batch {
    bytes: BytesMut,
    flushed_at: Instant,
}

impl Batch {
    pub(crate) fn new(now: Instant) -> Self {
        Self { bytes: BytesMut::new(), flushed_at: now - DELAY }
    }

    /// Adds bytes; the answer says whether the batch is to leave now.
    pub(crate) fn push(&mut self, bytes: &[u8], now: Instant) -> bool {
        let echo = self.bytes.is_empty()
            && bytes.len() < SMALL_BYTES
            && now.duration_since(self.flushed_at) >= DELAY;
        self.bytes.extend_from_slice(bytes);
        echo || self.bytes.len() >= FULL_BYTES
    }

    /// When the batch is to leave at the latest.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        (!self.bytes.is_empty()).then(|| self.flushed_at + DELAY)
    }

    /// Takes all that is there; nothing when there is nothing.
    pub(crate) fn take(&mut self, now: Instant) -> Option<Bytes> {
        self.flushed_at = now;
        (!self.bytes.is_empty()).then(|| self.bytes.split().freeze())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_echo_leaves_at_once_and_a_flood_is_joined() {
        let start = Instant::now();
        let mut batch = Batch::new(start);
        assert!(batch.push(b"x", start), "an echo after quiet");
        assert_eq!(batch.take(start).unwrap(), "x");
        assert!(!batch.push(b"y", start), "the next byte waits");
        assert_eq!(batch.deadline(), Some(start + DELAY));
        assert!(!batch.push(&[0; 4096], start));
        assert!(batch.push(&vec![0; FULL_BYTES], start), "a full batch leaves");
        assert_eq!(batch.take(start).unwrap().len(), 1 + 4096 + FULL_BYTES);
        assert_eq!(batch.take(start), None);
        assert_eq!(batch.deadline(), None);
        assert!(!batch.push(&[0; 4096], start + DELAY), "a large read is the start of a flood");
    }
}
