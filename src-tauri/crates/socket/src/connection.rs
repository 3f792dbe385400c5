//! A connection: frames of at most [`MAX_FRAME_BYTES`] in both directions, each after its
//! length as a big-endian `u32`, the first of them a [`Hello`].

use bytes::Bytes;
use futures_util::{SinkExt, StreamExt};
use std::{io, time::Duration};
use synk_protocol::{ErrorCode, Frame, Hello, MAX_FRAME_BYTES, WireError};
use tokio::{
    net::{
        UnixStream,
        unix::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::mpsc,
    time::timeout,
};
use tokio_util::codec::{FramedRead, FramedWrite, LengthDelimitedCodec};

/// How long a peer may take to introduce itself.
const HANDSHAKE_TIMEOUT: Duration = Duration::from_secs(5);

/// Both halves of a connection, before or after the handshake.
#[derive(Debug)]
pub struct Connection {
    /// Sends.
    pub sender: FrameSender,
    /// Receives.
    pub receiver: FrameReceiver,
}

/// The sending half.
#[derive(Debug)]
pub struct FrameSender(FramedWrite<OwnedWriteHalf, LengthDelimitedCodec>);

/// The receiving half.
#[derive(Debug)]
pub struct FrameReceiver(FramedRead<OwnedReadHalf, LengthDelimitedCodec>);

impl Connection {
    /// Frames over a stream.
    pub fn new(stream: UnixStream) -> Self {
        let (read, write) = stream.into_split();
        let codec =
            || LengthDelimitedCodec::builder().max_frame_length(MAX_FRAME_BYTES).new_codec();
        Self {
            sender: FrameSender(FramedWrite::new(write, codec())),
            receiver: FrameReceiver(FramedRead::new(read, codec())),
        }
    }

    /// Introduces this side, and reads and checks the other side's introduction.
    ///
    /// # Errors
    /// [`ErrorCode::VersionMismatch`]; see [`Connection::introduce`].
    pub async fn handshake(&mut self, own: &Hello) -> Result<Hello, WireError> {
        let hello = self.introduce(own).await?;
        hello.check()?;
        Ok(hello)
    }

    /// Introduces this side, and reads the other side's introduction, whatever its version.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for anything but a handshake, [`ErrorCode::Unavailable`] when
    /// the other side is silent or gone.
    pub async fn introduce(&mut self, own: &Hello) -> Result<Hello, WireError> {
        self.sender.send(&Frame::control(own)?).await?;
        let first = timeout(HANDSHAKE_TIMEOUT, self.receiver.next())
            .await
            .map_err(|_| WireError::unavailable("the other side did not introduce itself"))??;
        let Some(Frame::Control(json)) = first else {
            return Err(match first {
                Some(_) => WireError::invalid("the first frame was not a handshake"),
                None => WireError::unavailable("the other side closed the connection"),
            });
        };
        Frame::parse(&json)
    }
}

impl FrameSender {
    /// Sends what is queued until the queue ends, or the connection does.
    pub async fn send_all(mut self, mut frames: mpsc::Receiver<Frame>) {
        while let Some(frame) = frames.recv().await {
            if let Err(error) = self.send(&frame).await {
                tracing::debug!("{error}");
                return;
            }
        }
    }

    /// Sends one frame.
    ///
    /// # Errors
    /// [`ErrorCode::Unavailable`] when the other side is gone.
    pub async fn send(&mut self, frame: &Frame) -> Result<(), WireError> {
        let bytes: Bytes = frame.encode();
        self.0.send(bytes).await.map_err(|error| match error.kind() {
            io::ErrorKind::InvalidInput => {
                WireError::internal(format!("a frame of more than {MAX_FRAME_BYTES} bytes"))
            }
            _ => WireError::unavailable(format!("the connection broke: {error}")),
        })
    }
}

impl FrameReceiver {
    /// The next frame, or `None` when the other side has closed the connection. Safe to
    /// cancel: no frame is lost.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for a frame that is too large or malformed; the connection is
    /// then of no more use. [`ErrorCode::Unavailable`] when it broke.
    pub async fn next(&mut self) -> Result<Option<Frame>, WireError> {
        match self.0.next().await {
            None => Ok(None),
            Some(Ok(bytes)) => Ok(Some(Frame::decode(bytes.freeze())?)),
            Some(Err(error)) if error.kind() == io::ErrorKind::InvalidData => Err(WireError::new(
                ErrorCode::Invalid,
                format!("a frame of more than {MAX_FRAME_BYTES} bytes"),
            )),
            Some(Err(error)) => {
                Err(WireError::unavailable(format!("the connection broke: {error}")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use synk_protocol::Role;
    use tokio::io::AsyncWriteExt;

    fn pair() -> (Connection, Connection) {
        let (a, b) = UnixStream::pair().unwrap();
        (Connection::new(a), Connection::new(b))
    }

    #[tokio::test]
    async fn both_sides_introduce_themselves() {
        let (mut a, mut b) = pair();
        let (client, daemon) = (Hello::new(Role::Client), Hello::new(Role::Daemon));
        let (at_a, at_b) = tokio::join!(a.handshake(&client), b.handshake(&daemon));
        assert_eq!(at_a.unwrap(), daemon);
        assert_eq!(at_b.unwrap(), client);
    }

    #[tokio::test]
    async fn another_major_version_is_refused_by_both() {
        let (mut a, mut b) = pair();
        let old = Hello { major: 0, ..Hello::new(Role::Client) };
        let daemon = Hello::new(Role::Daemon);
        let (_, at_b) = tokio::join!(a.handshake(&old), b.handshake(&daemon));
        let error = at_b.unwrap_err();
        assert_eq!(error.code, ErrorCode::VersionMismatch);
        assert!(error.message.contains("protocol 0"), "{error}");
    }

    #[tokio::test]
    async fn a_frame_of_ten_megabytes_is_refused_by_its_length() {
        let (mut raw, b) = UnixStream::pair().unwrap();
        let mut b = Connection::new(b);
        raw.write_all(&10_000_000_u32.to_be_bytes()).await.unwrap();
        let error = b.receiver.next().await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Invalid);
    }

    #[tokio::test]
    async fn garbage_instead_of_a_handshake_is_refused() {
        let (mut a, mut b) = pair();
        a.sender.send(&Frame::Control("{".into())).await.unwrap();
        let error = b.handshake(&Hello::new(Role::Daemon)).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Invalid);
    }
}
