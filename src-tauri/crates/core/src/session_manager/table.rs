//! The table of sessions, and which names and panes are taken.

mod panes;

use dashmap::DashMap;
use std::{
    collections::{HashMap, HashSet},
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
};
use synk_client::Shim;
use synk_protocol::{ErrorCode, SessionId, SessionRecord, SessionState, WireError, validate_name};
use tokio::sync::Notify;

use super::attend::{self, Attendant};
use crate::prompts::Live;
pub(super) use panes::{Pane, Plan};

use panes::Way;

/// A session.
#[derive(Debug)]
pub(super) enum Entry {
    /// Its shim is being started.
    Starting(Box<SessionRecord>),
    /// Its shim runs.
    Live {
        shim: Shim,
        attendant: Attendant,
        /// Its end was asked for.
        ending: bool,
    },
    /// Its shim is there and does not answer, as one that was stopped or waits for memory.
    Silent(Box<SessionRecord>),
    /// It has no shim, and none could be started for it.
    Gone(Box<SessionRecord>),
    /// It runs in the shim of another version, which this one cannot talk to.
    Foreign {
        record: Box<SessionRecord>,
        /// That version of Synk.
        version: String,
    },
}

impl Entry {
    pub(super) fn live(shim: Shim, attendant: Attendant) -> Self {
        Self::Live { shim, attendant, ending: false }
    }

    /// What is known of it at this moment.
    fn now(&self) -> Live {
        match self {
            Self::Live { attendant, .. } => attendant.live(),
            Self::Starting(record)
            | Self::Silent(record)
            | Self::Gone(record)
            | Self::Foreign { record, .. } => attend::without_shim(record),
        }
    }

    fn record(&self) -> SessionRecord {
        match self {
            Self::Starting(record) | Self::Gone(record) | Self::Foreign { record, .. } => {
                (**record).clone()
            }
            // Who shows it hears by this when it is there again.
            Self::Silent(record) => SessionRecord { shim_pid: 0, ..(**record).clone() },
            Self::Live { shim, .. } => shim.record().borrow().clone(),
        }
    }
}

/// The table. Choosing a name or a pane needs the manager's lock as well, so that two who
/// choose at once do not choose the same.
#[derive(Debug)]
pub(super) struct Table {
    entries: DashMap<SessionId, Entry>,
    /// Names given to sessions whose shims have not confirmed them yet.
    names: DashMap<SessionId, String>,
    /// The ways of sessions whose shims have not confirmed their new panes yet.
    ways: DashMap<SessionId, Way>,
    /// Told whenever a name or a way is let go.
    released: Notify,
    next_id: AtomicU32,
}

#[derive(Debug, Clone, Copy)]
enum Reserved {
    Name,
    Pane,
}

/// Holds a name or panes until dropped.
#[derive(Debug)]
pub(super) struct Reservation<'a> {
    table: &'a Table,
    session: SessionId,
    what: Reserved,
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        match self.what {
            Reserved::Name => drop(self.table.names.remove(&self.session)),
            Reserved::Pane => drop(self.table.ways.remove(&self.session)),
        }
        self.table.released.notify_waiters();
    }
}

impl Table {
    /// An empty table; ids start after `highest_id`.
    pub(super) fn new(highest_id: u32) -> Self {
        Self {
            entries: DashMap::new(),
            names: DashMap::new(),
            ways: DashMap::new(),
            released: Notify::new(),
            next_id: AtomicU32::new(highest_id + 1),
        }
    }

    pub(super) fn next_id(&self) -> SessionId {
        SessionId(self.next_id.fetch_add(1, Ordering::Relaxed))
    }

    pub(super) fn insert(&self, session: SessionId, entry: Entry) {
        self.entries.insert(session, entry);
    }

    pub(super) fn remove(&self, session: SessionId) -> Option<Entry> {
        self.entries.remove(&session).map(|(_, entry)| entry)
    }

    /// Whether the session's end is coming and is nobody's loss.
    pub(super) fn expect_end(&self, session: SessionId, expected: bool) {
        if let Some(Entry::Live { ending, .. }) = self.entries.get_mut(&session).as_deref_mut() {
            *ending = expected;
        }
    }

    /// Whether it has a shim whose end nobody asked for.
    pub(super) fn is_to_stay(&self, session: SessionId) -> bool {
        matches!(self.entries.get(&session).as_deref(), Some(Entry::Live { ending: false, .. }))
    }

    pub(super) fn ids(&self) -> Vec<SessionId> {
        self.entries.iter().map(|entry| *entry.key()).collect()
    }

    /// Every record, by id, with the version of a shim that cannot be talked to.
    pub(super) fn records(&self) -> Vec<(SessionRecord, Option<String>)> {
        let ways = self.ways_now();
        let listed = self.entries.iter().map(|entry| match entry.value() {
            Entry::Foreign { record, version } => ((**record).clone(), Some(version.clone())),
            entry => (entry.record(), None),
        });
        let mut records: Vec<_> =
            listed.map(|(record, version)| (ways.seen(record), version)).collect();
        records.sort_by_key(|(record, _)| record.session_id);
        records
    }

    /// Where sessions were started.
    pub(super) fn folders(&self) -> HashSet<String> {
        self.entries.iter().map(|entry| entry.record().working_dir).collect()
    }

    /// A session that was started in a folder or below.
    pub(super) fn works_in(&self, folder: &Path) -> Option<SessionRecord> {
        let mut records = self.entries.iter().map(|entry| entry.record());
        records.find(|record| Path::new(&record.working_dir).starts_with(folder))
    }

    /// What is known of every session at this moment.
    pub(super) fn live_all(&self) -> HashMap<SessionId, Live> {
        self.entries.iter().map(|entry| (*entry.key(), entry.now())).collect()
    }

    /// What is known of a session at this moment.
    pub(super) fn live(&self, session: SessionId) -> Result<Live, WireError> {
        let entry = self.entries.get(&session);
        entry.map(|entry| entry.now()).ok_or_else(|| WireError::no_session(session))
    }

    /// Who attends a session.
    pub(super) fn attendant(&self, session: SessionId) -> Result<Attendant, WireError> {
        if let Some(Entry::Live { attendant, .. }) = self.entries.get(&session).as_deref() {
            return Ok(attendant.clone());
        }
        // Why there is none.
        self.shim(session).and(Err(WireError::no_session(session)))
    }

    /// A session's record.
    pub(super) fn record(&self, session: SessionId) -> Result<SessionRecord, WireError> {
        let entry = self.entries.get(&session);
        entry.map(|entry| entry.record()).ok_or_else(|| WireError::no_session(session))
    }

    /// Whether it runs in a shim that cannot be talked to.
    pub(super) fn is_foreign(&self, session: SessionId) -> bool {
        matches!(self.entries.get(&session).as_deref(), Some(Entry::Foreign { .. }))
    }

    /// Takes a session that has no shim, or one that cannot be talked to, so that only one
    /// party starts another shim for it. It counts as starting from here. Answers its
    /// record, and the version of the shim that it has.
    pub(super) fn claim(&self, session: SessionId) -> Option<(SessionRecord, Option<String>)> {
        let mut entry = self.entries.get_mut(&session)?;
        let (record, version) = match entry.value() {
            Entry::Gone(record) => ((**record).clone(), None),
            Entry::Foreign { record, version } => ((**record).clone(), Some(version.clone())),
            Entry::Starting(_) | Entry::Silent(_) | Entry::Live { .. } => return None,
        };
        // What runs in the other shim ends now, and it is not said to run until it does again.
        let ends = version.is_some() && record.state == SessionState::Running;
        let state = if ends { SessionState::Starting } else { record.state };
        *entry = Entry::Starting(Box::new(SessionRecord { state, ..record.clone() }));
        Some((record, version))
    }

    pub(super) fn is_starting(&self, session: SessionId) -> bool {
        matches!(self.entries.get(&session).as_deref(), Some(Entry::Starting(_)))
    }

    /// The connection to a session's shim.
    pub(super) fn shim(&self, session: SessionId) -> Result<Shim, WireError> {
        match self.entries.get(&session).as_deref() {
            Some(Entry::Live { shim, .. }) => Ok(shim.clone()),
            Some(Entry::Starting(_)) => Err(WireError::new(
                ErrorCode::Unavailable,
                format!("session {session} is being started; try again in a moment"),
            )),
            Some(Entry::Silent(record)) => Err(WireError::unavailable(format!(
                "process {}, which holds session {session}, does not answer; the session can be \
                 used again as soon as it does",
                record.shim_pid
            ))),
            Some(Entry::Gone(_)) => Err(WireError::unavailable(format!(
                "session {session} has no process; `session:restart` runs it again"
            ))),
            Some(Entry::Foreign { version, .. }) => Err(WireError::new(
                ErrorCode::VersionMismatch,
                format!(
                    "session {session} runs in the shim of Synk {version}, which this version \
                     cannot talk to; it goes on, and restarting it brings it here"
                ),
            )),
            None => Err(WireError::no_session(session)),
        }
    }

    /// The name asked for, or the default with the first number that is free.
    pub(super) fn name(&self, asked: Option<&str>, default: &str) -> Result<String, WireError> {
        let taken = self.taken_names(None);
        if let Some(name) = asked {
            validate_name(name)?;
            return if taken.iter().any(|taken| taken == name) {
                Err(name_taken(name))
            } else {
                Ok(name.to_owned())
            };
        }
        let numbered = (2..).map(|number| format!("{default}-{number}"));
        let free = std::iter::once(default.to_owned())
            .chain(numbered)
            .find(|name| !taken.contains(name))
            .unwrap_or_else(|| default.to_owned());
        Ok(free)
    }

    /// Holds a name for a session.
    pub(super) fn reserve_name(
        &self,
        session: SessionId,
        name: &str,
    ) -> Result<Reservation<'_>, WireError> {
        if self.taken_names(Some(session)).iter().any(|taken| taken == name) {
            return Err(name_taken(name));
        }
        self.names.insert(session, name.to_owned());
        Ok(Reservation { table: self, session, what: Reserved::Name })
    }

    /// Names that are taken, by others than `except`.
    fn taken_names(&self, except: Option<SessionId>) -> Vec<String> {
        let entries = self.entries.iter().filter(|entry| Some(*entry.key()) != except);
        let mut names: Vec<String> = entries.map(|entry| entry.record().name).collect();
        let reserved = self.names.iter().filter(|entry| Some(*entry.key()) != except);
        names.extend(reserved.map(|name| name.clone()));
        names
    }
}

fn name_taken(name: &str) -> WireError {
    WireError::new(ErrorCode::Conflict, format!("another session is called “{name}”"))
}
