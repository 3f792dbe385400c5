mod bounds;
mod changes;
mod followed;

use serde_json::{Value, json};
use std::{fs, os::unix::fs::symlink};
use synk_protocol::{Palette, PoolSettings, SynkSettings};

use super::{Settings, machine};

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
