//! A transcript as Claude Code writes it, and its record of a process that runs: the same
//! folders, the same names, the fields that say who, what and how much. Both lie in the folder
//! that `CLAUDE_CONFIG_DIR` names, or in `~/.claude`.

use jiff::Timestamp;
use serde_json::{Value, json};
use std::{
    env,
    fs::{self, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
    process,
};
use synk_testkit::fake_agent::AgentState;

use crate::{log::now_millis, script::Usage};

/// The files of one conversation.
#[derive(Debug)]
pub(crate) struct Transcript {
    conversation: String,
    folder: PathBuf,
    path: PathBuf,
    running: PathBuf,
    started_at: u64,
    messages: u64,
}

/// Where Claude Code would write a conversation that takes place in this folder.
pub(crate) fn path(conversation: &str) -> PathBuf {
    let home = || PathBuf::from(env::var_os("HOME").unwrap_or_default()).join(".claude");
    let config = env::var_os("CLAUDE_CONFIG_DIR").map_or_else(home, PathBuf::from);
    let here = env::current_dir().unwrap_or_default();
    let letter = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let project: String = here.to_string_lossy().chars().map(letter).collect();
    config.join("projects").join(project).join(format!("{conversation}.jsonl"))
}

impl Transcript {
    /// Begins one, or goes on with it.
    pub(crate) fn open(conversation: &str) -> io::Result<Self> {
        let path = path(conversation);
        let folder = path.with_extension("");
        let config = path.ancestors().nth(3).unwrap_or(&path);
        let running = config.join("sessions").join(format!("{}.json", process::id()));
        for folder in [&path, &running].map(|file| file.parent()).into_iter().flatten() {
            fs::create_dir_all(folder)?;
        }
        Ok(Self {
            conversation: conversation.to_owned(),
            folder,
            path,
            running,
            started_at: now_millis(),
            messages: 0,
        })
    }

    /// Notes a prompt.
    pub(crate) fn prompt(&mut self, prompt: &[u8]) -> io::Result<()> {
        let mut line = self.line("user", false);
        line["message"] = json!({ "role": "user", "content": String::from_utf8_lossy(prompt) });
        append(&self.path, &line)
    }

    /// Notes what was used, in as many lines as it says, of which the last is the true one: the
    /// ones before have seen less of the answer.
    pub(crate) fn usage(&mut self, usage: &Usage) -> io::Result<()> {
        self.messages += 1;
        let id = format!("msg_{}_{}", process::id(), self.messages);
        let path = match &usage.agent {
            Some(name) => {
                let folder = self.folder.join("subagents");
                fs::create_dir_all(&folder)?;
                folder.join(format!("agent-{name}.jsonl"))
            }
            None => self.path.clone(),
        };
        for left in (0..usage.lines).rev() {
            let mut line = self.line("assistant", usage.agent.is_some());
            line["requestId"] = Value::Null;
            line["message"] = json!({
                "id": id,
                "type": "message",
                "role": "assistant",
                "model": usage.model,
                "content": [{ "type": "text", "text": "Done." }],
                "usage": {
                    "input_tokens": usage.input,
                    "output_tokens": if left == 0 { usage.output } else { 1 },
                    "cache_read_input_tokens": usage.cache_read,
                    "cache_creation_input_tokens": usage.cache_write,
                    "cache_creation": {
                        "ephemeral_5m_input_tokens": usage.cache_write,
                        "ephemeral_1h_input_tokens": 0,
                    },
                    "service_tier": "standard",
                },
            });
            append(&path, &line)?;
        }
        Ok(())
    }

    /// Notes what its process does.
    pub(crate) fn state(&self, state: AgentState) -> io::Result<()> {
        let (status, waiting_for) = match state {
            AgentState::Working => ("busy", None),
            AgentState::Permission => ("waiting", Some("permission prompt")),
            AgentState::Question | AgentState::Auth => ("waiting", Some("input")),
            _ => ("idle", None),
        };
        let mut record = json!({
            "pid": process::id(),
            "sessionId": self.conversation,
            "cwd": env::current_dir()?,
            "startedAt": self.started_at,
            "kind": "interactive",
            "status": status,
            "updatedAt": now_millis(),
            "statusUpdatedAt": now_millis(),
        });
        if let Some(waiting_for) = waiting_for {
            record["waitingFor"] = waiting_for.into();
        }
        // Never half of it: it is read at any moment.
        let new = self.running.with_extension("new");
        fs::write(&new, record.to_string())?;
        fs::rename(&new, &self.running)
    }

    /// Its process ends.
    pub(crate) fn close(&self) -> io::Result<()> {
        fs::remove_file(&self.running)
    }

    fn line(&self, kind: &str, of_agent: bool) -> Value {
        json!({
            "type": kind,
            "uuid": format!("{:08x}-0000-4000-8000-{:012x}", process::id(), now_millis()),
            "isSidechain": of_agent,
            "sessionId": self.conversation,
            "cwd": env::current_dir().unwrap_or_default(),
            "timestamp": Timestamp::now().to_string(),
            "version": env!("CARGO_PKG_VERSION"),
        })
    }
}

fn append(path: &Path, line: &Value) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    file.write_all(format!("{line}\n").as_bytes())
}
