//! Whatever is done to worktrees, in whatever order: what was in one when Synk was asked to
//! remove it, and what was ever committed in one, can be had back after git has cleaned up, the
//! repository is sound, and the user's own checkout, index and stash are as they were.
#![expect(clippy::unwrap_used, clippy::panic, reason = "in a test a panic is how it fails")]

mod common;

use common::{Files, Repo, add_worktree, files, git, program, write};
use proptest::prelude::*;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
};
use synk_git::{
    GitError, MergeRequest, MergeStrategy, Merged, Trust, delete_branch, discard, locate, merge,
    remove_worktree, restore, throw_away, trashed,
};

const NAMES: [&str; 7] =
    ["README", "a", "folder", "folder/b", "folder/deep/c ü", ".env", "made/by a build"];
const BRANCHES: [&str; 4] = ["one", "feat/two", "feat/three", "four"];

#[derive(Debug, Clone)]
enum Step {
    Create { branch: usize, base: Option<usize> },
    Write { at: usize, name: usize, content: u16 },
    Link { at: usize, name: usize },
    Remove { at: usize, name: usize },
    Mode { at: usize, name: usize },
    Stage { at: usize },
    Commit { at: usize, amend: bool },
    Back { at: usize },
    Detach { at: usize },
    Assume { at: usize, name: usize },
    Delete { at: usize, with_branch: bool },
    Discard { at: usize, name: Option<usize> },
    Restore { which: usize },
    Merge { branch: usize, base: usize, strategy: MergeStrategy },
}

fn step() -> impl Strategy<Value = Step> {
    let at = 0..4_usize;
    let name = 0..NAMES.len();
    prop_oneof![
        3 => (0..BRANCHES.len(), prop::option::of(0..BRANCHES.len()))
            .prop_map(|(branch, base)| Step::Create { branch, base }),
        6 => (at.clone(), name.clone(), any::<u16>())
            .prop_map(|(at, name, content)| Step::Write { at, name, content }),
        1 => (at.clone(), name.clone()).prop_map(|(at, name)| Step::Link { at, name }),
        2 => (at.clone(), name.clone()).prop_map(|(at, name)| Step::Remove { at, name }),
        1 => (at.clone(), name.clone()).prop_map(|(at, name)| Step::Mode { at, name }),
        2 => at.clone().prop_map(|at| Step::Stage { at }),
        3 => (at.clone(), prop::bool::weighted(0.3))
            .prop_map(|(at, amend)| Step::Commit { at, amend }),
        1 => at.clone().prop_map(|at| Step::Back { at }),
        1 => at.clone().prop_map(|at| Step::Detach { at }),
        1 => (at.clone(), name.clone()).prop_map(|(at, name)| Step::Assume { at, name }),
        3 => (at.clone(), any::<bool>())
            .prop_map(|(at, with_branch)| Step::Delete { at, with_branch }),
        1 => (at, prop::option::of(name)).prop_map(|(at, name)| Step::Discard { at, name }),
        2 => (0..4_usize).prop_map(|which| Step::Restore { which }),
        2 => (0..BRANCHES.len(), 0..BRANCHES.len(), strategy())
            .prop_map(|(branch, base, strategy)| Step::Merge { branch, base, strategy }),
    ]
}

fn strategy() -> impl Strategy<Value = MergeStrategy> {
    use MergeStrategy::{Merge, Rebase, Squash};
    prop::sample::select(vec![Merge, Squash, Rebase])
}

/// A repository with worktrees, and what must not be lost.
struct World {
    repo: Repo,
    own: (Files, Vec<u8>, String),
    worktrees: Vec<PathBuf>,
    /// The blobs that must be within reach.
    kept: BTreeSet<String>,
    /// Commits that must be so, whole.
    commits: BTreeSet<String>,
    clock: u64,
}

impl World {
    fn new() -> Self {
        let repo = Repo::begun();
        repo.write(".gitignore", ".env\nmade/\n");
        repo.write("folder/b", "1\n");
        repo.commit("more");
        repo.write("folder/b", "stashed\n");
        repo.git(&["stash", "--quiet"]);
        repo.write("a", "the user's own\n");
        repo.git(&["add", "a"]);
        repo.write("README", "the user's own\n");
        let own = own(&repo);
        Self {
            repo,
            own,
            worktrees: Vec::new(),
            kept: BTreeSet::new(),
            commits: BTreeSet::new(),
            clock: 1,
        }
    }

    fn worktree(&self, at: usize) -> Option<PathBuf> {
        self.worktrees.get(at % self.worktrees.len().max(1)).cloned()
    }

    /// Whatever is in a worktree now must stay within reach; what a build made is nobody's.
    fn note(&mut self, path: &Path) -> Files {
        let all = files(path);
        for (name, (_, bytes)) in &all {
            if !name.starts_with("made") {
                let id = git2::Oid::hash_object(git2::ObjectType::Blob, bytes).unwrap();
                self.kept.insert(id.to_string());
            }
        }
        all
    }

    /// What was in a worktree and is there no more must stay within reach.
    fn note_gone(&mut self, before: Files, path: &Path) {
        let after = files(path);
        for (name, file) in before {
            if after.get(&name) != Some(&file) {
                let id = git2::Oid::hash_object(git2::ObjectType::Blob, &file.1).unwrap();
                self.kept.insert(id.to_string());
            }
        }
    }

    fn run(&mut self, step: &Step) {
        let git_program = program();
        self.clock += 1;
        match *step {
            Step::Create { branch, base } => {
                let path = self.repo.beside(&format!("{branch}"));
                let base = base.map(|base| BRANCHES[base]);
                let top = self.repo.top.clone();
                match add_worktree(
                    &git_program,
                    Trust::UserOnly,
                    &top,
                    &path,
                    BRANCHES[branch],
                    base,
                ) {
                    Ok(()) => self.worktrees.push(path),
                    Err(GitError::CheckedOut { .. } | GitError::NoBranch(_)) => {}
                    Err(GitError::Failed { message, .. }) if path.exists() => {
                        assert!(message.contains("already exists"), "{message}");
                    }
                    Err(error) => panic!("{error}"),
                }
            }
            Step::Restore { which } => {
                let all = trashed(&self.repo.top).unwrap();
                let Some(entry) = all.get(which % all.len().max(1)) else { return };
                let top = self.repo.top.clone();
                if entry.discarded && !entry.path.exists() {
                    return;
                }
                let before = if entry.discarded { files(&entry.path) } else { BTreeMap::new() };
                let back = restore(&git_program, Trust::UserOnly, &top, &entry.id, self.clock);
                let back = back.unwrap();
                self.note_gone(before, &back.path);
                if !entry.discarded {
                    self.worktrees.push(back.path);
                }
            }
            Step::Merge { branch, base, strategy } => {
                let request = MergeRequest {
                    branch: BRANCHES[branch].to_owned(),
                    base: BRANCHES[base].to_owned(),
                    strategy,
                    message: None,
                    update_checkout: true,
                };
                let top = self.repo.top.clone();
                let scratch = self.repo.beside("scratch");
                let merged = merge(&git_program, Trust::UserOnly, &top, &request, &scratch);
                match merged {
                    Ok(Merged { commit, .. }) => drop(self.commits.insert(commit)),
                    Err(
                        GitError::Dirty { .. }
                        | GitError::CheckedOut { .. }
                        | GitError::NoBranch(_)
                        | GitError::Refused(_),
                    ) => {}
                    Err(error) => panic!("{error}"),
                }
            }
            Step::Write { at, .. }
            | Step::Link { at, .. }
            | Step::Remove { at, .. }
            | Step::Mode { at, .. }
            | Step::Stage { at }
            | Step::Commit { at, .. }
            | Step::Back { at }
            | Step::Detach { at }
            | Step::Assume { at, .. }
            | Step::Delete { at, .. }
            | Step::Discard { at, .. } => {
                if let Some(path) = self.worktree(at) {
                    self.change(&path, step);
                }
            }
        }
    }

    fn change(&mut self, path: &Path, step: &Step) {
        let file = |name: usize| path.join(NAMES[name]);
        match *step {
            Step::Write { name, content, .. } => {
                let place = file(name);
                if place.is_dir() || place.parent().unwrap().is_symlink() {
                    return;
                }
                fs::remove_file(&place).ok();
                if fs::create_dir_all(place.parent().unwrap()).is_ok() {
                    write(
                        path,
                        NAMES[name],
                        format!("{content}\r\n{}", "x".repeat(content as usize % 50)),
                    );
                }
            }
            Step::Link { name, .. } => {
                let place = file(name);
                if !place.is_dir() && fs::create_dir_all(place.parent().unwrap()).is_ok() {
                    fs::remove_file(&place).ok();
                    symlink("../../../outside", place).ok();
                }
            }
            Step::Remove { name, .. } => {
                if file(name).is_symlink() || file(name).is_file() {
                    fs::remove_file(file(name)).unwrap();
                } else {
                    fs::remove_dir_all(file(name)).ok();
                }
            }
            Step::Mode { name, .. } => {
                if file(name).is_file() && !file(name).is_symlink() {
                    fs::set_permissions(file(name), fs::Permissions::from_mode(0o755)).unwrap();
                }
            }
            Step::Stage { .. } => drop(git(path, &["add", "--all"])),
            Step::Commit { amend, .. } => {
                git(path, &["add", "--all"]);
                let mut args = vec!["commit", "--quiet", "--allow-empty", "--message", "work"];
                if amend {
                    args.push("--amend");
                }
                git(path, &args);
                self.commits.insert(git(path, &["rev-parse", "HEAD"]).trim().to_owned());
            }
            Step::Back { .. } => {
                if git(path, &["rev-list", "--count", "HEAD"]).trim() != "1" {
                    // It refuses where a file was said to be the same and is not.
                    Command::new("git")
                        .args(["reset", "--quiet", "--hard", "HEAD~1"])
                        .current_dir(path)
                        .envs(common::environment())
                        .output()
                        .unwrap();
                }
            }
            Step::Detach { .. } => drop(git(path, &["checkout", "--quiet", "--detach"])),
            Step::Assume { name, .. } => {
                let known = git(path, &["ls-files", "--", NAMES[name]]);
                if known.trim() == NAMES[name] {
                    git(path, &["update-index", "--assume-unchanged", NAMES[name]]);
                }
            }
            Step::Discard { name, .. } => {
                let before = files(path);
                let names = name.map(|name| vec![NAMES[name].to_owned()]);
                let done = discard(&program(), Trust::UserOnly, path, self.clock, names.as_deref());
                assert!(matches!(done, Ok(_) | Err(GitError::Refused(_))), "{done:?}");
                self.note_gone(before, path);
            }
            Step::Delete { with_branch, .. } => {
                let all = self.note(path);
                let env = |path: &Path, _: bool| path == Path::new(".env");
                let (entry, left_out) = throw_away(path, self.clock, &env).unwrap();
                assert!(left_out.iter().all(|path| path == Path::new("made/")), "{left_out:?}");
                let branch = locate(path).unwrap().branch;
                remove_worktree(&self.repo.top, path).unwrap();
                if let Some(branch) = branch.filter(|_| with_branch) {
                    delete_branch(&self.repo.top, &branch).unwrap();
                }
                self.worktrees.retain(|other| other != path);
                // All of it is in the one commit.
                let list = self.repo.git(&["ls-tree", "-r", "-z", &entry.commit]);
                let names: BTreeSet<_> = list
                    .split_terminator('\0')
                    .map(|line| PathBuf::from(line.split_once('\t').unwrap().1))
                    // Before there was a rule for it, it is kept.
                    .filter(|name| !name.starts_with("made"))
                    .collect();
                let expected: BTreeSet<_> =
                    all.into_keys().filter(|name| !name.starts_with("made")).collect();
                assert_eq!(names, expected);
            }
            _ => unreachable!("done above"),
        }
    }

    fn check(&self) {
        let repo = &self.repo;
        assert!(own(repo) == self.own, "the user's own checkout was touched");
        repo.git(&["gc", "--quiet", "--prune=now"]);
        repo.git(&["fsck", "--strict"]);
        let mut within: BTreeSet<String> = repo
            .git(&["rev-list", "--objects", "--all", "--reflog"])
            .lines()
            .map(|line| line.split(' ').next().unwrap().to_owned())
            .collect();
        for path in &self.worktrees {
            for (_, bytes) in files(path).into_values() {
                let id = git2::Oid::hash_object(git2::ObjectType::Blob, &bytes).unwrap();
                within.insert(id.to_string());
            }
        }
        let lost: Vec<_> =
            self.kept.iter().chain(&self.commits).filter(|id| !within.contains(*id)).collect();
        assert!(lost.is_empty(), "beyond reach: {lost:?}");
    }
}

/// The user's own checkout: its files, its index, its stash and its branch.
fn own(repo: &Repo) -> (Files, Vec<u8>, String) {
    let index = fs::read(repo.top.join(".git/index")).unwrap();
    let refs = repo.git(&[
        "rev-parse",
        "HEAD",
        "refs/heads/main",
        "refs/stash",
        "--symbolic-full-name",
        "HEAD",
    ]);
    (files(&repo.top), index, refs)
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(25),
        max_shrink_iters: 200,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]
    #[test]
    fn nothing_is_ever_beyond_reach(steps in prop::collection::vec(step(), 5..40)) {
        let mut world = World::new();
        world.run(&Step::Create { branch: 0, base: None });
        for step in &steps {
            world.run(step);
        }
        world.check();
    }
}
