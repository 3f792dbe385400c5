//! Looks at the raw output beside the parser, for the three things the parser hides:
//! where an unfinished sequence began, what it drops unheard, and control strings that would
//! make it hold memory without bound.
//!
//! It does not interpret anything else, and it never changes what the parser sees other
//! than by cutting an oversized control string short. Any other sequence the parser sees
//! whole, however long it is; what a viewer is given of one that is unfinished stays short.

/// Bytes of one control string (OSC, DCS, …) that are kept and parsed. Titles, links and
/// colours are far below it; what is longer is data the model does not use.
pub(crate) const STRING_LIMIT: usize = 64 * 1024;

/// Bytes of any other sequence, and of the head of a DCS, after which what is kept of it is
/// shortened. None that means something comes near it.
const SEQUENCE_LIMIT: usize = 1024;
/// Separators of parameters that are kept: with so many the parser ignores a sequence.
const SEPARATOR_LIMIT: usize = 32;
/// Leading zeros of a number that are kept, and digits after them. With so many digits it is
/// larger than the parser (16 bits) and viewers (32 bits) count.
const DIGIT_LIMIT: usize = 12;
/// Other bytes that are kept: ESC, the one after it, and one more than the two that the parser
/// takes, which then ignores the sequence.
const OTHER_LIMIT: usize = 5;

/// What the parser has no callback for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unheard {
    /// `CSI > q`: name and version of the terminal.
    Version,
    /// `CSI = c`: tertiary device attributes.
    UnitId,
    /// `CSI ? 6 n`: cursor position, in the DEC form.
    DecCursorPosition,
    /// `CSI 16 t`: size of a cell in pixels.
    CellSize,
    /// `CSI ! p`: soft reset.
    SoftReset,
    /// `OSC 7`: where the program works, undecoded.
    Directory(Vec<u8>),
    /// `OSC 7501`: what the program says it does, or whether anybody listens. `bell` says
    /// how the sequence was ended.
    Report { body: Vec<u8>, bell: bool },
    /// `OSC 133` and its like in VS Code, `OSC 633`: where a shell is between prompt and
    /// command.
    Shell(Vec<u8>),
}

/// What the scanner hands on, in the order of the stream.
pub(crate) enum Piece<'a> {
    /// Output for the parser.
    Output(&'a [u8]),
    /// Something whose bytes were in the output just handed on.
    Unheard(Unheard),
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Ground,
    Escape,
    Intermediate,
    Csi,
    /// OSC: ended by BEL or ST.
    Osc,
    /// The head of a DCS: nothing yet, parameters, intermediates.
    DcsEntry,
    DcsParameter,
    DcsIntermediate,
    /// The data of a DCS: ended by ST, also in its one-byte form.
    Data,
    /// SOS, PM, APC, and a DCS with a broken head: ended by ST.
    Text,
}

impl State {
    /// Whether a sequence's final byte is still to come, without which nothing bounds it.
    fn is_before_final_byte(self) -> bool {
        matches!(
            self,
            Self::Intermediate
                | Self::Csi
                | Self::DcsEntry
                | Self::DcsParameter
                | Self::DcsIntermediate
        )
    }
}

/// The scanner's place in the stream.
pub(crate) struct Scanner {
    state: State,
    /// The unfinished sequence or character at the end of the output seen so far.
    unfinished: Vec<u8>,
    /// Bytes of the sequence so far, or since it was last shortened, to bound it.
    length: usize,
}

impl Scanner {
    pub(crate) const fn new() -> Self {
        Self { state: State::Ground, unfinished: Vec::new(), length: 0 }
    }

    /// The bytes of a sequence or character that has begun and not ended. A viewer that
    /// joins here must be given them before what follows.
    pub(crate) fn unfinished(&self) -> &[u8] {
        &self.unfinished
    }

    /// Walks over `bytes`, handing on every piece in order.
    pub(crate) fn feed<'a>(&mut self, bytes: &'a [u8], mut piece: impl FnMut(Piece<'a>)) {
        // Start of what was not handed on yet, and of the sequence the walk is in (the
        // part of it that lies in this chunk).
        let mut start = 0;
        let mut sequence = 0;
        let mut at = 0;
        while at < bytes.len() {
            if self.state == State::Ground {
                let Some(found) = memchr::memchr(0x1b, &bytes[at..]) else { break };
                at += found;
                if let Some(length) = whole_csi(&bytes[at..]) {
                    // Nearly every sequence is one of these, and nearly none is of interest.
                    let whole = &bytes[at..at + length];
                    at += length;
                    if let Some(unheard) = unheard(whole, whole[length - 1]) {
                        piece(Piece::Output(&bytes[start..at]));
                        start = at;
                        piece(Piece::Unheard(unheard));
                    }
                    self.unfinished.clear();
                    continue;
                }
                self.enter_escape(&mut sequence, at);
                at += 1;
                continue;
            }
            let byte = bytes[at];
            if self.length >= SEQUENCE_LIMIT && self.state.is_before_final_byte() {
                self.keep(&bytes[sequence..at]);
                sequence = at;
                shorten(&mut self.unfinished);
                self.length = self.unfinished.len();
            }
            let over = self.length >= STRING_LIMIT
                && matches!(self.state, State::Osc | State::Data | State::Text);
            if over {
                // Past the limit nothing but the end of a string is handed on or kept.
                piece(Piece::Output(&bytes[start..at]));
                self.keep(&bytes[sequence..at]);
                start = at;
                sequence = at;
            }
            if self.step(byte) {
                // ESC: a new sequence begins here, whatever was open before. An OSC ends.
                if self.state == State::Osc {
                    self.keep(&bytes[sequence..at]);
                    if let Some(told) = told(&self.unfinished, false) {
                        piece(Piece::Output(&bytes[start..at]));
                        start = at;
                        piece(Piece::Unheard(told));
                    }
                }
                self.enter_escape(&mut sequence, at);
            } else if self.state == State::Ground {
                self.keep(&bytes[sequence..=at]);
                if let Some(unheard) = unheard(&self.unfinished, byte) {
                    piece(Piece::Output(&bytes[start..=at]));
                    start = at + 1;
                    piece(Piece::Unheard(unheard));
                }
                self.forget();
            } else if over {
                start = at + 1;
                sequence = at + 1;
            }
            at += 1;
        }
        piece(Piece::Output(&bytes[start..]));
        if self.state == State::Ground {
            let text = bytes.len().min(4);
            self.unfinished.extend_from_slice(&bytes[bytes.len() - text..]);
            let keep = partial_character(&self.unfinished);
            self.unfinished.drain(..self.unfinished.len() - keep);
        } else {
            self.keep(&bytes[sequence..]);
        }
    }

    /// Keeps a part of the sequence the walk is in. Control characters inside one take
    /// effect at once and are not part of it; what is not ASCII means something in an OSC
    /// alone, and elsewhere one terminal passes over it where another breaks off.
    fn keep(&mut self, part: &[u8]) {
        let mut opening = self.unfinished.iter().chain(part).take(2);
        let is_osc = opening.next() == Some(&0x1b) && opening.next() == Some(&b']');
        let limit = if is_osc { 0xff } else { 0x7e };
        let means = |byte: &&u8| (0x20..=limit).contains(*byte) || **byte == 0x1b;
        self.unfinished.extend(part.iter().filter(means));
    }

    /// Forgets a sequence that has ended, and lets go of the room that a long one took.
    fn forget(&mut self) {
        self.unfinished.clear();
        self.unfinished.shrink_to(SEQUENCE_LIMIT);
    }

    fn enter_escape(&mut self, sequence: &mut usize, at: usize) {
        self.state = State::Escape;
        self.length = 0;
        self.forget();
        *sequence = at;
    }

    /// Takes one byte inside a sequence; true when it is ESC, which begins a new one.
    fn step(&mut self, byte: u8) -> bool {
        match byte {
            0x1b => return true,
            0x18 | 0x1a => {
                self.state = State::Ground;
                return false;
            }
            _ => {}
        }
        self.length += 1;
        self.state = match (self.state, byte) {
            (State::Escape, b'[') => State::Csi,
            (State::Escape, b']') => self.open_string(State::Osc),
            (State::Escape, b'P') => self.open_string(State::DcsEntry),
            (State::Escape, b'X' | b'^' | b'_') => self.open_string(State::Text),
            (State::Escape | State::Intermediate, 0x20..=0x2f) => State::Intermediate,
            (State::Escape | State::Intermediate, 0x30..=0x7e)
            | (State::Csi, 0x40..=0x7e)
            | (State::Osc, 0x07)
            | (State::Data, 0x9c) => State::Ground,
            (State::DcsEntry | State::DcsParameter | State::DcsIntermediate, 0x40..=0x7e) => {
                State::Data
            }
            (State::DcsEntry | State::DcsParameter | State::DcsIntermediate, 0x20..=0x2f) => {
                State::DcsIntermediate
            }
            (State::DcsEntry, 0x30..=0x3f) | (State::DcsParameter, 0x30..=0x3b) => {
                State::DcsParameter
            }
            (State::DcsParameter, 0x3c..=0x3f) | (State::DcsIntermediate, 0x30..=0x3f) => {
                State::Text
            }
            (state, _) => state,
        };
        false
    }

    fn open_string(&mut self, state: State) -> State {
        self.length = 0;
        state
    }
}

/// The length of the CSI sequence at the beginning of `bytes`, when it is whole and nothing is in
/// it that does not belong to it.
fn whole_csi(bytes: &[u8]) -> Option<usize> {
    let body = bytes.strip_prefix(b"\x1b[")?;
    let last = body.iter().position(|byte| !(0x20..=0x3f).contains(byte))?;
    (0x40..=0x7e).contains(&body[last]).then_some(last + 3)
}

/// Says what a long sequence has said so far in few bytes, fewer than [`SEQUENCE_LIMIT`]. Both
/// bring the parser to the same state, so that whatever follows means the same.
fn shorten(sequence: &mut Vec<u8>) {
    let (mut zeros, mut digits, mut separators, mut others) = (0, 0, 0, 0);
    sequence.retain(|byte| {
        let (count, limit) = match byte {
            b'0' if digits == 0 => (&mut zeros, DIGIT_LIMIT),
            b'0'..=b'9' => (&mut digits, DIGIT_LIMIT),
            b':' | b';' => (&mut separators, SEPARATOR_LIMIT),
            _ => (&mut others, OTHER_LIMIT),
        };
        *count += 1;
        let is_kept = *count <= limit;
        if is_kept && !byte.is_ascii_digit() {
            // Another number begins. Behind what is not kept none counts.
            (zeros, digits) = (0, 0);
        }
        is_kept
    });
}

/// What a whole sequence is, when the parser does not hear it. `last` is the byte that ended
/// it, which for a control character is not kept in the sequence.
fn unheard(sequence: &[u8], last: u8) -> Option<Unheard> {
    match sequence {
        b"\x1b[>q" | b"\x1b[>0q" => Some(Unheard::Version),
        b"\x1b[=c" | b"\x1b[=0c" => Some(Unheard::UnitId),
        b"\x1b[?6n" => Some(Unheard::DecCursorPosition),
        b"\x1b[16t" => Some(Unheard::CellSize),
        b"\x1b[!p" => Some(Unheard::SoftReset),
        _ if last == 0x07 => told(sequence, true),
        _ => None,
    }
}

/// What a whole OSC tells of the program itself.
fn told(sequence: &[u8], bell: bool) -> Option<Unheard> {
    let body = sequence.strip_prefix(b"\x1b]")?;
    let (number, body) = body.split_at(body.iter().position(|byte| *byte == b';')?);
    let body = body[1..].to_vec();
    match number {
        b"7" => Some(Unheard::Directory(body)),
        b"7501" => Some(Unheard::Report { body, bell }),
        b"133" | b"633" => Some(Unheard::Shell(body)),
        _ => None,
    }
}

/// Length of an incomplete UTF-8 character at the end of `bytes`.
fn partial_character(bytes: &[u8]) -> usize {
    let incomplete = |back: &usize| {
        let end = std::str::from_utf8(&bytes[bytes.len() - back..]);
        end.is_err_and(|error| error.valid_up_to() == 0 && error.error_len().is_none())
    };
    (1..=bytes.len().min(3)).rev().find(incomplete).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scan(chunks: &[&[u8]]) -> (Vec<u8>, Vec<Unheard>, Vec<u8>) {
        let mut scanner = Scanner::new();
        let (mut output, mut heard) = (Vec::new(), Vec::new());
        for chunk in chunks {
            scanner.feed(chunk, |piece| match piece {
                Piece::Output(bytes) => output.extend_from_slice(bytes),
                Piece::Unheard(unheard) => heard.push(unheard),
            });
        }
        (output, heard, scanner.unfinished().to_vec())
    }

    #[test]
    fn the_unfinished_end_is_found_wherever_the_cut_falls() {
        let whole = "a\x1b[31mé漢😀\x1b]0;title\x07\x1bP1q\x1b\\\x1b(0z".as_bytes();
        for cut in 0..=whole.len() {
            let (output, _, unfinished) = scan(&[&whole[..cut]]);
            assert_eq!(output, &whole[..cut]);
            assert!(whole[..cut].ends_with(&unfinished));
            // Byte by byte it comes to the same.
            let single: Vec<&[u8]> = whole[..cut].chunks(1).collect();
            assert_eq!(scan(&single).2, unfinished, "cut at {cut}");
        }
        assert_eq!(scan(&[b"x\x1b[3"]).2, b"\x1b[3");
        assert_eq!(scan(&[b"x\x1b]0;t"]).2, b"\x1b]0;t");
        assert_eq!(scan(&["漢".as_bytes().split_at(2).0]).2, "漢".as_bytes().split_at(2).0);
        assert_eq!(scan(&[b"plain\x1b[m"]).2, b"");
    }

    #[test]
    fn directories_are_found_whole_and_split() {
        let directory = |uri: &str| Unheard::Directory(uri.into());
        assert_eq!(scan(&[b"\x1b]7;file:///a\x07b"]).1, [directory("file:///a")]);
        assert_eq!(scan(&[b"\x1b]7;file", b":///a", b"\x1b", b"\\"]).1, [directory("file:///a")]);
        assert_eq!(scan(&[b"\x1b]7;file:///a\x18\x1b]70;x\x07"]).1, []);
        assert_eq!(scan(&[b"\x1b]7;\x1b\\\x1b]7;b\x07"]).1, [directory(""), directory("b")]);
    }

    #[test]
    fn reports_and_marks_are_found_with_their_end() {
        let report = |body: &str, bell| Unheard::Report { body: body.into(), bell };
        assert_eq!(scan(&[b"\x1b]7501;?\x1b\\"]).1, [report("?", false)]);
        assert_eq!(
            scan(&[b"\x1b]7501;state=id", b"le\x07\x1b]133;A\x07"]).1,
            [report("state=idle", true), Unheard::Shell(b"A".to_vec())]
        );
        assert_eq!(scan(&[b"\x1b]633;D;0\x07"]).1, [Unheard::Shell(b"D;0".to_vec())]);
        assert_eq!(scan(&[b"\x1b]75010;?\x07\x1b]7501\x07"]).1, []);
    }

    #[test]
    fn queries_are_found_whole_and_split() {
        assert_eq!(scan(&[b"\x1b[>q\x1b[=c"]).1, [Unheard::Version, Unheard::UnitId]);
        assert_eq!(scan(&[b"\x1b[?", b"6", b"n"]).1, [Unheard::DecCursorPosition]);
        assert_eq!(scan(&[b"\x1b[16t\x1b[>4;1m"]).1, [Unheard::CellSize]);
        assert_eq!(scan(&[b"\x1b]0;\x1b[>1q[>q"]).1, []);
    }

    #[test]
    fn an_endless_string_is_cut_and_its_end_is_still_seen() {
        let long = vec![b'x'; STRING_LIMIT * 3];
        let mut stream = b"\x1b]0;".to_vec();
        stream.extend_from_slice(&long);
        stream.extend_from_slice(b"\x07after");
        for size in [1000, 100_000, stream.len()] {
            let chunks: Vec<&[u8]> = stream.chunks(size).collect();
            let (output, _, unfinished) = scan(&chunks);
            assert!(output.len() <= STRING_LIMIT + 16, "{}", output.len());
            assert!(output.ends_with(b"x\x07after"));
            assert!(unfinished.is_empty());
        }
    }

    #[test]
    fn an_endless_sequence_is_kept_short_and_handed_on_whole() {
        for (opening, filling, end) in [
            ("\x1b[", "1", "C"),
            ("\x1b[", "0", "31m"),
            ("\x1b[?", "25;", "h"),
            ("\x1b[", "$", "p"),
            ("\x1b[", "1$", "p"),
            ("\x1b[1", ">\n", "c"),
            ("\x1b", "(", "B"),
            ("\x1bP", "1:", "q#0\x1b\\"),
            ("\x1bP", " ", "q#0\x1b\\"),
        ] {
            let unfinished = opening.to_owned() + &filling.repeat((2 << 20) / filling.len());
            let whole = unfinished.clone() + end;
            let mut kept = Vec::new();
            for size in [1000, 4096, 100_000, whole.len()] {
                let chunks: Vec<&[u8]> = unfinished.as_bytes().chunks(size).collect();
                kept.push(scan(&chunks).2);
                let chunks: Vec<&[u8]> = whole.as_bytes().chunks(size).collect();
                let (output, unheard, unfinished) = scan(&chunks);
                assert!(output == whole.as_bytes() && unheard.is_empty() && unfinished.is_empty());
            }
            assert!(kept[0].len() <= SEQUENCE_LIMIT, "{opening:?} {filling:?}: {}", kept[0].len());
            assert!(kept.iter().all(|one| *one == kept[0]), "{opening:?} {filling:?}");
        }
    }

    #[test]
    fn what_is_shortened_says_the_same() {
        let (zeros, nines) = ("0".repeat(DIGIT_LIMIT), "9".repeat(DIGIT_LIMIT));
        let parameters = "1;".repeat(SEPARATOR_LIMIT);
        for (long, short) in [
            ("\x1b[?25;1:2$".into(), "\x1b[?25;1:2$".into()),
            (format!("\x1b[{zeros}00031;{nines}9"), format!("\x1b[{zeros}31;{nines}")),
            (format!("\x1b[{nines}99$9"), format!("\x1b[{nines}$9")),
            (format!("\x1b[{parameters}1;1$"), format!("\x1b[{parameters}11$")),
            ("\x1b[!!!!!".into(), "\x1b[!!!".into()),
            ("\x1b((((((".into(), "\x1b((((".into()),
        ] {
            let mut sequence = long.clone().into_bytes();
            shorten(&mut sequence);
            assert_eq!(String::from_utf8_lossy(&sequence), short, "{long:?}");
        }
        // The longest that can be left.
        let number = zeros + &nines + "9";
        let marked = format!("{number}?").repeat(2 * OTHER_LIMIT);
        let separated = format!("{number};").repeat(2 * SEPARATOR_LIMIT);
        let mut sequence = format!("\x1b[{marked}{separated}").into_bytes();
        shorten(&mut sequence);
        assert!(sequence.len() < SEQUENCE_LIMIT, "{}", sequence.len());
    }

    #[test]
    fn the_room_of_a_long_string_is_let_go() {
        for end in ["\x07", "\x1b\\", "\x18", "\x1b[m"] {
            let mut scanner = Scanner::new();
            scanner.feed(b"\x1b]0;", |_| {});
            scanner.feed(&vec![b'x'; STRING_LIMIT], |_| {});
            assert!(scanner.unfinished.capacity() >= STRING_LIMIT);
            scanner.feed(end.as_bytes(), |_| {});
            assert!(scanner.unfinished.capacity() <= SEQUENCE_LIMIT, "{end:?}");
        }
    }
}
