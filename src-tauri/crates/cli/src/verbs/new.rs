//! `synk new`

use std::{collections::BTreeMap, path::PathBuf};
use synk_client::Daemon;
use synk_protocol::{AgentType, CreateSession, ErrorCode, ListWorkspaces, WireError, WorkspaceId};

use super::{connect, folder};
use crate::output::{print, print_json};

/// Start a session
///
/// It runs in the background, and in the window's sidebar, until it is ended; with --pane it
/// takes a pane of the grid. Prints its id and its name.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  synk new                                a shell here
  synk new --agent codex --project ~/web  an agent in a project
  synk new --agent claude --branch fix/42 one on a branch and in a worktree of its own
  synk new --name web --env PORT=8080 -- npm run dev")]
pub(crate) struct Args {
    /// What to call it [default: the agent's name, numbered]
    #[arg(long)]
    name: Option<String>,
    /// What to run
    #[arg(
        long,
        value_name = "terminal|claude|gemini|codex|NAME",
        default_value = "terminal",
        value_parser = agent
    )]
    agent: AgentType,
    /// Where to start [default: here]
    #[arg(long, value_name = "DIR", visible_alias = "project")]
    cwd: Option<PathBuf>,
    /// Work on this branch, in a worktree of its own unless it is checked out there
    #[arg(long)]
    branch: Option<String>,
    /// Where a new branch begins [default: what is checked out in the project]
    #[arg(long, value_name = "BRANCH", requires = "branch")]
    base: Option<String>,
    /// Run what the project's synk.toml wants in a new worktree, now and from now on
    #[arg(long, requires = "branch", value_name = "yes|no", value_parser = yes_or_no)]
    set_up: Option<bool>,
    /// Set an environment variable; SHELL chooses the shell
    #[arg(long, value_name = "K=V")]
    env: Vec<String>,
    /// Give it a pane in the window's grid
    #[arg(long)]
    pane: bool,
    /// Give it a pane in the grid of this workspace
    #[arg(long, value_name = "ID|NAME")]
    workspace: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Run this instead of the shell
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<String>,
}

fn yes_or_no(word: &str) -> Result<bool, &'static str> {
    match word {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("say yes or no"),
    }
}

/// An agent by its short name, or by that which it has in the settings.
pub(crate) fn agent(name: &str) -> Result<AgentType, String> {
    match name {
        "claude" => Ok(AgentType::ClaudeCode),
        "gemini" => Ok(AgentType::GeminiCli),
        _ => name.parse().map_err(|error: WireError| error.message),
    }
}

pub(crate) async fn run(args: Args) -> anyhow::Result<()> {
    let project_path = folder(&args.cwd.unwrap_or_default())?;
    let (_places, daemon) = connect().await?;
    let workspace_id = match &args.workspace {
        Some(workspace) => Some(find_workspace(&daemon, workspace).await?),
        None => None,
    };
    let request = CreateSession {
        agent_type: args.agent,
        project_path,
        env: Some(args.env.iter().map(|pair| split(pair)).collect::<Result<BTreeMap<_, _>, _>>()?),
        branch: args.branch,
        base_branch: args.base,
        set_up: args.set_up,
        name: args.name,
        command: Some(args.command).filter(|command| !command.is_empty()),
        background: Some(!args.pane && args.workspace.is_none()),
        workspace_id,
        ..CreateSession::default()
    };
    let created = daemon.call(request).await.map_err(|error| match error.code {
        ErrorCode::Untrusted => WireError::new(
            error.code,
            format!(
                "{}\n\n--set-up yes runs it, now and from now on; --set-up no leaves it",
                error.message
            ),
        ),
        _ => error,
    })?;
    let session = super::find(&daemon, &created.session_id.to_string()).await?;
    if args.json {
        return print_json(&session);
    }
    print(&format!("{} {}\n", session.session_id, session.name))
}

/// The workspace with that id, or the first that is called so.
async fn find_workspace(daemon: &Daemon, id_or_name: &str) -> Result<WorkspaceId, WireError> {
    let listed = daemon.call(ListWorkspaces {}).await?.workspaces;
    let by_id = listed.iter().find(|one| one.workspace_id.to_string() == id_or_name);
    let found = by_id.or_else(|| listed.iter().find(|one| one.name == id_or_name));
    found.map(|one| one.workspace_id).ok_or_else(|| {
        WireError::new(ErrorCode::NotFound, format!("there is no workspace “{id_or_name}”"))
    })
}

fn split(pair: &str) -> Result<(String, String), WireError> {
    let (name, value) = pair.split_once('=').ok_or_else(|| {
        WireError::invalid(format!("--env {pair}: a variable is given as NAME=VALUE"))
    })?;
    Ok((name.to_owned(), value.to_owned()))
}
