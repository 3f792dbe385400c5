//! What agents use and what it costs, as far as their own transcripts say.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{agent::AgentType, session::SessionId};

/// Tokens, by how they are priced. No token is counted twice: input that was read from or
/// written to a cache is not in `input`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct TokenCounts {
    /// Read by the model, at full price.
    #[ts(type = "number")]
    pub input: u64,
    /// Written by the model, what it thought included.
    #[ts(type = "number")]
    pub output: u64,
    /// Read from a cache.
    #[ts(type = "number")]
    pub cache_read: u64,
    /// Written to a cache.
    #[ts(type = "number")]
    pub cache_write: u64,
}

/// What was used in some time.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Cost {
    /// All of it.
    pub tokens: TokenCounts,
    /// What it costs by the price table, in billionths of a US dollar, so that sums are exact.
    /// Absent when no model in it has a price.
    #[ts(type = "number | null")]
    pub nanodollars: Option<u64>,
    /// Tokens of models without a price: they are not in `nanodollars`.
    #[ts(type = "number")]
    pub unpriced_tokens: u64,
}

/// Where a session's cost is known from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CostSource {
    /// The agent's own transcript.
    Transcript,
    /// A line on the screen.
    Screen,
}

/// What a session has used so far.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CostAccumulator {
    /// All of it.
    pub cost: Cost,
    /// The models that were used, the last one last.
    pub models: Vec<String>,
    /// Where this is known from.
    pub source: CostSource,
    /// When the last of it was used: milliseconds since 1970, UTC.
    #[ts(type = "number")]
    pub at: u64,
}

/// A session used something: the payload of `cost:updated`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CostUpdated {
    /// Which session.
    pub session_id: SessionId,
    /// Since the last such event.
    pub delta: Cost,
    /// In all.
    pub cumulative: CostAccumulator,
}

/// Arguments of `cost:list`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
#[ts(optional_fields)]
pub struct ListCosts {
    /// From this day on, `2026-11-26` in this machine's time zone; the last 30 days by default.
    #[serde(default)]
    pub since: Option<String>,
    /// Up to and with this day; today by default.
    #[serde(default)]
    pub until: Option<String>,
}

/// What one agent used in one project with one model on one day: an answer of `cost:list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CostRow {
    /// `2026-11-26`, in this machine's time zone.
    pub day: String,
    /// Which agent.
    pub agent_type: AgentType,
    /// The project's folder.
    pub project_path: String,
    /// Which model, as the agent names it.
    pub model: String,
    /// What it used.
    pub cost: Cost,
}

/// Reply of `cost:list`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct CostList {
    /// By day, the newest first.
    pub rows: Vec<CostRow>,
    /// The sum of today's rows, whatever was asked for.
    pub today: Cost,
    /// The day of the price table that ships with Synk.
    pub prices_of: String,
}
