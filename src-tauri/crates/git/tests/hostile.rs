//! A repository that names programs of its own: none of them runs unless the user has agreed,
//! and nothing is written outside.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

mod common;

use common::{Repo, add_worktree, git, program, write};
use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};
use synk_git::{GitError, Trust, commit, counts, discard, remove_worktree, restore, throw_away};

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
    let found = program().own_programs(&repo.top).unwrap();
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
fn what_is_behind_a_link_is_neither_kept_nor_removed() {
    let repo = Repo::begun();
    repo.write("folder/file", "1\n").write("folder/other", "1\n").commit("more");
    let outside = repo.beside("outside");
    write(&outside, "file", "secret");
    write(&outside, "new", "secret");
    let path = repo.beside("x");
    add_worktree(&program(), Trust::UserOnly, &repo.top, &path, "x", None).unwrap();
    write(&path, "fresh/new", "1\n");
    git(&path, &["add", "fresh/new"]);
    for folder in ["folder", "fresh"] {
        fs::remove_dir_all(path.join(folder)).unwrap();
        symlink(&outside, path.join(folder)).unwrap();
    }
    let discarded =
        |name: &str| discard(&program(), Trust::UserOnly, &path, 1, Some(&[name.to_owned()]));
    discarded("fresh/new").unwrap();
    assert!(outside.join("new").exists());
    assert!(path.join("fresh").is_symlink());
    // The link would go with it, and not come back with it.
    assert!(matches!(discarded("folder/file"), Err(GitError::Refused(_))));
    assert!(path.join("folder").is_symlink());

    let (kept, _) = throw_away(&path, 2, &|_, _| true).unwrap();
    let names = repo.git(&["ls-tree", "-r", "--name-only", &kept.commit]);
    assert_eq!(names, "README\nfolder\nfresh");
    remove_worktree(&repo.top, &path).unwrap();
    restore(&program(), Trust::UserOnly, &repo.top, &kept.id, 3).unwrap();
    assert_eq!(fs::read_link(path.join("folder")).unwrap(), outside);

    let all = discard(&program(), Trust::UserOnly, &path, 4, None).unwrap();
    assert_eq!(fs::read_to_string(path.join("folder/file")).unwrap(), "1\n");
    assert!(!path.join("folder").is_symlink());
    assert!(path.join("fresh").symlink_metadata().is_err());
    restore(&program(), Trust::UserOnly, &repo.top, &all.id, 5).unwrap();
    assert_eq!(fs::read_link(path.join("folder")).unwrap(), outside);
    for name in ["file", "new"] {
        assert_eq!(fs::read_to_string(outside.join(name)).unwrap(), "secret");
    }
}

/// Puts changes into the trash that nobody discarded: a file in folders, for a place.
fn plant(repo: &Repo, id: &str, names: &[&str], place: &Path) {
    let repository = git2::Repository::open(&repo.top).unwrap();
    let blob = repository.blob(b"planted").unwrap();
    // As bytes, since no git would write such names.
    let (tree, _) = names.iter().rev().fold((blob, "100644"), |(inside, mode), name| {
        let entry = [format!("{mode} {name}\0").as_bytes(), inside.as_bytes()].concat();
        let objects = repository.odb().unwrap();
        (objects.write(git2::ObjectType::Tree, &entry).unwrap(), "40000")
    });
    let tree = repository.find_tree(tree).unwrap();
    let author = git2::Signature::now("A", "a@example.org").unwrap();
    let message =
        format!("planted\n\nPath: {}\nAt: 1\nFiles: 1\nDiscarded: yes\n", place.display());
    let name = format!("refs/synk/trash/{id}");
    repository.commit(Some(&name), &author, &author, &message, &tree, &[]).unwrap();
}

#[test]
fn what_others_put_into_the_trash_comes_back_nowhere_else() {
    let (repo, other) = (Repo::begun(), Repo::begun());
    let hooks = repo.top.join(".git/hooks");
    let below = repo.top.join("below");
    fs::create_dir_all(&hooks).unwrap();
    fs::create_dir(&below).unwrap();
    let cases: [(&[&str], &PathBuf, PathBuf); 8] = [
        (&["file"], &other.top, other.top.join("file")),
        (&["post-checkout"], &hooks, hooks.join("post-checkout")),
        (&["file"], &below, below.join("file")),
        (&[".git", "hooks", "pre-commit"], &repo.top, hooks.join("pre-commit")),
        (&[".GIT", "file"], &repo.top, repo.top.join(".GIT/file")),
        (&["below", "git~1", "file"], &repo.top, below.join("git~1/file")),
        (&["..", "file"], &repo.top, repo.beside("file")),
        (&["../file"], &repo.top, repo.beside("file")),
    ];
    for (number, (names, place, file)) in cases.into_iter().enumerate() {
        let id = format!("planted-{number}");
        plant(&repo, &id, names, place);
        let back = restore(&program(), Trust::UserOnly, &repo.top, &id, 2);
        assert!(matches!(back, Err(GitError::Refused(_))), "{names:?}: {back:?}");
        assert!(!file.exists(), "{}", file.display());
    }
    // Were it not for that it would come back.
    plant(&repo, "planted", &["below", "file"], &repo.top);
    restore(&program(), Trust::UserOnly, &repo.top, "planted", 2).unwrap();
    assert_eq!(fs::read_to_string(below.join("file")).unwrap(), "planted");
}

#[test]
fn a_repository_that_claims_another_folder_is_left_alone() {
    let repo = Repo::begun();
    let elsewhere = repo.beside("elsewhere");
    write(&elsewhere, "README", "not the repository's\n");
    let path = repo.beside("x");
    add_worktree(&program(), Trust::UserOnly, &repo.top, &path, "x", None).unwrap();
    let refused = |folder: &Path| {
        let git = program();
        let made = commit(&git, Trust::UserOnly, folder, "mine", None);
        assert!(matches!(made, Err(GitError::Refused(_))), "{made:?}");
        let discarded = discard(&git, Trust::UserOnly, folder, 1, None);
        assert!(matches!(discarded, Err(GitError::Refused(_))), "{discarded:?}");
        let kept = throw_away(folder, 1, &|_, _| true);
        assert!(matches!(kept, Err(GitError::Refused(_))), "{kept:?}");
        let there = fs::read_to_string(elsewhere.join("README")).unwrap();
        assert_eq!(there, "not the repository's\n");
    };
    for claimed in [&elsewhere, &repo.beside("")] {
        repo.git(&["config", "core.worktree", claimed.to_str().unwrap()]);
        refused(&repo.top);
    }
    repo.git(&["config", "--unset", "core.worktree"]);
    repo.git(&["config", "extensions.worktreeConfig", "true"]);
    git(&path, &["config", "--worktree", "core.worktree", elsewhere.to_str().unwrap()]);
    refused(&path);
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
