//! The agents that Synk knows, as data, and where each is on this machine.

mod claude_code;
mod codex;
mod gemini_cli;
mod resume;

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
};
use synk_protocol::{AgentInfo, AgentType, ErrorCode, SessionRecord, WireError};

use crate::environment;
pub(crate) use resume::{config_dir, conversation, is_id, resume};

/// One agent.
struct Agent {
    kind: AgentType,
    /// For people.
    name: &'static str,
    /// What a session of it is called unless somebody says otherwise.
    short_name: &'static str,
    /// Looked up in `PATH`; empty for the user's shell.
    command: &'static str,
    /// What Synk starts it with. Every version has to understand it.
    arguments: &'static [&'static str],
    install: Option<&'static str>,
    /// What a session's agent calls its conversation. Reads files and processes.
    conversation: fn(&SessionRecord) -> Option<String>,
    /// What stands before that on the command line that resumes it; nothing when none does.
    resume: &'static [&'static str],
}

const AGENTS: [Agent; 4] = [claude_code::AGENT, gemini_cli::AGENT, codex::AGENT, SHELL];

const SHELL: Agent = Agent {
    kind: AgentType::Terminal,
    name: "Shell",
    short_name: "shell",
    command: "",
    arguments: &[],
    install: None,
    conversation: |_| None,
    resume: &[],
};

fn agent(agent_type: &AgentType) -> &'static Agent {
    // The table has every agent; the shell stands last and would stand in for none.
    AGENTS.iter().find(|agent| agent.kind == *agent_type).unwrap_or(&AGENTS[3])
}

/// Every agent, found or not. They are looked up in `path`, or in the daemon's own.
pub(crate) fn list(path: Option<&str>) -> Vec<AgentInfo> {
    AGENTS
        .iter()
        .map(|agent| {
            let (command, path) = if agent.command.is_empty() {
                let shell = environment::shell();
                (shell.clone(), Some(shell))
            } else {
                let path = find(agent.command, path).map(|path| path.display().to_string());
                (agent.command.to_owned(), path)
            };
            AgentInfo {
                agent_type: agent.kind.clone(),
                name: agent.name.to_owned(),
                command,
                path,
                version: None,
                install: agent.install.map(str::to_owned),
            }
        })
        .collect()
}

/// What a session of this agent is called by default.
pub(crate) fn short_name(agent_type: &AgentType) -> &'static str {
    agent(agent_type).short_name
}

/// The command line of a session; empty for the user's login shell. It is looked up in `path`,
/// or in the daemon's own.
///
/// # Errors
/// [`ErrorCode::AgentNotFound`], saying how to install it.
pub(crate) fn command(
    agent_type: &AgentType,
    path: Option<&str>,
) -> Result<Vec<String>, WireError> {
    let agent = agent(agent_type);
    if agent.command.is_empty() {
        return Ok(Vec::new());
    }
    let path = find(agent.command, path).ok_or_else(|| {
        let install = agent
            .install
            .map(|command| format!("; install it with `{command}`"))
            .unwrap_or_default();
        WireError::new(
            ErrorCode::AgentNotFound,
            format!("{} (`{}`) was not found in PATH{install}", agent.name, agent.command),
        )
    })?;
    let arguments = agent.arguments.iter().map(|argument| (*argument).to_owned());
    Ok([path.display().to_string()].into_iter().chain(arguments).collect())
}

/// Looks a program up in `path`, or in the daemon's own `PATH`.
fn find(program: &str, path: Option<&str>) -> Option<PathBuf> {
    let path = path.map(OsString::from).or_else(|| env::var_os("PATH"))?;
    env::split_paths(&path).map(|folder| folder.join(program)).find(|path| is_executable(path))
}

fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_agent_of_the_contract_is_listed_and_the_shell_is_always_there() {
        let listed = list(None);
        let types: Vec<_> = listed.iter().map(|agent| agent.agent_type.clone()).collect();
        assert_eq!(
            types,
            [AgentType::ClaudeCode, AgentType::GeminiCli, AgentType::Codex, AgentType::Terminal]
        );
        assert!(listed[3].path.is_some());
        assert_eq!(command(&AgentType::Terminal, None), Ok(Vec::new()));
    }

    #[test]
    fn a_program_is_found_where_it_can_be_run() {
        assert!(find("sh", None).is_some());
        assert_eq!(find("sh", Some("/no-such-folder")), None);
        assert_eq!(find("no-such-program", None), None);
    }
}
