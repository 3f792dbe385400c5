//! Leaves questions out of output that goes to a terminal which would answer them itself.
//!
//! The screen model answers every question that a program asks of its terminal. A person's
//! own terminal, which is shown the same output, would answer once more, and the program
//! would take the second answer for keys. A page can be told to keep silent; a terminal
//! cannot.

/// Questions are short. A control string that has asked nothing by then is none and passes as
/// it is; any other sequence of that length means nothing to any terminal and is left out.
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
    /// What is held is left out, whatever follows: only its end is waited for.
    left_out: bool,
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
                    self.forget();
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
                // What it begins is told by the byte after it.
                Held::Unfinished if byte == 0x1b => {}
                Held::Unfinished => {
                    self.left_out |= !self.is_string() || self.has_asked();
                    if self.left_out {
                        self.held.truncate(LONGEST_QUESTION);
                    } else {
                        self.in_string = true;
                        out.append(&mut self.held);
                    }
                }
                Held::Complete { question } => {
                    if !question && !self.left_out {
                        out.append(&mut self.held);
                    } else if self.in_string {
                        out.extend_from_slice(END_OF_STRING);
                    }
                    self.forget();
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
            if !self.left_out && !matches!(self.look(), Held::Complete { question: true }) {
                out.extend_from_slice(&self.held);
            }
        }
        self.forget();
    }

    fn forget(&mut self) {
        self.held.clear();
        self.left_out = false;
    }

    fn is_string(&self) -> bool {
        matches!(self.held.get(1), Some(b']' | b'P' | b'_'))
    }

    /// Whether the control string that is held has asked something by now.
    fn has_asked(&self) -> bool {
        self.held.get(1).is_some_and(|kind| is_string_question(*kind, &self.held[2..]))
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
            b']' | b'P' | b'_' => {
                let body = match (last, body) {
                    (b'\\', [body @ .., 0x1b, _]) => body,
                    // Nothing but ST ends an APC.
                    (0x07, [body @ .., _]) if *kind != b'_' => body,
                    _ => return Held::Unfinished,
                };
                Held::Complete { question: is_string_question(*kind, body) }
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
        // Device status and cursor position; with `>` which keys are sent how, as below.
        b'n' => !parameters.is_empty(),
        // Which keys are sent how (XTMODKEYS, XTQMODKEYS).
        b'm' => matches!(parameters.first(), Some(b'>' | b'?')),
        // Modes.
        b'p' => parameters.ends_with(b"$"),
        // Name and version.
        b'q' => parameters.starts_with(b">"),
        // Sizes and titles of the window; other numbers change it.
        b't' => matches!(
            parameters.split(|byte| *byte == b';').next(),
            Some(b"11" | b"13" | b"14" | b"15" | b"16" | b"18" | b"19" | b"20" | b"21")
        ),
        // Limits of graphics (XTSMGRAPHICS). Without `?` it scrolls.
        b'S' => parameters.starts_with(b"?"),
        // Keyboard protocol: asked for, set and taken back. Alone it restores the cursor.
        b'u' => matches!(parameters.first(), Some(b'?' | b'>' | b'<' | b'=')),
        // Terminal parameters.
        b'x' => matches!(parameters, b"" | b"0" | b"1"),
        // Checksum of a part of the screen.
        b'y' => parameters.ends_with(b"*"),
        _ => false,
    }
}

/// `body` is what follows the opening of a control string of that kind, without its end.
fn is_string_question(kind: u8, body: &[u8]) -> bool {
    match kind {
        b']' => is_osc_question(body),
        b'P' => is_dcs_question(body),
        _ => is_apc_question(body),
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

/// Whether the kitty graphics protocol is spoken (`G`, with the action `q` among its keys).
fn is_apc_question(body: &[u8]) -> bool {
    let Some(command) = body.strip_prefix(b"G") else { return false };
    let keys = command.split(|byte| *byte == b';').next().unwrap_or_default();
    keys.split(|byte| *byte == b',').any(|key| key == b"a=q")
}
