//! Two branches to be merged, by Synk and by hand, and all that a merge must leave alone.

use std::{collections::BTreeMap, fs, os::unix::fs::PermissionsExt, path::Path};
use synk_git::{GitError, MergeRequest, MergeStrategy, Merged, Program, Trust, merge};

use crate::common::{Repo, environment, git, lines, run, write};

pub(crate) const ALL: [MergeStrategy; 3] =
    [MergeStrategy::Merge, MergeStrategy::Squash, MergeStrategy::Rebase];

pub(crate) fn program() -> Program {
    Program::new(environment())
}

pub(crate) fn request(strategy: MergeStrategy) -> MergeRequest {
    let (branch, base) = ("work".to_owned(), "trunk".to_owned());
    MergeRequest { branch, base, strategy, message: None, update_checkout: false }
}

pub(crate) fn bring(repo: &Repo, request: &MergeRequest) -> Result<Merged, GitError> {
    merge(&program(), Trust::UserOnly, &repo.top(), request, &repo.beside("scratch"))
}

/// Everything of the user's that a merge must leave alone.
pub(crate) fn state(repo: &Repo, moves: &[&str]) -> BTreeMap<String, Vec<u8>> {
    let top = repo.top();
    let mut state = BTreeMap::new();
    state.insert("index".into(), fs::read(top.join(".git/index")).unwrap());
    for args in [
        &["status", "--porcelain", "-z"][..],
        &["stash", "list"],
        &["worktree", "list", "--porcelain"],
        &["diff"],
        &["diff", "--cached"],
        &["config", "--list", "--local"],
    ] {
        let args = [&["--no-optional-locks"], args].concat();
        let (_, out) = run(&top, &[], &args);
        // The worktree list says where trunk's checkout is, which may move.
        if moves.is_empty() || args[1] != "worktree" {
            state.insert(args.join(" "), out);
        }
    }
    let refs = repo.git(&["for-each-ref", "--format=%(refname) %(objectname)"]);
    let refs: Vec<_> = refs.lines().filter(|it| !it.starts_with("refs/heads/trunk ")).collect();
    state.insert("refs".into(), refs.join("\n").into());
    for file in fs::read_dir(top.join(".git")).unwrap() {
        state.insert(format!(".git/{}", file.unwrap().file_name().display()), vec![]);
    }
    let left: Vec<_> = fs::read_dir(repo.beside("scratch")).into_iter().flatten().collect();
    assert!(left.is_empty(), "{left:?}");
    state
}

/// A repository with `trunk` and `work`, each changed from one commit, and a user who is on
/// neither, with changes and a stash.
pub(crate) fn repository(on_trunk: impl Fn(&Path), on_work: impl Fn(&Path)) -> Repo {
    let repo = Repo::new();
    repo.write("a.txt", lines("a", 1..40))
        .write("b.txt", lines("b", 1..40))
        .write("run.sh", "#!/bin/sh\n")
        .write("data.bin", [&b"\0\x01"[..], &[7; 500]].concat())
        .write("gone", "x\n")
        .link("link", "a.txt");
    repo.commit("first");
    repo.git(&["branch", "mine"]);
    let work = repo.worktree("work", "trunk");
    on_work(&work);
    crate::common::commit(&work, "work one");
    write(&work, "w.txt", "w\n");
    crate::common::commit(&work, "work two");
    on_trunk(&repo.top());
    repo.commit("trunk");
    repo.git(&["checkout", "-q", "mine"]);
    repo.write("a.txt", "stashed\n").git(&["stash"]);
    repo.write("a.txt", "staged\n").git(&["add", "a.txt"]);
    repo.write("a.txt", "changed\n").write("unknown", "x\n");
    repo
}

/// The same by hand in a clone: the tree, or the files in conflict.
pub(crate) fn by_hand(
    repo: &Repo,
    strategy: MergeStrategy,
) -> (String, usize, Option<Vec<String>>) {
    let clone = repo.beside(&format!("clone-{strategy:?}"));
    let url = repo.top();
    git(
        repo.beside("").as_path(),
        &["clone", "-q", url.to_str().unwrap(), clone.to_str().unwrap()],
    );
    git(&clone, &["checkout", "-q", "-B", "work", "origin/work"]);
    git(&clone, &["checkout", "-q", "-B", "trunk", "origin/trunk"]);
    let success = match strategy {
        MergeStrategy::Merge => run(&clone, &[], &["merge", "-q", "--no-edit", "work"]).0,
        MergeStrategy::Squash => {
            run(&clone, &[], &["merge", "-q", "--squash", "work"]).0
                && run(&clone, &[("GIT_EDITOR", "true")], &["commit", "-q"]).0
        }
        MergeStrategy::Rebase => {
            git(&clone, &["checkout", "-q", "work"]);
            run(&clone, &[], &["rebase", "-q", "trunk"]).0
        }
    };
    if success {
        let parents = git(&clone, &["rev-list", "origin/trunk..HEAD", "--parents"]);
        return (
            git(&clone, &["rev-parse", "HEAD^{tree}"]),
            parents.split_whitespace().count(),
            None,
        );
    }
    let paths = git(&clone, &["diff", "--name-only", "--diff-filter=U", "-z"]);
    let paths = paths.split_terminator('\0').map(str::to_owned).collect();
    (String::new(), 0, Some(paths))
}

/// All strategies, each in a repository of its own. Answers in how many there were conflicts.
pub(crate) fn is_as_by_hand(on_trunk: impl Fn(&Path), on_work: impl Fn(&Path)) -> usize {
    let mut conflicts = 0;
    for strategy in ALL {
        let repo = repository(&on_trunk, &on_work);
        let (tree, parents, expected) = by_hand(&repo, strategy);
        let (before, base) = (state(&repo, &[]), repo.git(&["rev-parse", "trunk"]));
        let merged = bring(&repo, &request(strategy)).unwrap();
        assert_eq!(state(&repo, &[]), before, "{strategy:?}");
        assert_eq!(merged.conflicts, expected, "{strategy:?}");
        assert_eq!(repo.git(&["rev-parse", "trunk"]), merged.commit);
        if expected.is_some() {
            assert_eq!(merged.commit, base, "{strategy:?}");
            conflicts += 1;
        } else {
            assert_eq!(repo.git(&["rev-parse", "trunk^{tree}"]), tree, "{strategy:?}");
            let new = repo.git(&["rev-list", &format!("{base}..trunk"), "--parents"]);
            assert_eq!(new.split_whitespace().count(), parents, "{strategy:?}");
        }
        let (sound, said) = run(&repo.top(), &[], &["fsck", "--no-dangling", "--no-progress"]);
        assert!(sound && said.is_empty(), "{}", String::from_utf8_lossy(&said));
    }
    conflicts
}

pub(crate) fn rename(folder: &Path, from: &str, to: &str) {
    let to = folder.join(to);
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    fs::rename(folder.join(from), to).unwrap();
}

pub(crate) fn remove(folder: &Path, path: &str) {
    fs::remove_file(folder.join(path)).unwrap();
}

pub(crate) fn executable(path: &Path) {
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}
