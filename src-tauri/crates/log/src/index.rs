//! The index of a segment: lines of text, only ever added to, each written after the bytes
//! that it speaks of and before those that follow.
//!
//! ```text
//! begin <offset> <time> <cols> <rows> <snapshot>   the first line; the snapshot's bytes or 0
//! gap <lost> <why…>                                so many bytes before this segment are missing
//! t <position> <+ms>                               what follows was put out at this time
//! size <position> <+ms> <cols> <rows>              the terminal has another size from here
//! start <position> <+ms> <cols> <rows>             a program was started; the screen is blank
//! ```
//!
//! Times are milliseconds since 1970 in the first line and since the first line in the others;
//! positions count from the segment's beginning. A last line without its end was cut off by a
//! crash and is none; lines of another kind are a later version's and are passed over.

use std::{
    collections::VecDeque,
    fmt::{self, Write as _},
    fs::File,
    io::{self, Read},
    str::SplitAsciiWhitespace,
};

use crate::Size;

/// An index is read in blocks of so many bytes.
const BLOCK_BYTES: usize = 64 * 1024;
/// No line is longer; what is, is none.
const LINE_BYTES: usize = 4096;

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Line {
    Begin(Begin),
    Gap(Gap),
    Mark(Mark),
}

/// How a segment begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Begin {
    pub(crate) first: u64,
    pub(crate) at: u64,
    pub(crate) size: Size,
    /// Bytes of the snapshot; 0 when there is none.
    pub(crate) snapshot: u64,
}

/// What is missing before a segment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gap {
    pub(crate) lost: u64,
    pub(crate) why: String,
}

/// Something that happened at a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) position: u64,
    /// Milliseconds since the segment's beginning.
    pub(crate) after: u64,
    pub(crate) kind: Kind,
}

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Time,
    Resize(Size),
    Start(Size),
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Begin(Begin { first, at, size: Size { cols, rows }, snapshot }) => {
                writeln!(f, "begin {first} {at} {cols} {rows} {snapshot}")
            }
            Self::Gap(Gap { lost, why }) => {
                write!(f, "gap {lost} ")?;
                why.chars().filter(|c| !c.is_control()).try_for_each(|c| f.write_char(c))?;
                f.write_char('\n')
            }
            Self::Mark(Mark { position, after, kind }) => match kind {
                Kind::Time => writeln!(f, "t {position} {after}"),
                Kind::Resize(Size { cols, rows }) => {
                    writeln!(f, "size {position} {after} {cols} {rows}")
                }
                Kind::Start(Size { cols, rows }) => {
                    writeln!(f, "start {position} {after} {cols} {rows}")
                }
            },
        }
    }
}

impl Line {
    /// What a line says, if it is of a known kind and well formed.
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let mut words = line.split_ascii_whitespace();
        let kind = words.next()?;
        Some(match kind {
            "begin" => Self::Begin(Begin {
                first: number(&mut words)?,
                at: number(&mut words)?,
                size: size(&mut words)?,
                snapshot: number(&mut words)?,
            }),
            "gap" => {
                let lost = number(&mut words)?;
                Self::Gap(Gap { lost, why: words.collect::<Vec<_>>().join(" ") })
            }
            "t" | "size" | "start" => Self::Mark(Mark {
                position: number(&mut words)?,
                after: number(&mut words)?,
                kind: match kind {
                    "size" => Kind::Resize(size(&mut words)?),
                    "start" => Kind::Start(size(&mut words)?),
                    _ => Kind::Time,
                },
            }),
            _ => return None,
        })
    }
}

fn number(words: &mut SplitAsciiWhitespace<'_>) -> Option<u64> {
    words.next()?.parse().ok()
}

fn size(words: &mut SplitAsciiWhitespace<'_>) -> Option<Size> {
    Some(Size { cols: words.next()?.parse().ok()?, rows: words.next()?.parse().ok()? })
}

/// Reads an index line by line, also one that is still being written: the end is only the end
/// for now.
#[derive(Debug)]
pub(crate) struct Reader {
    file: Option<File>,
    /// The beginning of a line whose end was not there yet.
    rest: Vec<u8>,
    lines: VecDeque<Line>,
}

impl Reader {
    /// Without a file there are no lines.
    pub(crate) fn new(file: Option<File>) -> Self {
        Self { file, rest: Vec::new(), lines: VecDeque::new() }
    }

    /// The next line, left where it is; `None` when there is none by now.
    pub(crate) fn peek(&mut self) -> io::Result<Option<&Line>> {
        while self.lines.is_empty() && self.read()? {}
        Ok(self.lines.front())
    }

    /// Takes the next line.
    pub(crate) fn next(&mut self) -> io::Result<Option<Line>> {
        self.peek()?;
        Ok(self.lines.pop_front())
    }

    /// Reads a block; false at the end.
    fn read(&mut self) -> io::Result<bool> {
        let Some(file) = &mut self.file else { return Ok(false) };
        let before = self.rest.len();
        let mut block = file.take(BLOCK_BYTES as u64);
        if block.read_to_end(&mut self.rest)? == 0 {
            return Ok(false);
        }
        let Some(end) = memchr::memrchr(b'\n', &self.rest[before..]) else {
            if self.rest.len() > LINE_BYTES {
                self.rest.clear();
            }
            return Ok(true);
        };
        let rest = self.rest.split_off(before + end + 1);
        let whole = std::mem::replace(&mut self.rest, rest);
        let lines = whole.split(|byte| *byte == b'\n');
        self.lines.extend(lines.filter_map(|line| Line::parse(std::str::from_utf8(line).ok()?)));
        Ok(true)
    }
}

/// An index as a writer finds it again.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) begin: Begin,
    /// Bytes of it that hold; what is behind them is to be cut off.
    pub(crate) len: u64,
    /// The terminal's last size.
    pub(crate) size: Size,
    /// The last time, in milliseconds since 1970.
    pub(crate) at: u64,
}

/// Goes through the index of a segment that holds `log_len` bytes. `None` when it has no
/// beginning and has to be begun anew.
pub(crate) fn check(text: &[u8], log_len: u64) -> Option<Found> {
    let mut found: Option<Found> = None;
    let mut len = 0;
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        let Some(whole) = line.strip_suffix(b"\n") else { break };
        len += line.len() as u64;
        match (std::str::from_utf8(whole).ok().and_then(Line::parse), &mut found) {
            (Some(Line::Begin(begin)), None) => {
                found = Some(Found { begin, len, size: begin.size, at: begin.at });
            }
            (_, None) => return None,
            // Bytes that the power was not there for any more.
            (Some(Line::Mark(mark)), Some(_)) if mark.position > log_len => break,
            (Some(Line::Mark(mark)), Some(found)) => {
                found.at = found.begin.at.saturating_add(mark.after);
                if let Kind::Resize(size) | Kind::Start(size) = mark.kind {
                    found.size = size;
                }
                found.len = len;
            }
            (_, Some(found)) => found.len = len,
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: Size = Size { cols: 120, rows: 40 };

    #[test]
    fn lines_come_back_as_they_were() {
        let at = |kind| Line::Mark(Mark { position: 7, after: 1234, kind });
        for (line, text) in [
            (
                Line::Begin(Begin { first: 5, at: 1_700_000_000_000, size: SIZE, snapshot: 9 }),
                "begin 5 1700000000000 120 40 9\n",
            ),
            (
                Line::Gap(Gap { lost: 3, why: "the disk was full".into() }),
                "gap 3 the disk was full\n",
            ),
            (at(Kind::Time), "t 7 1234\n"),
            (at(Kind::Resize(SIZE)), "size 7 1234 120 40\n"),
            (at(Kind::Start(SIZE)), "start 7 1234 120 40\n"),
        ] {
            assert_eq!(line.to_string(), text);
            assert_eq!(Line::parse(text), Some(line));
        }
        let torn = Line::Gap(Gap { lost: 3, why: "two\nlines".into() });
        assert_eq!(torn.to_string(), "gap 3 twolines\n");
    }

    #[test]
    fn what_is_not_understood_is_passed_over() {
        for text in ["", "t", "t 1", "t x y", "size 1 2 99999999 4", "later 1 2", "t -1 2"] {
            assert_eq!(Line::parse(text), None, "{text}");
        }
        assert!(Line::parse("t 1 2 and more").is_some(), "a later version may add words");
    }

    #[test]
    fn a_torn_end_and_what_was_never_written_are_cut_off() {
        let text = "begin 10 1000 80 24 0\nt 0 5\nnew 3\nsize 4 7 100 30\n";
        let whole = check(text.as_bytes(), 100).unwrap();
        assert_eq!((whole.len, whole.at, whole.size.cols), (text.len() as u64, 1007, 100));
        let torn = check(&[text.as_bytes(), b"t 9"].concat(), 100).unwrap();
        assert_eq!(torn.len, text.len() as u64);
        let short = check(text.as_bytes(), 3).unwrap();
        assert_eq!((short.len, short.size.cols), (text.find("size").unwrap() as u64, 80));
        assert!(check(b"", 0).is_none());
        assert!(check(b"t 0 5\n", 9).is_none());
        assert!(check(b"begin 10 1000 80", 9).is_none());
    }
}
