//! Following the file: what is written there counts at once, whoever wrote it and however.
//! Editors write a new file and put it in the place of the old one, so the folder is watched;
//! of a file that is a link, the folder of the file itself as well.

use notify::{Event as Change, EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{
    sync::Notify,
    task::spawn_blocking,
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;

use super::Settings;

/// The file is read once nothing has changed for so long: who writes in place empties it first…
const QUIET: Duration = Duration::from_millis(100);
/// …and may take its time until it fills it.
const QUIET_WHEN_EMPTY: Duration = Duration::from_secs(1);
/// But no longer after the first change, should somebody go on writing.
const LIMIT: Duration = Duration::from_secs(5);

/// The file, watched.
pub(crate) struct FileWatch {
    settings: Settings,
    watcher: RecommendedWatcher,
    watched: BTreeSet<PathBuf>,
    changed: Arc<Notify>,
}

impl FileWatch {
    /// Begins to watch. The folder is made if there is none.
    ///
    /// # Errors
    /// Why it cannot be watched, for the user.
    pub(crate) fn start(settings: Settings) -> Result<Self, String> {
        let changed = Arc::new(Notify::new());
        let teller = Arc::clone(&changed);
        let handler = move |change: notify::Result<Change>| {
            // What is not said in full may be anything.
            if change.is_err() || change.is_ok_and(|change| matters(&change)) {
                teller.notify_one();
            }
        };
        let watcher = notify::recommended_watcher(handler)
            .map_err(|error| not_watched(&settings.path, &error))?;
        let mut watch = Self { settings, watcher, watched: BTreeSet::new(), changed };
        watch.follow()?;
        Ok(watch)
    }

    /// Follows the file until the daemon ends. `tell` is called with what the user has to
    /// know.
    pub(crate) async fn run(mut self, closing: CancellationToken, tell: impl Fn(String)) {
        let changed = Arc::clone(&self.changed);
        // What was written before the folder was watched.
        changed.notify_one();
        loop {
            tokio::select! {
                () = closing.cancelled() => return,
                () = changed.notified() => {}
            }
            tokio::select! {
                () = closing.cancelled() => return,
                () = settled(&changed, &self.settings.path) => {}
            }
            let looked = spawn_blocking(move || {
                // Before it is read, so that no change falls between.
                let followed = self.follow();
                // What is wrong is published with the settings.
                self.settings.read().ok();
                (self, followed)
            });
            // It is only lost with the runtime.
            let Ok((back, followed)) = looked.await else { return };
            self = back;
            if let Err(problem) = followed {
                tell(problem);
            }
        }
    }

    /// Watches the folders that the file is in now.
    fn follow(&mut self) -> Result<(), String> {
        let path = &self.settings.path;
        let here = path.parent().unwrap_or(Path::new("/"));
        synk_client::private_dir(here).map_err(|error| not_watched(path, &error))?;
        let target = fs::canonicalize(path).ok();
        let target = target.as_deref().and_then(Path::parent).map(Path::to_owned);
        let own = fs::canonicalize(here).map_err(|error| not_watched(path, &error))?;
        let wanted: BTreeSet<_> = [own].into_iter().chain(target).collect();
        for gone in self.watched.difference(&wanted) {
            // It may not be there any more.
            self.watcher.unwatch(gone).ok();
        }
        let before = std::mem::take(&mut self.watched);
        for folder in wanted {
            // A folder that was removed and is back is watched no more, whatever its name. To
            // watch one twice is no harm.
            self.watcher
                .watch(&folder, RecursiveMode::NonRecursive)
                .map_err(|error| not_watched(path, &error))?;
            if !before.contains(&folder) {
                self.changed.notify_one();
            }
            self.watched.insert(folder);
        }
        Ok(())
    }
}

/// Returns once whoever changes the file is through, as far as that can be told.
async fn settled(changed: &Notify, path: &Path) {
    let limit = Instant::now() + LIMIT;
    loop {
        let is_empty = tokio::fs::metadata(path).await.is_ok_and(|found| found.len() == 0);
        let quiet = if is_empty { QUIET_WHEN_EMPTY } else { QUIET };
        tokio::select! {
            () = changed.notified() => {}
            () = sleep_until(limit.min(Instant::now() + quiet)) => return,
        }
    }
}

/// Reading is no change; without this what looks would wake itself.
fn matters(change: &Change) -> bool {
    change.need_rescan()
        || matches!(change.kind, EventKind::Create(_) | EventKind::Modify(_) | EventKind::Remove(_))
}

fn not_watched(path: &Path, why: &dyn std::fmt::Display) -> String {
    format!(
        "{} cannot be watched: {why}. What is changed there counts once the settings are opened, \
         or with the next start.",
        path.display()
    )
}
