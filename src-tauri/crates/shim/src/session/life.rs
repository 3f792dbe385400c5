//! The program's life: started, ended by itself, ended on request, started again; and what is
//! left of one that a shim before this one started.

use std::{io, path::Path, time::Duration};
use synk_log::Size;
use synk_protocol::{ErrorCode, Launch, SessionState, WireError};
use synk_pty::{Ending, Former, Process, Spawn, SpawnError, Step, Tree};
use synk_screen::Screen;
use tokio::time::Instant;

use super::{Claimed, State, shell::StartingShell, upkeep::now_millis};
use crate::{
    connection::ConnectionId,
    terminal::{FIRST_GENERATION, Terminal},
    viewer::Viewer,
};

/// After the program's end its last output may still be on its way; it is waited for until
/// it was quiet for so long…
pub(super) const DRAIN_QUIET: Duration = Duration::from_millis(100);
/// …or until so long after the end, should something else go on writing.
pub(super) const DRAIN_LIMIT: Duration = Duration::from_secs(2);

/// The program has ended; its last output is waited for.
pub(super) struct Drain {
    code: i32,
    quiet_at: Instant,
    limit: Instant,
}

impl Drain {
    /// More output came.
    pub(super) fn heard(&mut self, now: Instant) {
        self.quiet_at = now + DRAIN_QUIET;
    }

    fn deadline(&self) -> Instant {
        self.quiet_at.min(self.limit)
    }

    /// A signal ended the program, so that it may have been the one that is about to reach this
    /// shim too.
    fn is_by_signal(&self) -> bool {
        self.code > 128
    }
}

/// The process tree is being ended.
pub(super) struct End {
    ending: Ending,
    pub(super) next_step: Instant,
    /// Who waits for it, and what for.
    asked: Vec<(Asked, Then)>,
    then: Then,
    launch: Option<Launch>,
    /// There was a program to end, or one that a signal had ended in that moment.
    ran: bool,
}

/// A request that is still to be answered.
pub(super) type Asked = (ConnectionId, u32);

/// What comes when the process tree is ended. The greatest that is asked for wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Then {
    /// Nothing: what is ended was left behind before this shim.
    Stay,
    /// The program is started again.
    Restart,
    /// The shim exits, and the session can be brought back: so a system shuts down.
    Leave,
    /// The shim exits, and the session is closed.
    Close,
}

impl State {
    /// What is started.
    fn program<'a>(&'a self, launch: Option<&'a Launch>) -> Spawn<'a> {
        let Self { record, env, .. } = self;
        let (command, working_dir, env) = match launch {
            Some(launch) => {
                (&launch.command, &launch.working_dir, launch.env.as_ref().unwrap_or(env))
            }
            None => (&record.command, &record.working_dir, env),
        };
        Spawn { command, cwd: Path::new(working_dir), env, cols: record.cols, rows: record.rows }
    }

    /// Starts the program on a new terminal. If that fails nothing has changed.
    pub(super) fn spawn(&mut self, launch: Option<&Launch>) -> Result<(), WireError> {
        let generation = self.generation + 1;
        let program = self.program(launch);
        let current_dir = program.cwd.to_str().map(str::to_owned);
        let (shell, problem) = match self.prepare_shell(&program) {
            Ok(shell) => (shell, None),
            Err(error) => (None, Some(error)),
        };
        let by_name = [synk_pty::shell(program.env)];
        let program = match &shell {
            Some(shell) => Spawn { command: shell.command(), env: shell.env(), ..program },
            // No command is a login shell.
            None if program.command.is_empty() && !self.login => {
                Spawn { command: &by_name, ..program }
            }
            None => program,
        };
        let (output, taken) = (self.output.clone(), self.taken.clone());
        let terminal = Terminal::spawn(&program, generation, output, taken)
            .map_err(|error| spawn_failed(&error))?;
        self.generation = generation;
        self.starting_shell = shell;
        if let Some(error) = problem {
            let dir = self.shell_dir.display();
            let notice = format!(
                "The shell of “{}” was started without Synk's marks, so less is known of it: \
                 {dir} cannot be used: {error}.",
                self.record.name
            );
            self.notify(&notice);
        }
        self.record.pid = Some(terminal.pty.pid());
        self.record.state = SessionState::Running;
        self.record.exit_code = None;
        self.record.started_at = Some(now_millis());
        self.record.ended_at = None;
        self.record.current_dir = current_dir;
        self.terminal = Some(terminal);
        self.observer.started(Instant::now());
        self.disk.started(self.size());
        self.record_changed();
        Ok(())
    }

    /// A shell is started through Synk's integration, where there is one.
    fn prepare_shell(&self, program: &Spawn<'_>) -> io::Result<Option<StartingShell>> {
        if !program.command.is_empty() {
            return Ok(None);
        }
        StartingShell::prepare(&self.shell_dir, self.login, program.cwd, program.env)
    }

    /// Takes over a program that waited for this session, in the place of starting one.
    pub(super) async fn take_over(&mut self, claimed: Claimed) {
        let Claimed { terminal, screen, started_at, size, before, since, spoke, ended } = claimed;
        self.generation = FIRST_GENERATION;
        self.record.pid = Some(terminal.pty.pid());
        self.record.state = SessionState::Running;
        self.record.started_at = Some(started_at);
        self.record.current_dir = Some(self.record.working_dir.clone());
        self.terminal = Some(terminal);
        self.screen = screen;
        self.screen.set_scrollback(self.scrollback);
        // What start-up told is told of the shell that waits.
        self.observer.started(Instant::now());
        if spoke {
            self.observer.heard(&mut self.screen, Instant::now());
        } else {
            self.observer.catch_up(&mut self.screen, Instant::now());
        }
        self.offset += (before.len() + since.len()) as u64;
        let size = Size { cols: size.cols, rows: size.rows };
        self.disk.started(size);
        self.log(before).await;
        if size != self.size() {
            self.disk.resized(self.size());
        }
        self.log(since).await;
        self.lookout.heard(Instant::now());
        if let Some(code) = ended {
            self.leader_ended(code);
        }
        self.record_changed();
    }

    async fn log(&mut self, bytes: Vec<u8>) {
        if !bytes.is_empty()
            && let Some(permit) = self.disk.reserve().await
        {
            self.disk.append(permit, bytes.into());
        }
    }

    pub(super) fn on_child_ended(&mut self) {
        for exited in synk_pty::reap() {
            if self.record.pid == Some(exited.pid) {
                self.leader_ended(exited.code);
            }
        }
        if self.end.is_some() {
            self.step_end(Instant::now());
        }
    }

    fn leader_ended(&mut self, code: i32) {
        let now = Instant::now();
        self.starting_shell = None;
        self.record.pid = None;
        self.drain = Some(Drain { code, quiet_at: now + DRAIN_QUIET, limit: now + DRAIN_LIMIT });
    }

    /// When the program's last output is thought to be there. A shim that exits says how the
    /// program ended when the whole tree has.
    pub(super) fn drained_at(&self) -> Option<Instant> {
        let exits = self.end.as_ref().is_some_and(|end| end.then >= Then::Leave);
        self.drain.as_ref().filter(|_| !exits).map(Drain::deadline)
    }

    /// The program's last output is on the screen.
    pub(super) fn drained(&mut self) {
        let Some(drain) = self.drain.take() else { return };
        self.flush(Instant::now());
        self.record.state = SessionState::Exited;
        self.record.exit_code = Some(drain.code);
        self.record.ended_at = Some(now_millis());
        self.record_changed();
    }

    /// Starts the program again, ending it first if it runs. What cannot be started ends
    /// nothing.
    pub(super) fn on_restart(&mut self, asked: Asked, launch: Option<Launch>) {
        if let Err(error) = self.program(launch.as_ref()).check() {
            return self.answer(asked.0, asked.1, Err(spawn_failed(&error)));
        }
        // Of several that ask at once, the last is the one that knows best.
        if let Some(end) = &mut self.end {
            end.launch.clone_from(&launch);
        }
        self.begin_end(Then::Restart, Some(asked), launch);
    }

    /// Begins to end the whole process tree, or adds to what is being done already.
    pub(super) fn begin_end(&mut self, then: Then, asked: Option<Asked>, launch: Option<Launch>) {
        // Where it was is where it can go on.
        self.look_around();
        let leader = self.record.pid;
        self.end_tree(then, launch, || Ending::new(leader));
        if let (Some(end), Some(asked)) = (&mut self.end, asked) {
            end.asked.push((asked, then));
        }
        self.step_end(Instant::now());
    }

    /// Ends what is left of the program that a shim before this one started.
    pub(super) fn end_former(&mut self, pid: u32, started_at: u64) {
        // The daemon sets it for this session's programs; see its `environment`.
        let variable = format!("SYNK_SESSION={}", self.record.session_id);
        match Tree::with_former(Former { pid, started_at, variable: &variable }) {
            Ok(tree) => {
                self.end_tree(Then::Stay, None, || Ending::of(tree));
                self.step_end(Instant::now());
            }
            Err(error) => tracing::error!("what is left of the last program is unknown: {error}"),
        }
    }

    fn end_tree(&mut self, then: Then, launch: Option<Launch>, ending: impl FnOnce() -> Ending) {
        let ran = self.record.pid.is_some() || self.drain.as_ref().is_some_and(Drain::is_by_signal);
        let end = self.end.get_or_insert_with(|| End {
            ending: ending(),
            next_step: Instant::now(),
            asked: Vec::new(),
            then,
            launch,
            ran,
        });
        end.then = end.then.max(then);
    }

    pub(super) fn step_end(&mut self, now: Instant) {
        let Some(end) = &mut self.end else { return };
        match end.ending.step(now.into_std()) {
            Step::Again(after) => end.next_step = now + after,
            Step::Over(left) => self.ended(&left),
        }
    }

    /// No process of the session is left but those that could not be ended. What was to come
    /// then comes all the same: nobody can wait for them.
    fn ended(&mut self, left: &[Process]) {
        let Some(end) = self.end.take() else { return };
        // The leader's end may be known to the scan before its signal is handled.
        self.on_child_ended();
        if !left.is_empty() {
            let notice = running_on(&format!("“{}”", self.record.name), left);
            tracing::warn!("{notice}");
            self.notify(&notice);
            self.let_be = self.generation;
        }
        // The program may be one of them; it is this session's no longer.
        let is_let_be = self.record.pid.take().is_some();
        if is_let_be || (end.then == Then::Leave && end.ran) {
            // It did not end, it was let be or taken away.
            self.drain = None;
            self.flush(Instant::now());
            self.record.state = SessionState::Lost;
            self.record.ended_at = Some(now_millis());
        }
        if end.then == Then::Close {
            // With the program's end, so that nobody takes that for its own.
            self.record.closed_at = Some(now_millis());
        }
        self.drained();
        let outcome = match end.then {
            Then::Stay | Then::Close => Ok(()),
            Then::Restart => self.restart(end.launch.as_ref()),
            Then::Leave => Err(WireError::unavailable(
                "the session's shim was told to end; the session can be brought back",
            )),
        };
        self.over = end.then >= Then::Leave;
        if self.over || is_let_be {
            self.record_changed();
        }
        for ((id, request), wanted) in end.asked {
            if end.then == Then::Close && wanted == Then::Close {
                // Whoever asked for that is answered when the disk has it.
                self.farewells.push((id, request));
            } else if end.then == Then::Close {
                let error = WireError::unavailable("the session was destroyed meanwhile");
                self.answer(id, request, Err(error));
            } else {
                self.answer(id, request, outcome.clone());
            }
        }
    }

    fn restart(&mut self, launch: Option<&Launch>) -> Result<(), WireError> {
        // Its threads end with it, or with what runs on there, and what they had not typed yet is
        // nobody's any more.
        self.stop_typing();
        self.terminal = None;
        self.pending_replies = 0;
        self.spawn(launch)?;
        self.screen = Screen::new(self.record.cols, self.record.rows, self.scrollback);
        if let Some(palette) = &self.palette {
            self.screen.set_palette(palette.clone());
        }
        self.viewers.values_mut().for_each(Viewer::start_over);
        self.flush(Instant::now());
        Ok(())
    }
}

/// Says which processes of something could not be ended.
pub(crate) fn running_on(whose: &str, left: &[Process]) -> String {
    let named = left.iter().map(|process| match synk_pty::name(process.pid) {
        Some(name) => format!("{} ({name})", process.pid),
        None => process.pid.to_string(),
    });
    let named = named.collect::<Vec<_>>().join(", ");
    if left.len() == 1 {
        format!("A process of {whose} could not be ended: {named}. It runs on.")
    } else {
        format!("Processes of {whose} could not be ended: {named}. They run on.")
    }
}

fn spawn_failed(error: &SpawnError) -> WireError {
    WireError::new(ErrorCode::SpawnFailed, error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_on_is_named() {
        let own = Process { pid: std::process::id(), started: 0 };
        let unknown = Process { pid: u32::MAX, started: 0 };
        let named = format!("{} ({})", own.pid, synk_pty::name(own.pid).unwrap());
        assert_eq!(
            running_on("“build”", &[own]),
            format!("A process of “build” could not be ended: {named}. It runs on.")
        );
        assert_eq!(
            running_on("“build”", &[own, unknown]),
            format!("Processes of “build” could not be ended: {named}, 4294967295. They run on.")
        );
    }
}
