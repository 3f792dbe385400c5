//! A session on show: its shim, and the task that turns its output into events.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use synk_protocol::{Event, SessionId, SessionOutput, TerminalSize, WireError};
use synk_socket::Places;
use tokio::{sync::mpsc, task::JoinHandle};

use crate::{
    shim::{Output, Shim},
    synk::EventSink,
};

/// Output of a session, flowing to a sink. Ends when dropped.
#[derive(Debug)]
pub(crate) struct Attachment {
    shim: Shim,
    pump: JoinHandle<()>,
}

impl Attachment {
    /// Connects to the session's shim and begins output.
    pub(crate) async fn open(
        places: &Places,
        session_id: SessionId,
        size: TerminalSize,
        sink: EventSink,
    ) -> Result<Self, WireError> {
        let socket = places.shim_socket(session_id);
        if !socket.exists() {
            return Err(WireError::no_session(session_id));
        }
        let (shim, output) = Shim::connect(&socket).await?;
        shim.attach(Some(size), true).await?;
        let pump = tokio::spawn(pump(session_id, output, sink));
        Ok(Self { shim, pump })
    }

    pub(crate) fn shim(&self) -> &Shim {
        &self.shim
    }

    /// Ends the output; when this returns no event of it will follow.
    pub(crate) async fn close(mut self) {
        self.pump.abort();
        // It ends by being aborted, which is the point.
        (&mut self.pump).await.ok();
    }
}

impl Drop for Attachment {
    fn drop(&mut self) {
        self.pump.abort();
    }
}

async fn pump(session_id: SessionId, mut output: mpsc::Receiver<Output>, sink: EventSink) {
    while let Some(Output { bytes, offset, snapshot }) = output.recv().await {
        let data_b64 = BASE64.encode(&bytes);
        sink(Event::SessionOutput(SessionOutput { session_id, data_b64, offset, snapshot }));
    }
}
