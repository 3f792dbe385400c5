//! What a setting may be. Ranges are in the descriptions of the settings' types.

use std::{collections::BTreeMap, fs, ops::RangeInclusive, os::unix::fs::PermissionsExt as _};
use synk_protocol::{
    AgentSettings, AgentType, AppearanceSettings, KeyboardSettings, MAX_PANES, Palette,
    PoolSettings, SynkSettings, WorktreeSettings,
};

use crate::{agents, cost};

/// See [`synk_protocol::GeneralSettings`].
const AUTO_SAVE_SECONDS: RangeInclusive<u32> = 5..=3600;
/// See [`AppearanceSettings`].
const FONT_SIZE: RangeInclusive<u32> = 6..=40;
const LINE_HEIGHT: RangeInclusive<u32> = 100..=200;
const SCROLLBACK: RangeInclusive<u32> = 100..=50_000;
const ZOOM: RangeInclusive<u32> = 50..=200;
/// See [`synk_protocol::LogSettings`].
const SESSION_LIMIT_MIB: RangeInclusive<u32> = 1..=65_536;
const TOTAL_LIMIT_MIB: RangeInclusive<u32> = 16..=1_048_576;
const CLOSED_DAYS: RangeInclusive<u32> = 0..=3650;
/// See [`PoolSettings`].
const POOL_SIZE: RangeInclusive<u32> = 0..=8;
const MAX_AGE_MINUTES: RangeInclusive<u32> = 1..=1440;
const DELAY_MS: RangeInclusive<u32> = 0..=10_000;
/// See [`WorktreeSettings`].
const PREPARED: RangeInclusive<u32> = 0..=4;
const TRASH_DAYS: RangeInclusive<u32> = 1..=3650;

/// The longest name of a palette or an action, and of a font, in characters.
pub(super) const MAX_NAME: usize = 64;
const MAX_FONT: usize = 256;
const MAX_PALETTES: usize = 500;
/// Colours of a palette.
pub(super) const COLORS: usize = 16;
const MAX_BINDINGS: usize = 500;
/// Key combinations of one action, and the characters of one.
const MAX_KEYS: usize = 4;
const MAX_KEYS_LENGTH: usize = 64;
const MODIFIERS: [&str; 4] = ["Ctrl", "Alt", "Shift", "Meta"];
/// The longest path of a shell, in bytes.
const MAX_SHELL: usize = 4096;
/// Arguments of one agent, and the bytes of all of them.
const MAX_ARGUMENTS: usize = 64;
const MAX_ARGUMENT_BYTES: usize = 4096;

/// A setting that cannot be.
#[derive(Debug)]
pub(super) struct Wrong {
    /// Its name in the file, from the group on, as far as that is one setting's.
    pub(super) at: Vec<String>,
    /// What is wrong, with its name.
    pub(super) what: String,
}

type Check = Result<(), Wrong>;

fn wrong<T>(at: &[&str], what: &str) -> Result<T, Wrong> {
    Err(Wrong { at: own(at), what: format!("{} {what}", at.join(".")) })
}

fn own(at: &[&str]) -> Vec<String> {
    at.iter().map(|&name| name.to_owned()).collect()
}

fn in_range(at: &[&str], value: u32, range: RangeInclusive<u32>) -> Check {
    if range.contains(&value) {
        return Ok(());
    }
    let (least, most) = range.into_inner();
    wrong(at, &format!("is {value}; it goes from {least} to {most}"))
}

/// Checks every setting.
pub(super) fn check(settings: &SynkSettings) -> Check {
    let SynkSettings {
        general,
        appearance,
        terminal,
        keyboard,
        logs,
        // Nothing of these can be wrong.
        sessions: _,
        notifications: _,
        pool,
        agents,
        worktrees,
        prices,
    } = settings;
    in_range(&["general", "autoSaveSeconds"], general.auto_save_seconds, AUTO_SAVE_SECONDS)?;
    self::appearance(appearance)?;
    shell(&terminal.shell)?;
    self::keyboard(keyboard)?;
    in_range(&["logs", "sessionLimitMib"], logs.session_limit_mib, SESSION_LIMIT_MIB)?;
    in_range(&["logs", "totalLimitMib"], logs.total_limit_mib, TOTAL_LIMIT_MIB)?;
    in_range(&["logs", "closedDays"], logs.closed_days, CLOSED_DAYS)?;
    self::pool(pool)?;
    self::agents(agents)?;
    self::worktrees(worktrees)?;
    if prices.models.len() > cost::MAX_MODELS {
        return wrong(&["prices", "models"], &format!("has more than {}", cost::MAX_MODELS));
    }
    each(&["prices", "models"], &prices.models, cost::check_price)
}

/// Checks the entries of a map by a check that names them itself.
fn each<T>(
    at: &[&str],
    map: &BTreeMap<String, T>,
    check: impl Fn(&str, &T) -> Result<(), String>,
) -> Check {
    map.iter().try_for_each(|(name, entry)| {
        let at = at.iter().copied().chain([&**name]).map(str::to_owned).collect();
        check(name, entry).map_err(|what| Wrong { at, what })
    })
}

fn appearance(appearance: &AppearanceSettings) -> Check {
    let at = |name| ["appearance", name];
    in_range(&at("fontSize"), appearance.font_size, FONT_SIZE)?;
    in_range(&at("lineHeight"), appearance.line_height, LINE_HEIGHT)?;
    in_range(&at("scrollback"), appearance.scrollback, SCROLLBACK)?;
    in_range(&at("zoom"), appearance.zoom, ZOOM)?;
    if !is_text(&appearance.font_family, &(0..=MAX_FONT)) {
        let what = format!("is no font: it has up to {MAX_FONT} characters, none of control");
        return wrong(&at("fontFamily"), &what);
    }
    let palettes = &appearance.palettes;
    if palettes.len() > MAX_PALETTES {
        return wrong(&at("palettes"), &format!("has more than {MAX_PALETTES}"));
    }
    for (name, palette) in palettes {
        let at = ["appearance", "palettes", name];
        if !is_text(name, &(1..=MAX_NAME)) {
            let what = format!(
                "appearance.palettes has a name that is not 1 to {MAX_NAME} characters, none of \
                 control"
            );
            return Err(Wrong { at: own(&at), what });
        }
        self::palette(&at, palette)?;
    }
    let chosen = &appearance.palette;
    if chosen.is_empty() || palettes.contains_key(chosen) {
        return Ok(());
    }
    wrong(&at("palette"), &format!("is “{}”, which is none of the palettes", excerpt(chosen)))
}

fn palette(at: &[&str; 3], palette: &Palette) -> Check {
    let Palette { background, foreground, cursor, selection, colors } = palette;
    let [appearance, palettes, name] = *at;
    let color = |field: &str, color: &str, needed: bool| {
        if is_color(color) || (!needed && color.is_empty()) {
            return Ok(());
        }
        let what = format!("is “{}”; a colour is #rrggbb", excerpt(color));
        wrong(&[appearance, palettes, name, field], &what)
    };
    color("background", background, true)?;
    color("foreground", foreground, true)?;
    color("cursor", cursor, false)?;
    color("selection", selection, false)?;
    if colors.len() != COLORS {
        let what = format!("has {} colours; there are {COLORS}", colors.len());
        return wrong(&[appearance, palettes, name, "colors"], &what);
    }
    colors.iter().try_for_each(|one| color("colors", one, true))
}

/// `#rrggbb`.
pub(super) fn is_color(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|digits| {
        digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

pub(super) fn is_text(text: &str, length: &RangeInclusive<usize>) -> bool {
    length.contains(&text.chars().count()) && !text.chars().any(char::is_control)
}

/// As much of what somebody wrote as belongs into a message.
pub(super) fn excerpt(text: &str) -> String {
    text.chars().take(MAX_NAME).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// What a shell's name is. That it runs is seen when it is chosen ([`shell_runs`]) and when it
/// is started: one that is gone makes no settings wrong.
fn shell(shell: &str) -> Check {
    let is_path = shell.starts_with('/') && shell.len() <= MAX_SHELL && !shell.contains('\0');
    if shell.is_empty() || is_path {
        return Ok(());
    }
    wrong(&["terminal", "shell"], &format!("is “{}”, which is no absolute path", excerpt(shell)))
}

/// Whether a shell can be run, as far as can be said before.
pub(crate) fn shell_runs(shell: &str) -> Result<(), String> {
    let is_program = || {
        fs::metadata(shell)
            .is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
    };
    if shell.is_empty() || !shell.starts_with('/') || is_program() {
        return Ok(());
    }
    Err(format!(
        "terminal.shell is {}, which is no program that can be run; install it or choose another",
        excerpt(shell)
    ))
}

fn keyboard(keyboard: &KeyboardSettings) -> Check {
    let bindings = &keyboard.bindings;
    if bindings.len() > MAX_BINDINGS {
        return wrong(&["keyboard", "bindings"], &format!("has more than {MAX_BINDINGS} actions"));
    }
    for (action, keys) in bindings {
        let at = ["keyboard", "bindings", action];
        if !is_text(action, &(1..=MAX_NAME)) {
            let what = format!(
                "keyboard.bindings has an action that is not 1 to {MAX_NAME} characters, none of \
                 control"
            );
            return Err(Wrong { at: own(&at), what });
        }
        if keys.len() > MAX_KEYS {
            return wrong(&at, &format!("has more than {MAX_KEYS} key combinations"));
        }
        if let Some(odd) = keys.iter().find(|keys| !are_keys(keys)) {
            let what = format!(
                "has “{}”, which are no keys: it is Ctrl, Alt, Shift or Meta, each once, and \
                 then one key, as in Ctrl+Shift+P",
                excerpt(odd)
            );
            return wrong(&at, &what);
        }
    }
    Ok(())
}

/// `Ctrl+Shift+P`: modifiers, each once, and then a key: one character or its name.
fn are_keys(keys: &str) -> bool {
    if keys.chars().count() > MAX_KEYS_LENGTH {
        return false;
    }
    let mut left = MODIFIERS.to_vec();
    let mut key = keys;
    while let Some((modifier, rest)) = key.split_once('+')
        && let Some(at) = left.iter().position(|one| *one == modifier)
    {
        left.remove(at);
        key = rest;
    }
    let mut characters = key.chars();
    let is_one = match (characters.next(), characters.next()) {
        (Some(only), None) => !only.is_whitespace() && !only.is_control(),
        _ => false,
    };
    let is_name = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (is_one || is_name) && !MODIFIERS.contains(&key)
}

fn pool(pool: &PoolSettings) -> Check {
    let at = |name| ["pool", name];
    in_range(&at("initialSize"), pool.initial_size, POOL_SIZE)?;
    in_range(&at("maxSize"), pool.max_size, pool.initial_size..=*POOL_SIZE.end())?;
    in_range(&at("maxActive"), pool.max_active, 1..=MAX_PANES)?;
    in_range(&at("maxAgeMinutes"), pool.max_age_minutes, MAX_AGE_MINUTES)?;
    in_range(&at("warmupDelayMs"), pool.warmup_delay_ms, DELAY_MS)?;
    in_range(&at("staggerMs"), pool.stagger_ms, DELAY_MS)?;
    if pool.prompt_pattern.is_empty() {
        return Ok(());
    }
    // As the shim reads it.
    regex::Regex::new(&pool.prompt_pattern)
        .map(drop)
        .or_else(|error| wrong(&at("promptPattern"), &format!("is no regular expression: {error}")))
}

fn agents(agents: &AgentSettings) -> Check {
    let known = [AgentType::ClaudeCode, AgentType::GeminiCli, AgentType::Codex];
    for (name, arguments) in &agents.arguments {
        let at = ["agents", "arguments", name];
        if !known.iter().any(|agent| agent.as_str() == name) {
            return wrong(&at, "is for no agent that Synk knows: claude_code, gemini_cli, codex");
        }
        let bytes: usize = arguments.iter().map(String::len).sum();
        if arguments.len() > MAX_ARGUMENTS || bytes > MAX_ARGUMENT_BYTES {
            let what =
                format!("has more than {MAX_ARGUMENTS} arguments or {MAX_ARGUMENT_BYTES} bytes");
            return wrong(&at, &what);
        }
        if arguments.iter().any(|argument| argument.contains('\0')) {
            return wrong(&at, "contains a NUL byte");
        }
    }
    each(&["agents", "custom"], &agents.custom, agents::check)
}

fn worktrees(worktrees: &WorktreeSettings) -> Check {
    in_range(&["worktrees", "prepared"], worktrees.prepared, PREPARED)?;
    in_range(&["worktrees", "trashDays"], worktrees.trash_days, TRASH_DAYS)?;
    match worktrees.trusted.iter().find(|path| !path.starts_with('/')) {
        None => Ok(()),
        Some(odd) => wrong(
            &["worktrees", "trusted"],
            &format!("has “{}”, which is not an absolute path", excerpt(odd)),
        ),
    }
}
