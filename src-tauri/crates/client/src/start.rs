//! Finding the daemon, or starting it.

use std::{
    env, io,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};
use synk_protocol::{ErrorCode, Event, WireError};
use synk_socket::Places;
use tokio::{
    io::{AsyncReadExt, BufReader},
    process::Command,
    sync::mpsc,
    time::timeout,
};

use crate::daemon::Daemon;

/// How long a new daemon may take until it listens. It adopts the running shims first.
const START_TIMEOUT: Duration = Duration::from_secs(20);
/// The most that is read of what a daemon says when it cannot start, in bytes.
const MAX_REPORT_BYTES: u64 = 4096;

/// The `synk` program: this one, or the one beside it.
///
/// # Errors
/// [`ErrorCode::Unavailable`] when it is not there, which is a broken installation.
pub fn daemon_binary() -> Result<PathBuf, WireError> {
    let own = env::current_exe().map_err(|error| {
        WireError::internal(format!("finding the path of this program: {error}"))
    })?;
    let name = format!("synk{}", env::consts::EXE_SUFFIX);
    let binary = own.with_file_name(name);
    if binary.is_file() {
        return Ok(binary);
    }
    Err(WireError::unavailable(format!(
        "{} is missing; install Synk again, or build it with `npm start`",
        binary.display()
    )))
}

/// Connects to the daemon, and starts it first when none answers.
///
/// # Errors
/// Why it could not be started, or [`Daemon::connect`]'s.
pub async fn connect_or_start(
    places: &Places,
    binary: &Path,
    subscribe: bool,
) -> Result<(Daemon, mpsc::Receiver<Event>), WireError> {
    match Daemon::connect(places, subscribe).await {
        Err(error) if error.code == ErrorCode::Unavailable => {}
        connected => return connected,
    }
    start(binary).await?;
    Daemon::connect(places, subscribe).await
}

/// Starts `synk daemon` in the background and waits until it listens, or until it says that
/// another one does.
async fn start(binary: &Path) -> Result<(), WireError> {
    let failed = |error: io::Error| {
        WireError::unavailable(format!("starting {}: {error}", binary.display()))
    };
    let mut child = Command::new(binary)
        .args(["daemon", "--detach"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .current_dir("/")
        .spawn()
        .map_err(failed)?;
    let Some(stdout) = child.stdout.take() else {
        return Err(WireError::internal("the daemon's output could not be read"));
    };
    // It closes its output once it listens. Anything that it says before is why it does not.
    let mut report = String::new();
    let mut reader = BufReader::new(stdout).take(MAX_REPORT_BYTES);
    match timeout(START_TIMEOUT, reader.read_to_string(&mut report)).await {
        Err(_) => Err(WireError::unavailable(
            "the daemon was started and does not listen; its log is in Synk's state folder",
        )),
        Ok(Err(error)) => Err(failed(error)),
        Ok(Ok(_)) if report.trim().is_empty() => Ok(()),
        Ok(Ok(_)) => Err(serde_json::from_str(&report).unwrap_or_else(|_| {
            WireError::unavailable(format!("the daemon could not be started: {}", report.trim()))
        })),
    }
}
