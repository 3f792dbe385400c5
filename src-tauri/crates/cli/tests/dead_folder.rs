//! A folder that does not answer, as one on a network that is gone. Here it is a repository whose
//! configuration is a pipe, which any program in it can make of it.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

use std::{fs, path::PathBuf, process::Command};
use synk_client::Daemon;
use synk_protocol::{Event, SessionInfo};
use synk_testkit::{Home, find_event, repository};

const FOLDER: &str = "mounted";

/// A home with a session in a repository that answers.
fn with_session() -> (Home, SessionInfo) {
    let home = Home::new(env!("CARGO_BIN_EXE_synk"));
    let folder = folder(&home);
    fs::create_dir(&folder).unwrap();
    repository(&folder, "trunk");
    let session = home.create(&["--cwd", FOLDER, "--pane", "--name", "there"]);
    assert_eq!(session.branch.as_deref(), Some("trunk"));
    (home, session)
}

fn folder(home: &Home) -> PathBuf {
    home.work().join(FOLDER)
}

/// From here on whoever looks into the repository waits for ever.
fn silence(home: &Home) {
    let config = folder(home).join(".git/config");
    fs::remove_file(&config).unwrap();
    assert!(Command::new("mkfifo").arg(&config).status().unwrap().success());
}

fn names(sessions: &[SessionInfo]) -> Vec<&str> {
    sessions.iter().map(|session| session.name.as_str()).collect()
}

#[tokio::test]
async fn it_hinders_no_other_session_and_no_daemon() {
    let (home, there) = with_session();
    let (daemon, mut events) = Daemon::connect(&home.places(), true).await.unwrap();
    silence(&home);
    let elsewhere = home.create(&["--name", "elsewhere"]);
    find_event(&mut events, |event| match event {
        Event::SessionsChanged(now) => names(&now.sessions).contains(&"elsewhere").then_some(()),
        _ => None,
    })
    .await;
    assert_eq!(home.session(there.session_id).branch, there.branch, "what was there at last");
    home.assert_answers(there.session_id);
    home.ok(&["layout", "save", "kept"]);
    drop((daemon, events));
    for _ in 0..2 {
        assert_eq!(home.ok(&["stop"]), "the daemon is stopped; 2 sessions go on\n");
        assert_eq!(names(&home.sessions()), ["there", "elsewhere"]);
        home.assert_answers(there.session_id);
        home.assert_answers(elsewhere.session_id);
    }
    assert_eq!(home.create(&["--cwd", FOLDER]).branch, None, "one can work there all the same");
}

#[test]
fn a_session_that_was_closed_in_it_hinders_no_daemon_and_keeps_its_branch() {
    let (home, there) = with_session();
    silence(&home);
    home.create(&["--name", "elsewhere"]);
    home.ok(&["kill", "there"]);
    let all = || -> Vec<SessionInfo> {
        serde_json::from_str(&home.ok(&["ls", "--all", "--json"])).unwrap()
    };
    for _ in 0..2 {
        let all = all();
        assert_eq!(names(&all), ["elsewhere", "there"]);
        assert_eq!(all[1].branch, there.branch);
        assert_eq!(home.ok(&["stop"]), "the daemon is stopped; 1 session goes on\n");
    }
}
