//! What `merge` makes is what git makes by hand, and nothing else in the repository changes.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

mod common;

use common::{Repo, environment, git, lines, run, write};
use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};
use synk_git::{GitError, MergeRequest, MergeStrategy, Merged, Program, Trust, merge};

const ALL: [MergeStrategy; 3] =
    [MergeStrategy::Merge, MergeStrategy::Squash, MergeStrategy::Rebase];

fn program() -> Program {
    Program::new(environment())
}

fn request(strategy: MergeStrategy) -> MergeRequest {
    let (branch, base) = ("work".to_owned(), "trunk".to_owned());
    MergeRequest { branch, base, strategy, message: None, update_checkout: false }
}

fn bring(repo: &Repo, request: &MergeRequest) -> Result<Merged, GitError> {
    merge(&program(), Trust::UserOnly, &repo.top(), request, &repo.beside("scratch"))
}

/// Everything of the user's that a merge must leave alone.
fn state(repo: &Repo, moves: &[&str]) -> BTreeMap<String, Vec<u8>> {
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
fn repository(on_trunk: impl Fn(&Path), on_work: impl Fn(&Path)) -> Repo {
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
    common::commit(&work, "work one");
    write(&work, "w.txt", "w\n");
    common::commit(&work, "work two");
    on_trunk(&repo.top());
    repo.commit("trunk");
    repo.git(&["checkout", "-q", "mine"]);
    repo.write("a.txt", "stashed\n").git(&["stash"]);
    repo.write("a.txt", "staged\n").git(&["add", "a.txt"]);
    repo.write("a.txt", "changed\n").write("unknown", "x\n");
    repo
}

/// The same by hand in a clone: the tree, or the files in conflict.
fn by_hand(repo: &Repo, strategy: MergeStrategy) -> (String, usize, Option<Vec<String>>) {
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
fn is_as_by_hand(on_trunk: impl Fn(&Path), on_work: impl Fn(&Path)) -> usize {
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

fn rename(folder: &Path, from: &str, to: &str) {
    let to = folder.join(to);
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    fs::rename(folder.join(from), to).unwrap();
}

fn remove(folder: &Path, path: &str) {
    fs::remove_file(folder.join(path)).unwrap();
}

fn executable(path: &Path) {
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

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
