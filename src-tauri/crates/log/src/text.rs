//! Lines of text out of what programs write to a terminal, as fast as a log can be read.
//!
//! This is no terminal: it keeps no screen. Text that a program writes in one go is one line,
//! whatever colours are in the middle of it; where the cursor goes elsewhere a line ends. That
//! finds what somebody read on the screen, which is all that it is for.

use std::ops::Range;

/// A line is broken here; what a person searches for is shorter.
const LINE_LIMIT: usize = 16 * 1024;
/// The most columns that moving forward or repeating a character adds.
const RUN_LIMIT: usize = 1000;
/// The most bytes that these, and tabs, add to what is gathered at a time: far more than programs
/// draw in one block of a log, which could become hundreds of times as long otherwise.
const RUNS_LIMIT: usize = 4 << 20;
/// Bytes of the longest character in UTF-8.
const CHARACTER_LIMIT: usize = 4;

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    /// Where it is in [`Lines::text`], without a line break.
    pub(crate) text: Range<usize>,
    /// The offset in the log behind its last character.
    pub(crate) end: u64,
}

/// Takes output, cut anywhere, and gathers lines, none of them empty.
#[derive(Debug)]
pub(crate) struct Lines {
    state: State,
    /// The number that a control sequence began with, and whether it has been passed.
    number: usize,
    is_first: bool,
    /// A control sequence that means something else than its last byte says.
    private: bool,
    text: Vec<u8>,
    ended: Vec<Line>,
    /// Where the line begins that has not ended.
    start: usize,
    /// Bytes that were added in this way since the lines were last cleared, see [`RUNS_LIMIT`].
    runs: usize,
    /// How much of a line that is broken is repeated, so that nothing is missed at the break.
    overlap: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Ground,
    Escape,
    /// An escape sequence that takes one more byte.
    Designation,
    Csi,
    /// A control string; one of them also ends with BEL.
    Text {
        bell: bool,
    },
    /// ESC in a control string, perhaps its end.
    TextEscape {
        bell: bool,
    },
}

impl Lines {
    /// `overlap` is one less than the longest text that must not be torn, in bytes.
    pub(crate) fn new(overlap: usize) -> Self {
        Self {
            state: State::Ground,
            number: 0,
            is_first: true,
            private: false,
            text: Vec::new(),
            ended: Vec::new(),
            start: 0,
            runs: 0,
            overlap: overlap.min(LINE_LIMIT / 2),
        }
    }

    /// The text of all lines gathered, each followed by a line break.
    pub(crate) fn text(&self) -> &[u8] {
        &self.text[..self.start]
    }

    /// The lines gathered.
    pub(crate) fn lines(&self) -> &[Line] {
        &self.ended
    }

    /// Forgets the lines gathered; the one that has not ended goes on.
    pub(crate) fn clear(&mut self) {
        self.text.drain(..self.start);
        self.start = 0;
        self.runs = 0;
        self.ended.clear();
    }

    /// Ends the last line; `offset` is the end of what was fed.
    pub(crate) fn finish(&mut self, offset: u64) {
        self.end_line(offset);
        self.state = State::Ground;
    }

    /// Takes output whose first byte is at `offset`.
    pub(crate) fn feed(&mut self, bytes: &[u8], offset: u64) {
        let mut at = 0;
        while at < bytes.len() {
            match self.state {
                State::Ground => {
                    let rest = &bytes[at..];
                    let plain = rest.iter().position(|byte| *byte < 0x20 || *byte == 0x7f);
                    let plain = plain.unwrap_or(rest.len());
                    self.print(&rest[..plain], offset + at as u64);
                    at += plain;
                    if let Some(&control) = rest.get(plain) {
                        self.control(control, offset + at as u64);
                        at += 1;
                    }
                }
                State::Text { bell } => {
                    let rest = &bytes[at..];
                    let Some(found) = memchr::memchr3(0x1b, 0x07, 0x18, rest) else { return };
                    at += found + 1;
                    match rest[found] {
                        0x1b => self.state = State::TextEscape { bell },
                        0x07 if !bell => {}
                        _ => self.state = State::Ground,
                    }
                }
                _ => {
                    self.sequence(bytes[at], offset + at as u64);
                    at += 1;
                }
            }
        }
    }

    fn print(&mut self, bytes: &[u8], offset: u64) {
        let mut rest = bytes;
        while self.text.len() - self.start + rest.len() > LINE_LIMIT {
            let room = (LINE_LIMIT + self.start).saturating_sub(self.text.len());
            self.text.extend_from_slice(&rest[..room]);
            rest = &rest[room..];
            let again = self.text.len() - self.overlap..self.text.len();
            let again = self.text[again].to_vec();
            self.end_line(offset + (bytes.len() - rest.len()) as u64);
            self.text.extend_from_slice(&again);
        }
        self.text.extend_from_slice(rest);
    }

    fn end_line(&mut self, offset: u64) {
        if self.text.len() > self.start {
            self.ended.push(Line { text: self.start..self.text.len(), end: offset });
            self.text.push(b'\n');
            self.start = self.text.len();
        }
    }

    fn control(&mut self, byte: u8, offset: u64) {
        match byte {
            0x1b => self.state = State::Escape,
            b'\n' | b'\r' | 0x0b | 0x0c => self.end_line(offset),
            b'\t' => {
                let line = &self.text[self.start..];
                let column = line.iter().filter(|byte| !is_continuation(**byte)).count();
                self.run(b" ", 8 - column % 8, offset);
            }
            0x08 => {
                let line = &self.text[self.start..];
                let last = line.iter().rposition(|byte| !is_continuation(*byte));
                self.text.truncate(self.start + last.unwrap_or(0));
            }
            _ => {}
        }
    }

    fn run(&mut self, character: &[u8], count: usize, offset: u64) {
        let room = (RUNS_LIMIT - self.runs) / character.len();
        let run = character.repeat(count.min(RUN_LIMIT).min(room));
        self.runs += run.len();
        self.print(&run, offset);
    }

    /// Takes one byte of an escape sequence.
    fn sequence(&mut self, byte: u8, offset: u64) {
        match (byte, self.state) {
            (0x18 | 0x1a, _) | (b'\\', State::TextEscape { .. }) => self.state = State::Ground,
            (0x1b, _) => self.state = State::Escape,
            (_, State::Csi) => self.csi(byte, offset),
            (0x20..=0x2f, State::Escape | State::Designation) => self.state = State::Designation,
            (0x20.., State::Designation) => self.state = State::Ground,
            (0x20.., State::Escape | State::TextEscape { .. }) => self.escape(byte, offset),
            _ => {}
        }
    }

    fn escape(&mut self, byte: u8, offset: u64) {
        self.state = match byte {
            b'[' => {
                (self.number, self.is_first, self.private) = (0, true, false);
                State::Csi
            }
            b']' => State::Text { bell: true },
            b'P' | b'X' | b'^' | b'_' => State::Text { bell: false },
            _ => {
                // Down, next line, up, restored elsewhere, reset.
                if matches!(byte, b'D' | b'E' | b'M' | b'8' | b'c') {
                    self.end_line(offset);
                }
                State::Ground
            }
        };
    }

    fn csi(&mut self, byte: u8, offset: u64) {
        match byte {
            b'0'..=b'9' if self.is_first => {
                let digit = usize::from(byte - b'0');
                self.number = self.number.saturating_mul(10).saturating_add(digit);
            }
            b':' | b';' => self.is_first = false,
            // An intermediate byte or a private marker.
            0x20..=0x2f | 0x3c..=0x3f => self.private = true,
            0x40..=0x7e => {
                self.state = State::Ground;
                match (byte, self.private) {
                    (b'C' | b'a', false) => self.run(b" ", self.number.max(1), offset),
                    (b'b', false) => self.repeat(offset),
                    // Colours, modes, reports, erasing in a line, and what tells something else.
                    (b'm' | b'n' | b'c' | b't' | b'q' | b'p' | b'K' | b'X' | b'P' | b'@', _)
                    | (b'g' | b'i' | b'h' | b'l', false) => {}
                    // Another screen, or a cursor that is shown or not.
                    (b'h' | b'l', true) if !matches!(self.number, 47 | 1047 | 1049) => {}
                    (_, true) if !matches!(byte, b'h' | b'l' | b'J') => {}
                    _ => self.end_line(offset),
                }
            }
            _ => {}
        }
    }

    /// The last character once more. What is not UTF-8 may seem to be a very long one.
    fn repeat(&mut self, offset: u64) {
        let line = &self.text[self.start..];
        if let Some(last) = line.iter().rposition(|byte| !is_continuation(*byte))
            && line.len() - last <= CHARACTER_LIMIT
        {
            let character = line[last..].to_vec();
            self.run(&character, self.number.max(1), offset);
        }
    }
}

/// Whether a byte of UTF-8 is not the first of its character.
fn is_continuation(byte: u8) -> bool {
    byte & 0xc0 == 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(chunks: &[&[u8]]) -> Vec<(String, u64)> {
        let mut lines = Lines::new(0);
        let mut offset = 0;
        for chunk in chunks {
            lines.feed(chunk, offset);
            offset += chunk.len() as u64;
        }
        lines.finish(offset);
        let text = lines.text();
        let found = lines.lines().iter();
        found.map(|l| (String::from_utf8_lossy(&text[l.text.clone()]).into(), l.end)).collect()
    }

    #[test]
    fn text_is_what_a_reader_sees() {
        for (bytes, expected) in [
            ("plain\r\nnext\n\nlast", vec!["plain", "next", "last"]),
            ("ab\x1b[1;31mcd\x1b[0mef\r\n", vec!["abcdef"]),
            ("ab\x1b]8;;http://x\x1b\\link\x1b]8;;\x07cd", vec!["ablinkcd"]),
            ("\x1b]0;title\x07a\x1bPq#0\x07x\x1b\\b\x1b_apc\x1b\\c", vec!["abc"]),
            ("one\x1b[3Ctwo\x1b[Cthree", vec!["one   two three"]),
            ("10%\r20%\r", vec!["10%", "20%"]),
            ("a\tb", vec!["a       b"]),
            ("漢\tb", vec!["漢       b"]),
            ("lsx\x08 \x08\x1b[K -l", vec!["ls -l"]),
            ("N\x08Na\x08amé\x08\x08e", vec!["Nae"]),
            ("left\x1b[5;9Hright\x1b[3Gg\x1b[2Aup\x1bMri", vec!["left", "right", "g", "up", "ri"]),
            ("-\x1b[4bx", vec!["-----x"]),
            ("\x1b(0qq\x1b(Bx\x1b=y\x1b7z", vec!["qqxyz"]),
            ("a\x1b[?25lb\x1b[?2026hc\x1b[?1049hd", vec!["abc", "d"]),
            ("a\x1b[6 qb\x1b[>4;1mc\x1b[?1ud\x1b[!pe", vec!["abcde"]),
            ("a\x1b[31\x18b\x1b[1\x1b[mc", vec!["abc"]),
            ("a\x07\x00\x7fb", vec!["ab"]),
        ] {
            let found: Vec<_> = lines(&[bytes.as_bytes()]).into_iter().map(|one| one.0).collect();
            assert_eq!(found, expected, "{bytes:?}");
        }
    }

    #[test]
    fn cuts_change_nothing_and_offsets_are_where_lines_end() {
        let whole = "é漢😀\x1b[31mé\x1b]0;t\x1b\\x\r\n\x1b[2Cab\x1b[Hc".as_bytes();
        let expected = lines(&[whole]);
        assert_eq!(
            expected[0],
            ("é漢😀éx".into(), whole.iter().position(|b| *b == b'\r').unwrap() as u64)
        );
        assert_eq!(expected[2].1, whole.len() as u64);
        for cut in 0..=whole.len() {
            let (before, after) = whole.split_at(cut);
            assert_eq!(lines(&[before, after]), expected, "cut at {cut}");
        }
        let single: Vec<&[u8]> = whole.chunks(1).collect();
        assert_eq!(lines(&single), expected);
    }

    #[test]
    fn an_endless_line_is_broken_without_tearing_what_is_searched() {
        let mut bytes = vec![b'x'; LINE_LIMIT - 3];
        bytes.extend_from_slice(b"needle");
        bytes.extend(vec![b'y'; 3 * LINE_LIMIT]);
        let mut lines = Lines::new(b"needle".len() - 1);
        for (index, chunk) in bytes.chunks(1000).enumerate() {
            lines.feed(chunk, index as u64 * 1000);
        }
        lines.finish(bytes.len() as u64);
        assert_eq!(lines.lines().len(), 5);
        assert!(lines.lines().iter().all(|line| line.text.len() <= LINE_LIMIT));
        let found = memchr::memmem::find_iter(lines.text(), b"needle").count();
        assert_eq!(found, 1);
        assert_eq!(lines.lines()[0].end, LINE_LIMIT as u64);
    }

    #[test]
    fn what_is_no_character_is_not_repeated() {
        for (line, expected) in [
            ("a😀".as_bytes(), "a😀😀😀x".to_owned()),
            (&b"a\xf0\x9f\x98\x80\x80"[..], "a😀\u{fffd}x".to_owned()),
            (&b"\x80\x80"[..], "\u{fffd}\u{fffd}x".to_owned()),
        ] {
            let found = lines(&[line, b"\x1b[2bx"]);
            assert_eq!(found[0].0, expected, "{line:?}");
        }
        let long = [b"\xc3".to_vec(), vec![0x80; LINE_LIMIT - 2]].concat();
        let mut lines = Lines::new(LINE_LIMIT);
        lines.feed(&long, 0);
        lines.feed(&b"\x1b[999b".repeat(1000), long.len() as u64);
        lines.finish(0);
        assert_eq!(lines.text().len(), LINE_LIMIT);
    }

    #[test]
    fn a_little_output_makes_no_endless_text() {
        for run in ["\x1b[999b", "\x1b[999C", "\t", "x\x1b[999b\n", "x\x1b[999C\x08\x1b[999b"] {
            let block = "😀".to_owned() + &run.repeat((256 << 10) / run.len());
            for overlap in [0, LINE_LIMIT] {
                let mut lines = Lines::new(overlap);
                for block in [&block, &block] {
                    lines.feed(block.as_bytes(), 0);
                    // Of a long line half may be there again in the next.
                    let most = 2 * (RUNS_LIMIT + block.len() + LINE_LIMIT);
                    assert!(lines.text().len() <= most, "{run:?}: {}", lines.text().len());
                    lines.clear();
                    lines.feed(b"\ra\x1b[3Cb\r", 0);
                    assert!(lines.text().ends_with(b"a   b\n"), "there is room again");
                }
            }
        }
    }
}
