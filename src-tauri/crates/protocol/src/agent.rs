//! Which programs a pane can run, as named on the wire.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a session runs. The names are those of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AgentType {
    /// Anthropic's Claude Code, `claude`.
    ClaudeCode,
    /// Google's Gemini CLI, `gemini`.
    GeminiCli,
    /// OpenAI's Codex, `codex`.
    Codex,
    /// A shell, or any other command.
    #[default]
    Terminal,
}

/// One agent as found, or not found, on this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AgentInfo {
    /// Which agent.
    pub agent_type: AgentType,
    /// The name that people know it by: "Claude Code".
    pub name: String,
    /// The command that starts it: "claude". For a shell, the shell's path.
    pub command: String,
    /// Where the command was found; absent when it was not.
    pub path: Option<String>,
    /// How to install it, as one shell command; absent for a shell.
    pub install: Option<String>,
}
