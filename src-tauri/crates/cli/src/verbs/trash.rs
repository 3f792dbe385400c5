//! `synk trash`

use jiff::{Timestamp, tz::TimeZone};
use std::path::PathBuf;
use synk_protocol::{EmptyTrash, ListTrash, RestoreTrash, TrashEntry};

use super::{clean::seconds, connect, worktree::folder};
use crate::output::{print, print_json, table};

/// Bring back worktrees that were removed, and changes that were discarded
///
/// They are kept in their repository, as commits under refs/synk/trash/.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// List what can be had back
    Ls {
        /// Only of this project
        #[arg(long, value_name = "DIR")]
        project: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Bring one back, where it was. Prints its folder
    Restore {
        /// Which; see `synk trash ls`
        id: String,
    },
    /// Forget one, or all of them, for good
    Empty {
        /// Only this one
        id: Option<String>,
        /// Only what was removed longer ago, such as 7d, 12h or 30m
        #[arg(long, value_name = "TIME", value_parser = seconds)]
        older_than: Option<u32>,
        /// Only of this project
        #[arg(long, value_name = "DIR")]
        project: Option<PathBuf>,
    },
}

pub(crate) async fn run(args: Args) -> anyhow::Result<()> {
    let (_places, daemon) = connect().await?;
    match args.verb {
        Verb::Ls { project, json } => {
            let project_path = project.as_deref().map(folder).transpose()?;
            let entries = daemon.call(ListTrash { session_id: None, project_path }).await?;
            if json { print_json(&entries) } else { print(&lines(&entries)) }
        }
        Verb::Restore { id } => {
            let restored = daemon.call(RestoreTrash { id }).await?;
            print(&format!("{}\n", restored.worktree_path))
        }
        Verb::Empty { id, older_than, project } => {
            let project_path = project.as_deref().map(folder).transpose()?;
            let request = EmptyTrash { id, older_than_seconds: older_than, project_path };
            let emptied = daemon.call(request).await?;
            print(&format!("{} forgotten\n", emptied.removed))
        }
    }
}

fn lines(entries: &[TrashEntry]) -> String {
    let rows: Vec<_> = entries
        .iter()
        .map(|entry| {
            let at =
                i64::try_from(entry.at).ok().and_then(|at| Timestamp::from_millisecond(at).ok());
            let at = at.unwrap_or_default().to_zoned(TimeZone::system());
            let what = if entry.discarded { "discarded" } else { "worktree" };
            let files = if entry.files == 1 { "file" } else { "files" };
            [
                entry.id.clone(),
                at.strftime("%Y-%m-%d %H:%M").to_string(),
                what.to_owned(),
                format!("{} {files}", entry.files),
                entry.path.clone(),
            ]
        })
        .collect();
    table(&rows, 5)
}
