//! Bringing layouts back.

use std::fs;
use synk_client::Daemon;
use synk_protocol::{
    ChangeWorkspace, CreateWorkspace, ErrorCode, ListQueue, ListWorkspaces, MoveSession,
    SaveSession, SendPrompt, SessionId, SessionState, ShowWorkspace, WindowSize, WorkspaceId,
    Workspaces,
};
use synk_testkit::{
    Home,
    fake_agent::{AgentEvent, AgentState},
    repository, wait_for,
};

use super::{connect, home, ids, json, load, panes, save, saved, sessions};

const SECOND: WorkspaceId = WorkspaceId(2);

/// Two workspaces: two agents that wait for their trust dialogs and a shell that went elsewhere
/// in one, an agent and a command in the other.
async fn two_workspaces(home: &Home) -> Daemon {
    home.install_agents("--trust-dialog");
    let daemon = connect(home).await;
    daemon.call(CreateWorkspace { name: Some("Backend".to_owned()) }).await.unwrap();
    let claude = home.create(&["--pane", "--agent", "claude", "--name", "lead"]).session_id;
    home.create(&["--pane", "--agent", "codex"]);
    fs::create_dir(home.work().join("below")).unwrap();
    let shell = home.create(&["--pane", "--env", "PORT=80"]).session_id;
    home.send(shell, "cd below");
    let gemini = home.create(&["--workspace", "Backend", "--agent", "gemini"]).session_id;
    home.create(&["--workspace", "2", "--name", "web", "--", "sh", "-c", "echo up; exec cat"]);
    wait_for("the shell's folder", || {
        home.session(shell).current_dir?.ends_with("below").then_some(())
    });
    let to = MoveSession { session_id: shell, workspace_id: WorkspaceId(1), pane_index: Some(7) };
    daemon.call(to).await.unwrap();
    for session in [claude, gemini] {
        home.find_in_agent_log("its dialog", |log| {
            let trust = AgentEvent::State { state: AgentState::Trust };
            log.iter().any(|one| one.session == Some(session) && one.event == trust).then_some(())
        });
    }
    let change = ChangeWorkspace {
        workspace_id: SECOND,
        column_shares: Some(vec![1000, 3000]),
        row_shares: Some(vec![500]),
        focused: Some(gemini),
        zoomed: Some(true),
        position: Some(0),
        ..ChangeWorkspace::default()
    };
    daemon.call(change).await.unwrap();
    let window = Some(WindowSize { width: 1600, height: 1000 });
    daemon.call(ShowWorkspace { workspace_id: SECOND, window }).await.unwrap();
    queue(&daemon, claude, &["one", "two\nlines", "three"]).await;
    daemon
}

async fn queue(daemon: &Daemon, session: SessionId, texts: &[&str]) {
    for text in texts {
        let prompt = SendPrompt {
            session_ids: vec![session],
            text: (*text).to_owned(),
            submit: None,
            queue: Some(true),
            confirmed: None,
        };
        daemon.call(prompt).await.unwrap();
    }
}

async fn queued(daemon: &Daemon, name: &str) -> Vec<String> {
    let session = sessions(daemon).await.into_iter().find(|one| one.name == name).unwrap();
    let waiting = daemon.call(ListQueue { session_id: session.session_id }).await.unwrap();
    waiting.into_iter().map(|prompt| prompt.text).collect()
}

/// The workspaces, with the places of the sessions that have the focus.
async fn shape(daemon: &Daemon) -> (Workspaces, Vec<Option<u32>>) {
    let mut list = daemon.call(ListWorkspaces {}).await.unwrap();
    let sessions = sessions(daemon).await;
    let place = |id: SessionId| sessions.iter().find(|one| one.session_id == id)?.pane_index;
    let focused =
        list.workspaces.iter_mut().map(|one| one.focused.take().and_then(place)).collect();
    (list, focused)
}

#[tokio::test]
async fn after_everything_was_stopped_the_same_panes_come_back() {
    let home = home();
    let daemon = two_workspaces(&home).await;
    let (before, shape_before) = (panes(&daemon).await, shape(&daemon).await);
    assert_eq!(shape_before.1, [Some(0), None]);
    let path = save(&daemon, "review").await.unwrap();
    let file = json(&path);
    println!("{file:#}");
    assert_eq!((&file["schemaVersion"], &file["name"]), (&1.into(), &"review".into()));
    assert_eq!(file["workspaces"][1]["panes"][2]["env"], serde_json::json!({ "PORT": null }));

    drop(daemon);
    home.ok(&["stop", "--all"]);
    let daemon = connect(&home).await;
    assert_eq!(panes(&daemon).await, []);
    let loaded = load(&daemon, &path).await.unwrap();
    assert_eq!((loaded.session_count, loaded.started), (5, 5), "{loaded:?}");
    assert!(loaded.failed.is_empty(), "{loaded:?}");
    assert_eq!(panes(&daemon).await, before);
    assert_eq!(shape(&daemon).await, shape_before);
    assert_eq!(queued(&daemon, "lead").await, ["one", "two\nlines", "three"]);
    assert_eq!(queued(&daemon, "codex").await, [""; 0]);
    let shell = sessions(&daemon).await.into_iter().find(|one| one.pane_index == Some(7)).unwrap();
    assert!(shell.working_dir.ends_with("below"), "{shell:?}");
    assert_eq!(shell.missing_env, ["PORT"]);
    let web = sessions(&daemon).await.into_iter().find(|one| one.name == "web").unwrap();
    home.wait_screen(web.session_id, "up");

    // The sessions say whose place they have; the file is as it was saved.
    assert_eq!(json(&path), file);
    let there = ids(&daemon).await;
    let (one, two) = tokio::join!(load(&daemon, &path), load(&daemon, &path));
    for again in [one.unwrap(), two.unwrap()] {
        assert_eq!((again.session_count, again.started), (5, 0), "{again:?}");
    }
    assert_eq!((ids(&daemon).await, panes(&daemon).await), (there, before));
    assert_eq!(queued(&daemon, "lead").await.len(), 3, "prompts wait once");
}

#[tokio::test]
async fn what_still_runs_is_put_back_and_not_doubled() {
    let home = home();
    let daemon = two_workspaces(&home).await;
    let before = panes(&daemon).await;
    let path = save(&daemon, "review").await.unwrap();
    let all = sessions(&daemon).await;
    let id = |name: &str| all.iter().find(|one| one.name == name).unwrap().session_id;
    home.ok(&["kill", "codex"]);
    let to =
        |session_id, workspace_id, pane_index| MoveSession { session_id, workspace_id, pane_index };
    daemon.call(to(id("lead"), SECOND, Some(0))).await.unwrap();
    daemon.call(to(id("web"), WorkspaceId(1), None)).await.unwrap();
    let loaded = load(&daemon, &path).await.unwrap();
    assert_eq!((loaded.session_count, loaded.started), (5, 1), "{loaded:?}");
    assert_eq!(panes(&daemon).await, before);
    assert_eq!(queued(&daemon, "lead").await.len(), 3);
    let now = sessions(&daemon).await;
    for name in ["lead", "web", "gemini"] {
        assert_eq!(now.iter().find(|one| one.name == name).unwrap().session_id, id(name), "{name}");
    }

    // Others are in the way, so it comes back beside them.
    home.ok(&["kill", "--force", "web"]);
    let other = home.create(&["--workspace", "Backend", "--name", "other"]);
    let loaded = load(&daemon, &path).await.unwrap();
    assert_eq!((loaded.session_count, loaded.started), (5, 1), "{loaded:?}");
    let now = sessions(&daemon).await;
    assert_eq!(home.session(other.session_id).workspace_id, SECOND);
    let web = now.iter().find(|one| one.name == "web").unwrap();
    assert_eq!(web.workspace_id, WorkspaceId(3), "{now:?}");
    assert_eq!(now.len(), 6);
}

#[tokio::test]
async fn a_session_that_was_lost_is_put_back_and_not_started() {
    let home = home();
    let daemon = connect(&home).await;
    let session = home.create(&["--pane", "--", "cat"]).session_id;
    let path = save(&daemon, "lost").await.unwrap();
    home.crash();
    let daemon = connect(&home).await;
    wait_for("the session", || (home.session(session).shim_pid > 0).then_some(()));
    let loaded = load(&daemon, &path).await.unwrap();
    assert_eq!((loaded.session_count, loaded.started), (1, 0), "{loaded:?}");
    assert_eq!(home.session(session).state, SessionState::Lost);
}

#[tokio::test]
async fn a_folder_or_an_agent_that_is_missing_fails_alone() {
    let home = home();
    home.install_agents("");
    let daemon = connect(&home).await;
    let gone = home.work().join("gone");
    fs::create_dir(&gone).unwrap();
    home.create(&["--pane", "--name", "a", "--cwd", gone.to_str().unwrap()]);
    home.create(&["--pane", "--agent", "codex", "--name", "b"]);
    home.create(&["--pane", "--name", "c"]);
    save(&daemon, "partly").await.unwrap();
    drop(daemon);
    home.ok(&["stop", "--all"]);
    fs::remove_dir(&gone).unwrap();
    fs::remove_file(home.work().join("bin/codex")).unwrap();
    let output = home.synk(&["layout", "load", "partly"]);
    assert_eq!((output.code, output.stdout.as_str()), (6, "1 session, 1 started\n"));
    for part in ["a in Workspace 1: the folder", "gone", "b in Workspace 1:"] {
        assert!(output.stderr.contains(part), "{}", output.stderr);
    }
    let daemon = connect(&home).await;
    let there = panes(&daemon).await;
    assert_eq!(there.len(), 1);
    assert_eq!((there[0].1, there[0].2.as_str()), (2, "c"), "it is where it was");
    fs::create_dir(&gone).unwrap();
    let again = home.synk(&["layout", "load", "partly"]);
    assert_eq!((again.code, again.stdout.as_str()), (6, "2 sessions, 1 started\n"));
}

#[tokio::test]
async fn a_branch_gets_its_worktree_again() {
    let home = home();
    let project = home.work().join("app");
    fs::create_dir(&project).unwrap();
    repository(&project, "main");
    let project = project.to_str().unwrap();
    let daemon = connect(&home).await;
    let on_branch = home.create(&["--pane", "--project", project, "--branch", "fix/1"]);
    let in_project = home.create(&["--pane", "--project", project]);
    save(&daemon, "branches").await.unwrap();
    drop(daemon);
    home.ok(&["stop", "--all"]);
    home.ok(&["ls"]);
    home.ok(&["worktree", "rm", "fix/1", "--project", project]);
    assert!(!fs::exists(&on_branch.working_dir).unwrap());
    assert_eq!(home.ok(&["layout", "load", "branches"]), "2 sessions, 2 started\n");
    let now = home.sessions();
    let at = |pane| now.iter().find(|one| one.pane_index == Some(pane)).unwrap();
    assert_eq!(at(0).branch.as_deref(), Some("fix/1"));
    assert_eq!(at(0).working_dir, on_branch.working_dir);
    assert_eq!(at(1).working_dir, in_project.working_dir);
}

#[tokio::test]
async fn values_of_variables_are_kept_only_when_that_was_asked_for() {
    let home = home();
    let daemon = connect(&home).await;
    let session = home.create(&["--pane", "--env", "TOKEN=very-secret"]).session_id;
    let path = save(&daemon, "names").await.unwrap();
    assert!(!fs::read_to_string(&path).unwrap().contains("very-secret"));
    let with_values = SaveSession {
        name: Some("values".to_owned()),
        env_values: Some(true),
        ..SaveSession::default()
    };
    daemon.call(with_values.clone()).await.unwrap();
    drop(daemon);
    home.ok(&["stop", "--all"]);
    home.ok(&["layout", "load", "values"]);
    let fresh = home.sessions()[0].clone();
    assert!(fresh.session_id != session && fresh.missing_env.is_empty(), "{fresh:?}");
    home.send(fresh.session_id, "echo \"<$TOKEN>\"");
    home.wait_screen(fresh.session_id, "<very-secret>");

    // Who knew them is gone.
    home.crash();
    let daemon = connect(&home).await;
    wait_for("the session", || (home.sessions()[0].shim_pid > 0).then_some(()));
    let replace = SaveSession { replace: Some(true), ..with_values };
    let refused = daemon.call(replace).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::Unavailable);
    assert!(refused.message.contains("TOKEN"), "{refused}");
    assert_eq!(saved(&daemon).await.len(), 2);
}
