//! The one place where shims are started: from the shells that wait, or when they are asked
//! for. It knows nothing of the sessions that it starts them for.
//!
//! A waiting shell is a shim that has everything but its session ([`parked`]); one task owns
//! them all ([`owner`]). Who wants one takes the one that has waited longest. Whatever goes
//! wrong with it, the next is taken, and when there is none the shim is started cold: slower,
//! and nothing else.
//!
//! A shell that was used is never used again. Its variables, functions, history, open files
//! and background jobs belong to the session that had it, and no command that is typed into
//! it takes all of that away for certain. So a closed shell is replaced by a new process.

mod cold;
mod memory;
mod owner;
mod parked;
mod startup_files;

use std::{path::PathBuf, sync::Arc};
use synk_client::{Places, Shim};
use synk_protocol::{PoolStatus, ShimSpec, WireError};
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

use crate::{
    environment::{self, Login},
    settings::Settings,
};
pub(crate) use cold::spawn;

use cold::Spacing;
use owner::{Message, Owner};
use parked::{Lost, Parked};

/// What may wait for the owner.
const INBOX: usize = 64;

/// Starts shims. A clone shares everything.
#[derive(Debug, Clone)]
pub struct ProcessPool {
    places: Places,
    binary: PathBuf,
    settings: Settings,
    owner: mpsc::Sender<Message>,
    status: watch::Sender<PoolStatus>,
    spacing: Arc<Spacing>,
}

impl ProcessPool {
    /// A pool that starts shims from the `synk` program at `binary`, and begins to fill.
    /// `tell` is called with what the user has to know.
    pub(crate) fn start(
        places: Places,
        binary: PathBuf,
        settings: Settings,
        login: Login,
        closing: CancellationToken,
        tell: impl Fn(String) + Send + 'static,
    ) -> Self {
        let (owner, inbox) = mpsc::channel(INBOX);
        let status = watch::Sender::new(PoolStatus::default());
        let pool =
            Self { places, binary, settings, owner, status, spacing: Arc::new(Spacing::default()) };
        tokio::spawn(Owner::new(pool.clone(), login, Box::new(tell)).run(inbox, closing));
        pool
    }

    /// Starts a session's shim and connects to it. With `set`, variables that the session's
    /// environment has besides its shell's, a shell that waits may become the session.
    ///
    /// # Errors
    /// The shim's own reason, or [`synk_protocol::ErrorCode::SpawnFailed`] when it gave none.
    pub(crate) async fn session(
        &self,
        spec: &ShimSpec,
        set: Option<Vec<(String, String)>>,
    ) -> Result<Shim, WireError> {
        let session = spec.record.session_id;
        while let Some(set) = &set {
            let Some(parked) = self.take().await else { break };
            match parked.claim(spec, set).await {
                Ok(()) => {
                    let socket = self.places.shim_socket(session);
                    let (shim, _output) = Shim::connect(&socket).await?;
                    return Ok(shim);
                }
                Err(Lost::Gone(why)) => {
                    tracing::warn!(%session, "a waiting shell was lost ({why}); taking another");
                    cold::start_over(&self.places, spec)?;
                }
                Err(Lost::Refused(why)) => {
                    tracing::warn!(%session, "a waiting shell refused ({why}); starting cold");
                    cold::start_over(&self.places, spec)?;
                    break;
                }
            }
        }
        let _turn = self.turn().await;
        cold::start(&self.places, &self.binary, spec).await
    }

    /// Starts the shim of a session that was lost, which starts no program.
    ///
    /// # Errors
    /// See [`ProcessPool::session`].
    pub(crate) async fn asleep(&self, spec: &ShimSpec) -> Result<Shim, WireError> {
        cold::start(&self.places, &self.binary, spec).await
    }

    /// Waits for one's turn among those that start programs, so that several at once do not
    /// hinder each other. Held until the start is through.
    async fn turn(&self) -> cold::Turn<'_> {
        self.spacing.turn(self.settings.current().pool.stagger_ms).await
    }

    /// A plain shell's session was closed: its place is taken by a fresh one.
    pub(crate) async fn closed(&self) {
        self.owner.send(Message::Closed).await.ok();
    }

    /// The settings have changed.
    pub(crate) async fn apply_settings(&self) {
        let files = startup_files::look(self.shell()).await;
        self.owner.send(Message::SettingsChanged { files }).await.ok();
    }

    /// How the pool is, now and whenever that changes.
    pub(crate) fn status(&self) -> watch::Receiver<PoolStatus> {
        self.status.subscribe()
    }

    /// Notes how many sessions run.
    pub(crate) fn set_active(&self, active: u32) {
        self.status.send_if_modified(|status| {
            let changed = status.active != active;
            status.total = status.total + active - status.active;
            status.active = active;
            changed
        });
    }

    /// The shell that is started.
    fn shell(&self) -> String {
        environment::shell(&self.settings.current().terminal)
    }

    /// The shell that has waited longest, if one waits.
    async fn take(&self) -> Option<Box<Parked>> {
        loop {
            let files = startup_files::look(self.shell()).await;
            let (taker, taken) = oneshot::channel();
            self.owner.send(Message::Take { files, taker }).await.ok()?;
            // One that ends in this moment leaves its taker without an answer.
            if let Ok(parked) = taken.await {
                return parked;
            }
        }
    }
}
