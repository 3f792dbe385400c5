//! Which programs a pane can run, as named on the wire.

use serde::{Deserialize, Serialize, de};
use std::{fmt, str::FromStr, sync::Arc};
use ts_rs::TS;

use crate::error::WireError;

/// The longest name of an agent that a user has added, in bytes.
const MAX_CUSTOM_BYTES: usize = 32;

/// What a session runs. The first four names are those of the contract; every other name is
/// that of an agent from the settings (`agents.custom`).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub enum AgentType {
    /// Anthropic's Claude Code, `claude_code`.
    ClaudeCode,
    /// Google's Gemini CLI, `gemini_cli`.
    GeminiCli,
    /// OpenAI's Codex, `codex`.
    Codex,
    /// A shell, or any other command: `terminal`.
    #[default]
    Terminal,
    /// An agent from the settings, by its name there: lower-case letters, digits, `-`, `_`.
    Custom(Arc<str>),
}

impl AgentType {
    /// The name on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::ClaudeCode => "claude_code",
            Self::GeminiCli => "gemini_cli",
            Self::Codex => "codex",
            Self::Terminal => "terminal",
            Self::Custom(name) => name,
        }
    }
}

impl fmt::Display for AgentType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for AgentType {
    type Err = WireError;

    fn from_str(name: &str) -> Result<Self, WireError> {
        let word = |byte: u8| {
            byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'_'
        };
        match name {
            "claude_code" => Ok(Self::ClaudeCode),
            "gemini_cli" => Ok(Self::GeminiCli),
            "codex" => Ok(Self::Codex),
            "terminal" => Ok(Self::Terminal),
            _ if (1..=MAX_CUSTOM_BYTES).contains(&name.len()) && name.bytes().all(word) => {
                Ok(Self::Custom(name.into()))
            }
            _ => Err(WireError::invalid(format!(
                "{name:?} cannot be the name of an agent: it is 1 to {MAX_CUSTOM_BYTES} \
                 lower-case letters, digits, “-” and “_”"
            ))),
        }
    }
}

impl Serialize for AgentType {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for AgentType {
    fn deserialize<D: de::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl TS for AgentType {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;

    fn docs() -> Option<String> {
        Some(
            "/**\n * What a session runs. The first four names are those of the contract; every \
             other name is\n * that of an agent from the settings.\n */\n"
                .to_owned(),
        )
    }

    fn ident(_: &ts_rs::Config) -> String {
        "AgentType".to_owned()
    }

    fn name(_: &ts_rs::Config) -> String {
        "AgentType".to_owned()
    }

    fn inline(_: &ts_rs::Config) -> String {
        // The odd type keeps the four names in editors' completions.
        r#""claude_code" | "gemini_cli" | "codex" | "terminal" | (string & {})"#.to_owned()
    }

    fn decl(config: &ts_rs::Config) -> String {
        format!("type AgentType = {};", Self::inline(config))
    }

    fn decl_concrete(config: &ts_rs::Config) -> String {
        Self::decl(config)
    }

    fn output_path() -> Option<std::path::PathBuf> {
        Some("AgentType.ts".into())
    }
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
    /// What it says its version is; absent until it was asked, and for a shell.
    #[serde(default)]
    pub version: Option<String>,
    /// How to install it, as one shell command; absent where that is not known.
    pub install: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_both_ways_and_odd_ones_are_refused() {
        for name in ["claude_code", "gemini_cli", "codex", "terminal", "aider", "my-agent_2"] {
            let agent: AgentType = serde_json::from_value(name.into()).unwrap();
            assert_eq!(serde_json::to_value(&agent).unwrap(), name);
        }
        for name in ["", "Aider", "a b", "a/b", &"a".repeat(33), "é"] {
            serde_json::from_value::<AgentType>(name.into()).unwrap_err();
        }
    }
}
