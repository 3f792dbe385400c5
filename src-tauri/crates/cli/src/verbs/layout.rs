//! `synk layout`

use jiff::{Timestamp, tz::TimeZone};
use std::path::absolute;
use synk_client::Daemon;
use synk_protocol::{
    DeleteSaved, ErrorCode, ListSaved, LoadSession, LoadedSession, RenameSaved, SaveSession,
    SavedSession, WireError,
};

use super::connect;
use crate::output::{print, print_json, table};

/// Save which sessions are in the window's panes, and bring them back later
///
/// What is saved is what runs where: agents, projects, branches, folders, prompts that wait. What
/// ran on is not started again, and what an agent was told before it was saved is not kept.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Save what there is now. Prints the file
    Save {
        /// What to call it [default: the day and the time]
        name: Option<String>,
        /// Take the place of the one that is called so
        #[arg(long)]
        replace: bool,
        /// Keep the values of the environment variables that sessions were created with
        #[arg(long)]
        env_values: bool,
    },
    /// List the saved layouts
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Bring one back: put its sessions into their panes, and start those that are gone
    Load(Which),
    /// Give one another name. Prints the file
    Rename {
        #[command(flatten)]
        which: Which,
        /// Its new name
        new_name: String,
    },
    /// Delete one. No session is touched
    Delete(Which),
}

/// The layout that a verb is about.
#[derive(Debug, clap::Args)]
struct Which {
    /// The layout's name, or its file
    #[arg(value_name = "NAME|PATH")]
    layout: String,
}

impl Which {
    /// Its file: what has a slash in it is a path.
    async fn path(self, daemon: &Daemon) -> anyhow::Result<String> {
        if self.layout.contains('/') {
            return Ok(absolute(self.layout)?.to_string_lossy().into_owned());
        }
        let saved = daemon.call(ListSaved {}).await?;
        let found = saved.into_iter().find(|saved| saved.name == self.layout);
        let not_found =
            || WireError::new(ErrorCode::NotFound, format!("there is no layout “{}”", self.layout));
        Ok(found.ok_or_else(not_found)?.path)
    }
}

pub(crate) async fn run(args: Args) -> anyhow::Result<()> {
    let (_places, daemon) = connect().await?;
    match args.verb {
        Verb::Save { name, replace, env_values } => {
            let request =
                SaveSession { name, replace: Some(replace), env_values: Some(env_values) };
            print(&format!("{}\n", daemon.call(request).await?.saved_path))
        }
        Verb::List { json } => {
            let saved = daemon.call(ListSaved {}).await?;
            if json { print_json(&saved) } else { print(&lines(&saved)) }
        }
        Verb::Load(which) => {
            let path = which.path(&daemon).await?;
            report(&daemon.call(LoadSession { path }).await?)
        }
        Verb::Rename { which, new_name } => {
            let request = RenameSaved { path: which.path(&daemon).await?, name: new_name };
            print(&format!("{}\n", daemon.call(request).await?.saved_path))
        }
        Verb::Delete(which) => {
            let path = which.path(&daemon).await?;
            daemon.call(DeleteSaved { path }).await?;
            Ok(())
        }
    }
}

/// Says what is back, and fails with what is not.
fn report(loaded: &LoadedSession) -> anyhow::Result<()> {
    let sessions = if loaded.session_count == 1 { "session" } else { "sessions" };
    print(&format!("{} {sessions}, {} started\n", loaded.session_count, loaded.started))?;
    if loaded.failed.is_empty() {
        return Ok(());
    }
    let failed = loaded
        .failed
        .iter()
        .map(|failed| format!("\n{} in {}: {}", failed.name, failed.workspace, failed.message));
    let message = format!("not all of it is back:{}", failed.collect::<String>());
    Err(WireError::new(ErrorCode::SpawnFailed, message).into())
}

fn lines(saved: &[SavedSession]) -> String {
    let rows: Vec<_> = saved
        .iter()
        .map(|saved| {
            let at = i64::try_from(saved.saved_at)
                .ok()
                .and_then(|at| Timestamp::from_millisecond(at).ok());
            let at = at.unwrap_or_default().to_zoned(TimeZone::system());
            let panes = saved.agents.len();
            let what = saved.problem.clone().unwrap_or_else(|| {
                let panes = format!("{panes} {}", if panes == 1 { "pane" } else { "panes" });
                [vec![panes], saved.projects.clone()].concat().join("  ")
            });
            [saved.name.clone(), at.strftime("%Y-%m-%d %H:%M").to_string(), what]
        })
        .collect();
    table(&rows, 3)
}
