//! Which panes are taken, and by whom. A session that is being moved holds the pane that it
//! leaves and the one that it goes to until its shim has confirmed it, and is shown where it was
//! until then; so nobody ever sees two sessions in one pane.

use std::collections::{BTreeSet, HashMap};
use synk_protocol::{ErrorCode, MAX_PANES, SessionId, SessionRecord, WireError, WorkspaceId};
use tokio::sync::futures::Notified;

use super::{Reservation, Reserved, Table};

/// A place in a workspace's grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(in crate::session_manager) struct Pane {
    pub(in crate::session_manager) workspace: WorkspaceId,
    /// From 0.
    pub(in crate::session_manager) index: u32,
}

impl Pane {
    /// The pane that a record names.
    pub(in crate::session_manager) fn of(record: &SessionRecord) -> Option<Self> {
        record.pane_index.map(|index| Self { workspace: record.workspace_id, index })
    }
}

/// A session's way to another pane.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    /// None for one that was in the background.
    from: Option<Pane>,
    to: Pane,
}

/// What has to be done so that a session is where it is wanted.
#[derive(Debug)]
pub(in crate::session_manager) enum Plan<'a> {
    /// Nothing: it is there.
    There(Pane),
    /// Somebody concerned is being moved; to be asked again after [`Table::released`].
    Wait,
    /// It goes there, and who is there takes its place.
    Go {
        from: Option<Pane>,
        to: Pane,
        other: Option<SessionId>,
        /// Both panes are held until dropped.
        held: Vec<Reservation<'a>>,
    },
}

impl Table {
    /// The first free pane of a workspace whose grid may have so many.
    ///
    /// # Errors
    /// [`ErrorCode::MaxSessions`].
    pub(in crate::session_manager) fn free_pane(
        &self,
        workspace: WorkspaceId,
        most: u32,
    ) -> Result<Pane, WireError> {
        let taken = self.taken(workspace);
        let most = most.min(MAX_PANES);
        let is_full = taken.len() >= most as usize;
        let free = (0..MAX_PANES).find(|index| !taken.contains(index)).filter(|_| !is_full);
        free.map(|index| Pane { workspace, index }).ok_or_else(|| full(most))
    }

    /// The same, or a certain pane if that one is free.
    ///
    /// # Errors
    /// [`ErrorCode::MaxSessions`].
    pub(in crate::session_manager) fn free_pane_like(
        &self,
        workspace: WorkspaceId,
        most: u32,
        wanted: Option<u32>,
    ) -> Result<Pane, WireError> {
        let free = self.free_pane(workspace, most)?;
        let wanted = wanted.filter(|index| !self.taken(workspace).contains(index));
        Ok(Pane { index: wanted.unwrap_or(free.index), ..free })
    }

    /// Whether any session has a pane in a workspace, or is about to.
    pub(in crate::session_manager) fn is_used(&self, workspace: WorkspaceId) -> bool {
        !self.taken(workspace).is_empty()
    }

    /// Plans how a session gets to a pane of a workspace, the first free one when none is named,
    /// and holds what that needs.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`], [`ErrorCode::MaxSessions`], [`ErrorCode::Invalid`] for a pane
    /// that no grid has, [`ErrorCode::Conflict`] when a session from the background would take
    /// the pane of another.
    pub(in crate::session_manager) fn plan(
        &self,
        session: SessionId,
        workspace: WorkspaceId,
        index: Option<u32>,
        most: u32,
    ) -> Result<Plan<'_>, WireError> {
        if self.ways.contains_key(&session) {
            return Ok(Plan::Wait);
        }
        let from = Pane::of(&self.record(session)?);
        let to = match (index, from) {
            (None, Some(from)) if from.workspace == workspace => from,
            (None, _) => self.free_pane(workspace, most)?,
            (Some(index), _) if index < MAX_PANES => Pane { workspace, index },
            (Some(index), _) => {
                return Err(WireError::invalid(format!(
                    "there is no pane {index}; a grid's panes go from 0 to {}",
                    MAX_PANES - 1
                )));
            }
        };
        if from == Some(to) {
            return Ok(Plan::There(to));
        }
        let is_awaited = |way: &Way| way.to == to || way.from == Some(to);
        if self.ways.iter().any(|way| is_awaited(&way)) {
            return Ok(Plan::Wait);
        }
        let there = self.entries.iter().find(|one| Pane::of(&one.record()) == Some(to));
        let other = there.map(|one| *one.key());
        let mut held = Vec::new();
        match (other, from) {
            (Some(other), Some(from)) => {
                held.push(self.hold(other, Way { from: Some(to), to: from }));
            }
            (Some(other), None) => {
                return Err(WireError::new(
                    ErrorCode::Conflict,
                    format!("session {other} has that pane"),
                ));
            }
            (None, _) => {
                let stays = from.is_some_and(|from| from.workspace == workspace);
                if !stays && self.taken(workspace).len() >= most.min(MAX_PANES) as usize {
                    return Err(full(most.min(MAX_PANES)));
                }
            }
        }
        held.push(self.hold(session, Way { from, to }));
        Ok(Plan::Go { from, to, other, held })
    }

    /// Completes when something that was held is let go. To be had before what is waited for is
    /// looked at.
    pub(in crate::session_manager) fn released(&self) -> Notified<'_> {
        self.released.notified()
    }

    fn hold(&self, session: SessionId, way: Way) -> Reservation<'_> {
        self.ways.insert(session, way);
        Reservation { table: self, session, what: Reserved::Pane }
    }

    /// The panes of a workspace that are not free.
    fn taken(&self, workspace: WorkspaceId) -> BTreeSet<u32> {
        let ways = self.ways_now();
        let ways = ways.0.values().flat_map(|way| [Some(way.to), way.from]).flatten();
        let panes = self.entries.iter().filter_map(|entry| Pane::of(&entry.record()));
        let here = ways.chain(panes).filter(|pane| pane.workspace == workspace);
        here.map(|pane| pane.index).collect()
    }

    /// Who is being moved. To be had before any record is read: a move that ends in between has
    /// changed the record first, and else its pane would be in neither.
    pub(super) fn ways_now(&self) -> Ways {
        Ways(self.ways.iter().map(|way| (*way.key(), *way.value())).collect())
    }
}

/// The ways of all that were being moved at one moment.
#[derive(Debug)]
pub(super) struct Ways(HashMap<SessionId, Way>);

impl Ways {
    /// A record as it is to be seen: a session that is being moved is where it was.
    pub(super) fn seen(&self, record: SessionRecord) -> SessionRecord {
        let Some(way) = self.0.get(&record.session_id) else { return record };
        SessionRecord {
            workspace_id: way.from.map_or(record.workspace_id, |from| from.workspace),
            pane_index: way.from.map(|from| from.index),
            ..record
        }
    }
}

fn full(most: u32) -> WireError {
    WireError::new(ErrorCode::MaxSessions, format!("Max sessions reached ({most})"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{session_manager::table::Entry, status::tests::record};

    #[test]
    fn a_pane_is_taken_from_the_beginning_of_a_move_to_it() {
        let (table, workspace) = (Table::new(1), WorkspaceId::default());
        let pane = |index| Pane { workspace, index };
        let at = |index| Box::new(SessionRecord { pane_index: Some(index), ..record() });
        let session = record().session_id;
        table.insert(session, Entry::Gone(at(0)));
        std::thread::scope(|scope| {
            let moving = scope.spawn(|| {
                for index in 1..=20_000 {
                    let held =
                        table.hold(session, Way { from: Some(pane(index - 1)), to: pane(index) });
                    table.insert(session, Entry::Gone(at(index)));
                    drop(held);
                    // For a while it is only at home there.
                    (0..500).for_each(|_| std::hint::spin_loop());
                }
            });
            while !moving.is_finished() {
                let begun = table.ways_now().0.values().map(|way| way.to.index).max();
                let taken = table.taken(workspace);
                assert!(begun <= taken.last().copied(), "{begun:?} is free: {taken:?}");
            }
        });
    }
}
