//! The sessions: creating, ending, naming and finding them. Each is a shim process of its
//! own; this is the table of connections to them, and nothing here is in the way of bytes.

mod adopt;
mod request;
mod table;

use std::{
    fs,
    sync::{Arc, Mutex, PoisonError},
};
use synk_client::{Places, Shim};
use synk_protocol::{
    AppError, CreateSession, CreatedSession, ErrorCode, Event, SessionChanges, SessionExit,
    SessionId, SessionInfo, SessionRecord, SessionState, ShimSpec, ShownSession, TerminalSize,
    WireError, validate_name,
};
use tokio::sync::{broadcast, watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{environment, process_pool::ProcessPool};
use table::{Entry, Table};

/// Facts that a subscriber may be behind.
const FACTS: usize = 256;
/// What `session:exit` says of a session whose shim was lost.
const UNKNOWN_EXIT_CODE: i32 = -1;

/// The sessions. A clone shares everything.
#[derive(Debug, Clone)]
pub struct SessionManager {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    places: Places,
    pool: ProcessPool,
    table: Table,
    /// Held while a name, a pane and an id are chosen together; never across an await.
    reserving: Mutex<()>,
    /// Marked whenever the table or a record in it has changed.
    changed: watch::Sender<()>,
    list: watch::Sender<Vec<SessionInfo>>,
    facts: broadcast::Sender<Event>,
    /// What went wrong at the start, when nobody could listen yet.
    notices: Mutex<Vec<Event>>,
    tasks: TaskTracker,
    closing: CancellationToken,
}

impl SessionManager {
    pub(crate) fn start(places: Places, pool: ProcessPool) -> Result<Self, WireError> {
        let table = Table::new(adopt::highest_id(&places)?);
        let manager = Self {
            inner: Arc::new(Inner {
                places,
                pool,
                table,
                reserving: Mutex::new(()),
                changed: watch::Sender::new(()),
                list: watch::Sender::new(Vec::new()),
                facts: broadcast::Sender::new(FACTS),
                notices: Mutex::new(Vec::new()),
                tasks: TaskTracker::new(),
                closing: CancellationToken::new(),
            }),
        };
        manager.inner.tasks.spawn(publish(manager.clone()));
        Ok(manager)
    }

    /// Starts a session.
    ///
    /// # Errors
    /// [`ErrorCode::MaxSessions`] when the grid is full, [`ErrorCode::Conflict`] for a name
    /// that is taken, [`ErrorCode::Invalid`] for what cannot be, and why a program could not
    /// be started.
    pub async fn create(&self, args: CreateSession) -> Result<CreatedSession, WireError> {
        let wanted = request::check(args)?;
        let record = self.reserve(&wanted)?;
        let session = record.session_id;
        let created = CreatedSession { session_id: session, pane_index: record.pane_index };
        let env = environment::for_session(session, &record.project_path, &wanted.env);
        let spec = ShimSpec {
            session_dir: self.inner.places.session(session),
            socket: self.inner.places.shim_socket(session),
            record,
            env,
        };
        self.inner.changed.send_replace(());
        match self.inner.pool.start(&spec).await {
            Ok(shim) => {
                // It was, whatever has become of it since.
                self.follow(session, shim, SessionState::Running);
                Ok(created)
            }
            Err(error) => {
                self.inner.table.remove(session);
                self.inner.changed.send_replace(());
                // It holds an empty log and nothing else.
                fs::remove_dir_all(&spec.session_dir).ok();
                Err(error)
            }
        }
    }

    /// Chooses an id, a name and a pane, and makes the session's folder.
    fn reserve(&self, wanted: &request::Wanted) -> Result<SessionRecord, WireError> {
        let Inner { places, table, reserving, .. } = &*self.inner;
        let _held = reserving.lock().unwrap_or_else(PoisonError::into_inner);
        let name = table.name(wanted.name.as_deref(), &wanted.default_name)?;
        let pane_index = if wanted.background { None } else { Some(table.free_pane()?) };
        let session_id = table.next_id();
        synk_client::private_dir(&places.session(session_id))?;
        let record = wanted.record(session_id, name, pane_index);
        table.insert(session_id, Entry::Starting(Box::new(record.clone())));
        Ok(record)
    }

    /// Ends a session's process tree and forgets the session. Its folder stays.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`], or [`ErrorCode::Unavailable`] when its shim does not answer.
    pub async fn destroy(&self, session: SessionId) -> Result<(), WireError> {
        let mut changed = self.inner.changed.subscribe();
        // Starting ends by itself, in success or failure.
        while self.inner.table.is_starting(session) && changed.changed().await.is_ok() {}
        let shim = self.inner.table.shim(session)?;
        self.inner.table.expect_end(session);
        let mut destroyed = shim.destroy().await;
        if is_unavailable(&destroyed) {
            // The connection may be lost and not the shim.
            match Shim::connect(&self.inner.places.shim_socket(session)).await {
                Ok((shim, _output)) => destroyed = shim.destroy().await,
                Err(error) => destroyed = Err(error),
            }
        }
        // A shim that is gone without an answer is as destroyed as can be.
        if !is_unavailable(&destroyed) {
            destroyed?;
        }
        self.inner.table.remove(session);
        self.inner.changed.send_replace(());
        Ok(())
    }

    /// Ends every session; answers how many.
    ///
    /// # Errors
    /// The first failure; the others are ended all the same.
    pub async fn destroy_all(&self) -> Result<u32, WireError> {
        let mut ending = tokio::task::JoinSet::new();
        for session in self.inner.table.ids() {
            let manager = self.clone();
            ending.spawn(async move { manager.destroy(session).await });
        }
        let results: Result<Vec<()>, _> = ending.join_all().await.into_iter().collect();
        results.map(|ended| u32::try_from(ended.len()).unwrap_or(u32::MAX))
    }

    /// Writes to a session's terminal.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`], or [`ErrorCode::Unavailable`]; so for all below.
    pub async fn write(&self, session: SessionId, bytes: Vec<u8>) -> Result<(), WireError> {
        self.inner.table.shim(session)?.write(bytes).await
    }

    /// Changes a terminal's size.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for a size that cannot be; see [`SessionManager::write`].
    pub async fn resize(&self, session: SessionId, cols: u32, rows: u32) -> Result<(), WireError> {
        let size = TerminalSize::new(cols, rows)?;
        self.inner.table.shim(session)?.resize(size).await
    }

    /// The text on a session's screen.
    ///
    /// # Errors
    /// See [`SessionManager::write`].
    pub async fn screen(&self, session: SessionId) -> Result<String, WireError> {
        self.inner.table.shim(session)?.screen().await
    }

    /// Starts a session's command again.
    ///
    /// # Errors
    /// Why it could not be started; see [`SessionManager::write`].
    pub async fn restart(&self, session: SessionId) -> Result<(), WireError> {
        self.inner.table.shim(session)?.restart().await
    }

    /// Gives a session another name.
    ///
    /// # Errors
    /// [`ErrorCode::Conflict`] for a name that is taken, [`ErrorCode::Invalid`] for one that
    /// cannot be; see [`SessionManager::write`].
    pub async fn rename(&self, session: SessionId, name: String) -> Result<(), WireError> {
        validate_name(&name)?;
        let shim = self.inner.table.shim(session)?;
        let reserved = {
            let _held = self.inner.reserving.lock().unwrap_or_else(PoisonError::into_inner);
            self.inner.table.reserve_name(session, &name)?
        };
        let updated = shim.update(SessionChanges { name: Some(name), pane_index: None }).await;
        drop(reserved);
        updated
    }

    /// Gives a background session a pane; one that has a pane keeps it.
    ///
    /// # Errors
    /// [`ErrorCode::MaxSessions`] when the grid is full; see [`SessionManager::write`].
    pub async fn show(&self, session: SessionId) -> Result<ShownSession, WireError> {
        let shim = self.inner.table.shim(session)?;
        if let Some(pane_index) = shim.record().borrow().pane_index {
            return Ok(ShownSession { pane_index });
        }
        let reserved = {
            let _held = self.inner.reserving.lock().unwrap_or_else(PoisonError::into_inner);
            self.inner.table.reserve_pane(session)?
        };
        let pane_index = reserved.pane_index();
        shim.update(SessionChanges { name: None, pane_index: Some(pane_index) }).await?;
        Ok(ShownSession { pane_index })
    }

    /// Every session, by id.
    pub async fn list(&self) -> Vec<SessionInfo> {
        let records = self.inner.table.records();
        let listed =
            tokio::task::spawn_blocking(|| records.into_iter().map(request::info).collect());
        listed.await.unwrap_or_else(|error| {
            tracing::error!("listing the sessions: {error}");
            Vec::new()
        })
    }

    /// How many sessions there are.
    pub(crate) fn count(&self) -> u32 {
        u32::try_from(self.inner.table.ids().len()).unwrap_or(u32::MAX)
    }

    pub(crate) fn list_changes(&self) -> watch::Receiver<Vec<SessionInfo>> {
        self.inner.list.subscribe()
    }

    pub(crate) fn facts(&self) -> broadcast::Receiver<Event> {
        self.inner.facts.subscribe()
    }

    pub(crate) fn notices(&self) -> Vec<Event> {
        self.inner.notices.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) async fn close(&self) {
        self.inner.closing.cancel();
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
    }

    /// Puts a running shim into the table and publishes what becomes of it from the state
    /// `before` on.
    fn follow(&self, session: SessionId, shim: Shim, mut before: SessionState) {
        let mut record = shim.record();
        self.inner.table.insert(session, Entry::live(shim));
        let manager = self.clone();
        let closing = self.inner.closing.clone();
        self.inner.tasks.spawn(async move {
            loop {
                let (now, exit_code) = {
                    let record = record.borrow_and_update();
                    (record.state, record.exit_code)
                };
                if (before, now) == (SessionState::Running, SessionState::Exited) {
                    manager.say_exit(session, exit_code.unwrap_or(UNKNOWN_EXIT_CODE));
                }
                before = now;
                manager.inner.changed.send_replace(());
                let lost = tokio::select! {
                    () = closing.cancelled() => return,
                    changed = record.changed() => changed.is_err(),
                };
                if lost {
                    return manager.lost(session, before).await;
                }
            }
        });
    }

    /// A shim's connection ended.
    async fn lost(&self, session: SessionId, before: SessionState) {
        let Inner { places, table, changed, .. } = &*self.inner;
        let socket = places.shim_socket(session);
        if !table.is_ending(session) {
            // A shim lets go of who does not keep up with its news, as a daemon that was
            // suspended; the session is as well as ever.
            if let Ok((shim, _output)) = Shim::connect(&socket).await {
                tracing::warn!(%session, "the connection to the session's shim was lost and is back");
                return self.follow(session, shim, before);
            }
        }
        let Some(Entry::Live { ending: false, .. }) = table.remove(session) else {
            return;
        };
        tracing::error!(%session, "the session's shim ended unexpectedly");
        // It could not take its socket away itself.
        fs::remove_file(&socket).ok();
        changed.send_replace(());
        self.say_exit(session, UNKNOWN_EXIT_CODE);
        self.say(Event::AppError(AppError {
            source: "sessions".to_owned(),
            message: format!(
                "The process that held session {session} ended unexpectedly. Its log is in {}.",
                places.session(session).display()
            ),
            recoverable: true,
        }));
    }

    fn say_exit(&self, session_id: SessionId, exit_code: i32) {
        self.say(Event::SessionExit(SessionExit { session_id, exit_code }));
    }

    fn say(&self, event: Event) {
        // Nobody listens when no client is connected.
        self.inner.facts.send(event).ok();
    }
}

fn is_unavailable<T>(result: &Result<T, WireError>) -> bool {
    result.as_ref().is_err_and(|error| error.code == ErrorCode::Unavailable)
}

/// Keeps the published list at what the table says.
async fn publish(manager: SessionManager) {
    let mut changed = manager.inner.changed.subscribe();
    // What changed before this task first ran.
    changed.mark_changed();
    loop {
        tokio::select! {
            () = manager.inner.closing.cancelled() => return,
            // The sender is the manager's own.
            _ = changed.changed() => {}
        }
        let list = manager.list().await;
        manager.inner.list.send_if_modified(|published| {
            let differs = *published != list;
            *published = list;
            differs
        });
    }
}
