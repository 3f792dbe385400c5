//! Which files hold a conversation of Codex: the thread's own, and those of the sub-agents
//! that it started, which lie in the folders of the days on which they began.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

use super::{
    super::transcript::{first_line, is_transcript},
    Line,
};
use crate::{agents::config_dir, environment};

/// The most days that are looked through.
const MAX_DAYS: usize = 1000;
/// The most files that are remembered, and the most of one conversation.
const MAX_FILES: usize = 50_000;
const MAX_THREADS: usize = 4096;
/// The first line holds the instructions of the agent too.
const MAX_FIRST_LINE_BYTES: u64 = 1 << 20;

/// The threads of one conversation, as far as they are known.
#[derive(Debug, Default)]
pub(crate) struct Threads {
    main: PathBuf,
    ids: HashSet<String>,
    files: Vec<PathBuf>,
    /// Files that are none of it.
    others: HashSet<PathBuf>,
}

impl Threads {
    /// The file of a conversation.
    pub(crate) fn find(conversation: &str) -> Option<PathBuf> {
        let home =
            config_dir("CODEX_HOME").unwrap_or_else(|| environment::home_dir().join(".codex"));
        let end = format!("-{conversation}.jsonl");
        let mut days = days(&home.join("sessions"));
        days.reverse();
        days.iter().flat_map(|day| rollouts(day)).find(|path| {
            path.file_name().and_then(|name| name.to_str()).is_some_and(|name| name.ends_with(&end))
        })
    }

    /// The file of a conversation and those of its sub-agents.
    pub(crate) fn files(&mut self, main: &Path) -> Vec<PathBuf> {
        if self.main != main {
            *self = Self { main: main.to_owned(), files: vec![main.to_owned()], ..Self::default() };
        }
        if self.ids.is_empty() {
            // Written with the first prompt.
            self.ids.extend(head(main).map(|head| head.id));
        }
        let Some(folder) = main.parent() else { return self.files.clone() };
        // Sub-agents begin later than what starts them, so in this order parents come first.
        let days = main.ancestors().nth(4).map(days).unwrap_or_default();
        let days = days.into_iter().filter(|day| day.as_path() >= folder);
        for path in days.flat_map(|day| rollouts(&day)) {
            self.consider(path);
        }
        self.files.clone()
    }

    fn consider(&mut self, path: PathBuf) {
        let full = self.others.len() >= MAX_FILES || self.files.len() >= MAX_THREADS;
        if full || self.others.contains(&path) || self.files.contains(&path) {
            return;
        }
        // Without one it is being begun.
        let Some(head) = head(&path) else { return };
        if head.parent.is_some_and(|parent| self.ids.contains(&parent)) {
            self.ids.insert(head.id);
            self.files.push(path);
        } else {
            self.others.insert(path);
        }
    }
}

/// Who a file is of.
struct Head {
    id: String,
    parent: Option<String>,
}

fn head(path: &Path) -> Option<Head> {
    let line = first_line(path, MAX_FIRST_LINE_BYTES)?;
    let Line { payload, .. } = serde_json::from_slice(&line).ok()?;
    Some(Head { parent: payload.parent().map(str::to_owned), id: payload.id?.into_owned() })
}

/// The last folders of days, in order.
fn days(sessions: &Path) -> Vec<PathBuf> {
    let mut folders = vec![sessions.to_owned()];
    for _level in ["year", "month", "day"] {
        let below = folders.iter().flat_map(|folder| fs::read_dir(folder).into_iter().flatten());
        let numbered = below.flatten().filter(|entry| {
            let name = entry.file_name();
            name.to_str().is_some_and(|name| name.bytes().all(|byte| byte.is_ascii_digit()))
        });
        folders = numbered.map(|entry| entry.path()).collect();
        folders.sort();
        folders.drain(..folders.len().saturating_sub(MAX_DAYS));
    }
    folders
}

/// The files of threads in a folder, in the order in which they began.
fn rollouts(day: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(day).into_iter().flatten().flatten();
    let mut files: Vec<_> = entries.map(|entry| entry.path()).collect();
    files.retain(|path| is_transcript(path, "rollout-"));
    files.sort();
    files
}
