//! The one place where shims are started. Today each is started when it is asked for; here
//! is where shells will wait that were started before.

use std::{path::PathBuf, process::Stdio, time::Duration};
use synk_client::{Places, Shim};
use synk_protocol::{ErrorCode, ShimReady, ShimSpec, WireError};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    process::{Child, Command},
    time::timeout,
};

/// How long a shim may take until its program runs.
const READY_TIMEOUT: Duration = Duration::from_secs(10);
/// The longest line that a shim may report with, in bytes.
const MAX_REPORT_BYTES: u64 = 64 * 1024;

/// Starts shims.
#[derive(Debug)]
pub struct ProcessPool {
    places: Places,
    binary: PathBuf,
}

impl ProcessPool {
    /// A pool that starts shims from the `synk` program at `binary`.
    pub fn new(places: Places, binary: PathBuf) -> Self {
        Self { places, binary }
    }

    /// Starts a session's shim and connects to it.
    ///
    /// # Errors
    /// The shim's own reason, or [`ErrorCode::SpawnFailed`] when it gave none.
    pub(crate) async fn start(&self, spec: &ShimSpec) -> Result<Shim, WireError> {
        let failed = |what: &str, error: &dyn std::fmt::Display| {
            WireError::new(
                ErrorCode::SpawnFailed,
                format!("the session's process could not be started: {what}: {error}"),
            )
        };
        let mut child = Command::new(&self.binary)
            .arg("shim")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .current_dir("/")
            .spawn()
            .map_err(|error| failed(&self.binary.display().to_string(), &error))?;
        match timeout(READY_TIMEOUT, introduce(&mut child, spec)).await {
            Ok(Ok(ShimReady::Ready)) => {}
            Ok(Ok(ShimReady::Failed(error))) => return Err(error),
            Ok(Err(error)) => return Err(failed("it ended before it was ready", &error)),
            Err(_) => {
                // It never came to live, so it has no tree to end.
                child.kill().await.ok();
                return Err(failed("it was not ready in time", &format!("{READY_TIMEOUT:?}")));
            }
        }
        // From here it is on its own; the runtime reaps it when it ends.
        let (shim, _output) =
            Shim::connect(&self.places.shim_socket(spec.record.session_id)).await?;
        Ok(shim)
    }
}

/// Hands the spec over and waits for the shim's one line.
async fn introduce(child: &mut Child, spec: &ShimSpec) -> std::io::Result<ShimReady> {
    let broken = || std::io::Error::from(std::io::ErrorKind::BrokenPipe);
    let mut stdin = child.stdin.take().ok_or_else(broken)?;
    stdin.write_all(&serde_json::to_vec(spec)?).await?;
    stdin.shutdown().await?;
    drop(stdin);
    let stdout = child.stdout.take().ok_or_else(broken)?;
    let mut line = String::new();
    BufReader::new(stdout.take(MAX_REPORT_BYTES)).read_line(&mut line).await?;
    Ok(serde_json::from_str(&line)?)
}
