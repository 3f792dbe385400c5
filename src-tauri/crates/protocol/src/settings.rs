//! The settings, as `settings:get` answers them. Their file is `settings.toml`; reading and
//! checking it is the daemon's.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::session::MAX_PANES;

/// Every setting.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct SynkSettings {
    /// What is kept of the sessions' output.
    pub logs: LogSettings,
    /// How sessions behave.
    pub sessions: SessionSettings,
    /// Shells that are started before they are asked for.
    pub pool: PoolSettings,
}

/// What is kept of the sessions' output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct LogSettings {
    /// The most that one session's log may take, in MiB, from 1 to 65,536. The oldest goes
    /// first.
    pub session_limit_mib: u32,
    /// The most that all logs together may take, in MiB, from 16 to 1,048,576. Sessions that
    /// were closed go first, then the oldest parts of the others.
    pub total_limit_mib: u32,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { session_limit_mib: 64, total_limit_mib: 2048 }
    }
}

/// How sessions behave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct SessionSettings {
    /// Run the sessions that were lost, to a reboot for example, again by themselves. By
    /// default each waits for Enter.
    pub run_lost: bool,
}

/// Shells that are started before they are asked for, so that a pane opens at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PoolSettings {
    /// How many shells wait, from 0 to 8. 0 turns the pool off. When nobody has set it the
    /// machine decides: 2, from 16 GB and 8 cores on 3, from 32 GB and 12 cores on 4.
    pub initial_size: u32,
    /// The most that wait, from `initialSize` to 8: closed shells are replaced up to here.
    /// When nobody has set it: 3, then 4, then 6, as above.
    pub max_size: u32,
    /// Panes in the grid, from 1 to 12. Background sessions do not count.
    pub max_active: u32,
    /// Replace a shell that is closed by a fresh one, up to `maxSize`.
    pub recycle: bool,
    /// How old a waiting shell becomes before another takes its place, in minutes, from 1
    /// to 1,440.
    pub max_age_minutes: u32,
    /// How long after a start the next shell is warmed up, in milliseconds, from 0 to 10,000.
    pub warmup_delay_ms: u32,
    /// Shells are login shells.
    pub login_shell: bool,
    /// What the prompt of a shell without integration looks like: a regular expression for
    /// the text of its line up to the cursor. Empty for Synk's own.
    pub prompt_pattern: String,
    /// The least time between two starts that the pool cannot serve, in milliseconds, from 0
    /// to 10,000.
    pub stagger_ms: u32,
}

impl Default for PoolSettings {
    fn default() -> Self {
        Self {
            initial_size: 2,
            max_size: 3,
            max_active: MAX_PANES,
            recycle: true,
            max_age_minutes: 30,
            warmup_delay_ms: 100,
            login_shell: true,
            prompt_pattern: String::new(),
            stagger_ms: 100,
        }
    }
}

/// Arguments of `settings:get`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct GetSettings {}

/// Arguments of `settings:set`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SetSettings {
    /// The settings to change, in the shape of [`SynkSettings`], with only those named that
    /// change.
    #[ts(type = "{ [Group in keyof SynkSettings]?: Partial<SynkSettings[Group]> }")]
    pub settings: serde_json::Value,
}
