//! Who is told of a change, and when; and the verb.

use serde_json::{Value, json};
use std::{cell::Cell, fs};
use synk_client::Daemon;
use synk_protocol::{Event, Hello, ImportPalette, Role, SetSettings, SettingsChanged, Theme};
use synk_testkit::{Home, RawSocket, find_event};
use tokio::sync::mpsc;

use super::home;

async fn subscribe(home: &Home) -> (Daemon, mpsc::Receiver<Event>) {
    home.ok(&["ls"]);
    Daemon::connect(&home.places(), true).await.unwrap()
}

/// The next settings that are told and that `wanted` accepts.
async fn next(
    events: &mut mpsc::Receiver<Event>,
    wanted: impl Fn(&SettingsChanged) -> bool,
) -> SettingsChanged {
    find_event(events, |event| match event {
        Event::SettingsChanged(now) if wanted(now) => Some(now.clone()),
        _ => None,
    })
    .await
}

#[tokio::test]
async fn everybody_is_told_of_every_change() {
    let home = home("");
    let (first, mut of_first) = subscribe(&home).await;
    let (_second, mut of_second) = subscribe(&home).await;
    let at_first = next(&mut of_first, |_| true).await;
    assert_eq!((at_first.settings.logs.closed_days, at_first.problem), (0, None));
    let settings = json!({ "appearance": { "theme": "light" } });
    first.call(SetSettings { settings }).await.unwrap();
    for events in [&mut of_first, &mut of_second] {
        next(events, |now| now.settings.appearance.theme == Theme::Light).await;
    }
    let path = home.places().settings();
    let right = fs::read_to_string(&path).unwrap();
    fs::write(&path, "[logs]\nclosedDays = 5000\n").unwrap();
    for events in [&mut of_first, &mut of_second] {
        let wrong = next(events, |now| now.problem.is_some()).await;
        assert_eq!(wrong.settings.appearance.theme, Theme::Light);
        assert!(wrong.problem.unwrap().contains("line 2: logs.closedDays is 5000"));
    }
    // Who comes late is told as well, and nothing can be set meanwhile.
    let (_third, mut of_third) = subscribe(&home).await;
    assert!(next(&mut of_third, |_| true).await.problem.is_some());
    let settings = json!({ "appearance": { "theme": "dark" } });
    first.call(SetSettings { settings }).await.unwrap_err();
    fs::write(&path, right).unwrap();
    for events in [&mut of_first, &mut of_second, &mut of_third] {
        let mended = next(events, |now| now.problem.is_none()).await;
        assert_eq!(mended.settings.appearance.theme, Theme::Light);
    }
}

#[test]
fn who_changes_the_settings_is_told_of_them_before_the_answer() {
    let home = home("");
    home.ok(&["ls"]);
    let hello = Hello { subscribe: true, ..Hello::new(Role::Client) };
    let (mut socket, _) = RawSocket::introduced_as(&home.places().daemon_socket(), &hello);
    for days in 1..=50 {
        let args = json!({ "settings": { "logs": { "closedDays": days } } });
        let request = json!({ "id": days, "command": "settings:set", "args": args });
        socket.send_text(&request.to_string()).unwrap();
        let told = Cell::new(0);
        socket.find_json(|message: &Value| {
            if message["event"] == "settings:changed" {
                told.set(message["payload"]["settings"]["logs"]["closedDays"].as_u64()?);
            }
            (message["id"] == days).then_some(())
        });
        assert_eq!(told.get(), days);
    }
}

#[tokio::test]
async fn a_palette_is_imported_from_a_file() {
    let home = home("");
    let (daemon, mut events) = subscribe(&home).await;
    let path = home.work().join("Night Train");
    let colors = (0..16).map(|n| format!("palette = {n}=#0000{n:02x}\n"));
    let colors = colors.collect::<Vec<_>>().concat();
    fs::write(&path, format!("background = 101010\nforeground = #ffffff\n{colors}")).unwrap();
    let path = path.display().to_string();
    let imported = daemon.call(ImportPalette { path: path.clone() }).await.unwrap();
    assert_eq!(imported.name, "Night Train");
    let told = next(&mut events, |now| !now.settings.appearance.palettes.is_empty()).await;
    assert_eq!(told.settings.appearance.palettes["Night Train"].background, "#101010");
    fs::write(&path, "background = 101010\n").unwrap();
    let error = daemon.call(ImportPalette { path }).await.unwrap_err();
    assert!(error.message.contains("it lacks colours: foreground, black"), "{error}");
}

#[test]
fn the_verb_shows_and_changes_settings() {
    let home = home("[general]\nclosing = 'keep' # always\n");
    let path = home.places().settings();
    assert_eq!(home.ok(&["settings", "path"]), format!("{}\n", path.display()));
    let get = |name: &str| home.ok(&["settings", "get", name]);
    assert_eq!(get("general.closing"), "keep\n");
    assert_eq!(get("pool"), home.ok(&["settings", "get", "pool"]));
    assert!(home.ok(&["settings"]).contains("[worktrees]\n"));
    let set = |name: &str, value: &str| home.ok(&["settings", "set", name, value]);
    set("general.closing", "stop");
    set("appearance.zoom", "110");
    set("terminal.copyOnSelect", "true");
    set("appearance.fontFamily", "Iosevka Term");
    set("keyboard.bindings.\"pane.zoom\"", r#"["Ctrl+Shift+Z"]"#);
    set("keyboard.bindings.\"pane.new\"", "[]");
    set("agents.custom.aider.command", "aider");
    set("agents.custom.aider.args", r#"["--no-git"]"#);
    set("pool.promptPattern", "-->$");
    assert_eq!(get("general.closing"), "stop\n");
    assert_eq!(get("appearance.zoom"), "110\n");
    assert_eq!(get("appearance.fontFamily"), "Iosevka Term\n");
    assert_eq!(get("keyboard.bindings.\"pane.zoom\""), "[\"Ctrl+Shift+Z\"]\n");
    assert_eq!(get("agents.custom.aider.args"), "[\"--no-git\"]\n");
    let json = home.ok(&["settings", "get", "keyboard", "--json"]);
    let json: Value = serde_json::from_str(&json).unwrap();
    let expected = json!({ "bindings": { "pane.zoom": ["Ctrl+Shift+Z"], "pane.new": [] } });
    assert_eq!(json, expected);
    assert!(fs::read_to_string(&path).unwrap().contains("closing = \"stop\" # always\n"));
    for wrong in [
        &["get", "nothing"][..],
        &["get", "logs.nothing"],
        &["get", "a b"],
        &["set", "logs", "1"],
        &["set", "logs.nothing", "1"],
        &["set", "logs.closedDays.more", "1"],
        &["set", "logs.closedDays", "-1"],
        &["set", "logs.closedDays", "many"],
        &["set", "worktrees.copy", "[\"a\""],
    ] {
        let refused = home.synk(&[&["settings"], wrong].concat());
        assert_eq!(refused.code, 2, "{wrong:?}: {}", refused.stderr);
    }
}
