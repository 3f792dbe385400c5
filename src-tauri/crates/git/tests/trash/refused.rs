//! What could not come back is not thrown away, and nothing else is refused.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};
use synk_git::{GitError, Trust, discard, forget, throw_away, trashed};

use crate::{
    common::{Repo, commit, git, program, write},
    worktree,
};

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
