//! The layout that is saved by itself.

use std::{fs, path::PathBuf};
use synk_client::Daemon;
use synk_protocol::{ChangeWorkspace, WorkspaceId};
use synk_testkit::{Home, wait_for};

use super::{connect, home, load, panes, saved};

fn settings(home: &Home, auto_save: bool, seconds: u32) {
    let settings = format!(
        "[pool]\ninitialSize = 0\n[general]\nautoSave = {auto_save}\nautoSaveSeconds = {seconds}\n"
    );
    fs::write(home.places().settings(), settings).unwrap();
}

fn path(home: &Home) -> PathBuf {
    home.places().layouts().join("autosave.json")
}

fn text(home: &Home) -> String {
    fs::read_to_string(path(home)).unwrap_or_default()
}

async fn name(daemon: &Daemon, name: &str) {
    let change = ChangeWorkspace {
        workspace_id: WorkspaceId(1),
        name: Some(name.to_owned()),
        ..ChangeWorkspace::default()
    };
    daemon.call(change).await.unwrap();
}

#[tokio::test]
async fn what_changes_is_saved_in_a_while_and_an_empty_grid_takes_nothings_place() {
    let home = home();
    settings(&home, true, 5);
    let daemon = connect(&home).await;
    home.create(&["--pane", "--name", "alone"]);
    wait_for("the layout", || text(&home).contains("alone").then_some(()));
    let list = saved(&daemon).await;
    assert_eq!((list.len(), list[0].automatic, list[0].name.as_str()), (1, true, "autosave"));
    let before = text(&home);
    name(&daemon, "renamed").await;
    wait_for("the change", || text(&home).contains("renamed").then_some(()));
    assert_ne!(before, text(&home));
    let full = panes(&daemon).await;

    let kept = text(&home);
    home.ok(&["kill", "alone"]);
    drop(daemon);
    home.ok(&["stop"]);
    wait_for("the daemon's end", || home.processes().is_empty().then_some(()));
    assert_eq!(text(&home), kept);
    let daemon = connect(&home).await;
    let loaded = load(&daemon, path(&home)).await.unwrap();
    assert_eq!((loaded.session_count, loaded.started), (1, 1), "{loaded:?}");
    assert_eq!(panes(&daemon).await, full);
}

#[tokio::test]
async fn it_is_saved_at_the_end_too_and_before_everything_is_stopped() {
    let home = home();
    settings(&home, true, 3600);
    let daemon = connect(&home).await;
    home.create(&["--pane", "--name", "first"]);
    drop(daemon);
    home.ok(&["stop"]);
    wait_for("the layout", || text(&home).contains("first").then_some(()));
    for number in 2..8 {
        home.create(&["--pane", "--name", &format!("session-{number}")]);
    }
    home.ok(&["stop", "--all"]);
    home.wait_for_silence();
    for number in 2..8 {
        assert!(text(&home).contains(&format!("session-{number}")), "{}", text(&home));
    }
}

#[tokio::test]
async fn the_settings_are_followed() {
    let home = home();
    settings(&home, false, 5);
    let daemon = connect(&home).await;
    home.create(&["--pane", "--name", "first"]);
    drop(daemon);
    home.ok(&["stop"]);
    let daemon = connect(&home).await;
    assert!(!path(&home).exists(), "nobody wants it");
    let on = synk_protocol::SetSettings {
        settings: serde_json::json!({ "general": { "autoSave": true } }),
    };
    daemon.call(on).await.unwrap();
    wait_for("the layout", || text(&home).contains("first").then_some(()));
}
