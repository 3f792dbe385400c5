//! What can have become of a file: its lines, name, mode and kind.

use std::fs;
use synk_git::{Compared, FileChange, diff};

use crate::{
    common::{Repo, git, lines},
    git_says::{
        WITH_LINES, WORKING, by_git, is_as_git_says, one, without_bytes, working_is_as_git_says,
    },
};

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
    crate::common::commit(&inner, "one");
    repo.write("a", "a\n");
    repo.commit("first");
    repo.git(&["checkout", "-q", "-b", "work"]);
    assert!(working_is_as_git_says(&repo, None).is_empty());
    crate::common::write(&inner, "x", "2\n");
    assert!(working_is_as_git_says(&repo, None).is_empty(), "what is inside is its own affair");
    crate::common::commit(&inner, "two");
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
