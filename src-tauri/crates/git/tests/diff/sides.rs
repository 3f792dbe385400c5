//! What is compared with what: index, working folder, bases, worktrees; and how much of it.

use std::fs;
use synk_git::{Compared, DiffOptions, FileChange, GitError, diff};

use crate::{
    common::{Repo, git, lines, run},
    git_says::{
        WITH_LINES, WORKING, by_git, is_as_git_says, one, without_bytes, working_is_as_git_says,
    },
};

#[test]
fn staged_and_not() {
    let files = is_as_git_says(|repo| {
        repo.write("a.txt", lines("a", 2..40)).git(&["add", "a.txt"]);
        repo.write("a.txt", lines("a", 2..39));
        repo.write("b.txt", "other\n").git(&["add", "b.txt"]);
        repo.write("b.txt", lines("b", 1..60));
        repo.write("staged", "x\n").git(&["add", "staged"]);
        repo.write("gone", "x\n").git(&["add", "gone"]);
        repo.remove("gone");
        repo.git(&["rm", "-q", "--cached", "run.sh"]);
        repo.git(&["rm", "-q", "unterminated"]);
        repo.write("meant", "later\n").git(&["add", "-N", "meant"]);
        repo.write(".gitignore", "ignored\nforced\n").write("ignored", "x").write("forced", "x\n");
        repo.git(&["add", "-f", "forced"]);
        repo.write("unknown/deep", "x\n");
    });
    let paths: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(
        paths,
        [".gitignore", "a.txt", "forced", "meant", "staged", "unknown/deep", "unterminated"]
    );
}

#[test]
fn before_the_first_commit() {
    let repo = Repo::new();
    assert!(diff(&repo.top(), WORKING, WITH_LINES).unwrap().is_empty());
    repo.write("a", "a\n").git(&["add", "a"]);
    repo.write("b", "b\n").write("a", "a2\n");
    assert_eq!(working_is_as_git_says(&repo, None).len(), 2);
}

#[test]
fn from_where_the_two_parted() {
    let repo = Repo::new();
    repo.write("a", lines("a", 1..9)).commit("first");
    repo.git(&["checkout", "-q", "-b", "work"]);
    repo.write("b", "b\n").commit("work");
    repo.git(&["checkout", "-q", "trunk"]);
    repo.write("c", "c\n").commit("trunk");
    let expected = by_git(&repo.top(), &[], &["trunk...work"]);
    let found = diff(&repo.top(), Compared::Branch { branch: "work", base: "trunk" }, WITH_LINES);
    assert_eq!(without_bytes(found.unwrap()), expected);
    repo.git(&["checkout", "-q", "work"]);
    repo.write("d", "d\n");
    assert_eq!(working_is_as_git_says(&repo, Some("trunk")).len(), 2);
}

#[test]
fn a_conflict_in_progress() {
    let repo = Repo::new();
    repo.write("a", lines("a", 1..9)).write("gone", "x\n").write("other", "x\n").commit("first");
    repo.git(&["checkout", "-q", "-b", "work"]);
    repo.write("a", lines("work", 1..9)).write("gone", "y\n").commit("work");
    repo.git(&["checkout", "-q", "trunk"]);
    repo.write("a", lines("trunk", 1..9)).remove("gone").write("other", "y\n").commit("trunk");
    repo.git(&["checkout", "-q", "work"]);
    assert!(!run(&repo.top(), &[], &["merge", "trunk"]).0);
    let files = diff(&repo.top(), WORKING, WITH_LINES).unwrap();
    let what: Vec<_> = files.iter().map(|file| (file.path.as_str(), file.change)).collect();
    assert_eq!(
        what,
        [
            ("a", FileChange::Conflicted),
            ("gone", FileChange::Conflicted),
            ("other", FileChange::Modified)
        ]
    );
    let text: Vec<_> =
        files[0].hunks.as_ref().unwrap()[0].lines.iter().map(|line| line.text.as_str()).collect();
    assert!(text.contains(&"<<<<<<< HEAD"), "{text:?}");
}

#[test]
fn large_files_have_no_lines() {
    let repo = Repo::new();
    repo.write("large", vec![b'\n'; 3 << 20]).write("move", vec![b'm'; 3 << 20]).commit("first");
    repo.write("large", vec![b'\n'; (3 << 20) + 1]).write("new", vec![b'x'; (2 << 20) + 1]);
    repo.rename("move", "moved").write("fits", vec![b'x'; 2 << 20]);
    repo.write("many", "x\n".repeat(20_000));
    let short = repo.top().join("short");
    fs::write(&short, "x\n".repeat(250_000)).unwrap();
    repo.git(&["add", "short"]);
    repo.git(&["commit", "-q", "-m", "short"]);
    fs::write(&short, "y\nz\n".repeat(150_000)).unwrap();
    let files = diff(&repo.top(), WORKING, WITH_LINES).unwrap();
    let what: Vec<_> = files
        .iter()
        .map(|it| (it.path.as_str(), it.change, it.too_large, it.hunks.is_some()))
        .collect();
    assert_eq!(
        what,
        [
            ("fits", FileChange::Added, false, true),
            ("large", FileChange::Modified, true, false),
            ("many", FileChange::Added, true, false),
            ("moved", FileChange::Renamed, true, false),
            ("new", FileChange::Added, true, false),
            ("short", FileChange::Modified, true, false),
        ]
    );
    assert_eq!(files[1].new_bytes, (3 << 20) + 1);
    assert_eq!(files[2].additions, 20_000, "counted all the same");
    repo.commit("work");
    let branch = Compared::Branch { branch: "HEAD", base: "HEAD~1" };
    assert_eq!(diff(&repo.top(), branch, WITH_LINES).unwrap(), files, "committed it is the same");
}

#[test]
fn only_some_paths() {
    let repo = Repo::new();
    repo.write("a", lines("a", 1..20)).commit("first");
    repo.rename("a", "dir/a").write("*", "x").write("dirt", "x").write("dir/b", "x");
    let paths = |paths: &[&str]| {
        let wanted: Vec<_> = paths.iter().map(|&it| it.to_owned()).collect();
        let options = DiffOptions { paths: Some(&wanted), lines: false };
        let files = diff(&repo.top(), WORKING, options).unwrap();
        assert!(files.iter().all(|file| file.hunks.is_none()));
        files.into_iter().map(|file| (file.path, file.old_path)).collect::<Vec<_>>()
    };
    assert_eq!(paths(&["dir/a"]), [("dir/a".to_owned(), Some("a".to_owned()))]);
    assert_eq!(paths(&["*"]), [("*".to_owned(), None)]);
    assert_eq!(paths(&["dir"]).len(), 2);
    assert!(paths(&["../x", "/etc/passwd", "di", ""]).is_empty());
}

#[test]
fn names_that_are_none() {
    let repo = Repo::new();
    repo.write("a", "a\n").commit("first");
    let compared = |branch, base| diff(&repo.top(), Compared::Branch { branch, base }, WITH_LINES);
    for odd in ["--output=/tmp/x", "-p", "", ":/first", "trunk..trunk", "a b", "^trunk", "a\nb"] {
        assert!(matches!(compared(odd, "trunk"), Err(GitError::BadBranch(_))), "{odd}");
        assert!(matches!(compared("trunk", odd), Err(GitError::BadBranch(_))), "{odd}");
    }
    assert!(matches!(compared("none", "trunk"), Err(GitError::NoBranch(_))));
    let outside = diff(&repo.beside(""), WORKING, WITH_LINES);
    assert!(matches!(outside, Err(GitError::NotARepository(_))));
    repo.git(&["checkout", "-q", "--orphan", "alone"]);
    repo.commit("alone");
    assert!(matches!(compared("alone", "trunk"), Err(GitError::Refused(_))));
    repo.git(&["config", "core.worktree", "/etc"]);
    assert!(matches!(diff(&repo.top(), WORKING, WITH_LINES), Err(GitError::Refused(_))));
}

#[test]
fn what_is_no_file_is_not_there() {
    let repo = Repo::new();
    repo.write("a", "a\n").write("b", "b\n").commit("first");
    repo.remove("a");
    for pipe in ["a", "pipe"] {
        let made = std::process::Command::new("mkfifo").arg(repo.top().join(pipe)).status();
        assert!(made.unwrap().success());
    }
    let _socket = std::os::unix::net::UnixListener::bind(repo.top().join("socket")).unwrap();
    let files = diff(&repo.top(), WORKING, WITH_LINES).unwrap();
    assert_eq!((one(&files).path.as_str(), one(&files).change), ("a", FileChange::Deleted));
}

#[test]
fn files_that_are_left_out_on_purpose_are_not_gone() {
    let repo = Repo::new();
    repo.write("in/a", "a\n").write("out/b", "b\n").write("assumed", "x\n").commit("first");
    repo.git(&["sparse-checkout", "set", "--no-sparse-index", "in"]);
    assert!(!repo.top().join("out").exists());
    assert!(diff(&repo.top(), WORKING, WITH_LINES).unwrap().is_empty());
    repo.git(&["update-index", "--assume-unchanged", "assumed"]);
    repo.write("assumed", "y\n").write("in/a", "c\n");
    assert_eq!(one(&diff(&repo.top(), WORKING, WITH_LINES).unwrap()).path, "in/a");
}

#[test]
fn a_worktree_of_a_bare_repository() {
    let repo = Repo::new();
    repo.write("a", "a\n").commit("first");
    let bare = repo.beside("bare");
    let top = repo.top();
    git(
        &repo.beside(""),
        &["clone", "-q", "--bare", top.to_str().unwrap(), bare.to_str().unwrap()],
    );
    assert!(matches!(diff(&bare, WORKING, WITH_LINES), Err(GitError::NotARepository(_))));
    let folder = repo.beside("of-bare");
    git(&bare, &["worktree", "add", "-q", "-b", "work", folder.to_str().unwrap()]);
    crate::common::write(&folder, "below/x", "x\n");
    let files = diff(&folder.join("below"), Compared::Working { base: Some("trunk") }, WITH_LINES);
    assert_eq!(one(&files.unwrap()).path, "below/x");
    crate::common::commit(&folder, "work");
    let files = diff(&bare, Compared::Branch { branch: "work", base: "trunk" }, WITH_LINES);
    assert_eq!(files.unwrap().len(), 1);
}
