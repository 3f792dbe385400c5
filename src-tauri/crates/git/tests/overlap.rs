//! What two worktrees both change, compared with what git says when they are merged; and that
//! looking leaves no trace.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

mod common;

use common::{Repo, commit, git, lines, run, write};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, symlink},
    path::{Path, PathBuf},
};
use synk_git::{Compared, DiffOptions, GitError, OverlapFile, diff, overlap, overlaps};

/// Every file of the repository itself, with its size and its time.
fn trace(repo: &Repo) -> BTreeMap<PathBuf, (u64, i64, i64)> {
    let mut found = BTreeMap::new();
    let mut folders = vec![repo.top().join(".git")];
    while let Some(folder) = folders.pop() {
        for file in fs::read_dir(&folder).unwrap() {
            let file = file.unwrap();
            let data = file.metadata().unwrap();
            found.insert(file.path(), (data.size(), data.mtime(), data.mtime_nsec()));
            if data.is_dir() {
                folders.push(file.path());
            }
        }
    }
    found
}

fn repository() -> (Repo, PathBuf, PathBuf) {
    let repo = Repo::new();
    repo.write("a.txt", lines("a", 1..40))
        .write("b.txt", lines("b", 1..40))
        .write("c.txt", lines("c", 1..40))
        .write("run.sh", "#!/bin/sh\n")
        .write("data.bin", [&b"\0\x01"[..], &[7; 500]].concat())
        .write("dir/inside", "inside\n")
        .link("link", "a.txt");
    repo.commit("first");
    let (one, other) = (repo.worktree("one", "trunk"), repo.worktree("other", "trunk"));
    (repo, one, other)
}

/// Both ways round, before and after all is committed. Answers each path, and whether it
/// conflicts.
fn found(on_one: impl Fn(&Path), on_other: impl Fn(&Path)) -> Vec<(String, bool)> {
    let (repo, one, other) = repository();
    on_one(&one);
    on_other(&other);
    let before = trace(&repo);
    let files = overlap(&one, &other).unwrap();
    assert_eq!(overlap(&other, &one).unwrap(), files, "the other way round");
    let all = [one.clone(), repo.top(), other.clone()];
    let expected = if files.is_empty() { vec![] } else { vec![(0, 2, files.clone())] };
    assert_eq!(overlaps(&all), expected);
    assert_eq!(trace(&repo), before, "something was written");

    commit(&one, "one");
    assert_eq!(overlap(&one, &other).unwrap(), files, "one is committed");
    commit(&other, "other");
    assert_eq!(overlap(&one, &other).unwrap(), files, "both are committed");
    // Nothing that is in the repository is touched, when it is what the folder has in it again.
    git(&one, &["reset", "-q", "--soft", "trunk"]);
    git(&one, &["reset", "-q"]);
    let touched = trace(&repo);
    assert_eq!(overlap(&one, &other).unwrap(), files, "what is known already");
    assert_eq!(trace(&repo), touched, "something was touched");
    commit(&one, "one");

    let (clean, _) = run(&repo.top(), &[], &["merge-tree", "--write-tree", "one", "other"]);
    assert_eq!(clean, !files.iter().any(|file| file.conflicts), "git says otherwise: {files:?}");
    files.into_iter().map(|file| (file.path, file.conflicts)).collect()
}

fn is(found: &[(String, bool)], expected: &[(&str, bool)]) {
    let found: Vec<_> = found.iter().map(|(path, conflicts)| (path.as_str(), *conflicts)).collect();
    assert_eq!(found, expected);
}

fn edit(folder: &Path, file: &str, line: usize, by: &str) {
    let text = fs::read_to_string(folder.join(file)).unwrap();
    let line = format!("line {line}\n");
    assert!(text.contains(&line));
    write(folder, file, text.replace(&line, by));
}

fn rename(folder: &Path, from: &str, to: &str) {
    let to = folder.join(to);
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    fs::rename(folder.join(from), to).unwrap();
}

fn remove(folder: &Path, path: &str) {
    fs::remove_file(folder.join(path)).unwrap();
}

#[test]
fn nothing_in_common() {
    is(&found(|_| {}, |_| {}), &[]);
    is(&found(|it| edit(it, "a.txt", 3, "x\n"), |it| edit(it, "b.txt", 3, "x\n")), &[]);
    is(&found(|it| write(it, "new", "x"), |it| rename(it, "b.txt", "b2.txt")), &[]);
}

#[test]
fn the_same_lines_and_others() {
    is(
        &found(|it| edit(it, "a.txt", 3, "x\n"), |it| edit(it, "a.txt", 3, "y\n")),
        &[("a.txt", true)],
    );
    is(
        &found(|it| edit(it, "a.txt", 3, "x\n"), |it| edit(it, "a.txt", 30, "y\n")),
        &[("a.txt", false)],
    );
    is(
        &found(|it| edit(it, "a.txt", 3, "x\n"), |it| edit(it, "a.txt", 3, "x\n")),
        &[("a.txt", false)],
    );
}

#[test]
fn staged_and_not() {
    let (_repo, one, other) = repository();
    edit(&one, "a.txt", 3, "x\n");
    git(&one, &["add", "a.txt"]);
    write(&one, "a.txt", lines("a", 1..40));
    edit(&other, "a.txt", 3, "y\n");
    assert!(overlap(&one, &other).unwrap().is_empty(), "it was taken back");
    edit(&one, "a.txt", 3, "z\n");
    assert_eq!(overlap(&one, &other).unwrap().len(), 1);
}

#[test]
fn renames() {
    let renamed = |it: &Path| rename(it, "a.txt", "dir/a2.txt");
    is(&found(renamed, |it| edit(it, "a.txt", 3, "x\n")), &[("a.txt", false)]);
    is(
        &found(
            |it| {
                renamed(it);
                edit(it, "dir/a2.txt", 3, "y\n");
            },
            |it| edit(it, "a.txt", 3, "x\n"),
        ),
        &[("a.txt", true)],
    );
    is(&found(renamed, renamed), &[("a.txt", false)]);
    is(&found(renamed, |it| rename(it, "a.txt", "a3.txt")), &[("a.txt", true)]);
    is(&found(renamed, |it| remove(it, "a.txt")), &[("a.txt", true)]);
    is(&found(renamed, |it| write(it, "dir/a2.txt", "x\n")), &[("dir/a2.txt", true)]);
    is(&found(renamed, |it| rename(it, "b.txt", "dir/a2.txt")), &[("dir/a2.txt", true)]);
}

#[test]
fn deletes() {
    is(&found(|it| remove(it, "a.txt"), |it| edit(it, "a.txt", 3, "x\n")), &[("a.txt", true)]);
    is(&found(|it| remove(it, "a.txt"), |it| remove(it, "a.txt")), &[("a.txt", false)]);
}

#[test]
fn new_files() {
    let new = |content: &'static str| move |it: &Path| write(it, "new/file", content);
    is(&found(new("one\n"), new("other\n")), &[("new/file", true)]);
    is(&found(new("same\n"), new("same\n")), &[("new/file", false)]);
    is(&found(new("one\n"), new("one\ntwo\n")), &[("new/file", true)]);
    is(&found(new("one\n"), |it| write(it, "new", "a file\n")), &[("new", true)]);
}

#[test]
fn kinds_and_modes() {
    let executable = |it: &Path| {
        fs::set_permissions(it.join("run.sh"), fs::Permissions::from_mode(0o755)).unwrap();
    };
    is(&found(executable, |it| write(it, "run.sh", "#!/bin/sh\nx\n")), &[("run.sh", false)]);
    is(&found(executable, executable), &[("run.sh", false)]);
    let binary = |last: u8| move |it: &Path| write(it, "data.bin", [0, 1, 2, last]);
    is(&found(binary(1), binary(2)), &[("data.bin", true)]);
    let link = |to: &'static str| {
        move |it: &Path| {
            remove(it, "link");
            symlink(to, it.join("link")).unwrap();
        }
    };
    is(&found(link("b.txt"), link("c.txt")), &[("link", true)]);
    is(&found(link("b.txt"), link("b.txt")), &[("link", false)]);
}

#[test]
fn a_link_out_of_the_tree_is_not_followed() {
    let outside = tempfile::tempdir().unwrap();
    write(outside.path(), "inside", "one\n");
    let target = outside.path().to_owned();
    let instead = move |it: &Path| {
        fs::remove_dir_all(it.join("dir")).unwrap();
        symlink(&target, it.join("dir")).unwrap();
    };
    // `dir/inside` can be reached through the link and is not there all the same.
    is(&found(instead, |it| write(it, "dir/inside", "two\n")), &[("dir/inside", true)]);
    let to_secret = |it: &Path| symlink("/etc/passwd", it.join("new")).unwrap();
    let copy = fs::read("/etc/passwd").unwrap();
    is(&found(to_secret, move |it| write(it, "new", &copy)), &[("new", true)]);
}

#[test]
fn how_a_file_is_merged() {
    let attributes = |it: &Path, rule: &str| write(it, ".gitattributes", rule);
    let both = |rule: &'static str| {
        found(
            move |it| {
                attributes(it, rule);
                edit(it, "a.txt", 3, "x\n");
            },
            move |it| {
                attributes(it, rule);
                edit(it, "a.txt", 3, "y\n");
            },
        )
    };
    is(&both("*.txt text\n"), &[(".gitattributes", false), ("a.txt", true)]);
    let (repo, one, other) = repository();
    repo.write(".git/info/attributes", "a.txt merge=union\nb.txt -merge\n");
    edit(&one, "a.txt", 3, "x\n");
    edit(&one, "b.txt", 3, "x\n");
    edit(&other, "a.txt", 3, "y\n");
    edit(&other, "b.txt", 30, "y\n");
    let files = overlap(&one, &other).unwrap();
    let conflicts: Vec<_> = files.iter().map(|it| it.conflicts).collect();
    assert_eq!(conflicts, [false, true]);
}

#[test]
fn large_files() {
    let (repo, one, other) = repository();
    write(&one, "large", vec![1; 3 << 20]);
    write(&other, "large", vec![2; 3 << 20]);
    write(&one, "same", vec![3; 3 << 20]);
    write(&other, "same", vec![3; 3 << 20]);
    let before = trace(&repo);
    let files = overlap(&one, &other).unwrap();
    let file = |path: &str, conflicts| OverlapFile { path: path.to_owned(), conflicts };
    assert_eq!(files, [file("large", true), file("same", false)]);
    assert_eq!(trace(&repo), before);
}

#[test]
fn what_parted_at_different_times() {
    let (repo, one, other) = repository();
    edit(&one, "a.txt", 3, "x\n");
    commit(&one, "one");
    let third = repo.worktree("third", "one");
    edit(&third, "a.txt", 30, "y\n");
    edit(&other, "a.txt", 30, "z\n");
    let file = |conflicts| vec![OverlapFile { path: "a.txt".to_owned(), conflicts }];
    let gone = repo.beside("gone");
    let elsewhere = Repo::new();
    let folders = [one, gone, other, third, elsewhere.top()];
    // The first and the third part where the first is now, so the first has changed nothing.
    assert_eq!(overlaps(&folders), [(0, 2, file(false)), (2, 3, file(true))]);
    assert!(matches!(overlap(&folders[0], &folders[1]), Err(GitError::NotARepository(_))));
    assert!(overlap(&folders[0], &folders[4]).unwrap().is_empty());
}

#[test]
fn a_merge_in_progress() {
    let (_repo, one, other) = repository();
    edit(&one, "a.txt", 3, "x\n");
    commit(&one, "one");
    edit(&other, "a.txt", 3, "y\n");
    commit(&other, "other");
    assert!(!run(&other, &[], &["merge", "one"]).0);
    let files = overlap(&one, &other).unwrap();
    assert_eq!(files, [OverlapFile { path: "a.txt".to_owned(), conflicts: true }]);
}

/// Numbers that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }
}

fn scramble(numbers: &mut Numbers, text: &str) -> String {
    let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
    for _ in 0..=numbers.below(3) {
        let at = numbers.below(lines.len());
        match numbers.below(4) {
            0 => drop(lines.remove(at)),
            1 => lines.insert(at, format!("new {}", numbers.below(3))),
            2 => lines[at] = format!("changed {}", numbers.below(3)),
            _ => {
                let line = lines[numbers.below(lines.len())].clone();
                lines.insert(at, line);
            }
        }
    }
    lines.join("\n") + "\n"
}

#[test]
fn hundreds_of_files_conflict_where_git_says_so() {
    let repo = Repo::new();
    let mut numbers = Numbers(7);
    let all: Vec<_> = (0..400).map(|it| format!("file {it}")).collect();
    for file in &all {
        repo.write(file, lines("x", 0..12 + numbers.below(20)));
    }
    repo.commit("first");
    let sides = [repo.worktree("one", "trunk"), repo.worktree("other", "trunk")];
    for side in &sides {
        for file in &all {
            let text = fs::read_to_string(side.join(file)).unwrap();
            write(side, file, scramble(&mut numbers, &text));
        }
    }
    let files = overlap(&sides[0], &sides[1]).unwrap();
    let found: BTreeSet<_> =
        files.into_iter().filter(|it| it.conflicts).map(|it| it.path).collect();
    commit(&sides[0], "one");
    commit(&sides[1], "other");
    let args = ["merge-tree", "--write-tree", "--name-only", "--no-messages", "-z", "one", "other"];
    let (_, out) = run(&repo.top(), &[], &args);
    let expected: BTreeSet<_> =
        String::from_utf8(out).unwrap().split_terminator('\0').skip(1).map(str::to_owned).collect();
    assert!(expected.len() > 50, "{}", expected.len());
    assert_eq!(found, expected);
}

#[test]
fn a_hostile_repository_runs_nothing_when_it_is_only_looked_at() {
    let (repo, one, other) = repository();
    let mark = repo.beside("mark");
    let program = repo.beside("program");
    fs::write(&program, format!("#!/bin/sh\necho ran >> '{}'\ncat\n", mark.display())).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    repo.write(".git/info/attributes", "* merge=own filter=own diff=own\n");
    for name in [
        "core.fsmonitor",
        "core.alternateRefsCommand",
        "core.sshCommand",
        "core.pager",
        "diff.external",
        "diff.own.command",
        "diff.own.textconv",
        "filter.own.clean",
        "filter.own.smudge",
        "filter.own.process",
        "merge.own.driver",
    ] {
        repo.git(&["config", name, program.to_str().unwrap()]);
    }
    repo.git(&["config", "filter.own.required", "true"]);
    edit(&one, "a.txt", 3, "x\n");
    edit(&other, "a.txt", 3, "y\n");
    write(&one, "new", "x\n");
    let before = trace(&repo);
    let lines = DiffOptions { paths: None, lines: true };
    for base in [None, Some("trunk")] {
        assert_eq!(diff(&one, Compared::Working { base }, lines).unwrap().len(), 2);
    }
    diff(&one, Compared::Branch { branch: "one", base: "trunk" }, lines).unwrap();
    assert_eq!(overlap(&one, &other).unwrap().len(), 1);
    assert!(!mark.exists());
    assert_eq!(trace(&repo), before, "something was written");
    // The mark works.
    run(&one, &[], &["diff"]);
    assert!(mark.exists());
}
