//! The settings, as `settings:get` answers them. Their file is `settings.toml`; reading and
//! checking it is the daemon's.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Every setting.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct SynkSettings {
    /// What is kept of the sessions' output.
    pub logs: LogSettings,
    /// How sessions behave.
    pub sessions: SessionSettings,
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
