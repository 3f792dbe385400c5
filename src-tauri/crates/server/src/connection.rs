//! One connection to the daemon.

use std::sync::Arc;
use synk_core::{Caller, Core};
use synk_protocol::{
    AgentsChanged, ClientMessage, DaemonMessage, Event, Frame, Hello, Outcome, Request, Role,
    SessionsChanged, WireError,
};
use synk_socket::{Connection, FrameReceiver};
use tokio::{
    net::UnixStream,
    sync::{Semaphore, broadcast, mpsc, oneshot},
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Answers and events that may wait for the socket. Whoever does not read them waits for
/// its own answers, and for nobody else's.
const OUTBOX: usize = 256;
/// Requests of one connection that are worked on at one time.
const MAX_REQUESTS: usize = 64;
/// Writes and sizes that may wait for a session to take them.
const ORDERED: usize = 64;

/// Who waits until the client is told of the settings as they are.
type Waiting = oneshot::Sender<()>;

/// Carries a connection from handshake to end.
pub(crate) async fn carry(stream: UnixStream, core: Core) {
    let mut connection = Connection::new(stream);
    // Who has been greeted misses nothing from then on.
    let facts = core.facts();
    let hello = match connection.handshake(&Hello::new(Role::Daemon)).await {
        Ok(hello) => hello,
        Err(error) => {
            tracing::debug!("a handshake failed: {error}");
            if let Ok(frame) = answer(None, Outcome::Error(error)) {
                // It may not be listening any more.
                connection.sender.send(&frame).await.ok();
            }
            return;
        }
    };
    let (outbox, frames) = mpsc::channel(OUTBOX);
    let (to_tell, waiting) = mpsc::channel(MAX_REQUESTS);
    let tasks = TaskTracker::new();
    // No more requests will be read: the daemon stops, or the client sends none.
    let ended = core.stopping().child_token();
    if hello.subscribe {
        tasks.spawn(publish(core.clone(), facts, waiting, outbox.clone(), ended.clone()));
    } else {
        // Nobody is told, and so nobody waits.
        drop(waiting);
    }
    let caller = Caller { pid: hello.pid };
    let requests = receive(connection.receiver, &core, caller, &tasks, to_tell, outbox);
    let mut send = std::pin::pin!(connection.sender.send_all(frames));
    tokio::select! {
        // The client is gone.
        () = &mut send => return,
        () = requests => {}
        () = ended.cancelled() => {}
    }
    ended.cancel();
    // What was asked is still answered: this ends when the last request lets go of its outbox.
    send.await;
}

/// Reads requests until the client sends no more.
async fn receive(
    mut receiver: FrameReceiver,
    core: &Core,
    caller: Caller,
    tasks: &TaskTracker,
    to_tell: mpsc::Sender<Waiting>,
    outbox: mpsc::Sender<Frame>,
) {
    let room = Arc::new(Semaphore::new(MAX_REQUESTS));
    let (ordered, in_order) = mpsc::channel(ORDERED);
    tasks.spawn(work_in_order(core.clone(), caller, in_order, to_tell.clone(), outbox.clone()));
    loop {
        let json = match receiver.next().await {
            Ok(Some(Frame::Control(json))) => json,
            // Of a later version.
            Ok(Some(_)) => continue,
            Ok(None) => return,
            Err(error) => {
                refuse(None, error, &outbox).await;
                return;
            }
        };
        let ClientMessage { id, command, args } = match Frame::parse(&json) {
            Ok(message) => message,
            Err(error) => {
                refuse(None, error, &outbox).await;
                continue;
            }
        };
        match Request::parse(&command, args) {
            Err(error) => refuse(Some(id), error, &outbox).await,
            // What is typed arrives in the order in which it was sent.
            Ok(request @ (Request::SessionWrite(_) | Request::SessionResize(_))) => {
                if ordered.send((id, request)).await.is_err() {
                    return;
                }
            }
            Ok(request) => {
                let Ok(permit) = Arc::clone(&room).acquire_owned().await else { return };
                let (core, to_tell, outbox) = (core.clone(), to_tell.clone(), outbox.clone());
                tasks.spawn(async move {
                    work(&core, caller, id, request, &to_tell, &outbox).await;
                    drop(permit);
                });
            }
        }
    }
}

async fn work_in_order(
    core: Core,
    caller: Caller,
    mut requests: mpsc::Receiver<(u32, Request)>,
    to_tell: mpsc::Sender<Waiting>,
    outbox: mpsc::Sender<Frame>,
) {
    while let Some((id, request)) = requests.recv().await {
        work(&core, caller, id, request, &to_tell, &outbox).await;
    }
}

/// Answers one request. Who changes the settings is told of them before.
async fn work(
    core: &Core,
    caller: Caller,
    id: u32,
    request: Request,
    to_tell: &mpsc::Sender<Waiting>,
    outbox: &mpsc::Sender<Frame>,
) {
    let changes_settings =
        matches!(request, Request::SettingsSet(_) | Request::SettingsImportPalette(_));
    let outcome = match core.dispatch(caller, request).await {
        Ok(reply) => Outcome::Ok(reply),
        Err(error) => Outcome::Error(error),
    };
    if changes_settings {
        let (waiting, told) = oneshot::channel();
        if to_tell.send(waiting).await.is_ok() {
            // Without an answer nobody will be told any more.
            told.await.ok();
        }
    }
    post(answer(Some(id), outcome), outbox).await;
}

async fn refuse(id: Option<u32>, error: WireError, outbox: &mpsc::Sender<Frame>) {
    post(answer(id, Outcome::Error(error)), outbox).await;
}

/// The frame of an answer. One that is too large is answered with that error, since nobody
/// must wait for an answer that never comes.
fn answer(id: Option<u32>, outcome: Outcome) -> Result<Frame, WireError> {
    Frame::control(&DaemonMessage::Answer { id, outcome }).or_else(|error| {
        Frame::control(&DaemonMessage::Answer { id, outcome: Outcome::Error(error) })
    })
}

async fn post(frame: Result<Frame, WireError>, outbox: &mpsc::Sender<Frame>) {
    match frame {
        // The client may be gone.
        Ok(frame) => drop(outbox.send(frame).await),
        Err(error) => tracing::error!("{error}"),
    }
}

/// Sends events: the list of sessions, the workspaces, the pool's state, the overlaps and the settings, now and
/// whenever they change, the agents whenever more is known of them, and every fact.
async fn publish(
    core: Core,
    mut facts: broadcast::Receiver<Event>,
    mut waiting: mpsc::Receiver<Waiting>,
    outbox: mpsc::Sender<Frame>,
    ended: CancellationToken,
) {
    let mut sessions = core.sessions();
    let mut pool = core.pool_status();
    let mut agents = core.agent_changes();
    let mut overlaps = core.overlaps();
    let mut settings = core.settings();
    let mut workspaces = core.workspaces();
    for notice in core.notices() {
        post(Frame::control(&DaemonMessage::Event(notice)), &outbox).await;
    }
    sessions.mark_changed();
    pool.mark_changed();
    overlaps.mark_changed();
    settings.mark_changed();
    workspaces.mark_changed();
    loop {
        let event = tokio::select! {
            () = ended.cancelled() => return,
            () = outbox.closed() => return,
            changed = sessions.changed() => {
                if changed.is_err() {
                    return;
                }
                let sessions = sessions.borrow_and_update().clone();
                Event::SessionsChanged(SessionsChanged { sessions })
            }
            Ok(()) = pool.changed() => Event::PoolStatus(pool.borrow_and_update().clone()),
            Ok(()) = overlaps.changed() => {
                Event::GitOverlaps(overlaps.borrow_and_update().clone())
            }
            Ok(()) = settings.changed() => {
                Event::SettingsChanged(settings.borrow_and_update().clone())
            }
            Ok(()) = workspaces.changed() => {
                Event::WorkspaceChanged(workspaces.borrow_and_update().clone())
            }
            Ok(()) = agents.changed() => {
                Event::AgentsChanged(AgentsChanged { agents: core.agents().await })
            }
            Some(waiting) = waiting.recv() => {
                if settings.has_changed().unwrap_or_default() {
                    let now = settings.borrow_and_update().clone();
                    let event = Event::SettingsChanged(now);
                    post(Frame::control(&DaemonMessage::Event(event)), &outbox).await;
                }
                // It may not wait any more.
                waiting.send(()).ok();
                continue;
            }
            fact = facts.recv() => match fact {
                Ok(event) => event,
                Err(broadcast::error::RecvError::Lagged(missed)) => {
                    tracing::warn!("a client missed {missed} events; it gets the list again");
                    sessions.mark_changed();
                    continue;
                }
                Err(broadcast::error::RecvError::Closed) => return,
            }
        };
        post(Frame::control(&DaemonMessage::Event(event)), &outbox).await;
    }
}
