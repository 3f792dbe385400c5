//! Getting things back out of the trash.

use git2::{Delta, DiffOptions, Oid, Repository};
use std::{
    collections::BTreeSet,
    ffi::{OsStr, OsString},
    fs, io,
    os::unix::{
        ffi::OsStrExt as _,
        fs::{OpenOptionsExt as _, PermissionsExt as _, symlink},
    },
    path::{Component, Path, PathBuf},
    sync::PoisonError,
};

use super::{
    Trashed,
    capture::{Capture, Taken, behind_link},
    entry::find,
};
use crate::{
    GitError, Program, Trust, checkouts,
    refs::open,
    worktree::{note_base, registry},
};

/// What is back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Its folder.
    pub path: PathBuf,
    /// The branch there. Another than before when that one has gone on.
    pub branch: Option<String>,
}

/// Brings something back out of the trash, where it stays as well: a worktree with its branch,
/// its index and every file as it was, or the changes that were discarded. It comes to where it
/// was, or beside that when something is there. Discarded changes come over what those files are
/// now, which goes into the trash before if it is in no commit; other files stay as they are.
///
/// # Errors
/// [`GitError::Refused`] when nothing has that name, or when it would write where nothing of this
/// repository belongs: anybody may have put it into the trash. Why a worktree could not be made.
pub fn restore(
    program: &Program,
    trust: Trust,
    folder: &Path,
    id: &str,
    at: u64,
) -> Result<Restored, GitError> {
    let trashed = find(&open(folder)?, id)?;
    bring_back(program, trust, folder, &trashed, at, None)
}

impl Trashed {
    /// Brings this back, a worktree to `place` if one is given: where it was is only what a commit
    /// in the repository says. Else as [`restore`].
    ///
    /// # Errors
    /// As there.
    pub fn restore_to(
        &self,
        program: &Program,
        trust: Trust,
        at: u64,
        place: Option<&Path>,
    ) -> Result<Restored, GitError> {
        bring_back(program, trust, &self.project, self, at, place)
    }
}

fn bring_back(
    program: &Program,
    trust: Trust,
    folder: &Path,
    trashed: &Trashed,
    at: u64,
    place: Option<&Path>,
) -> Result<Restored, GitError> {
    let repository = open(folder)?;
    let kept = repository.find_commit(repository.revparse_single(&trashed.commit)?.id())?;
    if trashed.discarded {
        let before = trashed.head.as_ref().map(|head| Oid::from_str(head)).transpose()?;
        let before = before.map(|head| repository.find_commit(head)?.tree()).transpose()?;
        let after = kept.tree()?;
        let wanted = differing(&repository, before.as_ref(), &after, &trashed.only)?;
        let checkout = open(&trashed.path)?;
        let now = Capture::of(&checkout, &trashed.path)?;
        check_own(&repository, &checkout, &now, &trashed.path)?;
        let in_the_way = |path: &&PathBuf| {
            wanted.iter().any(|back| back.starts_with(path) || path.starts_with(back))
        };
        let lost: Vec<PathBuf> = now.changed.iter().filter(in_the_way).cloned().collect();
        if !lost.is_empty() {
            now.write(at, &Taken::Changes(lost), &|_, _| false)?;
        }
        write_differences(&repository, &now.top, before.as_ref(), &after, Some(&wanted))?;
        return Ok(Restored { path: trashed.path.clone(), branch: trashed.branch.clone() });
    }
    let index = kept.parent(usize::from(trashed.head.is_some()))?.tree()?;
    let path = free_path(place.unwrap_or(&trashed.path));
    if let Some(above) = path.parent() {
        fs::create_dir_all(above).map_err(GitError::file(above))?;
    }
    let branch = add(program, trust, &repository, trashed, &path)?;
    let back = || -> Result<(), GitError> {
        let tree = index.id().to_string();
        program.run(&path, trust, &["read-tree", "--reset", "-u", &tree])?;
        let worktree = Repository::open(&path)?;
        write_differences(&worktree, &path, Some(&index), &kept.tree()?, None)?;
        if let Some(base) = &trashed.base {
            note_base(&worktree, base)?;
        }
        Ok(())
    };
    if let Err(error) = back() {
        // It is all in the trash still.
        crate::remove_worktree(folder, &path).ok();
        return Err(error);
    }
    Ok(Restored { path, branch })
}

/// Refuses to bring changes back to what is not the top of a checkout of this repository.
fn check_own(
    repository: &Repository,
    checkout: &Repository,
    capture: &Capture<'_>,
    path: &Path,
) -> Result<(), GitError> {
    let plain = |path: &Path| path.canonicalize().map_err(GitError::file(path));
    let is_same = plain(repository.commondir())? == plain(checkout.commondir())?;
    if is_same && plain(path)? == capture.top {
        return Ok(());
    }
    Err(GitError::Refused(format!(
        "{} is no checkout of this repository, so nothing of its trash is brought back there",
        path.display()
    )))
}

/// Makes the worktree with the commit that was checked out; answers the branch.
fn add(
    program: &Program,
    trust: Trust,
    repository: &Repository,
    trashed: &Trashed,
    path: &Path,
) -> Result<Option<String>, GitError> {
    let registry = registry(repository);
    let _held = registry.lock().unwrap_or_else(PoisonError::into_inner);
    let git = |args: &[&OsStr]| program.run(repository.commondir(), trust, args);
    let add = ["worktree", "add", "--quiet"].map(OsStr::new);
    // What comes after is no option, whatever it is called in the trash.
    let rest = OsStr::new("--");
    let (Some(branch), Some(head)) = (&trashed.branch, &trashed.head) else {
        let how: [&OsStr; 2] = match (&trashed.head, &trashed.branch) {
            (Some(head), _) => ["--detach".as_ref(), head.as_ref()],
            // Before the first commit there is nothing but the branch's name.
            (None, branch) => {
                let name = branch.as_deref().unwrap_or("main").to_owned();
                let args: Vec<OsString> = ["worktree", "add", "--quiet", "--orphan", "-b"]
                    .map(OsString::from)
                    .into_iter()
                    .chain([name.clone().into(), rest.into(), path.into()])
                    .collect();
                program.run(repository.commondir(), trust, &args)?;
                return Ok(Some(name));
            }
        };
        git(&[&add[..], &[how[0], rest, path.as_os_str(), how[1]]].concat())?;
        return Ok(None);
    };
    let tip = |name: &str| {
        let reference = repository.find_reference(&format!("refs/heads/{name}")).ok()?;
        reference.target().map(|id| id.to_string())
    };
    let is_free = checkouts::of(repository, branch).is_empty();
    if tip(branch).as_ref() == Some(head) && is_free {
        git(&[&add[..], &[rest, path.as_os_str(), branch.as_ref()]].concat())?;
        return Ok(Some(branch.clone()));
    }
    // It has gone on, or is in use: what was there comes back beside it.
    let mut name = branch.clone();
    let mut number = 1;
    while tip(&name).is_some() {
        name = match number {
            1 => format!("{branch}-restored"),
            number => format!("{branch}-restored-{number}"),
        };
        number += 1;
    }
    let how: [&OsStr; 3] = ["--no-track".as_ref(), "-b".as_ref(), name.as_ref()];
    git(&[&add[..], &how, &[rest, path.as_os_str(), head.as_ref()]].concat())?;
    Ok(Some(name))
}

/// The path, or one beside it where nothing is.
fn free_path(path: &Path) -> PathBuf {
    let mut free = path.to_owned();
    let mut number = 2;
    while free.symlink_metadata().is_ok() {
        let mut name = path.as_os_str().to_owned();
        name.push(format!("-{number}"));
        free = name.into();
        number += 1;
    }
    free
}

fn differences<'a>(
    repository: &'a Repository,
    before: Option<&git2::Tree<'_>>,
    after: &git2::Tree<'_>,
) -> Result<git2::Diff<'a>, GitError> {
    let mut options = DiffOptions::new();
    options.include_typechange(true).ignore_submodules(true);
    Ok(repository.diff_tree_to_tree(before, Some(after), Some(&mut options))?)
}

/// The files that differ between two trees, of those that `only` names if it names any; and what
/// went to make room for them.
fn differing(
    repository: &Repository,
    before: Option<&git2::Tree<'_>>,
    after: &git2::Tree<'_>,
    only: &[PathBuf],
) -> Result<BTreeSet<PathBuf>, GitError> {
    let differences = differences(repository, before, after)?;
    let all = differences.deltas().filter_map(|delta| {
        let gone = delta.status() == Delta::Deleted;
        let file = if gone { delta.old_file() } else { delta.new_file() };
        Some((PathBuf::from(OsStr::from_bytes(file.path_bytes()?)), gone))
    });
    let wanted = |(path, gone): &(PathBuf, bool)| {
        only.is_empty()
            || only.iter().any(|wanted| path.starts_with(wanted))
            || (*gone && only.iter().any(|wanted| wanted.starts_with(path)))
    };
    Ok(all.filter(wanted).map(|(path, _)| path).collect())
}

/// Writes into a folder what differs between two trees, byte for byte: all of it, or these files.
fn write_differences(
    repository: &Repository,
    top: &Path,
    before: Option<&git2::Tree<'_>>,
    after: &git2::Tree<'_>,
    only: Option<&BTreeSet<PathBuf>>,
) -> Result<(), GitError> {
    let differences = differences(repository, before, after)?;
    let wanted = |path: &Path| only.is_none_or(|only| only.contains(path));
    // What goes makes room for what comes.
    for delta in differences.deltas().filter(|delta| delta.status() == Delta::Deleted) {
        let Some(path) = delta.old_file().path_bytes() else { continue };
        let path = Path::new(OsStr::from_bytes(path));
        if !wanted(path) {
            continue;
        }
        let path = inside(top, path)?;
        match fs::remove_file(&path) {
            Err(error)
                if !matches!(
                    error.kind(),
                    io::ErrorKind::NotFound
                        | io::ErrorKind::NotADirectory
                        | io::ErrorKind::IsADirectory
                ) =>
            {
                return Err(GitError::file(path)(error));
            }
            _ => {}
        }
    }
    for delta in differences.deltas().filter(|delta| delta.status() != Delta::Deleted) {
        let file = delta.new_file();
        let Some(name) = file.path_bytes() else { continue };
        let name = Path::new(OsStr::from_bytes(name));
        if !wanted(name) {
            continue;
        }
        let path = inside(top, name)?;
        let blob = repository.find_blob(file.id())?;
        // Not what the difference says of the mode: the library cannot say every one.
        let mode = after.get_path(name)?.filemode();
        write(&path, mode, blob.content())?;
    }
    Ok(())
}

fn write(path: &Path, mode: i32, bytes: &[u8]) -> Result<(), GitError> {
    let failed = |error| GitError::file(path)(error);
    if let Some(above) = path.parent() {
        fs::create_dir_all(above).map_err(failed)?;
    }
    if let Ok(there) = path.symlink_metadata() {
        if there.is_dir() { fs::remove_dir(path) } else { fs::remove_file(path) }
            .map_err(failed)?;
    }
    if mode == 0o120_000 {
        return symlink(OsStr::from_bytes(bytes), path).map_err(failed);
    }
    let mut file = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o666)
        .open(path)
        .map_err(failed)?;
    io::Write::write_all(&mut file, bytes).map_err(failed)?;
    if mode == 0o100_755 {
        // For all who may read it, as git does it.
        let readable = file.metadata().map_err(failed)?.permissions().mode();
        let mode = readable | ((readable & 0o444) >> 2);
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).map_err(failed)?;
    }
    Ok(())
}

/// Where a file of the repository is, unless the way there leads through a link, out of the
/// repository or into what git keeps of it.
fn inside(top: &Path, path: &Path) -> Result<PathBuf, GitError> {
    let is_plain = |part: Component<'_>| {
        let Component::Normal(name) = part else { return false };
        // By the second name a file system of Windows has it as well.
        !name.eq_ignore_ascii_case(".git") && !name.eq_ignore_ascii_case("git~1")
    };
    if !path.components().all(is_plain) {
        return Err(GitError::Refused(format!(
            "what is in the trash has a file {}, and nothing is written there",
            path.display()
        )));
    }
    if let Some(link) = behind_link(top, path) {
        return Err(GitError::Refused(format!(
            "{} is a link, and nothing is written through it",
            top.join(link).display()
        )));
    }
    Ok(top.join(path))
}
