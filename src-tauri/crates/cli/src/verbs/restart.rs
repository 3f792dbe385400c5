//! `synk restart`

use synk_protocol::RestartSession;

use super::{Which, connect, find};

/// Start a session's program again, ending it first if it runs
///
/// One that was lost goes on where it was: a shell in its last folder, an agent with its last
/// conversation. One that an older Synk started is moved to this version.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
    /// Wait until nothing in it is at work; does not wait here
    #[arg(long)]
    when_idle: bool,
    /// Do not restart it when idle after all
    #[arg(long, conflicts_with = "when_idle")]
    call_off: bool,
}

pub(crate) async fn run(args: &Args) -> anyhow::Result<()> {
    let (_places, daemon) = connect().await?;
    let session_id = find(&daemon, &args.which.session).await?.session_id;
    let when_idle = (args.when_idle || args.call_off).then_some(args.when_idle);
    daemon.call(RestartSession { session_id, when_idle }).await?;
    Ok(())
}
