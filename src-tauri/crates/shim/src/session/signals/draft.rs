//! Whether somebody has begun to type something and not sent it off: what would be mixed up
//! with a prompt that is typed now. It counts characters and knows no editor's keys but those
//! that all of them share.

/// What stands in the composer, as far as keys tell.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Draft {
    characters: usize,
    /// In a bracketed paste a line's end is text like any other.
    pasting: bool,
    /// Enter was pressed, and what stands there was typed after it.
    pub(super) entered: bool,
}

impl Draft {
    /// Takes what was typed; answers whether it was more than a terminal's own reports. Ctrl-J is
    /// Enter to a shell, and a line's end in what an agent's composer holds.
    pub(super) fn typed(&mut self, bytes: &[u8], to_shell: bool) -> bool {
        let mut rest = bytes;
        let mut is_typing = false;
        while let [first, after @ ..] = rest {
            rest = after;
            match first {
                0x1b => {
                    let (sequence, left) = split_sequence(rest);
                    // A lone Escape is a key; in most composers it clears or leaves.
                    is_typing |= sequence.is_empty();
                    match sequence {
                        b"[200~" => self.pasting = true,
                        b"[201~" => self.pasting = false,
                        _ => {}
                    }
                    rest = left;
                    continue;
                }
                _ if self.pasting => {
                    self.characters += usize::from(!(0x80..=0xbf).contains(first));
                }
                b'\n' if !to_shell => self.characters += 1,
                b'\r' | b'\n' => {
                    self.characters = 0;
                    self.entered = true;
                }
                // Ctrl-C, Ctrl-D, Ctrl-U.
                0x03 | 0x04 | 0x15 => self.characters = 0,
                0x08 | 0x7f => self.characters = self.characters.saturating_sub(1),
                // The other bytes of a character that counts as one.
                0x80..=0xbf | 0x00..=0x1f => {}
                _ => self.characters += 1,
            }
            is_typing = true;
        }
        is_typing
    }

    pub(super) fn is_there(&self) -> bool {
        self.characters > 0
    }

    /// What was typed since was for something else. A paste that has ended has ended all the same.
    pub(super) fn back_to(&mut self, before: Self) {
        *self = Self { pasting: self.pasting, ..before };
    }
}

/// Divides what follows ESC into the rest of its sequence and what comes after that. Keys,
/// the mouse, focus and the brackets of a paste are such sequences.
fn split_sequence(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = match bytes {
        // X10 mouse reports have three more bytes.
        [b'[', b'M', _, _, _, ..] => 5,
        [b'[', rest @ ..] => {
            let last = rest.iter().position(|byte| (0x40..=0x7e).contains(byte));
            last.map_or(bytes.len(), |last| last + 2)
        }
        [b'O', _, ..] => 2,
        [] => 0,
        // Alt and a key, or what the program asked for and the shim answers.
        [_, ..] => 1,
    };
    bytes.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_a_draft_until_it_is_sent_or_taken_back() {
        for (typed, is_draft) in [
            ("hello", true),
            ("hello\r", false),
            ("ab\x7f\x7f", false),
            ("ab\x7f", true),
            ("漢\x7f", false),
            ("ab\x03", false),
            ("\x1b[A\x1b[I\x1b[<0;3;4M\x1b[M !!", false),
            ("\x1b[200~a paste\x1b[201~", true),
            ("\x1b[200~a paste\x1b[201~\r", false),
            ("\x1b[200~lines\n\x1b[201~", true),
            ("\x1bb\x1bOA", false),
        ] {
            let mut draft = Draft::default();
            draft.typed(typed.as_bytes(), false);
            assert_eq!(draft.is_there(), is_draft, "{typed:?}");
        }
        for (to_shell, is_draft) in [(true, false), (false, true)] {
            let mut draft = Draft::default();
            draft.typed(b"half\n", to_shell);
            assert_eq!((draft.is_there(), draft.entered), (is_draft, to_shell));
        }
    }

    #[test]
    fn enter_is_told_from_a_lines_end_in_a_paste() {
        for (typed, entered) in [
            ("ls\r", true),
            ("ls\n", true),
            ("\x1b[200~two\rlines\x1b[201~", false),
            ("ab\x03", false),
        ] {
            let mut draft = Draft::default();
            draft.typed(typed.as_bytes(), true);
            assert_eq!(draft.entered, entered, "{typed:?}");
        }
    }

    #[test]
    fn reports_of_the_terminal_are_no_typing() {
        let mut draft = Draft::default();
        for report in ["\x1b[I", "\x1b[<35;1;1M", ""] {
            assert!(!draft.typed(report.as_bytes(), false), "{report:?}");
        }
        for key in ["a", "\x1b", "\r"] {
            assert!(draft.typed(key.as_bytes(), false), "{key:?}");
        }
    }
}
