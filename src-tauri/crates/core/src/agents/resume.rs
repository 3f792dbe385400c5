//! How a lost agent goes on: what it calls its conversation, and the command that resumes it.
//! Everything is read from what the agents themselves write down; nothing of theirs is ever
//! written to.

use serde::Deserialize;
use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
};
use synk_protocol::{AgentType, SessionRecord};

use crate::environment;

/// The files that are read are smaller; a larger one is something else.
const MAX_FILE_BYTES: u64 = 1 << 20;
/// An id becomes an argument of a command line.
const MAX_ID_BYTES: usize = 128;

/// What the session's agent calls its conversation, as far as that can be found out.
pub(crate) fn conversation(record: &SessionRecord) -> Option<String> {
    let home = environment::home_dir();
    let id = match record.agent_type {
        AgentType::ClaudeCode => claude(&home, record)?,
        AgentType::Codex | AgentType::GeminiCli | AgentType::Terminal => return None,
    };
    is_id(&id).then_some(id)
}

/// The command that goes on with a conversation.
pub(crate) fn resume(
    agent_type: AgentType,
    command: &[String],
    resume_id: &str,
) -> Option<Vec<String>> {
    let program = command.first()?;
    // It may have been read from a record that somebody edited.
    if !is_id(resume_id) {
        return None;
    }
    let arguments: &[&str] = match agent_type {
        AgentType::ClaudeCode | AgentType::GeminiCli => &["--resume", resume_id],
        AgentType::Codex => &["resume", resume_id],
        AgentType::Terminal => return None,
    };
    let arguments = arguments.iter().map(|argument| (*argument).to_owned());
    Some([program.clone()].into_iter().chain(arguments).collect())
}

/// Claude Code writes a file for each of its processes.
fn claude(home: &Path, record: &SessionRecord) -> Option<String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Process {
        session_id: String,
        cwd: PathBuf,
    }
    let path = home.join(".claude/sessions").join(format!("{}.json", record.pid?));
    let process: Process = serde_json::from_slice(&read(&path)?).ok()?;
    // A process id is used again; a file of another time is most likely of another place.
    (process.cwd == Path::new(&record.working_dir)).then_some(process.session_id)
}

fn read(path: &Path) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let file = fs::File::open(path).ok()?;
    file.take(MAX_FILE_BYTES).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// The agents' ids are UUIDs. What begins with a dash would be an option.
fn is_id(id: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    !id.is_empty() && id.len() <= MAX_ID_BYTES && !id.starts_with('-') && id.bytes().all(word)
}
