//! What one frame holds: a kind byte and a body. How frames are delimited on a stream
//! (a `u32` length before each) is the `socket` crate's.
//!
//! Control frames are JSON, so that fields can be added; terminal bytes are raw, so that
//! nothing is encoded on the way of a byte.

use bytes::{BufMut, Bytes, BytesMut};
use serde::{Serialize, de::DeserializeOwned};

use crate::error::WireError;

/// The largest frame either side accepts, in bytes, kind byte included. Large enough for the
/// text of the largest screen and a list of a thousand sessions, small enough that a hostile
/// peer cannot take memory.
pub const MAX_FRAME_BYTES: usize = 4 << 20;

/// The kind byte of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum FrameKind {
    /// JSON.
    Control = 1,
    /// Shim to client: a `u64` big-endian offset, then terminal bytes. The offset is that
    /// of the end of those bytes in all the session has ever put out.
    Output = 2,
    /// Shim to client: a `u64` big-endian offset, then part of a snapshot: escape sequences
    /// that rebuild the screen as it was at that offset, from any state.
    Snapshot = 3,
    /// Client to shim: bytes for the program's terminal.
    Input = 4,
}

/// One frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frame {
    /// See [`FrameKind::Control`].
    Control(Bytes),
    /// See [`FrameKind::Output`].
    Output {
        /// Where the bytes end in the session's output.
        offset: u64,
        /// What the program wrote.
        bytes: Bytes,
    },
    /// See [`FrameKind::Snapshot`].
    Snapshot {
        /// The offset to acknowledge once this part is on the screen.
        offset: u64,
        /// Escape sequences.
        bytes: Bytes,
    },
    /// See [`FrameKind::Input`].
    Input(Bytes),
    /// A kind of a later version; skipped by whoever reads it.
    Unknown(u8),
}

/// A frame that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrameError {
    /// No kind byte.
    #[error("an empty frame")]
    Empty,
    /// A byte frame without its offset.
    #[error("a byte frame of {0} bytes, too short for its offset")]
    Short(usize),
}

impl From<FrameError> for WireError {
    fn from(error: FrameError) -> Self {
        Self::invalid(format!("the frame could not be read: {error}"))
    }
}

impl Frame {
    /// A control frame from a message.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] when it is too large for a frame.
    pub fn control<T: Serialize>(message: &T) -> Result<Self, WireError> {
        let json = serde_json::to_vec(message)
            .map_err(|error| WireError::internal(format!("writing a message: {error}")))?;
        if json.len() < MAX_FRAME_BYTES {
            return Ok(Self::Control(json.into()));
        }
        Err(WireError::invalid(format!(
            "the message has {} bytes, and {MAX_FRAME_BYTES} is the most",
            json.len()
        )))
    }

    /// Reads a control frame's JSON.
    ///
    /// # Errors
    /// [`crate::ErrorCode::Invalid`] with the parser's own words.
    pub fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<T, WireError> {
        serde_json::from_slice(json)
            .map_err(|error| WireError::invalid(format!("the message could not be read: {error}")))
    }

    /// The frame's bytes, without a length.
    pub fn encode(&self) -> Bytes {
        let (kind, offset, body) = match self {
            Self::Control(json) => (FrameKind::Control as u8, None, json),
            Self::Output { offset, bytes } => (FrameKind::Output as u8, Some(*offset), bytes),
            Self::Snapshot { offset, bytes } => (FrameKind::Snapshot as u8, Some(*offset), bytes),
            Self::Input(bytes) => (FrameKind::Input as u8, None, bytes),
            Self::Unknown(kind) => (*kind, None, &Bytes::new()),
        };
        let mut out = BytesMut::with_capacity(9 + body.len());
        out.put_u8(kind);
        if let Some(offset) = offset {
            out.put_u64(offset);
        }
        out.extend_from_slice(body);
        out.freeze()
    }

    /// Reads a frame's bytes.
    ///
    /// # Errors
    /// [`FrameError`] for a frame with no kind or no offset.
    pub fn decode(mut frame: Bytes) -> Result<Self, FrameError> {
        if frame.is_empty() {
            return Err(FrameError::Empty);
        }
        let kind = frame.split_to(1)[0];
        Ok(match kind {
            1 => Self::Control(frame),
            2 | 3 => {
                let Some((offset, _)) = frame.split_first_chunk::<8>() else {
                    return Err(FrameError::Short(frame.len()));
                };
                let offset = u64::from_be_bytes(*offset);
                let bytes = frame.split_off(8);
                if kind == 2 {
                    Self::Output { offset, bytes }
                } else {
                    Self::Snapshot { offset, bytes }
                }
            }
            4 => Self::Input(frame),
            other => Self::Unknown(other),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_frame_survives_the_round_trip(kind in 0..5_u8, offset in any::<u64>(), body: Vec<u8>) {
            let bytes = Bytes::from(body);
            let frame = match kind {
                0 => Frame::Control(bytes),
                1 => Frame::Output { offset, bytes },
                2 => Frame::Snapshot { offset, bytes },
                3 => Frame::Input(bytes),
                _ => Frame::Unknown(200),
            };
            prop_assert_eq!(Frame::decode(frame.encode()).unwrap(), frame);
        }

        #[test]
        fn garbage_never_panics(bytes: Vec<u8>) {
            let read = Frame::decode(Bytes::from(bytes.clone()));
            prop_assert_eq!(read.is_err(), bytes.is_empty() || (matches!(bytes[0], 2 | 3) && bytes.len() < 9));
        }
    }
}
