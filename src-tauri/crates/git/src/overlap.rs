//! Which files several worktrees of one repository change at the same time, and whether they
//! would be in each other's way: found before anybody merges. The worktrees are taken as they
//! are, with what is in no commit; all that is made of them is in memory, and nothing is
//! written to the repository.

use git2::{Commit, Oid};
use std::{
    cell::{OnceCell, RefCell},
    collections::{BTreeMap, HashMap},
    path::{Path, PathBuf},
    rc::Rc,
};

use crate::{
    GitError,
    change::{self, Change, Side as State, overlay},
    diff::shown,
    refs, renames,
    store::{Entry, Store},
    text::Text,
    three_way,
    working::Worktree,
};

/// A file that two worktrees change.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OverlapFile {
    /// Its path where the two parted; for a file that is new, its path now.
    pub path: String,
    /// Both cannot be had: a merge of the two would be in conflict here. What is larger than
    /// 2 MiB, has more than 200,000 lines or is not text is one or the other: it conflicts
    /// unless it is the same.
    pub conflicts: bool,
}

/// The files that two worktrees of one repository both change since where they parted, by path.
/// None when they have nothing in common.
///
/// # Errors
/// [`GitError::NotARepository`], or what the library says.
pub fn overlap(one: &Path, other: &Path) -> Result<Vec<OverlapFile>, GitError> {
    let (one, other) = (Side::open(one)?, Side::open(other)?);
    if one.repository() != other.repository() {
        return Ok(Vec::new());
    }
    let store = Store::open(&one.folder)?;
    pair(&store, &one, &other)
}

/// The same for each two of many: their places in `folders`, the smaller first, where there is
/// something. Each folder is looked at once. One that cannot be read has nothing in common with
/// any.
pub fn overlaps(folders: &[PathBuf]) -> Vec<(usize, usize, Vec<OverlapFile>)> {
    let sides: Vec<_> = folders.iter().map(|folder| Side::open(folder).ok()).collect();
    let mut stores: HashMap<PathBuf, Store> = HashMap::new();
    let mut found = Vec::new();
    for (first, one) in sides.iter().enumerate() {
        let Some(one) = one else { continue };
        for (second, other) in sides.iter().enumerate().skip(first + 1) {
            let Some(other) = other else { continue };
            if one.repository() != other.repository() {
                continue;
            }
            if !stores.contains_key(one.repository()) {
                let Ok(store) = Store::open(&one.folder) else { continue };
                stores.insert(one.repository().to_owned(), store);
            }
            let Some(store) = stores.get(one.repository()) else { continue };
            match pair(store, one, other) {
                Ok(files) if !files.is_empty() => found.push((first, second, files)),
                _ => {}
            }
        }
    }
    found
}

/// A worktree of those that are compared.
struct Side {
    folder: PathBuf,
    worktree: Worktree,
    /// What differs in it from its last commit, once that is known.
    uncommitted: OnceCell<Vec<Change>>,
    /// What differs in it from a commit.
    since: RefCell<HashMap<Oid, Rc<Vec<Change>>>>,
}

impl Side {
    fn open(folder: &Path) -> Result<Self, GitError> {
        Ok(Self {
            folder: folder.to_owned(),
            worktree: Worktree::open(folder)?,
            uncommitted: OnceCell::new(),
            since: RefCell::default(),
        })
    }

    fn repository(&self) -> &Path {
        self.worktree.repository().commondir()
    }

    fn head(&self) -> Result<Option<Commit<'_>>, GitError> {
        refs::head(self.worktree.repository())
    }

    /// What differs in it from a commit that its own comes from, with renames.
    fn since(
        &self,
        store: &Store,
        base: Oid,
        head: &Commit<'_>,
    ) -> Result<Rc<Vec<Change>>, GitError> {
        if let Some(known) = self.since.borrow().get(&base) {
            return Ok(Rc::clone(known));
        }
        let repository = self.worktree.repository();
        let tree = head.tree()?;
        if self.uncommitted.get().is_none() {
            let changes = self.worktree.changes(store, Some(&tree))?;
            self.uncommitted.get_or_init(|| changes);
        }
        let uncommitted = self.uncommitted.get().map_or(&[][..], Vec::as_slice);
        let before = repository.find_commit(base)?.tree()?;
        let mut options = git2::DiffOptions::new();
        options.include_typechange(true);
        let diff = repository.diff_tree_to_tree(Some(&before), Some(&tree), Some(&mut options))?;
        let sides = (State::Tree(&before), State::Tree(&tree));
        let committed = change::between(store, &diff, &sides.0, &sides.1);
        let changes = overlay(committed, uncommitted);
        let changes = Rc::new(renames::find(store, &Text(repository), changes)?);
        self.since.borrow_mut().insert(base, Rc::clone(&changes));
        Ok(changes)
    }
}

fn pair(store: &Store, one: &Side, other: &Side) -> Result<Vec<OverlapFile>, GitError> {
    let (Some(first), Some(second)) = (one.head()?, other.head()?) else { return Ok(Vec::new()) };
    let Ok(base) = refs::parted(one.worktree.repository(), first.id(), second.id()) else {
        return Ok(Vec::new());
    };
    let mine = one.since(store, base, &first)?;
    let theirs = other.since(store, base, &second)?;
    let text = Text(one.worktree.repository());
    let mut found: BTreeMap<&[u8], bool> = BTreeMap::new();
    changed(store, &text, &mine, &theirs, &mut found)?;
    created(&mine, &theirs, &mut found);
    inside(&mine, &theirs, &mut found);
    inside(&theirs, &mine, &mut found);
    let file = |(path, conflicts)| OverlapFile { path: shown(path), conflicts };
    Ok(found.into_iter().map(file).collect())
}

/// Files that were there where the two parted.
fn changed<'a>(
    store: &Store,
    text: &Text<'_>,
    mine: &'a [Change],
    theirs: &'a [Change],
    found: &mut BTreeMap<&'a [u8], bool>,
) -> Result<(), GitError> {
    let by_old: HashMap<&[u8], &Change> =
        theirs.iter().filter(|it| it.old.is_some()).map(|it| (before(it), it)).collect();
    for one in mine {
        let (Some(old), Some(other)) = (one.old, by_old.get(before(one))) else { continue };
        let path = before(one);
        let conflicts = match (&one.new, &other.new) {
            _ if one.conflicted || other.conflicted => true,
            (None, None) => false,
            (Some(_), None) | (None, Some(_)) => true,
            // Each has given it another name.
            _ if one.from.is_some() && other.from.is_some() && one.path != other.path => true,
            (Some(a), Some(b)) => three_way::conflicts(store, text, path, Some(&old), a, b)?,
        };
        *found.entry(path).or_default() |= conflicts;
    }
    Ok(())
}

/// Files that came to one name from nothing, or from different ones.
fn created<'a>(mine: &'a [Change], theirs: &'a [Change], found: &mut BTreeMap<&'a [u8], bool>) {
    let theirs: HashMap<&[u8], (&Change, &Entry)> = fresh(theirs).collect();
    for (path, (one, entry)) in fresh(mine) {
        if let Some((other, another)) = theirs.get(path)
            // The same one moved to the same place is one file that both change.
            && !(one.from.is_some() && one.from == other.from)
        {
            let undecided = one.conflicted || other.conflicted;
            *found.entry(path).or_default() |= undecided || !entry.is(another);
        }
    }
}

/// A new file where the other has made a folder.
fn inside<'a>(files: &'a [Change], below: &'a [Change], found: &mut BTreeMap<&'a [u8], bool>) {
    let files: HashMap<&[u8], _> = fresh(files).collect();
    if files.is_empty() {
        return;
    }
    for (path, _) in fresh(below) {
        let slashes = path.iter().enumerate().filter(|(_, byte)| **byte == b'/');
        for (folder, _) in slashes.filter_map(|(end, _)| files.get_key_value(&path[..end])) {
            found.insert(folder, true);
        }
    }
}

/// Those that were not at their path before, by path.
fn fresh(changes: &[Change]) -> impl Iterator<Item = (&[u8], (&Change, &Entry))> {
    changes
        .iter()
        .filter(|it| it.old.is_none() || it.from.is_some())
        .filter_map(|it| Some((it.path.as_slice(), (it, it.new.as_ref()?))))
}

/// The path that a change's file had before.
fn before(change: &Change) -> &[u8] {
    change.from.as_deref().unwrap_or(&change.path)
}
