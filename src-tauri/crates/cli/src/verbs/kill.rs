//! `synk kill`

use synk_protocol::DestroySession;

use super::{Which, connect, find};

/// End a session: its program and everything that it started
///
/// Refused while others are attached to it. Its log stays until `synk clean`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
    /// End it although others are attached
    #[arg(long)]
    force: bool,
}

pub(crate) async fn run(args: &Args) -> anyhow::Result<()> {
    let (_places, daemon) = connect().await?;
    let session_id = find(&daemon, &args.which.session).await?.session_id;
    daemon.call(DestroySession { session_id, force: Some(args.force) }).await?;
    Ok(())
}
