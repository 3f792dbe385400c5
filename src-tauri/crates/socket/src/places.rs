//! Where Synk keeps things.
//!
//! ```text
//! $XDG_CONFIG_HOME/synk/            settings, saved layouts
//! $XDG_STATE_HOME/synk/             synk.db, window.json, workspaces.json, daemon.lock,
//!                                   sessions/<id>/, worktrees/, logs/
//! $XDG_RUNTIME_DIR/synk/            daemon.sock, window.sock, locks, shims/<id>.sock, pool/
//! ```
//! On macOS, and where a variable is not set, the `directories` crate's places, with the
//! sockets under the state folder. `SYNK_HOME=<dir>` puts all three under one folder.

use directories::ProjectDirs;
use std::{
    env,
    path::{Path, PathBuf},
};
use synk_protocol::{SessionId, WireError};

use crate::private::private_dir;

/// Synk's folders. Nothing exists on disk until [`Places::prepare`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    config: PathBuf,
    state: PathBuf,
    runtime: PathBuf,
}

impl Places {
    /// The places of this user, or those under `SYNK_HOME`.
    ///
    /// # Errors
    /// When `SYNK_HOME` is not absolute, or the user has no home folder.
    pub fn from_env() -> Result<Self, WireError> {
        if let Some(home) = env::var_os("SYNK_HOME").filter(|home| !home.is_empty()) {
            let home = PathBuf::from(home);
            if !home.is_absolute() {
                return Err(WireError::invalid(format!(
                    "SYNK_HOME is “{}”; it must be an absolute path",
                    home.display()
                )));
            }
            return Ok(Self::under(&home));
        }
        let dirs = ProjectDirs::from("", "", "synk").ok_or_else(|| {
            WireError::invalid(
                "there is no home folder; set HOME, or SYNK_HOME to a folder for Synk",
            )
        })?;
        let state = dirs.state_dir().unwrap_or_else(|| dirs.data_local_dir()).to_owned();
        let runtime = dirs.runtime_dir().map_or_else(|| state.join("run"), Path::to_owned);
        Ok(Self { config: dirs.config_dir().to_owned(), state, runtime })
    }

    /// The places under one folder.
    pub fn under(home: &Path) -> Self {
        Self { config: home.join("config"), state: home.join("state"), runtime: home.join("run") }
    }

    /// Makes the folders that do not exist, and checks that each is its owner's alone.
    ///
    /// # Errors
    /// [`synk_protocol::ErrorCode::Denied`] for a folder that others can reach, or the
    /// system's reason why one cannot be made.
    pub fn prepare(&self) -> Result<(), WireError> {
        [&self.config, &self.state, &self.runtime]
            .into_iter()
            .try_for_each(|dir| private_dir(dir))?;
        [self.sessions(), self.logs(), self.shims()].iter().try_for_each(|dir| private_dir(dir))
    }

    /// The settings' file.
    pub fn settings(&self) -> PathBuf {
        self.config.join("settings.toml")
    }

    /// Saved layouts.
    pub fn layouts(&self) -> PathBuf {
        self.config.join("sessions")
    }

    /// The workspaces.
    pub fn workspaces(&self) -> PathBuf {
        self.state.join("workspaces.json")
    }

    /// The list of sessions.
    pub fn store(&self) -> PathBuf {
        self.state.join("synk.db")
    }

    /// The daemon's socket.
    pub fn daemon_socket(&self) -> PathBuf {
        self.runtime.join("daemon.sock")
    }

    /// Held by the daemon for as long as it runs: the sockets are its own.
    pub fn daemon_lock(&self) -> PathBuf {
        self.runtime.join("lock")
    }

    /// Held by it as well: the sessions are its own. Sockets can be elsewhere, since
    /// `XDG_RUNTIME_DIR` is not the same in every environment of a user.
    pub fn state_lock(&self) -> PathBuf {
        self.state.join("daemon.lock")
    }

    /// The open window's socket.
    pub fn window_socket(&self) -> PathBuf {
        self.runtime.join("window.sock")
    }

    /// Held by a window while it finds out whether it is the only one.
    pub fn window_lock(&self) -> PathBuf {
        self.runtime.join("window.lock")
    }

    /// Where the window was last.
    pub fn window(&self) -> PathBuf {
        self.state.join("window.json")
    }

    /// The shims' sockets.
    pub fn shims(&self) -> PathBuf {
        self.runtime.join("shims")
    }

    /// One shim's socket.
    pub fn shim_socket(&self, session: SessionId) -> PathBuf {
        self.shims().join(format!("{session}.sock"))
    }

    /// The channels of shells that wait for a session; see the core's process pool.
    pub fn pool(&self) -> PathBuf {
        self.runtime.join("pool")
    }

    /// The sessions' folders.
    pub fn sessions(&self) -> PathBuf {
        self.state.join("sessions")
    }

    /// One session's folder.
    pub fn session(&self, session: SessionId) -> PathBuf {
        self.sessions().join(session.to_string())
    }

    /// A session's own record.
    pub fn record(&self, session: SessionId) -> PathBuf {
        self.session(session).join("metadata.json")
    }

    /// The worktrees that Synk makes: a folder for each project, and in it one for each.
    pub fn worktrees(&self) -> PathBuf {
        self.state.join("worktrees")
    }

    /// What is passed to agents at their start.
    pub fn agents(&self) -> PathBuf {
        self.state.join("agents")
    }

    /// What the window's web view keeps.
    pub fn web_view(&self) -> PathBuf {
        self.state.join("web-view")
    }

    /// Synk's own logs.
    pub fn logs(&self) -> PathBuf {
        self.state.join("logs")
    }
}
