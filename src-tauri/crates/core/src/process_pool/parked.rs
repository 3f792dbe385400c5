//! One shell that waits, with the shim that has it. It is this process's child and lives by
//! the pipes to it: dropping one ends both.

use std::{io, path::Path, time::Duration};
use synk_protocol::{ErrorCode, ParkedClaim, ParkedSpec, ShimReady, ShimSpec, WireError};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines, Take},
    process::{Child, ChildStdin, ChildStdout},
    time::timeout,
};

use super::cold::{MAX_REPORT_BYTES, spawn};

/// How much longer than the shell's own limit its shim may take to say so: it ends what the
/// shell has started first.
const WARM_UP_MARGIN: Duration = Duration::from_secs(10);
/// How long a shim may take to become its session.
const CLAIM_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a shim may take to end the shell that nobody wants.
const END_TIMEOUT: Duration = Duration::from_secs(10);

/// A shell that waits, and its shim.
#[derive(Debug)]
pub(super) struct Parked {
    child: Child,
    orders: ChildStdin,
    reports: Lines<BufReader<Take<ChildStdout>>>,
    /// The shim and its shell.
    pub(super) pids: [u32; 2],
    pub(super) integrated: bool,
}

/// Why a shell did not become the session.
#[derive(Debug)]
pub(super) enum Lost {
    /// It ended.
    Gone(String),
    /// It could not become that session.
    Refused(String),
}

impl Parked {
    /// Starts a shim and waits until its shell waits.
    pub(super) async fn start(binary: &Path, spec: &ParkedSpec) -> Result<Self, WireError> {
        let gone = |why: &dyn std::fmt::Display| {
            WireError::new(ErrorCode::SpawnFailed, format!("its shim ended: {why}"))
        };
        let mut child = spawn(binary, &["shim", "--parked"])?;
        let broken = || gone(&io::Error::from(io::ErrorKind::BrokenPipe));
        let mut orders = child.stdin.take().ok_or_else(broken)?;
        let stdout = child.stdout.take().ok_or_else(broken)?;
        let mut reports = BufReader::new(stdout.take(MAX_REPORT_BYTES)).lines();
        order(&mut orders, spec).await.map_err(|error| gone(&error))?;
        let limit = Duration::from_millis(spec.limit_ms) + WARM_UP_MARGIN;
        match timeout(limit, report(&mut reports)).await {
            Ok(Ok(ShimReady::Parked { pid, integrated })) => {
                let pids = [child.id().unwrap_or(0), pid];
                Ok(Self { child, orders, reports, pids, integrated })
            }
            Ok(Ok(ShimReady::Failed(error))) => Err(error),
            Ok(Ok(ShimReady::Ready)) => Err(gone(&"it took no session")),
            Ok(Err(error)) => Err(gone(&error)),
            Err(_) => {
                child.kill().await.ok();
                Err(gone(&format!("it said nothing within {limit:?}")))
            }
        }
    }

    /// Returns when the shell has ended, and why. Safe to cancel.
    pub(super) async fn ended(&mut self) -> String {
        match report(&mut self.reports).await {
            Ok(ShimReady::Failed(error)) => error.message,
            Ok(_) => "it said what it had to say twice".to_owned(),
            Err(error) => error.to_string(),
        }
    }

    /// Makes it a session, which listens when this returns.
    pub(super) async fn claim(
        mut self: Box<Self>,
        spec: &ShimSpec,
        set: &[(String, String)],
    ) -> Result<(), Lost> {
        let claim = ParkedClaim { spec: spec.clone(), set: set.to_vec() };
        let claimed = async {
            order(&mut self.orders, &claim).await?;
            report(&mut self.reports).await
        };
        match timeout(CLAIM_TIMEOUT, claimed).await {
            // From here it is on its own; the runtime reaps it when it ends.
            Ok(Ok(ShimReady::Ready)) => Ok(()),
            Ok(Ok(ShimReady::Failed(error))) => Err(Lost::Refused(error.message)),
            Ok(Ok(ShimReady::Parked { .. })) => Err(Lost::Gone("it waits on".to_owned())),
            Ok(Err(error)) => Err(Lost::Gone(error.to_string())),
            Err(_) => {
                self.child.kill().await.ok();
                Err(Lost::Gone(format!("it did not answer within {CLAIM_TIMEOUT:?}")))
            }
        }
    }

    /// Ends it.
    pub(super) async fn end(self: Box<Self>) {
        let Self { mut child, orders, .. } = *self;
        drop(orders);
        if timeout(END_TIMEOUT, child.wait()).await.is_err() {
            tracing::warn!("a waiting shell's shim does not end; it is killed");
            child.kill().await.ok();
        }
    }
}

async fn order(orders: &mut ChildStdin, order: &impl serde::Serialize) -> io::Result<()> {
    let mut line = serde_json::to_vec(order)?;
    line.push(b'\n');
    orders.write_all(&line).await
}

async fn report(reports: &mut Lines<BufReader<Take<ChildStdout>>>) -> io::Result<ShimReady> {
    let line = reports.next_line().await?.ok_or(io::ErrorKind::UnexpectedEof)?;
    Ok(serde_json::from_str(&line)?)
}
