//! `synk rename`

use synk_protocol::RenameSession;

use super::{Which, connect, find};

/// Give a session another name
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
    /// Its new name
    name: String,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<()> {
    let (_places, daemon) = connect().await?;
    let session_id = find(&daemon, &args.which.session).await?.session_id;
    daemon.call(RenameSession { session_id, name: args.name }).await?;
    Ok(())
}
