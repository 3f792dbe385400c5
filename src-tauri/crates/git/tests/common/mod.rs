//! Real repositories, made with the user's git, apart from whatever its configuration says.
#![allow(dead_code, reason = "each test uses its own part")]

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};
use synk_git::Program;
use tempfile::TempDir;

/// A repository in a folder that goes with it, and room for worktrees beside it.
pub(crate) struct Repo {
    folder: TempDir,
    pub(crate) top: PathBuf,
}

impl Repo {
    /// One without a commit, on the branch `main`.
    pub(crate) fn empty() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let top = folder.path().canonicalize().unwrap().join("a project, ü");
        fs::create_dir(&top).unwrap();
        let repo = Self { folder, top };
        repo.git(&["init", "--quiet", "--initial-branch", "main"]);
        repo
    }

    /// One with a first commit.
    pub(crate) fn new() -> Self {
        let repo = Self::empty();
        repo.write("README", "first\n");
        repo.commit("first");
        repo
    }

    /// A folder that is not there yet.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join("worktrees").join(name)
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        write(&self.top, name, content);
    }

    pub(crate) fn commit(&self, message: &str) {
        commit(&self.top, message);
    }

    #[track_caller]
    pub(crate) fn git(&self, args: &[&str]) -> String {
        git(&self.top, args)
    }
}

/// The environment that git runs in: no configuration but its own.
pub(crate) fn env() -> Vec<(OsString, OsString)> {
    let path = std::env::var_os("PATH").unwrap();
    [
        ("PATH".into(), path),
        ("HOME".into(), "/nonexistent".into()),
        ("GIT_CONFIG_NOSYSTEM".into(), "1".into()),
        ("GIT_CONFIG_GLOBAL".into(), "/dev/null".into()),
        ("GIT_AUTHOR_NAME".into(), "A".into()),
        ("GIT_AUTHOR_EMAIL".into(), "a@example.org".into()),
        ("GIT_COMMITTER_NAME".into(), "A".into()),
        ("GIT_COMMITTER_EMAIL".into(), "a@example.org".into()),
        ("LC_ALL".into(), "C".into()),
    ]
    .into()
}

pub(crate) fn program() -> Program {
    Program::new(env())
}

#[track_caller]
pub(crate) fn git(folder: &Path, args: &[&str]) -> String {
    let output = Command::new("git")
        .args(args)
        .current_dir(folder)
        .env_clear()
        .envs(env())
        .output()
        .unwrap();
    assert!(output.status.success(), "git {args:?}: {output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn write(top: &Path, name: &str, content: impl AsRef<[u8]>) {
    let file = top.join(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, content).unwrap();
}

#[track_caller]
pub(crate) fn commit(top: &Path, message: &str) {
    git(top, &["add", "--all"]);
    git(top, &["commit", "--quiet", "--message", message]);
}

/// Every file below a folder, but for git's own: its mode, and its bytes or where it leads.
pub(crate) fn files(top: &Path) -> BTreeMap<PathBuf, (u32, Vec<u8>)> {
    let mut found = BTreeMap::new();
    let mut folders = vec![top.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(top).unwrap().to_owned();
            let meta = path.symlink_metadata().unwrap();
            if name.starts_with(".git") && name.as_os_str() == ".git" {
                continue;
            } else if meta.is_symlink() {
                let target = fs::read_link(&path).unwrap().into_os_string();
                found.insert(name, (0o120_000, target.into_encoded_bytes()));
            } else if meta.is_dir() {
                folders.push(path);
            } else {
                let mode = meta.permissions().mode() & 0o111;
                found.insert(name, (mode, fs::read(&path).unwrap()));
            }
        }
    }
    found
}
