//! Repositories that nobody would make by hand.

use std::fs;
use synk_git::{Compared, diff};

use crate::{
    common::{Repo, lines},
    git_says::{WITH_LINES, WORKING, working_is_as_git_says},
};

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
