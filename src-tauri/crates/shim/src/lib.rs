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
mod session;
mod terminal;
mod viewer;

pub use detach::{close_inherited, close_streams};

use std::{
    io::{self, Read, Write},
    process::ExitCode,
};
use synk_protocol::{ShimReady, ShimSpec, WireError};

/// The largest spec that is read, in bytes. An environment is a few kilobytes; Linux takes
/// 6 MiB at the most.
const MAX_SPEC_BYTES: u64 = 16 << 20;

/// Runs a shim from start to end: reads its [`ShimSpec`] from standard input, starts the
/// program, says [`ShimReady`] on standard output, and serves until the session is
/// destroyed.
pub fn run() -> ExitCode {
    match start() {
        Ok(code) => code,
        Err(error) => {
            tracing::error!("the session could not be started: {error}");
            // Whoever asked may be gone; there is nobody else to tell.
            report(&ShimReady::Failed(error)).ok();
            ExitCode::FAILURE
        }
    }
}

fn start() -> Result<ExitCode, WireError> {
    let mut json = Vec::new();
    io::stdin()
        .take(MAX_SPEC_BYTES)
        .read_to_end(&mut json)
        .map_err(|error| WireError::internal(format!("reading the session's spec: {error}")))?;
    let spec: ShimSpec = serde_json::from_slice(&json)
        .map_err(|error| WireError::internal(format!("reading the session's spec: {error}")))?;
    synk_pty::become_session_leader_and_subreaper()
        .map_err(|error| WireError::internal(format!("leaving the starter's session: {error}")))?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| WireError::internal(format!("starting the event loop: {error}")))?;
    runtime.block_on(async {
        let session = session::Session::start(spec).await?;
        if report(&ShimReady::Ready).is_err() {
            // The starter died before it heard of this session, so nobody knows of it.
            return session.abandon().await;
        }
        if let Err(error) = detach::close_streams() {
            tracing::warn!("closing the standard streams: {error}");
        }
        session.run().await
    })?;
    Ok(ExitCode::SUCCESS)
}

fn report(ready: &ShimReady) -> io::Result<()> {
    let mut line = serde_json::to_vec(ready)?;
    line.push(b'\n');
    let mut stdout = io::stdout().lock();
    stdout.write_all(&line)?;
    stdout.flush()
}
