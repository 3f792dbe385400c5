//! Changes that are discarded come back, and nothing goes with them.

use std::{
    fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};
use synk_git::{GitError, Trust, discard, forget, restore, throw_away, trashed};

use crate::{
    back,
    common::{Repo, files, git, program, write},
    worktree,
};

#[test]
fn what_is_ignored_is_not_deleted_to_make_room_for_what_was_discarded() {
    let repo = Repo::begun();
    repo.write("objects", "1\n").write("made", "1\n").write("folder/file", "1\n").commit("more");
    repo.write(".gitignore", "*.o\nmade/\n/folder\n").commit("ignore");
    let discarded = |path: &Path, only: Option<&str>| {
        let only = only.map(|only| vec![only.to_owned()]);
        discard(&program(), Trust::UserOnly, path, 1, only.as_deref())
    };
    for (name, ignored) in
        [("objects", "objects/a.o"), ("made", "made/work/file"), ("folder", "folder")]
    {
        let path = worktree(&repo, name);
        if name == "folder" {
            fs::remove_dir_all(path.join(name)).unwrap();
        } else {
            fs::remove_file(path.join(name)).unwrap();
        }
        write(&path, ignored, "in no trash");
        if name == "made" {
            git(&path, &["init", "--quiet", "made"]);
        }
        write(&path, "README", "edited\n");
        for only in [None, Some(name)] {
            let error = discarded(&path, only).unwrap_err();
            let named = format!("{}", path.join(name).display());
            let is_named =
                |why: &str| why.starts_with(&named) && why.contains("move it away first");
            assert!(matches!(&error, GitError::Refused(why) if is_named(why)), "{error}");
        }
        assert_eq!(fs::read_to_string(path.join(ignored)).unwrap(), "in no trash");
        assert_eq!(trashed(&repo.top).unwrap(), []);
        if name == "made" {
            let error = throw_away(&path, 1, &|_, _| false).unwrap_err();
            assert!(error.to_string().contains("is a repository"), "{error}");
        }
        // What is elsewhere is not in its way.
        let id = discarded(&path, Some("README")).unwrap().id;
        assert!(forget(&repo.top, &id).unwrap());
    }
}

#[test]
fn what_a_sparse_checkout_leaves_out_is_no_change() {
    let repo = Repo::begun();
    repo.write("in/a", "1\n").write("out/b", "1\n").write("out/c", "1\n").commit("more");
    let path = worktree(&repo, "sparse");
    git(&path, &["sparse-checkout", "set", "in"]);
    assert!(!path.join("out").exists());
    let discarded = |name: Option<&str>| {
        let names = name.map(|name| vec![name.to_owned()]);
        discard(&program(), Trust::UserOnly, &path, 1, names.as_deref())
    };
    assert!(matches!(discarded(None), Err(GitError::Refused(_))));
    // A file that is there nevertheless is one.
    write(&path, "out/b", "there\n");
    let (kept, _) = throw_away(&path, 1, &|_, _| false).unwrap();
    assert_eq!(kept.files, 1);
    let names = repo.git(&["ls-tree", "-r", "--name-only", &kept.commit]);
    assert_eq!(names, "README\nin/a\nout/b\nout/c");
    assert_eq!(repo.git(&["show", &format!("{}:out/b", kept.commit)]), "there");
    discarded(Some("out/b")).unwrap();
    assert_eq!(fs::read_to_string(path.join("out/b")).unwrap(), "1\n");
    // So is one that git was told not to look at.
    git(&path, &["sparse-checkout", "disable"]);
    git(&path, &["update-index", "--skip-worktree", "README"]);
    write(&path, "README", "edited\n");
    discarded(Some("README")).unwrap();
    assert_eq!(fs::read_to_string(path.join("README")).unwrap(), "first\n");
}

#[test]
fn what_is_staged_while_changes_are_discarded_stays_staged() {
    let repo = Repo::begun();
    let path = worktree(&repo, "meanwhile");
    // It takes a while to be kept.
    fs::File::create(path.join("large")).unwrap().set_len(64 << 20).unwrap();
    write(&path, "other", "1\n");
    let objects = repo.top.join(".git/objects");
    let is_being_kept =
        || fs::read_dir(&objects).unwrap().flatten().any(|entry| entry.path().is_file());
    thread::scope(|scope| {
        scope.spawn(|| {
            let begin = Instant::now();
            while !is_being_kept() {
                assert!(begin.elapsed() < Duration::from_mins(1), "it is kept otherwise now");
                thread::yield_now();
            }
            git(&path, &["add", "other"]);
        });
        let large = ["large".to_owned()];
        discard(&program(), Trust::UserOnly, &path, 1, Some(&large)).unwrap();
    });
    assert_eq!(git(&path, &["status", "--porcelain"]), "A  other");
}

#[test]
fn a_discard_that_fails_half_way_says_how_to_have_it_back() {
    let repo = Repo::begun();
    repo.write(".gitattributes", "README filter=broken\n").commit("more");
    repo.git(&["config", "filter.broken.smudge", "false"]);
    repo.git(&["config", "filter.broken.required", "true"]);
    repo.write("README", "edited\n").write("new", "1\n");
    let before = files(&repo.top);
    let error = discard(&program(), Trust::Repository, &repo.top, 1, None).unwrap_err();
    assert!(!repo.top.join("new").exists());
    let id = trashed(&repo.top).unwrap()[0].id.clone();
    let how = format!("synk trash restore {id}");
    assert!(matches!(&error, GitError::Refused(why) if why.contains(&how)), "{error}");
    back(&repo, &id);
    assert_eq!(files(&repo.top), before);
}

#[test]
fn what_was_renamed_comes_back_under_its_old_name() {
    let repo = Repo::begun();
    repo.write("old", "a line\nanother\na third\n").commit("more");
    let path = worktree(&repo, "renamed");
    git(&path, &["mv", "old", "new"]);
    write(&path, "README", "edited\n");
    let before = files(&path);
    let new = ["new".to_owned()];
    let id = discard(&program(), Trust::UserOnly, &path, 1, Some(&new)).unwrap().id;
    assert_eq!(git(&path, &["status", "--porcelain"]), " M README");
    back(&repo, &id);
    assert_eq!(files(&path), before);
}

#[test]
fn discarded_changes_come_back_over_what_is_there_then() {
    let repo = Repo::begun();
    repo.write("kept", "1\n");
    repo.commit("more");
    let path = worktree(&repo, "discard");
    write(&path, "README", "edited\n");
    write(&path, "new/file", "new\n");
    write(&path, "kept", "edited as well\n");
    git(&path, &["add", "new/file"]);
    let before = files(&path);
    let some = ["README".to_owned(), "new".to_owned()];
    let id = discard(&program(), Trust::UserOnly, &path, 1, Some(&some)).unwrap().id;
    assert_eq!(fs::read_to_string(path.join("README")).unwrap(), "first\n");
    assert!(!path.join("new").exists());
    assert_eq!(fs::read_to_string(path.join("kept")).unwrap(), "edited as well\n");
    assert_eq!(git(&path, &["status", "--porcelain"]), " M kept");
    assert_eq!(trashed(&repo.top).unwrap()[0].files, 2);
    // Nothing that is in no commit is in its way.
    back(&repo, &id);
    assert_eq!(files(&path), before);
    assert_eq!(trashed(&repo.top).unwrap().len(), 1);
    // What was not discarded is not touched.
    write(&path, "README", "edited again\n");
    write(&path, "kept", "gone on\n");
    back(&repo, &id);
    assert_eq!(fs::read_to_string(path.join("kept")).unwrap(), "gone on\n");
    write(&path, "kept", "edited as well\n");
    assert_eq!(files(&path), before);
    // What was there when it came back is in the trash as well.
    let all = trashed(&repo.top).unwrap();
    assert_eq!(all.iter().map(|one| one.at).collect::<Vec<_>>(), [2_000, 1]);
    assert_eq!(git(&path, &["show", &format!("{}:README", all[0].commit)]), "edited again");
    assert!(all[0].discarded);

    discard(&program(), Trust::UserOnly, &path, 3, None).unwrap();
    assert_eq!(git(&path, &["status", "--porcelain"]), "");
    assert!(forget(&repo.top, &id).unwrap());
    assert!(!forget(&repo.top, &id).unwrap());
    assert!(matches!(
        restore(&program(), Trust::UserOnly, &repo.top, &id, 4),
        Err(GitError::Refused(_))
    ));
}
