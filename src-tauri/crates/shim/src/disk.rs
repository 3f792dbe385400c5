//! The thread that writes: `console.log`, every byte that the program put out, and
//! `metadata.json`, the session's record. The session loop never waits for a disk while it
//! has anything else to do.

use bytes::Bytes;
use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
};
use synk_protocol::{SessionRecord, WireError};
use tokio::sync::{mpsc, oneshot};

/// Chunks that may wait for the disk; then reading from the program waits, so that the log
/// is complete.
const QUEUE: usize = 64;
/// A log of this size becomes `console.log.1`, replacing the one before, and a new one is
/// begun: a session keeps its last 32 to 64 MiB.
const SEGMENT_BYTES: u64 = 32 << 20;

/// What wakes the thread.
#[derive(Debug)]
enum Work {
    Log(Bytes),
    /// There may be a record to write.
    Record,
    /// Say when everything before is written.
    Flush(oneshot::Sender<()>),
}

/// Room for one chunk of the log.
#[derive(Debug)]
pub(crate) struct LogPermit(mpsc::OwnedPermit<Work>);

impl LogPermit {
    pub(crate) fn append(self, bytes: Bytes) {
        self.0.send(Work::Log(bytes));
    }
}

/// The session's files.
#[derive(Debug)]
pub(crate) struct Disk {
    queue: mpsc::Sender<Work>,
    /// The newest record that is not on disk yet; it replaces the one before.
    record: Arc<Mutex<Option<SessionRecord>>>,
    thread: JoinHandle<()>,
}

impl Disk {
    /// Starts the thread for a session's folder.
    pub(crate) fn start(session_dir: &Path) -> Result<Self, WireError> {
        let (queue, work) = mpsc::channel(QUEUE);
        let record = Arc::new(Mutex::new(None));
        let files = Files {
            log: Log::open(session_dir).map_err(|error| {
                WireError::internal(format!(
                    "opening the log in {}: {error}",
                    session_dir.display()
                ))
            })?,
            metadata: session_dir.join("metadata.json"),
            record: Arc::clone(&record),
        };
        let thread = thread::Builder::new()
            .name("disk".to_owned())
            .spawn(move || files.run(work))
            .map_err(|error| WireError::internal(format!("starting the disk thread: {error}")))?;
        Ok(Self { queue, record, thread })
    }

    /// Waits for room in the queue. Safe to cancel.
    pub(crate) async fn reserve(&self) -> Option<LogPermit> {
        self.queue.clone().reserve_owned().await.ok().map(LogPermit)
    }

    /// Writes the record, soon.
    pub(crate) fn write_record(&self, record: &SessionRecord) {
        *self.record.lock().unwrap_or_else(PoisonError::into_inner) = Some(record.clone());
        // A full queue wakes the thread as well as one more message would.
        self.queue.try_send(Work::Record).ok();
    }

    /// Waits until everything so far is written.
    pub(crate) async fn flush(&self) {
        let (flushed, written) = oneshot::channel();
        if self.queue.send(Work::Flush(flushed)).await.is_ok() {
            // An error says that the thread has ended, and with it all writing.
            written.await.ok();
        }
    }

    /// Writes what is left and ends the thread.
    pub(crate) async fn close(self) {
        drop(self.queue);
        let joined = tokio::task::spawn_blocking(move || self.thread.join()).await;
        if !matches!(joined, Ok(Ok(()))) {
            tracing::error!("the disk thread ended badly");
        }
    }
}

/// What the thread owns.
struct Files {
    log: Log,
    metadata: PathBuf,
    record: Arc<Mutex<Option<SessionRecord>>>,
}

impl Files {
    fn run(mut self, mut work: mpsc::Receiver<Work>) {
        while let Some(next) = work.blocking_recv() {
            let flushed = match next {
                Work::Log(bytes) => {
                    self.log.append(&bytes);
                    None
                }
                Work::Record => None,
                Work::Flush(flushed) => Some(flushed),
            };
            self.write_record();
            if let Some(flushed) = flushed {
                // Nobody waits any more when the session was abandoned.
                flushed.send(()).ok();
            }
        }
        self.write_record();
    }

    fn write_record(&self) {
        let newest = self.record.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(record) = newest else { return };
        let written = serde_json::to_vec_pretty(&record)
            .map_err(io::Error::from)
            .and_then(|json| synk_socket::write_private(&self.metadata, &json));
        if let Err(error) = written {
            tracing::error!("writing {}: {error}", self.metadata.display());
        }
    }
}

/// `console.log`, and how large it is.
struct Log {
    path: PathBuf,
    file: File,
    size: u64,
    /// The last write failed; said once, until one succeeds.
    failing: bool,
}

impl Log {
    fn open(session_dir: &Path) -> io::Result<Self> {
        let path = session_dir.join("console.log");
        let file = open_log(&path)?;
        let size = file.metadata()?.len();
        Ok(Self { path, file, size, failing: false })
    }

    /// Appends, or says in Synk's log why not: a full disk must not end a session.
    fn append(&mut self, bytes: &[u8]) {
        match self.try_append(bytes) {
            Ok(()) => self.failing = false,
            Err(error) if self.failing => tracing::debug!("{error}"),
            Err(error) => {
                self.failing = true;
                tracing::error!(
                    "writing {}: {error}; output is missing from the log from here",
                    self.path.display()
                );
            }
        }
    }

    fn try_append(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.size >= SEGMENT_BYTES {
            fs::rename(&self.path, self.path.with_extension("log.1"))?;
            self.file = open_log(&self.path)?;
            self.size = 0;
        }
        self.file.write_all(bytes)?;
        self.size += bytes.len() as u64;
        Ok(())
    }
}

fn open_log(path: &Path) -> io::Result<File> {
    OpenOptions::new().append(true).create(true).mode(0o600).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_keeps_its_last_two_segments() {
        let dir = tempfile::tempdir().unwrap();
        let mut log = Log::open(dir.path()).unwrap();
        let chunk = vec![b'x'; 8 << 20];
        for _ in 0..10 {
            log.append(&chunk);
        }
        let size = |name| fs::metadata(dir.path().join(name)).unwrap().len();
        assert_eq!(size("console.log.1"), SEGMENT_BYTES);
        assert_eq!(size("console.log"), 16 << 20);
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_log_that_cannot_be_written_loses_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let mut log = Log::open(dir.path()).unwrap();
        log.file = File::options().write(true).open("/dev/full").unwrap();
        log.append(b"lost");
        assert!(log.failing);
        log.file = open_log(&log.path).unwrap();
        log.append(b"kept");
        assert!(!log.failing);
        assert_eq!(fs::read(&log.path).unwrap(), b"kept");
    }
}
