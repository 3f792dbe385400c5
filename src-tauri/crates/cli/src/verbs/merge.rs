//! `synk merge`

use clap::ValueEnum;
use synk_protocol::{ErrorCode, GetGitStatus, MergeBranch, MergeStrategy, WireError};

use super::{Which, connect, find};
use crate::output::print;

/// Bring what a session has committed into another branch
///
/// Into the one that its worktree began from, unless another is named. After a conflict
/// everything is as before, and the files in conflict are listed.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  synk merge claude                             a merge commit, or none where none is needed
  synk merge claude --strategy squash           all of it as one commit
  synk merge claude --into release --strategy rebase")]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
    /// How
    #[arg(long, value_enum, default_value = "merge")]
    strategy: Strategy,
    /// Into this branch
    #[arg(long, value_name = "BRANCH")]
    into: Option<String>,
    /// The message of the commit that it makes
    #[arg(long, short)]
    message: Option<String>,
    /// Where that branch is checked out, bring the files along
    #[arg(long)]
    update_checkout: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Strategy {
    Merge,
    Squash,
    Rebase,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<()> {
    let (_places, daemon) = connect().await?;
    let session_id = find(&daemon, &args.which.session).await?.session_id;
    let status = daemon.call(GetGitStatus { session_id }).await?;
    let branch =
        status.branch.ok_or_else(|| WireError::invalid("the session has no branch checked out"))?;
    let base_branch = args.into.or(status.base_branch).ok_or_else(|| {
        WireError::invalid(format!("nothing says where “{branch}” is to go; name it with --into"))
    })?;
    let request = MergeBranch {
        session_id: Some(session_id),
        project_path: None,
        branch: branch.clone(),
        base_branch: base_branch.clone(),
        strategy: match args.strategy {
            Strategy::Merge => MergeStrategy::Merge,
            Strategy::Squash => MergeStrategy::Squash,
            Strategy::Rebase => MergeStrategy::Rebase,
        },
        message: args.message,
        update_checkout: Some(args.update_checkout),
    };
    let merged = daemon.call(request).await.map_err(|error| match error.code {
        ErrorCode::CheckedOut => WireError::new(
            error.code,
            format!("{}; --update-checkout brings the files there along", error.message),
        ),
        _ => error,
    })?;
    if let Some(files) = merged.conflict_files {
        let files: Vec<_> = files.iter().map(|file| file.escape_debug().to_string()).collect();
        let files = files.join("\n  ");
        let message = format!("“{branch}” and “{base_branch}” are in conflict in:\n  {files}");
        return Err(WireError::new(ErrorCode::Conflict, message).into());
    }
    print(&format!("{base_branch} {}\n", merged.commit))
}
