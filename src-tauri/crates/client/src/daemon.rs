//! A connection to the daemon: requests with their answers, and events.

use serde_json::Value;
use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};
use synk_protocol::{
    Call, ClientMessage, DaemonMessage, Event, Frame, Hello, Outcome, Role, WireError,
};
use synk_socket::{Connection, FrameReceiver, Places, connect};
use tokio::sync::{mpsc, oneshot};

/// Requests that may wait to be sent.
const OUTBOX: usize = 64;
/// Events that may wait to be read; the connection then waits, and the daemon tells a client
/// that fell behind to read the list again.
const EVENTS: usize = 256;

type Answer = Result<Value, WireError>;

/// The daemon. A clone shares the connection, which ends with the last clone.
#[derive(Debug, Clone)]
pub struct Daemon {
    outbox: mpsc::Sender<Frame>,
    open: Arc<OpenRequests>,
}

/// Requests without an answer yet. `None` once the connection has ended.
#[derive(Debug)]
struct OpenRequests {
    answers: Mutex<Option<HashMap<u32, oneshot::Sender<Answer>>>>,
    next_id: AtomicU32,
}

impl Daemon {
    /// Connects to a daemon that runs. The receiver gives its events, and ends with the
    /// connection.
    ///
    /// # Errors
    /// [`synk_protocol::ErrorCode::Unavailable`] when none runs, and those of a handshake.
    pub async fn connect(
        places: &Places,
        subscribe: bool,
    ) -> Result<(Self, mpsc::Receiver<Event>), WireError> {
        let mut connection = Connection::new(connect(&places.daemon_socket()).await?);
        connection.handshake(&Hello { subscribe, ..Hello::new(Role::Client) }).await?;
        let (outbox, requests) = mpsc::channel(OUTBOX);
        let (events_in, events) = mpsc::channel(EVENTS);
        let open = Arc::new(OpenRequests {
            answers: Mutex::new(Some(HashMap::new())),
            next_id: AtomicU32::new(1),
        });
        // The task ends with the connection, or when the last clone of the outbox is gone.
        tokio::spawn({
            let open = Arc::clone(&open);
            async move {
                tokio::select! {
                    () = connection.sender.send_all(requests) => {}
                    error = receive(connection.receiver, &open, events_in) => {
                        tracing::debug!("the connection to the daemon ended: {error}");
                    }
                }
                // Dropping the senders tells all who wait.
                *open.answers.lock().unwrap_or_else(PoisonError::into_inner) = None;
            }
        });
        Ok((Self { outbox, open }, events))
    }

    /// Calls a command.
    ///
    /// # Errors
    /// The command's own, or [`synk_protocol::ErrorCode::Unavailable`] when the daemon is
    /// lost before it answers.
    pub async fn call<C: Call>(&self, args: C) -> Result<C::Reply, WireError> {
        let args = serde_json::to_value(args)
            .map_err(|error| WireError::internal(format!("writing {}: {error}", C::NAME)))?;
        let reply = self.request(C::NAME, args).await?;
        serde_json::from_value(reply).map_err(|error| {
            WireError::internal(format!("the answer to {} could not be read: {error}", C::NAME))
        })
    }

    /// Calls a command by name.
    ///
    /// # Errors
    /// As [`Daemon::call`].
    pub async fn request(&self, name: &str, args: Value) -> Answer {
        let lost = || WireError::unavailable("the daemon was lost before it answered; try again");
        let id = self.open.next_id.fetch_add(1, Ordering::Relaxed);
        let frame = Frame::control(&ClientMessage { id, command: name.to_owned(), args })?;
        let (sender, answer) = oneshot::channel();
        match self.open.answers.lock().unwrap_or_else(PoisonError::into_inner).as_mut() {
            Some(open) => open.insert(id, sender),
            None => return Err(lost()),
        };
        self.outbox.send(frame).await.map_err(|_| lost())?;
        answer.await.map_err(|_| lost())?
    }
}

/// Reads until the connection ends, and says why it did.
async fn receive(
    mut receiver: FrameReceiver,
    open: &OpenRequests,
    events: mpsc::Sender<Event>,
) -> WireError {
    loop {
        let json = match receiver.next().await {
            Ok(Some(Frame::Control(json))) => json,
            // Of a later version.
            Ok(Some(_)) => continue,
            Ok(None) => return WireError::unavailable("the daemon closed the connection"),
            Err(error) => return error,
        };
        match Frame::parse(&json) {
            Ok(DaemonMessage::Answer { id: Some(id), outcome }) => {
                let mut answers = open.answers.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some(waiting) = answers.as_mut().and_then(|open| open.remove(&id)) {
                    // Whoever asked may have given up.
                    waiting
                        .send(match outcome {
                            Outcome::Ok(value) => Ok(value),
                            Outcome::Error(error) => Err(error),
                        })
                        .ok();
                }
            }
            Ok(DaemonMessage::Answer { id: None, outcome }) => {
                tracing::warn!("the daemon could not read a message: {outcome:?}");
            }
            // Nobody listens when the connection is only for requests.
            Ok(DaemonMessage::Event(event)) => drop(events.send(event).await),
            Err(error) => tracing::debug!("skipping a message of a later version: {error}"),
        }
    }
}
