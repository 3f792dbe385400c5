//! `synk stop`

use anyhow::Context;
use std::{fs, time::Duration};
use synk_client::{Daemon, Places};
use synk_protocol::{ErrorCode, StopDaemon, WireError};
use synk_socket::{Lock, listening_process};
use tokio::time::Instant;

use super::connect;
use crate::output::print;

/// How long a stopped daemon may take until it is gone.
const GONE_TIMEOUT: Duration = Duration::from_secs(10);

/// Stop the daemon
///
/// The sessions go on, and the next verb finds them again. With --all they are ended first.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// End every session first
    #[arg(long)]
    all: bool,
}

pub(crate) async fn run(args: &Args) -> anyhow::Result<()> {
    let places = Places::from_env()?;
    places.prepare()?;
    let daemon = match Daemon::connect(&places, false).await {
        Ok((daemon, _events)) => daemon,
        // It cannot be asked in words that it knows.
        Err(error) if error.code == ErrorCode::VersionMismatch && !args.all => {
            let pid = listening_process(&places.daemon_socket()).await?;
            terminate(pid).with_context(|| format!("stopping the daemon, process {pid}"))?;
            wait_until_gone(&places).await?;
            return print("the daemon, of another version, is stopped; its sessions go on\n");
        }
        Err(error) if error.code != ErrorCode::Unavailable => return Err(error.into()),
        // Sessions may run without a daemon; then one is needed to end them.
        Err(_) if args.all && has_shims(&places) => connect().await?.1,
        Err(_) => return print("no daemon was running\n"),
    };
    let stopped = daemon.call(StopDaemon { all: Some(args.all) }).await?;
    drop(daemon);
    wait_until_gone(&places).await?;
    print(&match (stopped.ended, stopped.kept) {
        (0, 0) => "the daemon is stopped\n".to_owned(),
        (0, kept) => format!("the daemon is stopped; {} on\n", sessions(kept, "goes", "go")),
        (ended, _) => {
            format!("{} ended; the daemon is stopped\n", sessions(ended, "was", "were"))
        }
    })
}

fn sessions(count: u32, one: &str, many: &str) -> String {
    if count == 1 { format!("1 session {one}") } else { format!("{count} sessions {many}") }
}

/// Asks a daemon to stop in the one way that every version understands.
fn terminate(pid: u32) -> rustix::io::Result<()> {
    let pid = i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw);
    let pid = pid.ok_or(rustix::io::Errno::SRCH)?;
    rustix::process::kill_process(pid, rustix::process::Signal::TERM)
}

fn has_shims(places: &Places) -> bool {
    fs::read_dir(places.shims()).is_ok_and(|mut sockets| sockets.next().is_some())
}

/// The daemon holds its locks until its very end.
async fn wait_until_gone(places: &Places) -> Result<(), WireError> {
    let limit = Instant::now() + GONE_TIMEOUT;
    for lock in [places.daemon_lock(), places.state_lock()] {
        if Lock::take_by(&lock, limit).await?.is_none() {
            return Err(WireError::unavailable("the daemon was told to stop and still runs"));
        }
    }
    Ok(())
}
