//! What `session:create` asks for, checked; and a record as the wire shows it.

use std::{fs::Metadata, io, path::Path, time::Duration};
use synk_protocol::{
    AgentType, CreateSession, SavedSessionId, SessionId, SessionInfo, SessionRecord, SessionState,
    SessionStatus, TerminalSize, WireError, WorkspaceId, validate_env, validate_name,
};
use tokio::time::timeout;

use crate::{
    agents::Agents,
    environment::{self, Variables},
    prompts::Prompt,
    time::now_millis,
};

/// The longest command line, in bytes. It is part of every list of sessions.
const MAX_COMMAND_BYTES: usize = 32 * 1024;
/// How long a folder may take to answer.
pub(crate) const FOLDER_TIMEOUT: Duration = Duration::from_secs(5);

/// A session that can be started, as far as can be said before.
#[derive(Debug)]
pub(super) struct Wanted {
    agent_type: AgentType,
    project_path: String,
    working_dir: String,
    command: Vec<String>,
    size: TerminalSize,
    /// What was asked for.
    env: Variables,
    /// That, and what the agent needs.
    pub(super) vars: Variables,
    pub(super) name: Option<String>,
    default_name: String,
    pub(super) background: bool,
    /// Whose grid gives it a pane.
    pub(super) workspace: Option<WorkspaceId>,
    /// Whose place it takes.
    pub(super) former: Option<Former>,
}

/// A session of a saved layout, whose place another takes.
#[derive(Debug)]
pub(crate) struct Former {
    pub(crate) session: SavedSessionId,
    /// To be had again if it is free, as its name.
    pub(crate) pane_index: u32,
    pub(crate) name: String,
    /// Variables that it had and whose values are not known.
    pub(crate) missing_env: Vec<String>,
    /// Those that waited for it, the next one first.
    pub(crate) prompts: Vec<Prompt>,
}

/// Checks a request. An agent is looked for where the login environment says.
pub(super) async fn check(
    args: CreateSession,
    login: Option<&Variables>,
    agents: &Agents,
) -> Result<Wanted, WireError> {
    let default_size = TerminalSize::default();
    let size = TerminalSize::new(
        args.cols.unwrap_or(default_size.cols.into()),
        args.rows.unwrap_or(default_size.rows.into()),
    )?;
    let env = args.env.unwrap_or_default();
    env.iter().try_for_each(|(name, value)| validate_env(name, value))?;
    args.name.as_deref().map(validate_name).transpose()?;
    check_folder(&args.project_path).await?;
    let working_dir = args.working_dir.unwrap_or_else(|| args.project_path.clone());
    check_folder(&working_dir).await?;
    let (command, default_name) = command(&args.agent_type, args.command, login, agents)?;
    let mut vars = agents.variables(&args.agent_type, login);
    // What the request asks for wins.
    vars.extend(env.clone());
    Ok(Wanted {
        agent_type: args.agent_type,
        project_path: args.project_path,
        working_dir,
        command,
        size,
        env,
        vars,
        name: args.name,
        default_name,
        background: args.background == Some(true),
        workspace: args.workspace_id,
        former: None,
    })
}

impl Wanted {
    /// It is the user's shell, or a program that such a shell becomes: what it is to be can
    /// be told to a shell that waits. A command that was asked for word by word is started as
    /// it is. So is an agent where terminals have another `shell` than the login shell, whose
    /// environment agents have.
    pub(super) fn can_wait(&self, shell: &str) -> bool {
        let is_agent = self.agent_type != AgentType::Terminal;
        (self.is_shell() || (is_agent && shell == environment::login_shell()))
            && environment::can_be_set_later(&self.env, shell)
    }

    /// Where it is to start.
    pub(super) fn working_dir(&self) -> &str {
        &self.working_dir
    }

    /// It is to start there after all, if somewhere is named.
    pub(super) fn work_in(&mut self, folder: Option<String>) {
        if let Some(folder) = folder {
            self.working_dir = folder;
        }
    }

    /// It is the user's shell.
    pub(super) fn is_shell(&self) -> bool {
        self.command.is_empty()
    }

    /// What it is called if nobody said and if it is free.
    pub(super) fn default_name(&self) -> &str {
        self.former.as_ref().map_or(&self.default_name, |former| &former.name)
    }

    /// The pane that it had.
    pub(super) fn former_pane(&self) -> Option<u32> {
        self.former.as_ref().map(|former| former.pane_index)
    }

    /// The record that a new shim starts from.
    pub(super) fn record(
        &self,
        session_id: SessionId,
        name: String,
        workspace_id: WorkspaceId,
        pane_index: Option<u32>,
    ) -> SessionRecord {
        let missing = self.former.iter().flat_map(|former| &former.missing_env);
        SessionRecord {
            schema_version: SessionRecord::SCHEMA_VERSION,
            session_id,
            name,
            agent_type: self.agent_type.clone(),
            project_path: self.project_path.clone(),
            working_dir: self.working_dir.clone(),
            command: self.command.clone(),
            pane_index,
            workspace_id,
            created_at: now_millis(),
            shim_pid: 0,
            pid: None,
            cols: self.size.cols,
            rows: self.size.rows,
            state: SessionState::Starting,
            exit_code: None,
            attached_clients: 0,
            started_at: None,
            current_dir: None,
            last_attached_at: None,
            ended_at: None,
            closed_at: None,
            resume_id: None,
            env_lost: missing.clone().next().is_some(),
            env_names: self.env.keys().chain(missing).cloned().collect(),
            restores: self.former.as_ref().map(|former| former.session),
        }
    }
}

/// The command line and what a session of it is called.
fn command(
    agent_type: &AgentType,
    asked: Option<Vec<String>>,
    login: Option<&Variables>,
    agents: &Agents,
) -> Result<(Vec<String>, String), WireError> {
    let Some(asked) = asked else {
        let path = login.and_then(|login| login.get("PATH")).map(String::as_str);
        let start = agents.start(agent_type, path)?;
        return Ok((start.command, start.short_name.into_owned()));
    };
    if *agent_type != AgentType::Terminal {
        return Err(WireError::invalid("a command of its own is for a terminal, not for an agent"));
    }
    let Some(program) = asked.first().filter(|program| !program.is_empty()) else {
        return Err(WireError::invalid("the command is empty"));
    };
    let bytes: usize = asked.iter().map(String::len).sum();
    if bytes > MAX_COMMAND_BYTES {
        return Err(WireError::invalid(format!(
            "the command has {bytes} bytes, and {MAX_COMMAND_BYTES} is the most; put it into a script"
        )));
    }
    if asked.iter().any(|word| word.contains('\0')) {
        return Err(WireError::invalid("the command contains a NUL byte"));
    }
    let name = Path::new(program).file_name().and_then(|name| name.to_str());
    let name = name.filter(|name| validate_name(name).is_ok()).unwrap_or("command").to_owned();
    Ok((asked, name))
}

async fn check_folder(folder: &str) -> Result<(), WireError> {
    if !Path::new(folder).is_absolute() {
        return Err(WireError::invalid(format!("“{folder}” is not an absolute path")));
    }
    match look_at(folder).await? {
        Ok(found) if found.is_dir() => Ok(()),
        Ok(_) => Err(WireError::invalid(format!("{folder} is not a folder"))),
        Err(error) => {
            Err(WireError::invalid(format!("the folder {folder} cannot be used: {error}")))
        }
    }
}

/// Looks at what a path leads to. Only a thread waits for a disk that never answers.
///
/// # Errors
/// See [`unanswered`].
pub(super) async fn look_at(path: &str) -> Result<io::Result<Metadata>, WireError> {
    let looked = timeout(FOLDER_TIMEOUT, tokio::fs::metadata(path)).await;
    looked.map_err(|_| unanswered(path))
}

/// Says that a folder did not answer.
pub(crate) fn unanswered(folder: &str) -> WireError {
    WireError::unavailable(format!(
        "the folder {folder} does not answer, as one on a network that is not there; try again \
         when it does"
    ))
}

/// A record as the wire shows it, as far as the record says it: without the branch.
pub(super) fn info(record: SessionRecord) -> SessionInfo {
    SessionInfo {
        session_id: record.session_id,
        pane_index: record.pane_index,
        workspace_id: record.workspace_id,
        name: record.name,
        agent_type: record.agent_type,
        branch: None,
        worktree: None,
        project_path: record.project_path,
        working_dir: record.working_dir,
        command: record.command,
        pid: record.pid,
        cols: record.cols,
        rows: record.rows,
        state: record.state,
        exit_code: record.exit_code,
        attached_clients: record.attached_clients,
        created_at: record.created_at,
        shim_pid: record.shim_pid,
        current_dir: record.current_dir,
        last_attached_at: record.last_attached_at,
        ended_at: record.ended_at,
        closed_at: record.closed_at,
        resume_id: record.resume_id,
        missing_env: if record.env_lost { record.env_names } else { Vec::new() },
        incompatible: None,
        restarts_when_idle: false,
        status: SessionStatus::default(),
        queued_prompts: 0,
        cost: None,
    }
}
