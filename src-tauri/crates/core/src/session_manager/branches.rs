//! What is checked out where sessions work. A folder may never answer: one on a network that is
//! gone, or a repository whose configuration is a pipe. Then the one thread that looks there
//! waits, and nobody else does: what is known is what was there before.

use futures_util::future::join_all;
use std::{
    collections::{HashMap, HashSet},
    mem,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use synk_git::Head;
use tokio::{
    sync::watch,
    task::spawn_blocking,
    time::{Instant, timeout_at},
};
use tokio_util::sync::CancellationToken;

/// How long a look is waited for from its beginning on, by whoever comes. It takes less than a
/// hundredth of that unless the machine or the disk is busy.
const PATIENCE: Duration = Duration::from_secs(1);

/// What is known of the folders. A clone shares it.
#[derive(Debug, Clone)]
pub(super) struct Branches {
    folders: Arc<Mutex<HashMap<String, Folder>>>,
    /// Marked when a look that nobody waited for any more has found something else.
    changed: watch::Sender<()>,
}

#[derive(Debug, Default)]
struct Folder {
    /// What was there at the last look that has ended.
    head: Option<Head>,
    /// The last look that was begun.
    look: Option<Look>,
}

impl Folder {
    fn under_way(&self) -> Option<Look> {
        self.look.clone().filter(|look| !look.ended.is_cancelled())
    }
}

#[derive(Debug, Clone)]
struct Look {
    begun: Instant,
    ended: CancellationToken,
}

impl Look {
    /// Waits for its end, but no longer than anybody does. Answers whether it has come.
    async fn end(&self) -> bool {
        timeout_at(self.begun + PATIENCE, self.ended.cancelled()).await.is_ok()
    }
}

impl Branches {
    pub(super) fn new(changed: watch::Sender<()>) -> Self {
        Self { folders: Arc::default(), changed }
    }

    /// What is checked out in these folders now; where one does not answer in time, what was there
    /// at last.
    pub(super) async fn of(&self, folders: HashSet<String>) -> HashMap<String, Head> {
        join_all(folders.iter().map(|folder| self.look_at(folder))).await;
        let known = self.lock();
        let heads = folders.into_iter().filter_map(|folder| {
            let head = known.get(&folder)?.head.clone()?;
            Some((folder, head))
        });
        heads.collect()
    }

    /// Forgets what is not among the `wanted` folders, and answers those. They are asked for here,
    /// so that none is forgotten that is wanted since. One that is still looked at stays: it is
    /// not to be looked at twice.
    pub(super) fn keep_only(&self, wanted: impl FnOnce() -> HashSet<String>) -> HashSet<String> {
        let mut folders = self.lock();
        let wanted = wanted();
        folders.retain(|folder, known| wanted.contains(folder) || known.under_way().is_some());
        wanted
    }

    /// Whether a folder is looked at for longer than anybody waits for it.
    pub(super) fn is_silent(&self, folder: &str) -> bool {
        let look = self.lock().get(folder).and_then(Folder::under_way);
        look.is_some_and(|look| look.begun.elapsed() >= PATIENCE)
    }

    /// Waits for a look that was begun after this was called.
    async fn look_at(&self, folder: &str) {
        let under_way = self.lock().get(folder).and_then(Folder::under_way);
        if let Some(look) = under_way {
            // It may have seen what was there before; and while it lasts there is no other.
            if !look.end().await {
                return;
            }
        }
        self.begin(folder).end().await;
    }

    /// Begins to look at a folder, unless somebody has.
    fn begin(&self, folder: &str) -> Look {
        let mut folders = self.lock();
        let known = folders.entry(folder.to_owned()).or_default();
        if let Some(look) = known.under_way() {
            return look;
        }
        let look = Look { begun: Instant::now(), ended: CancellationToken::new() };
        known.look = Some(look.clone());
        drop(folders);
        let (branches, at) = (self.clone(), folder.to_owned());
        let Look { begun, ended } = look.clone();
        spawn_blocking(move || {
            // Also when it panics.
            let _ended = ended.drop_guard();
            branches.found(&at, synk_git::head(Path::new(&at)), begun);
        });
        look
    }

    /// Notes what a look has found.
    fn found(&self, folder: &str, head: Option<Head>, begun: Instant) {
        let differs = self.lock().get_mut(folder).is_some_and(|known| {
            let before = mem::replace(&mut known.head, head);
            before != known.head
        });
        if differs && begun.elapsed() >= PATIENCE {
            self.changed.send_replace(());
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Folder>> {
        self.folders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::fs::{CWD, Mode, mkfifoat};
    use std::{
        fs::{self, OpenOptions},
        os::unix::fs::symlink,
        path::PathBuf,
    };
    use tokio::time::timeout;

    /// A pipe that whoever opens it waits for, until this is dropped.
    struct Pipe(PathBuf);

    impl Drop for Pipe {
        fn drop(&mut self) {
            // Who opens both ends waits for nobody.
            OpenOptions::new().read(true).write(true).open(&self.0).ok();
        }
    }

    fn branch(name: &str) -> Head {
        Head::Branch(name.to_owned())
    }

    async fn now(branches: &Branches, folder: &str) -> Option<Head> {
        branches.of(HashSet::from([folder.to_owned()])).await.remove(folder)
    }

    #[tokio::test]
    async fn a_folder_that_does_not_answer_is_looked_at_once_and_told_of_when_it_does() {
        let folder = tempfile::tempdir().unwrap();
        let git = folder.path().join(".git");
        for name in ["objects", "refs"] {
            fs::create_dir_all(git.join(name)).unwrap();
        }
        let config = git.join("config");
        fs::write(&config, "[core]\n").unwrap();
        let check_out = |branch: &str| {
            fs::write(git.join("HEAD"), format!("ref: refs/heads/{branch}\n")).unwrap();
        };
        let at = folder.path().to_str().unwrap();
        let (changed, mut changes) = watch::channel(());
        let branches = Branches::new(changed);
        check_out("first");
        assert_eq!(now(&branches, at).await, Some(branch("first")));
        check_out("second");
        assert_eq!(now(&branches, at).await, Some(branch("second")), "it is looked at each time");

        let pipe = Pipe(folder.path().join("pipe"));
        mkfifoat(CWD, &pipe.0, Mode::RUSR | Mode::WUSR).unwrap();
        fs::remove_file(&config).unwrap();
        symlink(&pipe.0, &config).unwrap();
        check_out("third");
        let look = || branches.lock()[at].look.clone().unwrap();
        assert_eq!(now(&branches, at).await, Some(branch("second")), "what was there at last");
        assert!(branches.is_silent(at));
        let first = look();
        assert_eq!(now(&branches, at).await, Some(branch("second")));
        assert_eq!(look().begun, first.begun, "there is no other look");
        branches.keep_only(HashSet::new);
        assert!(branches.lock().contains_key(at), "not even when no session is there any more");

        changes.mark_unchanged();
        fs::remove_file(&config).unwrap();
        fs::write(&config, "[core]\n").unwrap();
        drop(pipe);
        timeout(Duration::from_secs(30), first.ended.cancelled()).await.unwrap();
        assert!(changes.has_changed().unwrap());
        assert_eq!(now(&branches, at).await, Some(branch("third")));
        branches.keep_only(HashSet::new);
        assert!(branches.lock().is_empty());
    }
}
