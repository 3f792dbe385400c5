//! `synk rename`

use synk_protocol::RenameSession;

use super::{connect, find};

/// Give a session another name
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The session's id or name
    #[arg(value_name = "ID|NAME")]
    session: String,
    /// Its new name
    name: String,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<()> {
    let (_places, daemon) = connect().await?;
    let session_id = find(&daemon, &args.session).await?.session_id;
    daemon.call(RenameSession { session_id, name: args.name }).await?;
    Ok(())
}
