//! What connections ask of the session.

use bytes::Bytes;
use synk_protocol::{
    INPUT_WINDOW_BYTES, SessionChanges, ShimMessage, ShimRequest, TerminalSize, WireError,
    validate_name,
};
use synk_screen::Scope;
use tokio::time::Instant;

use super::{State, life::Then};
use crate::{
    connection::{ConnectionId, Message},
    terminal::Input,
    viewer::Viewer,
};

impl State {
    pub(super) fn on_message(&mut self, message: Message) {
        match message {
            Message::Connected { id, outbox } => {
                self.viewers.insert(id, Viewer::new(outbox));
                self.send_news();
            }
            Message::Closed { id } => self.lose(id),
            Message::Malformed { id, error } => {
                self.tell(id, &ShimMessage::Error { id: None, error });
            }
            Message::Input { id, bytes } => self.on_input(id, bytes),
            Message::Request { id, request } => self.on_request(id, request),
        }
    }

    fn on_request(&mut self, id: ConnectionId, request: ShimRequest) {
        match request {
            ShimRequest::Attach { size, scrollback, .. } => self.on_attach(id, size, scrollback),
            ShimRequest::Detach => {
                if let Some(viewer) = self.viewers.get_mut(&id) {
                    viewer.detach();
                    self.record_changed();
                }
            }
            ShimRequest::Ack { offset } => {
                // What this makes due is sent by the loop's next deadline, which may be now.
                if let Some(viewer) = self.viewers.get_mut(&id) {
                    viewer.acknowledge(offset, Instant::now());
                }
            }
            ShimRequest::Resize { size } => match checked(size) {
                Ok(size) => self.resize(size),
                Err(error) => self.tell(id, &ShimMessage::Error { id: None, error }),
            },
            ShimRequest::Screen { id: request } => {
                let text = self.screen.text();
                self.tell(id, &ShimMessage::Screen { id: request, text });
            }
            ShimRequest::Restart { id: request, .. } => {
                self.begin_end(Then::Restart, Some((id, request)));
            }
            ShimRequest::Destroy { id: request, .. } => {
                self.begin_end(Then::Exit, Some((id, request)))
            }
            ShimRequest::Update { id: request, changes } => {
                let outcome = self.update(changes);
                self.answer(id, request, outcome);
            }
            ShimRequest::Unknown => {
                let error = WireError::invalid("this session's shim is too old for that request");
                self.tell(id, &ShimMessage::Error { id: None, error });
            }
        }
    }

    fn on_attach(&mut self, id: ConnectionId, size: Option<TerminalSize>, scrollback: bool) {
        match size.map(checked).transpose() {
            Ok(Some(size)) => self.resize(size),
            Ok(None) => {}
            Err(error) => return self.tell(id, &ShimMessage::Error { id: None, error }),
        }
        // Those attached already get their bytes before the newcomer's snapshot.
        let now = Instant::now();
        self.flush(now);
        if let Some(viewer) = self.viewers.get_mut(&id) {
            viewer.attach(if scrollback { Scope::Scrollback } else { Scope::Screen });
        }
        self.send_snapshots(now);
        self.record_changed();
    }

    fn on_input(&mut self, id: ConnectionId, bytes: Bytes) {
        let Some(viewer) = self.viewers.get_mut(&id) else { return };
        if viewer.input_sent(bytes.len() as u64) > INPUT_WINDOW_BYTES {
            let error = WireError::invalid(format!(
                "more than {INPUT_WINDOW_BYTES} bytes of input were sent that the program has \
                 not taken"
            ));
            self.tell(id, &ShimMessage::Error { id: None, error });
            return self.lose(id);
        }
        let length = bytes.len() as u64;
        let input = Input { from: Some(id), bytes };
        let sent =
            self.terminal.as_ref().is_some_and(|terminal| terminal.input.send(input).is_ok());
        if !sent {
            // There is no program to take it, now or later.
            self.on_input_taken(&crate::terminal::InputTaken { from: Some(id), bytes: length });
        }
    }

    fn update(&mut self, changes: SessionChanges) -> Result<(), WireError> {
        if let Some(name) = changes.name {
            validate_name(&name)?;
            self.record.name = name;
        }
        if let Some(pane_index) = changes.pane_index {
            self.record.pane_index = Some(pane_index);
        }
        self.record_changed();
        Ok(())
    }

    /// Sends the outcome of a request.
    pub(super) fn answer(
        &mut self,
        id: ConnectionId,
        request: u32,
        outcome: Result<(), WireError>,
    ) {
        self.tell(
            id,
            &match outcome {
                Ok(()) => ShimMessage::Done { id: request },
                Err(error) => ShimMessage::Error { id: Some(request), error },
            },
        );
    }

    fn tell(&mut self, id: ConnectionId, message: &ShimMessage) {
        if self.viewers.get(&id).is_some_and(|viewer| viewer.tell(message).is_err()) {
            self.lose(id);
        }
    }
}

/// A size from outside, checked.
fn checked(size: TerminalSize) -> Result<TerminalSize, WireError> {
    TerminalSize::new(size.cols.into(), size.rows.into())
}
