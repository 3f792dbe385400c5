//! Putting things into the trash: a checkout as it is, as a commit.

use git2::{
    Commit, Index, IndexEntry, IndexTime, ObjectType, Oid, Repository, Revwalk, Signature, Sort,
    Status, StatusOptions, opts,
};
use std::{
    collections::{BTreeSet, HashSet},
    ffi::OsStr,
    fs, io,
    os::unix::{ffi::OsStrExt as _, fs::PermissionsExt as _},
    path::{Path, PathBuf},
    sync::Once,
};

use super::{
    REFS, Trashed,
    foreign::{self, nested},
};
use crate::{
    GitError,
    branches::checked_out,
    carry::expand,
    refs::{head, open},
    working::{as_path, top_of},
    worktree::{locate, project},
};

/// Commits of a log that are looked at, from the newest on.
pub(super) const MAX_LOG: usize = 10_000;
/// In a checkout's own folder: what names commits that a merge, a rebase or a cherry-pick was at,
/// and the changes that it has put aside meanwhile.
const UNDER_WAY: [&str; 8] = [
    "MERGE_HEAD",
    "REBASE_HEAD",
    "CHERRY_PICK_HEAD",
    "REVERT_HEAD",
    "ORIG_HEAD",
    "MERGE_AUTOSTASH",
    "rebase-merge/autostash",
    "rebase-apply/autostash",
];
/// An index entry whose file git was told not to look at.
const ASSUMED: u16 = 0x8000;
const SKIPPED: u16 = 1 << 14;
const INTENDED: u16 = 1 << 13;
/// See [`Capture::write`].
static PARTIAL: Once = Once::new();

/// Puts all that is in a checkout into the trash, and changes nothing in it. `keep` says of a
/// file or folder that git ignores, by its path in the repository, whether it comes along.
/// Answers the entry, and what was ignored and left out, a folder as one.
///
/// # Errors
/// [`GitError::Refused`] when something in it could not be kept, such as another repository with
/// something that no remote has, or when the repository claims a folder that is not its own.
pub fn throw_away(
    folder: &Path,
    at: u64,
    keep: &dyn Fn(&Path, bool) -> bool,
) -> Result<(Trashed, Vec<PathBuf>), GitError> {
    let repository = open(folder)?;
    let capture = Capture::of(&repository, folder)?;
    let inside = foreign::check(&capture, keep)?;
    let (trashed, mut left_out) = capture.write(at, &Taken::Worktree, keep)?;
    left_out.extend(inside);
    Ok((trashed, left_out))
}

/// What goes, of all that an entry keeps.
pub(super) enum Taken {
    /// The worktree.
    Worktree,
    /// Changes of these files and of those in these folders; of all when it names none.
    Changes(Vec<PathBuf>),
}

impl Taken {
    pub(super) fn has(&self, path: &Path) -> bool {
        match self {
            Self::Worktree => true,
            Self::Changes(only) => {
                only.is_empty() || only.iter().any(|wanted| path.starts_with(wanted))
            }
        }
    }
}

/// A checkout, looked at.
pub(super) struct Capture<'a> {
    pub(super) repository: &'a Repository,
    /// Its folder, without links on the way.
    pub(super) top: PathBuf,
    /// The commit that is checked out.
    pub(super) head: Option<Oid>,
    /// Files that differ from the last commit, in the index or on disk, or that git does not
    /// know.
    pub(super) changed: BTreeSet<PathBuf>,
    /// Of those, the ones that differ from the index.
    on_disk: BTreeSet<PathBuf>,
    /// What is ignored; a folder as one.
    pub(super) ignored: Vec<PathBuf>,
}

impl<'a> Capture<'a> {
    /// Looks at the checkout that a folder is in.
    pub(super) fn of(repository: &'a Repository, folder: &Path) -> Result<Self, GitError> {
        let mut capture = Self {
            repository,
            top: top_of(repository, folder)?,
            head: head(repository)?.map(|commit| commit.id()),
            changed: BTreeSet::new(),
            on_disk: BTreeSet::new(),
            ignored: Vec::new(),
        };
        // What a sparse checkout has left out of the folder is no change.
        let mut absent = HashSet::new();
        for entry in repository.index()?.iter() {
            let path = as_path(&entry.path);
            let is_skipped = entry.flags_extended & SKIPPED != 0;
            if is_skipped && capture.top.join(&path).symlink_metadata().is_err() {
                absent.insert(path);
            } else if is_skipped
                || entry.flags & ASSUMED != 0
                || entry.flags_extended & INTENDED != 0
            {
                capture.on_disk.insert(path.clone());
                capture.changed.insert(path);
            }
        }
        let mut options = StatusOptions::new();
        options
            .include_untracked(true)
            .recurse_untracked_dirs(true)
            .include_ignored(true)
            .exclude_submodules(true)
            .update_index(false);
        for entry in repository.statuses(Some(&mut options))?.iter() {
            let path = as_path(entry.path_bytes());
            let mut status = entry.status();
            if status.is_ignored() {
                expand(repository, &path, &mut capture.ignored)?;
                continue;
            }
            // A folder that is not gone into is another repository.
            if entry.path_bytes().ends_with(b"/") {
                return Err(nested(&capture.top.join(path)));
            }
            if absent.contains(&path) {
                status.remove(Status::WT_DELETED);
                if status.is_empty() {
                    continue;
                }
            }
            let on_disk = Status::WT_NEW
                | Status::WT_MODIFIED
                | Status::WT_DELETED
                | Status::WT_TYPECHANGE
                | Status::WT_RENAMED
                | Status::WT_UNREADABLE
                | Status::CONFLICTED;
            if status.intersects(on_disk) {
                capture.on_disk.insert(path.clone());
            }
            capture.changed.insert(path);
        }
        Ok(capture)
    }

    /// Makes an entry in the trash. Of what is ignored it has what `keep` says when the worktree
    /// goes, and nothing when it stays. Answers the entry, and what was ignored and left out.
    pub(super) fn write(
        &self,
        at: u64,
        taken: &Taken,
        keep: &dyn Fn(&Path, bool) -> bool,
    ) -> Result<(Trashed, Vec<PathBuf>), GitError> {
        let repository = self.repository;
        // In a partial clone not every file is there that the index names, and the library would
        // make no tree of it. It need not look: what the trees here name is in git's own index, or
        // was written just before. This is for the whole process, in which other trees are made
        // by merges alone, of what is in trees already.
        PARTIAL.call_once(|| opts::strict_object_creation(false));
        let staged = self.staged()?;
        let mut all = Index::new()?;
        for entry in staged.iter() {
            all.add(&entry)?;
        }
        for path in &self.on_disk {
            self.put(&mut all, path)?;
        }
        let mut left_out = Vec::new();
        if matches!(taken, Taken::Worktree) {
            for path in &self.ignored {
                if self.put_wanted(&mut all, path, keep)? {
                    left_out.push(path.clone());
                }
            }
        }
        let signature =
            repository.signature().or_else(|_| Signature::now("Synk", "synk@localhost"))?;
        let commit = |message: &str, tree: Oid, parents: &[Oid]| -> Result<Oid, GitError> {
            let parents: Vec<Commit<'_>> =
                parents.iter().map(|id| repository.find_commit(*id)).collect::<Result<_, _>>()?;
            let parents: Vec<&Commit<'_>> = parents.iter().collect();
            let tree = repository.find_tree(tree)?;
            Ok(repository.commit(None, &signature, &signature, message, &tree, &parents)?)
        };
        let mut staged = staged;
        let above: Vec<Oid> = self.head.into_iter().collect();
        let index = commit("The index\n", staged.write_tree_to(repository)?, &above)?;
        let parents: Vec<Oid> = above.into_iter().chain([index]).chain(self.forgotten()?).collect();
        let place = locate(&self.top)?;
        let branch = checked_out(repository);
        let mut trashed = Trashed {
            id: self.free_id(at, branch.as_deref().unwrap_or("detached")),
            commit: String::new(),
            project: project(repository)?,
            path: place.top,
            branch,
            base: place.base,
            at,
            files: u32::try_from(self.changed.iter().filter(|path| taken.has(path)).count())
                .unwrap_or(u32::MAX),
            discarded: matches!(taken, Taken::Changes(_)),
            only: match taken {
                Taken::Changes(only) => only.clone(),
                Taken::Worktree => Vec::new(),
            },
            head: self.head.map(|head| head.to_string()),
        };
        let kept = commit(&trashed.message(), all.write_tree_to(repository)?, &parents)?;
        trashed.commit = kept.to_string();
        repository.reference(&format!("{REFS}{}", trashed.id), kept, false, "synk: trash")?;
        Ok((trashed, left_out))
    }

    /// The index, without what no tree can hold: of a file in conflict, what was committed.
    fn staged(&self) -> Result<Index, GitError> {
        let committed = match self.head {
            Some(head) => Some(self.repository.find_commit(head)?.tree()?),
            None => None,
        };
        let mut staged = Index::new()?;
        for entry in self.repository.index()?.iter() {
            let stage = (entry.flags >> 12) & 3;
            let path = Path::new(OsStr::from_bytes(&entry.path));
            if stage == 0 && entry.flags_extended & INTENDED == 0 {
                staged.add(&plain(entry.path.clone(), entry.mode, entry.id))?;
            } else if stage != 0
                && let Some(Ok(found)) = committed.as_ref().map(|tree| tree.get_path(path))
            {
                let mode = u32::try_from(found.filemode()).unwrap_or(0o100_644);
                staged.add(&plain(entry.path, mode, found.id()))?;
            }
        }
        Ok(staged)
    }

    /// Puts a file as it is on disk into an index; one that is gone is taken out.
    fn put(&self, index: &mut Index, path: &Path) -> Result<(), GitError> {
        // A folder became a link: what is behind it is elsewhere. The link is told of by itself.
        if behind_link(&self.top, path).is_some() {
            index.remove(path, 0).ok();
            return Ok(());
        }
        let file = self.top.join(path);
        let name = path.as_os_str().as_bytes().to_vec();
        let found = match file.symlink_metadata() {
            Ok(found) => found,
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) =>
            {
                index.remove(path, 0).ok();
                return Ok(());
            }
            Err(error) => return Err(GitError::file(file)(error)),
        };
        let (mode, blob) = if found.is_symlink() {
            let target = fs::read_link(&file).map_err(GitError::file(&file))?;
            (0o120_000, self.repository.blob(target.as_os_str().as_bytes())?)
        } else if found.is_file() {
            let mut reader = fs::File::open(&file).map_err(GitError::file(&file))?;
            let mut writer = self.repository.blob_writer(None)?;
            io::copy(&mut reader, &mut writer).map_err(GitError::file(&file))?;
            let mode = if found.permissions().mode() & 0o111 == 0 { 0o100_644 } else { 0o100_755 };
            (mode, writer.commit()?)
        } else if found.is_dir() {
            // In the place of a file that was there; what is in it is told of by itself.
            index.remove(path, 0).ok();
            return Ok(());
        } else {
            // A socket or a pipe holds nothing.
            return Ok(());
        };
        // What was a folder may be a file now, and the other way round.
        index.remove_dir(path, 0).ok();
        for folder in above(path) {
            index.remove(folder, 0).ok();
        }
        Ok(index.add(&plain(name, mode, blob))?)
    }

    /// Puts what is wanted of something ignored into an index, all of it when that is a folder;
    /// answers whether anything was left out. A clone with nothing that its remote lacks is left
    /// out as a whole; what is in any other repository would be lost, so that is refused.
    pub(super) fn put_wanted(
        &self,
        index: &mut Index,
        path: &Path,
        keep: &dyn Fn(&Path, bool) -> bool,
    ) -> Result<bool, GitError> {
        let place = self.top.join(path);
        let is_folder = place.is_dir() && !place.is_symlink();
        let is_wanted = keep(path, is_folder);
        if !is_folder {
            if is_wanted {
                self.put(index, path)?;
            }
            return Ok(!is_wanted);
        }
        let keep: &dyn Fn(&Path, bool) -> bool = if is_wanted { &|_, _| true } else { keep };
        if place.join(".git").symlink_metadata().is_ok() {
            let keep = |inside: &Path, is_folder: bool| keep(&path.join(inside), is_folder);
            foreign::check_inside(&place, None, &keep)?;
            return Ok(true);
        }
        let entries = match fs::read_dir(&place) {
            // Nor is it deleted: that begins with reading it.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => return Ok(true),
            entries => entries.map_err(GitError::file(&place))?,
        };
        let mut left_out = false;
        // Such folders may be huge: of each the folders in it are remembered, not its files.
        let mut folders = Vec::new();
        for entry in entries {
            let entry = entry.map_err(GitError::file(&place))?;
            let inside = path.join(entry.file_name());
            if entry.file_type().map_err(GitError::file(&place))?.is_dir() {
                folders.push(inside);
            } else if keep(&inside, false) {
                self.put(index, &inside)?;
            } else {
                left_out = true;
            }
        }
        for folder in folders {
            left_out |= self.put_wanted(index, &folder, keep)?;
        }
        Ok(left_out)
    }

    /// Commits that nothing but this checkout's own logs and notes remember, the newest of each
    /// line.
    fn forgotten(&self) -> Result<Vec<Oid>, GitError> {
        let repository = self.repository;
        let mut remembered = HashSet::new();
        let logs = ["HEAD".to_owned()]
            .into_iter()
            .chain(checked_out(repository).map(|branch| format!("refs/heads/{branch}")));
        for name in logs {
            let Ok(log) = repository.reflog(&name) else { continue };
            for entry in log.iter().take(MAX_LOG) {
                remembered.extend([entry.id_old(), entry.id_new()]);
            }
        }
        for name in UNDER_WAY {
            let words = fs::read_to_string(repository.path().join(name)).unwrap_or_default();
            remembered.extend(words.lines().filter_map(|id| Oid::from_str(id.trim()).ok()));
        }
        for reference in repository.references_glob("refs/worktree/*")?.flatten() {
            remembered.extend(reference.target());
        }
        let mut walk = repository.revwalk()?;
        walk.set_sorting(Sort::TOPOLOGICAL)?;
        if !push_commits(repository, &mut walk, remembered)? {
            return Ok(Vec::new());
        }
        if let Some(head) = self.head {
            walk.hide(head)?;
        }
        // Children come first: what has been seen as a parent is kept by its child.
        let (mut tips, mut kept) = (Vec::new(), HashSet::new());
        for id in walk {
            let id = id?;
            if !kept.contains(&id) {
                tips.push(id);
            }
            kept.extend(repository.find_commit(id)?.parent_ids());
        }
        Ok(tips)
    }

    /// A name that nothing in the trash has.
    fn free_id(&self, at: u64, branch: &str) -> String {
        let words: String = branch
            .chars()
            .take(40)
            .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' })
            .collect();
        let mut id = format!("{at}-{words}");
        let mut number = 2;
        while self.repository.find_reference(&format!("{REFS}{id}")).is_ok() {
            id = format!("{at}-{words}-{number}");
            number += 1;
        }
        id
    }
}

/// Has a walk begin at those of these objects that are there and are commits; answers whether any
/// is.
pub(super) fn push_commits(
    repository: &Repository,
    walk: &mut Revwalk<'_>,
    ids: impl IntoIterator<Item = Oid>,
) -> Result<bool, GitError> {
    let objects = repository.odb()?;
    let mut any = false;
    for id in ids {
        if objects.read_header(id).is_ok_and(|(_, kind)| kind == ObjectType::Commit) {
            walk.push(id)?;
            any = true;
        }
    }
    Ok(any)
}

/// The link that a path of a checkout leads through, if it does: then what is there is elsewhere.
pub(super) fn behind_link<'path>(top: &Path, path: &'path Path) -> Option<&'path Path> {
    above(path).find(|folder| top.join(folder).is_symlink())
}

/// The folders of a checkout that a path in it is in, the nearest first.
pub(super) fn above(path: &Path) -> impl Iterator<Item = &Path> {
    path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty())
}

/// An entry without what a file on disk would add to it.
fn plain(path: Vec<u8>, mode: u32, id: Oid) -> IndexEntry {
    IndexEntry {
        ctime: IndexTime::new(0, 0),
        mtime: IndexTime::new(0, 0),
        dev: 0,
        ino: 0,
        mode,
        uid: 0,
        gid: 0,
        file_size: 0,
        id,
        flags: 0,
        flags_extended: 0,
        path,
    }
}
