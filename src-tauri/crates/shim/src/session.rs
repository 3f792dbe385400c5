//! The session loop: the one owner of the terminal, the screen model, the log's queue and
//! the viewers. Everything that happens to a session arrives here as a message, a signal, a
//! chunk of output or a deadline, one at a time.

mod requests;

use std::{collections::HashMap, path::Path, time::Duration};
use synk_protocol::{
    ErrorCode, SessionRecord, SessionState, ShimMessage, ShimSpec, TerminalSize, WireError,
};
use synk_pty::{Ending, Spawn, SpawnError, Step};
use synk_screen::Screen;
use synk_socket::Listener;
use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::mpsc,
    task::JoinHandle,
    time::{Instant, sleep_until, timeout},
};

use crate::{
    batch::Batch,
    connection::{self, ConnectionId, Message},
    disk::{Disk, LogPermit},
    terminal::{Chunk, Input, InputTaken, OUTPUT_CHUNKS, Terminal},
    viewer::Viewer,
};

/// Lines of history in the screen model; older ones are in the log.
const SCROLLBACK_LINES: usize = 5000;
/// Messages from connections that may wait.
const INBOX: usize = 256;
/// After the program's end its last output may still be on its way; it is waited for until
/// it was quiet for so long…
const DRAIN_QUIET: Duration = Duration::from_millis(100);
/// …or until so long after the end, should something else go on writing.
const DRAIN_LIMIT: Duration = Duration::from_secs(2);
/// How soon a snapshot or news is sent again that found a connection's queue full.
const SEND_AGAIN: Duration = Duration::from_millis(50);
/// Answers to terminal queries that may wait for a program that does not read them.
const MAX_PENDING_REPLIES: u64 = 64 * 1024;

/// A session, and what it listens to.
pub(crate) struct Session {
    state: State,
    events: Events,
    server: JoinHandle<()>,
}

/// Where everything comes from. Apart from [`State`], so that waiting borrows only this.
struct Events {
    inbox: mpsc::Receiver<Message>,
    output: mpsc::Receiver<Chunk>,
    taken: mpsc::Receiver<InputTaken>,
    child_ended: Signal,
    terminate: Signal,
}

/// The session itself.
struct State {
    record: SessionRecord,
    env: Vec<(String, String)>,
    screen: Screen,
    disk: Disk,
    terminal: Option<Terminal>,
    generation: u32,
    /// For the threads of the next program.
    output: mpsc::Sender<Chunk>,
    taken: mpsc::Sender<InputTaken>,
    /// Bytes the session has put out, over all its programs.
    offset: u64,
    batch: Batch,
    viewers: HashMap<ConnectionId, Viewer>,
    /// A snapshot or news found no room; try again then.
    send_again: Option<Instant>,
    pending_replies: u64,
    drain: Option<Drain>,
    end: Option<End>,
    over: bool,
}

/// The program has ended; its last output is waited for.
struct Drain {
    code: i32,
    quiet_at: Instant,
    limit: Instant,
}

/// The process tree is being ended.
struct End {
    ending: Ending,
    next_step: Instant,
    /// Who waits for it.
    asked: Vec<(ConnectionId, u32)>,
    then: Then,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    Restart,
    Exit,
}

impl Session {
    /// Listens, and starts the program.
    pub(crate) async fn start(spec: ShimSpec) -> Result<Self, WireError> {
        let failed = |error| WireError::internal(format!("listening to signals: {error}"));
        // Before the program starts, so that its end cannot be missed.
        let child_ended = signal(SignalKind::child()).map_err(failed)?;
        let terminate = signal(SignalKind::terminate()).map_err(failed)?;
        let (output_in, output) = mpsc::channel(OUTPUT_CHUNKS);
        let (taken_in, taken) = mpsc::channel(INBOX);
        let (inbox_in, inbox) = mpsc::channel(INBOX);
        let (cols, rows) = (spec.record.cols, spec.record.rows);
        let mut state = State {
            record: SessionRecord { shim_pid: std::process::id(), ..spec.record },
            env: spec.env,
            screen: Screen::new(cols, rows, SCROLLBACK_LINES),
            disk: Disk::start(&spec.session_dir)?,
            terminal: None,
            generation: 0,
            output: output_in,
            taken: taken_in,
            offset: 0,
            batch: Batch::new(Instant::now()),
            viewers: HashMap::new(),
            send_again: None,
            pending_replies: 0,
            drain: None,
            end: None,
            over: false,
        };
        state.spawn()?;
        // From the moment that anybody knows of this session, its record is on disk.
        state.disk.flush().await;
        let listener = Listener::bind(&spec.socket);
        if listener.is_err() {
            // Nobody will ever reach this program.
            state.begin_end(Then::Exit, None);
        }
        let events = Events { inbox, output, taken, child_ended, terminate };
        match listener {
            Ok(listener) => {
                let server = tokio::spawn(connection::serve(listener, inbox_in));
                Ok(Self { state, events, server })
            }
            Err(error) => {
                let server = tokio::spawn(async {});
                Self { state, events, server }.run().await?;
                Err(error)
            }
        }
    }

    /// Ends the session that nobody asked for any more.
    pub(crate) async fn abandon(mut self) -> Result<(), WireError> {
        self.state.begin_end(Then::Exit, None);
        self.run().await
    }

    /// Serves until the session is over.
    pub(crate) async fn run(self) -> Result<(), WireError> {
        let Self { mut state, mut events, server } = self;
        while !state.over {
            let deadline = state.deadline();
            tokio::select! {
                // Requests first: a flood of output must not hold up a keystroke.
                biased;
                Some(message) = events.inbox.recv() => state.on_message(message),
                _ = events.child_ended.recv() => state.on_child_ended(),
                _ = events.terminate.recv() => state.begin_end(Then::Exit, None),
                Some(taken) = events.taken.recv() => state.on_input_taken(&taken),
                () = sleep_until(deadline.unwrap_or_else(Instant::now)), if deadline.is_some() => {
                    state.on_deadline();
                }
                Some((permit, chunk)) = next_chunk(&state.disk, &mut events.output) => {
                    state.on_output(permit, chunk);
                }
            }
        }
        // The last words of the processes that were ended belong in the log.
        while let Ok(Some((permit, chunk))) =
            timeout(DRAIN_QUIET, next_chunk(&state.disk, &mut events.output)).await
        {
            if chunk.bytes.is_none() {
                break;
            }
            state.on_output(permit, chunk);
        }
        // The server ends once the inbox is closed and the viewers' queues are empty.
        state.viewers.clear();
        drop(events);
        if server.await.is_err() {
            tracing::error!("the connections ended badly");
        }
        state.disk.close().await;
        Ok(())
    }
}

/// The next chunk, once the log has room for it. Safe to cancel.
async fn next_chunk(disk: &Disk, output: &mut mpsc::Receiver<Chunk>) -> Option<(LogPermit, Chunk)> {
    let permit = disk.reserve().await?;
    Some((permit, output.recv().await?))
}

impl State {
    /// Starts the program on a new terminal.
    fn spawn(&mut self) -> Result<(), WireError> {
        self.generation += 1;
        let spawn = Spawn {
            command: &self.record.command,
            cwd: Path::new(&self.record.working_dir),
            env: &self.env,
            cols: self.record.cols,
            rows: self.record.rows,
        };
        let (output, taken) = (self.output.clone(), self.taken.clone());
        let terminal = Terminal::spawn(&spawn, self.generation, output, taken)
            .map_err(|e| spawn_failed(&e))?;
        self.record.pid = Some(terminal.pty.pid());
        self.record.state = SessionState::Running;
        self.record.exit_code = None;
        self.terminal = Some(terminal);
        self.record_changed();
        Ok(())
    }

    /// The earliest moment at which something is due by itself.
    fn deadline(&self) -> Option<Instant> {
        [
            self.batch.deadline(),
            self.send_again,
            self.redraw_at(),
            self.screen.sync_deadline().map(Instant::from_std),
            self.drain.as_ref().map(|drain| drain.quiet_at.min(drain.limit)),
            self.end.as_ref().map(|end| end.next_step),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// When the first of the viewers that lag is to be shown the screen. One that could take
    /// no snapshot is tried again with `send_again`.
    fn redraw_at(&self) -> Option<Instant> {
        if self.send_again.is_some() {
            return None;
        }
        let now = Instant::now();
        self.viewers.values().filter_map(|viewer| viewer.redraw_at(now)).min()
    }

    fn on_deadline(&mut self) {
        let now = Instant::now();
        let due = |at: Option<Instant>| at.is_some_and(|at| at <= now);
        if due(self.batch.deadline()) || due(self.redraw_at()) {
            self.flush(now);
        }
        if self.screen.sync_deadline().is_some_and(|at| Instant::from_std(at) <= now) {
            self.screen.flush_sync();
        }
        if self.send_again.is_some_and(|at| at <= now) {
            self.send_again = None;
            self.flush(now);
            self.send_news();
        }
        if self.drain.as_ref().is_some_and(|drain| drain.quiet_at.min(drain.limit) <= now) {
            self.drained();
        }
        if self.end.as_ref().is_some_and(|end| end.next_step <= now) {
            self.step_end(now);
        }
    }

    fn on_output(&mut self, permit: LogPermit, chunk: Chunk) {
        let current = chunk.generation == self.generation;
        let Some(bytes) = chunk.bytes else {
            // The terminal is closed: nothing more will come.
            if current && self.drain.is_some() {
                self.drained();
            }
            return;
        };
        let now = Instant::now();
        self.offset += bytes.len() as u64;
        if current {
            self.screen.feed(&bytes);
            self.reply();
            if let Some(drain) = &mut self.drain {
                drain.quiet_at = now + DRAIN_QUIET;
            }
            if self.viewers.values().any(Viewer::is_attached) && self.batch.push(&bytes, now) {
                self.flush(now);
            }
        }
        permit.append(bytes);
    }

    /// Sends what is batched, and snapshots to those who wait for one.
    fn flush(&mut self, now: Instant) {
        if let Some(bytes) = self.batch.take(now) {
            for viewer in self.viewers.values_mut() {
                viewer.send_output(&bytes, self.offset, now);
            }
        }
        self.send_snapshots(now);
    }

    /// Sends a snapshot to every viewer that is due one. The batch must be empty or sent:
    /// a snapshot holds all that the screen has seen.
    fn send_snapshots(&mut self, now: Instant) {
        let mut made: Vec<(synk_screen::Scope, bytes::Bytes)> = Vec::new();
        for viewer in self.viewers.values_mut() {
            let Some(scope) = viewer.due(self.offset, now) else { continue };
            let snapshot = if let Some((_, snapshot)) = made.iter().find(|made| made.0 == scope) {
                snapshot.clone()
            } else {
                let snapshot = bytes::Bytes::from(self.screen.snapshot(scope));
                made.push((scope, snapshot.clone()));
                snapshot
            };
            viewer.send_snapshot(&snapshot, self.offset, now);
            if viewer.due(self.offset, now).is_some() {
                self.send_again = Some(now + SEND_AGAIN);
            }
        }
    }

    /// Writes the screen model's answers to terminal queries.
    fn reply(&mut self) {
        let replies = self.screen.take_replies();
        let Some(terminal) = self.terminal.as_ref().filter(|_| !replies.is_empty()) else { return };
        let length = replies.len() as u64;
        if self.pending_replies + length > MAX_PENDING_REPLIES {
            tracing::debug!("the program does not read the answers to its terminal queries");
            return;
        }
        self.pending_replies += length;
        // The writer thread is gone only when the terminal is.
        terminal.input.send(Input { from: None, bytes: replies.into() }).ok();
    }

    fn on_input_taken(&mut self, taken: &InputTaken) {
        let Some(from) = taken.from else {
            self.pending_replies = self.pending_replies.saturating_sub(taken.bytes);
            return;
        };
        if let Some(viewer) = self.viewers.get_mut(&from) {
            viewer.input_taken(taken.bytes);
            self.send_news();
        }
    }

    fn on_child_ended(&mut self) {
        for exited in synk_pty::reap() {
            if self.record.pid == Some(exited.pid) {
                let now = Instant::now();
                self.record.pid = None;
                self.drain = Some(Drain {
                    code: exited.code,
                    quiet_at: now + DRAIN_QUIET,
                    limit: now + DRAIN_LIMIT,
                });
            }
        }
        if self.end.is_some() {
            self.step_end(Instant::now());
        }
    }

    /// The program's last output is on the screen.
    fn drained(&mut self) {
        let Some(drain) = self.drain.take() else { return };
        self.flush(Instant::now());
        self.record.state = SessionState::Exited;
        self.record.exit_code = Some(drain.code);
        self.record_changed();
    }

    /// Begins to end the whole process tree, or adds to what is being done already.
    fn begin_end(&mut self, then: Then, asked: Option<(ConnectionId, u32)>) {
        let now = Instant::now();
        let leader = self.record.pid;
        let end = self.end.get_or_insert_with(|| End {
            ending: Ending::new(leader),
            next_step: now,
            asked: Vec::new(),
            then,
        });
        if then == Then::Exit {
            end.then = Then::Exit;
        }
        end.asked.extend(asked);
        self.step_end(now);
    }

    fn step_end(&mut self, now: Instant) {
        let Some(end) = &mut self.end else { return };
        match end.ending.step(now.into_std()) {
            Step::Again(after) => end.next_step = now + after,
            Step::Gone => self.ended(),
        }
    }

    /// No process of the session is left.
    fn ended(&mut self) {
        let Some(end) = self.end.take() else { return };
        // The leader's end may be known to the scan before its signal is handled.
        self.on_child_ended();
        self.drained();
        let outcome = match end.then {
            Then::Exit => {
                self.over = true;
                Ok(())
            }
            Then::Restart => self.restart(),
        };
        for (id, request) in end.asked {
            self.answer(id, request, outcome.clone());
        }
    }

    fn restart(&mut self) -> Result<(), WireError> {
        self.terminal = None;
        self.pending_replies = 0;
        self.screen = Screen::new(self.record.cols, self.record.rows, SCROLLBACK_LINES);
        self.viewers.values_mut().for_each(Viewer::start_over);
        let spawned = self.spawn();
        self.flush(Instant::now());
        spawned
    }

    /// Gives the terminal, the model and the record another size.
    fn resize(&mut self, size: TerminalSize) {
        if (self.record.cols, self.record.rows) == (size.cols, size.rows) {
            return;
        }
        // What was written for the old size must be seen at the old size.
        self.flush(Instant::now());
        (self.record.cols, self.record.rows) = (size.cols, size.rows);
        self.screen.resize(size.cols, size.rows);
        if let Some(terminal) = &self.terminal
            && let Err(error) = terminal.pty.resize(size.cols, size.rows)
        {
            tracing::warn!("resizing the terminal: {error}");
        }
        self.record_changed();
    }

    /// Writes the record down and tells everyone.
    fn record_changed(&mut self) {
        let attached = self.viewers.values().filter(|viewer| viewer.is_attached()).count();
        self.record.attached_clients = u32::try_from(attached).unwrap_or(u32::MAX);
        self.disk.write_record(&self.record);
        self.viewers.values_mut().for_each(Viewer::record_changed);
        self.send_news();
    }

    /// Tells every connection what it has not heard yet.
    fn send_news(&mut self) {
        if !self.viewers.values().any(Viewer::has_news) {
            return;
        }
        let record = ShimMessage::Record { record: Box::new(self.record.clone()) };
        self.viewers.retain(|_, viewer| viewer.send_news(&record).is_ok());
        if self.viewers.values().any(Viewer::has_news) {
            self.send_again = Some(Instant::now() + SEND_AGAIN);
        }
    }

    /// Lets go of a connection.
    fn lose(&mut self, id: ConnectionId) {
        if self.viewers.remove(&id).is_some_and(|viewer| viewer.is_attached()) {
            self.record_changed();
        }
    }
}

fn spawn_failed(error: &SpawnError) -> WireError {
    WireError::new(ErrorCode::SpawnFailed, error.to_string())
}
