//! The program's life: started, ended by itself, ended on request, started again.

use std::{path::Path, time::Duration};
use synk_protocol::{ErrorCode, SessionState, WireError};
use synk_pty::{Ending, Spawn, SpawnError, Step};
use synk_screen::Screen;
use tokio::time::Instant;

use super::{SCROLLBACK_LINES, State};
use crate::{connection::ConnectionId, terminal::Terminal, viewer::Viewer};

/// After the program's end its last output may still be on its way; it is waited for until
/// it was quiet for so long…
pub(super) const DRAIN_QUIET: Duration = Duration::from_millis(100);
/// …or until so long after the end, should something else go on writing.
const DRAIN_LIMIT: Duration = Duration::from_secs(2);

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

    pub(super) fn deadline(&self) -> Instant {
        self.quiet_at.min(self.limit)
    }
}

/// The process tree is being ended.
pub(super) struct End {
    ending: Ending,
    pub(super) next_step: Instant,
    /// Who waits for it.
    asked: Vec<(ConnectionId, u32)>,
    then: Then,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Then {
    Restart,
    Exit,
}

impl State {
    /// Starts the program on a new terminal.
    pub(super) fn spawn(&mut self) -> Result<(), WireError> {
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
        self.disk.started(self.size());
        self.record_changed();
        Ok(())
    }

    pub(super) fn on_child_ended(&mut self) {
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
    pub(super) fn drained(&mut self) {
        let Some(drain) = self.drain.take() else { return };
        self.flush(Instant::now());
        self.record.state = SessionState::Exited;
        self.record.exit_code = Some(drain.code);
        self.record_changed();
    }

    /// Begins to end the whole process tree, or adds to what is being done already.
    pub(super) fn begin_end(&mut self, then: Then, asked: Option<(ConnectionId, u32)>) {
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

    pub(super) fn step_end(&mut self, now: Instant) {
        let Some(end) = &mut self.end else { return };
        match end.ending.step(now.into_std()) {
            Step::Again(after) => end.next_step = now + after,
            Step::Gone => self.ended(),
        }
    }

    /// No process of the session is left.
    pub(super) fn ended(&mut self) {
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

    pub(super) fn restart(&mut self) -> Result<(), WireError> {
        self.terminal = None;
        self.pending_replies = 0;
        self.screen = Screen::new(self.record.cols, self.record.rows, SCROLLBACK_LINES);
        self.viewers.values_mut().for_each(Viewer::start_over);
        let spawned = self.spawn();
        self.flush(Instant::now());
        spawned
    }
}

fn spawn_failed(error: &SpawnError) -> WireError {
    WireError::new(ErrorCode::SpawnFailed, error.to_string())
}
