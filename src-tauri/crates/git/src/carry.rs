//! Files that git ignores and that a checkout does not work without, `.env` for example: found
//! in the project's own checkout and copied into a new worktree, as copy-on-write where the file
//! system can. Nothing is overwritten, no link is followed, and nothing is written outside.

use git2::{Repository, StatusOptions};
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use std::{
    ffi::OsStr,
    fs, io,
    os::unix::{ffi::OsStrExt as _, fs::symlink},
    path::{Path, PathBuf},
};

use crate::{GitError, refs::open};

/// In a project: more patterns, one a line, in the way of `.gitignore`.
const INCLUDE_FILE: &str = ".worktreeinclude";
/// The largest such file that is read, in bytes.
const MAX_INCLUDE_BYTES: u64 = 64 << 10;

/// Which ignored files come along.
#[derive(Debug)]
pub struct Carried {
    matcher: Gitignore,
    /// Where patterns lead that name a folder on their way.
    prefixes: Vec<PathBuf>,
}

impl Carried {
    /// From patterns, and from those of the project's `.worktreeinclude`. A pattern that cannot
    /// be one is left out and told of.
    pub fn new(project: &Path, patterns: &[String]) -> (Self, Vec<String>) {
        let mut builder = GitignoreBuilder::new(project);
        let mut problems = Vec::new();
        let file = project.join(INCLUDE_FILE);
        let included = match file.symlink_metadata() {
            Ok(meta) if meta.is_file() && meta.len() <= MAX_INCLUDE_BYTES => {
                fs::read_to_string(&file).unwrap_or_default()
            }
            Ok(_) => {
                problems
                    .push(format!("{INCLUDE_FILE} is too large, or is no file; it is not read"));
                String::new()
            }
            Err(_) => String::new(),
        };
        let mut prefixes = Vec::new();
        let lines = patterns.iter().map(String::as_str).chain(included.lines());
        for line in lines.map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            if let Err(error) = builder.add_line(None, line) {
                problems.push(format!("“{line}” is no pattern for files: {error}"));
                continue;
            }
            let plain = line.trim_start_matches('!').trim_start_matches('/');
            let folders = plain.split('/').take_while(|part| !part.contains(['*', '?', '[']));
            prefixes.push(folders.collect());
        }
        let matcher = builder.build().unwrap_or_else(|error| {
            problems.push(format!("no file comes along: {error}"));
            Gitignore::empty()
        });
        (Self { matcher, prefixes }, problems)
    }

    /// Whether this file or folder, by its path in the repository, comes along whole.
    pub fn has(&self, path: &Path, is_folder: bool) -> bool {
        self.matcher.matched_path_or_any_parents(path, is_folder).is_ignore()
    }

    /// Whether something in this folder may, though the folder itself does not: only where a
    /// pattern says so, since ignored folders may be huge.
    fn leads_through(&self, folder: &Path) -> bool {
        self.prefixes.iter().any(|prefix| prefix.starts_with(folder))
    }

    /// Copies what comes along from a checkout into a worktree. Answers what could not be
    /// copied, a sentence each.
    ///
    /// # Errors
    /// When the checkout cannot be read.
    pub fn copy(&self, checkout: &Path, worktree: &Path) -> Result<Vec<String>, GitError> {
        let mut problems = Vec::new();
        for path in ignored(&open(checkout)?)? {
            self.copy_some(checkout, worktree, &path, &mut problems);
        }
        Ok(problems)
    }

    fn copy_some(&self, from: &Path, to: &Path, path: &Path, problems: &mut Vec<String>) {
        let place = from.join(path);
        let is_folder = place.is_dir() && !place.is_symlink();
        if self.has(path, is_folder) {
            if let Err(error) = copy_all(from, to, path) {
                problems.push(format!("{} was not copied: {error}", path.display()));
            }
        } else if is_folder && self.leads_through(path) {
            for entry in fs::read_dir(place).into_iter().flatten().flatten() {
                self.copy_some(from, to, &path.join(entry.file_name()), problems);
            }
        }
    }
}

/// What git ignores in a checkout: files, and folders as one.
fn ignored(repository: &Repository) -> Result<Vec<PathBuf>, GitError> {
    let mut options = StatusOptions::new();
    options.include_ignored(true).include_untracked(true).recurse_untracked_dirs(true);
    options.exclude_submodules(true).update_index(false);
    let statuses = repository.statuses(Some(&mut options))?;
    let mut found = Vec::new();
    for entry in statuses.iter().filter(|entry| entry.status().is_ignored()) {
        expand(repository, Path::new(OsStr::from_bytes(entry.path_bytes())), &mut found)?;
    }
    Ok(found)
}

/// libgit2 calls a folder ignored as well when there is nothing in it but what is ignored; what
/// it means is in there then.
pub(crate) fn expand(
    repository: &Repository,
    path: &Path,
    found: &mut Vec<PathBuf>,
) -> Result<(), GitError> {
    let place = repository.workdir().map(|top| top.join(path)).unwrap_or_default();
    let is_folder = place.is_dir() && !place.is_symlink();
    // Named as a folder, since a rule may be for folders alone.
    let named = if is_folder { path.join("") } else { path.to_owned() };
    let is_repository = place.join(".git").symlink_metadata().is_ok();
    if !is_folder || is_repository || repository.is_path_ignored(&named)? {
        found.push(path.to_owned());
        return Ok(());
    }
    for entry in fs::read_dir(&place).map_err(GitError::file(&place))? {
        let entry = entry.map_err(GitError::file(&place))?;
        expand(repository, &path.join(entry.file_name()), found)?;
    }
    Ok(())
}

fn copy_all(from: &Path, to: &Path, path: &Path) -> io::Result<()> {
    let (source, target) = (from.join(path), to.join(path));
    // No folder on the way may be a link: it could lead anywhere.
    let mut above = to.to_owned();
    for part in path.parent().into_iter().flat_map(Path::components) {
        above.push(part);
        match above.symlink_metadata() {
            Ok(meta) if meta.is_dir() => {}
            Ok(_) => return Err(io::Error::other("there is a file or a link in its way")),
            Err(_) => fs::create_dir(&above)?,
        }
    }
    let meta = source.symlink_metadata()?;
    if meta.is_dir() {
        if source.join(".git").symlink_metadata().is_ok() {
            return Err(io::Error::other("it is a repository of its own"));
        }
        for entry in fs::read_dir(&source)? {
            copy_all(from, to, &path.join(entry?.file_name()))?;
        }
        return Ok(());
    }
    if target.symlink_metadata().is_ok() {
        return Err(io::Error::other("something is there already"));
    }
    if meta.is_symlink() {
        return symlink(fs::read_link(source)?, target);
    }
    if !meta.is_file() {
        return Ok(());
    }
    // Where the file system shares blocks between copies, this does.
    fs::copy(source, target).map(drop)
}
