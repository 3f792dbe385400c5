//! `synk hook`: what an agent calls when something happens in it. It passes a few fields on to
//! the session's shim, and whatever goes wrong with that is nothing to the agent: it prints
//! nothing and always succeeds.

use serde::Deserialize;
use std::{
    env,
    io::{self, Read},
    process::ExitCode,
    time::Duration,
};
use synk_client::{Places, Shim};
use synk_protocol::{ErrorCode, HookReport, SessionId};
use tokio::time::{sleep, timeout};

/// What agents hand over is mostly their last message.
const MAX_INPUT_BYTES: u64 = 4 << 20;
/// An agent waits for its hooks.
const LIMIT: Duration = Duration::from_secs(2);
/// Between two attempts to reach the shim.
const AGAIN: Duration = Duration::from_millis(20);

/// What Claude Code and Gemini CLI hand over, as far as it is of use.
#[derive(Deserialize)]
struct Called {
    hook_event_name: String,
    #[serde(default)]
    session_id: Option<String>,
    #[serde(default)]
    transcript_path: Option<String>,
    #[serde(default)]
    notification_type: Option<String>,
    #[serde(default)]
    tool_name: Option<String>,
    #[serde(default)]
    message: Option<String>,
}

impl From<Called> for HookReport {
    fn from(called: Called) -> Self {
        Self {
            event: called.hook_event_name,
            subject: called.notification_type.or(called.tool_name),
            message: called.message,
            conversation: called.session_id,
            transcript: called.transcript_path,
            at: 0,
        }
    }
}

pub(crate) fn run() -> ExitCode {
    if let Err(error) = pass_on() {
        tracing::debug!("a hook was not passed on: {error:#}");
    }
    ExitCode::SUCCESS
}

fn pass_on() -> anyhow::Result<()> {
    let mut input = Vec::new();
    io::stdin().lock().take(MAX_INPUT_BYTES).read_to_end(&mut input)?;
    // Outside a session there is nobody to tell.
    let Some(session) = env::var("SYNK_SESSION").ok().and_then(|id| id.parse().ok()) else {
        return Ok(());
    };
    // Gemini CLI sets this for what its tools start, and not for its hooks. Another Gemini CLI
    // there has inherited the hooks, and is not the one that the session is about.
    if env::var_os("GEMINI_CLI").is_some() {
        return Ok(());
    }
    let called: Called = serde_json::from_slice(&input)?;
    let socket = Places::from_env()?.shim_socket(SessionId(session));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let told = async {
            // An agent may be quicker than the shim that has just been given its session.
            let shim = loop {
                match Shim::connect(&socket).await {
                    Ok((shim, _output)) => break shim,
                    Err(error) if error.code == ErrorCode::Unavailable => sleep(AGAIN).await,
                    Err(error) => return Err(error),
                }
            };
            shim.report(called.into()).await
        };
        Ok(timeout(LIMIT, told).await??)
    })
}
