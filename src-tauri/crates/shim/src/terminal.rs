//! The program's terminal and its two threads. One reads all output, while the session loop is at
//! what was read before; the other writes the input that the terminal does not take at once. They
//! end when the terminal closes or their channel does.

use bytes::{Bytes, BytesMut};
use std::io::{self, Read, Write};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
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

/// Input of which the terminal has taken so many bytes, and no more for now.
#[derive(Debug)]
struct Rest {
    input: Input,
    written: usize,
}

/// A program on its terminal.
#[derive(Debug)]
pub(crate) struct Terminal {
    pub(crate) pty: Pty,
    /// Not bounded by count: the session loop bounds the bytes for each sender.
    queue: mpsc::UnboundedSender<Rest>,
    /// How many of them the writer has not written yet.
    queued: Arc<AtomicUsize>,
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
        let (queue, rests) = mpsc::unbounded_channel();
        let queued = Arc::new(AtomicUsize::new(0));
        thread::Builder::new()
            .name("terminal-reader".to_owned())
            .spawn(move || read(reader, generation, &output))
            .map_err(SpawnError::Pty)?;
        thread::Builder::new()
            .name("terminal-writer".to_owned())
            .spawn({
                let queued = Arc::clone(&queued);
                move || write(writer, rests, &queued, &taken)
            })
            .map_err(SpawnError::Pty)?;
        Ok(Self { pty, queue, queued })
    }

    /// Passes input on to the program, after all that was passed on before. A key that the
    /// terminal takes at once, as it nearly always does, wakes nobody on its way; then the answer
    /// says so. All else is told by the channel that this was made with.
    pub(crate) fn write(&self, input: Input) -> Option<InputTaken> {
        let length = input.bytes.len();
        let taken = InputTaken { from: input.from, bytes: length as u64 };
        let may_overtake = self.queued.load(Ordering::Acquire) > 0;
        // What is wrong, the writer hears as well, and says.
        let written = if may_overtake { 0 } else { self.pty.write_now(&input.bytes).unwrap_or(0) };
        if written == length {
            return Some(taken);
        }
        self.queued.fetch_add(1, Ordering::Relaxed);
        // The writer is gone only when the terminal is, which then takes no input, ever.
        self.queue.send(Rest { input, written }).is_err().then_some(taken)
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
    mut queue: mpsc::UnboundedReceiver<Rest>,
    queued: &AtomicUsize,
    taken: &mpsc::Sender<InputTaken>,
) {
    while let Some(Rest { input: Input { from, bytes }, written }) = queue.blocking_recv() {
        let result = writer.write_all(&bytes[written..]).and_then(|()| writer.flush());
        queued.fetch_sub(1, Ordering::Release);
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
