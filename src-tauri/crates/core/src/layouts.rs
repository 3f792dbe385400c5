//! Saved layouts: the workspaces with their panes, and what runs in each, in files that people
//! can read. Saving touches no session; bringing one back puts the sessions of it that are still
//! there into their panes and starts the others afresh.
//!
//! One thing at a time is done to layouts: who brings one back while the grid is half full must
//! not have it saved so, and two who bring back the same must not start everything twice.

mod auto;
mod collect;
mod file;
mod folder;
mod restore;

use jiff::{Timestamp, tz::TimeZone};
use std::sync::{Arc, Mutex};
use synk_client::Places;
use synk_protocol::{
    DeleteSaved, ErrorCode, RenameSaved, SaveSession, SavedPath, SavedSession, WireError,
};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{session_manager::SessionManager, settings::Settings};
use file::Layout;
use folder::Folder;

/// The saved layouts. A clone shares everything.
#[derive(Debug, Clone)]
pub(crate) struct Layouts {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    folder: Folder,
    sessions: SessionManager,
    settings: Settings,
    /// Whose turn it is to do something to layouts.
    turn: Semaphore,
    /// What was saved by itself last.
    automatic: Mutex<Option<Layout>>,
    tasks: TaskTracker,
    closing: CancellationToken,
}

impl Layouts {
    /// Clears away what an earlier daemon did not finish, and begins to save by itself.
    pub(crate) fn start(places: &Places, sessions: SessionManager, settings: Settings) -> Self {
        let folder = Folder::new(places.layouts());
        folder.sweep();
        let automatic = Mutex::new(folder.automatic());
        let layouts = Self {
            inner: Arc::new(Inner {
                folder,
                sessions,
                settings,
                turn: Semaphore::new(1),
                automatic,
                tasks: TaskTracker::new(),
                closing: CancellationToken::new(),
            }),
        };
        layouts.inner.tasks.spawn(layouts.clone().save_by_itself());
        layouts
    }

    /// Saves once more by itself, and ends.
    pub(crate) async fn close(&self) {
        self.inner.closing.cancel();
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
    }

    /// Saves what there is now.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for a name that cannot be, [`ErrorCode::Conflict`] for one that is
    /// taken, [`ErrorCode::Unavailable`] when values of variables are asked for that nobody
    /// knows, and why the file cannot be written.
    pub(crate) async fn save(&self, args: SaveSession) -> Result<SavedPath, WireError> {
        args.name.as_deref().map(folder::check_name).transpose()?;
        let _turn = self.turn().await;
        let layout = self.collect(args.env_values == Some(true)).await?;
        let folder = self.inner.folder.clone();
        blocking(move || {
            let name = args.name.unwrap_or_else(|| free_name(&folder));
            let path = folder.path(&name);
            if args.replace != Some(true) {
                folder.check_free(&name)?;
            }
            folder.write(&path, &Layout { name, ..layout })?;
            Ok(saved(&path))
        })
        .await
    }

    /// The saved layouts, the newest first.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub(crate) async fn list(&self) -> Result<Vec<SavedSession>, WireError> {
        let folder = self.inner.folder.clone();
        blocking(move || folder.list()).await
    }

    /// Gives a layout another name.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for what is no layout and for a name that cannot be,
    /// [`ErrorCode::NotFound`], [`ErrorCode::Conflict`] for a name that is taken.
    pub(crate) async fn rename(&self, args: RenameSaved) -> Result<SavedPath, WireError> {
        folder::check_name(&args.name)?;
        let _turn = self.turn().await;
        let folder = self.inner.folder.clone();
        blocking(move || {
            let from = folder.inside(&args.path)?;
            let layout = Folder::read(&from)?;
            let to = folder.path(&args.name);
            if from == to {
                return Ok(saved(&to));
            }
            folder.check_free(&args.name)?;
            folder.write(&to, &Layout { name: args.name, ..layout })?;
            folder.remove(&from)?;
            Ok(saved(&to))
        })
        .await
    }

    /// Deletes a layout. No session is touched.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for what is no file of a layout, [`ErrorCode::NotFound`].
    pub(crate) async fn delete(&self, args: DeleteSaved) -> Result<(), WireError> {
        let _turn = self.turn().await;
        let folder = self.inner.folder.clone();
        blocking(move || folder.remove(&folder.inside(&args.path)?)).await
    }

    /// Waits for one's turn, which ends when dropped.
    async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        // Never closed.
        self.inner.turn.acquire().await.ok()
    }
}

/// Works where it may block.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, WireError> + Send + 'static,
) -> Result<T, WireError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(WireError::internal(format!("work on layouts: {error}"))))
}

fn saved(path: &std::path::Path) -> SavedPath {
    SavedPath { saved_path: path.to_string_lossy().into_owned() }
}

/// The day and the time, with a number when that is taken.
fn free_name(folder: &Folder) -> String {
    let now = Timestamp::now().to_zoned(TimeZone::system());
    let now = now.strftime("%Y-%m-%d %H.%M").to_string();
    let numbered = (2..).map(|number: u32| format!("{now} ({number})"));
    let mut names = [now.clone()].into_iter().chain(numbered);
    names.find(|name| folder.check_free(name).is_ok()).unwrap_or(now)
}

fn taken(name: &str) -> WireError {
    WireError::new(ErrorCode::Conflict, format!("another layout is called “{name}”"))
}
