//! A client that says exactly what it is told to, right or wrong: bytes, frames, or nothing.

use serde_json::Value;
use std::{
    io::{self, Read, Write},
    os::unix::net::UnixStream,
    path::Path,
    time::Duration,
};
use synk_protocol::{Frame, Hello, Role};

use crate::wait::PATIENCE;

/// One side of a connection.
#[derive(Debug)]
pub struct RawSocket {
    stream: UnixStream,
}

impl From<UnixStream> for RawSocket {
    fn from(stream: UnixStream) -> Self {
        stream.set_read_timeout(Some(PATIENCE)).expect("a limit for reading");
        stream.set_write_timeout(Some(PATIENCE)).expect("a limit for writing");
        Self { stream }
    }
}

impl RawSocket {
    /// Connects and says nothing.
    pub fn open(path: &Path) -> Self {
        Self::from(UnixStream::connect(path).expect("a socket that listens"))
    }

    /// Connects as a client of this version, and answers the other side's introduction too.
    pub fn introduced(path: &Path) -> (Self, Hello) {
        Self::introduced_as(path, &Hello::new(Role::Client))
    }

    /// The same, as whoever.
    pub fn introduced_as(path: &Path, own: &Hello) -> (Self, Hello) {
        let mut socket = Self::open(path);
        socket.send(&Frame::control(own).expect("a hello")).expect("a listener that reads");
        let hello = serde_json::from_value(socket.next_json()).expect("a hello");
        (socket, hello)
    }

    /// Sends these bytes and nothing else.
    ///
    /// # Errors
    /// When the other side has closed the connection.
    pub fn send_bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)
    }

    /// Sends a frame after its length.
    ///
    /// # Errors
    /// When the other side has closed the connection.
    pub fn send(&mut self, frame: &Frame) -> io::Result<()> {
        let body = frame.encode();
        let length = u32::try_from(body.len()).expect("a frame that has a length");
        self.stream.write_all(&length.to_be_bytes())?;
        self.stream.write_all(&body)
    }

    /// Sends any text as a control frame.
    ///
    /// # Errors
    /// When the other side has closed the connection.
    pub fn send_text(&mut self, text: &str) -> io::Result<()> {
        self.send(&Frame::Control(text.as_bytes().to_vec().into()))
    }

    /// The next frame, or `None` once the other side has closed the connection.
    pub fn next_frame(&mut self) -> Option<Frame> {
        let mut length = [0; 4];
        match self.stream.read_exact(&mut length) {
            Ok(()) => {}
            Err(error) if is_closed(&error) => return None,
            Err(error) => panic!("waiting for a frame: {error}"),
        }
        let mut body = vec![0; u32::from_be_bytes(length) as usize];
        self.stream.read_exact(&mut body).expect("a whole frame");
        Some(Frame::decode(body.into()).expect("a frame"))
    }

    /// The next control frame's JSON; other frames are skipped.
    pub fn next_json(&mut self) -> Value {
        loop {
            match self.next_frame() {
                Some(Frame::Control(json)) => return serde_json::from_slice(&json).expect("JSON"),
                Some(_) => {}
                None => panic!("the connection was closed before a message came"),
            }
        }
    }

    /// The next control frame that `wanted` finds something in; others are skipped.
    pub fn find_json<T>(&mut self, wanted: impl Fn(&Value) -> Option<T>) -> T {
        loop {
            if let Some(found) = wanted(&self.next_json()) {
                return found;
            }
        }
    }

    /// Waits until the other side closes the connection, whatever it says before.
    pub fn wait_for_end(&mut self) {
        while self.next_frame().is_some() {}
    }

    /// Whether nothing arrives for so long. Not for waiting; for what must never come.
    pub fn stays_silent(&mut self, time: Duration) -> bool {
        self.stream.set_read_timeout(Some(time)).expect("a limit for reading");
        let read = self.stream.read(&mut [0]);
        self.stream.set_read_timeout(Some(PATIENCE)).expect("a limit for reading");
        read.is_err_and(|error| {
            matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut)
        })
    }
}

fn is_closed(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset)
}
