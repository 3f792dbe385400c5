//! The workspaces: which there are, in which order, how each looks, and which one the window
//! shows. Which sessions are in one is not known here; the sessions' own records say that.
//!
//! They are in a file, `workspaces.json`, that is written after each change and by a task of
//! its own, so that nobody waits for the disk. The file is no truth about sessions: without it
//! the workspaces are made again from the sessions' records, and only their names and shares
//! are lost.

mod file;

use std::{
    ops::RangeInclusive,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};
use synk_protocol::{
    ChangeWorkspace, ErrorCode, MAX_NAME_CHARS, MAX_PANES, MAX_WORKSPACES, SessionId,
    ShowWorkspace, WindowSize, WireError, WorkspaceId, WorkspaceInfo, Workspaces,
};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// What a row or a column may have of the grid, where the others have 1000.
const SHARE: RangeInclusive<u32> = 100..=10_000;
/// The largest size of a window that is noted, in logical pixels.
const MAX_WINDOW: u32 = 65_535;

/// The workspaces. A clone shares everything.
#[derive(Debug, Clone)]
pub(crate) struct WorkspaceTable {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    path: PathBuf,
    list: watch::Sender<Workspaces>,
    /// The next one's id; none is used twice.
    next_id: AtomicU32,
}

impl WorkspaceTable {
    /// Reads the workspaces; one that is empty when nothing is known. The second value says what
    /// was wrong with the file, which was set aside then.
    pub(crate) fn open(path: PathBuf) -> (Self, Option<String>) {
        let (read, notice) = file::read(&path);
        let (list, next_id) = read.unwrap_or_else(|| {
            let first = WorkspaceInfo { name: "Workspace 1".to_owned(), ..Default::default() };
            let list = Workspaces { workspaces: vec![first], ..Workspaces::default() };
            (list, 2)
        });
        let (list, next_id) = (watch::Sender::new(list), AtomicU32::new(next_id));
        (Self { inner: Arc::new(Inner { path, list, next_id }) }, notice)
    }

    /// As they are now.
    pub(crate) fn current(&self) -> Workspaces {
        self.inner.list.borrow().clone()
    }

    /// As they are now, and whenever that changes.
    pub(crate) fn changes(&self) -> watch::Receiver<Workspaces> {
        self.inner.list.subscribe()
    }

    /// The first of the tabs.
    pub(crate) fn first(&self) -> WorkspaceId {
        self.inner.list.borrow().workspaces.first().map_or_else(WorkspaceId::default, id)
    }

    /// Makes sure that there is this workspace.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`].
    pub(crate) fn check(&self, workspace: WorkspaceId) -> Result<(), WireError> {
        place(&self.inner.list.borrow(), workspace).map(drop)
    }

    /// Makes a workspace, the last of the tabs.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for a name that cannot be, [`ErrorCode::MaxSessions`] when there
    /// are as many as there may be.
    pub(crate) fn create(&self, name: Option<String>) -> Result<WorkspaceInfo, WireError> {
        name.as_deref().map(|name| check_title("a workspace", name)).transpose()?;
        self.modify(|list| {
            if list.workspaces.len() >= MAX_WORKSPACES {
                return Err(WireError::new(
                    ErrorCode::MaxSessions,
                    format!("there are {MAX_WORKSPACES} workspaces, which is the most"),
                ));
            }
            let name = name.unwrap_or_else(|| free_name(list));
            let workspace_id = WorkspaceId(self.inner.next_id.fetch_add(1, Ordering::Relaxed));
            let made = WorkspaceInfo { workspace_id, name, ..WorkspaceInfo::default() };
            list.workspaces.push(made.clone());
            Ok(made)
        })
    }

    /// Changes a workspace.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`], and [`ErrorCode::Invalid`] for what cannot be. Nothing is changed
    /// then.
    pub(crate) fn change(&self, args: ChangeWorkspace) -> Result<(), WireError> {
        args.name.as_deref().map(|name| check_title("a workspace", name)).transpose()?;
        args.column_shares.as_deref().map(check_shares).transpose()?;
        args.row_shares.as_deref().map(check_shares).transpose()?;
        self.modify(|list| {
            let at = place(list, args.workspace_id)?;
            let mut changed = list.workspaces.remove(at);
            let ChangeWorkspace { name, column_shares, row_shares, zoomed, focused, .. } = args;
            changed.name = name.unwrap_or(changed.name);
            changed.column_shares = column_shares.unwrap_or(changed.column_shares);
            changed.row_shares = row_shares.unwrap_or(changed.row_shares);
            changed.zoomed = zoomed.unwrap_or(changed.zoomed);
            changed.focused = focused.or(changed.focused);
            let to = args.position.map_or(at, |position| position as usize);
            let last = list.workspaces.len();
            if to > last {
                return Err(WireError::invalid(format!(
                    "there is no place {to} among the tabs; the last one is {last}"
                )));
            }
            list.workspaces.insert(to, changed);
            Ok(())
        })
    }

    /// Takes a workspace away. That no session has a pane in it is for the caller to know.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`], and [`ErrorCode::Conflict`] for the only one.
    pub(crate) fn remove(&self, workspace: WorkspaceId) -> Result<(), WireError> {
        self.modify(|list| {
            let at = place(list, workspace)?;
            if list.workspaces.len() == 1 {
                let why = "the only workspace cannot be deleted; there is always one";
                return Err(WireError::new(ErrorCode::Conflict, why));
            }
            list.workspaces.remove(at);
            if list.shown == workspace {
                // The neighbour's tab.
                let next = list.workspaces.get(at).or_else(|| list.workspaces.last());
                list.shown = next.map_or_else(WorkspaceId::default, id);
            }
            Ok(())
        })
    }

    /// Notes what the window shows.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`], and [`ErrorCode::Invalid`] for a size that no window has.
    pub(crate) fn show(&self, args: ShowWorkspace) -> Result<(), WireError> {
        args.window.map(check_window).transpose()?;
        self.modify(|list| {
            place(list, args.workspace_id)?;
            list.shown = args.workspace_id;
            list.window = args.window.or(list.window);
            Ok(())
        })
    }

    /// Makes those again that sessions are in and that are not known, whatever their number.
    pub(crate) fn ensure(&self, wanted: impl IntoIterator<Item = WorkspaceId>) {
        for workspace_id in wanted {
            self.inner.list.send_if_modified(|list| {
                if place(list, workspace_id).is_ok() {
                    return false;
                }
                let name = format!("Workspace {workspace_id}");
                list.workspaces.push(WorkspaceInfo { workspace_id, name, ..Default::default() });
                true
            });
            self.inner.next_id.fetch_max(workspace_id.0.saturating_add(1), Ordering::Relaxed);
        }
    }

    /// A session has no pane any more in any workspace but this one: what was said of its pane
    /// elsewhere is over.
    pub(crate) fn left(&self, session: SessionId, now_in: Option<WorkspaceId>) {
        self.inner.list.send_if_modified(|list| {
            let had_focus = |workspace: &&mut WorkspaceInfo| {
                workspace.focused == Some(session) && Some(workspace.workspace_id) != now_in
            };
            let mut changed = false;
            for workspace in list.workspaces.iter_mut().filter(had_focus) {
                (workspace.focused, workspace.zoomed) = (None, false);
                changed = true;
            }
            changed
        });
    }

    /// Keeps the file at what is known, until the end.
    pub(crate) async fn keep(self, closing: CancellationToken, tell: impl Fn(String)) {
        let mut changes = self.inner.list.subscribe();
        // What changed before this task first ran.
        changes.mark_changed();
        let mut works = true;
        loop {
            let ends = tokio::select! {
                () = closing.cancelled() => true,
                // The sender is this table's own.
                _ = changes.changed() => false,
            };
            if !ends || changes.has_changed().unwrap_or_default() {
                let list = changes.borrow_and_update().clone();
                match file::write(&self.inner.path, list, self.next_id()).await {
                    Ok(()) => works = true,
                    // It is written with the next change.
                    Err(error) if works => {
                        let path = self.inner.path.display();
                        tell(format!(
                            "Writing {path}: {error}. Workspaces work; what is changed in them \
                             may be lost when the daemon ends."
                        ));
                        works = false;
                    }
                    Err(_) => {}
                }
            }
            if ends {
                return;
            }
        }
    }

    fn next_id(&self) -> u32 {
        self.inner.next_id.load(Ordering::Relaxed)
    }

    /// Changes the list, or leaves it as it is.
    fn modify<T>(
        &self,
        change: impl FnOnce(&mut Workspaces) -> Result<T, WireError>,
    ) -> Result<T, WireError> {
        let mut outcome = Err(WireError::internal("the workspaces were not changed"));
        self.inner.list.send_if_modified(|list| {
            let mut changed = list.clone();
            outcome = change(&mut changed);
            let is_news = outcome.is_ok() && changed != *list;
            if is_news {
                *list = changed;
            }
            is_news
        });
        outcome
    }
}

fn id(workspace: &WorkspaceInfo) -> WorkspaceId {
    workspace.workspace_id
}

fn place(list: &Workspaces, workspace: WorkspaceId) -> Result<usize, WireError> {
    list.workspaces.iter().position(|one| one.workspace_id == workspace).ok_or_else(|| {
        WireError::new(ErrorCode::NotFound, format!("there is no workspace {workspace}"))
    })
}

/// "Workspace" and the first number that is free.
fn free_name(list: &Workspaces) -> String {
    let is_free = |name: &String| list.workspaces.iter().all(|one| one.name != *name);
    let mut names = (1..).map(|number: u32| format!("Workspace {number}"));
    names.find(is_free).unwrap_or_default()
}

/// Checks the name of a workspace or a layout.
///
/// # Errors
/// [`ErrorCode::Invalid`], saying what is wrong.
pub(crate) fn check_title(whose: &str, name: &str) -> Result<(), WireError> {
    let length = name.chars().count();
    let problem = if name.trim().is_empty() {
        "it is empty".to_owned()
    } else if length > MAX_NAME_CHARS {
        format!("it has {length} characters, and {MAX_NAME_CHARS} is the most")
    } else if name.chars().any(char::is_control) {
        "it contains a control character".to_owned()
    } else {
        return Ok(());
    };
    let shown: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
    Err(WireError::invalid(format!("“{shown}” cannot be the name of {whose}: {problem}")))
}

/// Checks the shares of the columns or of the rows.
///
/// # Errors
/// [`ErrorCode::Invalid`], saying what is wrong.
pub(crate) fn check_shares(shares: &[u32]) -> Result<(), WireError> {
    if shares.len() > MAX_PANES as usize {
        return Err(WireError::invalid(format!(
            "{} shares are named, and a grid has at most {MAX_PANES} rows or columns",
            shares.len()
        )));
    }
    match shares.iter().find(|share| !SHARE.contains(share)) {
        None => Ok(()),
        Some(share) => Err(WireError::invalid(format!(
            "a share is {share}; it goes from {} to {}",
            SHARE.start(),
            SHARE.end()
        ))),
    }
}

/// Checks the size of a window.
///
/// # Errors
/// [`ErrorCode::Invalid`] for a size of nothing or one out of reach.
pub(crate) fn check_window(WindowSize { width, height }: WindowSize) -> Result<(), WireError> {
    if (1..=MAX_WINDOW).contains(&width) && (1..=MAX_WINDOW).contains(&height) {
        return Ok(());
    }
    Err(WireError::invalid(format!("no window has the size {width}×{height}")))
}
