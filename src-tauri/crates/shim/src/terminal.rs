//! The two threads at the program's terminal. portable-pty reads and writes by blocking, so
//! each direction has a thread of its own; they end when the terminal closes or their
//! channel does.

use bytes::{Bytes, BytesMut};
use std::io::{self, Read, Write};
use std::thread;
use synk_pty::{Pty, Spawn, SpawnError};
use tokio::sync::mpsc;

use crate::connection::ConnectionId;

/// The most that one read of a terminal brings.
const READ_BYTES: usize = 16 * 1024;
/// Reads that may wait for the session loop; then the program waits too.
pub(crate) const OUTPUT_CHUNKS: usize = 16;

/// The generation of a session's first program.
pub(crate) const FIRST_GENERATION: u32 = 1;

/// What a reader thread passes on. Chunks of an earlier program, still on their way after a
/// restart, are told apart by the generation.
#[derive(Debug)]
pub(crate) struct Chunk {
    pub(crate) generation: u32,
    /// `None`: the terminal is closed, nothing follows.
    pub(crate) bytes: Option<Bytes>,
}

/// Where input comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InputFrom {
    /// The screen model, which answers a query.
    Screen,
    /// Somebody's keyboard.
    Viewer(ConnectionId),
    /// A request to type text, by its number.
    Typist(u64),
}

/// Bytes for the program, and who sent them.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) from: InputFrom,
    pub(crate) bytes: Bytes,
}

/// Input reached the program's terminal, or never can.
#[derive(Debug)]
pub(crate) struct InputTaken {
    pub(crate) from: InputFrom,
    pub(crate) bytes: u64,
}

/// A program on its terminal.
#[derive(Debug)]
pub(crate) struct Terminal {
    pub(crate) pty: Pty,
    /// Not bounded by count: the session loop bounds the bytes for each sender.
    pub(crate) input: mpsc::UnboundedSender<Input>,
}

impl Terminal {
    pub(crate) fn spawn(
        spawn: &Spawn<'_>,
        generation: u32,
        output: mpsc::Sender<Chunk>,
        taken: mpsc::Sender<InputTaken>,
    ) -> Result<Self, SpawnError> {
        let pty = Pty::spawn(spawn)?;
        let reader = pty.reader().map_err(SpawnError::Pty)?;
        let writer = pty.writer().map_err(SpawnError::Pty)?;
        let (input, queue) = mpsc::unbounded_channel();
        thread::Builder::new()
            .name("terminal-reader".to_owned())
            .spawn(move || read(reader, generation, &output))
            .map_err(SpawnError::Pty)?;
        thread::Builder::new()
            .name("terminal-writer".to_owned())
            .spawn(move || write(writer, queue, &taken))
            .map_err(SpawnError::Pty)?;
        Ok(Self { pty, input })
    }
}

fn read(mut reader: Box<dyn Read + Send>, generation: u32, output: &mpsc::Sender<Chunk>) {
    let mut buffer = BytesMut::new();
    loop {
        buffer.resize(READ_BYTES, 0);
        let bytes = match reader.read(&mut buffer) {
            Ok(0) => None,
            Ok(count) => Some(buffer.split_to(count).freeze()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            // Linux answers EIO once the last process has let go of the terminal.
            Err(_) => None,
        };
        let ended = bytes.is_none();
        if output.blocking_send(Chunk { generation, bytes }).is_err() || ended {
            return;
        }
    }
}

fn write(
    mut writer: Box<dyn Write + Send>,
    mut queue: mpsc::UnboundedReceiver<Input>,
    taken: &mpsc::Sender<InputTaken>,
) {
    while let Some(Input { from, bytes }) = queue.blocking_recv() {
        let result = writer.write_all(&bytes).and_then(|()| writer.flush());
        // Input that cannot be written any more is taken all the same: nobody waits for it.
        let reported = taken.blocking_send(InputTaken { from, bytes: bytes.len() as u64 });
        if let Err(error) = result {
            tracing::debug!("the program's terminal takes no more input: {error}");
        }
        if reported.is_err() {
            return;
        }
    }
}
