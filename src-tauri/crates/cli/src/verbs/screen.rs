//! `synk screen`

use synk_protocol::GetScreen;

use super::{Which, connect, find};
use crate::output::print;

/// Print the text on a session's screen
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
}

pub(crate) async fn run(args: &Args) -> anyhow::Result<()> {
    let (_places, daemon) = connect().await?;
    let session_id = find(&daemon, &args.which.session).await?.session_id;
    let screen = daemon.call(GetScreen { session_id }).await?;
    print(&format!("{}\n", screen.text))
}
