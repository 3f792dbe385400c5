//! What git says: its raw list, its counts and its patch, read into the shape of `diff`.

use std::{fs, path::Path};
use synk_git::{Compared, DiffHunk, DiffLine, DiffOptions, FileChange, FileDiff, LineChange, diff};

use crate::common::{Repo, git, lines, run};

pub(crate) const WITH_LINES: DiffOptions<'static> = DiffOptions { paths: None, lines: true };
pub(crate) const WORKING: Compared<'static> = Compared::Working { base: None };

/// The files that git says differ. `with` is what comes after `git diff` and its options.
pub(crate) fn by_git(folder: &Path, env: &[(&str, &str)], with: &[&str]) -> Vec<FileDiff> {
    let diff = |options: &[&str]| {
        let mut args =
            vec!["--literal-pathspecs", "diff", "--no-ext-diff", "--ignore-submodules=dirty"];
        args.extend(options);
        run(folder, env, &args)
    };
    let raw = diff(&[&["--raw", "-z", "-M", "--abbrev=40"], with].concat()).1;
    let counts = diff(&[&["--numstat", "-z", "-M"], with].concat()).1;
    let patch = diff(&[&["-M", "-U3"], with].concat()).1;
    let mut patches = hunks(&patch).into_iter();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let mut raw = raw.split(|it| *it == 0);
    let mut counts = counts.split(|it| *it == 0);
    let mut files = Vec::new();
    while let Some(head) = raw.next().filter(|it| !it.is_empty()) {
        let head = text(head);
        let parts: Vec<_> = head.trim_start_matches(':').split(' ').collect();
        let first = text(raw.next().unwrap());
        let count = text(counts.next().unwrap());
        let count: Vec<_> = count.splitn(3, '\t').collect();
        let letter = parts[4].chars().next().unwrap();
        let (path, old_path) = if letter == 'R' {
            counts.next();
            counts.next();
            (text(raw.next().unwrap()), Some(first))
        } else {
            (first, None)
        };
        let binary = count[0] == "-";
        let there = |mode: &str| (mode != "000000").then(|| mode.to_owned());
        files.push(FileDiff {
            change: match letter {
                'A' => FileChange::Added,
                'D' => FileChange::Deleted,
                'M' => FileChange::Modified,
                'R' => FileChange::Renamed,
                'T' => FileChange::TypeChanged,
                _ => panic!("{head}"),
            },
            old_mode: there(parts[0]),
            new_mode: there(parts[1]),
            additions: count[0].parse().unwrap_or(0),
            deletions: count[1].parse().unwrap_or(0),
            binary,
            too_large: false,
            old_bytes: 0,
            new_bytes: 0,
            hunks: {
                // Another kind of thing is, in a patch, one that goes and one that comes.
                let parts = if letter == 'T' { 2 } else { 1 };
                let hunks: Vec<_> = patches.by_ref().take(parts).flatten().collect();
                (!binary).then_some(hunks)
            },
            path,
            old_path,
        });
    }
    files.sort_by(|one, other| one.path.as_bytes().cmp(other.path.as_bytes()));
    files
}

/// The hunks of a patch, of each file of it.
pub(crate) fn hunks(patch: &[u8]) -> Vec<Vec<DiffHunk>> {
    let mut files: Vec<Vec<DiffHunk>> = Vec::new();
    let mut inside = false;
    for line in patch.split_inclusive(|it| *it == b'\n') {
        let line = String::from_utf8_lossy(line.strip_suffix(b"\n").unwrap_or(line)).into_owned();
        if line.starts_with("@@ ") {
            inside = true;
            let parts: Vec<_> = line.splitn(3, "@@").collect();
            let numbers = |range: &str| {
                let (start, count) = range.split_once(',').unwrap_or((range, "1"));
                (start[1..].parse().unwrap(), count.parse().unwrap())
            };
            let (old, new) = parts[1].trim().split_once(' ').unwrap();
            let ((old_start, old_lines), (new_start, new_lines)) = (numbers(old), numbers(new));
            let heading = parts[2].strip_prefix(' ').unwrap_or("").to_owned();
            files.last_mut().unwrap().push(DiffHunk {
                old_start,
                old_lines,
                new_start,
                new_lines,
                heading,
                lines: vec![],
            });
        } else if line.starts_with("diff --git ") {
            inside = false;
            files.push(Vec::new());
        } else if inside && line.starts_with('\\') {
            files.last_mut().unwrap().last_mut().unwrap().lines.last_mut().unwrap().unterminated =
                true;
        } else if inside {
            let change = match line.as_bytes()[0] {
                b' ' => LineChange::Context,
                b'+' => LineChange::Added,
                b'-' => LineChange::Deleted,
                other => panic!("{}", char::from(other)),
            };
            let text = line[1..].to_owned();
            files.last_mut().unwrap().last_mut().unwrap().lines.push(DiffLine {
                change,
                text,
                unterminated: false,
            });
        }
    }
    files
}

/// Bytes are looked at by themselves.
pub(crate) fn without_bytes(mut files: Vec<FileDiff>) -> Vec<FileDiff> {
    for file in &mut files {
        (file.old_bytes, file.new_bytes) = (0, 0);
    }
    files
}

/// The working folder is compared with what git says once all of it is in an index, which is
/// not the repository's.
pub(crate) fn working_is_as_git_says(repo: &Repo, base: Option<&str>) -> Vec<FileDiff> {
    let top = repo.top();
    let index = repo.beside("another-index");
    if fs::copy(top.join(".git/index"), &index).is_ok() {
        // By its time git knows which files may have changed since without a trace.
        let time = fs::metadata(top.join(".git/index")).unwrap().modified().unwrap();
        let copy = fs::File::options().write(true).open(&index).unwrap();
        copy.set_modified(time).unwrap();
    }
    let env = [("GIT_INDEX_FILE", index.to_str().unwrap())];
    assert!(run(&top, &env, &["add", "-A"]).0);
    let against = match base {
        Some(base) => git(&top, &["merge-base", base, "HEAD"]),
        None if run(&top, &[], &["rev-parse", "-q", "--verify", "HEAD"]).0 => "HEAD".to_owned(),
        None => git(&top, &["hash-object", "-t", "tree", "/dev/null"]),
    };
    let expected = by_git(&top, &env, &["--cached", &against]);
    let found = diff(&top, Compared::Working { base }, WITH_LINES).unwrap();
    assert_eq!(without_bytes(found.clone()), expected);
    let without = DiffOptions { lines: false, ..WITH_LINES };
    let counted = diff(&top, Compared::Working { base }, without).unwrap();
    let no_lines = |mut file: FileDiff| {
        file.hunks = None;
        file
    };
    assert_eq!(counted, found.iter().cloned().map(no_lines).collect::<Vec<_>>());
    found
}

/// Both: what is in no commit, and then, committed, what the branch changes.
pub(crate) fn is_as_git_says(change: impl Fn(&Repo)) -> Vec<FileDiff> {
    let repo = Repo::new();
    repo.write("a.txt", lines("a", 1..40))
        .write("b.txt", lines("b", 1..60))
        .write("empty", "")
        .write("run.sh", "#!/bin/sh\nexit 0\n")
        .write("data.bin", [&b"\0\x01\x02\xff"[..], &[7; 500]].concat())
        .write("unterminated", "one\ntwo")
        .write("crlf", "one\r\ntwo\r\nthree\r\n")
        .write(
            "folder/deep/c.rs",
            "fn first() {\n    one();\n    two();\n    three();\n    four();\n    five();\n}\n",
        )
        .write("with space \"and\" quotes", "x\n")
        .write("ünï/cödé", "ü\n")
        .write("line\nfeed", "x\n")
        .link("link", "a.txt");
    repo.commit("first");
    repo.git(&["checkout", "-q", "-b", "work"]);
    change(&repo);
    let found = working_is_as_git_says(&repo, None);
    working_is_as_git_says(&repo, Some("trunk"));
    repo.commit("work");
    let expected = by_git(&repo.top(), &[], &["trunk...work"]);
    let branch = Compared::Branch { branch: "work", base: "trunk" };
    assert_eq!(without_bytes(diff(&repo.top(), branch, WITH_LINES).unwrap()), expected);
    assert!(diff(&repo.top(), WORKING, WITH_LINES).unwrap().is_empty(), "all is committed");
    found
}

pub(crate) fn one(files: &[FileDiff]) -> &FileDiff {
    assert_eq!(files.len(), 1, "{files:?}");
    &files[0]
}
