//! What connections ask of the session.

use bytes::Bytes;
use std::collections::BTreeMap;
use synk_protocol::{
    ErrorCode, Expected, INPUT_WINDOW_BYTES, SessionChanges, ShimMessage, ShimRequest,
    TerminalPalette, TerminalSize, WireError, validate_name,
};
use synk_screen::{Palette, Scope};
use tokio::time::Instant;

use super::{
    State,
    life::{Asked, Then},
    upkeep::now_millis,
};
use crate::{
    connection::{ConnectionId, Message},
    terminal::{Input, InputFrom, InputTaken},
    viewer::Viewer,
};

/// What a terminal reports when its window is left. It comes by itself, and just when another
/// viewer is turned to, so it is no sign that somebody uses the viewer that it comes from.
const FOCUS_OUT: &[u8] = b"\x1b[O";

/// Text that is being typed: the program's terminal has not all of it yet.
#[derive(Debug)]
pub(super) struct Typing {
    number: u64,
    asked: Asked,
    /// To be expected by what is typed next.
    revision: u64,
}

impl State {
    pub(super) fn on_message(&mut self, message: Message) {
        match message {
            Message::Connected { id, peer, outbox } => {
                let mut viewer = Viewer::new(peer, outbox);
                if let Some(message) = self.untold.take() {
                    viewer.notify(&message);
                }
                self.viewers.insert(id, viewer);
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
            ShimRequest::Attach { size, scrollback, palette } => {
                let scope = if scrollback { Scope::Scrollback } else { Scope::Screen };
                self.on_attach(id, size, scope, palette.as_deref());
            }
            ShimRequest::Detach => {
                if let Some(viewer) = self.viewers.get_mut(&id) {
                    viewer.detach();
                    self.one_left();
                }
            }
            ShimRequest::Ack { offset } => {
                // What this makes due is sent by the loop's next deadline, which may be now.
                if let Some(viewer) = self.viewers.get_mut(&id) {
                    viewer.acknowledge(offset, Instant::now());
                }
            }
            ShimRequest::Resize { size } => match checked(size) {
                Ok(size) => {
                    if let Some(viewer) = self.viewers.get_mut(&id) {
                        viewer.resize(size);
                    }
                    self.resize(size);
                }
                Err(error) => self.tell(id, &ShimMessage::Error { id: None, error }),
            },
            ShimRequest::Screen { id: request } => {
                let text = self.screen.text();
                self.tell(id, &ShimMessage::Screen { id: request, text });
            }
            ShimRequest::Restart { id: request, launch } => self.on_restart((id, request), launch),
            ShimRequest::Destroy { id: request, unless_attached_besides } => {
                match unless_attached_besides.map(|asker| self.refuse_if_attached(asker)) {
                    Some(Err(error)) => self.answer(id, request, Err(error)),
                    _ => self.begin_end(Then::Close, Some((id, request)), None),
                }
            }
            ShimRequest::Update { id: request, changes } => {
                let outcome = self.update(changes);
                self.answer(id, request, outcome);
            }
            ShimRequest::Watch => {
                if let Some(viewer) = self.viewers.get_mut(&id) {
                    viewer.watch();
                }
                self.send_news();
            }
            ShimRequest::Type { id: request, text, expected } => {
                if let Err(error) = self.type_text((id, request), text, &expected) {
                    self.answer(id, request, Err(error));
                }
            }
            ShimRequest::Report { id: request, report } => {
                self.observer.hook(report, Instant::now());
                self.answer(id, request, Ok(()));
            }
            ShimRequest::Environment { id: request } => {
                let env = self.env.iter().filter(|(name, _)| self.record.env_names.contains(name));
                let env =
                    if self.record.env_lost { BTreeMap::new() } else { env.cloned().collect() };
                self.tell(id, &ShimMessage::Environment { id: request, env });
            }
            ShimRequest::Unknown => {
                let error = WireError::invalid("this session's shim is too old for that request");
                self.tell(id, &ShimMessage::Error { id: None, error });
            }
        }
    }

    fn on_attach(
        &mut self,
        id: ConnectionId,
        size: Option<TerminalSize>,
        scope: Scope,
        palette: Option<&TerminalPalette>,
    ) {
        let size = match size.map(checked).transpose() {
            Ok(size) => size,
            Err(error) => return self.tell(id, &ShimMessage::Error { id: None, error }),
        };
        if let Some(size) = size {
            self.resize(size);
        }
        if let Some(&TerminalPalette { foreground, background, cursor, ansi }) = palette {
            let palette = Palette { foreground, background, cursor, ansi };
            self.screen.set_palette(palette.clone());
            self.palette = Some(palette);
        }
        // Those attached already get their bytes before the newcomer's snapshot.
        let now = Instant::now();
        self.flush(now);
        if let Some(viewer) = self.viewers.get_mut(&id) {
            viewer.attach(scope, size);
        }
        self.record.last_attached_at = Some(now_millis());
        self.send_snapshots(now);
        self.record_changed();
    }

    /// Whether others than a process watch this session.
    fn refuse_if_attached(&self, asker: u32) -> Result<(), WireError> {
        let others =
            self.viewers.values().filter(|viewer| viewer.is_attached() && viewer.peer() != asker);
        let who = match others.count() {
            0 => return Ok(()),
            1 => "another client is attached".to_owned(),
            count => format!("{count} other clients are attached"),
        };
        Err(WireError::new(
            ErrorCode::Attached,
            format!("{who} to “{}”; detach first, or end the session by force", self.record.name),
        ))
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
        // Whoever types sees the terminal in the size of their own.
        if let Some(size) = viewer.size().filter(|_| bytes != FOCUS_OUT) {
            self.resize(size);
        }
        self.observer.typed(&bytes, Instant::now());
        let from = InputFrom::Viewer(id);
        let taken = match &self.terminal {
            Some(terminal) => terminal.write(Input { from, bytes }),
            // There is no program to take it, now or later.
            None => Some(InputTaken { from, bytes: bytes.len() as u64 }),
        };
        if let Some(taken) = taken {
            self.on_input_taken(&taken);
        }
    }

    /// Types text, unless something has changed that whoever asks does not know of.
    fn type_text(
        &mut self,
        asked: Asked,
        text: String,
        expected: &Expected,
    ) -> Result<(), WireError> {
        let conflict = |why: &str| Err(WireError::new(ErrorCode::Conflict, why));
        let gone = || WireError::unavailable("the program does not run; nothing was typed");
        if self.typing.is_some() {
            return conflict("another text is being typed; nothing was typed");
        }
        if !self.observer.is_as_expected(expected) {
            return conflict("the program has changed meanwhile; nothing was typed");
        }
        let terminal = self.terminal.as_ref().filter(|_| self.record.pid.is_some());
        let terminal = terminal.ok_or_else(gone)?;
        let revision = self.observer.typed_prompt(&text, Instant::now());
        self.typed += 1;
        let input = Input { from: InputFrom::Typist(self.typed), bytes: text.into() };
        let taken = terminal.write(input);
        self.typing = Some(Typing { number: self.typed, asked, revision });
        if let Some(taken) = taken {
            self.on_input_taken(&taken);
        }
        Ok(())
    }

    /// The program's terminal has all of the text.
    pub(super) fn on_typed(&mut self, number: u64) {
        let typed = self.typing.take_if(|typing| typing.number == number);
        let Some(Typing { asked: (id, request), revision, .. }) = typed else { return };
        self.tell(id, &ShimMessage::Typed { id: request, revision });
    }

    /// The program is gone, and with it what it had not read yet.
    pub(super) fn stop_typing(&mut self) {
        let Some(Typing { asked: (id, request), .. }) = self.typing.take() else { return };
        let error = WireError::unavailable("the program ended while text was typed into it");
        self.answer(id, request, Err(error));
    }

    fn update(&mut self, changes: SessionChanges) -> Result<(), WireError> {
        if let Some(name) = changes.name {
            validate_name(&name)?;
            self.record.name = name;
        }
        if let Some(workspace_id) = changes.workspace_id {
            self.record.workspace_id = workspace_id;
        }
        if let Some(pane_index) = changes.pane_index {
            self.record.pane_index = Some(pane_index);
        }
        if let Some(limit) = changes.log_limit_bytes {
            self.disk.set_log_limit(limit);
        }
        if let Some(resume_id) = changes.resume_id {
            // Nothing is how it is forgotten.
            self.record.resume_id = Some(resume_id).filter(|id| !id.is_empty());
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
