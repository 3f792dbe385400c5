//! A program on a terminal, as a test drives it: type, wait for output, wait for the end.

use std::io::Write;
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, WaitId, WaitIdOptions, test_kill_process, waitid};
use synk_pty::{Ending, Pty, Spawn, SpawnError, Step, reap};

/// Longer than anything here takes on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) struct Terminal {
    pub(crate) pty: Pty,
    output: Receiver<Vec<u8>>,
    seen: String,
}

pub(crate) fn environment(more: &[(&str, &str)]) -> Vec<(String, String)> {
    [("PATH", "/usr/local/bin:/usr/bin:/bin"), ("TERM", "xterm-256color"), ("HOME", "/")]
        .iter()
        .chain(more)
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

pub(crate) fn try_spawn(
    command: &[&str],
    cwd: &Path,
    env: &[(String, String)],
) -> Result<Pty, SpawnError> {
    let command: Vec<String> = command.iter().map(|part| (*part).to_owned()).collect();
    Pty::spawn(&Spawn { command: &command, cwd, env, cols: 80, rows: 24 })
}

impl Terminal {
    pub(crate) fn start(command: &[&str]) -> Self {
        Self::start_in(command, Path::new("/"), &environment(&[]))
    }

    pub(crate) fn start_in(command: &[&str], cwd: &Path, env: &[(String, String)]) -> Self {
        let pty = try_spawn(command, cwd, env).unwrap();
        let mut reader = pty.reader().unwrap();
        let (sender, output) = channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self { pty, output, seen: String::new() }
    }

    pub(crate) fn type_in(&self, text: &str) {
        self.pty.writer().unwrap().write_all(text.as_bytes()).unwrap();
    }

    /// Waits until the output has `text` in it, and passes over it; returns what was before.
    pub(crate) fn expect(&mut self, text: &str) -> String {
        let (before, after) =
            self.wait(text, |seen| seen.find(text).map(|at| (at, at + text.len())));
        let rest = self.seen.split_off(after);
        let mut passed = std::mem::replace(&mut self.seen, rest);
        passed.truncate(before);
        passed
    }

    /// Waits for `name=` and a number on a line, wherever in the output it is.
    pub(crate) fn number(&mut self, name: &str) -> u32 {
        self.wait(name, |seen| {
            let (_, after) = seen.split_once(&format!("{name}="))?;
            after.split_once('\r')?.0.parse().ok()
        })
    }

    fn wait<T>(&mut self, what: &str, find: impl Fn(&str) -> Option<T>) -> T {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(found) = find(&self.seen) {
                return found;
            }
            match self.output.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.seen.push_str(&String::from_utf8_lossy(&bytes)),
                Err(error) => panic!("no {what:?} ({error}) in {:?}", self.seen),
            }
        }
    }

    /// Waits for the end of the output; returns all of it that was not waited for before.
    pub(crate) fn rest(&mut self) -> String {
        loop {
            match self.output.recv_timeout(PATIENCE) {
                Ok(bytes) => self.seen.push_str(&String::from_utf8_lossy(&bytes)),
                Err(RecvTimeoutError::Disconnected) => return std::mem::take(&mut self.seen),
                Err(RecvTimeoutError::Timeout) => panic!("no end after {:?}", self.seen),
            }
        }
    }
}

/// Waits for a child's end and returns its code. Other children are reaped on the way.
pub(crate) fn exit_code(pid: u32) -> i32 {
    loop {
        // Blocks until a child has ended and leaves it for `reap`.
        waitid(WaitId::All, WaitIdOptions::EXITED | WaitIdOptions::NOWAIT).unwrap();
        if let Some(exited) = reap().into_iter().find(|exited| exited.pid == pid) {
            return exited.code;
        }
    }
}

/// Whether a process exists, if only to be reaped.
pub(crate) fn exists(pid: u32) -> bool {
    test_kill_process(Pid::from_raw(i32::try_from(pid).unwrap()).unwrap()).is_ok()
}

/// Ends the tree below this process, as its owner's loop would; returns how long it took.
pub(crate) fn end(leader: Option<u32>) -> Duration {
    end_all(Ending::new(leader))
}

/// The same, for any tree.
pub(crate) fn end_all(mut ending: Ending) -> Duration {
    let begun = Instant::now();
    let left = loop {
        match ending.step(Instant::now()) {
            Step::Again(after) => {
                assert!(begun.elapsed() < PATIENCE, "the tree does not end");
                reap();
                thread::park_timeout(after);
            }
            Step::Over(left) => break left,
        }
    };
    reap();
    assert_eq!(left, [], "what could not be ended");
    begun.elapsed()
}
