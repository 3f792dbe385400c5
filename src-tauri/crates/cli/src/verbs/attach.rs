//! `synk attach`

use anyhow::Context;
use bytes::Bytes;
use crossterm::terminal;
use jiff::Timestamp;
use std::{
    collections::VecDeque,
    fs,
    io::{self, IsTerminal, Read, Write},
    thread,
    time::Duration,
};
use synk_client::{Output, Places, Shim};
use synk_protocol::{
    ErrorCode, RestartSession, SessionId, SessionRecord, SessionState, Success, TerminalSize,
    WireError,
};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::mpsc,
    task::JoinSet,
    time::{Instant, sleep, timeout},
};

use super::{Which, connect, find};

/// Ctrl-\, the byte that detaches when it comes twice.
const DETACH: u8 = 0x1c;
/// How long keys may take to arrive that were typed before detaching.
const FAREWELL: Duration = Duration::from_secs(1);
/// How long a session whose shim is gone may take to be brought back by the daemon…
const RETURN: Duration = Duration::from_secs(10);
/// …and how often it is looked for.
const LOOK: Duration = Duration::from_millis(50);
/// Leaves the alternate screen and every mode, and takes back the character sets, colours and tab
/// stops that a program may have set.
const RESTORE: &[u8] = b"\x1b[?1049l\x1b[r\x0f\x1b(B\x1b)B\x1b*B\x1b+B\x1b[4;20l\
    \x1b[?1;6;9;1000;1002;1003;1004;1005;1006;1016;2004;2026;2031l\x1b[?7;25h\x1b>\x1b[?5W\
    \x1b[0 q\x1b[0m\x1b]8;;\x1b\\\x1b]104\x1b\\\x1b]110\x1b\\\x1b]111\x1b\\\x1b]112\x1b\\\r\n";
/// Reads of the keyboard that may wait for a program that reads nothing; then keys are lost, with
/// a bell for each.
const MAX_WAITING: usize = 4096;
/// A new last line of the screen, whatever is on it.
const LAST_LINE: &str = "\x1b[?6l\x1b[r\x1b[999;1H\x1b[0m\r\n\x1b[K";

/// Use a session from this terminal
///
/// Ctrl-\ pressed twice detaches; the session goes on. One that was lost shows its last
/// screen, and Enter runs it again.
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
    /// Its shim is gone, and nobody brought it back.
    Lost,
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
    let first = match Shim::connect(&places.shim_socket(session.session_id)).await {
        // The daemon may be bringing it back just now.
        Err(error) if error.code == ErrorCode::Unavailable => {
            find_again(&places, session.session_id).await.map_err(|_| error)?
        }
        connected => connected?,
    };
    let told_to_end = told_to_end().context("listening to signals")?;
    terminal::enable_raw_mode().context("putting the terminal into raw mode")?;
    let end = tokio::select! {
        end = stay(&places, session.session_id, first) => end,
        () = told_to_end => Err(anyhow::anyhow!("told to end; the session goes on")),
    };
    let restored = io::stdout().write_all(RESTORE).and_then(|()| io::stdout().flush());
    terminal::disable_raw_mode().context("putting the terminal back")?;
    restored.context("putting the terminal back")?;
    let name = &session.name;
    crate::output::print(&match end? {
        End::Detached => format!("[detached from {name}; `synk attach {name}` returns]\n"),
        End::Exited(Some(code)) => format!("[{name} exited with code {code}]\n"),
        End::Exited(None) => format!("[{name} exited]\n"),
        End::Gone => format!("[{name} was ended]\n"),
        End::Lost => format!("[{name} was lost; `synk attach {name}` shows its last screen]\n"),
    })
}

/// Waits until somebody else has this process end: the terminal makes no signals of keys now.
fn told_to_end() -> io::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut quit = signal(SignalKind::quit())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            _ = quit.recv() => {}
        }
    })
}

/// Shows the session until it ends or is left, over as many connections as that takes.
async fn stay(
    places: &Places,
    session: SessionId,
    first: (Shim, mpsc::Receiver<Output>),
) -> anyhow::Result<End> {
    let keys = Keys { typed: read_keys()?, detach: Detach::default() };
    let resized = signal(SignalKind::window_change()).context("listening to signals")?;
    let mut user = User { keys, resized };
    let (mut shim, mut output) = first;
    loop {
        if let Some(end) = watch(&shim, output, &mut user).await? {
            return Ok(end);
        }
        (shim, output) = tokio::select! {
            found = find_again(places, session) => match found {
                Ok(found) => found,
                Err(end) => return Ok(end),
            },
            () = user.keys.leave() => return Ok(End::Detached),
        };
    }
}

/// Shows the session for as long as one connection lasts; `None` when it was that which ended.
async fn watch(
    shim: &Shim,
    mut output: mpsc::Receiver<Output>,
    user: &mut User,
) -> anyhow::Result<Option<End>> {
    let mut record = shim.record();
    // The connection may be lost already; that is seen below.
    shim.attach(Some(size()?), false, None).await.ok();
    let mut seen = false;
    let mut asked = false;
    let mut restarting: JoinSet<Result<Success, WireError>> = JoinSet::new();
    let mut waiting: VecDeque<Bytes> = VecDeque::new();
    loop {
        let now = record.borrow_and_update().clone();
        // A session that had ended before has a last screen to show all the same.
        if now.state == SessionState::Exited && seen && restarting.is_empty() {
            // Its last output was sent before the news of its end.
            show_rest(&mut output)?;
            let ended = now.closed_at.map_or(End::Exited(now.exit_code), |_| End::Gone);
            return Ok(Some(ended));
        }
        let lost = now.state == SessionState::Lost;
        if lost && seen && !asked {
            show_rest(&mut output)?;
            show(format!("{LAST_LINE}[{}; {CHOICE}]", loss(&now)).as_bytes())?;
        }
        asked = lost && seen;
        tokio::select! {
            received = output.recv() => {
                let Some(Output { bytes, offset, .. }) = received else { return Ok(None) };
                show(&bytes)?;
                seen = true;
                shim.acknowledge(offset).await.ok();
            }
            changed = record.changed() => if changed.is_err() {
                show_rest(&mut output)?;
                return Ok(None);
            },
            Some(restarted) = restarting.join_next() => if let Err(error) = restarted? {
                show(format!("{LAST_LINE}[{error}; {CHOICE}]").as_bytes())?;
            },
            _ = user.resized.recv() => drop(shim.resize(size()?).await),
            (bytes, leave) = user.keys.next() => {
                let runs_again = asked && bytes.contains(&b'\r');
                if runs_again && restarting.is_empty() {
                    restarting.spawn(restart(now.session_id));
                } else if !asked && !bytes.is_empty() && waiting.len() < MAX_WAITING {
                    waiting.push_back(bytes.into());
                    pass_on(shim, &mut waiting);
                } else if !asked && !bytes.is_empty() {
                    show(b"\x07")?;
                }
                if leave {
                    // What was typed before still arrives, unless the program takes nothing.
                    let rest = async {
                        for bytes in waiting {
                            shim.write(bytes).await?;
                        }
                        shim.flush().await
                    };
                    timeout(FAREWELL, rest).await.ok();
                    return Ok(Some(End::Detached));
                }
            }
            () = shim.writable(), if !waiting.is_empty() => pass_on(shim, &mut waiting),
        }
    }
}

/// Passes on what the program's queue has room for.
fn pass_on(shim: &Shim, waiting: &mut VecDeque<Bytes>) {
    while let Some(bytes) = waiting.pop_front() {
        if let Err(bytes) = shim.try_write(bytes) {
            waiting.push_front(bytes);
            return;
        }
    }
}

/// What can be done about a session that was lost.
const CHOICE: &str = "Enter runs it again, Ctrl-\\ Ctrl-\\ leaves";

/// Has the daemon run it again; how is for the daemon to know.
async fn restart(session_id: SessionId) -> Result<Success, WireError> {
    let (_places, daemon) = connect().await?;
    daemon.call(RestartSession { session_id, when_idle: None }).await
}

/// The session's next shim, once there is one.
async fn find_again(
    places: &Places,
    session: SessionId,
) -> Result<(Shim, mpsc::Receiver<Output>), End> {
    let limit = Instant::now() + RETURN;
    while Instant::now() < limit {
        if let Ok(found) = Shim::connect(&places.shim_socket(session)).await {
            return Ok(found);
        }
        // The last shim, or the daemon after it, wrote down that the session was closed.
        let record = fs::read(places.record(session)).ok();
        let record = record.and_then(|json| serde_json::from_slice::<SessionRecord>(&json).ok());
        if record.is_none_or(|record| record.closed_at.is_some()) {
            return Err(End::Gone);
        }
        sleep(LOOK).await;
    }
    Err(End::Lost)
}

/// That a session was lost, and when.
fn loss(record: &SessionRecord) -> String {
    let now = u64::try_from(Timestamp::now().as_millisecond()).unwrap_or(0);
    let seconds = record.ended_at.map(|at| now.saturating_sub(at) / 1000);
    let (count, unit) = match seconds {
        None => return format!("{} was lost", record.name),
        Some(0..=9) => return format!("{} was lost just now", record.name),
        Some(seconds @ ..60) => (seconds, "second"),
        Some(seconds @ ..3600) => (seconds / 60, "minute"),
        Some(seconds @ ..86_400) => (seconds / 3600, "hour"),
        Some(seconds) => (seconds / 86_400, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{} was lost {count} {unit}{plural} ago", record.name)
}

fn show(bytes: &[u8]) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush()).context("writing to the terminal")
}

fn show_rest(output: &mut mpsc::Receiver<Output>) -> anyhow::Result<()> {
    while let Ok(output) = output.try_recv() {
        show(&output.bytes)?;
    }
    Ok(())
}

fn size() -> anyhow::Result<TerminalSize> {
    let said = terminal::size().context("asking for the terminal's size")?;
    Ok(sized(said)?)
}

/// The size of a terminal that says it has so many columns and rows. Nobody has told one that has
/// none, as under `script` without a terminal of its own; then it is as large as most once were.
fn sized((cols, rows): (u16, u16)) -> Result<TerminalSize, WireError> {
    let or = |said: u16, usual| if said == 0 { usual } else { u32::from(said) };
    TerminalSize::new(or(cols, 80), or(rows, 24))
}

/// The person at this terminal.
struct User {
    keys: Keys,
    resized: Signal,
}

/// What is typed.
struct Keys {
    typed: mpsc::Receiver<Vec<u8>>,
    detach: Detach,
}

impl Keys {
    /// What is typed next, and whether the user leaves. Safe to cancel.
    async fn next(&mut self) -> (Vec<u8>, bool) {
        match self.typed.recv().await {
            Some(typed) => self.detach.filter(&typed),
            None => (Vec::new(), true),
        }
    }

    /// Returns once the user leaves; all else that is typed is for nobody.
    async fn leave(&mut self) {
        while !self.next().await.1 {}
    }
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
    use super::{Detach, loss, sized};
    use synk_protocol::{SessionRecord, TerminalSize};

    #[test]
    fn a_terminal_that_was_told_no_size_has_the_usual_one() {
        assert_eq!(sized((0, 0)).unwrap(), TerminalSize { cols: 80, rows: 24 });
        assert_eq!(sized((120, 40)).unwrap(), TerminalSize { cols: 120, rows: 40 });
    }

    #[test]
    fn a_loss_is_told_with_its_time() {
        let record = serde_json::json!({
            "schemaVersion": 1, "sessionId": 1, "name": "build", "agentType": "terminal",
            "projectPath": "/", "workingDir": "/", "command": [], "paneIndex": null,
            "createdAt": 0, "shimPid": 1, "pid": null, "cols": 80, "rows": 24, "state": "lost",
            "exitCode": null
        });
        let mut record: SessionRecord = serde_json::from_value(record).unwrap();
        assert_eq!(loss(&record), "build was lost");
        let now = u64::try_from(jiff::Timestamp::now().as_millisecond()).unwrap();
        for (seconds, told) in [
            (0, "just now"),
            (30, "30 seconds ago"),
            (70, "1 minute ago"),
            (7300, "2 hours ago"),
            (400_000, "4 days ago"),
        ] {
            record.ended_at = Some(now - seconds * 1000);
            assert_eq!(loss(&record), format!("build was lost {told}"));
        }
    }

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
