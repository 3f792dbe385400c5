//! Committing, by the user's `git`: its hooks check the commit, and it is signed as the user
//! wants it.

use std::{ffi::OsStr, path::Path};

use crate::{
    GitError, Program, Trust,
    refs::{head, open},
    working::top_of,
};

/// Commits what has changed in a checkout: the given files, by their paths in the repository,
/// or all. Answers the commit.
///
/// # Errors
/// [`GitError::Refused`] when there is nothing to commit or the repository claims a folder that is
/// not its own, or what `git` or a hook said.
pub fn commit(
    program: &Program,
    trust: Trust,
    folder: &Path,
    message: &str,
    paths: Option<&[String]>,
) -> Result<String, GitError> {
    let repository = open(folder)?;
    let top = top_of(&repository, folder)?;
    if message.trim().is_empty() {
        return Err(GitError::Refused("a commit needs a message".to_owned()));
    }
    let message = format!("--message={message}");
    let mut add = ["--literal-pathspecs", "add", "--all", "--"].map(OsStr::new).to_vec();
    let mut commit =
        ["--literal-pathspecs", "commit", "--quiet", &message].map(OsStr::new).to_vec();
    match paths {
        Some([]) => return Err(GitError::Refused("no file was chosen to commit".to_owned())),
        Some(paths) => {
            add.extend(paths.iter().map(OsStr::new));
            commit.extend(["--only", "--"].map(OsStr::new));
            commit.extend(paths.iter().map(OsStr::new));
        }
        None => add.push(OsStr::new(".")),
    }
    program.run(&top, trust, &add)?;
    let at = || Ok::<_, GitError>(head(&repository)?.map(|commit| commit.id()));
    let before = at()?;
    if let Err(error) = program.run(&top, trust, &commit) {
        let nothing = |message: &str| {
            message.contains("nothing to commit") || message.contains("nothing added to commit")
        };
        return Err(match error {
            GitError::Failed { message, .. } if nothing(&message) => {
                GitError::Refused("there is nothing to commit".to_owned())
            }
            error => error,
        });
    }
    match at()? {
        Some(made) if Some(made) != before => Ok(made.to_string()),
        _ => Err(GitError::Refused("there is nothing to commit".to_owned())),
    }
}
