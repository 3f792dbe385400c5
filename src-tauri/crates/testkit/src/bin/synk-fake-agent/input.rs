//! What the terminal sends, as keys, pastes and answers. A pure parser: it takes bytes however
//! they are cut, and knows nothing of time but that an Escape is one when nothing follows it.

/// One thing that was typed, pasted or answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Input {
    /// Characters; a line feed and a tab are some.
    Text(Vec<u8>),
    /// What stood between the brackets of a paste.
    Paste(Vec<u8>),
    /// A carriage return.
    Enter,
    /// Escape by itself.
    Escape,
    /// Ctrl-C.
    Interrupt,
    /// Backspace.
    Backspace,
    /// Ctrl-U.
    Clear,
    /// The terminal answers the question whether it listens to reports, with these bytes.
    Listens(Vec<u8>),
    /// The terminal answers what it is.
    Attributes,
    /// The terminal says something else that nobody typed: it has the focus, it has a size.
    Told,
    /// Any other key.
    Key(Vec<u8>),
}

const PASTE_BEGINS: &[u8] = b"\x1b[200~";
const PASTE_ENDS: &[u8] = b"\x1b[201~";

/// Turns bytes into [`Input`].
#[derive(Debug, Default)]
pub(crate) struct Parser {
    /// What has no meaning yet.
    held: Vec<u8>,
    /// In a paste: up to where its end was looked for.
    pasting: Option<usize>,
}

impl Parser {
    /// What these bytes complete.
    pub(crate) fn feed(&mut self, bytes: &[u8]) -> Vec<Input> {
        self.held.extend_from_slice(bytes);
        let mut inputs = Vec::new();
        while let Some(input) = self.next() {
            match (input, inputs.last_mut()) {
                (Input::Text(more), Some(Input::Text(text))) => text.extend(more),
                (input, _) => inputs.push(input),
            }
        }
        inputs
    }

    /// Whether an Escape waits for what may follow it.
    pub(crate) fn waits(&self) -> bool {
        self.pasting.is_none() && !self.held.is_empty()
    }

    /// Nothing followed in time.
    pub(crate) fn give_up(&mut self) -> Option<Input> {
        if !self.waits() {
            return None;
        }
        let held = std::mem::take(&mut self.held);
        Some(if held == [0x1b] { Input::Escape } else { Input::Key(held) })
    }

    fn next(&mut self) -> Option<Input> {
        if let Some(searched) = self.pasting {
            let Some(end) = find(&self.held, PASTE_ENDS, searched) else {
                self.pasting = Some(self.held.len().saturating_sub(PASTE_ENDS.len()));
                return None;
            };
            let rest = self.held.split_off(end + PASTE_ENDS.len());
            let mut paste = std::mem::replace(&mut self.held, rest);
            paste.truncate(end);
            self.pasting = None;
            return Some(Input::Paste(paste));
        }
        let first = *self.held.first()?;
        let (length, input) = match first {
            b'\r' => (1, Input::Enter),
            0x03 => (1, Input::Interrupt),
            0x7f | 0x08 => (1, Input::Backspace),
            0x15 => (1, Input::Clear),
            0x1b => {
                let length = sequence(&self.held)?;
                let bytes = &self.held[..length];
                if bytes == PASTE_BEGINS {
                    self.held.drain(..length);
                    self.pasting = Some(0);
                    return self.next();
                }
                (length, meaning(bytes))
            }
            b'\n' | b'\t' | 0x20.. => {
                let is_text = |byte: &u8| matches!(byte, b'\n' | b'\t' | 0x20..=0x7e | 0x80..);
                let length = self.held.iter().take_while(|byte| is_text(byte)).count();
                (length, Input::Text(self.held[..length].to_vec()))
            }
            other => (1, Input::Key(vec![other])),
        };
        self.held.drain(..length);
        Some(input)
    }
}

/// What a whole escape sequence means.
fn meaning(bytes: &[u8]) -> Input {
    match bytes {
        _ if bytes.starts_with(b"\x1b]7501;") => Input::Listens(bytes.to_vec()),
        _ if bytes.starts_with(b"\x1b[?") && bytes.ends_with(b"c") => Input::Attributes,
        b"\x1b[I" | b"\x1b[O" => Input::Told,
        _ if bytes.starts_with(b"\x1b]") || bytes.starts_with(b"\x1bP") => Input::Told,
        _ => Input::Key(bytes.to_vec()),
    }
}

/// How long the escape sequence at the beginning is, once it is whole.
fn sequence(bytes: &[u8]) -> Option<usize> {
    let rest = &bytes[1..];
    let after = |length: usize| 1 + length;
    match rest.first()? {
        b'[' => {
            let last = rest[1..].iter().position(|byte| matches!(byte, 0x40..=0x7e))?;
            Some(after(last + 2))
        }
        b']' | b'P' => {
            let bell = rest.iter().position(|byte| *byte == 0x07).map(|at| after(at + 1));
            let string = find(rest, b"\x1b\\", 0).map(|at| after(at + 2));
            [bell, string].into_iter().flatten().min()
        }
        b'O' => (rest.len() > 1).then_some(3),
        // Two Escapes are two Escapes.
        0x1b => Some(1),
        _ => Some(2),
    }
}

fn find(bytes: &[u8], wanted: &[u8], from: usize) -> Option<usize> {
    let found = bytes[from..].windows(wanted.len()).position(|window| window == wanted)?;
    Some(from + found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Input {
        Input::Text(text.into())
    }

    fn typed() -> (Vec<u8>, Vec<Input>) {
        let bytes = "é\tb\r\x1b[200~line\n\x1b[20\x1b\r\x03 ~\x1b[201~\x1b[I\x1b]7501;?\x1b\\\
                     \x1b[?1;2c\x03\x15\x7f\x1b[A\x1bOP\x1b]11;rgb:0/0/0\x07c";
        let inputs = vec![
            text("é\tb"),
            Input::Enter,
            Input::Paste("line\n\x1b[20\x1b\r\x03 ~".into()),
            Input::Told,
            Input::Listens("\x1b]7501;?\x1b\\".into()),
            Input::Attributes,
            Input::Interrupt,
            Input::Clear,
            Input::Backspace,
            Input::Key("\x1b[A".into()),
            Input::Key("\x1bOP".into()),
            Input::Told,
            text("c"),
        ];
        (bytes.into(), inputs)
    }

    #[test]
    fn input_is_the_same_however_it_is_cut() {
        let (bytes, inputs) = typed();
        assert_eq!(Parser::default().feed(&bytes), inputs);
        for cut in 0..bytes.len() {
            let mut parser = Parser::default();
            let mut read = parser.feed(&bytes[..cut]);
            for input in parser.feed(&bytes[cut..]) {
                match (input, read.last_mut()) {
                    (Input::Text(more), Some(Input::Text(text))) => text.extend(more),
                    (input, _) => read.push(input),
                }
            }
            assert_eq!(read, inputs, "cut at {cut}");
        }
    }

    #[test]
    fn an_escape_is_one_when_nothing_follows() {
        let mut parser = Parser::default();
        assert_eq!(parser.feed(b"\x1b"), []);
        assert!(parser.waits());
        assert_eq!(parser.give_up(), Some(Input::Escape));
        assert_eq!(parser.feed(b"\x1b\x1b"), [Input::Key(vec![0x1b])]);
        assert_eq!(parser.feed(b"[A"), [Input::Key(b"\x1b[A".into())]);
        assert_eq!(parser.feed(b"\x1b[200~half"), []);
        assert!(!parser.waits(), "a paste takes the time it takes");
        assert_eq!(parser.give_up(), None);
    }
}
