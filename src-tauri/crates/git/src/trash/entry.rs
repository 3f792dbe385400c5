//! What is in the trash: the commits' names and messages. The message holds, a line each, what
//! the list shows; it is made and read here alone.

use git2::{Commit, ErrorCode, Repository};
use std::{
    ffi::OsString,
    os::unix::ffi::{OsStrExt as _, OsStringExt as _},
    path::{Path, PathBuf},
};

use super::REFS;
use crate::{GitError, refs::open, worktree::project};

/// Something in the trash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trashed {
    /// Its name: what comes after `refs/synk/trash/`.
    pub id: String,
    /// The commit that keeps it.
    pub commit: String,
    /// The top of the project that it is from.
    pub project: PathBuf,
    /// The folder that it was in.
    pub path: PathBuf,
    /// The branch that it was on.
    pub branch: Option<String>,
    /// What its changes were compared with.
    pub base: Option<String>,
    /// When: milliseconds since 1970, UTC.
    pub at: u64,
    /// Files that were in no commit.
    pub files: u32,
    /// Only changes were discarded.
    pub discarded: bool,
    /// Of discarded changes, whose: those of these files and folders, or all when it names none.
    /// The entry keeps the others as well, but they stayed where they were.
    pub(super) only: Vec<PathBuf>,
    /// The commit that was checked out; `None` before the first.
    pub(super) head: Option<String>,
}

impl Trashed {
    /// The commit's message.
    pub(super) fn message(&self) -> String {
        let what = if self.discarded { "Changes discarded in" } else { "Worktree removed from" };
        let mut message = format!("{what} {}\n\n", written(&self.path));
        let mut line = |name: &str, value: &str| {
            message.push_str(name);
            message.push_str(": ");
            message.push_str(value);
            message.push('\n');
        };
        line("Path", &written(&self.path));
        line("At", &self.at.to_string());
        line("Files", &self.files.to_string());
        line("Discarded", if self.discarded { "yes" } else { "no" });
        for path in &self.only {
            line("Only", &written(path));
        }
        let named = [("Branch", &self.branch), ("Base", &self.base), ("Head", &self.head)];
        for (name, value) in named {
            if let Some(value) = value {
                line(name, &written(Path::new(value)));
            }
        }
        message
    }

    fn read(id: &str, project: &Path, commit: &Commit<'_>) -> Option<Self> {
        let message = commit.message().ok()?;
        let value = |name: &str| {
            let mut lines = message.lines();
            lines.find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
        };
        let text = |name| value(name).map(|value| read(value).to_string_lossy().into_owned());
        Some(Self {
            id: id.to_owned(),
            commit: commit.id().to_string(),
            project: project.to_owned(),
            path: read(value("Path")?),
            branch: text("Branch"),
            base: text("Base"),
            at: value("At")?.parse().ok()?,
            files: value("Files")?.parse().ok()?,
            discarded: value("Discarded")? == "yes",
            only: message
                .lines()
                .filter_map(|line| line.strip_prefix("Only: "))
                .map(read)
                .collect(),
            head: text("Head"),
        })
    }
}

/// A path on one line: `%` and what is no visible ASCII as `%` and two digits, in the way of a
/// URL. Letters beyond ASCII stay.
fn written(path: &Path) -> String {
    let mut line = String::new();
    for part in path.as_os_str().as_bytes().utf8_chunks() {
        for letter in part.valid().chars() {
            if letter.is_control() || letter == '%' {
                let mut bytes = [0; 4];
                for byte in letter.encode_utf8(&mut bytes).bytes() {
                    encode(byte, &mut line);
                }
            } else {
                line.push(letter);
            }
        }
        for byte in part.invalid() {
            encode(*byte, &mut line);
        }
    }
    line
}

fn encode(byte: u8, line: &mut String) {
    let digit = |half: u8| char::from(b"0123456789ABCDEF"[usize::from(half & 15)]);
    line.extend(['%', digit(byte >> 4), digit(byte)]);
}

fn read(line: &str) -> PathBuf {
    let mut bytes = Vec::new();
    let mut rest = line;
    while let Some(at) = rest.find('%') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        let digits = rest.get(at + 1..at + 3);
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.unwrap_or(b'%'));
        rest = &rest[at + if byte.is_some() { 3 } else { 1 }..];
    }
    bytes.extend_from_slice(rest.as_bytes());
    OsString::from_vec(bytes).into()
}

/// What is in a repository's trash, newest first. What others have put under those names is
/// left out.
///
/// # Errors
/// [`GitError::NotARepository`].
pub fn trashed(folder: &Path) -> Result<Vec<Trashed>, GitError> {
    let repository = open(folder)?;
    let project = project(&repository)?;
    let mut found = Vec::new();
    for reference in repository.references_glob(&format!("{REFS}*"))? {
        let reference = reference?;
        let Ok(name) = reference.name() else { continue };
        let id = name.strip_prefix(REFS).unwrap_or(name);
        if let Ok(commit) = reference.peel_to_commit() {
            found.extend(Trashed::read(id, &project, &commit));
        }
    }
    found.sort_by(|one, other| (other.at, &other.id).cmp(&(one.at, &one.id)));
    Ok(found)
}

/// What is in the trash by this name.
pub(super) fn find(repository: &Repository, id: &str) -> Result<Trashed, GitError> {
    let missing = || GitError::Refused(format!("there is nothing in the trash called “{id}”"));
    let reference = repository.find_reference(&format!("{REFS}{id}")).map_err(|_| missing())?;
    let commit = reference.peel_to_commit()?;
    Trashed::read(id, &project(repository)?, &commit).ok_or_else(missing)
}

/// Forgets something in the trash: git's own clean-up may take it from now on. Answers whether
/// it was there.
///
/// # Errors
/// [`GitError::NotARepository`].
pub fn forget(folder: &Path, id: &str) -> Result<bool, GitError> {
    let repository = open(folder)?;
    match repository.find_reference(&format!("{REFS}{id}")) {
        Ok(mut reference) => Ok(reference.delete().map(|()| true)?),
        Err(error) if matches!(error.code(), ErrorCode::NotFound | ErrorCode::InvalidSpec) => {
            Ok(false)
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_is_one_line_and_comes_back() {
        let odd = OsString::from_vec(b"/a b/\n100%\xff/\xc3\xbc".to_vec());
        let line = written(Path::new(&odd));
        assert_eq!(line, "/a b/%0A100%25%FF/ü");
        assert_eq!(read(&line), PathBuf::from(odd));
        assert_eq!(read("%zz%"), PathBuf::from("%zz%"));
    }
}
