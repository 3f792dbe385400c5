//! The terminal itself: a program on a pseudo-terminal, a thread that reads it at once, and a
//! clock that starts with the program and anew with each `begin`.

use std::{
    env, fmt,
    io::{self, Read, Write},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};
use synk_pty::{Pty, Spawn, SpawnError};

use crate::output::Output;

/// A terminal gives 4 KiB at once, and more only where its kernel has more to give.
const BLOCK: usize = 64 * 1024;

/// What was waited for did not come.
#[derive(Debug)]
pub(crate) struct Late {
    what: String,
    screen: String,
}

impl fmt::Display for Late {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "waited in vain for {}; on the screen: {}", self.what, self.screen)
    }
}

impl std::error::Error for Late {}

/// What the reading thread and the one that takes orders share.
struct Shared {
    output: Mutex<Output>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Output> {
        self.output.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, output: MutexGuard<'a, Output>, limit: Duration) -> MutexGuard<'a, Output> {
        self.changed.wait_timeout(output, limit).unwrap_or_else(PoisonError::into_inner).0
    }
}

/// A terminal with a program on it. Dropping it hangs up.
pub(crate) struct Terminal {
    pty: Pty,
    keyboard: Box<dyn Write + Send>,
    shared: Arc<Shared>,
    began: Instant,
}

impl Terminal {
    /// Starts a program with this process's environment and folder.
    pub(crate) fn open(cols: u16, rows: u16, command: &[String]) -> Result<Self, SpawnError> {
        let env: Vec<_> = env::vars().collect();
        let cwd = env::current_dir().map_err(SpawnError::Pty)?;
        let began = Instant::now();
        let pty = Pty::spawn(&Spawn { command, cwd: &cwd, env: &env, cols, rows })?;
        let reader = pty.reader().map_err(SpawnError::Pty)?;
        let keyboard = pty.writer().map_err(SpawnError::Pty)?;
        let replies = pty.writer().map_err(SpawnError::Pty)?;
        let output = Mutex::new(Output::new(cols, rows));
        let shared = Arc::new(Shared { output, changed: Condvar::new() });
        let for_reader = Arc::clone(&shared);
        thread::spawn(move || read(&for_reader, reader, replies));
        Ok(Self { pty, keyboard, shared, began })
    }

    pub(crate) fn pid(&self) -> u32 {
        self.pty.pid()
    }

    /// Starts the clock, and forgets what came so far.
    pub(crate) fn begin(&mut self) {
        self.shared.lock().begin();
        self.began = Instant::now();
    }

    pub(crate) fn press(&mut self, keys: &[u8]) -> io::Result<()> {
        self.keyboard.write_all(keys)
    }

    pub(crate) fn elapsed(&self) -> u64 {
        self.since(Instant::now())
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.shared.lock().bytes()
    }

    pub(crate) fn pause(&self, paused: bool) {
        self.shared.lock().paused = paused;
        self.shared.changed.notify_all();
    }

    pub(crate) fn hold(&self) {
        self.shared.lock().held = true;
    }

    pub(crate) fn screen(&self) -> (String, Vec<Vec<u8>>) {
        self.shared.lock().screen()
    }

    /// Waits until `text` is there, and answers since when.
    pub(crate) fn wait_for(&self, text: &[u8], limit: Duration) -> Result<u64, Late> {
        let deadline = Instant::now() + limit;
        let mut output = self.shared.lock();
        let mut looked = 0;
        loop {
            if let Some(at) = output.found(text, looked) {
                return Ok(self.since(at));
            }
            looked = output.last().map_or(0, |(_, end)| end);
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() || output.ended {
                let text = String::from_utf8_lossy(text);
                return Err(late(&format!("{text:?}"), &mut output));
            }
            output = self.shared.wait(output, left);
        }
    }

    /// Waits until nothing came for `pause`; answers when the last came, and how many bytes
    /// since the clock was started.
    pub(crate) fn quiet(&self, pause: Duration, limit: Duration) -> Result<(u64, usize), Late> {
        let asked = Instant::now();
        let deadline = asked + limit;
        let mut output = self.shared.lock();
        loop {
            let last = output.last().filter(|_| !output.paused);
            // What was silent before may be about to end its silence.
            let quiet = last.map_or(Duration::ZERO, |(at, _)| at.max(asked).elapsed());
            if let Some((at, bytes)) = last.filter(|_| quiet >= pause || output.ended) {
                return Ok((self.since(at), bytes));
            }
            if Instant::now() > deadline {
                return Err(late("an end of the output", &mut output));
            }
            output = self.shared.wait(output, pause.saturating_sub(quiet));
        }
    }

    /// When the last came that changed a cell of the screen, if nothing was typed yet.
    pub(crate) fn settled(&self) -> Option<u64> {
        self.shared.lock().settled().map(|at| self.since(at))
    }

    fn since(&self, at: Instant) -> u64 {
        u64::try_from(at.saturating_duration_since(self.began).as_micros()).unwrap_or(u64::MAX)
    }
}

fn late(what: &str, output: &mut Output) -> Late {
    Late { what: what.to_owned(), screen: output.screen().0 }
}

/// Takes all that the program puts out until it has let go of the terminal.
fn read(shared: &Shared, mut reader: Box<dyn Read + Send>, mut replies: Box<dyn Write + Send>) {
    let mut block = vec![0; BLOCK];
    loop {
        let mut output = shared.lock();
        while output.paused {
            output = shared.wait(output, Duration::MAX);
        }
        drop(output);
        let count = reader.read(&mut block).unwrap_or(0);
        let at = Instant::now();
        let mut output = shared.lock();
        output.ended = count == 0;
        let reply = output.take(at, &block[..count]);
        drop(output);
        shared.changed.notify_all();
        if count == 0 || replies.write_all(&reply).is_err() {
            return;
        }
    }
}
