//! The files that shells read when they start, as they are on disk: a shell that has read
//! others than are there now is out of date. What those files read in turn is not known, but
//! for the usual places.

use std::{
    env, fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::environment;

/// For all users.
const GLOBAL: &[&str] = &[
    "/etc/profile",
    "/etc/profile.d",
    "/etc/bash.bashrc",
    "/etc/bashrc",
    "/etc/environment",
    "/etc/zshenv",
    "/etc/zprofile",
    "/etc/zshrc",
    "/etc/zlogin",
    "/etc/zsh/zshenv",
    "/etc/zsh/zprofile",
    "/etc/zsh/zshrc",
    "/etc/zsh/zlogin",
    "/etc/fish/config.fish",
    "/etc/fish/conf.d",
];
/// In the home folder. A folder changes when a file appears in it or goes.
const HOME: &[&str] = &[
    ".profile",
    ".bash_profile",
    ".bash_login",
    ".bashrc",
    ".bash_aliases",
    ".inputrc",
    ".kshrc",
    ".mkshrc",
    ".yashrc",
];
/// In `ZDOTDIR`, or the home folder.
const ZSH: &[&str] = &[".zshenv", ".zprofile", ".zshrc", ".zlogin"];
/// In `XDG_CONFIG_HOME`, or `.config` in the home folder.
const CONFIG: &[&str] = &["fish/config.fish", "fish/conf.d", "fish/functions", "starship.toml"];

/// What is known of each file that is there: its place, its inode, when it was changed and
/// how large it is. The shell itself is one of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct StartupFiles {
    /// That reads them.
    pub(super) shell: String,
    seen: Arc<Vec<(PathBuf, [i64; 4])>>,
}

/// Looks at the files that this shell reads.
pub(super) async fn look(shell: String) -> StartupFiles {
    tokio::task::spawn_blocking(|| of(&places(&shell), shell)).await.unwrap_or_default()
}

fn places(shell: &str) -> Vec<PathBuf> {
    let home = environment::home_dir();
    let folder = |variable: &str, default: PathBuf| {
        env::var_os(variable)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
            .unwrap_or(default)
    };
    let zsh = folder("ZDOTDIR", home.clone());
    let config = folder("XDG_CONFIG_HOME", home.join(".config"));
    let own = [(&home, HOME), (&zsh, ZSH), (&config, CONFIG)];
    let own = own.into_iter().flat_map(|(at, names)| names.iter().map(move |name| at.join(name)));
    let named = env::var_os("ENV").map(PathBuf::from).into_iter().chain([shell.into()]);
    GLOBAL.iter().map(PathBuf::from).chain(own).chain(named).collect()
}

fn of(places: &[PathBuf], shell: String) -> StartupFiles {
    let seen = |path: &PathBuf| {
        let found = fs::metadata::<&Path>(path).ok()?;
        let size = i64::try_from(found.size()).unwrap_or(i64::MAX);
        let inode = i64::from_ne_bytes(found.ino().to_ne_bytes());
        Some((path.clone(), [inode, found.mtime(), found.mtime_nsec(), size]))
    };
    StartupFiles { shell, seen: Arc::new(places.iter().filter_map(seen).collect()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_written_replaced_or_removed_makes_a_difference() {
        let folder = tempfile::tempdir().unwrap();
        let places = [folder.path().join("rc"), folder.path().join("none")];
        let look = || of(&places, String::new());
        let states = [
            look(),
            {
                fs::write(&places[0], "a").unwrap();
                look()
            },
            {
                fs::write(folder.path().join("new"), "b").unwrap();
                fs::rename(folder.path().join("new"), &places[0]).unwrap();
                look()
            },
            {
                fs::write(&places[0], "longer").unwrap();
                look()
            },
        ];
        for (at, state) in states.iter().enumerate() {
            assert_eq!(states.iter().filter(|other| *other == state).count(), 1, "{at}");
        }
        assert_eq!(look(), states[3]);
    }
}
