//! The table of sessions, and which names and panes are taken.

use dashmap::DashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use synk_client::Shim;
use synk_protocol::{ErrorCode, MAX_PANES, SessionId, SessionRecord, WireError, validate_name};

/// A session.
#[derive(Debug)]
pub(super) enum Entry {
    /// Its shim is being started.
    Starting(Box<SessionRecord>),
    /// Its shim runs.
    Live {
        shim: Shim,
        /// Its end was asked for.
        ending: bool,
    },
}

impl Entry {
    pub(super) fn live(shim: Shim) -> Self {
        Self::Live { shim, ending: false }
    }

    fn record(&self) -> SessionRecord {
        match self {
            Self::Starting(record) => (**record).clone(),
            Self::Live { shim, .. } => shim.record().borrow().clone(),
        }
    }
}

/// The table. Choosing a name or a pane needs the manager's lock as well, so that two who
/// choose at once do not choose the same.
#[derive(Debug)]
pub(super) struct Table {
    entries: DashMap<SessionId, Entry>,
    /// Names and panes given to sessions whose shims have not confirmed them yet.
    reserved: DashMap<SessionId, Reserved>,
    next_id: AtomicU32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Reserved {
    Name(String),
    Pane(u32),
}

/// Holds a name or a pane until dropped.
#[derive(Debug)]
pub(super) struct Reservation<'a> {
    table: &'a Table,
    session: SessionId,
    pane_index: u32,
}

impl Reservation<'_> {
    pub(super) fn pane_index(&self) -> u32 {
        self.pane_index
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        self.table.reserved.remove(&self.session);
    }
}

impl Table {
    /// An empty table; ids start after `highest_id`.
    pub(super) fn new(highest_id: u32) -> Self {
        Self {
            entries: DashMap::new(),
            reserved: DashMap::new(),
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

    /// The session's end is coming and is nobody's loss.
    pub(super) fn expect_end(&self, session: SessionId) {
        if let Some(Entry::Live { ending, .. }) = self.entries.get_mut(&session).as_deref_mut() {
            *ending = true;
        }
    }

    /// Whether its end was asked for.
    pub(super) fn is_ending(&self, session: SessionId) -> bool {
        matches!(self.entries.get(&session).as_deref(), Some(Entry::Live { ending: true, .. }))
    }

    pub(super) fn ids(&self) -> Vec<SessionId> {
        self.entries.iter().map(|entry| *entry.key()).collect()
    }

    pub(super) fn records(&self) -> Vec<SessionRecord> {
        let mut records: Vec<_> = self.entries.iter().map(|entry| entry.record()).collect();
        records.sort_by_key(|record| record.session_id);
        records
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
            None => Err(WireError::no_session(session)),
        }
    }

    /// The name asked for, or the default with the first number that is free.
    pub(super) fn name(&self, asked: Option<&str>, default: &str) -> Result<String, WireError> {
        let taken = self.names(None);
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
        if self.names(Some(session)).iter().any(|taken| taken == name) {
            return Err(name_taken(name));
        }
        self.reserved.insert(session, Reserved::Name(name.to_owned()));
        Ok(Reservation { table: self, session, pane_index: 0 })
    }

    /// Holds the first free pane for a session.
    pub(super) fn reserve_pane(&self, session: SessionId) -> Result<Reservation<'_>, WireError> {
        let pane_index = self.free_pane()?;
        self.reserved.insert(session, Reserved::Pane(pane_index));
        Ok(Reservation { table: self, session, pane_index })
    }

    /// The first free pane.
    pub(super) fn free_pane(&self) -> Result<u32, WireError> {
        let mut taken: Vec<u32> =
            self.entries.iter().filter_map(|entry| entry.record().pane_index).collect();
        taken.extend(self.reserved.iter().filter_map(|reserved| match *reserved {
            Reserved::Pane(index) => Some(index),
            Reserved::Name(_) => None,
        }));
        (0..MAX_PANES).find(|index| !taken.contains(index)).ok_or_else(|| {
            WireError::new(ErrorCode::MaxSessions, format!("Max sessions reached ({MAX_PANES})"))
        })
    }

    /// Names that are taken, by others than `except`.
    fn names(&self, except: Option<SessionId>) -> Vec<String> {
        let entries = self.entries.iter().filter(|entry| Some(*entry.key()) != except);
        let mut names: Vec<String> = entries.map(|entry| entry.record().name).collect();
        names.extend(self.reserved.iter().filter(|entry| Some(*entry.key()) != except).filter_map(
            |reserved| match &*reserved {
                Reserved::Name(name) => Some(name.clone()),
                Reserved::Pane(_) => None,
            },
        ));
        names
    }
}

fn name_taken(name: &str) -> WireError {
    WireError::new(ErrorCode::Conflict, format!("another session is called “{name}”"))
}
