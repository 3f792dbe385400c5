//! `synk daemon`

use anyhow::Context;
use std::{
    io::{self, Write},
    time::Duration,
};
use synk_client::{Daemon, Places, daemon_binary, journal};
use synk_core::Core;
use synk_protocol::{ErrorCode, WireError};
use synk_socket::{Listener, Lock};
use tokio::{
    signal::unix::{SignalKind, signal},
    time::{Instant, sleep},
};

/// How long a daemon that is ending may hold its lock.
const LOCK_TIMEOUT: Duration = Duration::from_secs(10);
/// How often the lock is tried.
const LOCK_POLL: Duration = Duration::from_millis(20);

/// Run the daemon in the foreground
///
/// Not needed by hand: it starts by itself. It knows which sessions exist; they run without
/// it, and it finds them again when it starts.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Let go of the starter and its terminal, and close standard output once it listens.
    #[arg(long, hide = true)]
    detach: bool,
}

impl Args {
    pub(crate) fn is_detached(&self) -> bool {
        self.detach
    }
}

pub(crate) async fn run(args: &Args) -> anyhow::Result<()> {
    let served = prepare(args).await;
    if let Err(error) = &served
        && args.detach
    {
        // The starter reads why; see `synk_client::connect_or_start`.
        crate::output::print(&serde_json::to_string(error).unwrap_or_default())?;
    }
    let Some((locks, places, listener, core)) = served? else { return Ok(()) };
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "the daemon listens");
    if args.detach {
        io::stdout().flush().context("closing the standard streams")?;
        synk_shim::close_streams().context("closing the standard streams")?;
    }
    let stopping = core.stopping();
    let mut terminate = signal(SignalKind::terminate()).context("listening to signals")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("listening to signals")?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
            () = stopping.cancelled() => {}
        }
        stopping.cancel();
    });
    synk_server::serve(core.clone(), listener).await;
    core.close().await;
    tracing::info!(state = %places.sessions().display(), "the daemon ends; sessions go on");
    drop(locks);
    Ok(())
}

/// Everything up to listening; `None` when another daemon listens and that is as good.
async fn prepare(args: &Args) -> Result<Option<([Lock; 2], Places, Listener, Core)>, WireError> {
    if args.detach {
        // It fails only for a process that leads a group, which a started child does not.
        rustix::process::setsid().ok();
    }
    let places = Places::from_env()?;
    places.prepare()?;
    journal::to_file("daemon");
    let limit = Instant::now() + LOCK_TIMEOUT;
    let lock = loop {
        if let Some(lock) = Lock::take(&places.daemon_lock())? {
            break lock;
        }
        if Daemon::connect(&places, false).await.is_ok() {
            if args.detach {
                return Ok(None);
            }
            return Err(already_running());
        }
        // It is starting or ending.
        if Instant::now() >= limit {
            return Err(already_running());
        }
        sleep(LOCK_POLL).await;
    };
    // Two daemons would each take the other's sessions for lost.
    let Some(state_lock) = Lock::take_by(&places.state_lock(), limit).await? else {
        return Err(running_elsewhere(&places));
    };
    let core = Core::start(places.clone(), daemon_binary()?).await?;
    let listener = Listener::bind(&places.daemon_socket())?;
    Ok(Some(([lock, state_lock], places, listener, core)))
}

fn already_running() -> WireError {
    WireError::new(ErrorCode::Conflict, "a daemon is running already; `synk stop` stops it")
}

fn running_elsewhere(places: &Places) -> WireError {
    WireError::new(
        ErrorCode::Conflict,
        format!(
            "a daemon runs with another XDG_RUNTIME_DIR: it has the sessions and is not to be \
             reached at {}; set the variable as it is there, or end that process `synk daemon`, \
             and the sessions go on",
            places.daemon_socket().display()
        ),
    )
}
