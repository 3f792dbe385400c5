//! `synk open`

use anyhow::Context;
use std::{
    env,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use synk_client::{Daemon, ShowWindow, daemon_binary, show_window};
use synk_protocol::{AgentType, CreateSession, ListWorkspaces, SessionId, WireError};

use super::{connect, folder, new::agent};

/// Open the window
///
/// With a folder it gets a pane there. A window that is open already comes to the front.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  synk open                               the window, as it was
  synk open .                             a shell here, in the window
  synk open ~/web --agent claude          an agent in a project")]
pub(crate) struct Args {
    /// The folder of a project
    #[arg(value_name = "DIR")]
    path: Option<PathBuf>,
    /// What to run there
    #[arg(
        long,
        value_name = "terminal|claude|gemini|codex|NAME",
        default_value = "terminal",
        value_parser = agent,
        requires = "path"
    )]
    agent: AgentType,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<()> {
    let (places, daemon) = connect().await?;
    let session_id = match args.path {
        Some(path) => Some(create(&daemon, args.agent, &path).await?),
        None => None,
    };
    if !show_window(&places, ShowWindow { session_id }).await? {
        start(session_id)?;
    }
    Ok(())
}

/// Starts a session in a pane of the workspace that the window shows.
async fn create(daemon: &Daemon, agent: AgentType, path: &Path) -> anyhow::Result<SessionId> {
    let shown = daemon.call(ListWorkspaces {}).await?.shown;
    let request = CreateSession {
        agent_type: agent,
        project_path: folder(path)?,
        workspace_id: Some(shown),
        ..CreateSession::default()
    };
    Ok(daemon.call(request).await?.session_id)
}

/// Starts the window, which goes on when this verb and its terminal end. Two that do so at once
/// are one window: the second one shows the first.
fn start(session: Option<SessionId>) -> anyhow::Result<()> {
    let binary =
        daemon_binary()?.with_file_name(format!("synk-desktop{}", env::consts::EXE_SUFFIX));
    if !binary.is_file() {
        return Err(WireError::unavailable(format!(
            "{} is missing; the window is not installed here",
            binary.display()
        ))
        .into());
    }
    let mut command = Command::new(&binary);
    if let Some(session) = session {
        command.args(["--session".to_owned(), session.to_string()]);
    }
    // Why it could not be opened is to be seen in this terminal.
    command.stdin(Stdio::null()).stdout(Stdio::null()).process_group(0);
    command.spawn().with_context(|| format!("starting {}", binary.display()))?;
    Ok(())
}
