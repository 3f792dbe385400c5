//! Workspaces: a grid of twelve each, sessions moved between them, and nothing of it lost.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
};
use synk_client::{Daemon, Shim};
use synk_protocol::{
    ChangeWorkspace, CreateSession, CreateWorkspace, DeleteWorkspace, ErrorCode, Event,
    ListSessions, ListWorkspaces, MoveSession, SessionChanges, SessionId, ShowSession,
    ShowWorkspace, WindowSize, WorkspaceId, Workspaces,
};
use synk_testkit::{Home, find_event, next_notice, processes, wait_for};

const FIRST: WorkspaceId = WorkspaceId(1);
const SECOND: WorkspaceId = WorkspaceId(2);

/// Where each session is.
type Grid = BTreeMap<SessionId, (WorkspaceId, Option<u32>)>;

fn home() -> Home {
    Home::without_pool(env!("CARGO_BIN_EXE_synk"))
}

async fn connect(home: &Home) -> Daemon {
    home.ok(&["ls"]);
    Daemon::connect(&home.places(), false).await.unwrap().0
}

/// Makes a second workspace.
async fn second(daemon: &Daemon) {
    let made = daemon.call(CreateWorkspace { name: Some("Backend".to_owned()) }).await.unwrap();
    assert_eq!(made.workspace_id, SECOND);
}

async fn create(daemon: &Daemon, home: &Home, workspace: WorkspaceId) -> Result<SessionId, String> {
    let args = CreateSession {
        project_path: home.work().display().to_string(),
        command: Some(vec!["cat".to_owned()]),
        workspace_id: Some(workspace),
        ..CreateSession::default()
    };
    daemon.call(args).await.map(|made| made.session_id).map_err(|error| error.message)
}

async fn fill(daemon: &Daemon, home: &Home, workspace: WorkspaceId, count: u32) -> Vec<SessionId> {
    let mut made = Vec::new();
    for _ in 0..count {
        made.push(create(daemon, home, workspace).await.unwrap());
    }
    made
}

async fn grid(daemon: &Daemon) -> Grid {
    let sessions = daemon.call(ListSessions::default()).await.unwrap();
    sessions.into_iter().map(|one| (one.session_id, (one.workspace_id, one.pane_index))).collect()
}

/// No two sessions have one pane.
#[track_caller]
fn assert_apart(grid: &Grid) {
    let panes: BTreeSet<_> = grid.values().collect();
    assert_eq!(panes.len(), grid.len(), "{grid:?}");
}

fn to(session_id: SessionId, workspace_id: WorkspaceId, pane_index: Option<u32>) -> MoveSession {
    MoveSession { session_id, workspace_id, pane_index }
}

async fn listed(daemon: &Daemon) -> Workspaces {
    daemon.call(ListWorkspaces {}).await.unwrap()
}

#[tokio::test]
async fn each_has_twelve_panes_and_the_thirteenth_is_refused_until_the_machine_goes_down_too() {
    let home = home();
    let daemon = connect(&home).await;
    second(&daemon).await;
    for workspace in [FIRST, SECOND] {
        fill(&daemon, &home, workspace, 12).await;
        let refused = create(&daemon, &home, workspace).await;
        assert_eq!(refused, Err("Max sessions reached (12)".to_owned()));
    }
    let unknown = create(&daemon, &home, WorkspaceId(9)).await;
    assert_eq!(unknown, Err("there is no workspace 9".to_owned()));
    let refused = home.synk(&["new", "--workspace", "Backend"]);
    assert_eq!((refused.code, refused.stderr.as_str()), (4, "synk: Max sessions reached (12)\n"));
    let before = grid(&daemon).await;
    assert_apart(&before);
    let list = home.ok(&["ls"]);
    assert!(list.contains("WORKSPACE") && list.contains("Backend"), "{list}");

    wait_for("the file", || {
        fs::read_to_string(home.places().workspaces()).ok()?.contains("Backend").then_some(())
    });
    processes::kill(home.daemon_pid());
    assert_eq!(grid(&connect(&home).await).await, before, "after the daemon");
    home.ok(&["stop"]);
    for suffix in ["", "-wal", "-shm"] {
        let store = format!("{}{suffix}", home.places().store().display());
        fs::remove_file(store).ok();
    }
    let daemon = connect(&home).await;
    assert_eq!(grid(&daemon).await, before, "without the store");
    assert_eq!(listed(&daemon).await.workspaces[1].name, "Backend");
    home.crash();
    let daemon = connect(&home).await;
    wait_for("everybody", || home.sessions().iter().all(|one| one.shim_pid > 0).then_some(()));
    assert_eq!(grid(&daemon).await, before, "after the machine");
}

#[tokio::test]
async fn moving_puts_or_exchanges_within_a_workspace_and_between_two() {
    let home = home();
    let daemon = connect(&home).await;
    second(&daemon).await;
    let first = fill(&daemon, &home, FIRST, 3).await;
    let second = fill(&daemon, &home, SECOND, 12).await;
    let moved = async |args: MoveSession| daemon.call(args).await.map_err(|error| error.code);

    moved(to(first[0], FIRST, Some(2))).await.unwrap();
    let now = grid(&daemon).await;
    assert_eq!((now[&first[0]], now[&first[2]]), ((FIRST, Some(2)), (FIRST, Some(0))));
    moved(to(first[0], SECOND, Some(5))).await.unwrap();
    let now = grid(&daemon).await;
    assert_eq!((now[&first[0]], now[&second[5]]), ((SECOND, Some(5)), (FIRST, Some(2))));
    wait_for("the record", || (home.record(first[0]).workspace_id == SECOND).then_some(()));
    assert_eq!(moved(to(first[1], SECOND, None)).await, Err(ErrorCode::MaxSessions));
    moved(to(second[0], FIRST, None)).await.unwrap();
    assert_eq!(grid(&daemon).await[&second[0]], (FIRST, Some(3)));
    moved(to(first[1], SECOND, None)).await.unwrap();
    assert_eq!(grid(&daemon).await[&first[1]], (SECOND, Some(0)));
    // It is there already.
    moved(to(first[1], SECOND, None)).await.unwrap();
    moved(to(first[1], SECOND, Some(0))).await.unwrap();
    assert_eq!(moved(to(first[1], FIRST, Some(12))).await, Err(ErrorCode::Invalid));
    assert_eq!(moved(to(first[1], WorkspaceId(9), None)).await, Err(ErrorCode::NotFound));
    assert_eq!(moved(to(SessionId(99), FIRST, None)).await, Err(ErrorCode::NotFound));

    let hidden = home.create(&[]).session_id;
    let refused = daemon.call(to(hidden, FIRST, None)).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Invalid);
    assert!(refused.message.contains("session:show"), "{refused}");
    let show = |workspace_id| ShowSession { session_id: hidden, workspace_id };
    let full = daemon.call(show(Some(SECOND))).await.unwrap_err();
    assert_eq!(full.code, ErrorCode::MaxSessions);
    let unknown = daemon.call(show(Some(WorkspaceId(9)))).await.unwrap_err();
    assert_eq!(unknown.code, ErrorCode::NotFound);
    assert_eq!(daemon.call(show(None)).await.unwrap().pane_index, 1);
    assert_apart(&grid(&daemon).await);
    home.assert_answers(hidden);
}

#[tokio::test]
async fn whoever_moves_and_starts_at_once_no_two_share_a_pane() {
    let home = home();
    let (daemon, mut events) = {
        home.ok(&["ls"]);
        Daemon::connect(&home.places(), true).await.unwrap()
    };
    second(&daemon).await;
    let mut all = fill(&daemon, &home, FIRST, 8).await;
    all.extend(fill(&daemon, &home, SECOND, 8).await);
    let watching = tokio::spawn(async move {
        let mut told = 0;
        while let Some(event) = events.recv().await {
            if let Event::SessionsChanged(list) = event {
                let panes = list
                    .sessions
                    .iter()
                    .filter_map(|one| Some((one.workspace_id, one.pane_index?)));
                let (count, panes) = (list.sessions.len(), panes.collect::<BTreeSet<_>>());
                assert_eq!(panes.len(), count, "{list:?}");
                told += 1;
            }
        }
        told
    });
    let mut moving = tokio::task::JoinSet::new();
    for round in 0..200_usize {
        let session = all[(round * 7) % all.len()];
        let workspace = if round % 3 == 0 { FIRST } else { SECOND };
        let pane = u32::try_from((round * 5) % 12).unwrap();
        let daemon = daemon.clone();
        moving
            .spawn(async move { daemon.call(to(session, workspace, Some(pane))).await.map(drop) });
    }
    let mut starting = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let (daemon, work) = (daemon.clone(), home.work().display().to_string());
        let args = CreateSession {
            project_path: work,
            command: Some(vec!["cat".to_owned()]),
            ..CreateSession::default()
        };
        starting.spawn(async move { daemon.call(args).await.map(drop) });
    }
    for done in [moving.join_all().await, starting.join_all().await].concat() {
        // A grid may be full at that moment.
        assert!(done.is_ok() || done.is_err_and(|error| error.code == ErrorCode::MaxSessions));
    }
    let now = grid(&daemon).await;
    assert_apart(&now);
    for session in now.keys() {
        wait_for("the record", || {
            let record = home.record(*session);
            ((record.workspace_id, record.pane_index) == now[session]).then_some(())
        });
    }
    drop(daemon);
    home.ok(&["stop"]);
    assert!(watching.await.unwrap() > 1, "the list was told");
}

#[tokio::test]
async fn an_exchange_that_the_daemon_did_not_survive_leaves_everybody_a_pane() {
    let home = home();
    let daemon = connect(&home).await;
    second(&daemon).await;
    let first = fill(&daemon, &home, FIRST, 12).await;
    let second = fill(&daemon, &home, SECOND, 12).await;
    processes::kill(home.daemon_pid());
    // One half of it.
    let (shim, _output) = Shim::connect(&home.places().shim_socket(first[3])).await.unwrap();
    let changes = SessionChanges {
        workspace_id: Some(SECOND),
        pane_index: Some(7),
        ..SessionChanges::default()
    };
    shim.update(changes).await.unwrap();
    let daemon = connect(&home).await;
    wait_for("a pane for everybody", || {
        let sessions = home.sessions();
        let panes: BTreeSet<_> =
            sessions.iter().map(|one| (one.workspace_id, one.pane_index)).collect();
        (panes.len() == 24).then_some(())
    });
    let now = grid(&daemon).await;
    assert_eq!(now[&first[3]], (SECOND, Some(7)));
    assert_eq!(now[&second[7]], (FIRST, Some(3)));
}

#[tokio::test]
async fn they_are_named_ordered_and_shaped_and_everybody_is_told() {
    let home = home();
    home.ok(&["ls"]);
    let (daemon, mut events) = Daemon::connect(&home.places(), true).await.unwrap();
    let list = listed(&daemon).await;
    assert_eq!((list.workspaces.len(), list.shown), (1, FIRST));
    assert_eq!(list.workspaces[0].name, "Workspace 1");
    second(&daemon).await;
    let session = create(&daemon, &home, SECOND).await.unwrap();
    let change = ChangeWorkspace {
        workspace_id: SECOND,
        name: Some("Überall".to_owned()),
        position: Some(0),
        column_shares: Some(vec![1000, 2500]),
        row_shares: Some(vec![100, 10_000]),
        focused: Some(session),
        zoomed: Some(true),
    };
    daemon.call(change.clone()).await.unwrap();
    let window = Some(WindowSize { width: 1400, height: 900 });
    daemon.call(ShowWorkspace { workspace_id: SECOND, window }).await.unwrap();
    let told = find_event(&mut events, |event| match event {
        Event::WorkspaceChanged(list) => (list.shown == SECOND).then(|| list.clone()),
        _ => None,
    })
    .await;
    assert_eq!(told, listed(&daemon).await);
    let first = &told.workspaces[0];
    assert_eq!((first.name.as_str(), first.workspace_id), ("Überall", SECOND));
    assert_eq!((first.column_shares.as_slice(), first.zoomed), (&[1000, 2500][..], true));
    assert_eq!((first.focused, told.window), (Some(session), window));
    home.ok(&["stop"]);
    let daemon = connect(&home).await;
    assert_eq!(listed(&daemon).await, told, "the next daemon knows them");

    let with = |change: ChangeWorkspace| ChangeWorkspace { workspace_id: SECOND, ..change };
    let none = ChangeWorkspace::default;
    for (wrong, code) in [
        (ChangeWorkspace { name: Some(String::new()), ..none() }, ErrorCode::Invalid),
        (ChangeWorkspace { name: Some("a\nb".to_owned()), ..none() }, ErrorCode::Invalid),
        (ChangeWorkspace { name: Some("x".repeat(65)), ..none() }, ErrorCode::Invalid),
        (ChangeWorkspace { column_shares: Some(vec![99]), ..none() }, ErrorCode::Invalid),
        (ChangeWorkspace { row_shares: Some(vec![10_001]), ..none() }, ErrorCode::Invalid),
        (ChangeWorkspace { row_shares: Some(vec![1000; 13]), ..none() }, ErrorCode::Invalid),
        (ChangeWorkspace { position: Some(2), ..none() }, ErrorCode::Invalid),
        (ChangeWorkspace { focused: Some(SessionId(99)), ..none() }, ErrorCode::NotFound),
    ] {
        assert_eq!(daemon.call(with(wrong.clone())).await.unwrap_err().code, code, "{wrong:?}");
    }
    assert_eq!(listed(&daemon).await, told);

    let delete = |workspace_id| DeleteWorkspace { workspace_id };
    let used = daemon.call(delete(SECOND)).await.unwrap_err();
    assert_eq!(used.code, ErrorCode::Conflict, "{used}");
    home.ok(&["kill", &session.to_string()]);
    let focused = listed(&daemon).await.workspaces[0].focused;
    assert_eq!(focused, None, "who is gone has no focus");
    daemon.call(delete(SECOND)).await.unwrap();
    assert_eq!(listed(&daemon).await.shown, FIRST);
    assert_eq!(daemon.call(delete(FIRST)).await.unwrap_err().code, ErrorCode::Conflict);
    assert_eq!(daemon.call(delete(SECOND)).await.unwrap_err().code, ErrorCode::NotFound);
    for number in 3..26 {
        let made = daemon.call(CreateWorkspace { name: None }).await.unwrap();
        assert_eq!(made.workspace_id, WorkspaceId(number), "no id is used twice");
    }
    let most = daemon.call(CreateWorkspace { name: None }).await.unwrap_err();
    assert_eq!(most.code, ErrorCode::MaxSessions);
}

#[tokio::test]
async fn a_damaged_list_is_set_aside_and_made_again_from_the_sessions() {
    let home = home();
    let daemon = connect(&home).await;
    second(&daemon).await;
    fill(&daemon, &home, SECOND, 2).await;
    let before = grid(&daemon).await;
    let path = home.places().workspaces();
    for damaged in
        ["", "{ \"schemaVersion\": 1, \"work", "{\"schemaVersion\":99,\"nextId\":1}", "[]"]
    {
        home.ok(&["stop"]);
        fs::write(&path, damaged).unwrap();
        home.ok(&["ls"]);
        let (daemon, mut events) = Daemon::connect(&home.places(), true).await.unwrap();
        let notice = next_notice(&mut events).await;
        assert!(notice.contains("workspaces") && notice.contains("made again"), "{notice}");
        assert_eq!(grid(&daemon).await, before);
        let names: Vec<_> =
            listed(&daemon).await.workspaces.into_iter().map(|one| one.name).collect();
        assert_eq!(names, ["Workspace 1", "Workspace 2"]);
        let aside = fs::read_dir(path.parent().unwrap())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .find(|path| path.to_string_lossy().contains("workspaces.json.damaged-"))
            .unwrap();
        assert_eq!(fs::read_to_string(&aside).unwrap(), damaged, "nothing of it is lost");
        fs::remove_file(aside).unwrap();
    }
}
