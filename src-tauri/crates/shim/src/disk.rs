//! The thread that writes: the session's log, every byte that its programs put out, and
//! `metadata.json`, the session's record. The session loop never waits for a disk while it
//! has anything else to do.
//!
//! How a log is written is `synk_log`'s business. Here is what keeps it in step with the loop:
//! what happens between two chunks, such as another size, travels with the chunk that follows
//! it, so that the queue keeps the order and the loop never waits to say it.

use bytes::Bytes;
use std::{
    io, mem,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};
use synk_log::{Change, Size, Writer};
use synk_protocol::{SessionRecord, WireError};
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot},
    time::timeout_at,
};

/// Chunks that may wait for the disk; then reading from the program waits, so that the log
/// is complete.
const QUEUE: usize = 64;
/// Sizes that may wait for the next chunk; then only the last is kept.
const MAX_MARKS: usize = 1024;
/// Notices that may wait for the session loop.
const NOTICES: usize = 8;
/// How long after it could not be written the record is tried again.
const RECORD_AGAIN: Duration = Duration::from_secs(5);
/// No segment is due.
const NEVER: u64 = u64::MAX;

/// What wakes the thread.
#[derive(Debug)]
enum Work {
    Log(Addition),
    /// There may be a record to write, or another limit.
    Look,
    /// Say when everything before is written.
    Flush(oneshot::Sender<()>),
}

/// What is added to the log at once, in this order.
#[derive(Debug)]
struct Addition {
    /// Milliseconds since 1970.
    at: u64,
    marks: Vec<Mark>,
    /// A new segment begins, with a snapshot of the screen.
    segment: Option<(Size, Vec<u8>)>,
    bytes: Bytes,
}

/// Something that happened between two chunks, and when.
#[derive(Debug)]
enum Mark {
    Resized(u64, Size),
    Started(u64, Size),
}

/// Room for one chunk of the log.
#[derive(Debug)]
pub(crate) struct LogPermit(mpsc::OwnedPermit<Work>);

impl LogPermit {
    /// Adds what a program put out that was ended meanwhile: it comes before the start of the
    /// next one, whose output has not begun.
    pub(crate) fn append_late(self, bytes: Bytes) {
        let addition = Addition { at: unix_ms(), marks: Vec::new(), segment: None, bytes };
        self.0.send(Work::Log(addition));
    }
}

/// The session's files.
#[derive(Debug)]
pub(crate) struct Disk {
    queue: mpsc::Sender<Work>,
    shared: Arc<Shared>,
    thread: JoinHandle<()>,
    /// What the log held when it was opened.
    offset: u64,
    /// For the next chunk.
    marks: Vec<Mark>,
    segment: Option<(Size, Vec<u8>)>,
}

/// What the loop leaves for the thread, and the thread for the loop.
#[derive(Debug)]
struct Shared {
    /// The newest record that is not on disk yet; it replaces the one before.
    record: Mutex<Option<SessionRecord>>,
    /// The most that the log may take, in bytes.
    limit: AtomicU64,
    /// When a new segment is due, in milliseconds since `begun`.
    due_at: AtomicU64,
    begun: Instant,
}

impl Disk {
    /// Starts the thread for a session's folder, with the terminal's size and the most that the
    /// log may take in bytes. Comes with what is to be told to the user, as it happens.
    pub(crate) fn start(
        session_dir: &Path,
        size: Size,
        limit: u64,
    ) -> Result<(Self, mpsc::Receiver<String>), WireError> {
        let (queue, work) = mpsc::channel(QUEUE);
        let (notices, news) = mpsc::channel(NOTICES);
        let log = Writer::open(session_dir, size, limit, unix_ms()).map_err(|error| {
            WireError::internal(format!("opening the log in {}: {error}", session_dir.display()))
        })?;
        let shared = Arc::new(Shared {
            record: Mutex::new(None),
            limit: AtomicU64::new(limit),
            due_at: AtomicU64::new(NEVER),
            begun: Instant::now(),
        });
        let offset = log.offset();
        let metadata = session_dir.join("metadata.json");
        let files = Files {
            log,
            limit,
            metadata,
            shared: Arc::clone(&shared),
            notices,
            unsynced: None,
            fresh: true,
            again: None,
            runtime: Handle::current(),
        };
        let thread = thread::Builder::new()
            .name("disk".to_owned())
            .spawn(move || files.run(work))
            .map_err(|error| WireError::internal(format!("starting the disk thread: {error}")))?;
        Ok((Self { queue, shared, thread, offset, marks: Vec::new(), segment: None }, news))
    }

    /// How much the session had put out when the log was opened.
    pub(crate) fn offset(&self) -> u64 {
        self.offset
    }

    /// Waits for room in the queue. Safe to cancel.
    pub(crate) async fn reserve(&self) -> Option<LogPermit> {
        self.queue.clone().reserve_owned().await.ok().map(LogPermit)
    }

    /// Adds what the program put out.
    pub(crate) fn append(&mut self, permit: LogPermit, bytes: Bytes) {
        let addition = self.addition(bytes);
        permit.0.send(Work::Log(addition));
    }

    fn addition(&mut self, bytes: Bytes) -> Addition {
        let marks = mem::take(&mut self.marks);
        Addition { at: unix_ms(), marks, segment: self.segment.take(), bytes }
    }

    /// The terminal has another size from here on.
    pub(crate) fn resized(&mut self, size: Size) {
        if self.marks.len() >= MAX_MARKS {
            self.marks.pop();
        }
        self.marks.push(Mark::Resized(unix_ms(), size));
    }

    /// A program was started; the screen is blank from here on.
    pub(crate) fn started(&mut self, size: Size) {
        self.marks.clear();
        self.marks.push(Mark::Started(unix_ms(), size));
    }

    /// Whether the log wants a snapshot of the screen, to begin a new segment with the next
    /// chunk. Answered once with yes; see [`Disk::begin_segment`].
    pub(crate) fn segment_due(&self) -> bool {
        let due_at = self.shared.due_at.load(Ordering::Relaxed);
        due_at != NEVER
            && self.shared.since(Instant::now()) >= due_at
            && self.shared.due_at.swap(NEVER, Ordering::Relaxed) != NEVER
    }

    /// Begins a new segment with the next chunk. The snapshot is of the screen before it.
    pub(crate) fn begin_segment(&mut self, size: Size, snapshot: Vec<u8>) {
        self.segment = Some((size, snapshot));
    }

    /// Changes the most that the log may take, in bytes.
    pub(crate) fn set_log_limit(&self, limit: u64) {
        self.shared.limit.store(limit, Ordering::Relaxed);
        // A full queue wakes the thread as well as one more message would.
        self.queue.try_send(Work::Look).ok();
    }

    /// Writes the record, soon.
    pub(crate) fn write_record(&self, record: &SessionRecord) {
        *self.shared.record.lock().unwrap_or_else(PoisonError::into_inner) = Some(record.clone());
        self.queue.try_send(Work::Look).ok();
    }

    /// Waits until everything so far is written.
    pub(crate) async fn flush(&mut self) {
        let (flushed, written) = oneshot::channel();
        let addition = self.addition(Bytes::new());
        // Errors say that the thread has ended, and with it all writing.
        if self.queue.send(Work::Log(addition)).await.is_ok()
            && self.queue.send(Work::Flush(flushed)).await.is_ok()
        {
            written.await.ok();
        }
    }

    /// Writes what is left and ends the thread.
    pub(crate) async fn close(mut self) {
        self.flush().await;
        drop(self.queue);
        let joined = tokio::task::spawn_blocking(move || self.thread.join()).await;
        if !matches!(joined, Ok(Ok(()))) {
            tracing::error!("the disk thread ended badly");
        }
    }
}

impl Shared {
    /// Milliseconds from the beginning, rounded up, so that what is due then is due.
    fn since(&self, at: Instant) -> u64 {
        let since = at.saturating_duration_since(self.begun);
        u64::try_from(since.as_millis()).map_or(NEVER - 1, |ms| ms + 1)
    }
}

/// What the thread owns.
struct Files {
    log: Writer,
    limit: u64,
    metadata: PathBuf,
    shared: Arc<Shared>,
    notices: mpsc::Sender<String>,
    /// The first record, which somebody waits for, before it is synced.
    unsynced: Option<(Vec<u8>, SessionRecord)>,
    /// No record was written yet.
    fresh: bool,
    /// The record could not be written, and is tried again then.
    again: Option<Instant>,
    runtime: Handle,
}

impl Files {
    fn run(mut self, mut work: mpsc::Receiver<Work>) {
        self.tell();
        while let Some(next) = self.next(&mut work) {
            let flushed = match next {
                Work::Log(addition) => {
                    self.add(&addition);
                    None
                }
                Work::Look => None,
                Work::Flush(flushed) => Some(flushed),
            };
            self.look(flushed.is_some());
            if let Some(flushed) = flushed {
                // Nobody waits any more when the session was abandoned.
                flushed.send(()).ok();
            }
            self.sync_first();
        }
        self.look(true);
        self.sync_first();
        self.log.finish(unix_ms());
        self.tell();
    }

    /// The next work, which may be to try something again.
    fn next(&self, work: &mut mpsc::Receiver<Work>) -> Option<Work> {
        let Some(again) = self.again else { return work.blocking_recv() };
        let next = async { timeout_at(again.into(), work.recv()).await };
        self.runtime.block_on(next).unwrap_or(Some(Work::Look))
    }

    fn add(&mut self, addition: &Addition) {
        for mark in &addition.marks {
            match *mark {
                Mark::Resized(at, size) => self.log.resized(at, size),
                Mark::Started(at, size) => self.log.started(at, size),
            }
        }
        if let Some((size, snapshot)) = &addition.segment {
            self.log.begin_segment(addition.at, *size, snapshot);
        }
        if !addition.bytes.is_empty() {
            self.log.append(addition.at, &addition.bytes);
        }
        if let Some(due) = self.log.take_due() {
            self.shared.due_at.store(self.shared.since(due), Ordering::Relaxed);
        }
        self.tell();
    }

    /// Does what the loop has left to do; `now` says that a record is not to wait for its time.
    fn look(&mut self, now: bool) {
        let limit = self.shared.limit.load(Ordering::Relaxed);
        if mem::replace(&mut self.limit, limit) != limit {
            self.log.set_limit(limit);
        }
        if !now && self.again.is_some_and(|again| Instant::now() < again) {
            return;
        }
        let newest = self.shared.record.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(record) = newest else { return };
        self.unsynced = None;
        let json = match serde_json::to_vec_pretty(&record) {
            Ok(json) => json,
            Err(error) => return tracing::error!("the record cannot be written: {error}"),
        };
        if !self.fresh {
            return self.written(synk_socket::write_private(&self.metadata, &json), &record);
        }
        // A disk takes milliseconds, for which a new session would have to wait.
        let written = synk_socket::write_private_unsynced(&self.metadata, &json);
        self.fresh = written.is_err();
        if written.is_ok() {
            self.unsynced = Some((json, record));
        } else {
            self.written(written, &record);
        }
    }

    /// Has the disk keep the first record.
    fn sync_first(&mut self) {
        if let Some((json, record)) = self.unsynced.take() {
            self.written(synk_socket::write_private(&self.metadata, &json), &record);
        }
    }

    /// A record that could not be written is written later, unless there is a newer one by then.
    fn written(&mut self, written: io::Result<()>, record: &SessionRecord) {
        let Err(error) = written else {
            self.again = None;
            return;
        };
        let mut newest = self.shared.record.lock().unwrap_or_else(PoisonError::into_inner);
        newest.get_or_insert_with(|| record.clone());
        drop(newest);
        if self.again.replace(Instant::now() + RECORD_AGAIN).is_none() {
            let notice = format!(
                "the session's record cannot be written: {error}. The session goes on; it is tried \
                 again until it can be"
            );
            tracing::error!("{}: {notice}", self.metadata.display());
            self.notices.try_send(notice).ok();
        }
    }

    /// Says what happened to the log.
    fn tell(&mut self) {
        while let Some(change) = self.log.take_change() {
            let notice = match change {
                Change::Lost { why } => format!(
                    "the log cannot be written: {why}. The session goes on; what it puts out is \
                     missing from its log until that is over"
                ),
                Change::Resumed { lost } => {
                    format!("the log is written again; {lost} bytes are missing from it")
                }
            };
            tracing::error!("{notice}");
            // The loop is over, or has more to tell than anybody would read.
            self.notices.try_send(notice).ok();
        }
    }
}

fn unix_ms() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_record_that_cannot_be_written_is_written_later() {
        let dir = tempfile::tempdir().unwrap();
        let metadata = dir.path().join("metadata.json");
        // Nothing can take its place.
        std::fs::create_dir_all(metadata.join("in the way")).unwrap();
        let (mut disk, mut notices) = Disk::start(dir.path(), Size::default(), 1 << 20).unwrap();
        let record: SessionRecord = serde_json::from_value(serde_json::json!({
            "schemaVersion": 1, "sessionId": 1, "name": "one", "agentType": "terminal",
            "projectPath": "/", "workingDir": "/", "command": [], "paneIndex": null,
            "createdAt": 1, "shimPid": 2, "pid": null, "cols": 80, "rows": 24,
            "state": "running", "exitCode": null
        }))
        .unwrap();
        disk.write_record(&record);
        let notice = notices.recv().await.unwrap();
        assert!(notice.contains("record cannot be written"), "{notice}");
        std::fs::remove_dir_all(&metadata).unwrap();
        disk.flush().await;
        let json = std::fs::read(&metadata).unwrap();
        assert_eq!(serde_json::from_slice::<SessionRecord>(&json).unwrap(), record);
        disk.close().await;
    }
}
