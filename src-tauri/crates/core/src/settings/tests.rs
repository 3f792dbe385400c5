use serde_json::{Value, json};
use std::{fs, os::unix::fs::symlink, path::PathBuf, time::Duration};
use synk_protocol::{Palette, PoolSettings, SettingsChanged, SynkSettings};
use tokio::{sync::mpsc, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

use super::{Settings, machine, watch::FileWatch};

fn settings(text: Option<&str>) -> (tempfile::TempDir, Settings) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("config/settings.toml");
    fs::create_dir(path.parent().unwrap()).unwrap();
    close(path.parent().unwrap());
    if let Some(text) = text {
        fs::write(&path, text).unwrap();
    }
    (folder, Settings::open(path))
}

fn close(folder: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).unwrap();
}

fn problem(settings: &Settings) -> Option<String> {
    settings.changes().borrow().problem.clone()
}

fn text(settings: &Settings) -> String {
    fs::read_to_string(&settings.path).unwrap()
}

fn palette() -> Value {
    let colors: Vec<_> = (0..16).map(|number| format!("#0000{number:02x}")).collect();
    json!({
        "background": "#000000", "foreground": "#FFFFFF", "cursor": "", "selection": "",
        "colors": colors,
    })
}

#[test]
fn no_file_means_the_defaults() {
    let (_folder, settings) = settings(None);
    assert_eq!(problem(&settings), None);
    let (initial_size, max_size) = machine::pool_size(machine::machine());
    let pool = PoolSettings { initial_size, max_size, ..PoolSettings::default() };
    assert_eq!(settings.current(), SynkSettings { pool, ..SynkSettings::default() });
}

#[test]
fn the_machine_decides_the_pools_size_where_nobody_has() {
    let sizes = [(0, 1), (7, 4), (15, 8), (64, 8), (31, 12), (16, 64)].map(machine::pool_size);
    assert_eq!(sizes, [(2, 3), (2, 3), (3, 4), (3, 4), (4, 6), (3, 4)]);
    let (_folder, settings) = self::settings(Some("[pool]\ninitialSize = 8\n"));
    assert_eq!((settings.current().pool.max_size, problem(&settings)), (8, None));
    let (_folder, settings) = self::settings(Some("[pool]\nmaxSize = 1\n"));
    assert_eq!(settings.current().pool.initial_size, 1);
}

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

#[test]
fn a_shell_that_is_gone_makes_no_settings_wrong() {
    let (_folder, settings) = settings(Some("[terminal]\nshell = \"/no/such/shell\"\n"));
    assert_eq!(problem(&settings), None);
    settings.change(&json!({ "logs": { "closedDays": 1 } })).unwrap();
    assert_eq!(settings.current().terminal.shell, "/no/such/shell");
}

#[test]
fn a_file_that_breaks_leaves_the_last_good_settings() {
    let (_folder, settings) = settings(Some("[logs]\nsessionLimitMib = 8\n"));
    for odd in ["nonsense".as_bytes(), b"\xff\xfe", &vec![b'#'; (1 << 20) + 1]] {
        fs::write(&settings.path, odd).unwrap();
        settings.read().unwrap_err();
        assert_eq!(settings.current().logs.session_limit_mib, 8);
        assert!(problem(&settings).is_some());
    }
    fs::remove_file(&settings.path).unwrap();
    fs::create_dir(&settings.path).unwrap();
    assert!(settings.read().unwrap_err().message.contains("it is no file"));
    fs::remove_dir(&settings.path).unwrap();
    settings.read().unwrap();
    assert_eq!(problem(&settings), None);
}

#[test]
fn a_link_stays_one() {
    let (folder, settings) = settings(None);
    let real = folder.path().join("mine.toml");
    fs::write(&real, "# mine\n").unwrap();
    symlink(&real, &settings.path).unwrap();
    settings.change(&json!({ "logs": { "closedDays": 3 } })).unwrap();
    assert!(settings.path.is_symlink());
    assert!(fs::read_to_string(&real).unwrap().contains("closedDays = 3"));
}

#[test]
fn a_palette_is_imported_by_its_files_name_and_replaces_the_one_before() {
    let (folder, settings) = settings(Some("# mine\n[appearance]\nzoom = 120 # eyes\n"));
    let path = folder.path().join("Night Train.conf");
    let theme = |background: &str| {
        let colors = (0..16).map(|n| format!("palette = {n}=#0000{n:02x}\n"));
        let colors = colors.collect::<Vec<_>>().concat();
        format!("background = {background}\nforeground = #ffffff\n{colors}")
    };
    fs::write(&path, theme("#101010")).unwrap();
    assert_eq!(settings.import_palette(&path).unwrap().name, "Night Train");
    fs::write(&path, theme("202020")).unwrap();
    settings.import_palette(&path).unwrap();
    let palettes = settings.current().appearance.palettes;
    assert_eq!(palettes.len(), 1);
    assert_eq!(palettes["Night Train"].background, "#202020");
    assert!(text(&settings).starts_with("# mine\n[appearance]\nzoom = 120 # eyes\n"));
    let before = text(&settings);
    fs::write(&path, "background = #000000\n").unwrap();
    settings.import_palette(&path).unwrap_err();
    assert_eq!(text(&settings), before);
    assert_eq!(Palette::default().colors.len(), 0);
}

/// The file, followed, and what is published of it.
struct Followed {
    _folder: tempfile::TempDir,
    settings: Settings,
    published: mpsc::UnboundedReceiver<SettingsChanged>,
    closing: CancellationToken,
    watch: JoinHandle<()>,
}

impl Followed {
    fn start(text: Option<&str>) -> Self {
        let (folder, settings) = settings(text);
        let closing = CancellationToken::new();
        let watch = FileWatch::start(settings.clone()).unwrap();
        let watch = tokio::spawn(watch.run(closing.clone(), |problem| panic!("{problem}")));
        let mut changes = settings.changes();
        let (tell, published) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while changes.changed().await.is_ok() {
                let now = changes.borrow_and_update().clone();
                if tell.send(now).is_err() {
                    return;
                }
            }
        });
        Self { _folder: folder, settings, published, closing, watch }
    }

    async fn next(&mut self) -> SettingsChanged {
        let next = timeout(Duration::from_secs(30), self.published.recv()).await;
        next.expect("a change in time").unwrap()
    }

    /// The next that is published, which is right and has these days.
    async fn assert_days(&mut self, days: u32) {
        let next = self.next().await;
        assert_eq!((next.settings.logs.closed_days, next.problem), (days, None));
    }

    /// No more was published than was asked for.
    async fn end(mut self) {
        self.closing.cancel();
        self.watch.await.unwrap();
        assert!(self.published.try_recv().is_err());
    }
}

fn days(days: u32) -> String {
    format!("[logs]\nclosedDays = {days}\n")
}

#[tokio::test]
async fn the_file_is_followed_however_it_is_written() {
    let mut followed = Followed::start(Some(&days(1)));
    let path = followed.settings.path.clone();
    // In place.
    fs::write(&path, days(2)).unwrap();
    followed.assert_days(2).await;
    // As editors do.
    let beside = path.with_extension("toml.swp");
    fs::write(&beside, days(3)).unwrap();
    fs::rename(&beside, &path).unwrap();
    followed.assert_days(3).await;
    fs::remove_file(&path).unwrap();
    followed.assert_days(0).await;
    fs::write(&path, days(4)).unwrap();
    followed.assert_days(4).await;
    // By a link to a file elsewhere, and there.
    let elsewhere = tempfile::tempdir().unwrap();
    let real = elsewhere.path().join("mine");
    fs::write(&real, days(5)).unwrap();
    fs::remove_file(&path).unwrap();
    symlink(&real, &path).unwrap();
    while followed.next().await.settings.logs.closed_days != 5 {}
    fs::write(&real, days(6)).unwrap();
    followed.assert_days(6).await;
    fs::remove_file(&path).unwrap();
    followed.assert_days(0).await;
    // With its folder.
    let folder: PathBuf = path.parent().unwrap().to_owned();
    fs::remove_dir_all(&folder).unwrap();
    fs::create_dir(&folder).unwrap();
    close(&folder);
    fs::write(&path, days(7)).unwrap();
    followed.assert_days(7).await;
    followed.end().await;
}

#[tokio::test]
async fn a_wrong_file_is_a_problem_until_it_is_mended() {
    let mut followed = Followed::start(Some(&days(1)));
    let path = followed.settings.path.clone();
    fs::write(&path, "[logs]\nclosedDays = 9999\n").unwrap();
    let wrong = followed.next().await;
    assert_eq!(wrong.settings.logs.closed_days, 1, "the last good ones");
    let problem = wrong.problem.unwrap();
    assert!(problem.contains("line 2: logs.closedDays is 9999"), "{problem}");
    // Who comes late is told too.
    assert_eq!(followed.settings.changes().borrow().problem.as_ref(), Some(&problem));
    fs::write(&path, days(1)).unwrap();
    followed.assert_days(1).await;
    followed.end().await;
}

#[tokio::test]
async fn a_change_by_synk_itself_is_published_once() {
    let mut followed = Followed::start(None);
    followed.settings.change(&json!({ "logs": { "closedDays": 8 } })).unwrap();
    followed.assert_days(8).await;
    // The file is read again for it, and says the same. What is written then comes after.
    followed.settings.change(&json!({ "logs": { "closedDays": 9 } })).unwrap();
    followed.assert_days(9).await;
    fs::write(&followed.settings.path, days(10)).unwrap();
    followed.assert_days(10).await;
    followed.end().await;
}
