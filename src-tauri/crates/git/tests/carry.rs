//! Which ignored files come along into a worktree.
#![allow(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

mod common;

use common::{Repo, add_worktree, files, program, write};
use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
};
use synk_git::{Carried, Trust, remove_worktree, restore, throw_away};

#[test]
fn what_a_project_needs_comes_along_and_nothing_else() {
    let repo = Repo::begun();
    repo.write(".gitignore", ".env*\nnode_modules/\nconfig/local/\n*.key\nlink\nloop/\n");
    repo.write(".worktreeinclude", "# what tests need\n/config/local/*.json\ncerts/*.key\n");
    repo.commit("ignore");
    repo.write(".env", "A=1");
    repo.write("packages/web/.env.local", "B=1");
    repo.write("node_modules/.env", "not this one");
    repo.write("config/local/db.json", "{}");
    repo.write("config/local/cache.bin", "0");
    repo.write("certs/dev.key", "k");
    repo.write("other.key", "k");
    symlink("/etc/passwd", repo.top.join(".env.link")).unwrap();
    let path = repo.beside("worktrees/x");
    add_worktree(&program(), Trust::UserOnly, &repo.top, &path, "x", None).unwrap();
    let (carried, problems) = Carried::new(&repo.top, &[".env*".to_owned(), "[z-a]".to_owned()]);
    assert_eq!(problems.len(), 1, "{problems:?}");
    assert_eq!(carried.copy(&repo.top, &path).unwrap(), Vec::<String>::new());
    let names: Vec<_> = files(&path)
        .into_keys()
        .filter(|name| !repo.git(&["ls-files"]).contains(name.to_str().unwrap()))
        .collect();
    let expected =
        [".env", ".env.link", "certs/dev.key", "config/local/db.json", "packages/web/.env.local"];
    assert_eq!(names, expected.map(PathBuf::from));
    assert_eq!(fs::read_link(path.join(".env.link")).unwrap(), PathBuf::from("/etc/passwd"));
}

#[test]
fn nothing_is_written_through_a_link_or_over_a_file() {
    let repo = Repo::begun();
    let outside = repo.beside("outside");
    fs::create_dir_all(&outside).unwrap();
    repo.write(".gitignore", ".env\n");
    repo.commit("ignore");
    // The branch has a link where the checkout has a folder.
    repo.git(&["checkout", "--quiet", "-b", "evil"]);
    symlink(&outside, repo.top.join("app")).unwrap();
    repo.write("taken", "0");
    repo.commit("a link");
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("app/.env", "SECRET=1");
    repo.write("taken/.env", "SECRET=1");
    let path = repo.beside("worktrees/x");
    add_worktree(&program(), Trust::UserOnly, &repo.top, &path, "evil", None).unwrap();
    let (carried, _) = Carried::new(&repo.top, &[".env".to_owned()]);
    let problems = carried.copy(&repo.top, &path).unwrap();
    assert_eq!(problems.len(), 2, "{problems:?}");
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
    assert_eq!(fs::read_to_string(path.join("taken")).unwrap(), "0");
}

#[test]
fn what_came_along_comes_back_as_it_was_last() {
    let repo = Repo::begun();
    repo.write(".gitignore", ".env*\nconfig/local/\nbuild/\nempty/\n");
    repo.write(".worktreeinclude", "/config/local/*.json\n");
    repo.commit("ignore");
    repo.write("config/local/db.json", "{}");
    let path = repo.beside("worktrees/x");
    add_worktree(&program(), Trust::UserOnly, &repo.top, &path, "x", None).unwrap();
    let (carried, _) = Carried::new(&repo.top, &[".env*".to_owned()]);
    carried.copy(&repo.top, &path).unwrap();
    write(&path, "config/local/db.json", "{\"edited\": true}");
    write(&path, "build/of/one/.env", "A=1");
    write(&path, "build/of/one/out", "made");
    fs::create_dir(path.join("empty")).unwrap();
    let keep = |path: &Path, is_folder: bool| carried.has(path, is_folder);
    let (kept, left_out) = throw_away(&path, 1, &keep).unwrap();
    // Of the other nothing is lost.
    assert_eq!(left_out, [PathBuf::from("build/")]);
    remove_worktree(&repo.top, &path).unwrap();
    let path = restore(&program(), Trust::UserOnly, &repo.top, &kept.id, 2).unwrap().path;
    let back = |name: &str| fs::read_to_string(path.join(name)).unwrap();
    assert_eq!(back("config/local/db.json"), "{\"edited\": true}");
    assert_eq!(back("build/of/one/.env"), "A=1");
    assert!(!path.join("build/of/one/out").exists());
}
