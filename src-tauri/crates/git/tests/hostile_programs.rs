//! Ways in which a repository could have `git` run a program although nobody trusts it, and that
//! are not as plain as a variable with the program's name.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

mod common;

use common::{Repo, add_worktree, environment, git, program};
use std::{
    env,
    ffi::OsStr,
    fs::{self, File},
    os::unix::{ffi::OsStrExt, fs::PermissionsExt},
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};
use synk_git::{GitError, Program, Trust, commit};

/// A repository whose files go through a filter that is set up nowhere yet, a program, and the
/// file that the program makes when it runs.
struct Hostile {
    repo: Repo,
    attack: PathBuf,
    marker: PathBuf,
}

impl Hostile {
    fn new() -> Self {
        Self::filtering("evil")
    }

    fn filtering(filter: impl AsRef<OsStr>) -> Self {
        let repo = Repo::begun();
        let marker = repo.beside("it-ran");
        let attack = repo.beside("attack.sh");
        let words = format!("#!/bin/sh\necho \"$0 $*\" >>'{}'\ncat\n", marker.display());
        executable(&attack, &words);
        let attributes = [b"* filter=".as_slice(), filter.as_ref().as_bytes(), b"\n"].concat();
        repo.write(".gitattributes", attributes).write("victim", "1\n").commit("attributes");
        Self { repo, attack, marker }
    }

    /// Adds lines to the configuration, as whoever wrote it would.
    fn configure(&self, lines: impl AsRef<[u8]>) {
        let config = self.repo.top.join(".git/config");
        let now = fs::read(&config).unwrap();
        fs::write(config, [now.as_slice(), lines.as_ref()].concat()).unwrap();
    }

    /// What sets the filter up.
    fn filter(&self) -> String {
        format!("[filter \"evil\"]\n\tsmudge = {}\n", self.attack.display())
    }

    fn add(&self, trust: Trust, branch: &str) -> Result<(), GitError> {
        add_worktree(&program(), trust, &self.repo.top, &self.repo.beside(branch), branch, None)
    }

    #[track_caller]
    fn nothing_ran(&self) {
        let ran = fs::read_to_string(&self.marker).unwrap_or_default();
        assert!(!self.marker.exists(), "{ran}");
    }

    /// With the user's word for it the program runs, so the test is one.
    #[track_caller]
    fn runs_when_trusted(&self, branch: &str) {
        self.add(Trust::Repository, branch).ok();
        assert!(self.marker.exists());
    }

    /// Nothing is done, and it is said why and what to do.
    #[track_caller]
    fn is_refused(&self, variable: &str) {
        let error = self.add(Trust::UserOnly, "x").unwrap_err();
        let names_it = matches!(
            &error,
            GitError::Untrusted { variable: said, project }
                if said == variable && *project == self.repo.top
        );
        assert!(names_it, "{error}");
        assert!(error.to_string().contains("worktrees.trusted"), "{error}");
        let own = program().own_programs(&self.repo.top).unwrap();
        assert!(own.iter().any(|found| found == variable), "{own:?}");
        assert_eq!(self.repo.git(&["branch", "--list", "x"]), "");
        self.nothing_ran();
    }
}

fn executable(path: &Path, words: &str) {
    fs::write(path, words).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

/// A `git` that runs a line of a shell before it is itself.
fn git_after(repo: &Repo, line: &str) -> Program {
    let folder = repo.beside("bin");
    let path = env::var("PATH").unwrap();
    fs::create_dir(&folder).unwrap();
    let words = format!("#!/bin/sh\n{line}\nPATH='{path}'\nexec git \"$@\"\n");
    executable(&folder.join("git"), &words);
    let env = environment().into_iter().filter(|(name, _)| name != "PATH");
    let path = format!("{}:{path}", folder.display());
    Program::new(env.chain([("PATH".into(), path.into())]))
}

#[test]
fn a_git_that_cannot_be_told_what_not_to_run_is_refused() {
    for line in [
        "unset GIT_CONFIG_COUNT",
        "case \"$*\" in *--show-scope*) echo 'error: unknown option' >&2; exit 129 ;; esac",
    ] {
        let hostile = Hostile::new();
        hostile.configure(hostile.filter());
        let old = git_after(&hostile.repo, line);
        let add = |trust, branch: &str| {
            let path = hostile.repo.beside(branch);
            add_worktree(&old, trust, &hostile.repo.top, &path, branch, None)
        };
        let error = add(Trust::UserOnly, "x").unwrap_err();
        assert!(matches!(&error, GitError::Refused(why) if why.contains("2.31")), "{error}");
        hostile.nothing_ran();
        add(Trust::Repository, "y").unwrap();
        assert!(hostile.marker.exists());
    }
}

#[test]
fn what_comes_with_git_is_not_the_repositorys() {
    let repo = Repo::begun();
    // As Apple's lists its own file.
    let line = r#"case "$*" in *--show-scope*) printf 'unknown\0credential.helper\0' ;; esac"#;
    let own = git_after(&repo, line).own_programs(&repo.top).unwrap();
    assert_eq!(own, Vec::<String>::new());
}

#[test]
fn a_condition_that_only_the_new_worktree_meets_is_refused() {
    for condition in ["onbranch:x", "gitdir:**/worktrees/**"] {
        let hostile = Hostile::new();
        fs::write(hostile.repo.top.join(".git/evil"), hostile.filter()).unwrap();
        hostile.repo.git(&["config", &format!("includeIf.{condition}.path"), "evil"]);
        hostile.is_refused(&format!("includeif.{condition}.path"));
        hostile.runs_when_trusted("x");
    }
}

#[test]
fn a_file_that_is_another_one_in_the_new_worktree_is_refused() {
    let hostile = Hostile::new();
    hostile.repo.git(&["config", "extensions.worktreeConfig", "true"]);
    // In the project there is no such file.
    hostile.repo.git(&["config", "--worktree", "include.path", "../evil"]);
    fs::create_dir_all(hostile.repo.top.join(".git/worktrees")).unwrap();
    fs::write(hostile.repo.top.join(".git/worktrees/evil"), hostile.filter()).unwrap();
    hostile.is_refused("include.path");
    hostile.runs_when_trusted("x");
}

#[test]
fn a_name_that_is_not_utf_8_is_refused() {
    let hostile = Hostile::filtering(OsStr::from_bytes(b"ev\xff"));
    let smudge = format!("\tsmudge = {}\n", hostile.attack.display());
    hostile.configure([b"[filter \"ev\xff\"]\n".as_slice(), smudge.as_bytes()].concat());
    hostile.is_refused("filter.ev\u{fffd}.smudge");
    hostile.runs_when_trusted("x");

    // Where it names no program it is nobody's harm.
    let harmless = Hostile::new();
    harmless.configure(b"[branch \"\xff\"]\n\tremote = origin\n");
    harmless.add(Trust::UserOnly, "x").unwrap();
}

/// Where another reader sees no filter: one that takes the end of a comment for the end of a
/// value, and one that knows no such paths.
#[test]
fn the_configuration_is_read_as_git_reads_it() {
    let hidden = |hostile: &Hostile| {
        hostile.configure(format!("[x]\n\ta = \"x\\\\\" ;\\\n{}", hostile.filter()));
    };
    let included = |hostile: &Hostile| {
        let file = hostile.repo.beside("included");
        fs::write(&file, hostile.filter()).unwrap();
        let up = "/..".repeat(20);
        hostile.configure(format!("[include]\n\tpath = %(prefix){up}{}\n", file.display()));
    };
    let ways: [&dyn Fn(&Hostile); 2] = [&hidden, &included];
    for way in ways {
        let hostile = Hostile::new();
        way(&hostile);
        let own = program().own_programs(&hostile.repo.top).unwrap();
        assert_eq!(own, ["filter.evil.smudge"]);
        hostile.add(Trust::UserOnly, "x").unwrap();
        assert_eq!(fs::read_to_string(hostile.repo.beside("x").join("victim")).unwrap(), "1\n");
        hostile.nothing_ran();
        hostile.runs_when_trusted("y");
    }
}

/// Git runs all that the variable names, whatever comes after.
#[test]
fn a_hook_for_recent_objects_does_not_run() {
    let Hostile { repo, attack, marker } = Hostile::new();
    for name in ["one", "two"] {
        repo.write(name, "1").commit(name);
        repo.git(&["repack", "-q"]);
    }
    for (name, value) in [
        ("gc.recentObjectsHook", attack.to_str().unwrap()),
        // Every commit has git tidy up, and wait for that.
        ("gc.autoPackLimit", "1"),
        ("gc.autoDetach", "false"),
    ] {
        repo.git(&["config", name, value]);
    }
    // So old that git asks the hook what it thinks of it.
    let old = repo.beside("old");
    fs::write(&old, "old").unwrap();
    let id = repo.git(&["hash-object", "-w", old.to_str().unwrap()]);
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    let object = repo.top.join(".git/objects").join(&id[..2]).join(&id[2..]);
    File::open(object).unwrap().set_modified(long_ago).unwrap();
    let own = program().own_programs(&repo.top).unwrap();
    assert_eq!(own, ["gc.recentobjectshook"]);

    repo.write("three", "1");
    commit(&program(), Trust::UserOnly, &repo.top, "three", None).unwrap();
    assert!(!marker.exists());
    repo.write("four", "1");
    commit(&program(), Trust::Repository, &repo.top, "four", None).unwrap();
    assert!(marker.exists());
}

/// Of those variables git takes the first value and no later one.
#[test]
fn what_fetches_missing_objects_does_not_run() {
    let ways =
        [("remote.origin.uploadpack", None), ("core.gitProxy", Some("git://localhost:1/nothing"))];
    for (variable, url) in ways {
        let hostile = Hostile::new();
        // It says nothing, and git does not wait for it to.
        executable(&hostile.attack, &format!("#!/bin/sh\ntouch '{}'\n", hostile.marker.display()));
        hostile.repo.git(&["config", "uploadpack.allowFilter", "true"]);
        let from = format!("file://{}", hostile.repo.top.display());
        let clone = hostile.repo.beside("clone");
        let words = ["clone", "--quiet", "--filter=blob:none", "--no-checkout", &from];
        git(&hostile.repo.beside(""), &[&words[..], &[clone.to_str().unwrap()]].concat());
        git(&clone, &["config", variable, hostile.attack.to_str().unwrap()]);
        if let Some(url) = url {
            git(&clone, &["config", "remote.origin.url", url]);
        }
        let add = |trust, branch: &str| {
            let path = hostile.repo.beside(branch);
            // Nothing is fetched in that way, so it fails in any case.
            add_worktree(&program(), trust, &clone, &path, branch, None).unwrap_err();
        };
        add(Trust::UserOnly, "x");
        hostile.nothing_ran();
        add(Trust::Repository, "y");
        assert!(hostile.marker.exists(), "{variable}");
    }
}

/// The user's own filter, as Git LFS is one, does not see what the repository would have it run.
#[test]
fn what_git_lfs_would_run_is_turned_off() {
    let repo = Repo::begun();
    let variables = [
        "lfs.standalonetransferagent",
        "lfs.https://example.org/.standalonetransferagent",
        "lfs.customtransfer.evil.path",
        "lfs.customtransfer.evil.args",
        "lfs.extension.evil.clean",
        "lfs.extension.evil.smudge",
    ];
    for variable in variables {
        repo.git(&["config", variable, "evil"]);
    }
    repo.git(&["config", "lfs.concurrenttransfers", "3"]);
    repo.write(".gitattributes", "victim filter=lfs\n").write("victim", "1\n").commit("victim");
    let (filter, seen) = (repo.beside("lfs.sh"), repo.beside("seen"));
    let asked = variables.map(|name| format!("git config --get {name}\n")).concat();
    executable(&filter, &format!("#!/bin/sh\n(\n{asked}) >>'{}'\ncat\n", seen.display()));
    let own = repo.beside("gitconfig");
    fs::write(&own, format!("[filter \"lfs\"]\n\tsmudge = {}\n", filter.display())).unwrap();
    let env = environment().into_iter().filter(|(name, _)| name != "GIT_CONFIG_GLOBAL");
    let program = Program::new(env.chain([("GIT_CONFIG_GLOBAL".into(), own.into_os_string())]));

    let add = |trust, branch: &str| {
        add_worktree(&program, trust, &repo.top, &repo.beside(branch), branch, None).unwrap();
        let words = fs::read_to_string(&seen).unwrap();
        fs::remove_file(&seen).unwrap();
        words.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(add(Trust::UserOnly, "x"), [""; 6]);
    assert_eq!(add(Trust::Repository, "y"), ["evil"; 6]);
    assert_eq!(program.own_programs(&repo.top).unwrap().len(), 6);
}

/// Since git 2.54 a hook may be in the configuration, where no folder of hooks turns it off.
#[test]
fn a_hook_in_the_configuration_does_not_run() {
    let Hostile { repo, attack, marker } = Hostile::new();
    repo.git(&["config", "hook.evil.event", "pre-commit"]);
    repo.git(&["config", "hook.evil.command", attack.to_str().unwrap()]);
    assert_eq!(program().own_programs(&repo.top).unwrap(), ["hook.evil.command"]);
    repo.write("new", "1");
    commit(&program(), Trust::UserOnly, &repo.top, "new", None).unwrap();
    assert!(!marker.exists());
}

#[test]
fn a_git_that_takes_too_long_leaves_no_lock() {
    let repo = Repo::begun();
    let started = repo.beside("started");
    let hook = repo.top.join(".git/hooks/pre-commit");
    executable(&hook, &format!("#!/bin/sh\ntouch '{}'; sleep 1000\n", started.display()));
    repo.write("README", "second\n");
    // It must have come to the hook by then, also on a busy machine.
    let git = program().with_limit(Duration::from_secs(3));
    let paths = ["README".to_owned()];
    let error = commit(&git, Trust::Repository, &repo.top, "second", Some(&paths)).unwrap_err();
    assert!(matches!(error, GitError::TimedOut { .. }), "{error}");
    assert!(started.exists());
    let locks = fs::read_dir(repo.top.join(".git")).unwrap();
    let locks = locks
        .map(|one| one.unwrap().file_name())
        .filter(|name| Path::new(name).extension().is_some_and(|extension| extension == "lock"));
    assert_eq!(locks.count(), 0);
}
