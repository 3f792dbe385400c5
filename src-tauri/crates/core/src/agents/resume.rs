//! How a lost agent goes on: what it calls its conversation, and the command that resumes it.
//! Everything is read from what the agents themselves write down; nothing of theirs is ever
//! written to. What cannot be told for certain is not told: two sessions must never go on
//! with the same conversation.

use std::{
    env,
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};
use synk_protocol::SessionRecord;

use super::Agent;

/// What is looked for stands at the beginning of a file.
const MAX_READ_BYTES: u64 = 1 << 20;
/// An id becomes an argument of a command line.
const MAX_ID_BYTES: usize = 128;

/// What the session's agent calls its conversation, as far as that can be found out. An agent
/// that is told another home by a variable of its session alone is found only where its
/// processes lead to it, since nobody keeps such values.
pub(crate) fn conversation(record: &SessionRecord) -> Option<String> {
    (super::built_in(&record.agent_type).conversation)(record).filter(|id| is_id(id))
}

impl Agent {
    /// The command that goes on with a conversation, by the program that it was started with
    /// and with what every session of it is started with.
    pub(crate) fn resume(
        &self,
        program: &str,
        arguments: Vec<String>,
        resume_id: &str,
    ) -> Option<Vec<String>> {
        // It may have been read from a record that somebody edited.
        if self.resume.is_empty() || !is_id(resume_id) {
            return None;
        }
        let resume = self.resume.iter().copied().chain([resume_id]).map(str::to_owned);
        Some([program.to_owned()].into_iter().chain(arguments).chain(resume).collect())
    }
}

/// A folder that the user has named by a variable.
pub(crate) fn config_dir(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).map(PathBuf::from).filter(|folder| folder.is_absolute())
}

/// A file, or as much of it as is looked at. None of one that cannot be read.
pub(super) fn read_start(path: &Path) -> Option<Vec<u8>> {
    // A pipe of that name would never be opened.
    if !path.metadata().ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(MAX_READ_BYTES).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

/// The agents' ids are UUIDs. What begins with a dash would be an option.
pub(crate) fn is_id(id: &str) -> bool {
    let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    !id.is_empty() && id.len() <= MAX_ID_BYTES && !id.starts_with('-') && id.bytes().all(word)
}

#[cfg(test)]
mod tests {
    use synk_protocol::AgentType;

    #[test]
    fn each_agent_is_resumed_its_own_way() {
        let resume = |agent, id| {
            let arguments = vec!["-x".to_owned()];
            let words = crate::agents::built_in(&agent).resume("/bin/agent", arguments, id);
            words.map(|words| words.join(" "))
        };
        let expected = Some("/bin/agent -x --resume a-1");
        assert_eq!(resume(AgentType::ClaudeCode, "a-1").as_deref(), expected);
        assert_eq!(resume(AgentType::GeminiCli, "a-1").as_deref(), expected);
        assert_eq!(resume(AgentType::Codex, "a-1").as_deref(), Some("/bin/agent -x resume a-1"));
        assert_eq!(resume(AgentType::Terminal, "a-1"), None);
        for odd in ["", "--yolo", "a b", "a;b", "latest\n", "ä", &"a".repeat(129)] {
            assert_eq!(resume(AgentType::ClaudeCode, odd), None, "{odd:?}");
        }
    }
}
