//! Starting a shim that has its session from the beginning.

use std::{
    fs, io,
    path::Path,
    process::Stdio,
    sync::{Mutex, PoisonError},
    time::Duration,
};
use synk_client::{Places, Shim};
use synk_protocol::{ErrorCode, ShimReady, ShimSpec, WireError};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    process::{Child, Command},
    time::{Instant, sleep_until, timeout},
};

/// How long a shim may take until its program runs.
const READY_TIMEOUT: Duration = Duration::from_secs(10);
/// The longest line that a shim may report with, in bytes.
pub(super) const MAX_REPORT_BYTES: u64 = 64 * 1024;

/// Starts a session's shim and connects to it.
pub(super) async fn start(
    places: &Places,
    binary: &Path,
    spec: &ShimSpec,
) -> Result<Shim, WireError> {
    let mut child = spawn(binary, &["shim"])?;
    match timeout(READY_TIMEOUT, introduce(&mut child, spec)).await {
        Ok(Ok(ShimReady::Ready)) => {}
        Ok(Ok(ShimReady::Failed(error))) => return Err(error),
        Ok(Ok(ShimReady::Parked { .. })) => {
            return Err(failed("it waits for another session", &"it is of another version"));
        }
        Ok(Err(error)) => return Err(failed("it ended before it was ready", &error)),
        Err(_) => {
            // It never came to live, so it has no tree to end.
            child.kill().await.ok();
            return Err(failed("it was not ready in time", &format!("{READY_TIMEOUT:?}")));
        }
    }
    // From here it is on its own; the runtime reaps it when it ends.
    let (shim, _output) = Shim::connect(&places.shim_socket(spec.record.session_id)).await?;
    Ok(shim)
}

/// Starts the program itself, with pipes to it.
pub(crate) fn spawn(binary: &Path, arguments: &[&str]) -> Result<Child, WireError> {
    Command::new(binary)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .current_dir("/")
        .spawn()
        .map_err(|error| failed(&binary.display().to_string(), &error))
}

fn failed(what: &str, error: &dyn std::fmt::Display) -> WireError {
    WireError::new(
        ErrorCode::SpawnFailed,
        format!("the session's process could not be started: {what}: {error}"),
    )
}

/// Hands the spec over and waits for the shim's one line.
async fn introduce(child: &mut Child, spec: &ShimSpec) -> io::Result<ShimReady> {
    let broken = || io::Error::from(io::ErrorKind::BrokenPipe);
    let mut stdin = child.stdin.take().ok_or_else(broken)?;
    stdin.write_all(&serde_json::to_vec(spec)?).await?;
    stdin.shutdown().await?;
    drop(stdin);
    let stdout = child.stdout.take().ok_or_else(broken)?;
    let mut line = String::new();
    BufReader::new(stdout.take(MAX_REPORT_BYTES)).read_line(&mut line).await?;
    Ok(serde_json::from_str(&line)?)
}

/// Takes away what a start that failed has left of a session, so that another can be tried.
pub(super) fn start_over(places: &Places, spec: &ShimSpec) -> Result<(), WireError> {
    let session = spec.record.session_id;
    for removed in
        [fs::remove_file(places.shim_socket(session)), fs::remove_dir_all(&spec.session_dir)]
    {
        match removed {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%session, "removing what a failed start has left: {error}");
            }
            _ => {}
        }
    }
    synk_client::private_dir(&spec.session_dir)
}

/// Spaces the starts of several programs that are asked for at once.
#[derive(Debug)]
pub(super) struct Spacing(Mutex<Queue>);

#[derive(Debug)]
struct Queue {
    /// Starts that are under way or wait.
    open: u32,
    next: Instant,
}

impl Default for Spacing {
    fn default() -> Self {
        Self(Mutex::new(Queue { open: 0, next: Instant::now() }))
    }
}

/// A turn to start something; over when dropped.
#[derive(Debug)]
pub(crate) struct Turn<'a>(&'a Spacing);

impl Spacing {
    /// Waits for a turn. One that is alone waits for nothing.
    pub(super) async fn turn(&self, stagger_ms: u32) -> Turn<'_> {
        let at = {
            let mut queue = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let now = Instant::now();
            let at = if queue.open == 0 { now } else { queue.next.max(now) };
            queue.open += 1;
            queue.next = at + Duration::from_millis(stagger_ms.into());
            at
        };
        let turn = Turn(self);
        sleep_until(at).await;
        turn
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner).open -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_is_alone_does_not_wait_and_several_at_once_are_spaced() {
        let spacing = Spacing::default();
        for _ in 0..3 {
            // An hour, which nobody who is alone waits.
            drop(spacing.turn(3_600_000).await);
        }
        let begin = Instant::now();
        let (_first, _second, _third) =
            tokio::join!(spacing.turn(30), spacing.turn(30), spacing.turn(30));
        assert!(begin.elapsed() >= Duration::from_millis(60));
    }
}
