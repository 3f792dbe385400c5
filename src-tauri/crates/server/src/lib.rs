//! The daemon's socket: it accepts connections, reads requests, and writes answers and
//! events. What a request means is the core's; this crate knows no command by name, except
//! that input must stay in order.

mod connection;

use std::time::Duration;
use synk_core::Core;
use synk_socket::Listener;
use tokio::time::{sleep, timeout};
use tokio_util::task::TaskTracker;

/// Connections at one time.
const MAX_CONNECTIONS: usize = 256;
/// How long answers that are on their way may take when the daemon stops.
const FAREWELL: Duration = Duration::from_secs(5);
/// Before accepting again after the system refused, for example for want of descriptors.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);

/// Serves `core` until it is stopping, then lets answers that are on their way leave.
pub async fn serve(core: Core, listener: Listener) {
    let connections = TaskTracker::new();
    let stopping = core.stopping();
    loop {
        tokio::select! {
            () = stopping.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok(_) if connections.len() >= MAX_CONNECTIONS => {
                    tracing::warn!("{MAX_CONNECTIONS} connections are open; another was refused");
                }
                Ok(stream) => drop(connections.spawn(connection::carry(stream, core.clone()))),
                Err(error) => {
                    tracing::error!("accepting a connection: {error}");
                    sleep(ACCEPT_AGAIN).await;
                }
            }
        }
    }
    // From here nobody finds the daemon, and its socket's absence says that it was stopped.
    drop(listener);
    connections.close();
    if timeout(FAREWELL, connections.wait()).await.is_err() {
        tracing::warn!("a connection did not take its last answers");
    }
}
