//! What `diff` says is what git says: a table of repositories, each compared with the output of
//! the user's git.
#![expect(clippy::unwrap_used, clippy::panic, reason = "in a test a panic is how it fails")]

mod common;

use common::{Repo, git, lines, run};
use std::{fs, path::Path};
use synk_git::{
    Compared, DiffHunk, DiffLine, DiffOptions, FileChange, FileDiff, GitError, LineChange, diff,
};

const WITH_LINES: DiffOptions<'static> = DiffOptions { paths: None, lines: true };
const WORKING: Compared<'static> = Compared::Working { base: None };

/// The files that git says differ. `with` is what comes after `git diff` and its options.
fn by_git(folder: &Path, env: &[(&str, &str)], with: &[&str]) -> Vec<FileDiff> {
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
fn hunks(patch: &[u8]) -> Vec<Vec<DiffHunk>> {
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
fn without_bytes(mut files: Vec<FileDiff>) -> Vec<FileDiff> {
    for file in &mut files {
        (file.old_bytes, file.new_bytes) = (0, 0);
    }
    files
}

/// The working folder is compared with what git says once all of it is in an index, which is
/// not the repository's.
fn working_is_as_git_says(repo: &Repo, base: Option<&str>) -> Vec<FileDiff> {
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
fn is_as_git_says(change: impl Fn(&Repo)) -> Vec<FileDiff> {
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

fn one(files: &[FileDiff]) -> &FileDiff {
    assert_eq!(files.len(), 1, "{files:?}");
    &files[0]
}

#[test]
fn nothing() {
    assert!(is_as_git_says(|_| {}).is_empty());
}

#[test]
fn changed_lines() {
    let files = is_as_git_says(|repo| {
        let text = lines("a", 1..40).replace("a line 5\n", "five\n").replace("a line 30\n", "");
        repo.write("a.txt", text);
    });
    let file = one(&files);
    assert_eq!((file.additions, file.deletions), (1, 2));
    assert_eq!(file.hunks.as_ref().unwrap().len(), 2);
    assert_eq!(file.old_bytes, lines("a", 1..40).len() as u64);
}

#[test]
fn headings() {
    let files = is_as_git_says(|repo| {
        repo.write(".gitattributes", "*.rs diff=rust\n");
        repo.write(
            "folder/deep/c.rs",
            "fn first() {\n    one();\n    two();\n    three();\n    four();\n    six();\n}\n",
        );
    });
    assert_eq!(files[1].hunks.as_ref().unwrap()[0].heading, "fn first() {");
}

#[test]
fn a_pattern_of_the_repository_takes_no_time() {
    let repo = Repo::new();
    // Each of these hundred lines would take the better part of a second.
    let hard = (0..100).map(|_| "a".repeat(60) + "b\n").collect::<String>();
    repo.write(".gitattributes", "hard diff=own\n").write("hard", &hard).commit("first");
    repo.git(&["config", "diff.own.xfuncname", "^(a+)+$"]);
    repo.write("hard", hard + "end\n");
    let began = std::time::Instant::now();
    let files = diff(&repo.top(), WORKING, WITH_LINES).unwrap();
    assert_eq!(one(&files).additions, 1);
    assert!(began.elapsed() < std::time::Duration::from_secs(20), "{:?}", began.elapsed());
}

#[test]
fn renamed() {
    let files = is_as_git_says(|repo| {
        repo.rename("a.txt", "other/a2.txt").rename("data.bin", "moved.bin");
        repo.rename("empty", "still-empty").rename("link", "link2");
    });
    assert!(files.iter().all(|file| file.change == FileChange::Renamed), "{files:?}");
    assert_eq!(files.len(), 4);
}

#[test]
fn renamed_and_edited() {
    let files = is_as_git_says(|repo| {
        repo.rename("a.txt", "a2.txt").write("a2.txt", lines("a", 5..42));
        repo.rename("b.txt", "below/b.txt").write("below/b.txt", lines("b", 1..50));
        repo.chmod("below/b.txt", 0o755);
    });
    assert!(files.iter().all(|file| file.change == FileChange::Renamed), "{files:?}");
}

#[test]
fn what_is_alike_is_what_git_finds_alike() {
    // Around the threshold, and several that could be the one.
    for keep in 10..30 {
        is_as_git_says(|repo| {
            repo.rename("a.txt", "a2.txt");
            repo.write("a2.txt", lines("a", 1..keep) + &lines("new", keep..40));
            repo.rename("b.txt", "b2.txt");
            repo.write("b2.txt", lines("b", 1..50)).write("b3.txt", lines("b", 1..keep + 25));
            repo.write("dir/b.txt", lines("b", 20..60 - keep / 2))
                .write("copy.sh", "#!/bin/sh\nexit 0\n");
            repo.write("win", lines("b", 1..60).replace('\n', "\r\n"));
        });
    }
}

#[test]
fn deleted_and_emptied() {
    is_as_git_says(|repo| {
        repo.remove("a.txt").remove("empty").remove("link").remove("data.bin");
        repo.write("b.txt", "").write("new-empty", "");
        repo.remove("ünï/cödé").remove("line\nfeed");
    });
}

#[test]
fn modes() {
    let files = is_as_git_says(|repo| {
        repo.chmod("run.sh", 0o755);
    });
    let file = one(&files);
    assert_eq!(
        (file.old_mode.as_deref(), file.new_mode.as_deref()),
        (Some("100644"), Some("100755"))
    );
    assert_eq!(file.hunks.as_deref(), Some(&[][..]));
    is_as_git_says(|repo| {
        repo.chmod("run.sh", 0o755).write("run.sh", "#!/bin/sh\nexit 1\n");
    });
}

#[test]
fn a_file_system_without_modes() {
    is_as_git_says(|repo| {
        repo.git(&["config", "core.filemode", "false"]);
        repo.chmod("run.sh", 0o755).chmod("a.txt", 0o755).write("a.txt", "x\n");
        repo.write("new", "x\n").chmod("new", 0o755);
    });
}

#[test]
fn binary() {
    let files = is_as_git_says(|repo| {
        repo.write("data.bin", [&b"\0\x01\x02\xfe"[..], &[7; 500]].concat());
        repo.write("new.bin", b"\0").write("a.txt", b"text\0no more");
        repo.write("late", [&[b'a'; 8000][..], b"\0"].concat());
        repo.write(".gitattributes", "*.sh binary\ncrlf -diff\nasked diff\n");
        repo.write("run.sh", "changed\n").write("crlf", "x").write("asked", b"\0\n");
    });
    assert!(files.iter().filter(|file| file.binary).all(|file| file.hunks.is_none()));
    assert_eq!(files.iter().filter(|file| file.binary).count(), 5);
    is_as_git_says(|repo| {
        let bytes: Vec<u8> = (0..40_000_u32).map(|it| (it * it % 251) as u8).collect();
        repo.write("x.bin", &bytes);
        repo.commit("x");
        repo.remove("x.bin").write("y.bin", &bytes[..30_000]);
    });
}

#[test]
fn links_and_kinds() {
    is_as_git_says(|repo| {
        repo.link("link", "b.txt").link("outside", "/etc/passwd").link("folder-link", "folder");
    });
    is_as_git_says(|repo| {
        repo.link("a.txt", "b.txt").remove("link").write("link", "a file\nnow\n");
    });
    is_as_git_says(|repo| {
        fs::remove_dir_all(repo.top().join("folder")).unwrap();
        repo.write("folder", "a file\n").remove("b.txt").write("b.txt/inside", "x\n");
    });
    is_as_git_says(|repo| {
        fs::remove_dir_all(repo.top().join("folder")).unwrap();
        repo.link("folder", "/etc").remove("link").write("link/x", "x");
    });
}

#[test]
fn ends_of_lines() {
    is_as_git_says(|repo| {
        repo.write("unterminated", "one\ntwo\n").write("run.sh", "#!/bin/sh\nexit 0");
        repo.write("a.txt", "")
            .write("new", "no line feed")
            .write("b.txt", lines("b", 1..59) + "b line 59");
    });
    is_as_git_says(|repo| {
        repo.write("unterminated", "one\nthree").write("crlf", "one\ntwo\r\nthree\r\n");
        repo.write("lone", "one\rtwo\rthree\n");
    });
}

#[test]
fn line_ends_that_git_changes() {
    for (setting, attributes) in [
        ("true", ""),
        ("input", ""),
        ("false", "*.txt text\n"),
        ("true", "*.txt -text\n"),
        ("false", "* text=auto\n*.txt eol=crlf\n"),
    ] {
        is_as_git_says(|repo| {
            repo.write(".gitattributes", attributes);
            repo.git(&["config", "core.autocrlf", setting]);
            repo.write(
                "a.txt",
                lines("a", 1..40).replace('\n', "\r\n").replace("line 7\r", "seven\r"),
            );
            repo.write("new.txt", "one\r\ntwo\r\n").write("crlf", "one\r\ntwo\r\n3\r\n");
            repo.write("b.txt", lines("b", 1..60).replace('\n', "\r\n"));
        });
    }
}

#[test]
fn odd_names() {
    is_as_git_says(|repo| {
        repo.write("with space \"and\" quotes", "y\n").write("ünï/cödé", "ö\n");
        repo.write("line\nfeed", "y\n").write("tab\there", "x\n").write("-dash", "x\n");
        repo.write("*", "star\n")
            .write("[a]", "x\n")
            .write("back\\slash", "x\n")
            .write(":colon", "x\n");
    });
}

#[test]
fn bytes_that_are_no_text() {
    use std::os::unix::ffi::OsStrExt as _;
    let repo = Repo::new();
    repo.write("a", "x\n");
    repo.commit("first");
    let name = std::ffi::OsStr::from_bytes(b"\xff\xfe");
    fs::write(repo.top().join(name), b"\xfc\n").unwrap();
    let files = diff(&repo.top(), WORKING, WITH_LINES).unwrap();
    assert_eq!(one(&files).path, "\u{fffd}\u{fffd}");
    assert_eq!(one(&files).hunks.as_ref().unwrap()[0].lines[0].text, "\u{fffd}");
}

#[test]
fn submodules() {
    let repo = Repo::new();
    repo.write("inner/x", "1\n");
    let inner = repo.top().join("inner");
    git(&inner, &["init", "-q", "-b", "trunk"]);
    common::commit(&inner, "one");
    repo.write("a", "a\n");
    repo.commit("first");
    repo.git(&["checkout", "-q", "-b", "work"]);
    assert!(working_is_as_git_says(&repo, None).is_empty());
    common::write(&inner, "x", "2\n");
    assert!(working_is_as_git_says(&repo, None).is_empty(), "what is inside is its own affair");
    common::commit(&inner, "two");
    let files = working_is_as_git_says(&repo, None);
    assert_eq!(one(&files).new_mode.as_deref(), Some("160000"));
    repo.commit("work");
    let expected = by_git(&repo.top(), &[], &["trunk...work"]);
    let branch = Compared::Branch { branch: "work", base: "trunk" };
    assert_eq!(without_bytes(diff(&repo.top(), branch, WITH_LINES).unwrap()), expected);
    // Gone, and something else in its place.
    fs::rename(&inner, repo.beside("inner")).unwrap();
    assert_eq!(one(&working_is_as_git_says(&repo, None)).change, FileChange::Deleted);
    fs::create_dir(&inner).unwrap();
    assert!(diff(&repo.top(), WORKING, WITH_LINES).unwrap().is_empty(), "not fetched");
    fs::remove_dir(&inner).unwrap();
    repo.link("inner", "../inner");
    assert_eq!(one(&working_is_as_git_says(&repo, None)).change, FileChange::TypeChanged);
    repo.remove("inner").write("inner", "file\n");
    assert_eq!(one(&working_is_as_git_says(&repo, None)).change, FileChange::TypeChanged);
}

#[test]
fn a_repository_that_git_does_not_know_is_not_looked_into() {
    let repo = Repo::new();
    repo.write("a", "a\n");
    repo.commit("first");
    repo.git(&["worktree", "add", "-q", ".synk/other"]);
    repo.write(".synk/x", "x\n");
    let files = diff(&repo.top(), WORKING, WITH_LINES).unwrap();
    assert_eq!(one(&files).path, ".synk/x");
}

#[test]
fn staged_and_not() {
    let files = is_as_git_says(|repo| {
        repo.write("a.txt", lines("a", 2..40)).git(&["add", "a.txt"]);
        repo.write("a.txt", lines("a", 2..39));
        repo.write("b.txt", "other\n").git(&["add", "b.txt"]);
        repo.write("b.txt", lines("b", 1..60));
        repo.write("staged", "x\n").git(&["add", "staged"]);
        repo.write("gone", "x\n").git(&["add", "gone"]);
        repo.remove("gone");
        repo.git(&["rm", "-q", "--cached", "run.sh"]);
        repo.git(&["rm", "-q", "unterminated"]);
        repo.write("meant", "later\n").git(&["add", "-N", "meant"]);
        repo.write(".gitignore", "ignored\nforced\n").write("ignored", "x").write("forced", "x\n");
        repo.git(&["add", "-f", "forced"]);
        repo.write("unknown/deep", "x\n");
    });
    let paths: Vec<_> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(
        paths,
        [".gitignore", "a.txt", "forced", "meant", "staged", "unknown/deep", "unterminated"]
    );
}

#[test]
fn before_the_first_commit() {
    let repo = Repo::new();
    assert!(diff(&repo.top(), WORKING, WITH_LINES).unwrap().is_empty());
    repo.write("a", "a\n").git(&["add", "a"]);
    repo.write("b", "b\n").write("a", "a2\n");
    assert_eq!(working_is_as_git_says(&repo, None).len(), 2);
}

#[test]
fn from_where_the_two_parted() {
    let repo = Repo::new();
    repo.write("a", lines("a", 1..9)).commit("first");
    repo.git(&["checkout", "-q", "-b", "work"]);
    repo.write("b", "b\n").commit("work");
    repo.git(&["checkout", "-q", "trunk"]);
    repo.write("c", "c\n").commit("trunk");
    let expected = by_git(&repo.top(), &[], &["trunk...work"]);
    let found = diff(&repo.top(), Compared::Branch { branch: "work", base: "trunk" }, WITH_LINES);
    assert_eq!(without_bytes(found.unwrap()), expected);
    repo.git(&["checkout", "-q", "work"]);
    repo.write("d", "d\n");
    assert_eq!(working_is_as_git_says(&repo, Some("trunk")).len(), 2);
}

#[test]
fn a_conflict_in_progress() {
    let repo = Repo::new();
    repo.write("a", lines("a", 1..9)).write("gone", "x\n").write("other", "x\n").commit("first");
    repo.git(&["checkout", "-q", "-b", "work"]);
    repo.write("a", lines("work", 1..9)).write("gone", "y\n").commit("work");
    repo.git(&["checkout", "-q", "trunk"]);
    repo.write("a", lines("trunk", 1..9)).remove("gone").write("other", "y\n").commit("trunk");
    repo.git(&["checkout", "-q", "work"]);
    assert!(!run(&repo.top(), &[], &["merge", "trunk"]).0);
    let files = diff(&repo.top(), WORKING, WITH_LINES).unwrap();
    let what: Vec<_> = files.iter().map(|file| (file.path.as_str(), file.change)).collect();
    assert_eq!(
        what,
        [
            ("a", FileChange::Conflicted),
            ("gone", FileChange::Conflicted),
            ("other", FileChange::Modified)
        ]
    );
    let text: Vec<_> =
        files[0].hunks.as_ref().unwrap()[0].lines.iter().map(|line| line.text.as_str()).collect();
    assert!(text.contains(&"<<<<<<< HEAD"), "{text:?}");
}

#[test]
fn large_files_have_no_lines() {
    let repo = Repo::new();
    repo.write("large", vec![b'\n'; 3 << 20]).write("move", vec![b'm'; 3 << 20]).commit("first");
    repo.write("large", vec![b'\n'; (3 << 20) + 1]).write("new", vec![b'x'; (2 << 20) + 1]);
    repo.rename("move", "moved").write("fits", vec![b'x'; 2 << 20]);
    repo.write("many", "x\n".repeat(20_000));
    let short = repo.top().join("short");
    fs::write(&short, "x\n".repeat(250_000)).unwrap();
    repo.git(&["add", "short"]);
    repo.git(&["commit", "-q", "-m", "short"]);
    fs::write(&short, "y\nz\n".repeat(150_000)).unwrap();
    let files = diff(&repo.top(), WORKING, WITH_LINES).unwrap();
    let what: Vec<_> = files
        .iter()
        .map(|it| (it.path.as_str(), it.change, it.too_large, it.hunks.is_some()))
        .collect();
    assert_eq!(
        what,
        [
            ("fits", FileChange::Added, false, true),
            ("large", FileChange::Modified, true, false),
            ("many", FileChange::Added, true, false),
            ("moved", FileChange::Renamed, true, false),
            ("new", FileChange::Added, true, false),
            ("short", FileChange::Modified, true, false),
        ]
    );
    assert_eq!(files[1].new_bytes, (3 << 20) + 1);
    assert_eq!(files[2].additions, 20_000, "counted all the same");
    repo.commit("work");
    let branch = Compared::Branch { branch: "HEAD", base: "HEAD~1" };
    assert_eq!(diff(&repo.top(), branch, WITH_LINES).unwrap(), files, "committed it is the same");
}

#[test]
fn only_some_paths() {
    let repo = Repo::new();
    repo.write("a", lines("a", 1..20)).commit("first");
    repo.rename("a", "dir/a").write("*", "x").write("dirt", "x").write("dir/b", "x");
    let paths = |paths: &[&str]| {
        let wanted: Vec<_> = paths.iter().map(|&it| it.to_owned()).collect();
        let options = DiffOptions { paths: Some(&wanted), lines: false };
        let files = diff(&repo.top(), WORKING, options).unwrap();
        assert!(files.iter().all(|file| file.hunks.is_none()));
        files.into_iter().map(|file| (file.path, file.old_path)).collect::<Vec<_>>()
    };
    assert_eq!(paths(&["dir/a"]), [("dir/a".to_owned(), Some("a".to_owned()))]);
    assert_eq!(paths(&["*"]), [("*".to_owned(), None)]);
    assert_eq!(paths(&["dir"]).len(), 2);
    assert!(paths(&["../x", "/etc/passwd", "di", ""]).is_empty());
}

#[test]
fn names_that_are_none() {
    let repo = Repo::new();
    repo.write("a", "a\n").commit("first");
    let compared = |branch, base| diff(&repo.top(), Compared::Branch { branch, base }, WITH_LINES);
    for odd in ["--output=/tmp/x", "-p", "", ":/first", "trunk..trunk", "a b", "^trunk", "a\nb"] {
        assert!(matches!(compared(odd, "trunk"), Err(GitError::BadBranch(_))), "{odd}");
        assert!(matches!(compared("trunk", odd), Err(GitError::BadBranch(_))), "{odd}");
    }
    assert!(matches!(compared("none", "trunk"), Err(GitError::NoBranch(_))));
    let outside = diff(&repo.beside(""), WORKING, WITH_LINES);
    assert!(matches!(outside, Err(GitError::NotARepository(_))));
    repo.git(&["checkout", "-q", "--orphan", "alone"]);
    repo.commit("alone");
    assert!(matches!(compared("alone", "trunk"), Err(GitError::Refused(_))));
    repo.git(&["config", "core.worktree", "/etc"]);
    assert!(matches!(diff(&repo.top(), WORKING, WITH_LINES), Err(GitError::Refused(_))));
}

#[test]
fn what_is_no_file_is_not_there() {
    let repo = Repo::new();
    repo.write("a", "a\n").write("b", "b\n").commit("first");
    repo.remove("a");
    for pipe in ["a", "pipe"] {
        let made = std::process::Command::new("mkfifo").arg(repo.top().join(pipe)).status();
        assert!(made.unwrap().success());
    }
    let _socket = std::os::unix::net::UnixListener::bind(repo.top().join("socket")).unwrap();
    let files = diff(&repo.top(), WORKING, WITH_LINES).unwrap();
    assert_eq!((one(&files).path.as_str(), one(&files).change), ("a", FileChange::Deleted));
}

#[test]
fn files_that_are_left_out_on_purpose_are_not_gone() {
    let repo = Repo::new();
    repo.write("in/a", "a\n").write("out/b", "b\n").write("assumed", "x\n").commit("first");
    repo.git(&["sparse-checkout", "set", "--no-sparse-index", "in"]);
    assert!(!repo.top().join("out").exists());
    assert!(diff(&repo.top(), WORKING, WITH_LINES).unwrap().is_empty());
    repo.git(&["update-index", "--assume-unchanged", "assumed"]);
    repo.write("assumed", "y\n").write("in/a", "c\n");
    assert_eq!(one(&diff(&repo.top(), WORKING, WITH_LINES).unwrap()).path, "in/a");
}

#[test]
fn a_worktree_of_a_bare_repository() {
    let repo = Repo::new();
    repo.write("a", "a\n").commit("first");
    let bare = repo.beside("bare");
    let top = repo.top();
    git(
        &repo.beside(""),
        &["clone", "-q", "--bare", top.to_str().unwrap(), bare.to_str().unwrap()],
    );
    assert!(matches!(diff(&bare, WORKING, WITH_LINES), Err(GitError::NotARepository(_))));
    let folder = repo.beside("of-bare");
    git(&bare, &["worktree", "add", "-q", "-b", "work", folder.to_str().unwrap()]);
    common::write(&folder, "below/x", "x\n");
    let files = diff(&folder.join("below"), Compared::Working { base: Some("trunk") }, WITH_LINES);
    assert_eq!(one(&files.unwrap()).path, "below/x");
    common::commit(&folder, "work");
    let files = diff(&bare, Compared::Branch { branch: "work", base: "trunk" }, WITH_LINES);
    assert_eq!(files.unwrap().len(), 1);
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

#[test]
fn many_changes_at_once() {
    for seed in 0..12 {
        let mut numbers = Numbers(seed);
        let repo = Repo::new();
        let names = |numbers: &mut Numbers| format!("d{}/n{}", numbers.below(4), numbers.below(25));
        let text = |numbers: &mut Numbers| {
            let (of, from) = (numbers.below(3), numbers.below(20));
            let mut text = lines(&format!("t{of}"), from..from + 3 + numbers.below(30));
            if numbers.below(6) == 0 {
                text = text.replace('\n', "\r\n");
            }
            if numbers.below(9) == 0 {
                text.push('\0');
            }
            text
        };
        for _ in 0..40 {
            repo.write(&names(&mut numbers), text(&mut numbers));
        }
        repo.commit("first");
        repo.git(&["checkout", "-q", "-b", "work"]);
        for _ in 0..60 {
            let (name, other) = (names(&mut numbers), names(&mut numbers));
            let there = repo.top().join(&name).exists();
            match numbers.below(6) {
                0 if there => drop(repo.remove(&name)),
                1 | 2 if there => drop(repo.rename(&name, &other)),
                3 if there => {
                    let content = fs::read(repo.top().join(&name)).unwrap();
                    let part = content.len() * (40 + numbers.below(60)) / 100;
                    repo.remove(&name).write(&other, &content[..part]);
                }
                4 => drop(repo.write(&name, text(&mut numbers))),
                5 => repo.git(&["add", "-A"]).clear(),
                _ => {}
            }
        }
        working_is_as_git_says(&repo, Some("trunk"));
    }
}

/// A tree as no git of today would write it.
fn tree(repo: &Repo, entries: &[(&str, &str, &str)]) -> String {
    use std::{io::Write as _, process::Stdio};
    let mut bytes = Vec::new();
    for (mode, name, id) in entries {
        bytes.extend(format!("{mode} {name}\0").bytes());
        let digit = |at| u8::from_str_radix(&id[at..at + 2], 16).unwrap();
        bytes.extend((0..40).step_by(2).map(digit));
    }
    let mut child = std::process::Command::new("git")
        .args(["hash-object", "-t", "tree", "-w", "--literally", "--stdin"])
        .current_dir(repo.top())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&bytes).unwrap();
    let out = child.wait_with_output().unwrap().stdout;
    String::from_utf8(out).unwrap().trim().to_owned()
}

#[test]
fn odd_modes_are_no_panic() {
    let repo = Repo::new();
    repo.write("a", "a\n").write("b", "b\n").commit("first");
    let (a, b) = (repo.git(&["rev-parse", "HEAD:a"]), repo.git(&["rev-parse", "HEAD:b"]));
    for mode in
        ["100664", "100640", "100777", "100000", "140000", "160777", "0", "1", "120777", "777777"]
    {
        let odd = tree(&repo, &[(mode, "a", &b), ("100644", "b", &a), (mode, "c", &a)]);
        let commit = repo.git(&["commit-tree", "-p", "HEAD", "-m", "odd", &odd]);
        for (branch, base) in [(commit.as_str(), "HEAD"), ("HEAD", commit.as_str())] {
            diff(&repo.top(), Compared::Branch { branch, base }, WITH_LINES).ok();
        }
        repo.git(&["update-ref", "refs/heads/trunk", &commit]);
        diff(&repo.top(), WORKING, WITH_LINES).ok();
        synk_git::overlap(&repo.top(), &repo.top()).ok();
        repo.git(&["update-ref", "refs/heads/trunk", "trunk~1"]);
    }
}
