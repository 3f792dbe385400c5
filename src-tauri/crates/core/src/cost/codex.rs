//! What Codex writes down: `sessions/YYYY/MM/DD/rollout-<time>-<thread>.jsonl`, one for each
//! thread; a sub-agent's thread names the one that started it.
//!
//! Of each answer there is a record with its name, and then a count of the whole thread so
//! far; earlier versions write the count alone. What a count says beyond what is known already
//! is an answer without a record. A thread that was made from another begins with a copy of
//! that one's history, counts included, and none of it was used again.

mod threads;

use memchr::memmem;
use serde::Deserialize;
use serde_json::Value;
use std::{borrow::Cow, path::Path};

use super::{Tokens, Usage, millis};
pub(super) use threads::Threads;

/// A copied history is written at once, some of it with the time of that. The first answer of
/// the thread's own takes longer.
const COPYING_MS: u64 = 2000;
/// The lines that are read have one of these in them.
const KINDS: [&[u8]; 4] =
    [b"\"session_meta\"", b"\"turn_context\"", b"\"token_count\"", b"\"token_usage_record\""];

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    timestamp: Option<Cow<'a, str>>,
    ordinal: Option<u64>,
    #[serde(borrow)]
    payload: Payload<'a>,
}

/// Of any line that is read.
#[derive(Deserialize)]
struct Payload<'a> {
    #[serde(rename = "type", borrow)]
    kind: Option<Cow<'a, str>>,
    /// The thread's, of `session_meta`.
    id: Option<Cow<'a, str>>,
    timestamp: Option<Cow<'a, str>>,
    forked_from_id: Option<Cow<'a, str>>,
    parent_thread_id: Option<Cow<'a, str>>,
    source: Option<Value>,
    /// Lines below this one are a copy.
    subagent_history_start_ordinal: Option<u64>,
    /// Of `turn_context`.
    model: Option<Cow<'a, str>>,
    /// Of `token_usage_record`.
    thread_id: Option<Cow<'a, str>>,
    response_id: Option<Cow<'a, str>>,
    usage: Option<Count>,
    /// Of `token_count`.
    info: Option<Counts>,
}

impl Payload<'_> {
    /// The thread that this one was started by, where it is a sub-agent's.
    fn parent(&self) -> Option<&str> {
        let spawned =
            || self.source.as_ref()?.pointer("/subagent/thread_spawn/parent_thread_id")?.as_str();
        self.parent_thread_id.as_deref().or_else(spawned)
    }
}

#[derive(Deserialize)]
struct Counts {
    total_token_usage: Option<Count>,
    last_token_usage: Option<Count>,
}

/// What is read from and written to a cache is part of the input, what was thought part of the
/// output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
struct Count {
    #[serde(rename = "input_tokens")]
    input: u64,
    #[serde(rename = "cached_input_tokens")]
    cache_read: u64,
    #[serde(rename = "cache_write_input_tokens")]
    cache_write: u64,
    #[serde(rename = "output_tokens")]
    output: u64,
}

impl Count {
    fn combine(self, other: Self, with: fn(u64, u64) -> u64) -> Self {
        Self {
            input: with(self.input, other.input),
            cache_read: with(self.cache_read, other.cache_read),
            cache_write: with(self.cache_write, other.cache_write),
            output: with(self.output, other.output),
        }
    }

    fn plus(self, other: Self) -> Self {
        self.combine(other, u64::saturating_add)
    }

    /// What it has beyond `earlier`; nothing when it is no later count of the same.
    fn beyond(self, earlier: Self) -> Option<Self> {
        (self.combine(earlier, u64::max) == self)
            .then(|| self.combine(earlier, u64::saturating_sub))
    }

    fn tokens(self) -> Tokens {
        let cached = self.cache_read.saturating_add(self.cache_write);
        Tokens {
            input: self.input.saturating_sub(cached),
            output: self.output,
            cache_read: self.cache_read,
            cache_write: self.cache_write,
            cache_write_hour: 0,
        }
    }
}

/// What is remembered from line to line of one file.
#[derive(Debug, Default)]
pub(super) struct Reader {
    /// The file's own name, for answers that have none.
    file: String,
    thread: Option<String>,
    /// Since when the thread exists, and that it began with a copy.
    copied: Option<Copied>,
    model: Option<String>,
    /// All that is known to have been used.
    known: Count,
    /// The last record that no count has come after.
    recorded: Option<Count>,
    /// How many counts had something that was not known.
    unnamed: u32,
}

#[derive(Debug)]
struct Copied {
    begun: u64,
    own_from: Option<u64>,
}

impl Reader {
    pub(super) fn new(path: &Path) -> Self {
        let file = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        Self { file, ..Self::default() }
    }

    /// What a line says was used.
    pub(super) fn usage(&mut self, line: &[u8]) -> Option<Usage> {
        KINDS.iter().find(|kind| memmem::find(line, kind).is_some())?;
        let Line { kind, timestamp, ordinal, payload } = serde_json::from_slice(line).ok()?;
        let at = millis(timestamp.as_deref());
        match (&*kind, payload.kind.as_deref()) {
            // Those after the first were copied.
            ("session_meta", _) if self.thread.is_none() => self.begin(&payload, at),
            ("turn_context", _) => {
                self.model = payload.model.map(Cow::into_owned).or(self.model.take());
            }
            ("token_usage_record", _) => {
                let (key, count) = (payload.response_id?, payload.usage?);
                let other =
                    payload.thread_id.is_some_and(|id| Some(&*id) != self.thread.as_deref());
                if other || self.is_copy(ordinal, at) {
                    return None;
                }
                self.known = self.known.plus(count);
                self.recorded = Some(count);
                return self.answer(key.into_owned(), at, count);
            }
            ("event_msg", Some("token_count")) => {
                let count = self.unknown(&payload.info?)?;
                if self.is_copy(ordinal, at) || count == Count::default() {
                    return None;
                }
                self.unnamed += 1;
                return self.answer(format!("{}#{}", self.file, self.unnamed), at, count);
            }
            _ => {}
        }
        None
    }

    fn begin(&mut self, meta: &Payload<'_>, at: Option<u64>) {
        self.thread = meta.id.as_deref().map(str::to_owned);
        if meta.forked_from_id.is_some() || meta.parent().is_some() {
            self.copied = Some(Copied {
                begun: millis(meta.timestamp.as_deref()).or(at).unwrap_or(0),
                own_from: meta.subagent_history_start_ordinal,
            });
        }
    }

    /// Whether a line was copied from another thread.
    fn is_copy(&self, ordinal: Option<u64>, at: Option<u64>) -> bool {
        let Some(copied) = &self.copied else { return false };
        match (copied.own_from, ordinal) {
            (Some(own_from), Some(ordinal)) => ordinal < own_from,
            _ => at.is_some_and(|at| at < copied.begun.saturating_add(COPYING_MS)),
        }
    }

    /// What a count says that was not known, which then is.
    fn unknown(&mut self, counts: &Counts) -> Option<Count> {
        let (total, last) = (counts.total_token_usage, counts.last_token_usage);
        let recorded = self.recorded.take();
        let Some(total) = total else {
            let last = last.filter(|last| Some(*last) != recorded)?;
            self.known = self.known.plus(last);
            return Some(last);
        };
        let before = std::mem::replace(&mut self.known, total);
        if recorded.is_some() && recorded == last {
            return None;
        }
        // The count begins anew when the context was full or another process goes on.
        total.beyond(before).or(last).or(Some(total))
    }

    fn answer(&self, key: String, at: Option<u64>, count: Count) -> Option<Usage> {
        Some(Usage {
            key,
            answer: None,
            replay: false,
            model: self.model.clone()?,
            at,
            fast: false,
            tokens: count.tokens(),
        })
    }
}
