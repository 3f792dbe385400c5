//! Leaves questions out of output that goes to a terminal which would answer them itself.
//!
//! The screen model answers every question that a program asks of its terminal. A person's
//! own terminal, which is shown the same output, would answer once more, and the program
//! would take the second answer for keys. A page can be told to keep silent; a terminal
//! cannot.

/// Questions are short; what is longer is none and passes as it is.
const LONGEST_QUESTION: usize = 256;

/// ST.
const END_OF_STRING: &[u8] = b"\x1b\\";

/// A filter for one stream of output, cut anywhere.
#[derive(Debug, Default)]
pub struct QueryFilter {
    /// A sequence that has begun and may become a question, from its ESC on.
    held: Vec<u8>,
    /// A control string was passed on before its end was seen. Should a question break it
    /// off, what follows must not be taken for its content.
    in_string: bool,
}

/// What the bytes held so far are.
enum Held {
    /// The sequence goes on.
    Unfinished,
    /// The sequence is complete, and a question or not.
    Complete { question: bool },
}

impl QueryFilter {
    /// The output without its questions. A sequence that is cut at the end is held back until
    /// the next call.
    pub fn filter(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(bytes.len() + self.held.len());
        let mut rest = bytes;
        while let Some((&byte, after)) = rest.split_first() {
            if self.held.is_empty() {
                let text = memchr::memchr(0x1b, rest).unwrap_or(rest.len());
                out.extend_from_slice(&rest[..text]);
                rest = &rest[text..];
                if !rest.is_empty() {
                    self.held.push(0x1b);
                    rest = &rest[1..];
                }
                continue;
            }
            // An ESC breaks a sequence off and begins another; in a control string it may also
            // begin its end, which the byte after it tells.
            let broken_off = match (self.is_string(), self.held.last() == Some(&0x1b)) {
                (true, true) => byte != b'\\',
                (true, false) => false,
                (false, _) => byte == 0x1b,
            };
            if broken_off {
                // Looked at once more, now from the beginning of the other sequence.
                let begun = if self.is_string() { self.held.pop() } else { None };
                self.pass_broken(&mut out);
                self.held.extend(begun);
                continue;
            }
            rest = after;
            match byte {
                // CAN and SUB break everything off, unsaid.
                0x18 | 0x1a => {
                    self.held.clear();
                    out.push(byte);
                    continue;
                }
                // Other control characters take effect where they stand, and what is not ASCII
                // is passed over: neither is part of the sequence around it.
                0x00..=0x1f | 0x7f.. if !self.is_string() => {
                    out.push(byte);
                    continue;
                }
                _ => self.held.push(byte),
            }
            match self.look() {
                Held::Unfinished if self.held.len() <= LONGEST_QUESTION => {}
                Held::Unfinished if self.is_string() => {
                    self.in_string = true;
                    out.append(&mut self.held);
                }
                // No terminal has a use for a control sequence of that length.
                Held::Unfinished => self.held.clear(),
                Held::Complete { question } => {
                    if !question {
                        out.append(&mut self.held);
                    } else if self.in_string {
                        out.extend_from_slice(END_OF_STRING);
                    }
                    self.held.clear();
                    self.in_string = false;
                }
            }
        }
        out
    }

    /// Passes what is held and was broken off by another sequence, as a terminal takes it: a
    /// control string ends there, anything else is forgotten.
    fn pass_broken(&mut self, out: &mut Vec<u8>) {
        if self.is_string() {
            self.held.extend_from_slice(END_OF_STRING);
            if !matches!(self.look(), Held::Complete { question: true }) {
                out.extend_from_slice(&self.held);
            }
        }
        self.held.clear();
    }

    fn is_string(&self) -> bool {
        matches!(self.held.get(1), Some(b']' | b'P'))
    }

    fn look(&self) -> Held {
        let (Some(kind), Some(last)) = (self.held.get(1), self.held.last()) else {
            return Held::Unfinished;
        };
        let body = &self.held[2..];
        match kind {
            b'[' => match body.last() {
                Some(0x40..=0x7e) => Held::Complete { question: is_csi_question(body) },
                _ => Held::Unfinished,
            },
            b']' | b'P' => {
                let ((0x07, [body @ .., _]) | (b'\\', [body @ .., 0x1b, _])) = (last, body) else {
                    return Held::Unfinished;
                };
                let is_question = if *kind == b']' { is_osc_question } else { is_dcs_question };
                Held::Complete { question: is_question(body) }
            }
            // DECID, the oldest way to ask what a terminal is.
            b'Z' => Held::Complete { question: true },
            _ => Held::Complete { question: false },
        }
    }
}

/// `body` is what follows `ESC [`, its final byte included.
fn is_csi_question(body: &[u8]) -> bool {
    let Some((last, parameters)) = body.split_last() else { return false };
    match last {
        // Device attributes: primary, secondary, tertiary. With `?` it is an answer.
        b'c' => parameters.first() != Some(&b'?'),
        // Device status and cursor position; `>` switches key reports off instead.
        b'n' => parameters.first().is_some_and(|first| *first != b'>'),
        // Modes.
        b'p' => parameters.ends_with(b"$"),
        // Name and version.
        b'q' => parameters.starts_with(b">"),
        // Sizes and titles of the window; other numbers change it.
        b't' => matches!(
            parameters.split(|byte| *byte == b';').next(),
            Some(b"11" | b"13" | b"14" | b"15" | b"16" | b"18" | b"19" | b"20" | b"21")
        ),
        // Keyboard protocol.
        b'u' => parameters.starts_with(b"?"),
        // Terminal parameters.
        b'x' => matches!(parameters, b"" | b"0" | b"1"),
        // Checksum of a part of the screen.
        b'y' => parameters.ends_with(b"*"),
        _ => false,
    }
}

/// Colours, the clipboard and a program's status are asked for with a `?` for a value.
fn is_osc_question(body: &[u8]) -> bool {
    let mut parts = body.split(|byte| *byte == b';');
    let asked = matches!(
        parts.next(),
        Some(
            b"4" | b"5"
                | b"10"
                | b"11"
                | b"12"
                | b"13"
                | b"14"
                | b"15"
                | b"16"
                | b"17"
                | b"18"
                | b"19"
                | b"52"
                | b"7501"
        )
    );
    asked && parts.any(|part| part == b"?")
}

/// Settings (`$q`) and capabilities (`+q`).
fn is_dcs_question(body: &[u8]) -> bool {
    body.starts_with(b"$q") || body.starts_with(b"+q")
}
