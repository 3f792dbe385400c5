//! Real repositories, made with the user's git in temporary folders, for the tests.
#![allow(dead_code, reason = "each test binary uses a part of it")]
#![allow(unreachable_pub, reason = "each test binary has it as a module")]
#![allow(clippy::format_collect, reason = "it is short, and these are few")]
#![allow(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

use std::{
    collections::BTreeMap,
    ffi::OsString,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};
use synk_git::{GitError, NewWorktree, Program, Trust};

/// A repository, and a folder beside it for what does not belong in it.
pub struct Repo {
    root: tempfile::TempDir,
    pub top: PathBuf,
}

/// The environment of all that runs `git` here: nobody's configuration, always the same time.
pub fn environment() -> Vec<(OsString, OsString)> {
    let path = std::env::var_os("PATH").unwrap();
    let set = [
        ("GIT_CONFIG_GLOBAL", "/dev/null"),
        ("GIT_CONFIG_SYSTEM", "/dev/null"),
        ("GIT_AUTHOR_NAME", "A"),
        ("GIT_AUTHOR_EMAIL", "a@example.org"),
        ("GIT_COMMITTER_NAME", "C"),
        ("GIT_COMMITTER_EMAIL", "c@example.org"),
        ("LC_ALL", "C"),
    ];
    let set = set.into_iter().map(|(name, value)| (name.into(), value.into()));
    [("PATH".into(), path)].into_iter().chain(set).collect()
}

/// Runs `git` and answers what it put out, and whether it succeeded.
pub fn run(folder: &Path, env: &[(&str, &str)], args: &[&str]) -> (bool, Vec<u8>) {
    let out = Command::new("git")
        .args(args)
        .current_dir(folder)
        .env_clear()
        .envs(environment())
        .envs(env.iter().copied())
        .output()
        .unwrap();
    (out.status.success(), out.stdout)
}

/// Runs `git`, which must succeed; answers its output without the last line feed.
pub fn git(folder: &Path, args: &[&str]) -> String {
    let (success, out) = run(folder, &[], args);
    assert!(success, "git {args:?}: {}", String::from_utf8_lossy(&out));
    String::from_utf8_lossy(&out).trim_end_matches('\n').to_owned()
}

impl Repo {
    pub fn new() -> Self {
        Self::on("repo", "trunk")
    }

    /// One in a folder with an odd name, on the branch `main`.
    pub fn odd() -> Self {
        Self::on("a project, ü", "main")
    }

    /// The same with a first commit.
    pub fn begun() -> Self {
        let repo = Self::odd();
        repo.write("README", "first\n").commit("first");
        repo
    }

    fn on(name: &str, branch: &str) -> Self {
        let root = tempfile::tempdir().unwrap();
        let top = root.path().canonicalize().unwrap().join(name);
        fs::create_dir(&top).unwrap();
        let repo = Self { root, top };
        repo.git(&["init", "-q", "-b", branch]);
        repo
    }

    pub fn top(&self) -> PathBuf {
        self.top.clone()
    }

    /// A path beside the repository.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.root.path().canonicalize().unwrap().join(name)
    }

    pub fn git(&self, args: &[&str]) -> String {
        git(&self.top(), args)
    }

    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) -> &Self {
        write(&self.top(), path, content);
        self
    }

    pub fn remove(&self, path: &str) -> &Self {
        fs::remove_file(self.top().join(path)).unwrap();
        self
    }

    pub fn link(&self, path: &str, target: &str) -> &Self {
        let path = self.top().join(path);
        fs::remove_file(&path).ok();
        std::os::unix::fs::symlink(target, path).unwrap();
        self
    }

    pub fn chmod(&self, path: &str, mode: u32) -> &Self {
        fs::set_permissions(self.top().join(path), fs::Permissions::from_mode(mode)).unwrap();
        self
    }

    pub fn rename(&self, from: &str, to: &str) -> &Self {
        let to = self.top().join(to);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::rename(self.top().join(from), to).unwrap();
        self
    }

    /// Commits all that there is.
    pub fn commit(&self, message: &str) -> String {
        commit(&self.top(), message)
    }

    /// A worktree of a branch, new from `from`.
    pub fn worktree(&self, branch: &str, from: &str) -> PathBuf {
        let path = self.beside(branch);
        self.git(&["worktree", "add", "-q", "-b", branch, path.to_str().unwrap(), from]);
        path
    }
}

/// Commits all that there is in a folder.
pub fn commit(folder: &Path, message: &str) -> String {
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-q", "--allow-empty", "-m", message]);
    git(folder, &["rev-parse", "HEAD"])
}

pub fn write(folder: &Path, path: &str, content: impl AsRef<[u8]>) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// Lines that say where they are.
pub fn lines(of: &str, range: std::ops::Range<usize>) -> String {
    range.map(|line| format!("{of} line {line}\n")).collect()
}

/// The user's git, in the environment of the tests.
pub fn program() -> Program {
    Program::new(environment())
}

/// Makes a worktree where none was ready.
pub fn add_worktree(
    program: &Program,
    trust: Trust,
    folder: &Path,
    path: &Path,
    branch: &str,
    base: Option<&str>,
) -> Result<(), GitError> {
    let new = NewWorktree { path, branch, base, ready: None };
    synk_git::add_worktree(program, trust, folder, new).map(drop)
}

/// Files by their paths: the mode, and the bytes or where it leads.
pub type Files = BTreeMap<PathBuf, (u32, Vec<u8>)>;

/// Every file below a folder, but for git's own: its mode, and its bytes or where it leads.
pub fn files(top: &Path) -> Files {
    let mut found = BTreeMap::new();
    let mut folders = vec![top.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.strip_prefix(top).unwrap().to_owned();
            let meta = path.symlink_metadata().unwrap();
            if name.as_os_str() == ".git" {
                continue;
            }
            if meta.is_symlink() {
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
