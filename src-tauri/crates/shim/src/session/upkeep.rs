//! Keeping the session's record true, on disk and for all who are connected: who watches,
//! since when, and where the program is. And that no other shim writes it.

use std::{
    collections::HashMap,
    path::Path,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use synk_protocol::WireError;
use synk_socket::Lock;
use tokio::time::Instant;

use super::State;
use crate::{connection::ConnectionId, viewer::Viewer};

/// A program that has been quiet for so long after it put something out has come to where it
/// wanted to be…
const QUIET: Duration = Duration::from_millis(250);
/// …but it is asked no more often than this.
const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// How long a shim that nobody reaches any more may take until it is gone. It writes what is left
/// of the log.
const HOLD_TIMEOUT: Duration = Duration::from_secs(5);

/// Milliseconds since 1970, UTC.
pub(crate) fn now_millis() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Takes a session's folder, which a shim has for as long as it lives, from the process that had
/// it before. That one may have gone on where its socket cannot be found, and with it the program.
///
/// # Errors
/// [`synk_protocol::ErrorCode::Unavailable`] when it has.
pub(super) async fn hold(session_dir: &Path, former: u32) -> Result<Lock, WireError> {
    let limit = Instant::now() + HOLD_TIMEOUT;
    Lock::take_by(&session_dir.join("lock"), limit).await?.ok_or_else(|| {
        WireError::unavailable(format!("process {former} still holds this session; it goes on"))
    })
}

/// When the program's folder is looked at: after output, so that a session at rest costs
/// nothing.
#[derive(Debug, Default)]
pub(super) struct Lookout {
    last: Option<Instant>,
    due: Option<Instant>,
}

impl Lookout {
    /// The program put something out.
    pub(super) fn heard(&mut self, now: Instant) {
        let earliest = self.last.map_or(now, |last| last + LOOK_AGAIN);
        self.due = Some(earliest.max(now + QUIET));
    }

    pub(super) fn due(&self) -> Option<Instant> {
        self.due
    }
}

impl State {
    /// Writes the record down and tells everyone.
    pub(super) fn record_changed(&mut self) {
        self.record.attached_clients = u32::try_from(attached(&self.viewers)).unwrap_or(u32::MAX);
        self.disk.write_record(&self.record);
        self.viewers.values_mut().for_each(Viewer::record_changed);
        self.send_news();
    }

    /// One of those who watched has left.
    pub(super) fn one_left(&mut self) {
        if attached(&self.viewers) == 0 {
            self.record.last_attached_at = Some(now_millis());
        }
        self.record_changed();
    }

    /// Notes which process has the terminal.
    pub(super) fn look_who_has_the_terminal(&mut self) {
        let now = Instant::now();
        let Some(leader) = self.terminal.as_ref().and_then(|one| one.pty.foreground()) else {
            return;
        };
        self.observer.foreground(synk_pty::name(leader), self.record.pid == Some(leader), now);
    }

    /// Notes where the program is.
    pub(super) fn look_around(&mut self) {
        self.lookout = Lookout { last: Some(Instant::now()), due: None };
        self.look_who_has_the_terminal();
        let Some(pid) = self.record.pid else { return };
        // What a shell says of itself is the path that its user knows.
        let said = self.screen.current_dir().map(Path::to_owned);
        let folder = said.or_else(|| synk_pty::current_dir(pid));
        let folder = folder.and_then(|folder| folder.into_os_string().into_string().ok());
        if folder.is_some() && folder != self.record.current_dir {
            self.record.current_dir = folder;
            self.record_changed();
        }
    }
}

fn attached(viewers: &HashMap<ConnectionId, Viewer>) -> usize {
    viewers.values().filter(|viewer| viewer.is_attached()).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_looked_at_after_it_was_quiet_and_not_too_often() {
        let start = Instant::now();
        let mut lookout = Lookout::default();
        assert_eq!(lookout.due(), None, "nothing was put out");
        lookout.heard(start);
        lookout.heard(start + QUIET / 2);
        assert_eq!(lookout.due(), Some(start + QUIET / 2 + QUIET));
        let mut lookout = Lookout { last: Some(start), due: None };
        lookout.heard(start + QUIET);
        assert_eq!(lookout.due(), Some(start + LOOK_AGAIN));
        lookout.heard(start + LOOK_AGAIN);
        assert_eq!(lookout.due(), Some(start + LOOK_AGAIN + QUIET));
    }
}
