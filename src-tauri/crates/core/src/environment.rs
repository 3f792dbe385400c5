//! The environment that a session starts with: the daemon's own, without what belongs to
//! the terminal, editor or package runner that happened to start it.

use std::{collections::BTreeMap, env, path::PathBuf};
use synk_protocol::SessionId;

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
    "npm_",
];

/// The environment for a session, by name. What the request asks for wins.
pub(crate) fn for_session(
    session: SessionId,
    project: &str,
    requested: &BTreeMap<String, String>,
) -> Vec<(String, String)> {
    // A name or value that is not UTF-8 has no place in JSON and is left out.
    let own = env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
    build(own, session, project, requested)
}

fn build(
    own: impl Iterator<Item = (String, String)>,
    session: SessionId,
    project: &str,
    requested: &BTreeMap<String, String>,
) -> Vec<(String, String)> {
    let mut vars: BTreeMap<String, String> = own.filter(|(name, _)| !is_foreign(name)).collect();
    for (name, value) in [
        ("TERM", "xterm-256color"),
        ("COLORTERM", "truecolor"),
        ("TERM_PROGRAM", "synk"),
        ("TERM_PROGRAM_VERSION", env!("CARGO_PKG_VERSION")),
        ("SYNK_PROJECT", project),
        ("SYNK_SESSION", &session.to_string()),
    ] {
        vars.insert(name.to_owned(), value.to_owned());
    }
    vars.extend(requested.clone());
    vars.into_iter().collect()
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
        let own = [("PATH", "/bin"), ("TMUX", "x"), ("npm_config_x", "y"), ("SYNK_HOME", "/s")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let requested = BTreeMap::from([("TERM".to_owned(), "dumb".to_owned())]);
        let vars: BTreeMap<_, _> =
            build(own.into_iter(), SessionId(7), "/p", &requested).into_iter().collect();
        assert_eq!(vars["PATH"], "/bin");
        assert_eq!(vars["SYNK_HOME"], "/s", "`synk` inside a pane finds the same daemon");
        assert_eq!(vars["SYNK_SESSION"], "7");
        assert_eq!(vars["TERM"], "dumb", "the request wins");
        assert!(!vars.contains_key("TMUX") && !vars.contains_key("npm_config_x"));
    }
}
