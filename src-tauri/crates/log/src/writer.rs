//! Writing a log. One writer for each session, in its shim.
//!
//! A disk that cannot be written to must not end a session, or be asked again and again: what
//! cannot be written is counted and left out, and once a second the writer tries whether a new
//! segment can be begun. That segment's index says how much is missing before it.

mod current;

use std::{
    collections::VecDeque,
    fs,
    io::{self, ErrorKind, Write},
    mem,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use self::current::{Segment, create};
use crate::{
    Size,
    index::{Begin, Gap, Kind},
    segment::{
        self, CURRENT, Listing, bytes_of, found, index_path, log_path, remove, snapshot_path,
    },
};

/// A segment is complete at this size, with its index, so that no moment is further from a
/// snapshot than a few tenths of a second of replay.
const SEGMENT_BYTES: u64 = 8 << 20;
/// A log has at least so many segments, so that what is removed at once is a part of it.
const SEGMENTS: u64 = 4;
/// How long is waited before a disk that could not be written to is tried again, and before it
/// is believed that it can be written to.
const TRY_AGAIN: Duration = Duration::from_secs(1);

/// What whoever looks after the session should be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// From here on output is missing from the log. Said once, until it is over.
    Lost {
        /// The reason, as the end of a sentence: "the disk is full".
        why: String,
    },
    /// It is written again.
    Resumed {
        /// How many bytes are missing.
        lost: u64,
    },
}

/// A log that is being written.
#[derive(Debug)]
pub struct Writer {
    dir: PathBuf,
    limit: u64,
    size: Size,
    /// All that the session has put out.
    offset: u64,
    /// All that is on disk: what lies between this and `offset` is missing.
    end: u64,
    segment: Option<Segment>,
    /// Where the segment begins that was found and could not be opened.
    unopened: Option<u64>,
    /// Complete segments and the bytes that each takes, oldest first.
    closed: VecDeque<(u64, u64)>,
    closed_bytes: u64,
    trouble: Option<Trouble>,
    due: Option<Instant>,
    changes: VecDeque<Change>,
}

/// The disk could not be written to.
#[derive(Debug)]
struct Trouble {
    why: &'static str,
    detail: String,
    lost: u64,
    again: Instant,
    /// When it could be written to again; not yet believed.
    over: Option<Instant>,
}

impl Writer {
    /// Opens the log in a session's folder, which exists, or begins it. After a crash it goes on
    /// where the bytes end. `size` is the terminal's now, `limit` the most that the log may take
    /// with all that belongs to it, in bytes; `at` is the time in milliseconds since 1970.
    ///
    /// A disk that cannot be written to is a [`Change`], not an error.
    ///
    /// # Errors
    /// The system's reason for not letting the folder be read.
    pub fn open(session_dir: &Path, size: Size, limit: u64, at: u64) -> io::Result<Self> {
        let listing = Listing::read(session_dir)?;
        let segments = listing.segments(session_dir)?;
        let mut log = Self {
            dir: session_dir.to_owned(),
            limit,
            size,
            offset: 0,
            end: 0,
            segment: None,
            unopened: None,
            closed: VecDeque::new(),
            closed_bytes: 0,
            trouble: None,
            due: None,
            changes: VecDeque::new(),
        };
        let current = segments.last().filter(|last| !last.closed).map(|last| last.first);
        log.end = segments.last().map_or(0, segment::Segment::end);
        log.offset = log.end;
        for segment in segments.iter().filter(|segment| segment.closed) {
            log.add_closed(segment.first);
        }
        // Of segments that never began.
        for first in listing.unfinished().filter(|first| Some(*first) != current) {
            found(fs::remove_file(index_path(session_dir, first))).ok();
        }
        for first in listing.unfinished_snapshots().filter(|first| Some(*first) != current) {
            found(fs::remove_file(snapshot_path(session_dir, first))).ok();
        }
        let opened = match current {
            Some(first) => log.reopen(first, at),
            None => log.begin(at, size, b""),
        };
        if let Err(error) = opened {
            log.unopened = current;
            log.fail(&error, 0);
        }
        log.trim();
        Ok(log)
    }

    /// How much the session has put out over its whole life, as far as the log knows.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// Adds what the program put out at `at`.
    pub fn append(&mut self, at: u64, bytes: &[u8]) {
        let overdue =
            self.segment.as_ref().is_some_and(|one| one.grown() >= 2 * self.segment_bytes());
        if overdue && !self.is_failing() {
            // Nobody could make a snapshot for long.
            self.renew(at, self.size, b"");
        } else if self.trouble.as_ref().is_some_and(|trouble| {
            trouble.over.is_none() && trouble.again + TRY_AGAIN <= Instant::now()
        }) {
            // Nor for this.
            self.renew(at, self.size, b"");
        }
        self.offset += bytes.len() as u64;
        if self.is_failing() {
            return self.lose(bytes.len() as u64);
        }
        let Some(segment) = &mut self.segment else { return };
        let position = segment.len;
        let written = segment.write(bytes);
        let count = segment.len - position;
        if count > 0 {
            self.end = segment.first + segment.len;
        }
        match written {
            Ok(()) => {
                // A time is no loss worth speaking of.
                segment.time(position, at).ok();
                self.believe(TRY_AGAIN);
            }
            Err(error) => self.fail(&error, bytes.len() as u64 - count),
        }
        self.trim();
        let full = self.segment_bytes();
        if let Some(segment) = &mut self.segment
            && segment.grown() >= full
            && !mem::replace(&mut segment.asked, true)
        {
            self.due = Some(Instant::now());
        }
    }

    /// The terminal has another size from here on.
    pub fn resized(&mut self, at: u64, size: Size) {
        self.mark(at, size, Kind::Resize(size));
    }

    /// A program was started, on a blank terminal.
    pub fn started(&mut self, at: u64, size: Size) {
        self.mark(at, size, Kind::Start(size));
    }

    fn mark(&mut self, at: u64, size: Size, kind: Kind) {
        self.size = size;
        if self.is_failing() {
            return;
        }
        if let Some(segment) = &mut self.segment
            && let Err(error) = segment.mark(segment.len, at, kind)
        {
            // What follows would be shown wrongly: it waits for a new segment too.
            self.fail(&error, 0);
        }
    }

    /// When a new segment should be begun with a snapshot, because this one is large enough or
    /// could not be written to. Answered once for each.
    pub fn take_due(&mut self) -> Option<Instant> {
        self.due.take()
    }

    /// Begins a new segment. `snapshot` brings a fresh terminal of this size to what it shows
    /// before the next byte; it may be empty when there is none.
    pub fn begin_segment(&mut self, at: u64, size: Size, snapshot: &[u8]) {
        let empty = self.segment.as_ref().is_some_and(|segment| segment.len == 0);
        if self.is_failing() || !empty {
            self.renew(at, size, snapshot);
        }
    }

    /// Changes the most that the log may take, in bytes.
    pub fn set_limit(&mut self, limit: u64) {
        self.limit = limit;
        self.trim();
    }

    /// What happened since the last call, oldest first.
    pub fn take_change(&mut self) -> Option<Change> {
        self.changes.pop_front()
    }

    /// The end for now: everything is brought to the disk, and what is missing is written down
    /// if it can be.
    pub fn finish(&mut self, at: u64) {
        if self.is_failing() && self.offset > self.end {
            self.renew(at, self.size, b"");
        }
        self.believe(Duration::ZERO);
        if let Some(segment) = &self.segment
            && let Err(error) = segment.sync()
        {
            self.fail(&error, 0);
        }
    }

    fn segment_bytes(&self) -> u64 {
        (self.limit / SEGMENTS).clamp(1, SEGMENT_BYTES)
    }

    fn is_failing(&self) -> bool {
        self.segment.is_none()
            || self.trouble.as_ref().is_some_and(|trouble| trouble.over.is_none())
    }

    fn lose(&mut self, bytes: u64) {
        if let Some(trouble) = &mut self.trouble {
            trouble.lost += bytes;
        }
    }

    /// The disk cannot be written to, and `lost` bytes are lost by that.
    fn fail(&mut self, error: &io::Error, lost: u64) {
        let (why, is) = reason(error);
        let trouble = self.trouble.get_or_insert_with(|| {
            self.changes.push_back(Change::Lost { why: is });
            Trouble { why, detail: error.to_string(), lost: 0, again: Instant::now(), over: None }
        });
        trouble.lost += lost;
        trouble.over = None;
        trouble.again = Instant::now() + TRY_AGAIN;
        self.due = Some(trouble.again);
        if self.segment.as_ref().is_some_and(|segment| segment.len == 0) {
            self.discard();
        }
    }

    /// The disk has been written to; after a while that is news.
    fn believe(&mut self, after: Duration) {
        let over = self.trouble.as_ref().and_then(|trouble| trouble.over);
        if over.is_some_and(|over| over + after <= Instant::now())
            && let Some(trouble) = self.trouble.take()
        {
            self.changes.push_back(Change::Resumed { lost: trouble.lost });
        }
    }

    /// Completes the segment and begins another.
    fn renew(&mut self, at: u64, size: Size, snapshot: &[u8]) {
        let renewed = self.complete().and_then(|()| self.begin(at, size, snapshot));
        match renewed {
            Ok(()) => {
                if let Some(trouble) = &mut self.trouble {
                    trouble.over.get_or_insert_with(Instant::now);
                }
            }
            Err(error) => self.fail(&error, 0),
        }
        self.trim();
    }

    /// Gives the segment its name for good.
    fn complete(&mut self) -> io::Result<()> {
        if let Some(first) = self.unopened {
            fs::rename(self.dir.join(CURRENT), log_path(&self.dir, first))?;
            self.unopened = None;
            self.add_closed(first);
        }
        let Some(segment) = &self.segment else { return Ok(()) };
        if segment.len == 0 {
            self.discard();
            return Ok(());
        }
        let first = segment.first;
        if let Err(error) = segment.sync()
            && !self.is_failing()
        {
            return Err(error);
        }
        fs::rename(self.dir.join(CURRENT), log_path(&self.dir, first))?;
        self.segment = None;
        self.add_closed(first);
        Ok(())
    }

    /// Takes away a segment that holds nothing.
    fn discard(&mut self) {
        let Some(segment) = self.segment.take() else { return };
        // What stays is found when the log is opened again.
        fs::remove_file(self.dir.join(CURRENT)).ok();
        remove(&self.dir, segment.first).ok();
    }

    fn begin(&mut self, at: u64, size: Size, snapshot: &[u8]) -> io::Result<()> {
        let first = self.offset;
        let begin = Begin { first, at, size, snapshot: self.write_snapshot(first, snapshot) };
        let begun = Segment::begin(&self.dir, begin, self.gap());
        if begun.is_err() {
            remove(&self.dir, first).ok();
        }
        self.size = size;
        self.segment = Some(begun?);
        Ok(())
    }

    /// What is missing before the next byte, and why.
    fn gap(&self) -> Option<Gap> {
        let lost = self.offset.checked_sub(self.end).filter(|lost| *lost > 0)?;
        let why = self.trouble.as_ref().map_or("the log was broken off", |trouble| trouble.why);
        let detail = self.trouble.as_ref().map_or("", |trouble| &trouble.detail);
        let why = if why.is_empty() { detail } else { why }.to_owned();
        Some(Gap { lost, why })
    }

    /// Writes a segment's snapshot; the answer is how large it is. Without room for it there is
    /// none: the bytes that follow are worth more.
    fn write_snapshot(&self, first: u64, snapshot: &[u8]) -> u64 {
        let len = snapshot.len() as u64;
        if len == 0 || len > self.limit / 2 {
            return 0;
        }
        let path = snapshot_path(&self.dir, first);
        let written = create(&path).and_then(|mut file| {
            file.write_all(snapshot)?;
            file.sync_data()
        });
        if written.is_err() {
            fs::remove_file(path).ok();
            return 0;
        }
        len
    }

    /// Goes on with the segment that was being written.
    fn reopen(&mut self, first: u64, at: u64) -> io::Result<()> {
        let (segment, size) = Segment::reopen(&self.dir, first, at, self.size)?;
        self.segment = Some(segment);
        if size != self.size {
            self.resized(at, self.size);
        }
        Ok(())
    }

    fn add_closed(&mut self, first: u64) {
        let bytes = bytes_of(&self.dir, first);
        self.closed.push_back((first, bytes));
        self.closed_bytes += bytes;
    }

    /// Keeps to the limit.
    fn trim(&mut self) {
        let current = self.segment.as_ref().map_or(0, Segment::bytes);
        while self.closed_bytes + current > self.limit
            && let Some((first, bytes)) = self.closed.pop_front()
        {
            self.closed_bytes -= bytes;
            // It may be gone already, and what cannot be removed is left to who can.
            remove(&self.dir, first).ok();
        }
    }
}

/// Why a disk could not be written to, as the end of two sentences: of one about the past, empty
/// where the system's own words have to do, and of one about now.
fn reason(error: &io::Error) -> (&'static str, String) {
    let (was, is) = match error.kind() {
        ErrorKind::StorageFull => ("the disk was full", "the disk is full"),
        ErrorKind::QuotaExceeded => ("the disk quota was used up", "the disk quota is used up"),
        ErrorKind::ReadOnlyFilesystem => {
            ("the file system was read-only", "the file system is read-only")
        }
        _ => return ("", error.to_string()),
    };
    (was, is.to_owned())
}
