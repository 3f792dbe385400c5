//! The agents that Synk knows, as data: the three that it knows by itself, one a file, those
//! from the settings, and the plain shell. And where each is on this machine.
//!
//! It starts no session and watches none; it says with what one is started and what its words
//! mean.

mod claude_code;
mod codex;
mod custom;
mod gemini_cli;
mod hooks;
mod resume;
mod versions;

use std::{
    borrow::Cow,
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
    time::Duration,
};
use synk_client::Places;
use synk_protocol::{AgentInfo, AgentType, ErrorCode, SessionRecord, WireError};
use tokio::sync::watch;
use tokio_util::task::TaskTracker;

use crate::{
    environment::{self, Login, Variables},
    settings::{Settings, shell_runs},
    status::{FileStatus, StatusRules},
};
pub(crate) use custom::check;
use hooks::{HookFiles, HooksBy};
pub(crate) use resume::{config_dir, conversation, is_id};
use versions::Versions;

/// A text that is written in code or comes from the settings.
type Text = Cow<'static, str>;

/// One agent.
#[derive(Debug, Clone)]
pub(crate) struct Agent {
    pub(crate) kind: AgentType,
    /// For people.
    pub(crate) name: Text,
    /// What a session of it is called unless somebody says otherwise.
    pub(crate) short_name: Text,
    /// Looked up in `PATH`; empty for the user's shell.
    command: Text,
    /// What Synk starts it with. Every version has to understand it.
    arguments: Vec<Text>,
    /// What it is started with to say its version; nothing asks it when there are none.
    version_arguments: Vec<Text>,
    install: Option<Text>,
    /// What a session's agent calls its conversation. Reads files and processes.
    conversation: fn(&SessionRecord) -> Option<String>,
    /// What the agent's own files say that a session of it does. Reads files.
    pub(crate) file_status: Option<fn(&SessionRecord) -> Option<FileStatus>>,
    /// What stands before a conversation's name on the command line that resumes it; nothing
    /// when none does.
    resume: &'static [&'static str],
    /// How it is told to call hooks.
    hooks: Option<HooksBy>,
    pub(crate) status: StatusRules,
    pub(crate) delivery: Delivery,
}

/// How a prompt is brought to an agent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Delivery {
    /// Between a prompt and its Enter: what a program needs to tell the one from the other.
    pub(crate) settle: Duration,
    /// How long it may take to show that it has taken a prompt.
    pub(crate) confirm: Duration,
}

impl Default for Delivery {
    fn default() -> Self {
        Self { settle: Duration::from_millis(30), confirm: Duration::from_secs(10) }
    }
}

impl Default for Agent {
    /// The user's shell.
    fn default() -> Self {
        Self {
            kind: AgentType::Terminal,
            name: "Shell".into(),
            short_name: "shell".into(),
            command: "".into(),
            arguments: Vec::new(),
            version_arguments: Vec::new(),
            install: None,
            conversation: |_| None,
            file_status: None,
            resume: &[],
            hooks: None,
            status: StatusRules::default(),
            delivery: Delivery::default(),
        }
    }
}

/// An agent that Synk knows by itself; the shell for every other.
pub(crate) fn built_in(agent_type: &AgentType) -> Agent {
    // Made once: their patterns take longer to make than an agent may take to start.
    static KNOWN: LazyLock<[Agent; 3]> =
        LazyLock::new(|| [claude_code::agent(), gemini_cli::agent(), codex::agent()]);
    KNOWN.iter().find(|agent| agent.kind == *agent_type).cloned().unwrap_or_default()
}

/// What a session of an agent is started with.
#[derive(Debug)]
pub(crate) struct Start {
    /// The command line; empty for the user's login shell.
    pub(crate) command: Vec<String>,
    /// What the session is called by default.
    pub(crate) short_name: Text,
}

/// Every agent there is. A clone shares what was found out.
#[derive(Debug, Clone)]
pub(crate) struct Agents {
    settings: Settings,
    login: Login,
    /// Absent when they could not be written, which was said.
    hooks: Option<Arc<HookFiles>>,
    versions: Versions,
}

impl Agents {
    /// The agents, and the files that tell them to call the hooks of the `synk` program at
    /// `binary`. Without those they are known less well, and `problem` says so.
    pub(crate) fn new(
        places: &Places,
        binary: &Path,
        settings: Settings,
        login: Login,
        tasks: TaskTracker,
    ) -> (Self, Option<String>) {
        let (hooks, problem) = match HookFiles::write(&places.agents(), binary) {
            Ok(files) => (Some(Arc::new(files)), None),
            Err(error) => {
                let problem = format!(
                    "The hooks by which agents tell what they do could not be written to {}: \
                     {error}. What is known of them comes from elsewhere.",
                    places.agents().display()
                );
                (None, Some(problem))
            }
        };
        (Self { settings, login, hooks, versions: Versions::new(tasks) }, problem)
    }

    /// An agent.
    ///
    /// # Errors
    /// [`ErrorCode::AgentNotFound`] for one that is in the settings no more, or never was.
    pub(crate) fn get(&self, agent_type: &AgentType) -> Result<Agent, WireError> {
        let AgentType::Custom(name) = agent_type else { return Ok(built_in(agent_type)) };
        let custom = self.settings.current().agents.custom;
        custom.get(&**name).map(|agent| custom::agent(name, agent)).ok_or_else(|| {
            let known: Vec<_> = custom.keys().map(|name| format!("“{name}”")).collect();
            let known =
                if known.is_empty() { "none of your own".to_owned() } else { known.join(", ") };
            WireError::new(
                ErrorCode::AgentNotFound,
                format!("there is no agent “{name}”; the settings (`agents.custom`) have {known}"),
            )
        })
    }

    /// Every agent, found or not, with the versions that are known by now. Those that are not
    /// are asked for; see [`Agents::changes`].
    pub(crate) async fn list(&self) -> Vec<AgentInfo> {
        let login = self.login.get().await;
        let path = login.as_deref().and_then(|login| login.get("PATH")).map(String::as_str);
        let custom = self.settings.current().agents.custom;
        let own = [AgentType::ClaudeCode, AgentType::GeminiCli, AgentType::Codex];
        let own = own.iter().map(built_in);
        let custom = custom.iter().map(|(name, agent)| custom::agent(name, agent));
        own.chain(custom)
            .chain([built_in(&AgentType::Terminal)])
            .map(|agent| self.info(&agent, path, login.as_deref()))
            .collect()
    }

    fn info(&self, agent: &Agent, path: Option<&str>, login: Option<&Variables>) -> AgentInfo {
        let (command, found) = if agent.command.is_empty() {
            let shell = environment::shell(&self.settings.current().terminal);
            (shell.clone(), Some(PathBuf::from(shell)))
        } else {
            (agent.command.to_string(), find(&agent.command, path))
        };
        let version = found
            .as_deref()
            .filter(|_| !agent.version_arguments.is_empty())
            .and_then(|found| self.versions.of(found, &agent.version_arguments, login));
        AgentInfo {
            agent_type: agent.kind.clone(),
            name: agent.name.to_string(),
            command,
            path: found.map(|path| path.display().to_string()),
            version,
            install: agent.install.as_deref().map(str::to_owned),
        }
    }

    /// Marked whenever a version has become known.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.versions.changes()
    }

    /// What a session of this agent is started with. It is looked up in `path`, or in the
    /// daemon's own.
    ///
    /// # Errors
    /// [`ErrorCode::AgentNotFound`], saying how to install it; [`ErrorCode::SpawnFailed`] for a
    /// shell from the settings that is gone.
    pub(crate) fn start(
        &self,
        agent_type: &AgentType,
        path: Option<&str>,
    ) -> Result<Start, WireError> {
        let agent = self.get(agent_type)?;
        let command = if agent.command.is_empty() {
            shell_runs(&self.settings.current().terminal.shell)
                .map_err(|why| WireError::new(ErrorCode::SpawnFailed, why))?;
            Vec::new()
        } else {
            let program = agent.find(path)?.display().to_string();
            [program].into_iter().chain(self.arguments(&agent)).collect()
        };
        Ok(Start { command, short_name: agent.short_name })
    }

    /// Variables that the agent of a session needs to be told what Synk wants to know of it;
    /// in a terminal, which shell is its own.
    pub(crate) fn variables(&self, agent_type: &AgentType, login: Option<&Variables>) -> Variables {
        if *agent_type == AgentType::Terminal {
            let shell = Some(self.settings.current().terminal.shell);
            let shell = shell.filter(|shell| !shell.is_empty());
            return shell.into_iter().map(|shell| ("SHELL".to_owned(), shell)).collect();
        }
        let by = self.get(agent_type).ok().and_then(|agent| agent.hooks);
        let files = self.hooks().zip(by);
        files.map(|(files, by)| files.variables(by, login)).unwrap_or_default()
    }

    /// The command that starts a session's agent anew, as the settings are now. `None` for one
    /// that they have no more, and for a terminal, which is started as it was.
    pub(crate) fn again(&self, record: &SessionRecord) -> Option<Vec<String>> {
        let agent = self.get(&record.agent_type).ok().filter(|agent| !agent.command.is_empty())?;
        let program = record.command.first()?.clone();
        Some([program].into_iter().chain(self.arguments(&agent)).collect())
    }

    /// The command by which a session's agent goes on with a conversation.
    pub(crate) fn resume(&self, record: &SessionRecord, resume_id: &str) -> Option<Vec<String>> {
        let agent = self.get(&record.agent_type).ok()?;
        agent.resume(record.command.first()?, self.arguments(&agent), resume_id)
    }

    /// What stands behind the program's name. The user's own comes last, and so counts where
    /// an agent takes the last word.
    fn arguments(&self, agent: &Agent) -> Vec<String> {
        let hooks = self.hooks().zip(agent.hooks).map(|(files, by)| files.arguments(by));
        let own = agent.arguments.iter().map(ToString::to_string);
        let users = self.settings.current().agents.arguments.remove(agent.kind.as_str());
        own.chain(hooks.unwrap_or_default()).chain(users.unwrap_or_default()).collect()
    }

    /// The hooks, if they are wanted.
    fn hooks(&self) -> Option<&HookFiles> {
        self.hooks.as_deref().filter(|_| self.settings.current().agents.hooks)
    }
}

impl Agent {
    fn find(&self, path: Option<&str>) -> Result<PathBuf, WireError> {
        find(&self.command, path).ok_or_else(|| {
            let install = self.install.as_deref();
            let install =
                install.map(|command| format!("; install it with `{command}`")).unwrap_or_default();
            WireError::new(
                ErrorCode::AgentNotFound,
                format!("{} (`{}`) was not found in PATH{install}", self.name, self.command),
            )
        })
    }
}

/// Looks a program up in `path`, or in the daemon's own `PATH`.
fn find(program: &str, path: Option<&str>) -> Option<PathBuf> {
    if program.contains('/') {
        return Some(PathBuf::from(program)).filter(|path| is_executable(path));
    }
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
    fn a_program_is_found_where_it_can_be_run() {
        assert!(find("sh", None).is_some());
        assert!(find("/bin/sh", Some("/no-such-folder")).is_some());
        assert_eq!(find("sh", Some("/no-such-folder")), None);
        assert_eq!(find("no-such-program", None), None);
    }

    #[test]
    fn every_pattern_in_the_tables_is_one() {
        for (agent_type, titles) in
            [(AgentType::ClaudeCode, 1), (AgentType::GeminiCli, 3), (AgentType::Codex, 2)]
        {
            assert_eq!(built_in(&agent_type).status.titles.len(), titles, "{agent_type}");
        }
    }
}
