//! Changes keep what people wrote, however they wrote it.

use serde_json::json;

use super::{palette, settings, text};

#[test]
fn a_change_keeps_what_people_wrote() {
    let before =
        "# mine\n[logs]\n# at home\nsessionLimitMib = 32 # small disk\n\n[sessions] # lost ones\n";
    let (_folder, settings) = settings(Some(before));
    let changed = settings
        .change(&json!({ "logs": { "sessionLimitMib": 16 }, "sessions": { "runLost": true } }))
        .unwrap();
    assert_eq!((changed.logs.session_limit_mib, changed.sessions.run_lost), (16, true));
    assert_eq!(
        text(&settings),
        "# mine\n[logs]\n# at home\nsessionLimitMib = 16 # small disk\n\n[sessions] # lost ones\n\
         runLost = true\n"
    );
    assert_eq!(settings.read(), Ok(changed));
}

#[test]
fn maps_are_written_for_people() {
    let (_folder, settings) = settings(None);
    let changes = json!({
        "appearance": { "palettes": { "Deep Sea": palette() }, "palette": "Deep Sea" },
        "keyboard": { "bindings": { "pane.zoom": ["Ctrl+Shift+Z"], "pane.new": [] } },
        "agents": {
            "arguments": { "claude_code": ["--model", "opus"] },
            "custom": { "aider": { "command": "aider", "args": ["--no-git"] } },
        },
        "worktrees": { "scripts": { "/home/me/p": { "setup": "npm ci", "teardown": "" } } },
        "prices": { "models": { "m-1": { "input": "1", "output": "2.50" } } },
    });
    let changed = settings.change(&changes).unwrap();
    let colors = (0..16).map(|n| format!("\"#0000{n:02x}\"")).collect::<Vec<_>>().join(", ");
    let palette = format!(
        "[appearance.palettes.\"Deep Sea\"]\nbackground = \"#000000\"\ncolors = [{colors}]\n\
         cursor = \"\"\nforeground = \"#FFFFFF\"\nselection = \"\"\n"
    );
    let written = text(&settings);
    for part in [
        &*palette,
        "palette = \"Deep Sea\"\n",
        "[keyboard.bindings]\n\"pane.new\" = []\n\"pane.zoom\" = [\"Ctrl+Shift+Z\"]\n",
        "[agents.arguments]\nclaude_code = [\"--model\", \"opus\"]\n",
        "[agents.custom.aider]\nargs = [\"--no-git\"]\ncommand = \"aider\"\n",
        "[worktrees.scripts.\"/home/me/p\"]\nsetup = \"npm ci\"\nteardown = \"\"\n",
        "[prices.models.m-1]\ninput = \"1\"\noutput = \"2.50\"\n",
    ] {
        assert!(written.contains(part), "{part}\nin\n{written}");
    }
    assert!(!written.contains('{'), "{written}");
    assert_eq!(settings.read(), Ok(changed));
}

#[test]
fn an_entry_goes_with_the_map_and_the_others_keep_what_stands_beside_them() {
    let before = "\
[keyboard.bindings]
# as in my editor
\"pane.zoom\" = [ \"Ctrl+Shift+Z\" ] # big
\"pane.new\" = [\"Ctrl+N\"]

# cheap
[prices.models.\"a\"]
input = \"1\" # as they say
output = \"2\"

# dear
[prices.models.b]
input = \"10\"
output = \"20\"
";
    let (_folder, settings) = settings(Some(before));
    settings
        .change(&json!({
            "keyboard": { "bindings": { "pane.zoom": ["Ctrl+Shift+Z"], "pane.left": ["Alt+H"] } },
            "prices": { "models": { "a": { "input": "1", "output": "3" } } },
        }))
        .unwrap();
    assert_eq!(
        text(&settings),
        "\
[keyboard.bindings]
# as in my editor
\"pane.zoom\" = [ \"Ctrl+Shift+Z\" ] # big
\"pane.left\" = [\"Alt+H\"]

# cheap
[prices.models.\"a\"]
input = \"1\" # as they say
output = \"3\"
"
    );
    settings.change(&json!({ "keyboard": { "bindings": {} } })).unwrap();
    assert!(settings.current().keyboard.bindings.is_empty());
    assert!(!text(&settings).contains("bindings"), "{}", text(&settings));
}

#[test]
fn every_way_to_write_a_map_can_be_changed() {
    for before in [
        "agents = { arguments = { codex = [\"-a\"] } }\n",
        "[agents]\narguments = { codex = [\"-a\"] }\n",
        "[agents]\narguments.codex = [\"-a\"]\n",
        "agents.arguments.codex = [\"-a\"]\n",
        "[agents.arguments]\ncodex = [\"-a\"]\n",
    ] {
        let (_folder, settings) = settings(Some(before));
        assert_eq!(settings.current().agents.arguments["codex"], ["-a"], "{before}");
        let wanted = json!({ "codex": ["-b"], "claude_code": ["-c"] });
        let changes = json!({ "agents": { "arguments": wanted, "hooks": false } });
        let changed = settings.change(&changes).unwrap();
        assert_eq!(json!(changed.agents.arguments), wanted, "{before}");
        assert_eq!(settings.read(), Ok(changed));
        let custom = json!({ "x": { "command": "x" } });
        let changed = settings.change(&json!({ "agents": { "custom": custom } })).unwrap();
        assert_eq!(changed.agents.custom["x"].command, "x", "{before}");
        assert_eq!(settings.read(), Ok(changed));
    }
}
