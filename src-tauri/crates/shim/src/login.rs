//! Reading the environment that the user's login shell gives to programs. The shell runs the
//! user's start-up files, so it is held as a session's program is: it and all that it starts
//! are ended when it is through, when it takes too long, and when whoever asked is gone.

use std::{process::Stdio, time::Duration};
use synk_protocol::{EnvironmentSpec, ErrorCode, LoginEnvironment, WireError};
use tokio::{
    io::AsyncReadExt,
    process::Command,
    signal::unix::{SignalKind, signal},
    time::timeout,
};

use crate::{parked::end, report, unreadable};

/// An environment has 6 MiB at the most, and start-up files may print something before it.
const MAX_OUTPUT_BYTES: u64 = 16 << 20;
/// `env`, past aliases and functions, on every system that Synk runs on.
const ENV: &str = "/usr/bin/env";

/// Reads an [`EnvironmentSpec`], and answers with the [`LoginEnvironment`].
pub(crate) async fn read() -> Result<(), WireError> {
    let mut orders = crate::parked::orders().map_err(|error| unreadable(&error))?;
    let Some(spec) = crate::parked::next::<EnvironmentSpec>(&mut orders).await? else {
        return Ok(());
    };
    let mut terminate = signal(SignalKind::terminate())
        .map_err(|error| WireError::internal(format!("listening to signals: {error}")))?;
    let limit = Duration::from_millis(spec.limit_ms);
    let answer = tokio::select! {
        answer = timeout(limit, run(&spec)) => answer.unwrap_or_else(|_| Err(failed(format!(
            "its start-up files were not through after {} s", limit.as_secs_f32()
        )))),
        _ = orders.next_line() => Err(failed("nobody asks any more".to_owned())),
        _ = terminate.recv() => Err(failed("it was told to end".to_owned())),
    };
    end(None).await;
    let answer = answer.map_or_else(LoginEnvironment::Failed, LoginEnvironment::Read);
    // Whoever asked may be gone.
    report(&answer).ok();
    Ok(())
}

async fn run(spec: &EnvironmentSpec) -> Result<Vec<(String, String)>, WireError> {
    let shell = synk_pty::shell(&spec.env);
    // What start-up files print comes before it; what they leave running may keep the output
    // open after it.
    let mark = format!("synk-environment-{}", std::process::id());
    let print = format!("printf '\\0%s\\0' {mark}");
    let started = Command::new(&shell)
        .args(["-l", "-i", "-c"])
        .arg(format!("{print}; {ENV} -0; {print}"))
        .env_clear()
        .envs(spec.env.iter().map(|(name, value)| (name, value)))
        .current_dir(&spec.working_dir)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut child = started.map_err(|error| failed(format!("{shell}: {error}")))?;
    let stdout = child.stdout.take().ok_or_else(|| failed("it has no output".to_owned()))?;
    let mut stdout = stdout.take(MAX_OUTPUT_BYTES);
    let mark = format!("\0{mark}\0").into_bytes();
    let find = |bytes: &[u8]| bytes.windows(mark.len()).position(|window| window == mark);
    let mut output = Vec::new();
    loop {
        let count =
            stdout.read_buf(&mut output).await.map_err(|error| failed(error.to_string()))?;
        if count == 0 {
            return Err(failed(
                "it did not print its variables: its start-up files end it, start another \
                 shell, or print without end"
                    .to_owned(),
            ));
        }
        let Some(start) = find(&output).map(|at| at + mark.len()) else { continue };
        let Some(end) = find(&output[start..]) else { continue };
        let variables = output[start..start + end].split(|byte| *byte == 0);
        let pairs = variables.filter_map(|variable| {
            let (name, value) = std::str::from_utf8(variable).ok()?.split_once('=')?;
            Some((name.to_owned(), value.to_owned()))
        });
        return Ok(pairs.collect());
    }
}

fn failed(why: String) -> WireError {
    WireError::new(ErrorCode::SpawnFailed, why)
}
