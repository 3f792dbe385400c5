//! Synk for something that shows sessions for a long time, such as the window: commands by
//! name, events to a sink, and a connection that comes back by itself.

use dashmap::DashMap;
use serde_json::Value;
use std::{fmt, path::PathBuf, sync::Arc, time::Duration};
use synk_protocol::{
    ConnectionState, DaemonConnection, Event, Request, SessionId, TerminalSize, ViewerRequest,
    WireError,
};
use synk_socket::Places;
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
    time::{sleep, timeout},
};

use crate::{
    attachment::{Attachment, View},
    daemon::Daemon,
    shim::Shim,
    start::connect_or_start,
};

/// Receives every event. Called from many tasks; must not block.
pub(crate) type EventSink = Arc<dyn Fn(Event) + Send + Sync>;

/// How long a command waits for a daemon that is being looked for.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
/// Between attempts to reach the daemon.
const RETRY: Duration = Duration::from_millis(500);

/// A client for a long time. A clone shares everything.
#[derive(Clone)]
pub struct Synk {
    inner: Arc<Inner>,
}

struct Inner {
    places: Places,
    sink: EventSink,
    daemon: watch::Receiver<Option<Daemon>>,
    /// How many commands wait for the daemon. They need it even if it was stopped on purpose.
    waiting: watch::Sender<u32>,
    attachments: DashMap<SessionId, Attachment>,
    keeper: JoinHandle<()>,
}

impl fmt::Debug for Synk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Synk").field("attachments", &self.inner.attachments).finish_non_exhaustive()
    }
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.keeper.abort();
    }
}

impl Synk {
    /// Starts looking for the daemon, and keeps the connection to it from then on. Must be
    /// called inside a tokio runtime.
    pub fn start(
        places: Places,
        binary: PathBuf,
        sink: impl Fn(Event) + Send + Sync + 'static,
    ) -> Self {
        let sink: EventSink = Arc::new(sink);
        let (daemon_in, daemon) = watch::channel(None);
        let (waiting, waiting_out) = watch::channel(0);
        let keeper = tokio::spawn(keep_connected(
            places.clone(),
            binary,
            Arc::clone(&sink),
            daemon_in,
            waiting_out,
        ));
        let attachments = DashMap::new();
        Self { inner: Arc::new(Inner { places, sink, daemon, waiting, attachments, keeper }) }
    }

    /// Calls a command by name. Those about what this client sees are answered here, over
    /// the sessions' own sockets; so are writes and sizes of attached sessions; all others
    /// go to the daemon.
    ///
    /// # Errors
    /// The command's own.
    pub async fn invoke(&self, name: &str, args: Value) -> Result<Value, WireError> {
        if ViewerRequest::NAMES.contains(&name) {
            self.view(ViewerRequest::parse(name, args)?).await?;
            return Ok(Value::Null);
        }
        match Request::parse(name, args.clone())? {
            Request::SessionWrite(write) => {
                if let Some(shim) = self.attached(write.session_id) {
                    shim?.write(write.into_bytes()?).await?;
                    return Ok(Value::Null);
                }
            }
            Request::SessionResize(resize) => {
                let size = TerminalSize::new(resize.cols, resize.rows)?;
                if let Some(attachment) = self.inner.attachments.get(&resize.session_id) {
                    attachment.set_size(size);
                }
                if let Some(shim) = self.attached(resize.session_id) {
                    shim?.resize(size).await?;
                    return Ok(Value::Null);
                }
            }
            _ => {}
        }
        self.daemon().await?.request(name, args).await
    }

    async fn view(&self, request: ViewerRequest) -> Result<(), WireError> {
        match request {
            ViewerRequest::SessionAttach(attach) => {
                let size = TerminalSize::new(attach.cols, attach.rows)?;
                let view = View { size, palette: attach.palette };
                self.detach(attach.session_id).await;
                let Inner { places, sink, attachments, .. } = &*self.inner;
                let opened =
                    Attachment::open(places, attach.session_id, view, Arc::clone(sink)).await?;
                attachments.insert(attach.session_id, opened);
                Ok(())
            }
            ViewerRequest::SessionDetach(detach) => {
                self.detach(detach.session_id).await;
                Ok(())
            }
            ViewerRequest::SessionAck(ack) => match self.attached(ack.session_id) {
                Some(shim) => shim?.acknowledge(ack.offset).await,
                // The session was detached since; there is nothing to say.
                None => Ok(()),
            },
        }
    }

    /// The connection of an attached session.
    fn attached(&self, session: SessionId) -> Option<Result<Shim, WireError>> {
        self.inner.attachments.get(&session).map(|attachment| attachment.shim())
    }

    async fn detach(&self, session: SessionId) {
        if let Some((_, attachment)) = self.inner.attachments.remove(&session) {
            attachment.close().await;
        }
    }

    /// The daemon, once there is one.
    async fn daemon(&self) -> Result<Daemon, WireError> {
        let mut daemon = self.inner.daemon.clone();
        if let Some(daemon) = daemon.borrow().clone() {
            return Ok(daemon);
        }
        self.inner.waiting.send_modify(|waiting| *waiting += 1);
        let found = timeout(CONNECT_TIMEOUT, daemon.wait_for(Option::is_some)).await;
        self.inner.waiting.send_modify(|waiting| *waiting -= 1);
        found.ok().and_then(Result::ok).and_then(|daemon| daemon.clone()).ok_or_else(|| {
            WireError::unavailable(
                "the daemon cannot be reached; its log is in Synk's state folder",
            )
        })
    }
}

/// Connects, passes events on until the connection ends, and connects again.
async fn keep_connected(
    places: Places,
    binary: PathBuf,
    sink: EventSink,
    daemon: watch::Sender<Option<Daemon>>,
    mut waiting: watch::Receiver<u32>,
) {
    let say = |state, message| {
        sink(Event::DaemonConnection(DaemonConnection { state, message }));
    };
    let mut last_error = None;
    loop {
        match connect_or_start(&places, &binary, true).await {
            Ok((connected, events)) => {
                last_error = None;
                daemon.send_replace(Some(connected));
                say(ConnectionState::Connected, None);
                pass_on(events, &sink).await;
                daemon.send_replace(None);
                say(ConnectionState::Connecting, None);
                stopped_on_purpose(&places, &mut waiting, &say).await;
            }
            Err(error) => {
                if last_error.as_ref() != Some(&error) {
                    tracing::warn!("reaching the daemon: {error}");
                    say(ConnectionState::Connecting, Some(error.message.clone()));
                    last_error = Some(error);
                }
                sleep(RETRY).await;
            }
        }
    }
}

async fn pass_on(mut events: mpsc::Receiver<Event>, sink: &EventSink) {
    while let Some(event) = events.recv().await {
        sink(event);
    }
}

/// A daemon that was stopped takes its socket away; one that died leaves it. The first is
/// not started again until somebody else does or a command needs it.
async fn stopped_on_purpose(
    places: &Places,
    waiting: &mut watch::Receiver<u32>,
    say: &impl Fn(ConnectionState, Option<String>),
) {
    let socket = places.daemon_socket();
    if socket.exists() {
        return;
    }
    say(
        ConnectionState::Connecting,
        Some("It was stopped; sessions go on, and the next action starts it.".to_owned()),
    );
    while !socket.exists() {
        tokio::select! {
            _ = waiting.wait_for(|waiting| *waiting > 0) => return,
            () = sleep(RETRY) => {}
        }
    }
}
