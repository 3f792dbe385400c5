//! What Claude Code writes down: `projects/<folder>/<conversation>.jsonl`, and for sub-agents
//! files of the same form somewhere under `projects/<folder>/<conversation>/`.
//!
//! An answer is on several lines, one for each of its parts, and the last says what it took. A
//! sub-agent that begins with a conversation's history writes that history into its own file
//! too, under the same message and another request: what was answered once is counted once.

use memchr::memmem;
use serde::Deserialize;
use std::{
    borrow::Cow,
    fs,
    path::{Path, PathBuf},
};

use super::{Tokens, Usage, millis, transcript::is_transcript};
use crate::{agents::config_dir, environment};

/// More folders than anybody has projects.
const MAX_PROJECTS: usize = 10_000;
/// The most files of one conversation that are read, and how deep they are looked for.
const MAX_FILES: usize = 4096;
const MAX_DEPTH: usize = 4;
/// What stands in the place of a model on lines that no model wrote.
const NO_MODEL: &str = "<synthetic>";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    message: Message<'a>,
    request_id: Option<Cow<'a, str>>,
    uuid: Option<Cow<'a, str>>,
    timestamp: Option<Cow<'a, str>>,
    is_sidechain: Option<bool>,
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    model: Option<Cow<'a, str>>,
    #[serde(borrow)]
    usage: Option<Spent<'a>>,
}

#[derive(Deserialize)]
struct Spent<'a> {
    input_tokens: Option<u64>,
    output_tokens: Option<u64>,
    cache_read_input_tokens: Option<u64>,
    cache_creation_input_tokens: Option<u64>,
    cache_creation: Option<CacheWrites>,
    speed: Option<Cow<'a, str>>,
}

/// How [`Spent::cache_creation_input_tokens`] divides. Earlier versions do not say.
#[derive(Deserialize)]
struct CacheWrites {
    ephemeral_5m_input_tokens: Option<u64>,
    ephemeral_1h_input_tokens: Option<u64>,
}

/// What a line says was used.
pub(super) fn usage(line: &[u8]) -> Option<Usage> {
    // Most lines are a person's, a tool's, or whole requests of megabytes.
    if memmem::find(line, br#""usage""#).is_none()
        || memmem::find(line, br#""assistant""#).is_none()
    {
        return None;
    }
    let line: Line<'_> = serde_json::from_slice(line).ok()?;
    let Message { id, model, usage } = line.message;
    let (model, spent) = (model.filter(|model| model != NO_MODEL)?, usage?);
    if line.kind != "assistant" {
        return None;
    }
    let answer = id.or(line.uuid)?.into_owned();
    let hour = spent.cache_creation.as_ref().and_then(|writes| writes.ephemeral_1h_input_tokens);
    let minutes = spent.cache_creation.as_ref().and_then(|writes| writes.ephemeral_5m_input_tokens);
    let (hour, minutes) = (hour.unwrap_or(0), minutes.unwrap_or(0));
    let written = spent.cache_creation_input_tokens.unwrap_or(0).max(hour.saturating_add(minutes));
    Some(Usage {
        key: format!("{answer}:{}", line.request_id.unwrap_or_default()),
        answer: Some(answer),
        replay: line.is_sidechain == Some(true),
        model: model.into_owned(),
        at: millis(line.timestamp.as_deref()),
        fast: spent.speed.as_deref() == Some("fast"),
        tokens: Tokens {
            input: spent.input_tokens.unwrap_or(0),
            output: spent.output_tokens.unwrap_or(0),
            cache_read: spent.cache_read_input_tokens.unwrap_or(0),
            cache_write: written - hour,
            cache_write_hour: hour,
        },
    })
}

/// The file of a conversation.
pub(super) fn find(conversation: &str) -> Option<PathBuf> {
    let file = format!("{conversation}.jsonl");
    let homes = match config_dir("CLAUDE_CONFIG_DIR") {
        Some(home) => vec![home],
        None => [".claude", ".config/claude"].map(|home| environment::home_dir().join(home)).into(),
    };
    homes.iter().find_map(|home| {
        let projects = fs::read_dir(home.join("projects")).ok()?;
        let files = projects.take(MAX_PROJECTS).flatten().map(|project| project.path().join(&file));
        files.into_iter().find(|path| path.is_file())
    })
}

/// A conversation's file and those of its sub-agents.
pub(super) fn files(main: &Path) -> Vec<PathBuf> {
    let mut files = vec![main.to_owned()];
    let mut folders = vec![(main.with_extension(""), 0)];
    while let Some((folder, depth)) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            // What a link leads to belongs to somebody else.
            let Ok(kind) = entry.file_type() else { continue };
            let path = entry.path();
            if kind.is_dir() && depth < MAX_DEPTH {
                folders.push((path, depth + 1));
            } else if kind.is_file() && is_transcript(&path, "") {
                files.push(path);
            }
            if files.len() >= MAX_FILES {
                tracing::warn!("{} has more files than are read", main.display());
                return files;
            }
        }
    }
    files
}
