//! The segment that is being written: its bytes and its index. When another is begun, and what
//! becomes of a disk that cannot be written to, is the writer's business.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use crate::{
    Size,
    index::{self, Begin, Gap, Kind, Line, Mark},
    segment::{CURRENT, found, index_path},
};

/// Times are written down this many milliseconds apart. Shorter than anybody sees, and with it
/// the index of a program that never rests grows by 300 bytes a second.
const TIME_EVERY: u64 = 50;

/// The segment that is being written.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) first: u64,
    begun_at: u64,
    log: File,
    pub(super) len: u64,
    index: File,
    index_len: u64,
    snapshot_len: u64,
    /// The last time that was written down.
    timed_at: Option<u64>,
    /// That another segment is due was said.
    pub(super) asked: bool,
}

impl Segment {
    /// Begins one in a session's folder. Its index says what is missing before it.
    pub(super) fn begin(dir: &Path, begin: Begin, gap: Option<Gap>) -> io::Result<Self> {
        let Begin { first, at, snapshot, .. } = begin;
        let mut text = Line::Begin(begin).to_string();
        if let Some(gap) = gap {
            text.push_str(&Line::Gap(gap).to_string());
        }
        let mut index = create(&index_path(dir, first))?;
        index.write_all(text.as_bytes())?;
        let log =
            OpenOptions::new().append(true).create_new(true).mode(0o600).open(dir.join(CURRENT))?;
        Ok(Self {
            first,
            begun_at: at,
            log,
            len: 0,
            index,
            index_len: text.len() as u64,
            snapshot_len: snapshot,
            timed_at: None,
            asked: false,
        })
    }

    /// Opens the one that was being written; its index is begun anew where it cannot be read,
    /// with this time and size. Answers the terminal's size at its end as well.
    pub(super) fn reopen(dir: &Path, first: u64, at: u64, size: Size) -> io::Result<(Self, Size)> {
        let log = OpenOptions::new().append(true).open(dir.join(CURRENT))?;
        let len = log.metadata()?.len();
        let path = index_path(dir, first);
        let text = found(fs::read(&path))?.unwrap_or_default();
        let mut index = OpenOptions::new().append(true).create(true).mode(0o600).open(&path)?;
        let found = index::check(&text, len);
        let (begin, index_len, size, last) = if let Some(found) = found {
            index.set_len(found.len)?;
            (found.begin, found.len, found.size, found.at)
        } else {
            index.set_len(0)?;
            let begin = Begin { first, at, size, snapshot: 0 };
            let line = Line::Begin(begin).to_string();
            index.write_all(line.as_bytes())?;
            (begin, line.len() as u64, size, at)
        };
        let segment = Self {
            first,
            begun_at: begin.at,
            log,
            len,
            index,
            index_len,
            snapshot_len: begin.snapshot,
            timed_at: Some(last),
            asked: false,
        };
        Ok((segment, size))
    }

    /// What it takes on disk, with all that belongs to it.
    pub(super) fn bytes(&self) -> u64 {
        self.len + self.index_len + self.snapshot_len
    }

    /// By how much it has grown since it was begun: the times of a program that puts out a byte
    /// now and then take more than the bytes.
    pub(super) fn grown(&self) -> u64 {
        self.len + self.index_len
    }

    /// Writes all of it, or counts exactly how much of it was written.
    pub(super) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut rest = bytes;
        while !rest.is_empty() {
            match self.log.write(rest) {
                Ok(0) => return Err(ErrorKind::WriteZero.into()),
                Ok(count) => {
                    rest = &rest[count..];
                    self.len += count as u64;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Writes down when the bytes from a position on were put out, if that is worth it.
    pub(super) fn time(&mut self, position: u64, at: u64) -> io::Result<()> {
        if self.timed_at.is_some_and(|last| at < last.saturating_add(TIME_EVERY)) {
            return Ok(());
        }
        self.mark(position, at, Kind::Time)?;
        self.timed_at = Some(at);
        Ok(())
    }

    pub(super) fn mark(&mut self, position: u64, at: u64, kind: Kind) -> io::Result<()> {
        let after = at.max(self.timed_at.unwrap_or(0)).saturating_sub(self.begun_at);
        let line = Line::Mark(Mark { position, after, kind }).to_string();
        if let Err(error) = self.index.write_all(line.as_bytes()) {
            // Half a line is worse than none. Cutting off needs no room.
            self.index.set_len(self.index_len)?;
            return Err(error);
        }
        self.index_len += line.len() as u64;
        Ok(())
    }

    pub(super) fn sync(&self) -> io::Result<()> {
        self.log.sync_data()?;
        self.index.sync_data()
    }
}

pub(super) fn create(path: &Path) -> io::Result<File> {
    // Added to at its end, also after it was cut short.
    found(fs::remove_file(path))?;
    OpenOptions::new().append(true).create_new(true).mode(0o600).open(path)
}
