//! What was thrown away comes back as it was: files, index, branch, and commits that only a log
//! remembered.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

mod common;

use common::{Repo, add_worktree, commit, files, git, program, write};
use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};
use synk_git::{
    GitError, Trust, delete_branch, discard, forget, locate, remove_worktree, restore, throw_away,
    trashed,
};

fn worktree(repo: &Repo, branch: &str) -> PathBuf {
    let path = repo.beside(branch);
    add_worktree(&program(), Trust::UserOnly, &repo.top, &path, branch, None).unwrap();
    path
}

/// Throws a worktree away with its branch.
fn away(repo: &Repo, path: &Path) -> String {
    let branch = locate(path).unwrap().branch;
    let (trashed, _) = throw_away(path, 1_000, &|_, _| false).unwrap();
    remove_worktree(&repo.top, path).unwrap();
    if let Some(branch) = branch {
        delete_branch(&repo.top, &branch).unwrap();
    }
    assert!(!path.exists());
    trashed.id
}

fn back(repo: &Repo, id: &str) -> PathBuf {
    restore(&program(), Trust::UserOnly, &repo.top, id, 2_000).unwrap().path
}

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
        let (success, _) = common::run(&path, &[], words);
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
        .envs(common::environment())
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
fn what_could_not_come_back_is_not_thrown_away() {
    let repo = Repo::begun();
    let path = worktree(&repo, "nested");
    git(&path, &["init", "--quiet", "inner repository"]);
    write(&path, "inner repository/work", "1");
    let refused = throw_away(&path, 1, &|_, _| false).unwrap_err();
    assert!(refused.to_string().contains("inner repository"), "{refused}");
    assert_eq!(trashed(&repo.top).unwrap(), []);

    let other = Repo::begun();
    let path = worktree(&repo, "submodule");
    let url = other.top.to_str().unwrap();
    git(&path, &["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", url, "sub"]);
    commit(&path, "with a submodule");
    // All that is in it, its origin has.
    throw_away(&path, 1, &|_, _| false).unwrap();
    write(&path.join("sub"), "README", "work in it\n");
    let refused = throw_away(&path, 1, &|_, _| false).unwrap_err();
    assert!(refused.to_string().contains("sub"), "{refused}");
    commit(&path.join("sub"), "pushed nowhere");
    assert!(throw_away(&path, 1, &|_, _| false).is_err());
}

#[test]
fn a_repository_among_ignored_or_tracked_files_is_not_thrown_away() {
    let repo = Repo::begun();
    repo.write(".gitignore", ".claude/\nbuild/\n").write("folder/deep/file", "1\n");
    repo.commit("more");
    let path = worktree(&repo, "outer");
    let refused = |inner: &Path| {
        let error = throw_away(&path, 1, &|_, _| false).unwrap_err();
        let named = format!("{} is a repository", inner.display());
        assert!(matches!(&error, GitError::Refused(why) if why.contains(&named)), "{error}");
        assert_eq!(trashed(&repo.top).unwrap(), []);
    };
    let inner = path.join(".claude/worktrees/inner");
    git(&path, &["worktree", "add", "--quiet", inner.to_str().unwrap()]);
    refused(&inner);
    git(&path, &["worktree", "remove", inner.to_str().unwrap()]);
    let inner = path.join("build/of/another");
    git(&path, &["init", "--quiet", inner.to_str().unwrap()]);
    refused(&inner);
    // That stays where it is when changes are discarded.
    write(&path, "README", "edited\n");
    let discarded = discard(&program(), Trust::UserOnly, &path, 1, None).unwrap();
    assert!(inner.join(".git").exists());
    assert!(forget(&repo.top, &discarded.id).unwrap());
    fs::remove_dir_all(path.join("build")).unwrap();
    let inner = path.join("folder");
    git(&path, &["init", "--quiet", inner.to_str().unwrap()]);
    refused(&inner);
    fs::remove_dir_all(inner.join(".git")).unwrap();
    // A link to one is none.
    let other = Repo::begun();
    fs::create_dir(path.join("build")).unwrap();
    symlink(&other.top, path.join("build/link")).unwrap();
    let (_, left_out) = throw_away(&path, 1, &|_, _| false).unwrap();
    assert_eq!(left_out, [PathBuf::from("build/")]);
}

#[test]
fn commits_that_only_a_submodule_has_are_not_thrown_away() {
    let (repo, other) = (Repo::begun(), Repo::begun());
    let path = worktree(&repo, "outer");
    let sub = path.join("sub");
    let url = other.top.to_str().unwrap();
    git(&path, &["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", url, "sub"]);
    commit(&path, "with a submodule");
    let allowed = || drop(throw_away(&path, 1, &|_, _| false).unwrap());
    let refused = |commit: &str| {
        let error = throw_away(&path, 1, &|_, _| false).unwrap_err();
        assert!(matches!(&error, GitError::Refused(why) if why.contains(commit)), "{error}");
    };
    allowed();
    write(&sub, "README", "reset away\n");
    let only_in_log = commit(&sub, "reset away");
    git(&sub, &["reset", "--quiet", "--hard", "HEAD~1"]);
    refused(&only_in_log);
    git(&sub, &["reflog", "expire", "--expire=now", "--all"]);
    allowed();
    write(&sub, "README", "stashed\n");
    git(&sub, &["stash", "--quiet"]);
    refused(&git(&sub, &["rev-parse", "stash"]));
    git(&sub, &["stash", "drop", "--quiet"]);
    allowed();
    // One in a submodule that is not checked out any more.
    git(&sub, &["checkout", "--quiet", "-b", "work"]);
    write(&sub, "README", "on a branch\n");
    let on_branch = commit(&sub, "on a branch");
    git(&sub, &["checkout", "--quiet", "main"]);
    git(&sub, &["reflog", "expire", "--expire=now", "--all"]);
    git(&path, &["rm", "--quiet", "sub"]);
    commit(&path, "without it");
    assert!(!sub.exists());
    refused(&on_branch);
}

#[test]
fn a_submodule_in_a_submodule_is_looked_at_as_well() {
    let (repo, other, inner) = (Repo::begun(), Repo::begun(), Repo::begun());
    let add = |folder: &Path, from: &Repo| {
        let url = from.top.to_str().unwrap();
        let words = ["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", url, "sub"];
        git(folder, &words);
        commit(folder, "with a submodule");
    };
    add(&other.top, &inner);
    let path = worktree(&repo, "outer");
    add(&path, &other);
    let update = ["-c", "protocol.file.allow=always", "submodule", "--quiet", "update", "--init"];
    git(&path.join("sub"), &update);
    throw_away(&path, 1, &|_, _| false).unwrap();
    write(&path, "sub/sub/README", "edited\n");
    let refused = throw_away(&path, 1, &|_, _| false).unwrap_err();
    assert!(refused.to_string().contains("sub/sub"), "{refused}");
}

#[test]
fn a_submodule_in_which_nothing_was_made_goes_whatever_its_remote_has() {
    let (repo, other) = (Repo::begun(), Repo::begun());
    other.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
    let first = other.git(&["rev-parse", "HEAD"]);
    other.write("README", "second\n").commit("second");
    other.git(&["checkout", "--quiet", "--detach"]);
    let tagged = other.write("tagged", "1\n").commit("on no branch");
    other.git(&["tag", "only"]);
    other.git(&["checkout", "--quiet", "-b", "topic", "main"]);
    let replaced = other.write("topic", "1\n").commit("to be replaced");
    other.git(&["checkout", "--quiet", "main"]);
    let url = format!("file://{}", other.top.display());
    let submodule = |folder: &Path, words: &[&str]| {
        let begin = ["-c", "protocol.file.allow=always", "submodule", "--quiet"];
        git(folder, &[&begin, words].concat());
    };
    let path = worktree(&repo, "outer");
    submodule(&path, &["add", &url, "sub"]);
    let depth: &[&str] = &["--depth", "1"];
    for (name, pin, more) in
        [("shallow", &first, depth), ("tagged", &tagged, &[]), ("replaced", &replaced, &[])]
    {
        git(&path.join("sub"), &["checkout", "--quiet", pin]);
        commit(&path, name);
        let fresh = repo.worktree(name, "outer");
        submodule(&fresh, &[&["update", "--init"], more].concat());
        let sub = fresh.join("sub");
        if name == "replaced" {
            other.git(&["branch", "--quiet", "--force", "topic", "main"]);
            git(&sub, &["fetch", "--quiet"]);
        }
        assert_eq!(git(&sub, &["branch", "--remotes", "--contains", pin]), "", "{name}");
        throw_away(&fresh, 1, &|_, _| false).unwrap();
        write(&sub, "README", "made here\n");
        let made = commit(&sub, "made here");
        git(&sub, &["checkout", "--quiet", pin]);
        let error = throw_away(&fresh, 1, &|_, _| false).unwrap_err();
        assert!(matches!(&error, GitError::Refused(why) if why.contains(&made)), "{error}");
    }
}

#[test]
fn what_a_submodule_ignores_is_named_or_refused() {
    let (repo, other) = (Repo::begun(), Repo::begun());
    other.write(".gitignore", ".env\nout/\n").commit("ignore");
    let path = worktree(&repo, "outer");
    let url = other.top.to_str().unwrap();
    git(&path, &["-c", "protocol.file.allow=always", "submodule", "--quiet", "add", url, "sub"]);
    commit(&path, "with a submodule");
    write(&path, "sub/.env", "SECRET=1");
    write(&path, "sub/out/made", "1");
    let (_, left_out) = throw_away(&path, 1, &|_, _| false).unwrap();
    assert_eq!(left_out, ["sub/.env", "sub/out/"].map(PathBuf::from));
    // No tree could have it.
    let keep = |path: &Path, _: bool| path == Path::new("sub/.env");
    let error = throw_away(&path, 1, &keep).unwrap_err();
    assert!(matches!(&error, GitError::Refused(why) if why.contains("sub/.env")), "{error}");
}

#[test]
fn a_clone_among_ignored_files_goes_when_its_remote_has_all_of_it() {
    let (repo, other) = (Repo::begun(), Repo::begun());
    other.write(".gitignore", ".env\n").commit("ignore");
    repo.write(".gitignore", "build/\n").commit("ignore");
    let path = worktree(&repo, "outer");
    let inner = path.join("build/_deps/x-src");
    let url = other.top.to_str().unwrap();
    git(&path, &["clone", "--quiet", url, inner.to_str().unwrap()]);
    let build = [PathBuf::from("build/")];
    let allowed = || assert_eq!(throw_away(&path, 1, &|_, _| false).unwrap().1, build);
    let refused = |named: &str| {
        let error = throw_away(&path, 1, &|_, _| false).unwrap_err();
        assert!(matches!(&error, GitError::Refused(why) if why.contains(named)), "{error}");
    };
    let nested = format!("{} is a repository", inner.display());
    allowed();
    git(&inner, &["checkout", "--quiet", "--detach", "HEAD~1"]);
    allowed();
    // Where the folder around it would be kept, it is named all the same.
    assert_eq!(throw_away(&path, 1, &|_, _| true).unwrap().1, build);

    write(&inner, "README", "edited\n");
    refused(&nested);
    git(&inner, &["stash", "--quiet"]);
    refused(&git(&inner, &["rev-parse", "stash"]));
    git(&inner, &["stash", "drop", "--quiet"]);
    allowed();
    write(&inner, "untracked", "1\n");
    refused(&nested);
    let made = commit(&inner, "made here");
    refused(&made);
    git(&inner, &["checkout", "--quiet", "main"]);
    refused(&made);
    git(&inner, &["reflog", "expire", "--expire=now", "--all"]);
    allowed();

    write(&inner, ".env", "SECRET=1");
    allowed();
    let keep = |path: &Path, _: bool| path.ends_with(".env");
    let error = throw_away(&path, 1, &keep).unwrap_err();
    assert!(matches!(&error, GitError::Refused(why) if why.contains(".env")), "{error}");

    // Somebody else's worktree has its commits there.
    let elsewhere = repo.beside("elsewhere");
    git(&inner, &["worktree", "add", "--quiet", "--detach", elsewhere.to_str().unwrap()]);
    refused(&nested);
    git(&inner, &["worktree", "remove", elsewhere.to_str().unwrap()]);
    allowed();
    let linked = path.join("build/linked");
    git(&inner, &["worktree", "add", "--quiet", "--detach", elsewhere.to_str().unwrap()]);
    git(&inner, &["worktree", "move", elsewhere.to_str().unwrap(), linked.to_str().unwrap()]);
    refused("is a repository");
    git(&inner, &["worktree", "remove", linked.to_str().unwrap()]);
    allowed();
    git(&inner, &["remote", "remove", "origin"]);
    refused(&nested);
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

#[test]
fn what_is_ignored_is_not_deleted_to_make_room_for_what_was_discarded() {
    let repo = Repo::begun();
    repo.write("objects", "1\n").write("made", "1\n").write("folder/file", "1\n").commit("more");
    repo.write(".gitignore", "*.o\nmade/\n/folder\n").commit("ignore");
    let discarded = |path: &Path, only: Option<&str>| {
        let only = only.map(|only| vec![only.to_owned()]);
        discard(&program(), Trust::UserOnly, path, 1, only.as_deref())
    };
    for (name, ignored) in
        [("objects", "objects/a.o"), ("made", "made/work/file"), ("folder", "folder")]
    {
        let path = worktree(&repo, name);
        if name == "folder" {
            fs::remove_dir_all(path.join(name)).unwrap();
        } else {
            fs::remove_file(path.join(name)).unwrap();
        }
        write(&path, ignored, "in no trash");
        if name == "made" {
            git(&path, &["init", "--quiet", "made"]);
        }
        write(&path, "README", "edited\n");
        for only in [None, Some(name)] {
            let error = discarded(&path, only).unwrap_err();
            let named = format!("{}", path.join(name).display());
            let is_named =
                |why: &str| why.starts_with(&named) && why.contains("move it away first");
            assert!(matches!(&error, GitError::Refused(why) if is_named(why)), "{error}");
        }
        assert_eq!(fs::read_to_string(path.join(ignored)).unwrap(), "in no trash");
        assert_eq!(trashed(&repo.top).unwrap(), []);
        if name == "made" {
            let error = throw_away(&path, 1, &|_, _| false).unwrap_err();
            assert!(error.to_string().contains("is a repository"), "{error}");
        }
        // What is elsewhere is not in its way.
        let id = discarded(&path, Some("README")).unwrap().id;
        assert!(forget(&repo.top, &id).unwrap());
    }
}

#[test]
fn what_a_sparse_checkout_leaves_out_is_no_change() {
    let repo = Repo::begun();
    repo.write("in/a", "1\n").write("out/b", "1\n").write("out/c", "1\n").commit("more");
    let path = worktree(&repo, "sparse");
    git(&path, &["sparse-checkout", "set", "in"]);
    assert!(!path.join("out").exists());
    let discarded = |name: Option<&str>| {
        let names = name.map(|name| vec![name.to_owned()]);
        discard(&program(), Trust::UserOnly, &path, 1, names.as_deref())
    };
    assert!(matches!(discarded(None), Err(GitError::Refused(_))));
    // A file that is there nevertheless is one.
    write(&path, "out/b", "there\n");
    let (kept, _) = throw_away(&path, 1, &|_, _| false).unwrap();
    assert_eq!(kept.files, 1);
    let names = repo.git(&["ls-tree", "-r", "--name-only", &kept.commit]);
    assert_eq!(names, "README\nin/a\nout/b\nout/c");
    assert_eq!(repo.git(&["show", &format!("{}:out/b", kept.commit)]), "there");
    discarded(Some("out/b")).unwrap();
    assert_eq!(fs::read_to_string(path.join("out/b")).unwrap(), "1\n");
    // So is one that git was told not to look at.
    git(&path, &["sparse-checkout", "disable"]);
    git(&path, &["update-index", "--skip-worktree", "README"]);
    write(&path, "README", "edited\n");
    discarded(Some("README")).unwrap();
    assert_eq!(fs::read_to_string(path.join("README")).unwrap(), "first\n");
}

#[test]
fn what_is_staged_while_changes_are_discarded_stays_staged() {
    let repo = Repo::begun();
    let path = worktree(&repo, "meanwhile");
    // It takes a while to be kept.
    fs::File::create(path.join("large")).unwrap().set_len(64 << 20).unwrap();
    write(&path, "other", "1\n");
    let objects = repo.top.join(".git/objects");
    let is_being_kept =
        || fs::read_dir(&objects).unwrap().flatten().any(|entry| entry.path().is_file());
    thread::scope(|scope| {
        scope.spawn(|| {
            let begin = Instant::now();
            while !is_being_kept() {
                assert!(begin.elapsed() < Duration::from_mins(1), "it is kept otherwise now");
                thread::yield_now();
            }
            git(&path, &["add", "other"]);
        });
        let large = ["large".to_owned()];
        discard(&program(), Trust::UserOnly, &path, 1, Some(&large)).unwrap();
    });
    assert_eq!(git(&path, &["status", "--porcelain"]), "A  other");
}

#[test]
fn a_discard_that_fails_half_way_says_how_to_have_it_back() {
    let repo = Repo::begun();
    repo.write(".gitattributes", "README filter=broken\n").commit("more");
    repo.git(&["config", "filter.broken.smudge", "false"]);
    repo.git(&["config", "filter.broken.required", "true"]);
    repo.write("README", "edited\n").write("new", "1\n");
    let before = files(&repo.top);
    let error = discard(&program(), Trust::Repository, &repo.top, 1, None).unwrap_err();
    assert!(!repo.top.join("new").exists());
    let id = trashed(&repo.top).unwrap()[0].id.clone();
    let how = format!("synk trash restore {id}");
    assert!(matches!(&error, GitError::Refused(why) if why.contains(&how)), "{error}");
    back(&repo, &id);
    assert_eq!(files(&repo.top), before);
}

#[test]
fn what_was_renamed_comes_back_under_its_old_name() {
    let repo = Repo::begun();
    repo.write("old", "a line\nanother\na third\n").commit("more");
    let path = worktree(&repo, "renamed");
    git(&path, &["mv", "old", "new"]);
    write(&path, "README", "edited\n");
    let before = files(&path);
    let new = ["new".to_owned()];
    let id = discard(&program(), Trust::UserOnly, &path, 1, Some(&new)).unwrap().id;
    assert_eq!(git(&path, &["status", "--porcelain"]), " M README");
    back(&repo, &id);
    assert_eq!(files(&path), before);
}

#[test]
fn discarded_changes_come_back_over_what_is_there_then() {
    let repo = Repo::begun();
    repo.write("kept", "1\n");
    repo.commit("more");
    let path = worktree(&repo, "discard");
    write(&path, "README", "edited\n");
    write(&path, "new/file", "new\n");
    write(&path, "kept", "edited as well\n");
    git(&path, &["add", "new/file"]);
    let before = files(&path);
    let some = ["README".to_owned(), "new".to_owned()];
    let id = discard(&program(), Trust::UserOnly, &path, 1, Some(&some)).unwrap().id;
    assert_eq!(fs::read_to_string(path.join("README")).unwrap(), "first\n");
    assert!(!path.join("new").exists());
    assert_eq!(fs::read_to_string(path.join("kept")).unwrap(), "edited as well\n");
    assert_eq!(git(&path, &["status", "--porcelain"]), " M kept");
    assert_eq!(trashed(&repo.top).unwrap()[0].files, 2);
    // Nothing that is in no commit is in its way.
    back(&repo, &id);
    assert_eq!(files(&path), before);
    assert_eq!(trashed(&repo.top).unwrap().len(), 1);
    // What was not discarded is not touched.
    write(&path, "README", "edited again\n");
    write(&path, "kept", "gone on\n");
    back(&repo, &id);
    assert_eq!(fs::read_to_string(path.join("kept")).unwrap(), "gone on\n");
    write(&path, "kept", "edited as well\n");
    assert_eq!(files(&path), before);
    // What was there when it came back is in the trash as well.
    let all = trashed(&repo.top).unwrap();
    assert_eq!(all.iter().map(|one| one.at).collect::<Vec<_>>(), [2_000, 1]);
    assert_eq!(git(&path, &["show", &format!("{}:README", all[0].commit)]), "edited again");
    assert!(all[0].discarded);

    discard(&program(), Trust::UserOnly, &path, 3, None).unwrap();
    assert_eq!(git(&path, &["status", "--porcelain"]), "");
    assert!(forget(&repo.top, &id).unwrap());
    assert!(!forget(&repo.top, &id).unwrap());
    assert!(matches!(
        restore(&program(), Trust::UserOnly, &repo.top, &id, 4),
        Err(GitError::Refused(_))
    ));
}
