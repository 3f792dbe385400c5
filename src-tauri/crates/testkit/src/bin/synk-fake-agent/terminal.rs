//! The agent's terminal: raw, written to at once, and read no further than somebody wants to
//! read, but for two blocks. Leaving it gives it back as it was.

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};
use std::{
    io::{self, Read, Write},
    thread,
};
use tokio::sync::mpsc;

/// As much as is read at once; a terminal gives no more than 4 KiB.
const BLOCK: usize = 64 * 1024;

/// A terminal in raw mode.
pub(crate) struct Terminal {
    before: Termios,
    keyboard: mpsc::Receiver<Vec<u8>>,
    alternate: bool,
}

impl Terminal {
    /// Takes the terminal that standard input is.
    pub(crate) fn enter(alternate: bool) -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut raw = before.clone();
        raw.make_raw();
        tcsetattr(io::stdin(), OptionalActions::Now, &raw)?;
        let (sender, keyboard) = mpsc::channel(1);
        thread::spawn(move || {
            let mut block = vec![0; BLOCK];
            while let Ok(count @ 1..) = io::stdin().lock().read(&mut block) {
                if sender.blocking_send(block[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let terminal = Self { before, keyboard, alternate };
        terminal.write(if alternate { "\x1b[?1049h" } else { "" })?;
        Ok(terminal)
    }

    /// The next bytes; none once the terminal is gone.
    pub(crate) async fn read(&mut self) -> Option<Vec<u8>> {
        self.keyboard.recv().await
    }

    /// Writes all of it.
    #[expect(clippy::unused_self, reason = "only who has the terminal writes to it")]
    pub(crate) fn write(&self, text: &str) -> io::Result<()> {
        let mut stdout = io::stdout().lock();
        stdout.write_all(text.as_bytes())?;
        stdout.flush()
    }

    /// Columns and rows.
    #[expect(clippy::unused_self, reason = "it is this terminal's")]
    pub(crate) fn size(&self) -> (usize, usize) {
        let size = tcgetwinsize(io::stdin()).ok();
        size.filter(|size| size.ws_col > 0 && size.ws_row > 0)
            .map_or((80, 24), |size| (size.ws_col.into(), size.ws_row.into()))
    }

    /// Gives it back.
    pub(crate) fn leave(&self) -> io::Result<()> {
        let alternate = if self.alternate { "\x1b[?1049l" } else { "\r\n" };
        self.write(&format!("\x1b[?2004l\x1b[?25h{alternate}"))?;
        tcsetattr(io::stdin(), OptionalActions::Now, &self.before)?;
        Ok(())
    }
}
