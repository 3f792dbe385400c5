//! What is thrown away comes back as it was: files, index, branch, and commits that only a log
//! remembered.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
};
use synk_git::{Trust, locate, remove_worktree, restore, throw_away};

use crate::{
    away, back,
    common::{Repo, commit, files, git, program, write},
    worktree,
};

#[test]
fn everything_in_a_worktree_comes_back() {
    let repo = Repo::begun();
    repo.write("edited", "1\n");
    repo.write("staged then edited", "1\n");
    repo.write("gone", "1\n");
    repo.write("gone from the index", "1\n");
    repo.write("renamed", "a line\nanother\n");
    repo.write("mode", "#!/bin/sh\n");
    repo.write("file to folder", "1\n");
    repo.write("folder to file/inside", "1\n");
    repo.write("file to link", "1\n");
    repo.write("crlf.txt", "one\r\ntwo\r\n");
    repo.write(".gitignore", "build/\n*.log\n");
    repo.write(".gitattributes", "crlf.txt text eol=crlf\n*.dat filter=shout\n");
    repo.commit("more");
    let path = worktree(&repo, "feat/all of it".replace(' ', "-").as_str());

    write(&path, "edited", "2\n");
    write(&path, "staged then edited", "2\n");
    git(&path, &["add", "staged then edited"]);
    write(&path, "staged then edited", "3\n");
    fs::remove_file(path.join("gone")).unwrap();
    git(&path, &["rm", "--quiet", "--cached", "gone from the index"]);
    git(&path, &["mv", "renamed", "renamed, now"]);
    fs::set_permissions(path.join("mode"), fs::Permissions::from_mode(0o755)).unwrap();
    fs::remove_file(path.join("file to folder")).unwrap();
    write(&path, "file to folder/inside", "x");
    fs::remove_dir_all(path.join("folder to file")).unwrap();
    write(&path, "folder to file", "x");
    fs::remove_file(path.join("file to link")).unwrap();
    symlink("../../elsewhere", path.join("file to link")).unwrap();
    symlink("nowhere", path.join("a new link")).unwrap();
    write(&path, "untracked/deep/ü \"quoted\"\nline", b"\x00\xff\r\n");
    write(&path, "crlf.txt", "one\r\nmixed\ntwo\r\n");
    write(&path, "new.dat", "never filtered\r\n");
    write(&path, "intended", "only intended\n");
    git(&path, &["add", "--intent-to-add", "intended"]);
    write(&path, "README", "assumed to be the same\n");
    git(&path, &["update-index", "--assume-unchanged", "README"]);
    write(&path, "build/out", "made");
    write(&path, "run.log", "made");
    git(&path, &["add", "a new link"]);

    let before = files(&path);
    let index = git(&path, &["ls-files", "--stage"]);
    let id = away(&repo, &path);
    assert_eq!(git(&repo.top, &["branch", "--list", "feat/*"]), "");
    git(&repo.top, &["reflog", "expire", "--expire=now", "--all"]);
    git(&repo.top, &["gc", "--quiet", "--prune=now"]);
    git(&repo.top, &["fsck", "--strict"]);
    assert_eq!(back(&repo, &id), path);

    let mut kept = before;
    kept.remove(Path::new("build/out"));
    kept.remove(Path::new("run.log"));
    assert_eq!(files(&path), kept);
    let index: Vec<_> = index.lines().filter(|line| !line.contains("intended")).collect();
    assert_eq!(git(&path, &["ls-files", "--stage"]).lines().collect::<Vec<_>>(), index);
    let place = locate(&path).unwrap();
    assert_eq!(place.branch.as_deref(), Some("feat/all-of-it"));
    assert_eq!(place.base.as_deref(), Some("main"));
    git(&repo.top, &["fsck", "--strict"]);
}

#[test]
fn what_is_ignored_comes_along_when_it_is_wanted() {
    let repo = Repo::begun();
    repo.write(".gitignore", ".env*\nbuild/\n");
    repo.commit("ignore");
    let path = worktree(&repo, "env");
    write(&path, ".env.local", "SECRET=1");
    write(&path, ".env.d/one", "1");
    write(&path, "only/this/.env", "2");
    write(&path, "build/out", "made");
    let keep = |path: &Path, _: bool| path.to_string_lossy().contains(".env");
    let (trashed, left_out) = throw_away(&path, 1, &keep).unwrap();
    assert_eq!(left_out, [PathBuf::from("build/")]);
    remove_worktree(&repo.top, &path).unwrap();
    let path = back(&repo, &trashed.id);
    assert_eq!(fs::read_to_string(path.join(".env.local")).unwrap(), "SECRET=1");
    assert_eq!(fs::read_to_string(path.join(".env.d/one")).unwrap(), "1");
    assert_eq!(fs::read_to_string(path.join("only/this/.env")).unwrap(), "2");
    assert!(!path.join("build").exists());
}

#[test]
fn commits_that_only_a_log_remembers_are_kept() {
    let repo = Repo::begun();
    let path = worktree(&repo, "lost");
    write(&path, "one", "reset away\n");
    commit(&path, "one");
    let one = git(&path, &["rev-parse", "HEAD"]);
    git(&path, &["reset", "--quiet", "--hard", "HEAD~1"]);
    write(&path, "two", "amended away\n");
    commit(&path, "two");
    let two = git(&path, &["rev-parse", "HEAD"]);
    git(&path, &["commit", "--quiet", "--amend", "--message", "three"]);
    git(&path, &["checkout", "--quiet", "--detach"]);
    write(&path, "four", "on no branch\n");
    commit(&path, "four");
    let four = git(&path, &["rev-parse", "HEAD"]);
    git(&path, &["checkout", "--quiet", "lost"]);
    away(&repo, &path);
    git(&repo.top, &["reflog", "expire", "--expire=now", "--all"]);
    git(&repo.top, &["gc", "--quiet", "--prune=now"]);
    for commit in [one, two, four] {
        git(&repo.top, &["cat-file", "-e", commit.trim()]);
    }
    git(&repo.top, &["fsck", "--strict"]);
}

#[test]
fn changes_that_were_put_aside_are_kept() {
    for words in [
        &["merge", "--autostash", "main"][..],
        &["rebase", "--autostash", "main"],
        &["rebase", "--apply", "--autostash", "main"],
    ] {
        let repo = Repo::begun();
        repo.write("other", "1\n").commit("more");
        let path = worktree(&repo, "aside");
        write(&path, "README", "ours\n");
        commit(&path, "ours");
        repo.write("README", "theirs\n").commit("theirs");
        write(&path, "other", "put aside\n");
        let aside = git(&path, &["hash-object", "other"]);
        let (success, _) = crate::common::run(&path, &[], words);
        assert!(!success, "{words:?}");
        assert_eq!(fs::read_to_string(path.join("other")).unwrap(), "1\n", "{words:?}");
        away(&repo, &path);
        repo.git(&["reflog", "expire", "--expire=now", "--all"]);
        repo.git(&["gc", "--quiet", "--prune=now"]);
        repo.git(&["cat-file", "-e", &aside]);
    }
}

#[test]
fn a_merge_in_conflict_is_kept_with_both_sides() {
    let repo = Repo::begun();
    let path = worktree(&repo, "ours");
    write(&path, "README", "ours\n");
    commit(&path, "ours");
    git(&repo.top, &["checkout", "--quiet", "-b", "theirs"]);
    repo.write("README", "theirs\n");
    repo.commit("theirs");
    let theirs = repo.git(&["rev-parse", "HEAD"]);
    repo.git(&["checkout", "--quiet", "main"]);
    let merged = std::process::Command::new("git")
        .args(["merge", "theirs"])
        .current_dir(&path)
        .envs(crate::common::environment())
        .output()
        .unwrap();
    assert!(!merged.status.success());
    let before = files(&path);
    repo.git(&["branch", "--quiet", "-D", "theirs"]);
    let id = away(&repo, &path);
    repo.git(&["reflog", "expire", "--expire=now", "--all"]);
    repo.git(&["gc", "--quiet", "--prune=now"]);
    repo.git(&["cat-file", "-e", theirs.trim()]);
    let path = back(&repo, &id);
    assert_eq!(files(&path), before);
}

#[test]
fn a_branch_that_went_on_gets_the_old_one_beside_it() {
    let repo = Repo::begun();
    let path = worktree(&repo, "goes-on");
    write(&path, "work", "1");
    let (trashed, _) = throw_away(&path, 1, &|_, _| false).unwrap();
    remove_worktree(&repo.top, &path).unwrap();
    let again = worktree(&repo, "goes-on");
    write(&again, "more", "2");
    commit(&again, "more");
    let restored = restore(&program(), Trust::UserOnly, &repo.top, &trashed.id, 2).unwrap();
    assert_eq!(restored.branch.as_deref(), Some("goes-on-restored"));
    assert_eq!(restored.path, path.with_file_name("goes-on-2"));
    assert_eq!(fs::read_to_string(restored.path.join("work")).unwrap(), "1");
    assert!(!again.join("work").exists());
}

#[test]
fn a_partial_clone_goes_and_comes_back_without_the_files_that_it_lacks() {
    let origin = Repo::begun();
    origin.git(&["config", "uploadpack.allowFilter", "true"]);
    origin.write("in/a", "1\n").write("out/b", "another\n").commit("more");
    let url = format!("file://{}", origin.top.display());
    let clone = origin.beside("clone");
    let words = ["clone", "--quiet", "--filter=blob:none", "--sparse", &url];
    git(&origin.beside(""), &[&words[..], &[clone.to_str().unwrap()]].concat());
    git(&clone, &["sparse-checkout", "set", "in"]);
    let path = origin.beside("partial");
    git(&clone, &["worktree", "add", "--quiet", path.to_str().unwrap()]);
    let is_missing = || {
        let all = git(&clone, &["rev-list", "--objects", "--all", "--missing=print"]);
        all.lines().any(|line| line.starts_with('?'))
    };
    assert!(is_missing());
    write(&path, "in/a", "2\n");
    let before = files(&path);
    let (kept, _) = throw_away(&path, 1, &|_, _| false).unwrap();
    assert!(is_missing());
    remove_worktree(&clone, &path).unwrap();
    restore(&program(), Trust::UserOnly, &clone, &kept.id, 2).unwrap();
    assert_eq!(files(&path), before);
}
