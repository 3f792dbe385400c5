//! What is one user's is nobody else's: folders, sockets, and who is at the other end.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

use std::{
    fs::{self, Permissions},
    os::unix::fs::{MetadataExt, PermissionsExt, chown},
    path::Path,
    process::Command,
};
use synk_testkit::{Home, RawSocket, processes, wait_for};

/// The user that owns nothing.
const NOBODY: u32 = 65534;

fn home() -> Home {
    Home::new(env!("CARGO_BIN_EXE_synk"))
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

#[test]
fn everything_is_made_for_its_owner_alone() {
    let home = home();
    let session = home.create(&[]).session_id;
    home.record(session);
    let mut folders = vec![home.path()];
    while let Some(folder) = folders.pop() {
        assert_eq!(folder.metadata().unwrap().mode() & 0o777, 0o700, "{}", folder.display());
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let found = entry.metadata().unwrap();
            assert_eq!(found.uid(), rustix::process::geteuid().as_raw());
            if found.is_dir() {
                folders.push(entry.path());
            } else if !entry.path().starts_with(home.places().logs()) {
                // Synk's own logs are written by a library that takes no mode; their folder
                // keeps them private.
                assert_eq!(found.mode() & 0o777, 0o600, "{}", entry.path().display());
            }
        }
    }
}

#[test]
fn folders_and_sockets_that_others_can_reach_are_refused() {
    let home = home();
    let session = home.create(&[]).session_id;
    let run = home.path().join("run");
    for (path, open, closed) in [
        (run.clone(), 0o755, 0o700),
        (run.join("shims"), 0o711, 0o700),
        (home.path().join("state"), 0o770, 0o700),
        (home.places().daemon_socket(), 0o666, 0o600),
    ] {
        set_mode(&path, open);
        let output = home.synk(&["ls"]);
        assert_eq!(output.code, 8, "{}: {}", path.display(), output.stderr);
        assert!(output.stderr.contains("can be reached by others"), "{}", output.stderr);
        assert!(output.stderr.contains("chmod go= "), "{}", output.stderr);
        set_mode(&path, closed);
        home.assert_answers(session);
    }
}

#[test]
fn a_folder_that_is_a_link_is_refused() {
    let home = home();
    home.ok(&["ls"]);
    home.ok(&["stop"]);
    let run = home.path().join("run");
    fs::rename(&run, home.work().join("elsewhere")).unwrap();
    std::os::unix::fs::symlink(home.work().join("elsewhere"), &run).unwrap();
    assert_eq!(home.synk(&["ls"]).code, 8);
    fs::remove_file(run).unwrap();
    assert!(home.sessions().is_empty());
}

#[test]
fn a_home_on_a_read_only_file_system_is_refused_and_a_running_session_goes_on() {
    let home = home();
    let session = home.create(&[]).session_id;
    // A view of the file system in which this folder cannot be written to.
    let script = format!(
        "mount --bind '{0}' '{0}' && mount -o remount,bind,ro '{0}' && exec \"$@\"",
        home.work().display()
    );
    let read_only = |arguments: &[&str]| {
        let home_inside = home.work().join("home");
        let mut command = Command::new("unshare");
        command.args(["-rm", "sh", "-c", &script, "sh"]).args(arguments);
        command.env("SYNK_HOME", home_inside).output()
    };
    match read_only(&["true"]) {
        Ok(output) if output.status.success() => {
            let output = read_only(&[env!("CARGO_BIN_EXE_synk"), "ls"]).unwrap();
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(8), "{stderr}");
            assert!(stderr.contains("Read-only file system"), "{stderr}");
            assert!(stderr.contains("set SYNK_HOME to a folder that you can write to"), "{stderr}");
        }
        _ => println!("no mounts here: a home below a file stands for it, in `hostile`"),
    }
    home.assert_answers(session);
}

#[test]
fn users_cannot_reach_each_other() {
    if !is_root() {
        println!("not root: there is no second user here; owners and modes are tested above");
        return;
    }
    // Both the program and the path to the homes have to be the second user's to reach.
    let shared = tempfile::Builder::new().prefix("synk-").tempdir_in("/tmp").unwrap();
    set_mode(shared.path(), 0o755);
    let binary = shared.path().join("synk");
    // Not by this process: what another test starts meanwhile would hold the file open for
    // writing, and then it cannot be run.
    let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_synk")).arg(&binary).status().unwrap();
    assert!(copied.success());
    let mine = Home::new(binary.to_str().unwrap());
    let session = mine.create(&[]).session_id;
    set_mode(mine.work().parent().unwrap(), 0o755);
    let as_nobody = |home: &Path, verb: &[&str]| {
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups"]).arg(&binary).args(verb);
        command.env_clear().envs(mine.environment()).env("SYNK_HOME", home).current_dir("/");
        command
    };

    let refused = as_nobody(&mine.path(), &["ls"]).output().unwrap();
    let stderr = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(8), "{stderr}");
    // Even where the folders are no obstacle.
    for folder in [mine.path(), mine.path().join("run"), mine.path().join("run/shims")] {
        set_mode(&folder, 0o777);
    }
    for socket in [mine.places().daemon_socket(), mine.places().shim_socket(session)] {
        set_mode(&socket, 0o666);
    }
    let refused = as_nobody(&mine.path(), &["ls"]).output().unwrap();
    let stderr = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(8), "{stderr}");
    assert!(stderr.contains("belongs to another user (uid 0)"), "{stderr}");
    for folder in [mine.path(), mine.path().join("run"), mine.path().join("run/shims")] {
        set_mode(&folder, 0o700);
    }
    for socket in [mine.places().daemon_socket(), mine.places().shim_socket(session)] {
        set_mode(&socket, 0o600);
    }
    mine.assert_answers(session);

    let theirs = shared.path().join("theirs");
    fs::create_dir(&theirs).unwrap();
    set_mode(&theirs, 0o700);
    chown(&theirs, Some(NOBODY), Some(NOBODY)).unwrap();
    let mut daemon = as_nobody(&theirs, &["daemon"]).spawn().unwrap();
    let socket = theirs.join("run/daemon.sock");
    // Not by a verb, which would start another daemon if this one is not there yet.
    wait_for("their daemon", || socket.exists().then_some(()));
    let refused = mine.command(&["ls"]).env("SYNK_HOME", &theirs).output().unwrap();
    let stderr = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(8), "{stderr}");
    assert!(stderr.contains("belongs to another user (uid 65534)"), "{stderr}");
    // Root passes every mode, and is turned away by who it is, without a word.
    RawSocket::open(&socket).wait_for_end();
    // Files that look like one's own do not help who listens behind them.
    for path in [
        theirs.clone(),
        theirs.join("config"),
        theirs.join("state"),
        theirs.join("state/sessions"),
        theirs.join("state/logs"),
        theirs.join("run"),
        theirs.join("run/shims"),
        socket,
    ] {
        chown(&path, Some(0), Some(0)).unwrap();
    }
    let refused = mine.command(&["ls"]).env("SYNK_HOME", &theirs).output().unwrap();
    let stderr = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(8), "{stderr}");
    assert!(stderr.contains("the other side runs as another user (uid 65534)"), "{stderr}");
    processes::kill(daemon.id());
    daemon.wait().unwrap();
}
