//! Programs that a repository or its remote names: run only where the user has agreed, and ended
//! when they hang.

use std::{
    fs,
    path::{Path, PathBuf},
};
use synk_git::{GitError, MergeRequest, MergeStrategy, Trust, merge};

use crate::{
    by_hand::{ALL, bring, executable, program, repository, request, state},
    common::{lines, write},
};

/// A script that writes a mark and goes on.
fn marker(path: &Path, mark: &Path, ends: &str) -> PathBuf {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, format!("#!/bin/sh\nbasename \"$0\" >> '{}'\n{ends}\n", mark.display()))
        .unwrap();
    executable(path);
    path.to_owned()
}

const HOOKS: [&str; 14] = [
    "pre-merge-commit",
    "commit-msg",
    "prepare-commit-msg",
    "pre-commit",
    "post-commit",
    "post-checkout",
    "post-merge",
    "pre-rebase",
    "post-rewrite",
    "reference-transaction",
    "post-index-change",
    "pre-auto-gc",
    "applypatch-msg",
    "fsmonitor-watchman",
];

#[test]
fn a_hostile_repository_runs_nothing() {
    for strategy in ALL {
        for checked_out in [false, true] {
            let repo = repository(
                |it| write(it, "a.txt", lines("a", 1..40).replace("line 2\n", "two\n")),
                |it| {
                    write(it, "a.txt", lines("a", 1..40).replace("line 30\n", "thirty\n"));
                    write(it, ".gitattributes", "*.txt merge=own filter=own diff=own\n");
                },
            );
            let place = repo.beside("trunk-here");
            if checked_out {
                repo.git(&["worktree", "add", "-q", place.to_str().unwrap(), "trunk"]);
            }
            let mark = repo.beside("mark");
            let programs = repo.beside("programs");
            let own = |name: &str, ends: &str| {
                marker(&programs.join(name), &mark, ends).to_str().unwrap().to_owned()
            };
            let set = |name: &str, value: &str| repo.git(&["config", name, value]);
            repo.write(".git/info/attributes", "*.txt merge=own filter=own diff=own\n");
            for hook in HOOKS {
                marker(&repo.top().join(".git/hooks").join(hook), &mark, "exit 0");
                own(hook, "exit 0");
            }
            set("core.hooksPath", programs.to_str().unwrap());
            set("core.fsmonitor", &own("fsmonitor", "exit 0"));
            set("core.editor", &own("editor", "exit 0"));
            set("core.pager", &own("pager", "cat"));
            set("core.askPass", &own("askpass", "exit 0"));
            set("sequence.editor", &own("sequence-editor", "exit 0"));
            set("merge.own.driver", &format!("{} %A", own("driver", "exit 0")));
            set("merge.own.recursive", "binary");
            set("filter.own.clean", &own("clean", "cat"));
            set("filter.own.smudge", &own("smudge", "cat"));
            set("filter.own.process", &own("process", "exit 1"));
            set("filter.own.required", "true");
            set("diff.own.command", &own("external", "exit 0"));
            set("diff.own.textconv", &own("textconv", "cat $1"));
            set("diff.external", &own("external", "exit 0"));
            set("gpg.program", &own("gpg", "exit 0"));
            set("gpg.ssh.program", &own("gpg-ssh", "exit 0"));
            set("gpg.ssh.defaultKeyCommand", &own("gpg-key", "exit 0"));
            fs::remove_file(&mark).ok();

            let with = MergeRequest { update_checkout: true, ..request(strategy) };
            let outcome = bring(&repo, &with);
            let ran = fs::read_to_string(&mark).unwrap_or_default();
            assert_eq!(ran, "", "{strategy:?} {checked_out}");
            // Without its driver there may be a conflict, but not an error.
            assert!(outcome.is_ok(), "{outcome:?}");

            // That it would have: the marks work.
            repo.git(&["-c", "core.hooksPath=/dev/null", "update-ref", "refs/heads/trunk", "mine"]);
            fs::remove_file(&mark).ok();
            let scratch = repo.beside("scratch");
            merge(&program(), Trust::Repository, &repo.top(), &with, &scratch).ok();
            let ran = fs::read_to_string(&mark).unwrap();
            assert!(ran.contains("process"), "{ran}");
        }
    }
}

#[test]
fn a_trusted_repository_runs_its_hooks() {
    let repo = repository(|it| write(it, "y", "y\n"), |it| write(it, "x", "x\n"));
    let mark = repo.beside("mark");
    let hook = repo.top().join(".git/hooks/commit-msg");
    marker(&hook, &mark, "echo hooked >> $1");
    let scratch = repo.beside("scratch");
    let merge =
        |trust| merge(&program(), trust, &repo.top(), &request(MergeStrategy::Merge), &scratch);
    let merged = merge(Trust::Repository).unwrap();
    assert_eq!(fs::read_to_string(&mark).unwrap(), "commit-msg\n");
    assert!(repo.git(&["log", "-1", "--format=%B", &merged.commit]).contains("hooked"));

    // And one that refuses does refuse, in its own words.
    repo.git(&["branch", "-f", "trunk", "trunk^1"]);
    marker(&hook, &mark, "echo 'no ticket number' >&2; exit 1");
    let before = state(&repo, &[]);
    let refused = merge(Trust::Repository);
    assert!(
        matches!(&refused, Err(GitError::Failed { command, message, .. }) if command == "merge" && message.contains("no ticket number")),
        "{refused:?}"
    );
    assert_eq!(state(&repo, &[]), before);
}

#[test]
fn a_base_that_moves_meanwhile() {
    let repo = repository(|it| write(it, "y", "y\n"), |it| write(it, "x", "x\n"));
    let hook = repo.top().join(".git/hooks/commit-msg");
    // While the merge is made, somebody else is quicker.
    marker(&hook, &repo.beside("mark"), "git update-ref refs/heads/trunk refs/heads/mine");
    let merged = merge(
        &program(),
        Trust::Repository,
        &repo.top(),
        &request(MergeStrategy::Merge),
        &repo.beside("scratch"),
    );
    assert!(matches!(&merged, Err(GitError::Moved(branch)) if branch == "trunk"), "{merged:?}");
    assert_eq!(repo.git(&["rev-parse", "trunk"]), repo.git(&["rev-parse", "mine"]));
    state(&repo, &[]);
}

#[test]
fn a_hook_that_hangs_is_ended_and_nothing_stays() {
    let repo = repository(|it| write(it, "y", "y\n"), |it| write(it, "x", "x\n"));
    marker(&repo.top().join(".git/hooks/commit-msg"), &repo.beside("mark"), "sleep 600");
    let before = state(&repo, &[]);
    let quick = program().with_limit(std::time::Duration::from_secs(3));
    let ended = merge(
        &quick,
        Trust::Repository,
        &repo.top(),
        &request(MergeStrategy::Merge),
        &repo.beside("scratch"),
    );
    assert!(
        matches!(&ended, Err(GitError::TimedOut { command, .. }) if command == "merge"),
        "{ended:?}"
    );
    assert_eq!(state(&repo, &[]), before);
}

#[test]
fn a_hostile_remote_is_not_asked_for_what_is_missing() {
    let repo = repository(|it| write(it, "y", "y\n"), |it| write(it, "x", "missing\n"));
    let mark = repo.beside("mark");
    let fetch = marker(&repo.beside("fetch"), &mark, "exit 1");
    for (name, value) in [
        ("remote.origin.promisor", "true"),
        ("remote.origin.url", &format!("ext::{}", fetch.display())),
        ("protocol.ext.allow", "always"),
        ("protocol.allow", "always"),
    ] {
        repo.git(&["config", name, value]);
    }
    let missing = repo.git(&["rev-parse", "work:x"]);
    fs::remove_file(repo.top().join(".git/objects").join(&missing[..2]).join(&missing[2..]))
        .unwrap();
    let failed = bring(&repo, &request(MergeStrategy::Merge));
    assert!(failed.is_err(), "{failed:?}");
    assert!(!mark.exists(), "the repository's own command was run");
    state(&repo, &[]);
}
