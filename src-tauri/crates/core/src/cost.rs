//! What agents use and what that costs, as their own transcripts say.
//!
//! An agent writes down what each answer of its model took. [`transcript`] reads what was
//! appended to such a file since the last look, the files named for the agents know their
//! formats and where sub-agents write, and [`tracker`] brings what was found into the store,
//! which counts each answer once. Prices are put on it only when somebody asks ([`prices`]),
//! so that a corrected price is right for the past too.
//!
//! Nothing here writes to a file of an agent's, asks an agent anything, or knows when it
//! works: who follows the sessions says when to look.

mod claude_code;
mod codex;
mod days;
mod files;
mod gemini_cli;
mod prices;
mod screen;
mod subject;
#[cfg(test)]
mod tests;
mod tracker;
mod transcript;

use synk_protocol::TokenCounts;

pub(crate) use prices::{LONG_CONTEXTS, MAX_MODELS, check as check_price};
pub(crate) use subject::Subject;
pub(crate) use tracker::CostTracker;

/// The most tokens that one answer can take. No model comes near; a file that says more is
/// wrong, and sums of such numbers would overflow.
const MAX_TOKENS: u64 = 1_000_000_000;
/// The longest name that a transcript gives an answer, in bytes.
const MAX_KEY_BYTES: usize = 256;
/// The longest name of a model, in characters.
const MAX_MODEL_CHARS: usize = 100;

/// Tokens by what is asked for them. None is counted twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Tokens {
    pub(crate) input: u64,
    pub(crate) output: u64,
    pub(crate) cache_read: u64,
    /// Written to a cache that lasts five minutes, or for as long as its provider likes.
    pub(crate) cache_write: u64,
    /// Written to a cache that lasts an hour.
    pub(crate) cache_write_hour: u64,
}

impl Tokens {
    fn each(&self) -> [u64; 5] {
        [self.input, self.output, self.cache_read, self.cache_write, self.cache_write_hour]
    }

    pub(crate) fn total(&self) -> u64 {
        self.each().iter().fold(0, |sum, tokens| sum.saturating_add(*tokens))
    }

    fn add(&mut self, other: &Self) {
        for (sum, tokens) in [
            (&mut self.input, other.input),
            (&mut self.output, other.output),
            (&mut self.cache_read, other.cache_read),
            (&mut self.cache_write, other.cache_write),
            (&mut self.cache_write_hour, other.cache_write_hour),
        ] {
            *sum = sum.saturating_add(tokens);
        }
    }

    /// As the wire has them.
    pub(crate) fn counts(&self) -> TokenCounts {
        TokenCounts {
            input: self.input,
            output: self.output,
            cache_read: self.cache_read,
            cache_write: self.cache_write.saturating_add(self.cache_write_hour),
        }
    }
}

/// What one answer of a model took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Usage {
    /// The answer's name, the same wherever and how often the agent writes it down.
    pub(crate) key: String,
    /// With an agent whose helpers repeat answers under other names: what stays the same.
    pub(crate) answer: Option<String>,
    /// It may be such a repetition.
    pub(crate) replay: bool,
    /// The model, as the agent names it: plain text.
    pub(crate) model: String,
    /// When: milliseconds since 1970, UTC; absent when the line does not say.
    pub(crate) at: Option<u64>,
    /// Made at more speed, for a higher price.
    pub(crate) fast: bool,
    pub(crate) tokens: Tokens,
}

impl Usage {
    /// Nothing of a line that takes nothing or makes no sense.
    fn checked(self) -> Option<Self> {
        let possible = self.tokens.each().iter().all(|tokens| *tokens <= MAX_TOKENS);
        let named = !self.key.is_empty() && self.key.len() <= MAX_KEY_BYTES;
        let model = synk_protocol::plain_text(&self.model, MAX_MODEL_CHARS);
        (possible && named && !model.is_empty() && self.tokens.total() > 0)
            .then_some(Self { model, ..self })
    }
}

/// A time as agents write it, in milliseconds since 1970.
fn millis(timestamp: Option<&str>) -> Option<u64> {
    let timestamp: jiff::Timestamp = timestamp?.parse().ok()?;
    u64::try_from(timestamp.as_millisecond()).ok()
}
