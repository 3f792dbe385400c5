//! The files of one session's agent: which they are, and how far they were read.

use std::{
    collections::{BTreeMap, HashSet},
    path::PathBuf,
};
use synk_protocol::AgentType;

use super::{Subject, Usage, claude_code, codex, gemini_cli, transcript::Transcript};

/// How much is read of them at one time, in bytes, before it is written down.
const BATCH_BYTES: u64 = 16 << 20;

/// The files of one session's agent, and how far they were read.
#[derive(Debug, Default)]
pub(super) struct Files {
    /// The conversation whose file was looked for, and that file.
    found: Option<(String, PathBuf)>,
    threads: codex::Threads,
    transcripts: BTreeMap<PathBuf, Transcript>,
    /// Files that could not be read, which was said.
    unreadable: HashSet<PathBuf>,
}

impl Files {
    /// Reads what is new, and says whether there is more.
    pub(super) fn read(&mut self, subject: &Subject) -> (Vec<Usage>, bool) {
        let agent_type = &subject.owner.agent_type;
        let Some(main) = self.main(subject) else { return (Vec::new(), false) };
        let paths = match agent_type {
            AgentType::ClaudeCode => claude_code::files(&main),
            AgentType::Codex => self.threads.files(&main),
            AgentType::GeminiCli => gemini_cli::files(&main),
            AgentType::Terminal | AgentType::Custom(_) => Vec::new(),
        };
        let (mut budget, mut found) = (BATCH_BYTES, Vec::new());
        let mut transcripts = std::mem::take(&mut self.transcripts);
        for path in paths {
            let known = transcripts.remove(&path).or_else(|| Transcript::new(agent_type, &path));
            let Some(mut transcript) = known else { continue };
            match transcript.read(&mut budget, &mut found) {
                Ok(()) => drop(self.unreadable.remove(&path)),
                Err(error) => {
                    if self.unreadable.insert(path.clone()) {
                        tracing::warn!("reading {}: {error}", path.display());
                    }
                }
            }
            self.transcripts.insert(path, transcript);
        }
        (found, budget == 0)
    }

    /// The file of the conversation that is held now.
    fn main(&mut self, subject: &Subject) -> Option<PathBuf> {
        if let Some(told) = &subject.transcript {
            return Some(told.clone());
        }
        let conversation = subject.conversation.as_ref()?;
        let is_it = |(id, path): &&(String, PathBuf)| id == conversation && path.is_file();
        if let Some((_, path)) = self.found.as_ref().filter(is_it) {
            return Some(path.clone());
        }
        let path = match subject.owner.agent_type {
            AgentType::ClaudeCode => claude_code::find(conversation),
            AgentType::Codex => codex::Threads::find(conversation),
            AgentType::GeminiCli => gemini_cli::find(conversation),
            AgentType::Terminal | AgentType::Custom(_) => None,
        }?;
        self.found = Some((conversation.clone(), path.clone()));
        Some(path)
    }
}
