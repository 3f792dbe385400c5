//! A repository that names programs of its own: none of them runs unless the user has agreed,
//! and nothing is written outside.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

mod common;

use common::{Repo, add_worktree, program, write};
use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::PathBuf,
    thread,
    time::{Duration, Instant},
};
use synk_git::{
    GitError, Trust, counts, discard, own_programs, remove_worktree, restore, throw_away,
};

/// Far less than what is started here would take.
const PATIENCE: Duration = Duration::from_mins(1);

/// A repository in which everything that can run something does, and the file that it makes.
fn hostile() -> (Repo, PathBuf) {
    let repo = Repo::begun();
    let marker = repo.beside("it-ran");
    let script = repo.top.join("attack.sh");
    fs::write(&script, format!("#!/bin/sh\necho \"$0 $*\" >>'{}'\ncat\n", marker.display()))
        .unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    repo.write(".gitattributes", "* filter=evil diff=evil merge=evil\n");
    repo.write("victim", "1\n");
    repo.commit("attributes");
    for hook in
        ["post-checkout", "pre-commit", "post-commit", "reference-transaction", "post-index-change"]
    {
        fs::copy(&script, repo.top.join(".git/hooks").join(hook)).unwrap();
    }
    let attack = script.to_str().unwrap();
    for name in [
        "core.fsmonitor",
        "core.editor",
        "core.pager",
        "core.sshCommand",
        "core.askPass",
        "diff.external",
        "diff.evil.command",
        "diff.evil.textconv",
        "merge.evil.driver",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "gpg.program",
        "credential.helper",
        "sequence.editor",
    ] {
        repo.git(&["config", name, attack]);
    }
    repo.git(&["config", "filter.evil.required", "true"]);
    fs::remove_file(&marker).ok();
    (repo, marker)
}

#[test]
fn nothing_of_the_repositorys_runs() {
    let (repo, marker) = hostile();
    let found = own_programs(&repo.top).unwrap();
    for name in ["core.fsmonitor", "diff.external", "filter.evil.smudge", "hook.post-checkout"] {
        assert!(found.iter().any(|found| found == name), "{name} in {found:?}");
    }
    let path = repo.beside("x");
    let git = program();
    add_worktree(&git, Trust::UserOnly, &repo.top, &path, "x", None).unwrap();
    assert_eq!(fs::read_to_string(path.join("victim")).unwrap(), "1\n");
    write(&path, "victim", "2\n");
    write(&path, "new", "1\n");
    counts(&path, Some("main")).unwrap();
    discard(&git, Trust::UserOnly, &path, 1, None).unwrap();
    write(&path, "victim", "3\n");
    let (trashed, _) = throw_away(&path, 2, &|_, _| true).unwrap();
    remove_worktree(&repo.top, &path).unwrap();
    restore(&git, Trust::UserOnly, &repo.top, &trashed.id, 3).unwrap();
    assert_eq!(fs::read_to_string(path.join("victim")).unwrap(), "3\n");
    assert!(!marker.exists(), "{}", fs::read_to_string(&marker).unwrap());

    // The test is one: with the user's word for it they run.
    add_worktree(&git, Trust::Repository, &repo.top, &repo.beside("y"), "y", None).unwrap_err();
    assert!(marker.exists());
}

#[test]
fn links_out_of_the_tree_are_not_followed() {
    let repo = Repo::begun();
    let path = repo.beside("x");
    let outside = repo.beside("outside");
    fs::create_dir_all(&outside).unwrap();
    fs::write(outside.join("secret"), "1").unwrap();
    add_worktree(&program(), Trust::UserOnly, &repo.top, &path, "x", None).unwrap();
    write(&path, "folder/file", "mine");
    let (trashed, _) = throw_away(&path, 1, &|_, _| true).unwrap();
    // A folder becomes a link in the place where it is to come back.
    discard(&program(), Trust::UserOnly, &path, 2, None).unwrap();
    symlink(&outside, path.join("folder")).unwrap();
    let (with_link, _) = throw_away(&path, 3, &|_, _| true).unwrap();
    remove_worktree(&repo.top, &path).unwrap();
    assert_eq!(fs::read_to_string(outside.join("secret")).unwrap(), "1");
    let kept = repo.git(&["ls-tree", "-r", "--name-only", &with_link.commit]);
    assert_eq!(kept, "README\nfolder");
    restore(&program(), Trust::UserOnly, &repo.top, &with_link.id, 4).unwrap();
    assert!(path.join("folder").is_symlink());
    restore(&program(), Trust::UserOnly, &repo.top, &trashed.id, 5).unwrap();
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 1);
}

#[test]
fn git_ends_in_time_with_all_that_it_started() {
    let repo = Repo::begun();
    let hook = repo.top.join(".git/hooks/post-checkout");
    fs::write(&hook, "#!/bin/sh\necho $$ >../pid; sleep 1000 & sleep 1000\n").unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
    let begin = Instant::now();
    // It must have come to the hook by then, also on a busy machine.
    let git = program().with_limit(Duration::from_secs(3));
    let error = add_worktree(&git, Trust::Repository, &repo.top, &repo.beside("x"), "x", None);
    assert!(matches!(error, Err(GitError::TimedOut { .. })), "{error:?}");
    assert!(begin.elapsed() < PATIENCE);
    let pid = fs::read_to_string(repo.beside("pid")).unwrap();
    // Its pipes, which were waited for, are closed just before the rest of it is gone.
    let cwd = PathBuf::from(format!("/proc/{}/cwd", pid.trim()));
    while cwd.exists() {
        assert!(begin.elapsed() < PATIENCE, "process {pid} goes on");
        thread::yield_now();
    }
}

#[test]
fn a_submodule_is_neither_fetched_nor_run() {
    let (repo, marker) = hostile();
    let attack = format!("touch '{}'", marker.display());
    let url = format!("ext::sh -c \"{attack}\"");
    repo.write(
        ".gitmodules",
        format!("[submodule \"s\"]\npath = s\nurl = {url}\nupdate = !{attack}\n"),
    );
    let commit = repo.git(&["rev-parse", "HEAD"]);
    // Ours: with all of it turned off.
    let mut off: Vec<&str> = Vec::new();
    for setting in [
        "core.fsmonitor=false",
        "core.hooksPath=/dev/null",
        "filter.evil.clean=",
        "filter.evil.process=",
        "filter.evil.required=false",
    ] {
        off.extend(["-c", setting]);
    }
    let entry = format!("160000,{commit},s");
    for words in [
        &["update-index", "--add", "--cacheinfo", &entry][..],
        &["add", ".gitmodules"],
        &["commit", "--quiet", "-m", "submodule"],
    ] {
        repo.git(&[&off[..], words].concat());
    }
    for (name, value) in [
        ("submodule.recurse", "true"),
        ("submodule.s.url", &url),
        ("submodule.s.active", "true"),
        ("submodule.s.update", &format!("!{attack}")),
        ("protocol.ext.allow", "always"),
        ("fetch.recurseSubmodules", "true"),
    ] {
        repo.git(&["config", name, value]);
    }
    fs::remove_file(&marker).ok();
    let path = repo.beside("x");
    add_worktree(&program(), Trust::UserOnly, &repo.top, &path, "x", None).unwrap();
    write(&path, "victim", "2\n");
    discard(&program(), Trust::UserOnly, &path, 1, None).unwrap();
    let (trashed, _) = throw_away(&path, 2, &|_, _| true).unwrap();
    remove_worktree(&repo.top, &path).unwrap();
    restore(&program(), Trust::UserOnly, &repo.top, &trashed.id, 3).unwrap();
    assert_eq!(fs::read_dir(path.join("s")).unwrap().count(), 0);
    assert!(!marker.exists(), "{}", fs::read_to_string(&marker).unwrap_or_default());
}
