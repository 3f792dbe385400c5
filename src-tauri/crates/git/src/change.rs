//! A file that differs between two states of a repository, and lists of such.

use git2::{Diff, DiffDelta, Index, Tree};
use std::collections::BTreeMap;

use crate::{
    store::{Entry, Store},
    working::as_path,
};

/// A file that differs between two sides.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    /// Its path, from the top of the repository.
    pub(crate) path: Vec<u8>,
    /// Its path before, when it was renamed.
    pub(crate) from: Option<Vec<u8>>,
    /// Before.
    pub(crate) old: Option<Entry>,
    /// Now.
    pub(crate) new: Option<Entry>,
    /// Several sides changed it and nobody has decided.
    pub(crate) conflicted: bool,
}

impl Change {
    fn differs(&self) -> bool {
        match (&self.old, &self.new) {
            _ if self.conflicted => true,
            (Some(old), Some(new)) => !old.is(new),
            (old, new) => old.is_some() != new.is_some(),
        }
    }
}

/// A state that a difference is made from.
pub(crate) enum Side<'a> {
    /// One without any files.
    Nothing,
    /// A commit's.
    Tree(&'a Tree<'a>),
    /// What is staged.
    Index(&'a Index),
}

impl Side<'_> {
    /// What is at a path, if that is no folder. Not from the difference itself: git2 panics
    /// there on a mode that is none of the usual ones, which old repositories have.
    pub(crate) fn entry(&self, store: &Store, path: &[u8]) -> Option<Entry> {
        let path = as_path(path);
        let (mode, id) = match self {
            Self::Nothing => return None,
            Self::Tree(tree) => {
                let entry = tree.get_path(&path).ok()?;
                (u32::try_from(entry.filemode()).ok()?, entry.id())
            }
            Self::Index(index) => {
                let entry = index.get_path(&path, 0)?;
                (entry.mode, entry.id)
            }
        };
        (mode & 0o170_000 != 0o040_000).then(|| store.entry(mode, id))
    }
}

/// What differs in a difference that libgit2 has found, with both its sides.
pub(crate) fn between(
    store: &Store,
    diff: &Diff<'_>,
    old: &Side<'_>,
    new: &Side<'_>,
) -> Vec<Change> {
    let change = |delta: DiffDelta<'_>| {
        let path = delta.new_file().path_bytes().or_else(|| delta.old_file().path_bytes())?;
        let (old, new) = (old.entry(store, path), new.entry(store, path));
        Some(Change { path: path.to_vec(), from: None, old, new, conflicted: false })
    };
    diff.deltas().filter_map(change).filter(Change::differs).collect()
}

/// What differs between a first and a third state, from what does between the first and a
/// second, and the second and the third; by path.
pub(crate) fn overlay(first: Vec<Change>, later: &[Change]) -> Vec<Change> {
    let by_path = |change: Change| (change.path.clone(), change);
    let mut changes: BTreeMap<_, _> = first.into_iter().map(by_path).collect();
    for change in later {
        match changes.get_mut(&change.path) {
            Some(before) => {
                before.new = change.new;
                before.conflicted = change.conflicted;
            }
            None => drop(changes.insert(change.path.clone(), change.clone())),
        }
    }
    changes.into_values().filter(Change::differs).collect()
}
