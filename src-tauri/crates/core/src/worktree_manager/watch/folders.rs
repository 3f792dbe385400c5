//! Which folders are watched: those that hold what git knows of a checkout and, where another
//! checkout of its repository is open, those of its files. All of it may block.

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use std::{collections::BTreeSet, path::PathBuf};
use synk_git::folders;

use super::Checkouts;

/// Folders of one checkout that are watched for files.
const MAX_FOLDERS: usize = 4000;

/// The folders that are watched.
pub(super) struct Folders {
    watcher: RecommendedWatcher,
    watched: BTreeSet<PathBuf>,
}

impl Folders {
    /// None as yet.
    pub(super) fn new(watcher: RecommendedWatcher) -> Self {
        Self { watcher, watched: BTreeSet::new() }
    }

    /// Watches those of these checkouts that there are now, and no others. Since the last time
    /// folders may have come or gone at `moved`, and below. Answers why not all are watched.
    pub(super) fn follow(
        &mut self,
        checkouts: &Checkouts,
        moved: &BTreeSet<PathBuf>,
    ) -> Option<String> {
        let (wanted, all) = wanted(checkouts);
        // One that was removed is watched no more, also when there is one in its place.
        let watched = std::mem::take(&mut self.watched);
        let (stay, go): (BTreeSet<_>, BTreeSet<_>) = watched.into_iter().partition(|path| {
            wanted.contains(path) && !path.ancestors().any(|above| moved.contains(above))
        });
        self.watched = stay;
        for path in go {
            // It may have been watched no more by itself.
            self.watcher.unwatch(&path).ok();
        }
        let mut problem = (!all).then(|| format!("it has more than {MAX_FOLDERS} folders"));
        for path in wanted {
            if self.watched.contains(&path) {
                continue;
            }
            match self.watcher.watch(&path, RecursiveMode::NonRecursive) {
                Ok(()) => drop(self.watched.insert(path)),
                // It has gone since it was listed.
                Err(_) if !path.is_dir() => {}
                Err(error) => problem = problem.or_else(|| Some(error.to_string())),
            }
        }
        problem
    }

    /// Does the same if a folder has come or gone at one of these paths, where there may be files
    /// as well.
    pub(super) fn renew(
        &mut self,
        checkouts: &Checkouts,
        mut moved: BTreeSet<PathBuf>,
    ) -> Option<String> {
        moved.retain(|path| path.is_dir() || self.watched.contains(path));
        if moved.is_empty() { None } else { self.follow(checkouts, &moved) }
    }
}

/// The folders to watch, and whether they are all.
fn wanted(checkouts: &Checkouts) -> (BTreeSet<PathBuf>, bool) {
    let mut wanted = BTreeSet::new();
    let mut all = true;
    for (top, checkout) in checkouts {
        wanted.extend([checkout.own.clone(), checkout.common.clone()]);
        wanted.extend(folders(&checkout.common.join("refs/heads"), MAX_FOLDERS).0);
        let with_others = checkouts
            .iter()
            .any(|(other_top, other)| other.common == checkout.common && other_top != top);
        if with_others {
            let (found, whole) = folders(top, MAX_FOLDERS);
            wanted.extend(found);
            all &= whole;
        }
    }
    (wanted, all)
}
