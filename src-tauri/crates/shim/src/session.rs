//! The session loop: the one owner of the terminal, the screen model, the log's queue and
//! the viewers. Everything that happens to a session arrives here as a message, a signal, a
//! chunk of output or a deadline, one at a time.

mod flood;
mod life;
mod passage;
mod requests;
mod shell;
mod showing;
mod signals;
mod upkeep;

use flood::Flood;
pub(crate) use life::running_on;
use life::{Asked, DRAIN_LIMIT, DRAIN_QUIET, Drain, End, Then};
use passage::{Heard, next_chunk};
use requests::Typing;
use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    time::Duration,
};
use synk_log::Size;
use synk_protocol::{SessionRecord, SessionState, ShimSpec, TerminalSize, WireError};
use synk_screen::{Palette, Screen};
use synk_socket::{Listener, Lock};
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::mpsc,
    task::{JoinHandle, yield_now},
    time::{Instant, sleep_until, timeout},
};

use crate::{
    batch::Batch,
    connection::{self, ConnectionId, Message},
    disk::Disk,
    terminal::{Chunk, InputTaken, OUTPUT_CHUNKS, Terminal},
    viewer::Viewer,
};
use shell::StartingShell;
use signals::Observer;
pub(crate) use upkeep::now_millis;
use upkeep::{Lookout, hold};

/// Messages from connections that may wait.
const INBOX: usize = 256;
/// News that somebody typed, and that the program has it, is told so long after it: they wait for
/// the echo, which goes first. What rests on it is not late: a prompt is typed only into the
/// revision that was seen.
const ECHO: Duration = Duration::from_millis(10);

/// A session, and what it listens to.
pub(crate) struct Session {
    /// Large, so that it is not to be moved about with the futures that it waits in.
    state: Box<State>,
    events: Events,
    server: JoinHandle<()>,
    lock: Lock,
}

/// Where a program's output, the fate of its input and signals come from: there before the
/// program is, and before its session when the program waits for one.
pub(crate) struct Sources {
    pub(crate) output_in: mpsc::Sender<Chunk>,
    pub(crate) output: mpsc::Receiver<Chunk>,
    pub(crate) taken_in: mpsc::Sender<InputTaken>,
    pub(crate) taken: mpsc::Receiver<InputTaken>,
    pub(crate) child_ended: Signal,
    pub(crate) terminate: Signal,
}

impl Sources {
    pub(crate) fn new() -> Result<Self, WireError> {
        let failed = |error| WireError::internal(format!("listening to signals: {error}"));
        let (output_in, output) = mpsc::channel(OUTPUT_CHUNKS);
        let (taken_in, taken) = mpsc::channel(INBOX);
        Ok(Self {
            output_in,
            output,
            taken_in,
            taken,
            child_ended: signal(SignalKind::child()).map_err(failed)?,
            terminate: signal(SignalKind::terminate()).map_err(failed)?,
        })
    }
}

/// A program that runs already, and what it has put out, which belongs to the session that
/// it now has.
pub(crate) struct Claimed {
    pub(crate) terminal: Terminal,
    pub(crate) screen: Screen,
    /// Milliseconds since 1970.
    pub(crate) started_at: u64,
    /// The terminal's size at the start.
    pub(crate) size: TerminalSize,
    /// Put out at that size.
    pub(crate) before: Vec<u8>,
    /// Put out since, at the session's size.
    pub(crate) since: Vec<u8>,
    /// Some of that was put out by what the session is, not by the shell that waited.
    pub(crate) spoke: bool,
    /// It has ended meanwhile, with that code.
    pub(crate) ended: Option<i32>,
}

/// Where everything comes from. Apart from [`State`], so that waiting borrows only this.
struct Events {
    inbox: mpsc::Receiver<Message>,
    output: mpsc::Receiver<Chunk>,
    taken: mpsc::Receiver<InputTaken>,
    notices: mpsc::Receiver<String>,
    child_ended: Signal,
    terminate: Signal,
}

/// The session itself.
struct State {
    record: SessionRecord,
    env: Vec<(String, String)>,
    /// The user's shell is started as a login shell.
    login: bool,
    screen: Screen,
    /// Lines above the screen that it keeps; older ones are in the log.
    scrollback: usize,
    /// The colours of the viewer that attached last.
    palette: Option<Palette>,
    disk: Disk,
    terminal: Option<Terminal>,
    generation: u32,
    /// Programs up to this one had processes that could not be ended, and are heard no more.
    let_be: u32,
    /// For the threads of the next program.
    output: mpsc::Sender<Chunk>,
    taken: mpsc::Sender<InputTaken>,
    /// Bytes the session has put out, over all its programs.
    offset: u64,
    batch: Batch,
    /// The program put something out last.
    heard_at: Instant,
    viewers: HashMap<ConnectionId, Viewer>,
    /// A snapshot or news found no room; try again then.
    send_again: Option<Instant>,
    /// When the viewers are told of input that the program has taken.
    tell_input_at: Option<Instant>,
    /// Until when snapshots wait for the end of a synchronized update.
    held_until: Option<Instant>,
    pending_replies: u64,
    lookout: Lookout,
    flood: Flood,
    observer: Observer,
    /// The program is a shell that is not at its first prompt yet.
    starting_shell: Option<StartingShell>,
    /// A folder for such a shell's channel.
    shell_dir: PathBuf,
    /// Whose text is being typed.
    typing: Option<Typing>,
    /// Texts that were typed so far, over all programs.
    typed: u64,
    drain: Option<Drain>,
    end: Option<End>,
    /// Who is told that the session is closed, once the disk says so.
    farewells: Vec<Asked>,
    /// For the user, from a time when nobody was connected.
    untold: Option<String>,
    over: bool,
}

impl Session {
    /// Listens, and starts the program, takes over one that runs, or shows the last screen of
    /// the one that was lost. The sources were there before the program, so that its end
    /// cannot be missed. Refused while another shim has the session.
    pub(crate) async fn start(
        spec: ShimSpec,
        sources: Sources,
        claimed: Option<Box<Claimed>>,
    ) -> Result<Self, WireError> {
        let Sources { output_in, output, taken_in, taken, child_ended, terminate } = sources;
        let (inbox_in, inbox) = mpsc::channel(INBOX);
        let ShimSpec {
            mut record,
            env,
            session_dir,
            socket,
            log_limit_bytes,
            scrollback_lines,
            asleep,
            login,
        } = spec;
        let lock = hold(&session_dir, record.shim_pid).await?;
        let scrollback = usize::try_from(scrollback_lines).unwrap_or(usize::MAX);
        let former = record.pid.take().zip(record.started_at);
        record.shim_pid = std::process::id();
        let screen = if asleep {
            last_screen(&session_dir, &mut record, scrollback)
        } else {
            Screen::new(record.cols, record.rows, scrollback)
        };
        let size =
            claimed.as_ref().map_or((record.cols, record.rows), |c| (c.size.cols, c.size.rows));
        let size = Size { cols: size.0, rows: size.1 };
        let (disk, notices) = Disk::start(&session_dir, size, log_limit_bytes)?;
        let mut state = Box::new(State {
            record,
            env,
            login,
            screen,
            scrollback,
            palette: None,
            offset: disk.offset(),
            disk,
            terminal: None,
            generation: 0,
            let_be: 0,
            output: output_in,
            taken: taken_in,
            batch: Batch::new(Instant::now()),
            heard_at: Instant::now(),
            viewers: HashMap::new(),
            send_again: None,
            tell_input_at: None,
            held_until: None,
            pending_replies: 0,
            lookout: Lookout::default(),
            flood: Flood::default(),
            observer: Observer::default(),
            starting_shell: None,
            shell_dir: session_dir.join("shell"),
            typing: None,
            typed: 0,
            drain: None,
            end: None,
            farewells: Vec::new(),
            untold: None,
            over: false,
        });
        match claimed {
            Some(claimed) => state.take_over(*claimed).await,
            None if asleep => state.sleep(former),
            None => state.spawn(None)?,
        }
        // From the moment that anybody knows of this session, its record is on disk.
        state.disk.flush().await;
        let listener = Listener::bind(&socket);
        if listener.is_err() {
            // Nobody will ever reach this program.
            state.give_up();
        }
        let events = Events { inbox, output, taken, notices, child_ended, terminate };
        match listener {
            Ok(listener) => {
                let server = tokio::spawn(connection::serve(listener, inbox_in));
                Ok(Self { state, events, server, lock })
            }
            Err(error) => {
                let server = tokio::spawn(async {});
                Self { state, events, server, lock }.run().await?;
                Err(error)
            }
        }
    }

    /// Ends the session that nobody asked for any more.
    pub(crate) async fn abandon(mut self) -> Result<(), WireError> {
        self.state.give_up();
        self.run().await
    }

    /// Serves until the session is over.
    pub(crate) async fn run(self) -> Result<(), WireError> {
        let Self { mut state, mut events, server, lock } = self;
        while !state.over {
            let deadline = state.deadline();
            tokio::select! {
                // Requests first: a flood of output must not hold up a keystroke.
                biased;
                Some(message) = events.inbox.recv() => state.on_message(message),
                // A system that shuts down tells the program too, which did not end by itself then.
                _ = events.terminate.recv() => state.begin_end(Then::Leave, None, None),
                _ = events.child_ended.recv() => state.on_child_ended(),
                Some(taken) = events.taken.recv() => state.on_input_taken(&taken),
                // Kept for the first who connects.
                Some(notice) = events.notices.recv(), if !state.viewers.is_empty() => {
                    state.notify(&notice);
                }
                () = sleep_until(deadline.unwrap_or_else(Instant::now)), if deadline.is_some() => {
                    state.on_deadline();
                }
                Some((permit, chunk)) = next_chunk(&state.disk, &mut events.output) => {
                    let heard = state.on_output(permit, chunk);
                    if let Some(Heard { permit, bytes, passed_on }) = heard {
                        if passed_on {
                            // Who types waits for it; the disk's thread would go first.
                            yield_now().await;
                        }
                        state.disk.append(permit, bytes);
                    }
                }
            }
        }
        // The last words of the processes that were ended belong in the log; those of one that
        // runs on may have no end.
        let last_words = async {
            while let Ok(Some((permit, chunk))) =
                timeout(DRAIN_QUIET, next_chunk(&state.disk, &mut events.output)).await
            {
                if chunk.bytes.is_none() {
                    break;
                }
                if let Some(Heard { permit, bytes, .. }) = state.on_output(permit, chunk) {
                    state.disk.append(permit, bytes);
                }
            }
        };
        timeout(DRAIN_LIMIT, last_words).await.ok();
        state.disk.flush().await;
        state.say_farewell();
        // The server ends once the inbox is closed and the viewers' queues are empty.
        state.viewers.clear();
        drop(events);
        if server.await.is_err() {
            tracing::error!("the connections ended badly");
        }
        state.disk.close().await;
        // From here on another may write to its files.
        drop(lock);
        Ok(())
    }
}

/// What was on the screen when the log ended, at the size that it had then, and where that is.
fn last_screen(session_dir: &Path, record: &mut SessionRecord, scrollback: usize) -> Screen {
    match synk_log::screen_at(session_dir, None, scrollback) {
        Ok(past) => {
            (record.cols, record.rows) = (past.size.cols, past.size.rows);
            return past.screen;
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => tracing::error!("the last screen cannot be shown: reading the log: {error}"),
    }
    Screen::new(record.cols, record.rows, scrollback)
}

impl State {
    /// Begins without a program. One that ran before, with its id and start, is ended.
    fn sleep(&mut self, former: Option<(u32, u64)>) {
        if self.record.state != SessionState::Exited {
            self.record.state = SessionState::Lost;
        }
        self.record_changed();
        if let Some((pid, started_at)) = former {
            self.end_former(pid, started_at);
        }
    }

    /// Ends before anybody has heard of this shim. A session that was there before it stays.
    fn give_up(&mut self) {
        let then = if self.terminal.is_none() { Then::Leave } else { Then::Close };
        self.begin_end(then, None, None);
    }

    /// Answers those who asked for the session to be closed.
    fn say_farewell(&mut self) {
        for (id, request) in std::mem::take(&mut self.farewells) {
            self.answer(id, request, Ok(()));
        }
    }

    /// The earliest moment at which something is due by itself.
    fn deadline(&self) -> Option<Instant> {
        [
            self.batch.deadline(),
            self.send_again,
            self.tell_input_at,
            self.redraw_at(Instant::now()),
            self.screen.sync_deadline().map(Instant::from_std),
            self.lookout.due(),
            self.flood.due(),
            self.observer.deadline(),
            self.drained_at(),
            self.end.as_ref().map(|end| end.next_step),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    fn on_deadline(&mut self) {
        let now = Instant::now();
        let due = |at: Option<Instant>| at.is_some_and(|at| at <= now);
        if due(self.screen.sync_deadline().map(Instant::from_std)) {
            self.screen.flush_sync();
        }
        if due(self.redraw_at(now))
            && self.terminal.as_ref().is_some_and(|one| one.pty.has_output())
        {
            // It is this shim that was too slow to hear it.
            self.heard_at = now;
        }
        if due(self.batch.deadline()) || due(self.redraw_at(now)) {
            self.flush(now);
        }
        if due(self.lookout.due()) {
            self.look_around();
        }
        if due(self.flood.due()) {
            self.flood.on_deadline(now);
        }
        if self.send_again.is_some_and(|at| at <= now) {
            self.send_again = None;
            self.flush(now);
            self.send_news();
        }
        if due(self.tell_input_at) {
            self.tell_input_at = None;
            self.viewers.values_mut().for_each(Viewer::tell_input);
            self.send_news();
        }
        if self.observer.is_to_look(now) {
            self.look_who_has_the_terminal();
        }
        if self.observer.on_deadline(now) {
            self.viewers.values_mut().for_each(Viewer::signals_changed);
            self.send_news();
        }
        if due(self.drained_at()) {
            self.drained();
        }
        if self.end.as_ref().is_some_and(|end| end.next_step <= now) {
            self.step_end(now);
        }
    }

    /// The terminal's size, as the log has it.
    fn size(&self) -> Size {
        Size { cols: self.record.cols, rows: self.record.rows }
    }

    /// Gives the terminal, the model and the record another size.
    fn resize(&mut self, size: TerminalSize) {
        if (self.record.cols, self.record.rows) == (size.cols, size.rows) {
            return;
        }
        // What was written for the old size must be seen at the old size.
        self.flush(Instant::now());
        (self.record.cols, self.record.rows) = (size.cols, size.rows);
        self.screen.flush_sync();
        self.screen.resize(size.cols, size.rows);
        self.disk.resized(self.size());
        if let Some(terminal) = &self.terminal
            && let Err(error) = terminal.pty.resize(size.cols, size.rows)
        {
            tracing::warn!("resizing the terminal: {error}");
        }
        self.record_changed();
    }
}
