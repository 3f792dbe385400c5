//! The file is followed, and what it says is published.

use serde_json::json;
use std::{fs, os::unix::fs::symlink, path::PathBuf, time::Duration};
use synk_protocol::SettingsChanged;
use tokio::{sync::mpsc, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

use super::{close, settings};
use crate::settings::{Settings, watch::FileWatch};

/// The file, followed, and what is published of it.
struct Followed {
    _folder: tempfile::TempDir,
    settings: Settings,
    published: mpsc::UnboundedReceiver<SettingsChanged>,
    closing: CancellationToken,
    watch: JoinHandle<()>,
}

impl Followed {
    fn start(text: Option<&str>) -> Self {
        let (folder, settings) = settings(text);
        let closing = CancellationToken::new();
        let watch = FileWatch::start(settings.clone()).unwrap();
        let watch = tokio::spawn(watch.run(closing.clone(), |problem| panic!("{problem}")));
        let mut changes = settings.changes();
        let (tell, published) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while changes.changed().await.is_ok() {
                let now = changes.borrow_and_update().clone();
                if tell.send(now).is_err() {
                    return;
                }
            }
        });
        Self { _folder: folder, settings, published, closing, watch }
    }

    async fn next(&mut self) -> SettingsChanged {
        let next = timeout(Duration::from_secs(30), self.published.recv()).await;
        next.expect("a change in time").unwrap()
    }

    /// The next that is published, which is right and has these days.
    async fn assert_days(&mut self, days: u32) {
        let next = self.next().await;
        assert_eq!((next.settings.logs.closed_days, next.problem), (days, None));
    }

    /// No more was published than was asked for.
    async fn end(mut self) {
        self.closing.cancel();
        self.watch.await.unwrap();
        assert!(self.published.try_recv().is_err());
    }
}

fn days(days: u32) -> String {
    format!("[logs]\nclosedDays = {days}\n")
}

#[tokio::test]
async fn the_file_is_followed_however_it_is_written() {
    let mut followed = Followed::start(Some(&days(1)));
    let path = followed.settings.path.clone();
    // In place.
    fs::write(&path, days(2)).unwrap();
    followed.assert_days(2).await;
    // As editors do.
    let beside = path.with_extension("toml.swp");
    fs::write(&beside, days(3)).unwrap();
    fs::rename(&beside, &path).unwrap();
    followed.assert_days(3).await;
    fs::remove_file(&path).unwrap();
    followed.assert_days(0).await;
    fs::write(&path, days(4)).unwrap();
    followed.assert_days(4).await;
    // By a link to a file elsewhere, and there.
    let elsewhere = tempfile::tempdir().unwrap();
    let real = elsewhere.path().join("mine");
    fs::write(&real, days(5)).unwrap();
    fs::remove_file(&path).unwrap();
    symlink(&real, &path).unwrap();
    while followed.next().await.settings.logs.closed_days != 5 {}
    fs::write(&real, days(6)).unwrap();
    followed.assert_days(6).await;
    fs::remove_file(&path).unwrap();
    followed.assert_days(0).await;
    // With its folder.
    let folder: PathBuf = path.parent().unwrap().to_owned();
    fs::remove_dir_all(&folder).unwrap();
    fs::create_dir(&folder).unwrap();
    close(&folder);
    fs::write(&path, days(7)).unwrap();
    followed.assert_days(7).await;
    followed.end().await;
}

#[tokio::test]
async fn a_wrong_file_is_a_problem_until_it_is_mended() {
    let mut followed = Followed::start(Some(&days(1)));
    let path = followed.settings.path.clone();
    fs::write(&path, "[logs]\nclosedDays = 9999\n").unwrap();
    let wrong = followed.next().await;
    assert_eq!(wrong.settings.logs.closed_days, 1, "the last good ones");
    let problem = wrong.problem.unwrap();
    assert!(problem.contains("line 2: logs.closedDays is 9999"), "{problem}");
    // Who comes late is told too.
    assert_eq!(followed.settings.changes().borrow().problem.as_ref(), Some(&problem));
    fs::write(&path, days(1)).unwrap();
    followed.assert_days(1).await;
    followed.end().await;
}

#[tokio::test]
async fn a_change_by_synk_itself_is_published_once() {
    let mut followed = Followed::start(None);
    followed.settings.change(&json!({ "logs": { "closedDays": 8 } })).unwrap();
    followed.assert_days(8).await;
    // The file is read again for it, and says the same. What is written then comes after.
    followed.settings.change(&json!({ "logs": { "closedDays": 9 } })).unwrap();
    followed.assert_days(9).await;
    fs::write(&followed.settings.path, days(10)).unwrap();
    followed.assert_days(10).await;
    followed.end().await;
}
