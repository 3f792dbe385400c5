//! What a program has put out and when: bytes and arrivals since a moment, and the screen that
//! they make. It takes what it is given and waits for nothing.

use std::time::Instant;
use synk_screen::Screen;

/// Output as it came in.
pub(crate) struct Output {
    size: (u16, u16),
    screen: Screen,
    /// All that came since `begin`, of which the screen has seen the first `parsed` bytes.
    recent: Vec<u8>,
    parsed: usize,
    /// When each piece of that came, and where it ends.
    arrivals: Vec<(Instant, usize)>,
    /// All that came before that.
    before: u64,
    pub(crate) held: bool,
    pub(crate) paused: bool,
    pub(crate) ended: bool,
}

impl Output {
    pub(crate) fn new(cols: u16, rows: u16) -> Self {
        Self {
            size: (cols, rows),
            screen: Screen::new(cols, rows, 0),
            recent: Vec::new(),
            parsed: 0,
            arrivals: Vec::new(),
            before: 0,
            held: false,
            paused: false,
            ended: false,
        }
    }

    /// Takes what has come, and answers what the terminal replies to it.
    pub(crate) fn take(&mut self, at: Instant, bytes: &[u8]) -> Vec<u8> {
        self.recent.extend_from_slice(bytes);
        self.arrivals.push((at, self.recent.len()));
        if self.held {
            return Vec::new();
        }
        self.parse();
        self.screen.take_replies()
    }

    fn parse(&mut self) {
        self.screen.feed(&self.recent[self.parsed..]);
        self.parsed = self.recent.len();
    }

    /// Forgets what came so far, but for what it left on the screen.
    pub(crate) fn begin(&mut self) {
        self.parse();
        self.before += self.recent.len() as u64;
        self.recent.clear();
        self.arrivals.clear();
        self.parsed = 0;
    }

    pub(crate) fn bytes(&self) -> u64 {
        self.before + self.recent.len() as u64
    }

    /// The last arrival since `begin`, and how many bytes came since then.
    pub(crate) fn last(&self) -> Option<(Instant, usize)> {
        self.arrivals.last().copied()
    }

    /// When the first `text` that ends behind `from` was there as a whole.
    pub(crate) fn found(&self, text: &[u8], from: usize) -> Option<Instant> {
        let start = from.saturating_sub(text.len().saturating_sub(1));
        let place = self.recent[start..].windows(text.len()).position(|part| part == text)?;
        let end = start + place + text.len();
        let arrival = self.arrivals.partition_point(|(_, until)| *until < end);
        self.arrivals.get(arrival).map(|(at, _)| *at)
    }

    /// The arrival that was the last to change a cell, had all come to an empty screen.
    pub(crate) fn settled(&self) -> Option<Instant> {
        let mut screen = Screen::new(self.size.0, self.size.1, 0);
        let mut cells = screen.cells();
        let (mut settled, mut start) = (None, 0);
        for &(at, end) in &self.arrivals {
            screen.feed(&self.recent[start..end]);
            start = end;
            let now = screen.cells();
            if now != cells {
                (cells, settled) = (now, Some(at));
            }
        }
        settled
    }

    /// The text and the cells of the screen.
    pub(crate) fn screen(&mut self) -> (String, Vec<Vec<u8>>) {
        self.parse();
        self.held = false;
        self.screen.flush_sync();
        (self.screen.text(), self.screen.cells())
    }
}
