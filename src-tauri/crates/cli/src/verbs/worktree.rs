//! `synk worktree`

use std::path::{Path, PathBuf};
use synk_protocol::{DeleteWorktree, ListWorktrees, WireError, WorktreeInfo};

use super::connect;
use crate::output::{print, print_json, table};

/// List or remove the worktrees that Synk has made
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// List them
    Ls {
        /// Only those of this project
        #[arg(long, value_name = "DIR")]
        project: Option<PathBuf>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Remove one. All that is in it goes into the trash first; see `synk trash`
    Rm {
        /// Its branch, or its folder
        #[arg(value_name = "BRANCH|DIR")]
        which: String,
        /// Delete its branch as well
        #[arg(long)]
        branch: bool,
        /// Of this project, where several have that branch
        #[arg(long, value_name = "DIR")]
        project: Option<PathBuf>,
    },
}

pub(crate) async fn run(args: Args) -> anyhow::Result<()> {
    let (_places, daemon) = connect().await?;
    let list = |project: Option<PathBuf>| -> Result<ListWorktrees, WireError> {
        Ok(ListWorktrees {
            session_id: None,
            project_path: project.as_deref().map(folder).transpose()?,
        })
    };
    match args.verb {
        Verb::Ls { project, json } => {
            let worktrees = daemon.call(list(project)?).await?;
            if json { print_json(&worktrees) } else { print(&lines(&worktrees)) }
        }
        Verb::Rm { which, branch, project } => {
            let all = daemon.call(list(project)?).await?;
            let path = chosen(&all, &which)?;
            let request =
                DeleteWorktree { session_id: None, path: Some(path), delete_branch: Some(branch) };
            let removed = daemon.call(request).await?;
            let mut lines = Vec::new();
            lines.extend(removed.problems.iter().map(|problem| format!("{problem}\n")));
            if !removed.not_kept.is_empty() {
                let files = removed.not_kept.join(", ").escape_debug().to_string();
                lines.push(format!("not kept, since git ignores it: {files}\n"));
            }
            if let Some(id) = removed.trash_id {
                lines.push(format!("synk trash restore {id}\n"));
            }
            print(&lines.concat())
        }
    }
}

/// A folder as the daemon takes it.
pub(super) fn folder(path: &Path) -> Result<String, WireError> {
    let wrong = |why: &str| WireError::invalid(format!("{}: {why}", path.display()));
    let full = path.canonicalize().map_err(|error| wrong(&error.to_string()))?;
    full.into_os_string().into_string().map_err(|_| wrong("its name is not UTF-8"))
}

fn lines(worktrees: &[WorktreeInfo]) -> String {
    let rows: Vec<_> = worktrees
        .iter()
        .map(|worktree| {
            let sessions: Vec<_> = worktree.sessions.iter().map(ToString::to_string).collect();
            let who = if worktree.missing { "gone".to_owned() } else { sessions.join(",") };
            [worktree.branch.clone().unwrap_or_default(), who, worktree.path.clone()]
        })
        .collect();
    table(&rows, 3)
}

/// The one with that branch or that folder.
fn chosen(all: &[WorktreeInfo], which: &str) -> Result<String, WireError> {
    let full = folder(which.as_ref()).ok();
    let found: Vec<_> = all
        .iter()
        .filter(|one| {
            one.branch.as_deref() == Some(which)
                || one.path == which
                || Some(&one.path) == full.as_ref()
        })
        .collect();
    match &found[..] {
        [one] => Ok(one.path.clone()),
        [] => Err(WireError::new(
            synk_protocol::ErrorCode::NotFound,
            format!("there is no worktree “{which}”; `synk worktree ls` lists those that exist"),
        )),
        _ => Err(WireError::invalid(format!(
            "several projects have a worktree of “{which}”; choose one with --project, or name its \
             folder"
        ))),
    }
}
