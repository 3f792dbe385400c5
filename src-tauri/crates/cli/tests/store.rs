//! The list of sessions on disk: kept, damaged, made again, cleared away.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

use std::{fs, os::unix::fs::PermissionsExt};
use synk_client::Daemon;
use synk_protocol::{SessionInfo, SessionStatus};
use synk_testkit::{Console, Home, next_notice, repository, wait_for};

fn home() -> Home {
    Home::new(env!("CARGO_BIN_EXE_synk"))
}

/// Every session, also those that were closed, without its status, which a new daemon learns a
/// moment later.
fn all(home: &Home) -> Vec<SessionInfo> {
    let listed: Vec<SessionInfo> =
        serde_json::from_str(&home.ok(&["ls", "--all", "--json"])).unwrap();
    let without = |one| SessionInfo { status: SessionStatus::default(), ..one };
    listed.into_iter().map(without).collect()
}

/// What a new client is told of the daemon's start.
async fn first_notice(home: &Home) -> String {
    let (_daemon, mut events) = Daemon::connect(&home.places(), true).await.unwrap();
    next_notice(&mut events).await
}

#[test]
fn closed_sessions_are_remembered_with_all_that_was_known_of_them() {
    let home = home();
    let session = home.create(&["--name", "work", "--", "sh", "-c", "exit 7"]).session_id;
    wait_for("the exit", || (home.session(session).exit_code == Some(7)).then_some(()));
    home.ok(&["kill", "work"]);
    assert!(home.sessions().is_empty());
    let closed = all(&home).remove(0);
    assert_eq!(
        (closed.name.as_str(), closed.exit_code, closed.cols, closed.command.len()),
        ("work", Some(7), 80, 3)
    );
    assert!(closed.closed_at >= closed.ended_at && closed.ended_at >= Some(closed.created_at));
    assert_eq!(closed.project_path, home.work().display().to_string());
    home.ok(&["stop"]);
    assert_eq!(all(&home), [closed], "and by the next daemon too");
    let mode = fs::metadata(home.places().store()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_closed_session_keeps_the_branch_that_it_had() {
    let home = home();
    let folder = home.work().join("project");
    fs::create_dir(&folder).unwrap();
    repository(&folder, "first");
    home.create(&["--cwd", "project"]);
    home.ok(&["kill", "1"]);
    fs::write(folder.join(".git/HEAD"), "ref: refs/heads/second\n").unwrap();
    home.ok(&["stop"]);
    assert_eq!(all(&home)[0].branch.as_deref(), Some("first"), "also with the next daemon");
}

/// What happens to a file.
type Damage = fn(Vec<u8>) -> Vec<u8>;

#[tokio::test]
async fn a_damaged_list_is_set_aside_and_made_again() {
    let damages: [(&str, Damage); 3] = [
        ("not a database", |_| b"this is not a database, whatever its name says".repeat(100)),
        ("cut off", |bytes| bytes[..bytes.len() / 2].to_vec()),
        ("overwritten", |mut bytes| {
            for byte in bytes.iter_mut().skip(4096) {
                *byte = 0xff;
            }
            bytes
        }),
    ];
    for (what, damage) in damages {
        let home = home();
        home.create(&["--name", "kept"]);
        home.create(&["--name", "closed"]);
        home.ok(&["kill", "closed"]);
        let before = all(&home);
        home.ok(&["stop"]);
        let path = home.places().store();
        let damaged = damage(fs::read(&path).unwrap());
        fs::write(&path, &damaged).unwrap();
        assert_eq!(all(&home), before, "{what}");
        let notice = first_notice(&home).await;
        assert!(notice.contains("damaged") && notice.contains("made again"), "{what}: {notice}");
        let aside = fs::read_dir(path.parent().unwrap())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .find(|path| path.to_string_lossy().contains("synk.db.damaged-"))
            .unwrap();
        assert_eq!(fs::read(&aside).unwrap(), damaged, "{what}: nothing of it is lost");
        home.assert_answers(before[0].session_id);
    }
}

#[tokio::test]
async fn the_list_of_a_later_version_is_left_alone() {
    let home = home();
    home.create(&["--name", "kept"]);
    home.ok(&["stop"]);
    let path = home.places().store();
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    connection.close().unwrap();
    let bytes = fs::read(&path).unwrap();
    assert_eq!(home.sessions()[0].name, "kept");
    let notice = first_notice(&home).await;
    assert!(notice.contains("cannot be used"), "{notice}");
    home.create(&[]);
    assert_eq!(all(&home).len(), 2, "sessions work");
    home.ok(&["stop"]);
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[tokio::test]
async fn sessions_go_on_when_what_agents_used_cannot_be_read() {
    let home = home();
    home.create(&["--name", "kept"]);
    home.ok(&["stop"]);
    let connection = rusqlite::Connection::open(home.places().store()).unwrap();
    connection.execute_batch("DROP TABLE usage").unwrap();
    connection.close().unwrap();
    assert_eq!(home.sessions()[0].name, "kept");
    let notice = first_notice(&home).await;
    assert!(notice.contains("not counted at present"), "{notice}");
    home.assert_answers(home.sessions()[0].session_id);
}

#[tokio::test]
async fn a_record_that_cannot_be_read_is_said() {
    let home = home();
    let session = home.create(&[]).session_id;
    home.crash();
    fs::write(home.places().record(session), "{ \"schemaVersion\": 1").unwrap();
    assert!(home.sessions().is_empty());
    let notice = first_notice(&home).await;
    assert!(notice.contains("session 1") && notice.contains("cannot be read"), "{notice}");
    assert!(home.places().record(session).exists());
}

#[test]
fn clean_removes_what_nobody_used_for_long_and_says_how_many() {
    let home = home();
    home.create(&["--name", "old"]);
    home.create(&["--name", "closed"]);
    home.ok(&["kill", "closed"]);
    let console = Console::start(
        &[env!("CARGO_BIN_EXE_synk"), "attach", "watched"].map(str::to_owned),
        &{
            home.create(&["--name", "watched"]);
            home.environment()
        },
        80,
        24,
    );
    wait_for("the viewer", || {
        home.sessions().iter().any(|one| one.attached_clients == 1).then_some(())
    });
    let nothing = home.ok(&["clean", "--older-than", "1h"]);
    assert_eq!(nothing, "0 sessions removed, 0 MiB\n");
    let tried = home.ok(&["clean", "--older-than", "0s", "--dry-run"]);
    assert_eq!(tried, "1 old (was running)\n2 closed\n2 sessions would be removed, 0 MiB\n");
    assert_eq!(all(&home).len(), 3);
    let cleaned = home.ok(&["clean", "--older-than", "0s"]);
    assert_eq!(cleaned, "1 old (was running)\n2 closed\n2 sessions removed, 0 MiB\n");
    let left: Vec<_> = all(&home).into_iter().map(|session| session.name).collect();
    assert_eq!(left, ["watched"]);
    let folders = fs::read_dir(home.places().sessions()).unwrap().count();
    assert_eq!(folders, 1, "their logs are gone too");
    for wrong in ["soon", "-1d", ""] {
        assert_eq!(home.synk(&["clean", "--older-than", wrong]).code, 2);
    }
    drop(console);
}

#[test]
fn a_session_that_others_watch_is_ended_only_by_force() {
    let home = home();
    home.create(&["--name", "shared"]);
    let attach = [env!("CARGO_BIN_EXE_synk"), "attach", "shared"].map(str::to_owned);
    let console = Console::start(&attach, &home.environment(), 80, 24);
    wait_for("the viewer", || (home.sessions()[0].attached_clients == 1).then_some(()));
    let refused = home.synk(&["kill", "shared"]);
    assert_eq!(refused.code, 5, "{}", refused.stderr);
    assert!(refused.stderr.contains("attached"), "{}", refused.stderr);
    home.assert_answers(home.sessions()[0].session_id);
    home.ok(&["kill", "--force", "shared"]);
    console.wait_for("[shared ");
    assert!(home.sessions().is_empty());
}
