//! The grid's twelve places, and who gets which.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

use std::{collections::BTreeSet, thread};
use synk_client::Daemon;
use synk_protocol::{ErrorCode, SessionInfo, ShowSession};
use synk_testkit::Home;

const FULL: &str = "synk: Max sessions reached (12)\n";

/// Twelve at once, in a home where no daemon runs yet.
fn twelve(home: &Home) -> Vec<SessionInfo> {
    thread::scope(|scope| {
        let created: Vec<_> =
            (0..12).map(|_| scope.spawn(|| home.create(&["--pane", "--", "cat"]))).collect();
        created.into_iter().map(|one| one.join().unwrap()).collect()
    })
}

#[test]
fn twelve_at_once_get_twelve_places_and_the_thirteenth_is_refused() {
    let home = Home::new(env!("CARGO_BIN_EXE_synk"));
    let created = twelve(&home);
    let panes: BTreeSet<_> = created.iter().filter_map(|session| session.pane_index).collect();
    assert_eq!(panes, (0..12).collect());
    let ids: BTreeSet<_> = created.iter().map(|session| session.session_id.0).collect();
    assert_eq!(ids, (1..=12).collect());
    let names: BTreeSet<_> = created.iter().map(|session| session.name.as_str()).collect();
    assert_eq!(names.len(), 12, "{names:?}");

    let refused = home.synk(&["new", "--pane"]);
    assert_eq!((refused.code, refused.stderr.as_str()), (4, FULL));
    assert_eq!(home.sessions().len(), 12);
    assert_eq!(home.create(&[]).pane_index, None, "in the background there is room");

    let freed = created.iter().find(|session| session.pane_index == Some(5)).unwrap();
    home.ok(&["kill", &freed.session_id.to_string()]);
    let next = home.create(&["--pane"]);
    assert_eq!(next.pane_index, Some(5), "the free place is taken");
    assert!(next.session_id.0 > 12, "the id is a new one");
    assert_eq!(home.synk(&["new", "--pane"]).code, 4);
}

#[tokio::test]
async fn a_background_session_is_shown_where_there_is_room() {
    let home = Home::new(env!("CARGO_BIN_EXE_synk"));
    let created = twelve(&home);
    let hidden = home.create(&[]);
    let (daemon, _events) = Daemon::connect(&home.places(), false).await.unwrap();
    let show = ShowSession { session_id: hidden.session_id, workspace_id: None };
    let full = daemon.call(show).await.unwrap_err();
    assert_eq!((full.code, format!("synk: {full}\n").as_str()), (ErrorCode::MaxSessions, FULL));

    let freed = created.iter().find(|session| session.pane_index == Some(3)).unwrap();
    home.ok(&["kill", &freed.session_id.to_string()]);
    assert_eq!(daemon.call(show).await.unwrap().pane_index, 3);
    assert_eq!(daemon.call(show).await.unwrap().pane_index, 3, "again is no error");
    assert_eq!(home.session(hidden.session_id).pane_index, Some(3));
    assert_eq!(home.synk(&["new", "--pane"]).code, 4);
    home.assert_answers(hidden.session_id);
}

#[tokio::test]
async fn shown_at_once_no_two_share_a_place() {
    let home = Home::new(env!("CARGO_BIN_EXE_synk"));
    let ids: Vec<_> = (0..6).map(|_| home.create(&["--", "cat"]).session_id).collect();
    let (daemon, _events) = Daemon::connect(&home.places(), false).await.unwrap();
    let mut showing = tokio::task::JoinSet::new();
    for session_id in ids {
        let daemon = daemon.clone();
        showing.spawn(
            async move { daemon.call(ShowSession { session_id, workspace_id: None }).await },
        );
    }
    let shown: BTreeSet<u32> =
        showing.join_all().await.into_iter().map(|shown| shown.unwrap().pane_index).collect();
    assert_eq!(shown, (0..6).collect());
}
