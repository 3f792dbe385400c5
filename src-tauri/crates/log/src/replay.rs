//! The screen as it was.

use std::{io, path::Path};

use synk_screen::Screen;

use crate::{
    Size,
    events::{Event, Events, Origin},
    index::{Line, Reader},
    segment::{Segment, found, index_path, segments, snapshot_path},
};

/// A screen of the past.
pub struct Past {
    /// What was on it.
    pub screen: Screen,
    /// Its size.
    pub size: Size,
    /// When that was: milliseconds since 1970, UTC.
    pub at: u64,
    /// How far the session had put out what it did.
    pub offset: u64,
    /// A part of the log that is needed to know all of it was not there: it begins later, or
    /// bytes were lost. What is shown may differ from what was.
    pub incomplete: bool,
}

/// The screen when the session had put out `offset` bytes; `None` or beyond the end for the end.
/// What happened after that byte and before the next, such as another size, is only seen at the
/// end. `scrollback` is how many lines above the screen are wanted.
///
/// # Errors
/// [`io::ErrorKind::NotFound`] when there is no log, else the system's reason for not letting it
/// be read.
pub fn screen_at(session_dir: &Path, offset: Option<u64>, scrollback: usize) -> io::Result<Past> {
    let segments = segments(session_dir)?;
    let wanted = offset.unwrap_or(u64::MAX);
    let Some(first) = beginning(session_dir, &segments, wanted)? else {
        return Err(io::Error::new(io::ErrorKind::NotFound, "there is no log"));
    };
    let blank = |size: Size| Screen::new(size.cols, size.rows, scrollback);
    let size = Size::default();
    let mut past = Past { screen: blank(size), size, at: 0, offset: first, incomplete: true };
    let mut events = Events::from(session_dir, first);
    let mut begun = false;
    while let Some(entry) = events.next()? {
        let is_first = !std::mem::replace(&mut begun, true);
        if entry.offset >= wanted && !is_first && !matches!(entry.event, Event::Begin { .. }) {
            // A gap that the wanted offset is in.
            past.incomplete |= past.offset < wanted;
            break;
        }
        past.at = entry.at;
        match entry.event {
            Event::Begin { size, origin } => {
                past.size = size;
                past.offset = entry.offset;
                match origin {
                    Origin::Blank => (past.screen, past.incomplete) = (blank(size), false),
                    Origin::Snapshot(bytes) => {
                        (past.screen, past.incomplete) = (blank(size), false);
                        past.screen.feed(&bytes);
                    }
                    Origin::Unknown => past.screen.resize(size.cols, size.rows),
                }
                past.incomplete |= entry.offset > wanted;
            }
            Event::Output { mut bytes } => {
                let rest = usize::try_from(wanted - entry.offset).unwrap_or(usize::MAX);
                bytes.truncate(rest);
                past.screen.feed(&bytes);
                past.offset = entry.offset + bytes.len() as u64;
                // Nobody asks any more.
                past.screen.take_replies();
            }
            Event::Resize { size } => {
                // As the session does: what was written before is seen at the old size.
                past.screen.flush_sync();
                past.screen.resize(size.cols, size.rows);
                past.size = size;
            }
            Event::Start { size } => {
                (past.screen, past.incomplete) = (blank(size), false);
                past.size = size;
            }
            Event::Gap { .. } => past.incomplete = true,
        }
    }
    past.screen.flush_sync();
    past.screen.take_replies();
    Ok(past)
}

/// Where the segment begins from which the screen at `wanted` can be worked out.
fn beginning(dir: &Path, segments: &[Segment], wanted: u64) -> io::Result<Option<u64>> {
    // At a border the segment before it is as good, and knows no start that came there.
    let before = segments.iter().rposition(|one| one.first < wanted && wanted <= one.end());
    let Some(mut at) = before
        .or_else(|| segments.iter().rposition(|one| one.first <= wanted))
        .or((!segments.is_empty()).then_some(0))
    else {
        return Ok(None);
    };
    while at > 0 && segments[at - 1].end() == segments[at].first && !is_known(dir, &segments[at])? {
        at -= 1;
    }
    Ok(Some(segments[at].first))
}

/// Whether it is known what the terminal showed when the segment began.
fn is_known(dir: &Path, segment: &Segment) -> io::Result<bool> {
    let mut index = Reader::new(found(std::fs::File::open(index_path(dir, segment.first)))?);
    let Some(&Line::Begin(begin)) = index.peek()? else { return Ok(false) };
    let snapshot = found(std::fs::metadata(snapshot_path(dir, segment.first)))?;
    Ok(begin.snapshot > 0 && snapshot.is_some_and(|found| found.len() == begin.snapshot))
}
