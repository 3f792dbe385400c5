//! Searching a log, newest first.

mod needle;
mod newest;

use std::{
    collections::HashSet,
    fs::File,
    io::{self, Read},
    os::unix::fs::FileExt,
    path::Path,
    time::Instant,
};

use self::{
    needle::Needle,
    newest::{Candidate, Newest},
};
use crate::{
    index::{Kind, Line as IndexLine, Reader},
    segment::{Segment, found, index_path, segments},
    text::Lines,
};

/// A log is read in blocks of so many bytes.
const BLOCK_BYTES: usize = 256 * 1024;
/// How much of the segment before is read for the beginning of a line that ends in this one.
const RUN_UP_BYTES: u64 = 16 * 1024;
/// Characters of a line that are kept on either side of what was found, and of that itself.
const BEFORE_CHARS: usize = 80;
const FOUND_CHARS: usize = 200;
const AFTER_CHARS: usize = 120;

/// What is searched for.
#[derive(Debug, Clone, Copy)]
pub struct Query<'a> {
    /// Text within one line. Nothing finds nothing.
    pub text: &'a str,
    /// Tell capital letters from small ones. `None`: only if the text has a capital.
    pub match_case: Option<bool>,
    /// The most hits.
    pub limit: usize,
    /// Then is answered with what was found by then.
    pub deadline: Option<Instant>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Newest first. A line that was put out again and again counts once, the last time.
    pub hits: Vec<Hit>,
    /// There may be more than the limit allowed, or than could be read in the time.
    pub more: bool,
}

/// A line with what was searched for. Its parts are cut where they are long, and hold neither
/// control characters nor those that change the direction of writing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// Where the line ends in all that the session has put out.
    pub offset: u64,
    /// When it was put out: milliseconds since 1970, UTC.
    pub at: u64,
    /// The line before what was found; the beginning may be cut.
    pub before: String,
    /// What was found, as it is written there.
    pub found: String,
    /// The line after it; the end may be cut.
    pub after: String,
}

/// Searches the log in a session's folder. A folder that is not there holds nothing.
///
/// # Errors
/// The system's reason for not letting a file be read. Files that are gone are none.
pub fn search(session_dir: &Path, query: &Query<'_>) -> io::Result<Found> {
    let mut result = Found::default();
    let Some(segments) = found(segments(session_dir))? else { return Ok(result) };
    let needle = Needle::new(query);
    if needle.bytes.is_empty() || query.limit == 0 {
        return Ok(result);
    }
    let mut seen = HashSet::new();
    for (index, segment) in segments.iter().enumerate().rev() {
        let Some(file) = segment.open(session_dir)? else { continue };
        let before = index.checked_sub(1).map(|before| &segments[before]);
        let before = before.filter(|before| before.end() == segment.first);
        let run_up = before.map(|one| run_up(session_dir, one)).transpose()?.unwrap_or_default();
        let goes_on = segments.get(index + 1).is_some_and(|next| next.first == segment.end());
        let mut newest = Newest::new(query.limit - result.hits.len(), &seen);
        let in_time = search_segment(&needle, segment, file, &run_up, goes_on, query, &mut newest)?;
        result.more |= newest.overflown || !in_time;
        let lines = newest.finish();
        let hits = hits(session_dir, segment, &needle, &lines)?;
        seen.extend(lines.iter().map(|line| line.hash));
        result.hits.extend(hits);
        let is_full = result.hits.len() >= query.limit;
        if is_full || !in_time {
            result.more |= index > 0;
            break;
        }
    }
    Ok(result)
}

/// Searches a segment; false when time was up.
fn search_segment(
    needle: &Needle,
    segment: &Segment,
    mut file: File,
    run_up: &[u8],
    goes_on: bool,
    query: &Query<'_>,
    newest: &mut Newest<'_>,
) -> io::Result<bool> {
    let mut lines = Lines::new(needle.bytes.len() - 1);
    lines.feed(run_up, segment.first - run_up.len() as u64);
    // What ended there was found there; what did not ends here.
    lines.clear();
    let mut block = vec![0; BLOCK_BYTES];
    let mut folded = Vec::new();
    let mut offset = segment.first;
    loop {
        let count = file.read(&mut block)?;
        lines.feed(&block[..count], offset);
        offset += count as u64;
        let ends = count == 0 || goes_on && offset >= segment.end();
        if ends && !goes_on {
            lines.finish(offset);
        }
        needle.search_lines(&lines, &mut folded, newest);
        lines.clear();
        if ends {
            return Ok(true);
        }
        if query.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Ok(false);
        }
    }
}

/// The end of a segment.
fn run_up(dir: &Path, segment: &Segment) -> io::Result<Vec<u8>> {
    let Some(file) = segment.open(dir)? else { return Ok(Vec::new()) };
    let count = segment.len.min(RUN_UP_BYTES);
    let mut bytes = vec![0; usize::try_from(count).unwrap_or(0)];
    file.read_exact_at(&mut bytes, segment.len - count)?;
    Ok(bytes)
}

/// Makes hits of lines, which are newest first.
fn hits(
    dir: &Path,
    segment: &Segment,
    needle: &Needle,
    lines: &[Candidate],
) -> io::Result<Vec<Hit>> {
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let times = times(dir, segment)?;
    let hits = lines.iter().filter_map(|line| {
        let text = String::from_utf8_lossy(&line.line);
        let range = needle.find(&text)?;
        let last = (line.end - segment.first).saturating_sub(1);
        let behind = times.partition_point(|(position, _)| *position <= last);
        let before: String = text[..range.start].chars().filter(|c| is_shown(*c)).collect();
        let cut = before.char_indices().rev().nth(BEFORE_CHARS - 1).map_or(0, |(at, _)| at);
        Some(Hit {
            offset: line.end,
            at: behind.checked_sub(1).map_or(0, |index| times[index].1),
            before: before[cut..].to_owned(),
            found: text[range.clone()].chars().filter(|c| is_shown(*c)).take(FOUND_CHARS).collect(),
            after: text[range.end..].chars().filter(|c| is_shown(*c)).take(AFTER_CHARS).collect(),
        })
    });
    Ok(hits.collect())
}

/// When the bytes from which position on were put out, in order.
fn times(dir: &Path, segment: &Segment) -> io::Result<Vec<(u64, u64)>> {
    let mut index = Reader::new(found(File::open(index_path(dir, segment.first)))?);
    let mut times = Vec::new();
    let mut begun = 0;
    while let Some(line) = index.next()? {
        match line {
            IndexLine::Begin(begin) => {
                begun = begin.at;
                times.push((0, begun));
            }
            IndexLine::Mark(mark) if mark.kind == Kind::Time => {
                times.push((mark.position, begun.saturating_add(mark.after)));
            }
            _ => {}
        }
    }
    Ok(times)
}

/// Whether a character can be shown amid others without harm to them.
fn is_shown(c: char) -> bool {
    let turns = matches!(
        c,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    );
    !c.is_control() && !turns
}

#[cfg(test)]
mod tests;
