//! A worktree as it is: which of its files differ from a commit, with what is staged, what is
//! not, and what git does not know yet. By libgit2 alone, so no program of the repository is
//! run; a link is a link and is never followed.

use git2::{ConfigLevel, Delta, DiffOptions, Index, ObjectType, Odb, Oid, Repository, Tree};
use rustix::fs::{AtFlags, CWD, FileType, Mode, OFlags, openat, readlinkat, statat};
use std::{
    cell::OnceCell,
    collections::BTreeSet,
    ffi::OsStr,
    fs::File,
    io::Read,
    os::{fd::OwnedFd, unix::ffi::OsStrExt},
    path::{Path, PathBuf},
};

use crate::{
    GitError,
    change::{self, Change, Side, overlay},
    refs,
    store::{Entry, MAX_FILE, Store},
};

/// An index entry that stands for a file which is not in the folder on purpose (a sparse
/// checkout), among the extended flags.
const SKIP_WORKTREE: u16 = 1 << 14;

/// The top of the checkout that a folder is in, without links on the way. A repository can name
/// any folder on this machine as its own, and nothing is read or changed there: the folder has to
/// say as well that it is the repository's.
pub(crate) fn top_of(repository: &Repository, folder: &Path) -> Result<PathBuf, GitError> {
    let top = repository.workdir().ok_or_else(|| GitError::NotARepository(folder.to_owned()))?;
    let top = top.canonicalize().map_err(GitError::file(top))?;
    let folder = folder.canonicalize().map_err(GitError::file(folder))?;
    let is_mutual = refs::open(&top).is_ok_and(|found| found.path() == repository.path());
    // In a worktree of its own the library takes no notice of this setting, but git does.
    let own = repository.config().and_then(|config| config.open_level(ConfigLevel::Worktree));
    let is_elsewhere =
        repository.is_worktree() && own.is_ok_and(|own| own.get_entry("core.worktree").is_ok());
    if folder.starts_with(&top) && is_mutual && !is_elsewhere {
        return Ok(top);
    }
    Err(GitError::Refused(format!(
        "the repository in {} says that its files are elsewhere, so nothing is read or changed; \
         look at its setting `core.worktree`",
        folder.display()
    )))
}

/// A worktree of a repository.
pub(crate) struct Worktree {
    repository: Repository,
    root: PathBuf,
    filtering: OnceCell<Repository>,
    settings: Settings,
}

/// What the configuration says of the file system and of line ends.
struct Settings {
    has_modes: bool,
    has_links: bool,
    changes_line_ends: bool,
}

impl Settings {
    fn of(repository: &Repository) -> Self {
        let config = repository.config().and_then(|mut config| config.snapshot());
        let is = |name, default| {
            config.as_ref().map_or(default, |it| it.get_bool(name).unwrap_or(default))
        };
        let line_ends = config.as_ref().is_ok_and(|it| {
            it.get_str("core.autocrlf").is_ok_and(|it| it.eq_ignore_ascii_case("input"))
        });
        Self {
            has_modes: is("core.filemode", true),
            has_links: is("core.symlinks", true),
            changes_line_ends: line_ends || is("core.autocrlf", false),
        }
    }
}

impl Worktree {
    /// The one that a folder is in.
    pub(crate) fn open(folder: &Path) -> Result<Self, GitError> {
        let repository = refs::open(folder)?;
        let root = top_of(&repository, folder)?;
        let settings = Settings::of(&repository);
        Ok(Self { repository, root, filtering: OnceCell::new(), settings })
    }

    /// Its repository, whose HEAD and index are those of the worktree.
    pub(crate) fn repository(&self) -> &Repository {
        &self.repository
    }

    /// What differs between a tree (nothing, without one) and the folder as it is, by path.
    /// A repository inside that git does not know is not looked into.
    pub(crate) fn changes(
        &self,
        store: &Store,
        base: Option<&Tree<'_>>,
    ) -> Result<Vec<Change>, GitError> {
        let index = self.repository.index()?;
        let conflicts = conflicts(&index)?;
        let mut options = DiffOptions::new();
        options.include_typechange(true);
        let staged = self.repository.diff_tree_to_index(base, Some(&index), Some(&mut options))?;
        let sides = (base.map_or(Side::Nothing, Side::Tree), Side::Index(&index));
        let mut staged = change::between(store, &staged, &sides.0, &sides.1);
        staged.retain(|change| !conflicts.contains(&change.path));
        let mut later = self.unstaged(store, &index)?;
        for path in conflicts {
            let old = sides.0.entry(store, &path);
            let new = self.entry(store, &path, None)?;
            later.push(Change { path, from: None, old, new, conflicted: true });
        }
        Ok(overlay(staged, &later))
    }

    /// What differs between the index and the folder, conflicts aside.
    fn unstaged(&self, store: &Store, index: &Index) -> Result<Vec<Change>, GitError> {
        let mut options = DiffOptions::new();
        options
            .include_typechange(true)
            .include_untracked(true)
            .recurse_untracked_dirs(true)
            // One that may not be read is not there, rather than an end to all of it.
            .include_unreadable(true)
            .ignore_submodules(true);
        let diff = self.repository.diff_index_to_workdir(Some(index), Some(&mut options))?;
        let mut changes = Vec::new();
        for delta in diff.deltas() {
            let (before, now) = (delta.old_file(), delta.new_file());
            let Some(path) = now.path_bytes().or_else(|| before.path_bytes()) else { continue };
            let tracked = index.get_path(&as_path(path), 0);
            let sparse = tracked.as_ref().is_some_and(|it| it.flags_extended & SKIP_WORKTREE != 0);
            let old = tracked.map(|it| store.entry(it.mode, it.id));
            let submodule = old.is_some_and(|it| it.is_submodule());
            let elsewhere = sparse || (submodule && delta.status() != Delta::Typechange);
            // A folder is a repository of its own.
            if elsewhere || path.ends_with(b"/") {
                continue;
            }
            let new = match delta.status() {
                Delta::Modified | Delta::Typechange | Delta::Untracked | Delta::Added => {
                    self.entry(store, path, old.as_ref())?
                }
                Delta::Deleted => None,
                _ => continue,
            };
            changes.push(Change { path: path.to_vec(), from: None, old, new, conflicted: false });
        }
        for entry in index.iter().filter(|entry| entry.mode == 0o160_000) {
            let new = match self.submodule(&entry.path) {
                Submodule::At(id) if id == entry.id => continue,
                Submodule::At(id) => Some(store.entry(entry.mode, id)),
                Submodule::Gone => None,
                Submodule::Unknown => continue,
            };
            let old = Some(store.entry(entry.mode, entry.id));
            changes.push(Change { path: entry.path, from: None, old, new, conflicted: false });
        }
        Ok(changes)
    }

    /// What is at a path; `None` when it is not there, or is nothing that git keeps. `staged` is
    /// what the index has there.
    fn entry(
        &self,
        store: &Store,
        path: &[u8],
        staged: Option<&Entry>,
    ) -> Result<Option<Entry>, GitError> {
        let Some((folder, name)) = self.open_parent(path) else { return Ok(None) };
        let Ok(found) = statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW) else { return Ok(None) };
        match FileType::from_raw_mode(found.st_mode) {
            FileType::Symlink => {
                let Ok(target) = readlinkat(&folder, name, Vec::new()) else { return Ok(None) };
                let target = target.into_bytes();
                let size = target.len() as u64;
                Ok(Some(Entry { mode: 0o120_000, id: store.hold(&target)?, size, held: true }))
            }
            FileType::RegularFile => {
                let mode = self.mode(found.st_mode & 0o100 != 0, staged);
                let size = u64::try_from(found.st_size).unwrap_or(u64::MAX);
                if size > MAX_FILE || !store.take(size) {
                    let id = self.mark(store, path, size, found.st_mtime)?;
                    return Ok(Some(Entry { mode, id, size, held: false }));
                }
                let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
                let Ok(file) = openat(&folder, name, flags, Mode::empty()) else { return Ok(None) };
                let mut bytes = Vec::new();
                // It may grow while it is read.
                if File::from(file).take(MAX_FILE).read_to_end(&mut bytes).is_err() {
                    return Ok(None);
                }
                let bytes = self.filtered(store, path, staged)?.unwrap_or(bytes);
                let size = bytes.len() as u64;
                Ok(Some(Entry { mode, id: store.hold(&bytes)?, size, held: true }))
            }
            _ => Ok(None),
        }
    }

    /// The mode of a file, where the file system may have no permissions or no links to tell.
    fn mode(&self, executable: bool, staged: Option<&Entry>) -> u32 {
        let Settings { has_modes, has_links, .. } = self.settings;
        match staged {
            Some(staged) if staged.is_file() && !has_modes => staged.mode,
            Some(staged) if staged.kind() == 0o120_000 && !has_links => staged.mode,
            _ if executable && has_modes => 0o100_755,
            _ => 0o100_644,
        }
    }

    /// The folder of a path, without following a link on the way, and the last part.
    fn open_parent<'path>(&self, path: &'path [u8]) -> Option<(OwnedFd, &'path OsStr)> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let mut folder = openat(CWD, &self.root, flags, Mode::empty()).ok()?;
        let mut parts = path.split(|byte| *byte == b'/').peekable();
        while let Some(part) = parts.next() {
            if matches!(part, b"" | b"." | b"..") {
                return None;
            }
            let part = OsStr::from_bytes(part);
            if parts.peek().is_none() {
                return Some((folder, part));
            }
            folder = openat(&folder, part, flags | OFlags::NOFOLLOW, Mode::empty()).ok()?;
        }
        None
    }

    /// What stands for a content that is too large to be held: its hash if that can be had in
    /// time, so that a file which was only moved is seen as moved; otherwise its size and its
    /// time (seconds since 1970).
    fn mark(&self, store: &Store, path: &[u8], size: u64, modified: i64) -> Result<Oid, GitError> {
        if store.take_to_hash(size)
            && let Ok(id) = Oid::hash_file(ObjectType::Blob, self.root.join(as_path(path)))
        {
            return Ok(id);
        }
        let mark = format!("{}\0{size}\0{modified}", String::from_utf8_lossy(path));
        Ok(Oid::hash_object(ObjectType::Tag, mark.as_bytes())?)
    }

    /// libgit2 filters only what it writes, so it writes to a store in memory: alone there, as
    /// it would set the times of objects that are in the repository already.
    fn filtering(&self) -> Result<&Repository, GitError> {
        if let Some(repository) = self.filtering.get() {
            return Ok(repository);
        }
        let repository = Repository::open(self.repository.path())?;
        let odb = Odb::new()?;
        odb.add_new_mempack_backend(1)?;
        repository.set_odb(&odb)?;
        Ok(self.filtering.get_or_init(|| repository))
    }

    /// A file as git would keep it (line ends, `$Id$`), where that is another than as it is:
    /// by the filters that are in libgit2 itself. Those that are programs are not run.
    fn filtered(
        &self,
        store: &Store,
        path: &[u8],
        staged: Option<&Entry>,
    ) -> Result<Option<Vec<u8>>, GitError> {
        let file = as_path(path);
        if !self.may_be_filtered(&file) {
            return Ok(None);
        }
        // libgit2 filters only what it writes, so it writes to a store in memory: alone there,
        // as it would set the times of objects that are in the repository already.
        let filtering = self.filtering()?;
        // Whether line ends are changed depends on what they are in the index.
        if let Some(staged) = staged {
            let bytes = store.read(staged)?;
            filtering.odb()?.write(ObjectType::Blob, &bytes)?;
        }
        let written = filtering.blob_path(&self.root.join(file));
        // What cannot be filtered (core.safecrlf, an unknown encoding) is compared as it is.
        Ok(written.and_then(|id| Ok(filtering.find_blob(id)?.content().to_vec())).ok())
    }

    fn may_be_filtered(&self, file: &Path) -> bool {
        self.settings.changes_line_ends
            || ["text", "eol", "crlf", "ident"].iter().any(|name| {
                let value = self.repository.get_attr(file, name, git2::AttrCheckFlags::default());
                value.is_ok_and(|value| value.is_some())
            })
    }

    /// How a submodule is. What is changed inside is its own affair.
    fn submodule(&self, path: &[u8]) -> Submodule {
        let Some((folder, name)) = self.open_parent(path) else { return Submodule::Gone };
        let Ok(found) = statat(&folder, name, AtFlags::SYMLINK_NOFOLLOW) else {
            return Submodule::Gone;
        };
        if FileType::from_raw_mode(found.st_mode) != FileType::Directory {
            // Then it is something else, and the folder's own difference says what.
            return Submodule::Unknown;
        }
        let inside = Repository::open_ext(
            self.root.join(as_path(path)),
            git2::RepositoryOpenFlags::NO_SEARCH,
            None::<&Path>,
        );
        let head = inside.ok().and_then(|inside| inside.head().ok()?.target());
        head.map_or(Submodule::Unknown, Submodule::At)
    }
}

/// How a submodule is in a working folder.
#[derive(Debug, PartialEq, Eq)]
enum Submodule {
    /// That commit is checked out.
    At(Oid),
    /// Its folder is not there.
    Gone,
    /// Nothing is checked out in it: it was not fetched yet, which is no change.
    Unknown,
}

fn conflicts(index: &Index) -> Result<BTreeSet<Vec<u8>>, GitError> {
    let mut paths = BTreeSet::new();
    for conflict in index.conflicts()? {
        let conflict = conflict?;
        let sides = [conflict.ancestor, conflict.our, conflict.their];
        paths.extend(sides.into_iter().flatten().map(|entry| entry.path));
    }
    Ok(paths)
}

/// Bytes of a path as the system has them.
pub(crate) fn as_path(bytes: &[u8]) -> PathBuf {
    PathBuf::from(OsStr::from_bytes(bytes))
}
