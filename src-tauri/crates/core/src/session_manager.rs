//! The sessions: creating, ending, naming and finding them. Each is a shim process of its
//! own; this is the table of connections to them, and nothing here is in the way of bytes.
//!
//! No session is ever forgotten by accident. One whose shim is gone is brought back from its
//! own record and its log, asleep, by a new shim ([`follow`] and [`adopt`]); only
//! `session:destroy` and `session:clean` ([`life`], [`history`]) close one.

mod adopt;
mod apply;
mod attend;
mod branches;
mod cost;
mod follow;
mod history;
mod idle;
mod layout;
mod life;
mod panes;
mod past;
mod prompts;
mod publish;
mod records;
mod request;
mod table;

use dashmap::DashMap;
use std::{
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};
use synk_client::{Places, Shim};
use synk_protocol::{
    AgentInfo, AppError, Event, OverlapsChanged, PoolStatus, SessionChanges, SessionId,
    SessionInfo, TerminalSize, WireError, validate_name,
};
use tokio::{
    sync::{broadcast, watch},
    time::timeout,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::time::now_millis;
use crate::{
    agents::Agents,
    cost::CostTracker,
    environment::Login,
    process_pool::ProcessPool,
    settings::Settings,
    store::Store,
    workspaces::WorkspaceTable,
    worktree_manager::{self, WorktreeManager, watch::Listeners},
};
use branches::Branches;
pub(crate) use request::{FOLDER_TIMEOUT, Former, unanswered};
use table::Table;

/// Facts that a subscriber may be behind.
const FACTS: usize = 256;
/// How long what goes on in the background may take to come to an end.
const FAREWELL: Duration = Duration::from_secs(5);

/// The sessions. A clone shares everything.
#[derive(Debug, Clone)]
pub struct SessionManager {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    places: Places,
    pool: ProcessPool,
    login: Login,
    agents: Agents,
    settings: Settings,
    store: Store,
    cost: CostTracker,
    worktrees: WorktreeManager,
    workspaces: WorkspaceTable,
    table: Table,
    branches: Branches,
    /// Held while a name, a pane and an id are chosen together; never across an await.
    reserving: Mutex<()>,
    /// Sessions that will be restarted once they are idle, and how to call it off.
    when_idle: DashMap<SessionId, CancellationToken>,
    next_prompt_id: AtomicU32,
    /// Marked whenever the table or a record in it has changed.
    changed: watch::Sender<()>,
    list: watch::Sender<Vec<SessionInfo>>,
    overlaps: watch::Sender<OverlapsChanged>,
    facts: broadcast::Sender<Event>,
    /// What went wrong at the start, when nobody could listen yet.
    notices: Mutex<Vec<Event>>,
    tasks: TaskTracker,
    closing: CancellationToken,
}

impl SessionManager {
    /// Finds the sessions that run and those that were lost, and looks after them from then
    /// on.
    pub(crate) async fn start(
        places: Places,
        binary: PathBuf,
        settings: Settings,
        store: Store,
    ) -> Result<Self, WireError> {
        let table = Table::new(adopt::highest_id(&places)?);
        let highest_prompt = store.highest_prompt().await.unwrap_or_else(|error| {
            // Ids are new without it too: see `first_prompt_id`.
            tracing::warn!("which prompts wait cannot be read: {error}");
            0
        });
        let next_prompt_id = first_prompt_id(highest_prompt);
        let (login, closing) = (Login::new(), CancellationToken::new());
        let facts = broadcast::Sender::new(FACTS);
        // Nobody may listen yet, so the pool says in its status what it says here.
        let teller = facts.clone();
        let tell = move |message: String| {
            tracing::warn!("{message}");
            teller.send(notice("pool", message)).ok();
        };
        let tasks = TaskTracker::new();
        let (agents, problem) =
            Agents::new(&places, &binary, settings.clone(), login.clone(), tasks.clone());
        let pool = ProcessPool::start(
            places.clone(),
            binary,
            settings.clone(),
            login.clone(),
            closing.clone(),
            tell,
        );
        let worktrees = WorktreeManager::new(
            &places,
            settings.clone(),
            login.clone(),
            tasks.clone(),
            closing.clone(),
        );
        let (workspaces, wrong_workspaces) = WorkspaceTable::open(places.workspaces());
        let changed = watch::Sender::new(());
        let branches = Branches::new(changed.clone());
        let (cost, uncounted) =
            CostTracker::start(store.clone(), settings.clone(), facts.clone(), changed.clone())
                .await;
        let manager = Self {
            inner: Arc::new(Inner {
                places,
                pool,
                login,
                agents,
                settings,
                store,
                cost,
                worktrees,
                workspaces,
                table,
                branches,
                reserving: Mutex::new(()),
                when_idle: DashMap::new(),
                next_prompt_id: AtomicU32::new(next_prompt_id),
                changed,
                list: watch::Sender::new(Vec::new()),
                overlaps: watch::Sender::default(),
                facts,
                notices: Mutex::new(Vec::new()),
                tasks,
                closing,
            }),
        };
        for problem in [problem, wrong_workspaces, uncounted].into_iter().flatten() {
            manager.tell_newcomers(problem);
        }
        manager.adopt().await?;
        manager.follow_settings();
        manager.inner.tasks.spawn(manager.clone().keep_workspaces());
        manager.in_background(publish::publish(manager.clone()));
        manager.inner.tasks.spawn(publish::store(manager.clone()));
        manager.in_background(worktree_manager::watch::watch(manager.listeners()));
        let worktrees = manager.inner.worktrees.clone();
        manager.in_background(async move { worktrees.tend_all(true).await });
        let trash = manager.inner.worktrees.clone().keep_trash(manager.inner.closing.clone());
        manager.in_background(trash);
        manager.in_background(history::upkeep(manager.clone()));
        Ok(manager)
    }

    /// Writes to a session's terminal.
    ///
    /// # Errors
    /// [`synk_protocol::ErrorCode::NotFound`], or [`synk_protocol::ErrorCode::Unavailable`];
    /// so for all below.
    pub async fn write(&self, session: SessionId, bytes: Vec<u8>) -> Result<(), WireError> {
        self.shim(session).await?.write(bytes).await
    }

    /// Changes a terminal's size.
    ///
    /// # Errors
    /// [`synk_protocol::ErrorCode::Invalid`] for a size that cannot be; see
    /// [`SessionManager::write`].
    pub async fn resize(&self, session: SessionId, cols: u32, rows: u32) -> Result<(), WireError> {
        let size = TerminalSize::new(cols, rows)?;
        self.shim(session).await?.resize(size).await
    }

    /// The text on a session's screen.
    ///
    /// # Errors
    /// See [`SessionManager::write`].
    pub async fn screen(&self, session: SessionId) -> Result<String, WireError> {
        self.shim(session).await?.screen().await
    }

    /// Gives a session another name.
    ///
    /// # Errors
    /// [`synk_protocol::ErrorCode::Conflict`] for a name that is taken,
    /// [`synk_protocol::ErrorCode::Invalid`] for one that cannot be; see
    /// [`SessionManager::write`].
    pub async fn rename(&self, session: SessionId, name: String) -> Result<(), WireError> {
        validate_name(&name)?;
        let shim = self.shim(session).await?;
        let reserved = {
            let _held = self.inner.reserving.lock().unwrap_or_else(PoisonError::into_inner);
            self.inner.table.reserve_name(session, &name)?
        };
        let changes = SessionChanges { name: Some(name), ..SessionChanges::default() };
        let updated = shim.update(changes).await;
        drop(reserved);
        updated
    }

    /// Every session, by id.
    pub async fn list(&self) -> Vec<SessionInfo> {
        let Inner { table, branches, cost, when_idle, .. } = &*self.inner;
        let heads = branches.of(branches.keep_only(|| table.folders())).await;
        let records = table.records().into_iter();
        let mut live = table.live_all();
        let infos = records.map(|(record, incompatible)| {
            let now = live.remove(&record.session_id).unwrap_or_default();
            SessionInfo {
                status: now.status,
                queued_prompts: now.queued,
                cost: cost.of(record.session_id, record.created_at),
                restarts_when_idle: when_idle.contains_key(&record.session_id),
                branch: heads.get(&record.working_dir).map(|head| head.name().to_owned()),
                worktree: self.worktree_of(&record.working_dir),
                incompatible,
                ..request::info(record)
            }
        });
        infos.collect()
    }

    /// The worktree of Synk's own that a folder is in.
    pub(crate) fn worktree_of(&self, folder: &str) -> Option<String> {
        let worktree = self.inner.worktrees.of(Path::new(folder))?;
        Some(worktree.to_string_lossy().into_owned())
    }

    /// The worktrees that sessions work in.
    pub(crate) fn worktrees(&self) -> &WorktreeManager {
        &self.inner.worktrees
    }

    /// Every session, and after them those that were closed and whose logs are kept.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn list_all(&self) -> Result<Vec<SessionInfo>, WireError> {
        let mut sessions = self.list().await;
        let closed = self.inner.store.closed().await?.into_iter();
        sessions.extend(closed.map(|session| SessionInfo {
            cost: self.inner.cost.of(session.session_id, session.created_at),
            ..session
        }));
        Ok(sessions)
    }

    /// Names a prompt.
    fn next_prompt_id(&self) -> u32 {
        self.inner.next_prompt_id.fetch_add(1, Ordering::Relaxed)
    }

    /// How many sessions there are.
    pub(crate) fn count(&self) -> u32 {
        u32::try_from(self.inner.table.ids().len()).unwrap_or(u32::MAX)
    }

    pub(crate) fn list_changes(&self) -> watch::Receiver<Vec<SessionInfo>> {
        self.inner.list.subscribe()
    }

    /// Which sessions change the same files, now and whenever that changes.
    pub(crate) fn overlaps(&self) -> watch::Receiver<OverlapsChanged> {
        self.inner.overlaps.subscribe()
    }

    /// Who is told of what happens in repositories.
    fn listeners(&self) -> Listeners {
        Listeners {
            sessions: self.inner.list.subscribe(),
            facts: self.inner.facts.clone(),
            overlaps: self.inner.overlaps.clone(),
            changed: self.inner.changed.clone(),
            closing: self.inner.closing.clone(),
        }
    }

    async fn keep_workspaces(self) {
        let closing = self.inner.closing.clone();
        self.inner.workspaces.clone().keep(closing, |message| self.tell(message)).await;
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
        if timeout(FAREWELL, self.inner.tasks.wait()).await.is_err() {
            tracing::warn!("what goes on in the background has not come to an end");
        }
        if let Err(error) = self.inner.store.close().await {
            tracing::warn!("closing {error}");
        }
    }

    /// The pool of waiting shells, now and whenever it changes.
    pub(crate) fn pool_status(&self) -> watch::Receiver<PoolStatus> {
        self.inner.pool.status()
    }

    /// Every agent, found or not.
    pub(crate) async fn agents(&self) -> Vec<AgentInfo> {
        self.inner.agents.list().await
    }

    /// Marked whenever more is known of the agents.
    pub(crate) fn agent_changes(&self) -> watch::Receiver<()> {
        self.inner.agents.changes()
    }

    /// Has something go on in the background until it is done or the daemon ends. Then it is let
    /// be where it is, so that nothing that it waits for holds the daemon up.
    fn in_background(&self, work: impl Future<Output = ()> + Send + 'static) {
        let closing = self.inner.closing.clone();
        self.inner.tasks.spawn(closing.run_until_cancelled_owned(work));
    }

    /// The connection to a session's shim, once it is started if it is being started.
    async fn shim(&self, session: SessionId) -> Result<Shim, WireError> {
        self.started(session).await;
        self.inner.table.shim(session)
    }

    /// Waits while a session's shim is being started, which ends by itself, in success or
    /// failure.
    async fn started(&self, session: SessionId) {
        let mut changed = self.inner.changed.subscribe();
        while self.inner.table.is_starting(session) && changed.changed().await.is_ok() {}
    }

    fn changed(&self) {
        self.inner.changed.send_replace(());
    }

    fn say(&self, event: Event) {
        // Nobody listens when no client is connected.
        self.inner.facts.send(event).ok();
    }

    /// Tells the user what went wrong where nobody was waiting.
    pub(crate) fn tell(&self, message: String) {
        tracing::warn!("{message}");
        self.say(notice("sessions", message));
    }

    /// Tells whoever comes, since nobody can listen yet.
    pub(crate) fn tell_newcomers(&self, message: String) {
        tracing::warn!("{message}");
        let notices = self.inner.notices.lock();
        notices.unwrap_or_else(PoisonError::into_inner).push(notice("sessions", message));
    }
}

/// Where the ids of prompts go on: above those that wait, and, since one that was sent is kept
/// nowhere, above all that an earlier daemon can have given out at one a second since 2026.
fn first_prompt_id(highest_waiting: u32) -> u32 {
    const START_OF_2026_MS: u64 = 1_767_225_600_000;
    let seconds = now_millis().saturating_sub(START_OF_2026_MS) / 1000;
    u32::try_from(seconds).unwrap_or(u32::MAX / 2).max(highest_waiting + 1)
}

fn notice(source: &str, message: String) -> Event {
    Event::AppError(AppError { source: source.to_owned(), message, recoverable: true })
}
