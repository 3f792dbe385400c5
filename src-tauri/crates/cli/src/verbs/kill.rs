//! `synk kill`

use synk_protocol::DestroySession;

use super::{Which, connect, find};

/// End a session: its program and everything that it started
///
/// Its log stays in Synk's state folder.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
}

pub(crate) async fn run(args: &Args) -> anyhow::Result<()> {
    let (_places, daemon) = connect().await?;
    let session_id = find(&daemon, &args.which.session).await?.session_id;
    daemon.call(DestroySession { session_id }).await?;
    Ok(())
}
