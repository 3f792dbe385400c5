//! Searching a log, newest first.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    fs::File,
    hash::{DefaultHasher, Hash, Hasher},
    io::{self, Read},
    ops::Range,
    os::unix::fs::FileExt,
    path::Path,
    time::Instant,
};

use memchr::memmem::Finder;

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
        let in_time = needle.search(segment, file, &run_up, goes_on, query, &mut newest)?;
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

/// The end of a segment.
fn run_up(dir: &Path, segment: &Segment) -> io::Result<Vec<u8>> {
    let Some(file) = segment.open(dir)? else { return Ok(Vec::new()) };
    let count = segment.len.min(RUN_UP_BYTES);
    let mut bytes = vec![0; usize::try_from(count).unwrap_or(0)];
    file.read_exact_at(&mut bytes, segment.len - count)?;
    Ok(bytes)
}

/// What is searched for, prepared.
struct Needle {
    bytes: Vec<u8>,
    case: Case,
    finder: Finder<'static>,
}

/// How capitals are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Exact,
    /// The text is ASCII, so that folding moves nothing.
    Ascii,
    Unicode,
}

impl Needle {
    fn new(query: &Query<'_>) -> Self {
        let exact = query.match_case.unwrap_or_else(|| query.text.chars().any(char::is_uppercase));
        let (bytes, case) = if exact {
            (query.text.as_bytes().to_vec(), Case::Exact)
        } else if query.text.is_ascii() {
            (query.text.to_ascii_lowercase().into_bytes(), Case::Ascii)
        } else {
            (fold(query.text).into_bytes(), Case::Unicode)
        };
        let finder = Finder::new(&bytes).into_owned();
        Self { bytes, case, finder }
    }

    /// Searches a segment; false when time was up.
    fn search(
        &self,
        segment: &Segment,
        mut file: File,
        run_up: &[u8],
        goes_on: bool,
        query: &Query<'_>,
        newest: &mut Newest<'_>,
    ) -> io::Result<bool> {
        let mut lines = Lines::new(self.bytes.len() - 1);
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
            self.search_lines(&lines, &mut folded, newest);
            lines.clear();
            if ends {
                return Ok(true);
            }
            if query.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return Ok(false);
            }
        }
    }

    /// Searches what was gathered.
    fn search_lines(&self, lines: &Lines, folded: &mut Vec<u8>, newest: &mut Newest<'_>) {
        let text = lines.text();
        let haystack = match self.case {
            Case::Exact => text,
            Case::Ascii => {
                folded.clear();
                folded.extend_from_slice(text);
                folded.make_ascii_lowercase();
                folded
            }
            Case::Unicode => {
                *folded = fold(&String::from_utf8_lossy(text)).into_bytes();
                folded
            }
        };
        let (mut at, mut number, mut counted) = (0, 0, 0);
        while let Some(found) = haystack.get(at..).and_then(|rest| self.finder.find(rest)) {
            let found = at + found;
            if self.case == Case::Unicode {
                // Folding may move what follows, but keeps the lines.
                number += memchr::memchr_iter(b'\n', &haystack[counted..found]).count();
                counted = found;
            } else {
                number += lines.lines()[number..].partition_point(|line| line.text.end <= found);
            }
            let Some(line) = lines.lines().get(number) else { break };
            newest.push(&text[line.text.clone()], line.end);
            at = memchr::memchr(b'\n', &haystack[found..]).map_or(haystack.len(), |n| found + n);
        }
    }

    /// Where the needle is in a line.
    fn find(&self, line: &str) -> Option<Range<usize>> {
        match self.case {
            Case::Exact => {
                let start = self.finder.find(line.as_bytes())?;
                Some(start..start + self.bytes.len())
            }
            Case::Ascii => {
                let start = self.finder.find(line.to_ascii_lowercase().as_bytes())?;
                Some(start..start + self.bytes.len())
            }
            Case::Unicode => {
                let folded = fold(line);
                let start = self.finder.find(folded.as_bytes())?;
                let end = start + self.bytes.len();
                // Back to the characters that were folded to this.
                let mut length = 0;
                let mut range = line.len()..line.len();
                for (at, c) in line.char_indices() {
                    if length <= start {
                        range.start = at;
                    }
                    if length >= end {
                        range.end = at;
                        break;
                    }
                    length += c.to_lowercase().map(char::len_utf8).sum::<usize>();
                }
                Some(range)
            }
        }
    }
}

/// All in small letters, each character by itself.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| !byte.is_ascii()) {
        let (ascii, other) = rest.split_at(at);
        folded.push_str(ascii);
        let ascii = other.bytes().position(|byte| byte.is_ascii()).unwrap_or(other.len());
        folded.extend(other[..ascii].chars().flat_map(char::to_lowercase));
        rest = &other[ascii..];
    }
    folded.push_str(rest);
    folded.make_ascii_lowercase();
    folded
}

/// A line that was found.
struct Candidate {
    /// Its place among those found.
    number: u64,
    hash: u64,
    end: u64,
    line: Vec<u8>,
}

/// Keeps the newest lines of those that are pushed, each once.
struct Newest<'a> {
    limit: usize,
    /// Found in newer segments already.
    seen: &'a HashSet<u64>,
    lines: VecDeque<Candidate>,
    /// The last number that each had.
    numbers: HashMap<u64, u64>,
    next: u64,
    overflown: bool,
}

impl<'a> Newest<'a> {
    fn new(limit: usize, seen: &'a HashSet<u64>) -> Self {
        let (lines, numbers) = (VecDeque::new(), HashMap::new());
        Self { limit, seen, lines, numbers, next: 0, overflown: false }
    }

    fn push(&mut self, line: &[u8], end: u64) {
        let line = line.trim_ascii();
        let mut hasher = DefaultHasher::new();
        line.hash(&mut hasher);
        let hash = hasher.finish();
        if self.seen.contains(&hash) {
            return;
        }
        let number = self.next;
        self.next += 1;
        self.numbers.insert(hash, number);
        self.lines.push_back(Candidate { number, hash, end, line: line.to_vec() });
        while self.numbers.len() > self.limit {
            let Some(oldest) = self.lines.pop_front() else { break };
            if self.numbers.get(&oldest.hash) == Some(&oldest.number) {
                self.numbers.remove(&oldest.hash);
                self.overflown = true;
            }
        }
        if self.lines.len() > 2 * self.limit + 64 {
            let numbers = &self.numbers;
            self.lines.retain(|line| numbers.get(&line.hash) == Some(&line.number));
        }
    }

    /// Newest first.
    fn finish(self) -> Vec<Candidate> {
        let numbers = self.numbers;
        let is_last = |line: &Candidate| numbers.get(&line.hash) == Some(&line.number);
        self.lines.into_iter().rev().filter(is_last).collect()
    }
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
mod tests {
    use super::*;
    use crate::{Size, Writer};
    use std::time::Duration;

    fn query(text: &str) -> Query<'_> {
        Query { text, match_case: None, limit: 100, deadline: None }
    }

    fn log(parts: &[(u64, &str)]) -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        let mut log = Writer::open(dir.path(), Size::default(), 1 << 20, 0).unwrap();
        for (at, part) in parts {
            if *at > 0 && part.is_empty() {
                log.begin_segment(*at, Size::default(), b"");
            }
            log.append(*at, part.as_bytes());
        }
        dir
    }

    fn whole(hit: &Hit) -> String {
        format!("{}[{}]{}", hit.before, hit.found, hit.after)
    }

    fn found(dir: &tempfile::TempDir, text: &str) -> Vec<String> {
        search(dir.path(), &query(text)).unwrap().hits.iter().map(whole).collect()
    }

    #[test]
    fn newest_first_with_time_and_place() {
        let dir = log(&[(1000, "an apple\r\n"), (2000, "a pear\r\nan Apple pie\r\n")]);
        let hits = search(dir.path(), &query("apple")).unwrap();
        assert!(!hits.more);
        let hits: Vec<_> = hits.hits.iter().map(|hit| (whole(hit), hit.at, hit.offset)).collect();
        assert_eq!(
            hits,
            [("an [Apple] pie".to_owned(), 2000, 30), ("an [apple]".to_owned(), 1000, 8)]
        );
    }

    #[test]
    fn capitals_count_when_there_are_some_or_it_is_asked_for() {
        let dir = log(&[(1, "Straße STRASSE ärger ÄRGER İstanbul\r\nÄrger\r\n")]);
        for (text, match_case, expected) in [
            ("strasse", None, 1),
            ("Strasse", None, 0),
            ("ärger", None, 2),
            ("Ärger", None, 1),
            ("ÄRGER", Some(false), 2),
            ("ärger", Some(true), 1),
            ("stanbul", None, 1),
            ("i\u{307}st", None, 1),
            ("ß", None, 1),
            ("", None, 0),
        ] {
            let hits = search(dir.path(), &Query { match_case, ..query(text) }).unwrap().hits;
            assert_eq!(hits.len(), expected, "{text} {match_case:?}");
        }
        assert_eq!(found(&dir, "i\u{307}st"), ["Straße STRASSE ärger ÄRGER [İst]anbul"]);
        assert_eq!(found(&dir, "är")[1], "Straße STRASSE [är]ger ÄRGER İstanbul");
    }

    #[test]
    fn a_text_with_colours_in_the_middle_is_found() {
        let dir = log(&[(1, "see \x1b[1;31mer\x1b[4mr\x1b[mor\x1b[2C42\x1b]8;;x\x07\r\n")]);
        assert_eq!(found(&dir, "error  42"), ["see [error  42]"]);
        assert!(found(&dir, "31m").is_empty(), "what is not text is not found");
    }

    #[test]
    fn a_line_that_is_painted_again_counts_once() {
        let mut parts = vec![(1, "first: thinking\r\n")];
        for at in 2..200 {
            parts.push((at * 100, "\x1b[2K\rthinking…\x1b[1A"));
            if at == 100 {
                parts.push((at * 100, ""));
            }
        }
        let dir = log(&parts);
        assert_eq!(found(&dir, "thinking"), ["[thinking]…", "first: [thinking]"]);
        let hits = search(dir.path(), &query("thinking")).unwrap().hits;
        assert_eq!(hits[0].at, 19_900, "the last time");
    }

    #[test]
    fn a_line_goes_on_in_the_next_segment() {
        let cut = |byte| {
            let whole = "one\r\nthe 漢needle字 here\r\ntwo\r\n";
            let dir = tempfile::tempdir().unwrap();
            let mut log = Writer::open(dir.path(), Size::default(), 1 << 20, 0).unwrap();
            log.append(1, &whole.as_bytes()[..byte]);
            log.begin_segment(2, Size::default(), b"");
            log.append(2, &whole.as_bytes()[byte..]);
            dir
        };
        for byte in 1..33 {
            assert_eq!(found(&cut(byte), "needle"), ["the 漢[needle]字 here"], "cut at {byte}");
        }
    }

    #[test]
    fn limits_hold_and_are_told() {
        let lines: Vec<_> = (0..500).map(|n| format!("line {n} x\r\n")).collect();
        let parts: Vec<_> = lines.iter().map(|line| (1, line.as_str())).collect();
        let dir = log(&parts);
        let few = search(dir.path(), &Query { limit: 3, ..query("x") }).unwrap();
        assert!(few.more);
        let few: Vec<_> = few.hits.iter().map(whole).collect();
        assert_eq!(few, ["line 499 [x]", "line 498 [x]", "line 497 [x]"]);
        let all = search(dir.path(), &Query { limit: 500, ..query("x") }).unwrap();
        assert_eq!((all.hits.len(), all.more), (500, false));
        let past = Instant::now().checked_sub(Duration::from_secs(1));
        assert!(search(dir.path(), &Query { deadline: past, ..query("x") }).unwrap().more);
        assert_eq!(search(&dir.path().join("none"), &query("x")).unwrap(), Found::default());
    }

    #[test]
    fn hits_are_cut_and_harmless() {
        let line = format!("{}\u{202e}\u{85}need\u{200f}le{}", "é".repeat(300), "漢".repeat(300));
        let dir = log(&[(1, &line)]);
        let hits = search(dir.path(), &query("need\u{200f}le")).unwrap().hits;
        assert_eq!(hits[0].before, "é".repeat(BEFORE_CHARS));
        assert_eq!(hits[0].found, "needle");
        assert_eq!(hits[0].after, "漢".repeat(AFTER_CHARS));
        let dir = tempfile::tempdir().unwrap();
        let mut log = Writer::open(dir.path(), Size::default(), 1 << 20, 0).unwrap();
        log.append(1, b"\xff\xfe needle \xc3\r\n");
        assert_eq!(found(&dir, "needle"), ["\u{fffd}\u{fffd} [needle] \u{fffd}"]);
    }
}
