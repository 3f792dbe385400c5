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
async fn a_grid_that_is_begun_anew_leaves_the_one_before_for_whoever_wants_it_back() {
    let home = home();
    settings(&home, true, 5);
    let daemon = connect(&home).await;
    home.create(&["--pane", "--name", "first"]);
    home.create(&["--pane", "--name", "second"]);
    wait_for("the layout", || text(&home).contains("second").then_some(()));
    let full = panes(&daemon).await;
    home.ok(&["kill", "--force", "first"]);
    wait_for("the change", || (!text(&home).contains("first")).then_some(()));
    let before = home.places().layouts().join("autosave-before.json");
    assert!(!before.exists(), "a part of it is there");
    home.ok(&["kill", "--force", "second"]);
    home.create(&["--pane", "--name", "third"]);
    wait_for("the new one", || text(&home).contains("third").then_some(()));
    let listed = |list: Vec<synk_protocol::SavedSession>| {
        list.into_iter().map(|one| (one.name, one.automatic)).collect::<Vec<_>>()
    };
    let both = [("autosave".to_owned(), true), ("autosave-before".to_owned(), true)];
    assert_eq!(listed(saved(&daemon).await), both);
    assert!(super::save(&daemon, "Autosave-Before").await.is_err());

    // What comes back is the same grid, and what was opened meanwhile stays.
    let loaded = load(&daemon, &before).await.unwrap();
    assert_eq!((loaded.session_count, loaded.started), (1, 1), "{loaded:?}");
    wait_for("both", || {
        (text(&home).contains("second") && text(&home).contains("third")).then_some(())
    });
    assert!(fs::read_to_string(&before).unwrap().contains("second"));
    let now = panes(&daemon).await;
    assert!(now.iter().any(|pane| pane.2 == full[1].2), "{now:?}");
}

#[tokio::test]
async fn one_of_which_a_part_cannot_be_brought_back_is_kept_until_all_of_it_is() {
    let home = home();
    settings(&home, true, 5);
    let daemon = connect(&home).await;
    let folder = home.work().join("mounted");
    fs::create_dir(&folder).unwrap();
    home.create(&["--pane", "--name", "first"]);
    home.create(&["--pane", "--name", "second", "--project", folder.to_str().unwrap()]);
    wait_for("the layout", || text(&home).contains("second").then_some(()));
    home.ok(&["kill", "--force", "first"]);
    home.ok(&["kill", "--force", "second"]);
    fs::remove_dir(&folder).unwrap();
    // What the test reads may have been saved in between.
    let whole = text(&home);
    assert!(whole.contains("second"), "{whole}");
    let loaded = load(&daemon, path(&home)).await.unwrap();
    assert_eq!(loaded.failed.len(), 1, "{loaded:?}");
    let kept = home.places().layouts().join("autosave-unfinished.json");
    assert!(fs::read_to_string(&kept).unwrap().contains("second"));

    fs::create_dir(&folder).unwrap();
    let loaded = load(&daemon, &kept).await.unwrap();
    assert!(loaded.failed.is_empty(), "{loaded:?}");
    assert!(panes(&daemon).await.iter().any(|pane| pane.2 == "second"));
    assert!(!kept.exists(), "all of it is back");
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
