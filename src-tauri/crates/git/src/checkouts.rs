//! Where the branches of a repository are checked out. Read from the files that git keeps of
//! its worktrees, so a folder that is gone or an odd configuration of one does not hide the
//! others.

use git2::Repository;
use std::{
    fs,
    os::unix::ffi::OsStrExt,
    path::{Component, Path, PathBuf},
};

use crate::working::as_path;

/// A place where a branch is checked out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Checkout {
    /// The top folder.
    pub(crate) folder: PathBuf,
    /// Where git keeps what it knows of it.
    pub(crate) admin: PathBuf,
}

/// The folders of a repository, its main one and its worktrees, that are there.
pub(crate) fn all(repository: &Repository) -> Vec<Checkout> {
    let common = repository.commondir();
    let mut found = Vec::new();
    // The main one may be elsewhere than around its `.git`; a bare one is nowhere.
    if let Ok(main) = Repository::open(common)
        && let Some(folder) = main.workdir()
    {
        // Without the stroke at the end that the library writes.
        found.push(Checkout { folder: folder.components().collect(), admin: common.to_owned() });
    }
    for admin in fs::read_dir(common.join("worktrees")).into_iter().flatten().flatten() {
        let admin = admin.path();
        if let Some(folder) = folder_of(&admin).filter(|folder| folder.is_dir()) {
            found.push(Checkout { folder, admin });
        }
    }
    found
}

/// The folder of a worktree, by what git keeps of it.
pub(crate) fn folder_of(admin: &Path) -> Option<PathBuf> {
    let link = fs::read(admin.join("gitdir")).ok()?;
    // It may be relative to where it is written (worktree.useRelativePaths), and the folder
    // may be gone, so this is done by name alone.
    let mut folder = PathBuf::new();
    for part in admin.join(as_path(link.strip_suffix(b"\n").unwrap_or(&link))).components() {
        match part {
            Component::ParentDir => drop(folder.pop()),
            part => folder.push(part),
        }
    }
    folder.pop().then_some(folder)
}

/// Where a branch is checked out, or is being rebased or bisected, which ends with moving it.
pub(crate) fn of(repository: &Repository, branch: &str) -> Vec<Checkout> {
    let full = format!("refs/heads/{branch}");
    let has = |checkout: &Checkout| {
        let says = |file: &str, before: &str| {
            fs::read(checkout.admin.join(file)).is_ok_and(|content| {
                let content = content.trim_ascii();
                content.strip_prefix(before.as_bytes()).is_some_and(|rest| {
                    rest.trim_ascii_start() == full.as_bytes()
                        || (file == "BISECT_START" && rest == branch.as_bytes())
                })
            })
        };
        says("HEAD", "ref:")
            || says("rebase-merge/head-name", "")
            || says("rebase-apply/head-name", "")
            || says("BISECT_START", "")
    };
    let mut found: Vec<_> = all(repository).into_iter().filter(has).collect();
    found.sort_by(|one, other| {
        one.folder.as_os_str().as_bytes().cmp(other.folder.as_os_str().as_bytes())
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worktree_is_where_its_link_says() {
        let folder = tempfile::tempdir().unwrap();
        let admin = folder.path().join("repo/.git/worktrees/x");
        fs::create_dir_all(&admin).unwrap();
        assert_eq!(folder_of(&admin), None);
        for link in [
            "../../../../a b/ü/.git\n".to_owned(),
            format!("{}/a b/ü/.git\n", folder.path().display()),
        ] {
            fs::write(admin.join("gitdir"), link).unwrap();
            assert_eq!(folder_of(&admin), Some(folder.path().join("a b/ü")));
        }
    }
}
