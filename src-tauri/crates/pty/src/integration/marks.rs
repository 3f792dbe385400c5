//! What a parked shell tells its owner, taken out of its output. Not the marks of OSC 133,
//! which are for everybody and stay in.

/// How every mark begins; the nonce and the news follow, then BEL.
const OPENING: &[u8] = b"\x1b]7733;";
/// Longer than any news.
const LONGEST: usize = 32;

/// What a shell tells about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It has read its start-up files and waits for a claim.
    Parked,
    /// It is what the claim says: what follows is its prompt, or the program's output. The
    /// files of the channel are not needed any more.
    Claimed,
    /// It could not become what the claim says.
    Refused(Refusal),
}

/// Why a shell refused a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The directory is not there or may not be entered. Nothing has changed; the shell
    /// parks again.
    Directory,
    /// A variable cannot be set or removed, mostly because start-up files made it
    /// read-only. The shell ends.
    Environment,
    /// There is no such program. The shell ends.
    Program,
}

/// A part of a shell's output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Bytes for the terminal.
    Output(&'a [u8]),
    /// A mark that stood between them.
    Mark(Mark),
}

/// Takes a shell's marks out of its output. It is needed until the shell is claimed.
#[derive(Debug)]
pub struct MarkScanner {
    opening: Vec<u8>,
    /// What may be the beginning of a mark, once more has come.
    held: Vec<u8>,
}

impl MarkScanner {
    pub(super) fn new(nonce: &str) -> Self {
        Self { opening: [OPENING, nonce.as_bytes(), b";"].concat(), held: Vec::new() }
    }

    /// Goes through the next bytes and hands out their pieces in order. The last few bytes
    /// are kept for the next call when a mark may begin in them.
    pub fn scan(&mut self, bytes: &[u8], mut each: impl FnMut(Piece<'_>)) {
        let joined;
        let mut rest = if self.held.is_empty() {
            bytes
        } else {
            joined = [&std::mem::take(&mut self.held), bytes].concat();
            &joined
        };
        // Of `rest`, what is known to be output.
        let mut output = 0;
        while let Some(escape) = rest[output..].iter().position(|byte| *byte == b'\x1b') {
            let start = output + escape;
            match self.mark(&rest[start..]) {
                Found::Mark(mark, length) => {
                    if start > 0 {
                        each(Piece::Output(&rest[..start]));
                    }
                    each(Piece::Mark(mark));
                    rest = &rest[start + length..];
                    output = 0;
                }
                Found::Nothing => output = start + 1,
                Found::Beginning => {
                    self.held = rest[start..].to_vec();
                    rest = &rest[..start];
                    break;
                }
            }
        }
        if !rest.is_empty() {
            each(Piece::Output(rest));
        }
    }

    /// Returns what was kept, of which no mark will come any more.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.held)
    }

    fn mark(&self, bytes: &[u8]) -> Found {
        let Some(rest) = bytes.strip_prefix(self.opening.as_slice()) else {
            return if self.opening.starts_with(bytes) { Found::Beginning } else { Found::Nothing };
        };
        let Some(length) = rest.iter().take(LONGEST).position(|byte| *byte == b'\x07') else {
            return if rest.len() < LONGEST { Found::Beginning } else { Found::Nothing };
        };
        let mark = match &rest[..length] {
            b"parked" => Mark::Parked,
            b"claimed" => Mark::Claimed,
            b"refused;directory" => Mark::Refused(Refusal::Directory),
            b"refused;environment" => Mark::Refused(Refusal::Environment),
            b"refused;program" => Mark::Refused(Refusal::Program),
            _ => return Found::Nothing,
        };
        Found::Mark(mark, self.opening.len() + length + 1)
    }
}

enum Found {
    /// A mark, and its length.
    Mark(Mark, usize),
    /// Something else.
    Nothing,
    /// Perhaps the beginning of a mark.
    Beginning,
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &[u8] =
        b"a\x1b[1mb\x1b]7733;n0;parked\x07c\x1b]7733;n1;parked\x07\x1b]7733;n0;refused;directory\x07\x1b]7733;n0;odd\x07d\x1b";

    fn pieces(chunks: &[&[u8]]) -> (Vec<u8>, Vec<(usize, Mark)>) {
        let mut scanner = MarkScanner::new("n0");
        let (mut output, mut marks) = (Vec::new(), Vec::new());
        for chunk in chunks {
            scanner.scan(chunk, |piece| match piece {
                Piece::Output(bytes) => output.extend_from_slice(bytes),
                Piece::Mark(mark) => marks.push((output.len(), mark)),
            });
        }
        output.extend(scanner.take());
        (output, marks)
    }

    #[test]
    fn marks_are_found_wherever_the_output_is_cut() {
        let expected = (
            b"a\x1b[1mbc\x1b]7733;n1;parked\x07\x1b]7733;n0;odd\x07d\x1b".to_vec(),
            vec![(6, Mark::Parked), (24, Mark::Refused(Refusal::Directory))],
        );
        assert_eq!(pieces(&[TEXT]), expected);
        for cut in 0..TEXT.len() {
            assert_eq!(pieces(&[&TEXT[..cut], &TEXT[cut..]]), expected, "cut at {cut}");
        }
        let bytes: Vec<&[u8]> = TEXT.chunks(1).collect();
        assert_eq!(pieces(&bytes), expected);
    }

    #[test]
    fn an_opening_without_an_end_is_output() {
        let text = [&b"\x1b]7733;n0;"[..], &[b'x'; 100]].concat();
        assert_eq!(pieces(&[&text]), (text.clone(), vec![]));
    }
}
