//! What becomes of the branches, whatever was changed on them and wherever they are checked out.

use std::{fs, path::Path};
use synk_git::{GitError, MergeRequest, MergeStrategy};

use crate::{
    by_hand::{ALL, bring, executable, is_as_by_hand, remove, rename, repository, request, state},
    common::{git, lines, run, write},
};

#[test]
fn different_files_and_different_lines() {
    let conflicts = is_as_by_hand(
        |it| write(it, "a.txt", lines("a", 1..40).replace("line 2\n", "two\n")),
        |it| {
            write(it, "a.txt", lines("a", 1..40).replace("line 30\n", "thirty\n"));
            write(it, "new/deep", "x\n");
        },
    );
    assert_eq!(conflicts, 0);
}

#[test]
fn renames_deletes_modes_and_binaries() {
    let conflicts = is_as_by_hand(
        |it| {
            write(it, "a.txt", lines("a", 2..40));
            rename(it, "b.txt", "moved/b.txt");
        },
        |it| {
            rename(it, "a.txt", "below/a2.txt");
            write(it, "b.txt", lines("b", 1..39));
            remove(it, "gone");
            executable(&it.join("run.sh"));
            write(it, "data.bin", [&b"\0\x02"[..], &[7; 500]].concat());
            remove(it, "link");
            std::os::unix::fs::symlink("run.sh", it.join("link")).unwrap();
        },
    );
    assert_eq!(conflicts, 0);
}

#[test]
fn conflicts_are_told_and_nothing_is_changed() {
    let conflicts = is_as_by_hand(
        |it| {
            write(it, "a.txt", lines("trunk", 1..40));
            remove(it, "gone");
            write(it, "both ways\n", "one\n");
            write(it, "data.bin", [&b"\0\x03"[..], &[7; 500]].concat());
            rename(it, "b.txt", "b-trunk.txt");
        },
        |it| {
            write(it, "a.txt", lines("work", 1..40));
            write(it, "gone", "changed\n");
            write(it, "both ways\n", "two\n");
            write(it, "data.bin", [&b"\0\x02"[..], &[7; 500]].concat());
            rename(it, "b.txt", "b-work.txt");
        },
    );
    assert_eq!(conflicts, 3);
}

#[test]
fn a_base_that_can_go_forward() {
    let conflicts = is_as_by_hand(|_| {}, |it| write(it, "x", "x\n"));
    assert_eq!(conflicts, 0);
    let repo = repository(|_| {}, |it| write(it, "x", "x\n"));
    repo.git(&["branch", "-f", "trunk", "mine"]);
    let merged = bring(&repo, &request(MergeStrategy::Merge)).unwrap();
    assert_eq!(merged.commit, repo.git(&["rev-parse", "work"]));
    // The user's will: always a merge commit.
    repo.git(&["branch", "-f", "trunk", "mine"]);
    repo.git(&["config", "merge.ff", "false"]);
    let merged = bring(&repo, &request(MergeStrategy::Merge)).unwrap();
    assert_eq!(
        repo.git(&["log", "-1", "--format=%s", &merged.commit]),
        "Merge branch 'work' into trunk"
    );
    repo.git(&["branch", "-f", "trunk", "mine"]);
    bring(&repo, &request(MergeStrategy::Squash)).unwrap();
    assert_eq!(repo.git(&["rev-list", "--count", "mine..trunk"]), "1");
}

#[test]
fn what_is_in_the_base_already() {
    let repo = repository(|_| {}, |it| write(it, "x", "x\n"));
    for strategy in ALL {
        bring(&repo, &request(strategy)).unwrap();
        let at = repo.git(&["rev-parse", "trunk"]);
        for again in ALL {
            let merged = bring(&repo, &request(again)).unwrap();
            assert_eq!(merged.conflicts, None);
            if again != MergeStrategy::Merge {
                assert_eq!(merged.commit, repo.git(&["rev-parse", "trunk"]));
            }
        }
        assert_eq!(
            repo.git(&["rev-parse", "trunk^{tree}"]),
            repo.git(&["rev-parse", &format!("{at}^{{tree}}")])
        );
        repo.git(&["branch", "-f", "trunk", "mine"]);
        repo.git(&["update-ref", "refs/heads/trunk", &repo.git(&["rev-parse", "mine"])]);
    }
}

#[test]
fn messages() {
    let change = |it: &Path| write(it, "x", "x\n");
    let repo = repository(|it| write(it, "y", "y\n"), change);
    let first = repo.git(&["rev-parse", "trunk"]);
    for strategy in [MergeStrategy::Merge, MergeStrategy::Squash] {
        repo.git(&["branch", "-f", "trunk", &first]);
        let message = Some("--amend: it\n\nmore".to_owned());
        let merged = bring(&repo, &MergeRequest { message, ..request(strategy) }).unwrap();
        assert_eq!(
            repo.git(&["log", "-1", "--format=%B", &merged.commit]).trim(),
            "--amend: it\n\nmore"
        );
    }
    assert!(repo.git(&["reflog", "trunk"]).contains("synk: merge work"));
    repo.git(&["branch", "-f", "trunk", &first]);
    let merged = bring(&repo, &request(MergeStrategy::Squash)).unwrap();
    let said = repo.git(&["log", "-1", "--format=%B", &merged.commit]);
    assert!(said.contains("work one") && said.contains("work two"), "{said}");
    assert_eq!(repo.git(&["log", "-1", "--format=%P", &merged.commit]), first);
}

#[test]
fn a_base_that_is_checked_out() {
    for strategy in ALL {
        let repo =
            repository(|it| write(it, "y", "y\n"), |it| write(it, "a.txt", lines("work", 1..40)));
        let place = repo.beside("trunk-here");
        repo.git(&["worktree", "add", "-q", place.to_str().unwrap(), "trunk"]);
        let before = state(&repo, &[]);
        let refused = bring(&repo, &request(strategy));
        assert!(
            matches!(&refused, Err(GitError::CheckedOut { branch, path }) if branch == "trunk" && path == &place),
            "{refused:?}"
        );
        assert_eq!(state(&repo, &[]), before);

        let with = MergeRequest { update_checkout: true, ..request(strategy) };
        write(&place, "a.txt", "mine\n");
        write(&place, "unknown", "mine\n");
        let refused = bring(&repo, &with);
        assert!(matches!(&refused, Err(GitError::Dirty { path }) if path == &place), "{refused:?}");
        assert_eq!(state(&repo, &[]), before);
        assert_eq!(fs::read(place.join("a.txt")).unwrap(), b"mine\n");

        // What is not overwritten is in nobody's way.
        git(&place, &["checkout", "-q", "--", "a.txt"]);
        write(&place, "b.txt", "mine\n");
        let merged = bring(&repo, &with).unwrap();
        assert_eq!(git(&place, &["rev-parse", "HEAD"]), merged.commit);
        assert_eq!(fs::read(place.join("a.txt")).unwrap(), lines("work", 1..40).as_bytes());
        assert_eq!(git(&place, &["status", "--porcelain"]), " M b.txt\n?? unknown");
        assert_eq!(git(&place, &["branch", "--show-current"]), "trunk");
        assert_eq!(state(&repo, &["trunk"]).get("index"), before.get("index"));
    }
}

#[test]
fn a_base_that_is_being_rebased() {
    let repo = repository(|it| write(it, "a.txt", "trunk\n"), |it| write(it, "a.txt", "work\n"));
    let place = repo.beside("trunk-here");
    repo.git(&["worktree", "add", "-q", place.to_str().unwrap(), "trunk"]);
    assert!(!run(&place, &[], &["rebase", "work"]).0);
    let with = MergeRequest { update_checkout: true, ..request(MergeStrategy::Merge) };
    let refused = bring(&repo, &with);
    assert!(matches!(refused, Err(GitError::CheckedOut { .. })), "{refused:?}");
}

#[test]
fn a_branch_with_changes_in_no_commit() {
    let change: [fn(&Path); 3] = [
        |it| write(it, "a.txt", "x\n"),
        |it| write(it, "unknown", "x\n"),
        |it| {
            write(it, "b.txt", "x\n");
            git(it, &["add", "b.txt"]);
        },
    ];
    for change in change {
        let repo = repository(|_| {}, |it| write(it, "x", "x\n"));
        let work = repo.beside("work");
        change(&work);
        let before = state(&repo, &[]);
        let refused = bring(&repo, &request(MergeStrategy::Merge));
        assert!(matches!(&refused, Err(GitError::Dirty { path }) if path == &work), "{refused:?}");
        assert_eq!(state(&repo, &[]), before);
    }
}

#[test]
fn a_branch_that_stays_and_others_too() {
    let repo = repository(|it| write(it, "y", "y\n"), |it| write(it, "x", "x\n"));
    repo.git(&["branch", "on-the-way", "work~1"]);
    for (name, value) in [
        ("rebase.updateRefs", "true"),
        ("rebase.autoStash", "true"),
        ("merge.autoStash", "true"),
        ("rerere.enabled", "true"),
    ] {
        repo.git(&["config", name, value]);
    }
    let before = state(&repo, &[]);
    bring(&repo, &request(MergeStrategy::Rebase)).unwrap();
    assert_eq!(state(&repo, &[]), before);
}

#[test]
fn names_that_are_none() {
    let repo = repository(|_| {}, |it| write(it, "x", "x\n"));
    let with = |branch: &str, base: &str| {
        let (branch, base) = (branch.to_owned(), base.to_owned());
        bring(&repo, &MergeRequest { branch, base, ..request(MergeStrategy::Merge) })
    };
    for odd in
        ["--upload-pack=x", "-x", "", "a..b", "a b", "@{-1}", "refs/../x", "HEAD~1", "a.lock"]
    {
        assert!(matches!(with(odd, "trunk"), Err(GitError::BadBranch(_))), "{odd}");
        assert!(matches!(with("work", odd), Err(GitError::BadBranch(_))), "{odd}");
    }
    assert!(matches!(with("none", "trunk"), Err(GitError::NoBranch(_))));
    assert!(matches!(with("trunk", "trunk"), Err(GitError::Refused(_))));
}
