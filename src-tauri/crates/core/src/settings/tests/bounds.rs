//! What is wrong or cannot be is said, and changes nothing.

use serde_json::{Value, json};
use synk_protocol::SynkSettings;

use super::{palette, problem, settings, text};

#[test]
fn what_is_wrong_is_said_and_changes_nothing() {
    for (text, part) in [
        (
            "[logs]\nsessionLimitMib = 0\n",
            "line 2: logs.sessionLimitMib is 0; it goes from 1 to 65536",
        ),
        ("[logs]\nsessionLimitMib = \"much\"\n", "line 2"),
        ("[logs]\nsessionLimitMibs = 3\n", "sessionLimitMibs"),
        ("[logs\n", "line 1"),
        (
            "[pool]\ninitialSize = 4\nmaxSize = 3\n",
            "line 3: pool.maxSize is 3; it goes from 4 to 8",
        ),
        ("[pool]\npromptPattern = \"(\"\n", "line 2: pool.promptPattern"),
        ("[prices.models.m]\ninput = \"1\"\noutput = \"free\"\n", "line 1: prices.models.m.output"),
        ("[prices.models.m]\ninput = 1\noutput = \"1\"\n", "line 2"),
        ("[agents.custom.x]\nargs = []\n", "line 1: agents.custom.x.command"),
        ("# x\nworktrees.trusted = [\"a\"]\n", "line 2: worktrees.trusted"),
    ] {
        let (_folder, settings) = settings(Some(text));
        let problem = problem(&settings).unwrap();
        assert!(problem.contains(part), "{text:?}: {problem}");
        assert_eq!(settings.current(), SynkSettings::default());
        settings.change(&json!({ "logs": { "closedDays": 1 } })).unwrap_err();
        assert_eq!(self::text(&settings), text, "a file that is wrong is not written to");
    }
}

#[test]
fn every_setting_has_its_bounds() {
    let (_folder, settings) = settings(None);
    let range = |group: &str, name: &str, least: u32, most: u32| {
        for (value, is_right) in
            [(least, true), (most, true), (most + 1, false), (least.wrapping_sub(1), false)]
        {
            let changed = settings.change(&json!({ group: { name: value } }));
            // Below zero is another number, and none of the ranges has it.
            assert_eq!(changed.is_ok(), is_right, "{group}.{name} = {value}: {changed:?}");
        }
    };
    range("general", "autoSaveSeconds", 5, 3600);
    range("appearance", "fontSize", 6, 40);
    range("appearance", "lineHeight", 100, 200);
    range("appearance", "scrollback", 100, 50_000);
    range("appearance", "zoom", 50, 200);
    range("logs", "sessionLimitMib", 1, 65_536);
    range("logs", "totalLimitMib", 16, 1_048_576);
    range("logs", "closedDays", 0, 3650);
    range("pool", "maxActive", 1, 12);
    range("pool", "maxAgeMinutes", 1, 1440);
    range("pool", "warmupDelayMs", 0, 10_000);
    range("pool", "staggerMs", 0, 10_000);
    range("worktrees", "prepared", 0, 4);
    range("worktrees", "trashDays", 1, 3650);
    settings.change(&json!({ "pool": { "maxSize": 8 } })).unwrap();
    range("pool", "initialSize", 0, 8);
}

#[test]
fn what_cannot_be_is_refused() {
    let (_folder, settings) = settings(None);
    let with = |field: &str, value: Value| {
        let mut palette = palette();
        palette[field] = value;
        json!({ "appearance": { "palettes": { "p": palette } } })
    };
    let bindings =
        |action: &str, keys: Value| json!({ "keyboard": { "bindings": { action: keys } } });
    let arguments =
        |agent: &str, words: Value| json!({ "agents": { "arguments": { agent: words } } });
    let long = "x".repeat(65);
    for (changes, part) in [
        (json!(3), "no object"),
        (json!({ "logs": 3 }), "no group"),
        (json!({ "logs": { "totalLimitMib": 1 } }), "goes from 16"),
        (json!({ "logs": { "colour": "red" } }), "colour"),
        (json!({ "logs": { "totalLimitMib": null } }), "no value"),
        (json!({ "general": { "closing": "maybe" } }), "maybe"),
        (json!({ "appearance": { "theme": "pink" } }), "pink"),
        (json!({ "appearance": { "fontFamily": "a\u{1b}b" } }), "appearance.fontFamily"),
        (json!({ "appearance": { "palette": "none" } }), "none of the palettes"),
        (json!({ "appearance": { "palettes": { "": palette() } } }), "1 to 64"),
        (json!({ "appearance": { "palettes": { "a\nb": palette() } } }), "1 to 64"),
        (json!({ "appearance": { "palettes": { &long: palette() } } }), "1 to 64"),
        (with("background", json!("")), "background is “”"),
        (with("foreground", json!("#12345")), "#rrggbb"),
        (with("cursor", json!("red")), "cursor is “red”"),
        (with("selection", json!("#12345g")), "#rrggbb"),
        (with("colors", json!(["#000000"])), "has 1 colours; there are 16"),
        (with("colors", json!(vec!["#00000"; 16])), "colors is “#00000”"),
        (json!({ "terminal": { "shell": "bash" } }), "no absolute path"),
        (json!({ "terminal": { "shell": "/bin/\u{0}sh" } }), "terminal.shell"),
        (json!({ "terminal": { "shell": "/no/such/shell" } }), "no program that can be run"),
        (json!({ "terminal": { "shell": "/etc/passwd" } }), "no program that can be run"),
        (json!({ "terminal": { "shell": "/" } }), "no program that can be run"),
        (bindings("", json!(["A"])), "1 to 64"),
        (bindings(&long, json!(["A"])), "1 to 64"),
        (bindings("a", json!(["A", "B", "C", "D", "E"])), "more than 4"),
        (arguments("aider", json!(["-x"])), "no agent that Synk knows"),
        (arguments("codex", json!(vec!["x"; 65])), "more than 64 arguments"),
        (arguments("codex", json!(["x".repeat(4097)])), "4096 bytes"),
        (arguments("codex", json!(["a\u{0}b"])), "NUL"),
    ] {
        let error = settings.change(&changes).unwrap_err();
        assert!(error.message.contains(part), "{changes}: {error}");
    }
    for keys in [
        "",
        "Ctrl",
        "Ctrl+",
        "Ctrl+Shift",
        "Ctrl+Ctrl+A",
        "ctrl+A",
        "A+Ctrl",
        "Ctrl+A B",
        " ",
        "Ä B",
        "Strg+A",
        &long,
    ] {
        let error = settings.change(&bindings("a", json!([keys]))).unwrap_err();
        assert!(error.message.contains("are no keys"), "{keys:?}: {error}");
    }
    assert!(!settings.path.exists());
    for keys in [
        "A",
        "F11",
        "Ctrl+Shift+P",
        "Shift+Ctrl+P",
        "Ctrl++",
        "+",
        "Alt+ArrowUp",
        "Meta+ä",
        "Ctrl+Alt+Shift+Meta+Enter",
    ] {
        settings.change(&bindings("a", json!([keys]))).unwrap();
    }
    let many: serde_json::Map<_, _> =
        (0..501).map(|number| (format!("a{number}"), json!(["A"]))).collect();
    let error = settings.change(&json!({ "keyboard": { "bindings": many } })).unwrap_err();
    assert!(error.message.contains("more than 500"), "{error}");
    // One that is in use cannot go.
    settings
        .change(&json!({ "appearance": { "palettes": { "p": palette() }, "palette": "p" } }))
        .unwrap();
    settings.change(&json!({ "appearance": { "palettes": {} } })).unwrap_err();
    settings.change(&json!({ "appearance": { "palettes": {}, "palette": "" } })).unwrap();
}
