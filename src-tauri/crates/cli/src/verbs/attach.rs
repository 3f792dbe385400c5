//! `synk attach`

use anyhow::Context;
use crossterm::terminal;
use std::{
    io::{self, IsTerminal, Read, Write},
    thread,
    time::Duration,
};
use synk_client::{Output, Shim};
use synk_protocol::{SessionState, TerminalSize, WireError};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::mpsc,
    time::timeout,
};

use super::{Which, connect, find};

/// Ctrl-\, the byte that detaches when it comes twice.
const DETACH: u8 = 0x1c;
/// How long keys may take to arrive that were typed before detaching.
const FAREWELL: Duration = Duration::from_secs(1);
/// Leaves the alternate screen and every mode that a program may have set.
const RESTORE: &[u8] = b"\x1b[?1049l\x1b[r\x1b[?1000;1002;1003;1004;1006;2004;2026l\x1b[?7;25h\
    \x1b[?1;6l\x1b>\x1b[4l\x1b[0 q\x1b[0m\x1b]8;;\x1b\\\r\n";

/// Use a session from this terminal
///
/// Ctrl-\ pressed twice detaches; the session goes on.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
}

/// Why the terminal is the user's own again.
enum End {
    Detached,
    Exited(Option<i32>),
    Gone,
}

pub(crate) async fn run(args: &Args) -> anyhow::Result<()> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(WireError::invalid(
            "attach needs a terminal on both sides; `synk screen` and `synk logs` print instead",
        )
        .into());
    }
    let (places, daemon) = connect().await?;
    let session = find(&daemon, &args.which.session).await?;
    let (shim, output) = Shim::connect(&places.shim_socket(session.session_id)).await?;
    terminal::enable_raw_mode().context("putting the terminal into raw mode")?;
    let end = pump(shim, output).await;
    let restored = io::stdout().write_all(RESTORE).and_then(|()| io::stdout().flush());
    terminal::disable_raw_mode().context("putting the terminal back")?;
    restored.context("putting the terminal back")?;
    let name = &session.name;
    crate::output::print(&match end? {
        End::Detached => format!("[detached from {name}; `synk attach {name}` returns]\n"),
        End::Exited(Some(code)) => format!("[{name} exited with code {code}]\n"),
        End::Exited(None) => format!("[{name} exited]\n"),
        End::Gone => format!("[{name} was ended]\n"),
    })
}

async fn pump(shim: Shim, mut output: mpsc::Receiver<Output>) -> anyhow::Result<End> {
    let mut resized = signal(SignalKind::window_change()).context("listening to signals")?;
    let mut keys = read_keys()?;
    let mut detach = Detach::default();
    let mut record = shim.record();
    shim.attach(Some(size()?), false).await?;
    let mut seen = false;
    loop {
        let exited = {
            let record = record.borrow_and_update();
            (record.state == SessionState::Exited).then_some(record.exit_code)
        };
        // A session that had ended before has a last screen to show all the same.
        if let Some(code) = exited.filter(|_| seen) {
            // Its last output was sent before the news of its end.
            while let Ok(output) = output.try_recv() {
                show(&output.bytes)?;
            }
            return Ok(End::Exited(code));
        }
        tokio::select! {
            Some(Output { bytes, offset, .. }) = output.recv() => {
                show(&bytes)?;
                seen = true;
                shim.acknowledge(offset).await?;
            }
            changed = record.changed() => if changed.is_err() {
                return Ok(End::Gone);
            },
            _ = resized.recv() => shim.resize(size()?).await?,
            typed = keys.recv() => {
                let Some(typed) = typed else { return Ok(End::Detached) };
                let (bytes, leave) = detach.filter(&typed);
                if !bytes.is_empty() {
                    shim.write(bytes).await?;
                }
                if leave {
                    // What was typed before still arrives, unless the program takes nothing.
                    timeout(FAREWELL, shim.flush()).await.ok();
                    return Ok(End::Detached);
                }
            }
        }
    }
}

fn show(bytes: &[u8]) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush()).context("writing to the terminal")
}

fn size() -> anyhow::Result<TerminalSize> {
    let (cols, rows) = terminal::size().context("asking for the terminal's size")?;
    Ok(TerminalSize::new(cols.into(), rows.into())?)
}

/// Reads keys on a thread of its own, which ends with the process: a read of a terminal
/// cannot be called off.
fn read_keys() -> anyhow::Result<mpsc::Receiver<Vec<u8>>> {
    let (sender, keys) = mpsc::channel(16);
    thread::Builder::new()
        .name("keys".to_owned())
        .spawn(move || {
            let mut block = [0; 4096];
            let mut stdin = io::stdin().lock();
            while let Ok(count @ 1..) = stdin.read(&mut block) {
                if sender.blocking_send(block[..count].to_vec()).is_err() {
                    return;
                }
            }
        })
        .context("starting to read keys")?;
    Ok(keys)
}

/// Finds two detach keys in a row. The first is held back until the next key is known.
#[derive(Debug, Default)]
struct Detach {
    held: bool,
}

impl Detach {
    /// What to pass on, and whether to leave.
    fn filter(&mut self, typed: &[u8]) -> (Vec<u8>, bool) {
        let mut bytes = Vec::with_capacity(typed.len() + 1);
        for &byte in typed {
            match (self.held, byte) {
                (true, DETACH) => return (bytes, true),
                (false, DETACH) => self.held = true,
                (held, byte) => {
                    if held {
                        bytes.push(DETACH);
                        self.held = false;
                    }
                    bytes.push(byte);
                }
            }
        }
        (bytes, false)
    }
}

#[cfg(test)]
mod tests {
    use super::Detach;

    #[test]
    fn two_detach_keys_leave_and_one_is_passed_on_with_the_next_key() {
        let mut detach = Detach::default();
        assert_eq!(detach.filter(b"ls\r"), (b"ls\r".to_vec(), false));
        assert_eq!(detach.filter(b"\x1c"), (vec![], false));
        assert_eq!(detach.filter(b"x"), (b"\x1cx".to_vec(), false));
        assert_eq!(detach.filter(b"a\x1c"), (b"a".to_vec(), false));
        assert_eq!(detach.filter(b"\x1cb"), (vec![], true));
    }
}
