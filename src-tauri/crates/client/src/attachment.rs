//! A session on show: the task that turns its output into events, and that finds its shim
//! again when that was replaced or the connection was lost. Only detaching ends it.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};
use synk_protocol::{Event, SessionId, SessionOutput, TerminalPalette, TerminalSize, WireError};
use synk_socket::Places;
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
    time::sleep,
};

use crate::{
    shim::{Output, Shim},
    synk::EventSink,
};

/// How soon a lost shim is looked for; then after twice as long each time…
const FIRST_RETRY: Duration = Duration::from_millis(20);
/// …up to this.
const LAST_RETRY: Duration = Duration::from_millis(500);

/// How a session is looked at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    pub(crate) size: TerminalSize,
    pub(crate) palette: Option<TerminalPalette>,
}

/// Output of a session, flowing to a sink. Ends when dropped.
#[derive(Debug)]
pub(crate) struct Attachment {
    session_id: SessionId,
    view: watch::Sender<View>,
    /// `None` while the shim is looked for.
    shim: watch::Receiver<Option<Shim>>,
    pump: JoinHandle<()>,
}

impl Attachment {
    /// Connects to the session's shim and begins output.
    pub(crate) async fn open(
        places: &Places,
        session_id: SessionId,
        view: View,
        sink: EventSink,
    ) -> Result<Self, WireError> {
        let socket = places.shim_socket(session_id);
        if !socket.exists() {
            return Err(WireError::no_session(session_id));
        }
        let (shim, output) = connect(&socket, view).await?;
        let (view, wanted) = watch::channel(view);
        let (shim_in, shim) = watch::channel(Some(shim));
        let pump = tokio::spawn(keep_on(session_id, socket, wanted, shim_in, output, sink));
        Ok(Self { session_id, view, shim, pump })
    }

    /// The connection, if there is one just now.
    pub(crate) fn shim(&self) -> Result<Shim, WireError> {
        self.shim.borrow().clone().ok_or_else(|| {
            WireError::unavailable(format!(
                "the connection to session {} is being restored; try again",
                self.session_id
            ))
        })
    }

    /// Notes the viewer's size, so that it has it after a connection was lost too.
    pub(crate) fn set_size(&self, size: TerminalSize) {
        self.view.send_modify(|view| view.size = size);
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

async fn connect(socket: &Path, view: View) -> Result<(Shim, mpsc::Receiver<Output>), WireError> {
    let (shim, output) = Shim::connect(socket).await?;
    shim.attach(Some(view.size), true, view.palette).await?;
    Ok((shim, output))
}

/// Passes output on for as long as there is a shim, and again with the next one.
async fn keep_on(
    session_id: SessionId,
    socket: PathBuf,
    view: watch::Receiver<View>,
    shim: watch::Sender<Option<Shim>>,
    mut output: mpsc::Receiver<Output>,
    sink: EventSink,
) {
    loop {
        while let Some(Output { bytes, offset, snapshot }) = output.recv().await {
            let data_b64 = BASE64.encode(&bytes);
            sink(Event::SessionOutput(SessionOutput { session_id, data_b64, offset, snapshot }));
        }
        shim.send_replace(None);
        let mut pause = FIRST_RETRY;
        let (found, size) = loop {
            sleep(pause).await;
            let wanted = *view.borrow();
            match connect(&socket, wanted).await {
                Ok((found, next)) => {
                    output = next;
                    break (found, wanted.size);
                }
                Err(error) => tracing::debug!(%session_id, "looking for the shim: {error}"),
            }
            pause = (2 * pause).min(LAST_RETRY);
        };
        shim.send_replace(Some(found.clone()));
        // Whoever changed it before this could tell nobody.
        let newest = view.borrow().size;
        if newest != size {
            // A connection that is lost again is looked for again.
            found.resize(newest).await.ok();
        }
    }
}
