//! Watching the sessions' repositories, so that nobody has to ask: commits, branches and
//! conflicts are told as they happen, and who changes the same files as whom is known. Nothing
//! is looked at while nothing happens, and no `git` is run.
//!
//! The files themselves are watched only where two sessions work in different checkouts of one
//! repository; of all others the branches are enough.

mod folders;

use jiff::Timestamp;
use notify::{
    Event as Change, EventKind,
    event::{CreateKind, ModifyKind, RemoveKind},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use synk_git::{admin, branch_tips, conflicts, last_activity, locate, overlaps};
use synk_protocol::{
    AppError, Event, GitEvent, GitEventKind, Overlap, OverlapFile, OverlapsChanged, SessionId,
    SessionInfo,
};
use tokio::{
    sync::{broadcast, mpsc, watch},
    task::spawn_blocking,
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;

use self::folders::Folders;
use super::activity::event;

/// What happened is looked at so long after it began: an agent that writes does so many times.
const QUIET: Duration = Duration::from_millis(300);
/// And then for at the most a part of the time: looking may take ten times as long where there
/// are many files.
const SHARE: u32 = 10;
/// Changes that may wait to be looked at. When there are more, everything is looked at.
const CHANGES: usize = 1024;

/// Who is told.
pub(crate) struct Listeners {
    /// The sessions, whenever they change.
    pub(crate) sessions: watch::Receiver<Vec<SessionInfo>>,
    /// Of what happened.
    pub(crate) facts: broadcast::Sender<Event>,
    /// Of who is in whose way.
    pub(crate) overlaps: watch::Sender<OverlapsChanged>,
    /// That a session's branch may be another.
    pub(crate) changed: watch::Sender<()>,
    pub(crate) closing: CancellationToken,
}

impl Listeners {
    /// Tells the user of something that does not work.
    fn tell(&self, message: String) {
        tracing::warn!("{message}");
        let source = "worktrees".to_owned();
        // Nobody listens when no client is connected.
        self.facts.send(Event::AppError(AppError { source, message, recoverable: true })).ok();
    }
}

/// A checkout that sessions work in.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Checkout {
    /// Where git keeps what it knows of it.
    own: PathBuf,
    /// The repository that it is of.
    common: PathBuf,
    sessions: Vec<SessionInfo>,
}

/// By its top folder.
type Checkouts = BTreeMap<PathBuf, Checkout>;

/// What is known of a repository from the last look.
#[derive(Debug, Default)]
struct Known {
    tips: BTreeMap<String, String>,
    /// The files in conflict, by checkout.
    conflicts: BTreeMap<PathBuf, Vec<String>>,
}

/// Watches until the daemon ends.
pub(crate) async fn watch(mut listeners: Listeners) {
    let (tell, mut changes) = mpsc::channel(CHANGES);
    let missed = Arc::new(AtomicBool::new(false));
    let misses = Arc::clone(&missed);
    let handler = move |change: notify::Result<Change>| {
        let change = match change {
            Ok(change) if change.need_rescan() => None,
            Ok(change) if matters(&change) => Some(change),
            Ok(_) => return,
            Err(_) => None,
        };
        // What is not said in full, by the system or for want of room, may be anything.
        if change.is_none() {
            misses.store(true, Ordering::Relaxed);
        }
        if tell.try_send(change.unwrap_or_default()).is_err() {
            misses.store(true, Ordering::Relaxed);
        }
    };
    let watcher = match notify::recommended_watcher(handler) {
        Ok(watcher) => watcher,
        Err(error) => {
            let message = format!(
                "Repositories cannot be watched: {error}. What happens in them is not told, and \
                 who changes the same files is not known."
            );
            return listeners.tell(message);
        }
    };
    let mut watch = Watch {
        folders: Arc::new(Mutex::new(Folders::new(watcher))),
        checkouts: Checkouts::new(),
        known: BTreeMap::new(),
        places: Vec::new(),
        told: false,
    };
    listeners.sessions.mark_changed();
    let mut dirty: BTreeSet<PathBuf> = BTreeSet::new();
    // Where folders may have come or gone.
    let mut moved: BTreeSet<PathBuf> = BTreeSet::new();
    let mut due: Option<Instant> = None;
    let mut rested = Instant::now();
    loop {
        let look = async {
            match due {
                Some(due) => sleep_until(due.max(rested)).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = listeners.closing.cancelled() => return,
            changed = listeners.sessions.changed() => {
                if changed.is_err() {
                    return;
                }
                let sessions = listeners.sessions.borrow_and_update().clone();
                if watch.follow(sessions, &mut moved, &listeners).await {
                    dirty.extend(watch.checkouts.keys().cloned());
                    due.get_or_insert_with(Instant::now);
                }
            }
            Some(change) = changes.recv() => {
                let is_missed = missed.swap(false, Ordering::Relaxed);
                if is_missed {
                    dirty.extend(watch.checkouts.keys().cloned());
                }
                dirty.extend(watch.owners(&change.paths));
                if may_be_of_a_folder(&change) {
                    moved.extend(change.paths);
                }
                if is_missed || moved.len() > CHANGES {
                    // Anywhere.
                    moved = BTreeSet::from([PathBuf::from("/")]);
                }
                if !dirty.is_empty() {
                    due.get_or_insert_with(|| Instant::now() + QUIET);
                }
            }
            () = look => {
                due = None;
                let begin = Instant::now();
                let (dirty, moved) = (std::mem::take(&mut dirty), std::mem::take(&mut moved));
                watch.look(dirty, moved, &listeners).await;
                rested = Instant::now() + begin.elapsed() * SHARE;
            }
        }
    }
}

/// Reading is no change; without this what looks would wake itself.
fn matters(change: &Change) -> bool {
    matches!(change.kind, EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_))
        // A lock is there before and gone after what it is for.
        && !change.paths.iter().all(|path| path.extension().is_some_and(|end| end == "lock"))
}

/// A folder may have come or gone.
fn may_be_of_a_folder(change: &Change) -> bool {
    match change.kind {
        EventKind::Create(kind) => kind != CreateKind::File,
        EventKind::Remove(kind) => kind != RemoveKind::File,
        EventKind::Modify(kind) => matches!(kind, ModifyKind::Name(_)),
        _ => false,
    }
}

struct Watch {
    /// Locked by one at a time, where it may block.
    folders: Arc<Mutex<Folders>>,
    checkouts: Checkouts,
    known: BTreeMap<PathBuf, Known>,
    /// Where the sessions worked at the last look: lists come many times a second.
    places: Vec<(SessionId, String, Option<String>)>,
    /// Somebody was told that not all can be watched.
    told: bool,
}

impl Watch {
    /// Watches where these sessions work. Answers whether that is elsewhere than before.
    async fn follow(
        &mut self,
        sessions: Vec<SessionInfo>,
        moved: &mut BTreeSet<PathBuf>,
        listeners: &Listeners,
    ) -> bool {
        let places: Vec<_> = sessions
            .iter()
            .map(|one| (one.session_id, one.working_dir.clone(), one.branch.clone()))
            .collect();
        if places == self.places {
            return false;
        }
        self.places = places;
        let (folders, moved) = (Arc::clone(&self.folders), std::mem::take(moved));
        let found = spawn_blocking(move || {
            let found = checkouts(sessions);
            let problem = locked(&folders).follow(&found, &moved);
            (found, problem)
        });
        let (found, problem) = found.await.unwrap_or_default();
        self.checkouts = found;
        self.tell(listeners, problem);
        self.known
            .retain(|common, _| self.checkouts.values().any(|checkout| checkout.common == *common));
        true
    }

    /// Says, once, that something is not seen.
    fn tell(&mut self, listeners: &Listeners, problem: Option<String>) {
        let Some(why) = problem else { return };
        if std::mem::replace(&mut self.told, true) {
            return;
        }
        let message = format!(
            "Not every folder of a repository can be watched: {why}. That sessions change the \
             same files may be seen late."
        );
        listeners.tell(message);
    }

    /// The checkouts that these paths are of.
    fn owners(&self, paths: &[PathBuf]) -> Vec<PathBuf> {
        let is_of = |path: &Path, top: &Path, checkout: &Checkout| {
            path.starts_with(&checkout.own)
                || path.starts_with(top)
                // What all checkouts of a repository share.
                || (path.starts_with(&checkout.common)
                    && !path.starts_with(checkout.common.join("worktrees")))
        };
        let mut owners = Vec::new();
        for (top, checkout) in &self.checkouts {
            if paths.iter().any(|path| is_of(path, top, checkout)) {
                owners.push(top.clone());
            }
        }
        owners
    }

    /// Looks at what has changed there, and tells.
    async fn look(
        &mut self,
        dirty: BTreeSet<PathBuf>,
        moved: BTreeSet<PathBuf>,
        listeners: &Listeners,
    ) {
        let checkouts = self.checkouts.clone();
        let known = std::mem::take(&mut self.known);
        let folders = Arc::clone(&self.folders);
        let looked = spawn_blocking(move || {
            // New folders are watched before they are looked at, so that nothing falls between.
            let problem = locked(&folders).renew(&checkouts, moved);
            let mut known = known;
            let events = happened(&checkouts, &dirty, &mut known);
            (events, all_overlaps(&checkouts), known, problem)
        });
        let Ok((events, overlaps, known, problem)) = looked.await else { return };
        self.known = known;
        self.tell(listeners, problem);
        if !events.is_empty() {
            listeners.changed.send_replace(());
        }
        for event in events {
            // Nobody listens when no client is connected.
            listeners.facts.send(Event::GitEvent(event)).ok();
        }
        let overlaps = OverlapsChanged { overlaps };
        listeners.overlaps.send_if_modified(|current| {
            let changed = *current != overlaps;
            *current = overlaps;
            changed
        });
    }
}

fn locked(folders: &Mutex<Folders>) -> MutexGuard<'_, Folders> {
    folders.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where sessions work that are in a repository.
fn checkouts(sessions: Vec<SessionInfo>) -> Checkouts {
    let mut found = Checkouts::new();
    for session in sessions.into_iter().filter(|session| session.branch.is_some()) {
        let folder = Path::new(&session.working_dir);
        let Ok(place) = locate(folder) else { continue };
        if let Some(checkout) = found.get_mut(&place.top) {
            checkout.sessions.push(session);
        } else if let Ok(admin) = admin(folder) {
            let (own, common) = (admin.own, admin.common);
            found.insert(place.top, Checkout { own, common, sessions: vec![session] });
        }
    }
    found
}

/// What has happened in the repositories of these checkouts since the last look. The first look
/// at a repository tells nothing.
fn happened(
    checkouts: &Checkouts,
    dirty: &BTreeSet<PathBuf>,
    known: &mut BTreeMap<PathBuf, Known>,
) -> Vec<GitEvent> {
    let mut events = Vec::new();
    let repositories: BTreeSet<_> =
        dirty.iter().filter_map(|top| checkouts.get(top)).map(|one| &one.common).collect();
    for common in repositories {
        let here = || checkouts.iter().filter(|(_, one)| one.common == *common);
        let sessions: Vec<_> = here().flat_map(|(_, one)| one.sessions.clone()).collect();
        let Some((top, _)) = here().next() else { continue };
        // A repository that is gone has no branches.
        let tips = branch_tips(top).unwrap_or_default();
        let in_conflict = here().filter_map(|(top, _)| {
            let files = conflicts(top).ok().filter(|files| !files.is_empty())?;
            Some((top.clone(), files))
        });
        let now = Known { tips, conflicts: in_conflict.collect() };
        if let Some(before) = known.get(common) {
            events.extend(between(before, &now, top, &sessions, checkouts));
        }
        known.insert(common.clone(), now);
    }
    events
}

fn between(
    before: &Known,
    now: &Known,
    top: &Path,
    sessions: &[SessionInfo],
    checkouts: &Checkouts,
) -> Vec<GitEvent> {
    let mut events = Vec::new();
    let said = |kind, session: &SessionInfo, branch: &str, details: String| GitEvent {
        kind,
        session_id: session.session_id,
        branch: branch.to_owned(),
        details,
        timestamp: Timestamp::now().to_string(),
    };
    for (branch, tip) in &now.tips {
        if before.tips.get(branch) == Some(tip) {
            continue;
        }
        let last = last_activity(top, branch).ok().flatten();
        let on_branch = sessions.iter().find(|one| one.branch.as_ref() == Some(branch));
        let is_new = !before.tips.contains_key(branch);
        if let Some(session) = on_branch.or(sessions.first()).filter(|_| is_new) {
            events.push(said(GitEventKind::BranchCreated, session, branch, String::new()));
        } else {
            events.extend(last.and_then(|last| event(last, sessions)));
        }
    }
    for branch in before.tips.keys().filter(|branch| !now.tips.contains_key(*branch)) {
        if let Some(session) = sessions.first() {
            events.push(said(GitEventKind::BranchDeleted, session, branch, String::new()));
        }
    }
    for (top, files) in &now.conflicts {
        let session = checkouts.get(top).and_then(|checkout| checkout.sessions.first());
        if let Some(session) = session.filter(|_| before.conflicts.get(top) != Some(files)) {
            let branch = session.branch.clone().unwrap_or_default();
            events.push(said(GitEventKind::Conflict, session, &branch, files.join(", ")));
        }
    }
    events
}

/// Every two sessions in different checkouts that change the same files.
fn all_overlaps(checkouts: &Checkouts) -> Vec<Overlap> {
    let tops: Vec<_> = checkouts.keys().cloned().collect();
    let mut found = Vec::new();
    for (first, second, files) in overlaps(&tops) {
        let of = |at: usize| checkouts.get(&tops[at]).map(|one| &one.sessions[..]);
        let files: Vec<_> = files
            .into_iter()
            .map(|file| OverlapFile { path: file.path, conflicts: file.conflicts })
            .collect();
        for one in of(first).unwrap_or_default() {
            for other in of(second).unwrap_or_default() {
                let mut sessions = [one.session_id, other.session_id];
                sessions.sort_unstable_by_key(|id| id.0);
                found.push(Overlap { sessions, files: files.clone() });
            }
        }
    }
    found.sort_by_key(|overlap| overlap.sessions.map(|id| id.0));
    found
}
