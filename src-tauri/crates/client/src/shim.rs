//! A connection to one session's shim.

use bytes::Bytes;
use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use synk_protocol::{
    ErrorCode, Expected, Frame, Hello, HookReport, INPUT_WINDOW_BYTES, Launch, Role, SIGNALS_MINOR,
    SessionChanges, SessionRecord, ShimMessage, ShimRequest, Signals, TerminalPalette,
    TerminalSize, WORKSPACES_MINOR, WireError,
};
use synk_socket::{Connection, FrameReceiver, connect};
use tokio::{
    sync::{Semaphore, broadcast, mpsc, oneshot, watch},
    time::{sleep, timeout},
};
use tokio_util::sync::{CancellationToken, DropGuard};

/// How long a shim may take to say which session it has.
const FIRST_RECORD_TIMEOUT: Duration = Duration::from_secs(5);
/// Frames that may wait to be sent.
const OUTBOX: usize = 64;
/// Chunks of output that may wait to be read; the shim bounds their bytes.
const OUTPUT: usize = 64;
/// What the shim says for the user that may wait to be read.
const NOTICES: usize = 16;
/// Writes that may wait for the program to take them.
const INPUT: usize = 64;
/// How long input that is queued may take to leave once the last clone is gone.
const FAREWELL: Duration = Duration::from_secs(5);
/// Input is sent in frames of at most this many bytes.
const INPUT_FRAME_BYTES: usize = 16 * 1024;

/// Output of a session that this connection is attached to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// Raw terminal bytes.
    pub bytes: Bytes,
    /// To be acknowledged once the bytes are parsed.
    pub offset: u64,
    /// Part of a snapshot, which replaces all that was on the screen.
    pub snapshot: bool,
}

/// Asks who listens at a socket, whichever version it speaks.
///
/// # Errors
/// [`synk_protocol::ErrorCode::Unavailable`] when nobody listens there, and those of a
/// handshake other than the version's.
pub async fn introduced(socket: &Path) -> Result<Hello, WireError> {
    Connection::new(connect(socket).await?).introduce(&Hello::new(Role::Client)).await
}

/// A session's shim. A clone shares the connection, which ends with the last clone.
#[derive(Debug, Clone)]
pub struct Shim {
    hello: Arc<Hello>,
    outbox: mpsc::Sender<Frame>,
    input: mpsc::Sender<Input>,
    record: watch::Receiver<SessionRecord>,
    signals: watch::Receiver<Signals>,
    notices: broadcast::Sender<String>,
    open: Arc<OpenRequests>,
    /// Tells the connection's task when the last clone is gone.
    _in_use: Arc<DropGuard>,
}

/// What is queued for the program.
#[derive(Debug)]
enum Input {
    Bytes(Bytes),
    /// Says when all before it is on its way.
    Mark(oneshot::Sender<()>),
}

#[derive(Debug, Default)]
struct OpenRequests {
    answers: Mutex<HashMap<u32, oneshot::Sender<Result<ShimMessage, WireError>>>>,
    next_id: AtomicU32,
}

impl Shim {
    /// Connects to a session's socket. The receiver gives the output once attached; it may
    /// be dropped by who never attaches.
    ///
    /// # Errors
    /// [`synk_protocol::ErrorCode::Unavailable`] when no shim listens there, and those of a
    /// handshake.
    pub async fn connect(socket: &Path) -> Result<(Self, mpsc::Receiver<Output>), WireError> {
        let mut connection = Connection::new(connect(socket).await?);
        let hello = Arc::new(connection.handshake(&Hello::new(Role::Client)).await?);
        let silent = || WireError::unavailable("the shim did not say which session it has");
        let first = timeout(FIRST_RECORD_TIMEOUT, connection.receiver.next())
            .await
            .map_err(|_| silent())??;
        let Some(Frame::Control(json)) = first else { return Err(silent()) };
        let record = match Frame::parse(&json)? {
            ShimMessage::Record { record } => *record,
            ShimMessage::Error { error, .. } => return Err(error),
            _ => return Err(silent()),
        };

        let (outbox, frames) = mpsc::channel(OUTBOX);
        let (input, writes) = mpsc::channel(INPUT);
        let (output_in, output) = mpsc::channel(OUTPUT);
        let (record_in, record) = watch::channel(record);
        let (signals_in, signals) = watch::channel(Signals::default());
        let notices = broadcast::Sender::new(NOTICES);
        let open = Arc::new(OpenRequests::default());
        let last_gone = CancellationToken::new();
        let in_use = Arc::new(last_gone.clone().drop_guard());
        // The task ends with the connection, or once the last clone of the shim is gone and
        // its input has left: then `pass_input` ends and with it the last sender of `frames`.
        // A program that takes no input must not keep a connection for ever.
        tokio::spawn({
            let (open, credit) = (Arc::clone(&open), Arc::new(Semaphore::new(input_window())));
            let to_shim = outbox.clone();
            let notices = notices.clone();
            async move {
                let received = Received {
                    output: output_in,
                    record: record_in,
                    signals: signals_in,
                    notices,
                    open,
                    credit,
                };
                tokio::select! {
                    () = async {
                        tokio::join!(
                            connection.sender.send_all(frames),
                            pass_input(writes, to_shim, &received.credit),
                        );
                    } => {}
                    error = receive(connection.receiver, &received) => {
                        tracing::debug!("the connection to a shim ended: {error}");
                    }
                    () = async { last_gone.cancelled().await; sleep(FAREWELL).await } => {}
                }
                received.open.answers.lock().unwrap_or_else(PoisonError::into_inner).clear();
            }
        });
        Ok((Self { hello, outbox, input, record, signals, notices, open, _in_use: in_use }, output))
    }

    /// The session's record, now and whenever it changes; closed with the connection.
    pub fn record(&self) -> watch::Receiver<SessionRecord> {
        self.record.clone()
    }

    /// What the shim says for the user, from now on. Who falls behind misses the oldest.
    pub fn notices(&self) -> broadcast::Receiver<String> {
        self.notices.subscribe()
    }

    /// Begins output: a snapshot, then what follows. Without `scrollback` it is for a
    /// person's own terminal; see [`ShimRequest::Attach`], also for what is absent.
    ///
    /// # Errors
    /// [`synk_protocol::ErrorCode::Unavailable`] when the shim is gone; so for all below.
    pub async fn attach(
        &self,
        size: Option<TerminalSize>,
        scrollback: bool,
        palette: Option<TerminalPalette>,
    ) -> Result<(), WireError> {
        let palette = palette.map(Box::new);
        self.send(&ShimRequest::Attach { size, scrollback, palette }).await
    }

    /// Who listens.
    pub fn hello(&self) -> &Hello {
        &self.hello
    }

    /// Says how far output is parsed.
    ///
    /// # Errors
    /// See [`Shim::attach`].
    pub async fn acknowledge(&self, offset: u64) -> Result<(), WireError> {
        self.send(&ShimRequest::Ack { offset }).await
    }

    /// Changes the terminal's size.
    ///
    /// # Errors
    /// See [`Shim::attach`].
    pub async fn resize(&self, size: TerminalSize) -> Result<(), WireError> {
        self.send(&ShimRequest::Resize { size }).await
    }

    /// Queues bytes for the program. They arrive whole and in the order of the calls. Waits
    /// while the queue is full because the program takes nothing.
    ///
    /// # Errors
    /// See [`Shim::attach`].
    pub async fn write(&self, bytes: impl Into<Bytes>) -> Result<(), WireError> {
        self.input.send(Input::Bytes(bytes.into())).await.map_err(|_| gone())
    }

    /// Queues bytes as [`Shim::write`] does, if there is room for them now.
    ///
    /// # Errors
    /// The bytes, when there is none. A shim that is gone takes all.
    pub fn try_write(&self, bytes: Bytes) -> Result<(), Bytes> {
        match self.input.try_send(Input::Bytes(bytes)) {
            Err(mpsc::error::TrySendError::Full(Input::Bytes(bytes))) => Err(bytes),
            _ => Ok(()),
        }
    }

    /// Waits until there is room for a write, or the shim is gone. Safe to cancel.
    pub async fn writable(&self) {
        self.input.reserve().await.ok();
    }

    /// Waits until the shim has all that was written. Takes as long as the program takes to
    /// read it.
    ///
    /// # Errors
    /// See [`Shim::attach`].
    pub async fn flush(&self) -> Result<(), WireError> {
        let (sender, on_its_way) = oneshot::channel();
        self.input.send(Input::Mark(sender)).await.map_err(|_| gone())?;
        on_its_way.await.map_err(|_| gone())?;
        // Whatever is answered was read after it.
        self.screen().await.map(drop)
    }

    /// The text on the screen.
    ///
    /// # Errors
    /// See [`Shim::attach`].
    pub async fn screen(&self) -> Result<String, WireError> {
        match self.ask(|id| ShimRequest::Screen { id }).await? {
            ShimMessage::Screen { text, .. } => Ok(text),
            other => Err(WireError::internal(format!("an unexpected answer: {other:?}"))),
        }
    }

    /// Starts the command again.
    ///
    /// # Errors
    /// [`synk_protocol::ErrorCode::SpawnFailed`] when it could not be, and see above.
    pub async fn restart(&self, launch: Option<Launch>) -> Result<(), WireError> {
        self.ask(|id| ShimRequest::Restart { id, launch }).await.map(drop)
    }

    /// Changes what the record says.
    ///
    /// # Errors
    /// [`synk_protocol::ErrorCode::Invalid`] for a name that cannot be one, and see above.
    pub async fn update(&self, changes: SessionChanges) -> Result<(), WireError> {
        self.ask(|id| ShimRequest::Update { id, changes }).await.map(drop)
    }

    /// Ends the whole process tree and the shim; the session is closed. With
    /// `unless_attached_besides`, only when no process but that one is attached.
    ///
    /// # Errors
    /// [`synk_protocol::ErrorCode::Attached`]; see [`Shim::attach`].
    pub async fn destroy(&self, unless_attached_besides: Option<u32>) -> Result<(), WireError> {
        self.ask(|id| ShimRequest::Destroy { id, unless_attached_besides }).await.map(drop)
    }

    /// Whether this shim observes its program; one that is too old does not.
    pub fn observes(&self) -> bool {
        self.hello.minor >= SIGNALS_MINOR
    }

    /// Asks for the signals, which [`Shim::signals`] gives from then on.
    ///
    /// # Errors
    /// See [`Shim::attach`].
    pub async fn watch(&self) -> Result<(), WireError> {
        if self.observes() { self.send(&ShimRequest::Watch).await } else { Ok(()) }
    }

    /// What the shim observes of its program, once it was asked to by [`Shim::watch`].
    pub fn signals(&self) -> watch::Receiver<Signals> {
        self.signals.clone()
    }

    /// Types text if what is expected is so, and answers the revision that is then to be
    /// expected. Waits until the program's terminal has all of it.
    ///
    /// # Errors
    /// [`synk_protocol::ErrorCode::Conflict`] when nothing was typed because something has
    /// changed, [`synk_protocol::ErrorCode::VersionMismatch`] for a shim that is too old, and
    /// see above.
    pub async fn type_text(&self, text: String, expected: Expected) -> Result<u64, WireError> {
        self.check_observes()?;
        match self.ask(|id| ShimRequest::Type { id, text, expected }).await? {
            ShimMessage::Typed { revision, .. } => Ok(revision),
            other => Err(WireError::internal(format!("an unexpected answer: {other:?}"))),
        }
    }

    /// Passes on what an agent's hook said.
    ///
    /// # Errors
    /// See [`Shim::type_text`].
    pub async fn report(&self, report: HookReport) -> Result<(), WireError> {
        self.check_observes()?;
        self.ask(|id| ShimRequest::Report { id, report }).await.map(drop)
    }

    /// The variables that the session was created with, as far as their values are known.
    ///
    /// # Errors
    /// [`synk_protocol::ErrorCode::VersionMismatch`] when the shim is too old to say them; see
    /// [`Shim::attach`].
    pub async fn environment(&self) -> Result<BTreeMap<String, String>, WireError> {
        self.check(self.knows_workspaces())?;
        match self.ask(|id| ShimRequest::Environment { id }).await? {
            ShimMessage::Environment { env, .. } => Ok(env),
            other => Err(WireError::internal(format!("an unexpected answer: {other:?}"))),
        }
    }

    /// Whether this shim can note that its session is in another workspace than the first; one
    /// that is too old leaves that out of its record.
    pub fn knows_workspaces(&self) -> bool {
        self.hello.minor >= WORKSPACES_MINOR
    }

    fn check_observes(&self) -> Result<(), WireError> {
        self.check(self.observes())
    }

    fn check(&self, is_new_enough: bool) -> Result<(), WireError> {
        if is_new_enough {
            return Ok(());
        }
        Err(WireError::new(
            ErrorCode::VersionMismatch,
            format!(
                "the session runs in the shim of Synk {}, which is too old for this; restart the \
                 session to move it to this version",
                self.hello.version
            ),
        ))
    }

    async fn ask(
        &self,
        request: impl FnOnce(u32) -> ShimRequest,
    ) -> Result<ShimMessage, WireError> {
        let id = self.open.next_id.fetch_add(1, Ordering::Relaxed);
        let (sender, answer) = oneshot::channel();
        self.open.answers.lock().unwrap_or_else(PoisonError::into_inner).insert(id, sender);
        self.send(&request(id)).await?;
        answer.await.map_err(|_| gone())?
    }

    async fn send(&self, request: &ShimRequest) -> Result<(), WireError> {
        self.outbox.send(Frame::control(request)?).await.map_err(|_| gone())
    }
}

fn gone() -> WireError {
    WireError::unavailable("the session's shim is gone")
}

fn input_window() -> usize {
    usize::try_from(INPUT_WINDOW_BYTES).unwrap_or(usize::MAX)
}

/// Where what arrives goes.
struct Received {
    output: mpsc::Sender<Output>,
    record: watch::Sender<SessionRecord>,
    signals: watch::Sender<Signals>,
    notices: broadcast::Sender<String>,
    open: Arc<OpenRequests>,
    credit: Arc<Semaphore>,
}

/// Sends input as the program takes it.
async fn pass_input(
    mut writes: mpsc::Receiver<Input>,
    outbox: mpsc::Sender<Frame>,
    credit: &Semaphore,
) {
    while let Some(input) = writes.recv().await {
        let mut bytes = match input {
            Input::Bytes(bytes) => bytes,
            Input::Mark(sender) => {
                // Whoever asked may have given up.
                sender.send(()).ok();
                continue;
            }
        };
        while !bytes.is_empty() {
            let part = bytes.split_to(bytes.len().min(INPUT_FRAME_BYTES));
            let Ok(permits) = credit.acquire_many(u32::try_from(part.len()).unwrap_or(0)).await
            else {
                return;
            };
            // Given back when the program has taken the bytes.
            permits.forget();
            if outbox.send(Frame::Input(part)).await.is_err() {
                return;
            }
        }
    }
}

/// Reads until the connection ends, and says why it did.
async fn receive(mut receiver: FrameReceiver, to: &Received) -> WireError {
    loop {
        let output = match receiver.next().await {
            Ok(Some(Frame::Control(json))) => {
                match Frame::parse(&json) {
                    Ok(message) => to.take(message),
                    Err(error) => tracing::debug!("skipping a message: {error}"),
                }
                continue;
            }
            Ok(Some(Frame::Output { offset, bytes })) => Output { bytes, offset, snapshot: false },
            Ok(Some(Frame::Snapshot { offset, bytes })) => Output { bytes, offset, snapshot: true },
            Ok(Some(_)) => continue,
            Ok(None) => return gone(),
            Err(error) => return error,
        };
        // Who dropped the receiver wants none.
        to.output.send(output).await.ok();
    }
}

impl Received {
    fn take(&self, message: ShimMessage) {
        let answer = match message {
            ShimMessage::Record { record } => {
                self.record.send_replace(*record);
                return;
            }
            ShimMessage::InputTaken { bytes } => {
                let bytes = usize::try_from(bytes).unwrap_or(0);
                // A shim that gives back more than was sent must not overflow the window.
                let room = input_window().saturating_sub(self.credit.available_permits());
                self.credit.add_permits(bytes.min(room));
                return;
            }
            ShimMessage::Error { id: None, error } => {
                tracing::warn!("a shim says: {error}");
                return;
            }
            ShimMessage::Notice { message } => {
                // Whoever only watches the screen leaves it to others.
                self.notices.send(message).ok();
                return;
            }
            ShimMessage::Signals { signals } => {
                self.signals.send_replace(*signals);
                return;
            }
            ShimMessage::Unknown => return,
            ShimMessage::Error { id: Some(id), error } => (id, Err(error)),
            ShimMessage::Screen { id, .. }
            | ShimMessage::Typed { id, .. }
            | ShimMessage::Environment { id, .. }
            | ShimMessage::Done { id } => (id, Ok(message)),
        };
        let mut open = self.open.answers.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(waiting) = open.remove(&answer.0) {
            // Whoever asked may have given up.
            waiting.send(answer.1).ok();
        }
    }
}
