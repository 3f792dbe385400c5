//! A program on a pseudo-terminal: its start, its bytes and its size. Its end is seen by
//! [`crate::reap`] and brought about by [`crate::Ending`].

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{BorrowedFd, OwnedFd};
use std::path::Path;

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};
use rustix::io::Errno;

use crate::program::{self, SpawnError, shell};

/// What to start, and where.
#[derive(Clone, Copy, Debug)]
pub struct Spawn<'a> {
    /// Program and arguments. Empty: the user's shell, as an interactive login shell.
    pub command: &'a [String],
    /// The directory it starts in.
    pub cwd: &'a Path,
    /// Its whole environment; nothing is taken from this process. `SHELL` is added when it
    /// is missing.
    pub env: &'a [(String, String)],
    /// Columns of the terminal.
    pub cols: u16,
    /// Rows of the terminal.
    pub rows: u16,
}

impl Spawn<'_> {
    /// Finds out what can be known to be wrong before anything is started.
    ///
    /// # Errors
    /// As [`Pty::spawn`], but for what only the system knows.
    pub fn check(&self) -> Result<(), SpawnError> {
        self.builder().map(drop)
    }

    fn builder(&self) -> Result<CommandBuilder, SpawnError> {
        program::check_directory(self.cwd)?;
        program::check_environment(self.env)?;
        command(self)
    }
}

/// The master side of a terminal with a program on it. Dropping it, and every reader and
/// writer made from it, hangs the terminal up: the program gets SIGHUP.
pub struct Pty {
    master: Box<dyn MasterPty + Send>,
    /// The same, as a descriptor of our own. It does not block, nor does any duplicate of it.
    descriptor: File,
    pid: u32,
}

impl Pty {
    /// Opens a terminal and starts a program on it as the leader of a session of its own,
    /// with default signal dispositions and no descriptors but the terminal.
    pub fn spawn(spawn: &Spawn<'_>) -> Result<Self, SpawnError> {
        let builder = spawn.builder()?;
        let pair = native_pty_system()
            .openpty(PtySize {
                rows: spawn.rows.max(1),
                cols: spawn.cols.max(1),
                pixel_width: 0,
                pixel_height: 0,
            })
            .map_err(system)?;
        let descriptor = descriptor(&*pair.master).map_err(SpawnError::Pty)?;
        let child = pair.slave.spawn_command(builder).map_err(system)?;
        let pid = child.process_id().ok_or_else(|| {
            SpawnError::Pty(io::Error::other("the new process has no id; try again"))
        })?;
        // The child is reaped with every other child of this process; dropping its handle
        // neither waits for it nor ends it.
        Ok(Self { master: pair.master, descriptor, pid })
    }

    /// The program's process id, which is also the id of its session and process group.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// The program's output. Reads block; the end comes when the last process has let go
    /// of the terminal, which can be long after the program's exit or, when it leaves a
    /// process behind, never.
    pub fn reader(&self) -> io::Result<Box<dyn Read + Send>> {
        Ok(Box::new(Output(self.descriptor.try_clone()?)))
    }

    /// Whether there is output that nobody has read yet.
    #[must_use]
    pub fn has_output(&self) -> bool {
        wait(&self.descriptor, PollFlags::IN, Some(&Timespec::default()))
            .is_ok_and(|ready| ready.contains(PollFlags::IN))
    }

    /// The program's input. Writes block while the program does not read. Dropping it
    /// types nothing.
    pub fn writer(&self) -> io::Result<Box<dyn Write + Send>> {
        Ok(Box::new(Input(self.descriptor.try_clone()?)))
    }

    /// Gives the program as much of this input as its terminal takes at once; answers how many
    /// bytes those are.
    pub fn write_now(&self, input: &[u8]) -> io::Result<usize> {
        match (&self.descriptor).write(input) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(0),
            written => written,
        }
    }

    /// Tells the terminal its size; the kernel tells the programs in the foreground
    /// (SIGWINCH) when it has changed.
    pub fn resize(&self, cols: u16, rows: u16) -> io::Result<()> {
        let size =
            PtySize { rows: rows.max(1), cols: cols.max(1), pixel_width: 0, pixel_height: 0 };
        self.master.resize(size).map_err(io_error)
    }

    /// The process that has the terminal: the leader of its foreground group.
    #[must_use]
    pub fn foreground(&self) -> Option<u32> {
        u32::try_from(self.master.process_group_leader()?).ok()
    }
}

/// A descriptor of our own for a terminal, which does not block. portable-pty's writer types a
/// newline and Ctrl-D when it is dropped, and its reader wakes whoever takes the output for every
/// few kilobytes.
fn descriptor(master: &dyn MasterPty) -> io::Result<File> {
    let raw =
        master.as_raw_fd().ok_or_else(|| io::Error::other("the terminal has no descriptor"))?;
    #[expect(
        unsafe_code,
        reason = "portable-pty only hands out the number of its descriptor; it is open for as \
                  long as `master` lives, which outlasts this borrow"
    )]
    let borrowed = unsafe { BorrowedFd::borrow_raw(raw) };
    // The duplicate is close-on-exec, so no later child inherits it.
    let descriptor: OwnedFd = borrowed.try_clone_to_owned()?;
    fcntl_setfl(&descriptor, fcntl_getfl(&descriptor)? | OFlags::NONBLOCK)?;
    Ok(descriptor.into())
}

/// Waits until the terminal can be read or written, or has hung up; answers which it is.
fn wait(
    terminal: &File,
    sides: PollFlags,
    limit: Option<&Timespec>,
) -> rustix::io::Result<PollFlags> {
    let mut polled = [PollFd::new(terminal, sides)];
    poll(&mut polled, limit)?;
    Ok(polled[0].revents())
}

/// The output side of a terminal.
struct Output(File);

impl Read for Output {
    /// Blocks for the first bytes and takes what else is there. A terminal gives 4 KB at a time
    /// (1 KB on macOS), and to wake whoever takes them costs more than to read them.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut filled = 0;
        while filled < buffer.len() {
            match self.0.read(&mut buffer[filled..]) {
                Ok(0) => break,
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::WouldBlock && filled == 0 => {
                    wait(&self.0, PollFlags::IN, None)?;
                }
                // The next read finds the same.
                Err(_) if filled > 0 => break,
                // So says Linux once the last process has let go of the terminal.
                Err(error) if error.raw_os_error() == Some(Errno::IO.raw_os_error()) => break,
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }
}

/// The input side of a terminal.
struct Input(File);

impl Write for Input {
    fn write(&mut self, input: &[u8]) -> io::Result<usize> {
        loop {
            match self.0.write(input) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    wait(&self.0, PollFlags::OUT, None)?;
                }
                written => return written,
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl fmt::Debug for Pty {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Pty").field("pid", &self.pid).finish_non_exhaustive()
    }
}

/// Makes sure of the program, then says how to start it.
fn command(spawn: &Spawn<'_>) -> Result<CommandBuilder, SpawnError> {
    if let Some(wrong) = spawn.command.iter().find(|part| part.contains('\0')) {
        return Err(SpawnError::InvalidCommand(wrong.clone()));
    }
    let mut builder = match spawn.command {
        // Starts `SHELL` with a minus before its name, which makes it a login shell.
        [] => CommandBuilder::new_default_prog(),
        [name, arguments @ ..] => {
            let program = program::find(name, spawn.cwd, spawn.env)?;
            // Bare names stay bare, so that the program sees the name it was called by;
            // portable-pty looks them up in the same PATH.
            let mut builder = if name.contains('/') {
                CommandBuilder::new(program)
            } else {
                CommandBuilder::new(name)
            };
            builder.args(arguments);
            builder
        }
    };
    builder.env_clear();
    for (name, value) in spawn.env {
        builder.env(name, value);
    }
    if spawn.command.is_empty() {
        builder.env("SHELL", program::find(&shell(spawn.env), spawn.cwd, spawn.env)?);
    }
    builder.cwd(spawn.cwd);
    Ok(builder)
}

fn system(error: anyhow::Error) -> SpawnError {
    SpawnError::Pty(io_error(error))
}

/// portable-pty's errors are untyped; most of them carry an error of the system.
fn io_error(error: anyhow::Error) -> io::Error {
    match error.downcast::<io::Error>() {
        Ok(error) => error,
        Err(error) => io::Error::other(format!("{error:#}")),
    }
}
