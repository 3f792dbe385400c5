//! What the command about the pool of waiting shells takes and answers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Arguments of `pool:status`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct GetPoolStatus {}

/// The pool of waiting shells: reply of `pool:status`, and the event of that name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct PoolStatus {
    /// Shells that wait to be claimed.
    pub idle: u32,
    /// Sessions that run, wherever they were started.
    pub active: u32,
    /// All of them, with those that are being started and those that are being ended.
    pub total: u32,
    /// Shells that read their start-up files.
    pub warming: u32,
    /// What the waiting shells and their shims occupy, as measured: on Linux the share of
    /// memory that is theirs, elsewhere what is resident. In bytes.
    #[ts(type = "number")]
    pub memory_bytes: u64,
    /// What keeps the pool from working as it should, and what to do.
    pub problem: Option<String>,
}
