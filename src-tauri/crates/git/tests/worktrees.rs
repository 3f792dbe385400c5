//! Worktrees in every kind of repository: made where one can be, and a clear word where not.
#![allow(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

mod common;

use common::{Repo, add_worktree, commit, git, program, write};
use std::{
    fs::{self, File, Permissions},
    os::{fd::AsRawFd, unix::fs::PermissionsExt},
    path::Path,
};
use synk_git::{
    GitError, NewWorktree, Trust, Worktree, add_ready, branches, check_branch, clear_merges,
    counts, folders, locate, remove_worktree, worktrees,
};

fn add(folder: &Path, path: &Path, branch: &str) -> Result<(), GitError> {
    add_worktree(&program(), Trust::UserOnly, folder, path, branch, None)
}

#[test]
fn a_worktree_knows_its_project_its_branch_and_its_base() {
    let repo = Repo::begun();
    let path = repo.beside("worktrees/feat-ü");
    add(&repo.top, &path, "feat/ü").unwrap();
    let below = path.join("a folder");
    fs::create_dir(&below).unwrap();
    let place = locate(&below).unwrap();
    assert_eq!((&place.top, &place.project), (&path, &repo.top));
    assert_eq!(place.branch.as_deref(), Some("feat/ü"));
    assert_eq!(place.base.as_deref(), Some("main"));
    assert!(place.linked && !locate(&repo.top).unwrap().linked);
    let all = worktrees(&below).unwrap();
    assert_eq!(all.len(), 1);
    assert_eq!((&all[0].path, all[0].missing), (&path, false));
    assert_eq!(branches(&below).unwrap(), ["feat/ü", "main"]);
    assert!(!below.join("a folder/.git").exists());

    let again = add(&repo.top, &repo.beside("worktrees/again"), "feat/ü").unwrap_err();
    assert!(matches!(&again, GitError::CheckedOut { path: held, .. } if *held == path));
    let own = add(&repo.top, &repo.beside("worktrees/again"), "main").unwrap_err();
    assert!(
        matches!(&own, GitError::CheckedOut { path: held, .. } if held.ends_with("a project, ü"))
    );

    fs::remove_dir_all(&path).unwrap();
    assert!(worktrees(&repo.top).unwrap()[0].missing);
    remove_worktree(&repo.top, &path).unwrap();
    assert_eq!(worktrees(&repo.top).unwrap(), []);
    add(&repo.top, &path, "feat/ü").unwrap();
}

#[test]
fn folders_of_files_are_those_that_git_does_not_ignore_and_folders_of_branches_all() {
    let repo = Repo::begun();
    repo.write(".gitignore", "out/\n").write("web/deep/index", "1\n").write("web/out/a/b", "1\n");
    repo.git(&["branch", "out/short"]);
    let found = |top: &Path| {
        let (mut found, all) = folders(top, 10);
        assert!(all);
        found.sort();
        let names = found.iter().map(|path| path.strip_prefix(top).unwrap().display().to_string());
        names.collect::<Vec<_>>()
    };
    assert_eq!(found(&repo.top), ["", "web", "web/deep"]);
    assert_eq!(found(&repo.top.join(".git/refs/heads")), ["", "out"]);
}

#[test]
fn a_branch_begins_where_it_is_asked_to() {
    let repo = Repo::begun();
    repo.git(&["tag", "v1"]);
    repo.write("README", "second\n");
    repo.commit("second");
    let from = |base: &str, name: &str| {
        let path = repo.beside(name);
        add_worktree(&program(), Trust::UserOnly, &repo.top, &path, name, Some(base))
            .map(|()| fs::read_to_string(path.join("README")).unwrap())
    };
    assert_eq!(from("v1", "old").unwrap(), "first\n");
    assert_eq!(from("main", "new").unwrap(), "second\n");
    assert_eq!(from("old", "of-old").unwrap(), "first\n");
    assert!(matches!(from("nowhere", "x"), Err(GitError::NoBranch(name)) if name == "nowhere"));
    assert!(matches!(from("--help", "x"), Err(GitError::BadBranch(_))));
    for bad in ["", "-b", "--detach", "a..b", "a b", "x.lock", "a/", "@", "@{-1}", "HEAD"] {
        let refused = check_branch(bad);
        let bad_name = matches!(refused, Err(GitError::BadBranch(_)));
        assert!(bad_name, "{bad:?} {refused:?}");
    }
    assert_eq!(branches(&repo.top).unwrap().len(), 4);
}

#[test]
fn a_branch_that_one_remote_has_follows_it() {
    let origin = Repo::begun();
    origin.git(&["checkout", "--quiet", "-b", "shared"]);
    origin.write("shared", "1");
    origin.commit("shared");
    origin.git(&["checkout", "--quiet", "main"]);
    let repo = Repo::odd();
    repo.git(&["remote", "add", "origin", origin.top.to_str().unwrap()]);
    repo.git(&["fetch", "--quiet", "origin"]);
    repo.git(&["checkout", "--quiet", "main"]);
    let path = repo.beside("worktrees/shared");
    add(&repo.top, &path, "shared").unwrap();
    assert!(path.join("shared").exists());
    assert_eq!(git(&path, &["rev-parse", "--abbrev-ref", "@{u}"]), "origin/shared");
}

#[test]
fn odd_repositories_work_or_say_why_not() {
    let outside = tempfile::tempdir().unwrap();
    let outside = add(outside.path(), &outside.path().join("w"), "x").unwrap_err();
    assert!(matches!(outside, GitError::NotARepository(_)), "{outside}");

    let empty = Repo::odd();
    let refused = add(&empty.top, &empty.beside("worktrees/x"), "x").unwrap_err();
    assert!(matches!(refused, GitError::NoCommits(_)), "{refused}");
    assert!(refused.to_string().contains("no commit yet"));

    // A detached head: a new branch begins there, and has no branch as its base.
    let detached = Repo::begun();
    detached.git(&["checkout", "--quiet", "--detach"]);
    let path = detached.beside("worktrees/x");
    add(&detached.top, &path, "x").unwrap();
    assert_eq!(locate(&path).unwrap().base, None);

    let source = Repo::begun();
    source.write("more", "1");
    source.commit("more");
    let folder = tempfile::tempdir().unwrap();
    let url = format!("file://{}", source.top.display());
    git(folder.path(), &["clone", "--quiet", "--bare", &url, "bare"]);
    let path = folder.path().join("of-bare");
    add(&folder.path().join("bare"), &path, "x").unwrap();
    assert!(path.join("more").exists());
    assert_eq!(locate(&path).unwrap().project, folder.path().canonicalize().unwrap().join("bare"));

    git(folder.path(), &["clone", "--quiet", "--depth", "1", &url, "shallow"]);
    let path = folder.path().join("of-shallow");
    add(&folder.path().join("shallow"), &path, "x").unwrap();
    assert!(path.join("more").exists());

    // A submodule is there as an empty folder, as after any checkout.
    let with = Repo::begun();
    let url = source.top.to_str().unwrap();
    with.git(&["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", url, "sub"]);
    with.commit("submodule");
    let path = with.beside("worktrees/x");
    add(&with.top, &path, "x").unwrap();
    assert!(path.join("sub").is_dir());
    assert_eq!(locate(&with.top.join("sub")).unwrap().project, with.top.join("sub"));
}

#[test]
fn what_is_in_no_commit_is_counted() {
    let repo = Repo::begun();
    let path = repo.beside("worktrees/x");
    add(&repo.top, &path, "x").unwrap();
    assert!(counts(&path, Some("main")).unwrap().is_clean());
    write(&path, "a", "1");
    commit(&path, "a");
    repo.write("b", "1");
    repo.commit("b");
    write(&path, "README", "edited\n");
    write(&path, "staged", "1");
    git(&path, &["add", "staged"]);
    write(&path, "new/one", "1");
    write(&path, "new/two", "1");
    let found = counts(&path, Some("main")).unwrap();
    assert_eq!((found.ahead, found.behind, found.uncommitted), (1, 1, 4));
    assert_eq!((found.staged, found.changed, found.untracked, found.conflicted), (1, 1, 2, 0));
    assert_eq!(counts(&path, Some("gone")).unwrap().ahead, 0);
}

#[test]
fn a_failure_leaves_nothing_behind() {
    let repo = Repo::begun();
    let path = repo.beside("worktrees/x");
    fs::create_dir_all(&path).unwrap();
    fs::write(path.join("mine"), "1").unwrap();
    let refused = add(&repo.top, &path, "x").unwrap_err();
    assert!(refused.to_string().contains("already exists"), "{refused}");
    assert_eq!(branches(&repo.top).unwrap(), ["main"]);
    assert_eq!(worktrees(&repo.top).unwrap(), []);
    assert_eq!(fs::read_to_string(path.join("mine")).unwrap(), "1");
    assert!(matches!(remove_worktree(&repo.top, &path), Err(GitError::NotOurs(_))));
    assert!(matches!(remove_worktree(&repo.top, &repo.top), Err(GitError::NotOurs(_))));
}

#[test]
fn one_that_is_ready_becomes_any_branch() {
    let repo = Repo::begun();
    repo.git(&["branch", "old"]);
    repo.write("README", "second\n").write("more", "1").commit("second");
    let ready = |name: &str| {
        let path = repo.beside(&format!("worktrees/.ready-{name}"));
        let making = repo.beside("worktrees/.making");
        add_ready(&program(), Trust::UserOnly, &repo.top, &making, &path).unwrap();
        assert!(!making.exists());
        path
    };
    let become_branch = |ready: &Path, branch: &str, base: Option<&str>| {
        let path = repo.beside(&format!("worktrees/{branch}"));
        let new = NewWorktree { path: &path, branch, base, ready: Some(ready) };
        let was_ready =
            synk_git::add_worktree(&program(), Trust::UserOnly, &repo.top, new).unwrap();
        assert_eq!(ready.exists(), !was_ready);
        (path, was_ready)
    };
    let one = ready("1");
    repo.write("README", "third\n").commit("third");
    let (path, was_ready) = become_branch(&one, "new", None);
    assert!(was_ready);
    assert_eq!(fs::read_to_string(path.join("README")).unwrap(), "third\n");
    assert_eq!(git(&path, &["status", "--porcelain"]), "");
    assert_eq!(locate(&path).unwrap().base.as_deref(), Some("main"));
    let (path, was_ready) = become_branch(&ready("2"), "old", Some("main"));
    assert!(was_ready && !path.join("more").exists());
    assert_eq!(git(&path, &["branch", "--show-current"]), "old");

    // One that somebody has broken, or works in, is let be.
    let broken = ready("3");
    fs::remove_file(broken.join(".git")).unwrap();
    let (path, was_ready) = become_branch(&broken, "whole", None);
    assert!(!was_ready);
    assert_eq!(git(&path, &["status", "--porcelain"]), "");
    let worked_in = ready("4");
    write(&worked_in, "README", "mine\n");
    repo.git(&["branch", "older", "old"]);
    let (path, was_ready) = become_branch(&worked_in, "older", None);
    assert!(!was_ready && !path.join("more").exists());
    assert_eq!(fs::read_to_string(worked_in.join("README")).unwrap(), "mine\n");
    assert_eq!(git(&worked_in, &["status", "--porcelain"]), " M README");
    git(&repo.top, &["fsck", "--strict"]);
}

#[test]
fn one_that_is_gone_is_forgotten_unless_it_will_be_back() {
    let repo = Repo::begun();
    let (path, elsewhere) = (repo.beside("worktrees/x"), repo.beside("elsewhere"));
    add(&repo.top, &path, "x").unwrap();
    let one = || worktrees(&repo.top).unwrap().remove(0);
    one().forget_missing(&repo.top).unwrap_err();
    fs::rename(&path, &elsewhere).unwrap();
    let gone = one();
    assert_eq!((gone.missing, gone.branch.as_deref()), (true, Some("x")));

    repo.git(&["worktree", "lock", "--reason", "on a disk", path.to_str().unwrap()]);
    let held = gone.forget_missing(&repo.top).unwrap_err();
    assert!(matches!(held, GitError::Refused(_)), "{held}");
    for words in ["on a disk", "git worktree unlock"] {
        assert!(held.to_string().contains(words), "{held}");
    }
    fs::rename(&elsewhere, &path).unwrap();
    assert_eq!(git(&path, &["branch", "--show-current"]), "x");

    repo.git(&["worktree", "unlock", path.to_str().unwrap()]);
    fs::rename(&path, &elsewhere).unwrap();
    // Somebody else's by now.
    write(&path, "mine", "1");
    one().forget_missing(&repo.top).unwrap_err();
    fs::remove_dir_all(&path).unwrap();
    one().forget_missing(&repo.top).unwrap();
    assert_eq!(worktrees(&repo.top).unwrap(), []);
    gone.forget_missing(&repo.top).unwrap();
    assert!(elsewhere.join("README").exists());
    add(&repo.top, &path, "x").unwrap();
}

#[test]
fn no_half_of_a_worktree_is_left_where_it_was() {
    let repo = Repo::begun();
    let path = repo.beside("worktrees/x");
    add(&repo.top, &path, "x").unwrap();
    let before = repo.beside("worktrees/.removing-1");
    write(&before, "mine", "1");
    let open = File::open(&path).unwrap();
    assert!(remove_worktree(&repo.top, &path).unwrap().is_none());
    // It was called otherwise before anything in it was deleted.
    if cfg!(target_os = "linux") {
        let last = fs::read_link(format!("/proc/self/fd/{}", open.as_raw_fd())).unwrap();
        let last = last.to_string_lossy();
        assert!(last.contains(&format!("/{}2", Worktree::REMOVING)), "{last}");
    }
    assert!(!path.exists() && before.join("mine").exists());

    add(&repo.top, &path, "x").unwrap();
    let closed = path.join("closed");
    write(&path, "closed/file", "1");
    fs::set_permissions(&closed, Permissions::from_mode(0o555)).unwrap();
    let left = remove_worktree(&repo.top, &path).unwrap();
    // Nothing is closed to root.
    if !rustix::process::geteuid().is_root() {
        let left = left.unwrap().to_string();
        assert!(left.contains("worktrees/.removing-2"), "{left}");
        let closed = repo.beside("worktrees/.removing-2/closed");
        fs::set_permissions(closed, Permissions::from_mode(0o755)).unwrap();
    }
    assert!(!path.exists());
    assert_eq!(worktrees(&repo.top).unwrap(), []);
    // The branch is free, and so is the place.
    repo.git(&["branch", "--quiet", "-D", "x"]);
    add(&repo.top, &path, "x").unwrap();
}

#[test]
fn what_happened_in_one_that_is_ready_is_known() {
    let repo = Repo::begun();
    let path = repo.beside("worktrees/.ready-1");
    let making = repo.beside("worktrees/.making-1");
    add_ready(&program(), Trust::UserOnly, &repo.top, &making, &path).unwrap();
    let is_untouched = || worktrees(&repo.top).unwrap()[0].is_untouched();
    assert!(is_untouched());
    write(&path, "new", "1");
    assert!(!is_untouched());
    fs::remove_file(path.join("new")).unwrap();
    assert!(is_untouched());
    // What is committed is clean, and what was committed is remembered.
    commit(&path, "work");
    assert!(!is_untouched());
    git(&path, &["reset", "--quiet", "--hard", "HEAD~1"]);
    assert!(!is_untouched());
}

#[test]
fn what_cannot_be_removed_of_a_merge_hinders_nothing_else() {
    let repo = Repo::begun();
    let scratch = repo.beside("merging");
    let left: Vec<_> = (0..8).map(|number| format!("synk-merge-1-{number}")).collect();
    for (number, name) in left.iter().enumerate() {
        write(&scratch, &format!("file-{number}"), "1");
        let folder = scratch.join(name);
        if number % 2 == 0 {
            repo.git(&["worktree", "add", "-q", "--detach", folder.to_str().unwrap()]);
        } else {
            write(&folder, "half/made", "1");
        }
    }
    let error = clear_merges(&scratch).unwrap_err();
    assert!(error.to_string().contains("/merging/file-"), "{error}");
    assert!(left.iter().all(|name| !scratch.join(name).exists()));
    assert_eq!(worktrees(&repo.top).unwrap(), []);
    assert!(scratch.join("file-0").exists());
}
