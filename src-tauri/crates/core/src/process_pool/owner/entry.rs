//! A shell of the pool, from its start on.

use tokio::{sync::oneshot, task::AbortHandle, time::Instant};

use super::super::{parked::Parked, startup_files::StartupFiles};

/// A shell, from its start on.
pub(super) struct Entry {
    pub(super) id: u64,
    pub(super) state: State,
    pub(super) since: Instant,
    /// What it has read.
    pub(super) files: StartupFiles,
}

pub(super) enum State {
    /// It reads its start-up files.
    Warming(#[expect(dead_code, reason = "held")] Start),
    /// The same, in the place of one that was closed.
    Recycling(#[expect(dead_code, reason = "held")] Start),
    /// It waits. Whoever gets through here gets it; letting go ends it.
    Idle { keeper: oneshot::Sender<oneshot::Sender<Option<Box<Parked>>>>, pids: [u32; 2] },
}

/// A start under way. Letting go calls it off: with it go the pipes, by which the shim knows.
pub(super) struct Start(pub(super) AbortHandle);

impl Drop for Start {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Entry {
    pub(super) fn is_idle(&self) -> bool {
        matches!(self.state, State::Idle { .. })
    }

    pub(super) fn pids(&self) -> impl Iterator<Item = u32> + use<> {
        let pids = if let State::Idle { pids, .. } = self.state { Some(pids) } else { None };
        pids.into_iter().flatten()
    }
}
