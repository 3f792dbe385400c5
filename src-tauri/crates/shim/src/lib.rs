//! The shim: one small process for each session. It owns the pseudo-terminal, the program,
//! the screen model and the log, and serves whoever connects to its socket.
//!
//! It knows nothing of other sessions, of git, of the store or of the window, and nothing
//! that happens to the process that started it reaches it: it leads a session of its own,
//! has no controlling terminal, and its standard streams are closed once it runs.
//!
//! ```text
//! program → reader thread → session loop ─┬→ screen model   every byte
//!                                         ├→ disk thread    every byte
//!                                         └→ viewer 1..n    within its window of credit
//! viewer → connection → session loop → writer thread → program
//! ```

mod batch;
mod connection;
mod detach;
mod disk;
mod login;
mod parked;
mod session;
mod terminal;
mod viewer;

pub use detach::{close_inherited, close_streams};

use serde::Serialize;
use session::{Session, Sources};
use std::{
    io::{self, Read, Write},
    process::ExitCode,
};
use synk_protocol::{ShimReady, ShimSpec, WireError};

/// The largest spec that is read, in bytes. An environment is a few kilobytes; Linux takes
/// 6 MiB at the most.
const MAX_SPEC_BYTES: u64 = 16 << 20;

/// What a shim is started for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A session that is known: a [`ShimSpec`].
    Session,
    /// A session that is asked for later: a [`synk_protocol::ParkedSpec`], then a
    /// [`synk_protocol::ParkedClaim`].
    Parked,
    /// No session: reading the user's login environment, for which a tree of processes has to
    /// be held together and ended as for one: a [`synk_protocol::EnvironmentSpec`].
    Environment,
}

/// Runs a shim from start to end: reads what it is to do from standard input, starts the
/// program, says [`ShimReady`] on standard output, and serves until the session is destroyed.
pub fn run(purpose: Purpose) -> ExitCode {
    match start(purpose) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("the session could not be started: {error}");
            // Whoever asked may be gone; there is nobody else to tell.
            report(&ShimReady::Failed(error)).ok();
            ExitCode::FAILURE
        }
    }
}

fn start(purpose: Purpose) -> Result<(), WireError> {
    synk_pty::become_session_leader_and_subreaper()
        .map_err(|error| WireError::internal(format!("leaving the starter's session: {error}")))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| WireError::internal(format!("starting the event loop: {error}")))?;
    runtime.block_on(async {
        match purpose {
            Purpose::Session => {
                let sources = Sources::new()?;
                serve(Session::start(read_spec()?, sources, None).await?).await
            }
            Purpose::Parked => match Box::pin(parked::wait_for_session()).await? {
                Some(session) => serve(session).await,
                None => Ok(()),
            },
            Purpose::Environment => login::read().await,
        }
    })
}

fn read_spec() -> Result<ShimSpec, WireError> {
    let mut json = Vec::new();
    io::stdin().take(MAX_SPEC_BYTES).read_to_end(&mut json).map_err(|error| unreadable(&error))?;
    serde_json::from_slice(&json).map_err(|error| unreadable(&error))
}

fn unreadable(error: &dyn std::fmt::Display) -> WireError {
    WireError::internal(format!("reading the session's spec: {error}"))
}

/// Says that the session is there, and serves it on its own.
async fn serve(session: Session) -> Result<(), WireError> {
    if report(&ShimReady::Ready).is_err() {
        // The starter died before it heard of this session, so nobody knows of it.
        return session.abandon().await;
    }
    if let Err(error) = detach::close_streams() {
        tracing::warn!("closing the standard streams: {error}");
    }
    // A task, since whatever wakes the first future of a runtime makes a system call for that.
    tokio::spawn(session.run())
        .await
        .map_err(|error| WireError::internal(format!("the session's loop: {error}")))?
}

fn report(said: &impl Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(said)?;
    line.push(b'\n');
    let mut stdout = io::stdout().lock();
    stdout.write_all(&line)?;
    stdout.flush()
}
