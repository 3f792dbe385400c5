//! Reading a log as what happened, in order: output, sizes, starts and gaps. Also while it is
//! being written, and while its oldest segments are removed.

use std::{
    collections::VecDeque,
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use crate::{
    Size,
    index::{Begin, Kind, Line, Mark, Reader},
    segment::{Segment, found, index_path, segments, snapshot_path},
};

/// The most that one piece of output holds, in bytes.
const BLOCK_BYTES: u64 = 64 * 1024;
/// A snapshot above this is none that a session writes: five thousand lines of a thousand
/// columns, each cell with colours of its own, are less.
const SNAPSHOT_LIMIT: u64 = 512 << 20;
/// How often it is looked again when segments change under the look.
const LOOKS: u32 = 100;

/// Something that happened to a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Where, in all that the session has put out. Of output: where its first byte is.
    pub offset: u64,
    /// When, in milliseconds since 1970, UTC. Of output that is exact to 50 ms.
    pub at: u64,
    /// What.
    pub event: Event,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// What follows is fed to a terminal of this size that shows what `origin` says. Comes
    /// first, unless reading starts amid a segment, and after each gap.
    Begin {
        /// The terminal's size.
        size: Size,
        /// What is on the terminal.
        origin: Origin,
    },
    /// The program put this out: at most 64 KiB, and never nothing.
    Output {
        /// As the program wrote it, cut anywhere.
        bytes: Vec<u8>,
    },
    /// The terminal has another size from here on.
    Resize {
        /// The new size.
        size: Size,
    },
    /// A program was started; the terminal is blank from here on.
    Start {
        /// The terminal's size.
        size: Size,
    },
    /// Bytes before this offset are missing.
    Gap {
        /// How many.
        lost: u64,
        /// What happened, as the end of a sentence: "the disk was full".
        why: String,
    },
}

/// What a terminal shows when a part of the log begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nothing: this is the beginning of the session.
    Blank,
    /// What these escape sequences bring a fresh terminal to.
    Snapshot(Vec<u8>),
    /// Nobody knows. The same as in the part before, if nothing is missing between them.
    Unknown,
}

/// The events of a log from some offset on.
#[derive(Debug)]
pub struct Events {
    dir: PathBuf,
    /// Nothing before this is handed out.
    from: u64,
    open: Option<Open>,
    /// Where the segment that was read before began and ended.
    before: Option<(u64, u64)>,
    ready: VecDeque<Entry>,
    /// The terminal's size, as far as what was handed out tells.
    size: Option<Size>,
}

/// A segment that is being read.
#[derive(Debug)]
struct Open {
    segment: Segment,
    log: File,
    index: Reader,
    begin: Begin,
    /// How far it is read, and how far it is known to reach.
    position: u64,
    known: u64,
    at: u64,
    /// It was complete before `known` was looked up for the last time.
    ended: bool,
}

impl Events {
    /// From `offset` on; 0 for all that there is. Before the first byte that is still there
    /// means from that byte on.
    #[must_use]
    pub fn from(session_dir: &Path, offset: u64) -> Self {
        Self {
            dir: session_dir.to_owned(),
            from: offset,
            open: None,
            before: None,
            ready: VecDeque::new(),
            size: None,
        }
    }

    /// The next one; `None` at the end of what is written by now. Asked again later, it goes
    /// on with what was written meanwhile.
    ///
    /// # Errors
    /// The system's reason for not letting a file be read. Files that are gone are none.
    #[expect(clippy::should_implement_trait, reason = "an iterator ends; this goes on")]
    pub fn next(&mut self) -> io::Result<Option<Entry>> {
        loop {
            if let Some(entry) = self.ready.pop_front() {
                if let Event::Begin { size, .. } | Event::Resize { size } | Event::Start { size } =
                    entry.event
                {
                    self.size = Some(size);
                }
                return Ok(Some(entry));
            }
            let Some(open) = &mut self.open else {
                if self.open_next()? {
                    continue;
                }
                return Ok(None);
            };
            if let Some(entry) = open.step()? {
                if entry.offset >= self.from || matches!(entry.event, Event::Output { .. }) {
                    self.ready.push_back(entry);
                }
            } else if open.ended {
                self.before = Some((open.segment.first, open.segment.first + open.position));
                self.open = None;
            } else if after(&segments(&self.dir)?, open.segment.first).is_some() {
                // What was written between the last look and its end.
                open.ended = true;
            } else {
                return Ok(None);
            }
        }
    }

    /// Opens the segment that is to be read next; false when there is none yet.
    fn open_next(&mut self) -> io::Result<bool> {
        let mut seen = None;
        for _ in 0..LOOKS {
            let Some(all) = found(segments(&self.dir))? else { return Ok(false) };
            let wanted = match self.before {
                Some((first, _)) => after(&all, first),
                None => all.iter().rfind(|one| one.first <= self.from).or(all.first()),
            };
            let Some(wanted) = wanted else { return Ok(false) };
            // A folder is not listed in one instant; what seems to be missing must be so twice.
            let follows = self.before.is_none_or(|(_, end)| end == wanted.first);
            if !follows && seen.replace(wanted.first) != Some(wanted.first) {
                continue;
            }
            let Some(log) = wanted.open(&self.dir)? else { continue };
            self.begin(wanted.clone(), log)?;
            return Ok(true);
        }
        Err(io::Error::other("the log changes too fast to be read"))
    }

    fn begin(&mut self, segment: Segment, mut log: File) -> io::Result<()> {
        let first = segment.first;
        let mut index = Reader::new(found(File::open(index_path(&self.dir, first)))?);
        let mut begin = Begin { first, at: 0, size: self.size.unwrap_or_default(), snapshot: 0 };
        if let Some(&Line::Begin(found)) = index.peek()? {
            begin = found;
            index.next()?;
        }
        let gap = match index.peek()? {
            Some(Line::Gap(gap)) => {
                let gap = gap.clone();
                index.next()?;
                Some(gap)
            }
            _ => None,
        };
        let entry = |event| Entry { offset: first, at: begin.at, event };
        let lost = match self.before {
            Some((_, end)) => first.saturating_sub(end),
            None => gap.as_ref().filter(|_| self.from <= first).map_or(0, |gap| gap.lost),
        };
        if lost > 0 {
            let why =
                gap.map_or_else(|| "the log's oldest part was removed".to_owned(), |gap| gap.why);
            self.ready.push_back(entry(Event::Gap { lost, why }));
        }
        if lost > 0 || self.before.is_none() && self.from <= first {
            let origin = self.origin(&begin)?;
            self.ready.push_back(entry(Event::Begin { size: begin.size, origin }));
        } else if self.size.is_some_and(|size| size != begin.size) {
            // A size that could not be written down when it changed.
            self.ready.push_back(entry(Event::Resize { size: begin.size }));
        }
        let position = if self.before.is_none() { self.from.saturating_sub(first) } else { 0 };
        let position = position.min(segment.len);
        log.seek(SeekFrom::Start(position))?;
        let at = begin.at;
        let known = position;
        self.open = Some(Open { segment, log, index, begin, position, known, at, ended: false });
        Ok(())
    }

    /// What the terminal shows when a segment begins.
    fn origin(&self, begin: &Begin) -> io::Result<Origin> {
        if begin.first == 0 {
            return Ok(Origin::Blank);
        }
        if begin.snapshot == 0 || begin.snapshot > SNAPSHOT_LIMIT {
            return Ok(Origin::Unknown);
        }
        let snapshot = found(fs::read(snapshot_path(&self.dir, begin.first)))?;
        // One that the power was not there for is shorter.
        let whole = snapshot.filter(|bytes| bytes.len() as u64 == begin.snapshot);
        Ok(whole.map_or(Origin::Unknown, Origin::Snapshot))
    }
}

impl Open {
    /// The next event of this segment; `None` at its end for now.
    fn step(&mut self) -> io::Result<Option<Entry>> {
        loop {
            if self.position >= self.known {
                // Looked up before the index is: whatever happened before these bytes is in it.
                self.known = self.log.metadata()?.len();
            }
            let next = match self.index.peek()? {
                Some(Line::Mark(mark)) => Some(*mark),
                // Of no use here.
                Some(_) => {
                    self.index.next()?;
                    continue;
                }
                None => None,
            };
            if let Some(mark) = next.filter(|mark| mark.position <= self.position) {
                self.index.next()?;
                if let Some(event) = self.marked(&mark) {
                    let offset = self.segment.first + mark.position;
                    return Ok(Some(Entry { offset, at: self.at, event }));
                }
                continue;
            }
            let end = next.map_or(self.known, |mark| mark.position.min(self.known));
            let count = end.saturating_sub(self.position).min(BLOCK_BYTES);
            if count == 0 {
                return Ok(None);
            }
            let mut bytes = Vec::with_capacity(usize::try_from(count).unwrap_or(0));
            (&mut self.log).take(count).read_to_end(&mut bytes)?;
            if bytes.is_empty() {
                // It was cut short by somebody else.
                return Ok(None);
            }
            let offset = self.segment.first + self.position;
            self.position += bytes.len() as u64;
            return Ok(Some(Entry { offset, at: self.at, event: Event::Output { bytes } }));
        }
    }

    fn marked(&mut self, mark: &Mark) -> Option<Event> {
        self.at = self.begin.at.saturating_add(mark.after);
        match mark.kind {
            Kind::Time => None,
            Kind::Resize(size) => Some(Event::Resize { size }),
            Kind::Start(size) => Some(Event::Start { size }),
        }
    }
}

/// The segment after the one that begins at `first`.
pub(crate) fn after(segments: &[Segment], first: u64) -> Option<&Segment> {
    segments.iter().find(|segment| segment.first > first)
}
