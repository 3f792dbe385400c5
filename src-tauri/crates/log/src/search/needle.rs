//! What is searched for, and where it is in lines: with capitals told apart or not, also beyond
//! ASCII. Knows neither files nor what becomes of what was found.

use std::ops::Range;

use memchr::memmem::Finder;

use super::{Query, newest::Newest};
use crate::text::Lines;

/// What is searched for, prepared.
pub(super) struct Needle {
    pub(super) bytes: Vec<u8>,
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
    pub(super) fn new(query: &Query<'_>) -> Self {
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

    /// Searches what was gathered.
    pub(super) fn search_lines(
        &self,
        lines: &Lines,
        folded: &mut Vec<u8>,
        newest: &mut Newest<'_>,
    ) {
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
    pub(super) fn find(&self, line: &str) -> Option<Range<usize>> {
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
