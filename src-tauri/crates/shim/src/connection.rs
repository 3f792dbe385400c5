//! Connections to the session's socket: accepting them, and carrying frames between each of
//! them and the session loop. Nothing is decided here.

use bytes::Bytes;
use std::time::Duration;
use synk_protocol::{Frame, Hello, Role, ShimMessage, ShimRequest, WireError};
use synk_socket::{Connection, FrameReceiver, Listener};
use tokio::{
    net::UnixStream,
    sync::mpsc,
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::viewer::OUTBOX_FRAMES;

/// Connections at one time. A window, the daemon and a few CLI verbs need ten.
const MAX_CONNECTIONS: usize = 64;
/// How long the last answers may take to leave when the session ends.
const FAREWELL: Duration = Duration::from_secs(1);
/// Before accepting again after the system refused, for example for want of descriptors.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);

/// Tells connections apart; never used twice.
pub(crate) type ConnectionId = u64;

/// What a connection tells the session loop.
#[derive(Debug)]
pub(crate) enum Message {
    /// The peer is a process's id, by what it says.
    Connected {
        id: ConnectionId,
        peer: u32,
        outbox: mpsc::Sender<Frame>,
    },
    Request {
        id: ConnectionId,
        request: ShimRequest,
    },
    Input {
        id: ConnectionId,
        bytes: Bytes,
    },
    Malformed {
        id: ConnectionId,
        error: WireError,
    },
    Closed {
        id: ConnectionId,
    },
}

/// Serves until the session loop lets go of its inbox, then waits for the last answers.
pub(crate) async fn serve(listener: Listener, inbox: mpsc::Sender<Message>) {
    let mut connections = JoinSet::new();
    let mut next_id: ConnectionId = 0;
    loop {
        tokio::select! {
            () = inbox.closed() => break,
            Some(_) = connections.join_next() => {}
            accepted = listener.accept() => match accepted {
                Ok(_) if connections.len() >= MAX_CONNECTIONS => {
                    tracing::warn!("{MAX_CONNECTIONS} connections are open; another was refused");
                }
                Ok(stream) => {
                    next_id += 1;
                    connections.spawn(carry(stream, next_id, inbox.clone()));
                }
                Err(error) => {
                    tracing::error!("accepting a connection: {error}");
                    sleep(ACCEPT_AGAIN).await;
                }
            }
        }
    }
    drop(listener);
    let farewell = async { while connections.join_next().await.is_some() {} };
    if timeout(FAREWELL, farewell).await.is_err() {
        tracing::debug!("a connection did not take its last answers");
    }
}

/// One connection, from handshake to end.
async fn carry(stream: UnixStream, id: ConnectionId, inbox: mpsc::Sender<Message>) {
    let mut connection = Connection::new(stream);
    let peer = match connection.handshake(&Hello::new(Role::Shim)).await {
        Ok(hello) => hello.pid,
        Err(error) => {
            tracing::debug!("a handshake failed: {error}");
            if let Ok(frame) = Frame::control(&ShimMessage::Error { id: None, error }) {
                // It may not be listening any more.
                connection.sender.send(&frame).await.ok();
            }
            return;
        }
    };
    let (outbox, frames) = mpsc::channel(OUTBOX_FRAMES);
    if inbox.send(Message::Connected { id, peer, outbox }).await.is_err() {
        return;
    }
    // The session loop ends a connection by dropping its outbox, once everything in it is
    // sent; so reading never ends it, it only tells.
    tokio::select! {
        () = connection.sender.send_all(frames) => {
            inbox.send(Message::Closed { id }).await.ok();
        }
        () = async {
            receive(connection.receiver, id, &inbox).await;
            std::future::pending::<()>().await;
        } => {}
    }
}

async fn receive(mut receiver: FrameReceiver, id: ConnectionId, inbox: &mpsc::Sender<Message>) {
    loop {
        let message = match receiver.next().await {
            Ok(Some(Frame::Control(json))) => match Frame::parse(&json) {
                Ok(request) => Message::Request { id, request },
                Err(error) => Message::Malformed { id, error },
            },
            Ok(Some(Frame::Input(bytes))) => Message::Input { id, bytes },
            // Of a later version, or of the other direction.
            Ok(Some(_)) => continue,
            Ok(None) => Message::Closed { id },
            Err(error) => {
                inbox.send(Message::Malformed { id, error }).await.ok();
                Message::Closed { id }
            }
        };
        let last = matches!(message, Message::Closed { .. });
        if inbox.send(message).await.is_err() || last {
            return;
        }
    }
}
