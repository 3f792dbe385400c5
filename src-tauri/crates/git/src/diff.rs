//! What a branch or a worktree changes. Read through libgit2 alone: no program is ever run, so
//! no external diff, no filter, no monitor of a repository that nobody trusts. What it answers
//! is what `git diff` says, and in a worktree also what is in no commit and what git does not
//! know yet.

use git2::Repository;
use std::path::Path;

use crate::{
    GitError,
    change::{self, Change, Side},
    lines::{self, Lines},
    refs, renames,
    store::{Entry, Store},
    text::Text,
    working::Worktree,
};

/// A file with more lines of differences than this is answered without them.
pub const MAX_FILE_LINES: usize = 10_000;
/// When the lines of all files are more than this, those that come after have none.
pub const MAX_LINES: usize = 100_000;

/// What is compared with what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compared<'a> {
    /// A branch with where it and its base parted: `git diff base...branch`.
    Branch {
        /// What is looked at: a branch, one of a remote, or any commit.
        branch: &'a str,
        /// What it began from.
        base: &'a str,
    },
    /// The working folder as it is, with what is in no commit and what git does not know yet.
    Working {
        /// What is compared from where this parted from it; without it, from the last commit,
        /// or from nothing before the first.
        base: Option<&'a str>,
    },
}

/// How much is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DiffOptions<'a> {
    /// Only these files, or what is in these folders, by their new paths. Not patterns: a `*`
    /// is a star.
    pub paths: Option<&'a [String]>,
    /// Answer with lines.
    pub lines: bool,
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileChange {
    /// It is new.
    Added,
    /// It is gone.
    Deleted,
    /// Its content or its mode is another.
    Modified,
    /// It has another name, and perhaps another content.
    Renamed,
    /// It is another kind of thing: a link, a file or a submodule.
    TypeChanged,
    /// Both sides changed it and nobody has decided.
    Conflicted,
}

/// A file that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileDiff {
    /// Its path, the new one of two, from the top of the repository; what is not UTF-8 is
    /// U+FFFD.
    pub path: String,
    /// Its old path, when it was renamed.
    pub old_path: Option<String>,
    /// What became of it.
    pub change: FileChange,
    /// Its mode before, as git writes it in octal; `None` when it was not there.
    pub old_mode: Option<String>,
    /// Its mode now.
    pub new_mode: Option<String>,
    /// Lines that are new.
    pub additions: u32,
    /// Lines that are gone.
    pub deletions: u32,
    /// It is not text, so there are no lines.
    pub binary: bool,
    /// It is larger than what is compared line by line: more than 2 MiB at either side, or
    /// changed with more than 200,000 lines (and then nothing is counted); or, when lines were
    /// asked for, they are more than [`MAX_FILE_LINES`] or than what was left of
    /// [`MAX_LINES`].
    pub too_large: bool,
    /// Its bytes before.
    pub old_bytes: u64,
    /// Its bytes now, as git would keep them; 0 for a submodule.
    pub new_bytes: u64,
    /// What differs, when it was asked for and is text; empty when only the mode or the name
    /// does.
    pub hunks: Option<Vec<DiffHunk>>,
}

/// A run of lines that differ, with three around them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffHunk {
    /// The first line before, from 1; 0 when there is none.
    pub old_start: u32,
    /// Lines before.
    pub old_lines: u32,
    /// The first line now, from 1; 0 when there is none.
    pub new_start: u32,
    /// Lines now.
    pub new_lines: u32,
    /// What git writes after the second `@@`: the function that it is in.
    pub heading: String,
    /// The lines.
    pub lines: Vec<DiffLine>,
}

/// Where a line is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineChange {
    /// It is on both sides.
    Context,
    /// It is new.
    Added,
    /// It is gone.
    Deleted,
}

/// One line of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    /// Where it is from.
    pub change: LineChange,
    /// Its text, without the line feed. A carriage return before that stays, as it may be all
    /// that differs.
    pub text: String,
    /// It has no line feed: the file ends here.
    pub unterminated: bool,
}

/// What differs, by path.
///
/// # Errors
/// [`GitError::NotARepository`]; [`GitError::BadBranch`] and [`GitError::NoBranch`] for a name
/// that cannot be or is not; [`GitError::Refused`] when the two have no commit in common or the
/// repository claims a folder that is not its own; what the library says otherwise.
pub fn diff(
    folder: &Path,
    compared: Compared<'_>,
    options: DiffOptions<'_>,
) -> Result<Vec<FileDiff>, GitError> {
    let store = Store::open(folder)?;
    let changes = match compared {
        Compared::Branch { branch, base } => of_branch(&store, branch, base)?,
        Compared::Working { base } => of_worktree(&store, folder, base)?,
    };
    let text = Text(store.repository());
    let mut changes = renames::find(&store, &text, changes)?;
    if let Some(paths) = options.paths {
        changes.retain(|change| {
            let path = shown(&change.path);
            paths.iter().any(|wanted| is_or_is_in(&path, wanted))
        });
    }
    let mut left = MAX_LINES;
    changes.iter().map(|change| file(&store, &text, change, options.lines, &mut left)).collect()
}

fn of_branch(store: &Store, branch: &str, base: &str) -> Result<Vec<Change>, GitError> {
    let repository = store.repository();
    let (branch, base) = (refs::commit(repository, branch)?, refs::commit(repository, base)?);
    let parted = refs::parted(repository, base.id(), branch.id())?;
    let before = repository.find_commit(parted)?.tree()?;
    let mut with = git2::DiffOptions::new();
    with.include_typechange(true);
    let after = branch.tree()?;
    let diff = repository.diff_tree_to_tree(Some(&before), Some(&after), Some(&mut with))?;
    Ok(change::between(store, &diff, &Side::Tree(&before), &Side::Tree(&after)))
}

fn of_worktree(store: &Store, folder: &Path, base: Option<&str>) -> Result<Vec<Change>, GitError> {
    let worktree = Worktree::open(folder)?;
    let tree = before(worktree.repository(), base)?;
    worktree.changes(store, tree.as_ref())
}

/// What a worktree's files are compared with.
fn before<'repo>(
    repository: &'repo Repository,
    base: Option<&str>,
) -> Result<Option<git2::Tree<'repo>>, GitError> {
    let base = base.map(|base| refs::commit(repository, base)).transpose()?;
    let Some(head) = refs::head(repository)? else { return Ok(None) };
    let commit = match base {
        Some(base) => repository.find_commit(refs::parted(repository, base.id(), head.id())?)?,
        None => head,
    };
    Ok(Some(commit.tree()?))
}

fn file(
    store: &Store,
    text: &Text<'_>,
    change: &Change,
    lines: bool,
    left: &mut usize,
) -> Result<FileDiff, GitError> {
    let found = lines::of(store, text, change, lines)?;
    let mut file = FileDiff {
        path: shown(&change.path),
        old_path: change.from.as_deref().map(shown),
        change: what(change),
        old_mode: change.old.as_ref().map(mode),
        new_mode: change.new.as_ref().map(mode),
        additions: 0,
        deletions: 0,
        binary: false,
        too_large: false,
        old_bytes: change.old.map_or(0, |it| it.size),
        new_bytes: change.new.map_or(0, |it| it.size),
        hunks: None,
    };
    match found {
        Lines::TooLarge => file.too_large = true,
        Lines::Binary => file.binary = true,
        Lines::Text { additions, deletions, hunks } => {
            file.additions = additions;
            file.deletions = deletions;
            let all = hunks.iter().map(|hunk| hunk.lines.len()).sum::<usize>();
            if !lines {
            } else if all > MAX_FILE_LINES.min(*left) {
                file.too_large = true;
            } else {
                *left -= all;
                file.hunks = Some(hunks);
            }
        }
    }
    Ok(file)
}

fn what(change: &Change) -> FileChange {
    match (&change.old, &change.new) {
        _ if change.conflicted => FileChange::Conflicted,
        (None, _) => FileChange::Added,
        (_, None) => FileChange::Deleted,
        _ if change.from.is_some() => FileChange::Renamed,
        (Some(old), Some(new)) if old.kind() != new.kind() => FileChange::TypeChanged,
        _ => FileChange::Modified,
    }
}

fn mode(entry: &Entry) -> String {
    format!("{:06o}", entry.mode)
}

/// A path as it is shown.
pub(crate) fn shown(path: &[u8]) -> String {
    String::from_utf8_lossy(path).into_owned()
}

fn is_or_is_in(path: &str, wanted: &str) -> bool {
    let rest = path.strip_prefix(wanted.trim_end_matches('/'));
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
