//! `synk send`

use synk_protocol::WriteSession;

use super::{Which, connect, find};

/// Type text into a session, and press Enter
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
    /// What to type
    #[arg(allow_hyphen_values = true)]
    text: String,
    /// Do not press Enter
    #[arg(long)]
    no_enter: bool,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<()> {
    let (_places, daemon) = connect().await?;
    let session_id = find(&daemon, &args.which.session).await?.session_id;
    daemon.call(WriteSession { session_id, data: args.text, binary: None }).await?;
    if !args.no_enter {
        // A write of its own: programs take an Enter that arrives with text for a paste.
        daemon.call(WriteSession { session_id, data: "\r".to_owned(), binary: None }).await?;
    }
    Ok(())
}
