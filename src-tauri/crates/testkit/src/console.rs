//! A program on a real terminal, as a person has it in front of them.

use rustix::process::{Pid, WaitOptions, WaitStatus, waitpid};
use std::{
    cell::Cell,
    io::{Read, Write},
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    thread,
};
use synk_pty::{Pty, Spawn};

use crate::{
    processes,
    wait::{PATIENCE, wait},
};

/// A terminal and what was shown on it. Dropping it ends the program.
pub struct Console {
    pty: Pty,
    keyboard: Box<dyn Write + Send>,
    shown: Arc<Mutex<Vec<u8>>>,
    ended: Cell<bool>,
}

impl Console {
    /// Starts a program.
    pub fn start(command: &[String], env: &[(String, String)], cols: u16, rows: u16) -> Self {
        let spawn = Spawn { command, cwd: Path::new("/"), env, cols, rows };
        let pty = Pty::spawn(&spawn).expect("a program on a terminal");
        let keyboard = pty.writer().expect("a keyboard");
        let mut reader = pty.reader().expect("a screen");
        let shown = Arc::new(Mutex::new(Vec::new()));
        let all = Arc::clone(&shown);
        thread::spawn(move || {
            let mut block = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut block) {
                all.lock().unwrap_or_else(PoisonError::into_inner).extend(&block[..count]);
            }
        });
        Self { pty, keyboard, shown, ended: Cell::new(false) }
    }

    /// The program's process.
    pub fn pid(&self) -> u32 {
        self.pty.pid()
    }

    /// Types.
    pub fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).expect("a terminal that takes keys");
    }

    /// Gives the terminal another size.
    pub fn resize(&self, cols: u16, rows: u16) {
        self.pty.resize(cols, rows).expect("a terminal of that size");
    }

    /// All that was shown so far.
    pub fn shown(&self) -> String {
        let shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&shown).into_owned()
    }

    /// Waits until `text` was shown.
    #[track_caller]
    pub fn wait_for(&self, text: &str) {
        let found = wait(|| self.shown().contains(text).then_some(()));
        assert!(
            found.is_some(),
            "waited {PATIENCE:?} in vain for {text:?} among {:?}",
            self.shown()
        );
    }

    /// Waits for the program's end and answers its exit code; 128 + the signal when one
    /// ended it.
    #[track_caller]
    pub fn exit_code(&self) -> i32 {
        let Some(status) = self.wait() else {
            panic!("the program did not end; it showed {:?}", self.shown());
        };
        let signal = || status.terminating_signal().map(|signal| 128 + signal);
        status.exit_status().or_else(signal).expect("an end")
    }

    fn wait(&self) -> Option<WaitStatus> {
        let pid = i32::try_from(self.pid()).ok().and_then(Pid::from_raw);
        let ended = wait(|| waitpid(pid, WaitOptions::NOHANG).expect("a child of this process"));
        self.ended.set(ended.is_some());
        ended.map(|(_, status)| status)
    }
}

impl Drop for Console {
    fn drop(&mut self) {
        // Its id may be another's once it has been waited for.
        if !self.ended.get() {
            processes::end_group(self.pid());
            self.wait();
        }
    }
}
