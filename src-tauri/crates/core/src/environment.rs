//! The environment that a session starts with: the login shell's, or the daemon's own for
//! what is a login shell itself, without what belongs to the terminal, editor or package
//! runner that happened to start the daemon.

mod login;

pub(crate) use login::Login;

use std::{collections::BTreeMap, env, path::PathBuf};
use synk_protocol::{SessionId, TerminalSettings};

/// Variables that describe another terminal, or another program's session.
const FOREIGN: &[&str] = &[
    "_",
    "APPDIR",
    "APPIMAGE",
    "ARGV0",
    "CLAUDECODE",
    "CLAUDE_CODE_ENTRYPOINT",
    "COLUMNS",
    "ELECTRON_RUN_AS_NODE",
    "GEMINI_CLI",
    "INIT_CWD",
    "INSIDE_EMACS",
    "LINES",
    "NODE",
    "OLDPWD",
    "OWD",
    "PWD",
    "SHLVL",
    "STY",
    "TERMCAP",
    "TERM_SESSION_ID",
    "TMUX",
    "TMUX_PANE",
    "WINDOWID",
    "ZELLIJ",
];
/// The same, by how they begin.
const FOREIGN_PREFIXES: &[&str] = &[
    "ALACRITTY_",
    "GHOSTTY_",
    "ITERM_",
    "KITTY_",
    "SYNK_SESSION",
    "SYNK_PROJECT",
    "TAURI_",
    "TERM_PROGRAM",
    "VSCODE_",
    "VTE_",
    "WEZTERM_",
    "ZELLIJ_",
    PACKAGE_RUNNER,
];
/// What the variables of npm, pnpm and yarn begin with.
const PACKAGE_RUNNER: &str = "npm_";

/// Variables that a shell looks at before or while it reads its start-up files.
const STARTUP: &[&str] = &[
    "BASH_ENV",
    "ENV",
    "HOME",
    "LOGNAME",
    "POSIXLY_CORRECT",
    "TERM",
    "USER",
    "XDG_CONFIG_DIRS",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "ZDOTDIR",
];

/// Variables by name.
pub(crate) type Variables = BTreeMap<String, String>;

/// The environment for a session, by name, on top of the login shell's or, where that is not
/// known or the session is such a shell itself, the daemon's own. What the request asks for
/// wins.
pub(crate) fn for_session(
    base: Option<&Variables>,
    session: SessionId,
    project: &str,
    requested: &Variables,
) -> Vec<(String, String)> {
    let mut vars = for_program(base);
    vars.extend(added(session, project, requested));
    vars.into_iter().collect()
}

/// The environment for programs that Synk runs itself, on top of the login shell's.
pub(crate) fn for_program(base: Option<&Variables>) -> Variables {
    match base {
        Some(base) => clean(base.clone().into_iter()),
        None => clean(own()),
    }
}

/// What a session has that a shell which waited for it has not.
pub(crate) fn added(
    session: SessionId,
    project: &str,
    requested: &Variables,
) -> Vec<(String, String)> {
    let mut vars = Variables::from([
        ("SYNK_PROJECT".to_owned(), project.to_owned()),
        ("SYNK_SESSION".to_owned(), session.to_string()),
    ]);
    vars.extend(requested.clone());
    vars.into_iter().collect()
}

/// The environment that a shell is started in before it has a session. Which one that is,
/// `SHELL` says; without it, the user database.
pub(crate) fn for_shell(shell: &str) -> Vec<(String, String)> {
    let mut vars = clean(own());
    if shell != login_shell() {
        vars.insert("SHELL".to_owned(), shell.to_owned());
    }
    vars.into_iter().collect()
}

/// Whether a `shell` that has read its start-up files without them can still be given these
/// variables: it must be able to name them, and they must not be what tells it which files to
/// read.
pub(crate) fn can_be_set_later(requested: &Variables, shell: &str) -> bool {
    let is_name = |name: &str| {
        !name.starts_with(|first: char| first.is_ascii_digit())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    requested.iter().all(|(name, value)| {
        is_name(name) && !STARTUP.contains(&name.as_str()) && (name != "SHELL" || value == shell)
    })
}

/// The user's login shell.
pub(crate) fn login_shell() -> String {
    env::var("SHELL").ok().filter(|shell| !shell.is_empty()).unwrap_or_else(|| "/bin/sh".to_owned())
}

/// The shell of terminals: the one in the settings, or the login shell.
pub(crate) fn shell(settings: &TerminalSettings) -> String {
    Some(&settings.shell).filter(|shell| !shell.is_empty()).cloned().unwrap_or_else(login_shell)
}

fn own() -> impl Iterator<Item = (String, String)> {
    // A name or value that is not UTF-8 has no place in JSON and is left out.
    env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

fn clean(vars: impl Iterator<Item = (String, String)>) -> Variables {
    let (foreign, mut vars): (Variables, Variables) = vars.partition(|(name, _)| is_foreign(name));
    if foreign.keys().any(|name| name.starts_with(PACKAGE_RUNNER))
        && let Some(path) = vars.get_mut("PATH")
    {
        *path = without_runners_folders(path);
    }
    for (name, value) in [
        ("TERM", "xterm-256color"),
        ("COLORTERM", "truecolor"),
        ("TERM_PROGRAM", "synk"),
        ("TERM_PROGRAM_VERSION", env!("CARGO_PKG_VERSION")),
    ] {
        vars.insert(name.to_owned(), value.to_owned());
    }
    vars
}

/// A search path without the folders that a package runner has put before the user's own: the
/// programs of the package that it runs are not those of whoever works in a pane.
fn without_runners_folders(path: &str) -> String {
    let is_runners =
        |folder: &str| folder.ends_with("/node_modules/.bin") || folder.ends_with("/node-gyp-bin");
    path.split(':').filter(|folder| !is_runners(folder)).collect::<Vec<_>>().join(":")
}

fn is_foreign(name: &str) -> bool {
    FOREIGN.contains(&name) || FOREIGN_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// The user's home folder; `/` for a user without one.
pub(crate) fn home_dir() -> PathBuf {
    env::home_dir().filter(|home| home.is_absolute()).unwrap_or_else(|| PathBuf::from("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_told_where_it_is_and_not_where_the_daemon_was_started() {
        let path = "/synk/node_modules/.bin:/npm/bin/node-gyp-bin:/bin";
        let base = [
            ("PATH", path),
            ("TMUX", "x"),
            ("npm_config_x", "y"),
            ("GEMINI_CLI", "1"),
            ("SYNK_HOME", "/s"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let requested = Variables::from([("TERM".to_owned(), "dumb".to_owned())]);
        let vars = for_session(Some(&base.into()), SessionId(7), "/p", &requested);
        let vars: Variables = vars.into_iter().collect();
        assert_eq!(vars["PATH"], "/bin");
        assert_eq!(vars["SYNK_HOME"], "/s", "`synk` inside a pane finds the same daemon");
        assert_eq!(vars["SYNK_SESSION"], "7");
        assert_eq!(vars["TERM"], "dumb", "the request wins");
        for foreign in ["TMUX", "npm_config_x", "GEMINI_CLI"] {
            assert!(!vars.contains_key(foreign), "{foreign}");
        }
    }
    #[test]
    fn what_a_shell_needs_at_its_start_is_not_set_later() {
        let asked = |name: &str, value: &str| {
            let requested = Variables::from([(name.to_owned(), value.to_owned())]);
            can_be_set_later(&requested, "/bin/fish")
        };
        assert!(asked("PORT", "80") && asked("_a1", "") && asked("SHELL", "/bin/fish"));
        for name in ["HOME", "ZDOTDIR", "a.b", "1a", "a-b", "SHELL"] {
            assert!(!asked(name, "/other"), "{name}");
        }
    }
}
