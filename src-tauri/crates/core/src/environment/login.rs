//! The environment that the user's login shell gives to programs, so that what Synk starts
//! finds the same programs as in a terminal although the window was started from a dock. It
//! is read once, in the background, and again when the start-up files have changed.

use std::{path::Path, sync::Arc, time::Duration};
use synk_protocol::{EnvironmentSpec, LoginEnvironment};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    sync::watch,
    time::timeout,
};

use super::{Variables, for_shell, home_dir, login_shell};
use crate::process_pool::spawn;

/// How long the shell may take.
const LIMIT: Duration = Duration::from_secs(10);
/// How much longer its shim may take to end what it has started.
const MARGIN: Duration = Duration::from_secs(10);
/// How long somebody who needs it waits for it. A shell takes half a second; one that takes
/// ten must not hold up a session.
const PATIENCE: Duration = Duration::from_secs(2);
/// The longest answer, in bytes.
const MAX_ANSWER_BYTES: u64 = 16 << 20;

/// The login environment. A clone shares it.
#[derive(Debug, Clone)]
pub(crate) struct Login {
    known: watch::Sender<Known>,
    problem: watch::Sender<Option<String>>,
}

#[derive(Debug, Clone, Default)]
struct Known {
    /// It has been read, or could not be.
    settled: bool,
    vars: Option<Arc<Variables>>,
}

impl Login {
    /// Nothing is known yet; see [`Login::read`].
    pub(crate) fn new() -> Self {
        Self { known: watch::Sender::new(Known::default()), problem: watch::Sender::new(None) }
    }

    /// Begins to read it, from a shim of the program at `binary`.
    pub(crate) fn read(&self, binary: &Path) {
        let (login, binary) = (self.clone(), binary.to_owned());
        tokio::spawn(async move {
            let problem = match ask(&binary).await {
                Ok(vars) => {
                    let vars = Some(Arc::new(vars));
                    login.known.send_replace(Known { settled: true, vars });
                    None
                }
                Err(why) => {
                    // What was read before is better than nothing.
                    login.known.send_modify(|known| known.settled = true);
                    Some(format!(
                        "The environment that {} sets up could not be read: {why}. Agents and \
                         commands get the one that Synk was started with.",
                        login_shell()
                    ))
                }
            };
            login.problem.send_if_modified(|said| {
                let changed = *said != problem;
                *said = problem;
                changed
            });
        });
    }

    /// The environment, once it is there; `None` when it cannot be read or takes too long.
    pub(crate) async fn get(&self) -> Option<Arc<Variables>> {
        let mut known = self.known.subscribe();
        let settled = timeout(PATIENCE, known.wait_for(|known| known.settled)).await;
        if settled.is_err() {
            tracing::warn!("the login environment is not known yet; Synk's own is used");
        }
        self.known.borrow().vars.clone()
    }

    /// Why it is not known.
    pub(crate) fn problem(&self) -> watch::Receiver<Option<String>> {
        self.problem.subscribe()
    }
}

async fn ask(binary: &Path) -> Result<Variables, String> {
    let limit_ms = u64::try_from(LIMIT.as_millis()).unwrap_or(u64::MAX);
    let spec =
        EnvironmentSpec { env: for_shell(&login_shell()), working_dir: home_dir(), limit_ms };
    let mut child = spawn(binary, &["shim", "--environment"]).map_err(|error| error.message)?;
    let (Some(mut orders), Some(answer)) = (child.stdin.take(), child.stdout.take()) else {
        return Err("its shim has no pipes".to_owned());
    };
    let answered = async {
        let mut line = serde_json::to_vec(&spec)?;
        line.push(b'\n');
        orders.write_all(&line).await?;
        let mut answered = Vec::new();
        answer.take(MAX_ANSWER_BYTES).read_to_end(&mut answered).await?;
        std::io::Result::Ok(serde_json::from_slice(&answered)?)
    };
    match timeout(LIMIT + MARGIN, answered).await {
        Ok(Ok(LoginEnvironment::Read(vars))) => Ok(vars.into_iter().collect()),
        Ok(Ok(LoginEnvironment::Failed(error))) => Err(error.message),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => {
            child.kill().await.ok();
            Err(format!("its shim did not answer within {:?}", LIMIT + MARGIN))
        }
    }
}
