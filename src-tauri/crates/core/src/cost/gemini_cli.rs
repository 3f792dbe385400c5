//! What Gemini CLI writes down: `tmp/<project>/chats/session-<minute>-<id>.jsonl`, and for
//! sub-agents `chats/<conversation>/<id>.jsonl`.
//!
//! A message is written again whole whenever something of it becomes known; the last line of
//! it counts. `$rewindTo` takes messages out of the conversation, `$set` repeats or shortens
//! it: neither gives back what an answer took, so neither is looked at.

use memchr::memmem;
use serde::Deserialize;
use std::{
    borrow::Cow,
    fs,
    path::{Path, PathBuf},
};

use super::{
    Tokens, Usage, millis,
    transcript::{first_line, is_transcript},
};
use crate::{agents::config_dir, environment};

/// More folders than anybody has projects.
const MAX_PROJECTS: usize = 10_000;
/// The most files of one conversation that are read.
const MAX_FILES: usize = 4096;
/// The first line holds a few names and times.
const MAX_FIRST_LINE_BYTES: u64 = 64 << 10;
/// How many characters of a conversation's id are in its file's name.
const SHORT_ID_CHARS: usize = 8;

#[derive(Deserialize)]
struct Line<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    id: Cow<'a, str>,
    model: Option<Cow<'a, str>>,
    timestamp: Option<Cow<'a, str>>,
    tokens: Option<Spent>,
}

/// `cached` is part of `input`; the others stand beside it.
#[derive(Deserialize)]
struct Spent {
    input: Option<u64>,
    output: Option<u64>,
    cached: Option<u64>,
    thoughts: Option<u64>,
    /// What tools that run at the model's side put into it.
    tool: Option<u64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FirstLine {
    session_id: String,
}

/// What a line says was used.
pub(super) fn usage(line: &[u8]) -> Option<Usage> {
    if memmem::find(line, br#""tokens""#).is_none() || memmem::find(line, br#""gemini""#).is_none()
    {
        return None;
    }
    let line: Line<'_> = serde_json::from_slice(line).ok()?;
    let (model, spent) = (line.model?, line.tokens?);
    if line.kind != "gemini" {
        return None;
    }
    let cached = spent.cached.unwrap_or(0);
    let fresh = spent.input.unwrap_or(0).saturating_sub(cached);
    Some(Usage {
        key: line.id.into_owned(),
        answer: None,
        replay: false,
        model: model.into_owned(),
        at: millis(line.timestamp.as_deref()),
        fast: false,
        tokens: Tokens {
            input: fresh.saturating_add(spent.tool.unwrap_or(0)),
            output: spent.output.unwrap_or(0).saturating_add(spent.thoughts.unwrap_or(0)),
            cache_read: cached,
            ..Tokens::default()
        },
    })
}

/// The file of a conversation; one of them, when it was resumed.
pub(super) fn find(conversation: &str) -> Option<PathBuf> {
    let home = config_dir("GEMINI_CLI_HOME").unwrap_or_else(environment::home_dir);
    let projects = fs::read_dir(home.join(".gemini/tmp")).ok()?;
    let chats = projects.take(MAX_PROJECTS).flatten().map(|project| project.path().join("chats"));
    chats.into_iter().find_map(|chats| parts(&chats, conversation).into_iter().next())
}

/// All files of the conversation that `main` is of, those of its sub-agents included.
pub(super) fn files(main: &Path) -> Vec<PathBuf> {
    let (Some(chats), Some(conversation)) = (main.parent(), conversation_in(main)) else {
        return vec![main.to_owned()];
    };
    let mut files = parts(chats, &conversation);
    // It becomes part of a path.
    if crate::agents::is_id(&conversation) {
        let helpers = fs::read_dir(chats.join(&conversation)).into_iter().flatten().flatten();
        let helpers = helpers.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
        let helpers = helpers.map(|entry| entry.path());
        files.extend(helpers.filter(|path| is_transcript(path, "")));
    }
    files.truncate(MAX_FILES);
    files
}

/// The files in a folder that hold parts of a conversation.
fn parts(chats: &Path, conversation: &str) -> Vec<PathBuf> {
    let Some(short) = conversation.get(..SHORT_ID_CHARS) else { return Vec::new() };
    let entries = fs::read_dir(chats).into_iter().flatten().flatten();
    let named = entries.filter(|entry| entry.file_name().to_string_lossy().contains(short));
    let mut parts: Vec<_> = named.map(|entry| entry.path()).collect();
    parts.retain(|path| {
        is_transcript(path, "session-")
            && conversation_in(path).is_some_and(|id| id == conversation)
    });
    parts.sort();
    parts
}

fn conversation_in(path: &Path) -> Option<String> {
    let line = first_line(path, MAX_FIRST_LINE_BYTES)?;
    serde_json::from_slice(&line).ok().map(|FirstLine { session_id }| session_id)
}
