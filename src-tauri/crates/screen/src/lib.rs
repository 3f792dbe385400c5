//! A terminal without a window: it takes a program's output, holds the screen and its
//! scrollback, answers the program's questions, and can write its whole state back as
//! escape sequences that bring any fresh terminal to the same picture.
//!
//! It reads no files, starts no threads and knows no clock but the one limit on
//! synchronized output. It is not a renderer: sizes are cells, colours are names.
//!
//! # Where a live viewer may differ
//!
//! Snapshots are exact, see [`Screen::snapshot`]. Between them a viewer reads the program's
//! own bytes, and where xterm.js was found to take them otherwise, the model follows it
//! (`edit`, `handler`). What is left, until the next snapshot:
//!
//! * Blinking, overlined and protected text is ordinary text here; reverse wrap-around is off.
//! * Moves up, down and sideways in origin mode: xterm.js adds the top margin once more.
//! * The alternate screen has margins and tab stops of its own in xterm.js, and modes 47 and
//!   1047 keep the cursor's place there.
//! * A saved cursor brings back its underline, its link and all character sets here, and it
//!   stays on its line of the screen; in xterm.js it goes along with a line that scrolls.
//! * Half a wide character that is written over keeps its own background here.
//! * A combining character at the very beginning of a row joins the first cell here and takes
//!   one there.
//! * C1 controls in UTF-8, invalid UTF-8, and control strings that CAN breaks off.
//! * Which rows count as one line after rows were inserted, removed or resized.

mod cells;
mod directory;
mod edit;
mod handler;
mod model;
mod mouse;
mod query_filter;
mod replies;
mod rows;
mod scan;
mod snapshot;
mod soft_reset;
mod style;
#[cfg(test)]
mod tests;

use std::path::Path;
use std::time::Instant;

use alacritty_terminal::grid::Dimensions as _;
use alacritty_terminal::index::Line;
use alacritty_terminal::term::TermMode;
use alacritty_terminal::term::cell::Flags;
use alacritty_terminal::vte::ansi::Processor;

use model::{Model, Size};
pub use query_filter::QueryFilter;
pub use replies::{Palette, Rgb};
use scan::{Piece, Scanner, Unheard};

/// What a snapshot holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The visible screen only, for a terminal that has a history of its own: nothing in
    /// it clears that history.
    Screen,
    /// History and screen, for a viewer that shows this terminal and nothing else: it
    /// starts with a full reset.
    Scrollback,
}

/// Something that a program tells of itself, undecoded and untrusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// Of its status, in the Program Status Protocol: what follows `OSC 7501 ;`.
    Report(Vec<u8>),
    /// Of prompt and command: what follows `OSC 133 ;` or `OSC 633 ;`.
    Shell(Vec<u8>),
    /// It has reset the terminal, and with it all that was told.
    Reset,
}

/// One terminal's state.
pub struct Screen {
    model: Model,
    parser: Processor,
    scanner: Scanner,
    /// The output that the parser holds back during a synchronized update.
    held: Vec<u8>,
}

impl Screen {
    /// An empty screen. Sizes are brought into 2–1000 columns and 1–1000 rows;
    /// `scrollback_lines` is how many lines above the screen are kept.
    #[must_use]
    pub fn new(cols: u16, rows: u16, scrollback_lines: usize) -> Self {
        Self {
            model: Model::new(Size::clamped(cols, rows), scrollback_lines),
            parser: Processor::new(),
            scanner: Scanner::new(),
            held: Vec::new(),
        }
    }

    /// Takes the program's output: all of it, in order, cut anywhere.
    pub fn feed(&mut self, bytes: &[u8]) {
        self.flush_overdue();
        let Self { model, parser, scanner, held } = self;
        scanner.feed(bytes, |piece| match piece {
            Piece::Output(output) => {
                parser.advance(model, output);
                hold(held, output, parser.sync_bytes_count());
            }
            Piece::Unheard(unheard) => {
                // Who resets the terminal in the middle of an update has given it up.
                if unheard == Unheard::SoftReset {
                    parser.stop_sync(model);
                    held.clear();
                }
                model.hear(unheard);
            }
        });
    }

    /// Changes the size, within the bounds of [`Screen::new`]. Lines of the primary screen
    /// are wrapped anew.
    pub fn resize(&mut self, cols: u16, rows: u16) {
        self.model.resize(Size::clamped(cols, rows));
    }

    /// Changes how many lines above the screen are kept: the newest of those that are there.
    pub fn set_scrollback(&mut self, lines: usize) {
        self.model.set_scrollback(lines);
    }

    /// Answers to the program's questions since the last call, to be written to it. No one
    /// else may answer.
    pub fn take_replies(&mut self) -> Vec<u8> {
        self.model.replies.take()
    }

    /// When a synchronized update (mode 2026) that the program began and did not end has
    /// to be shown regardless: call [`Screen::flush_sync`] then. `None` when none is open.
    #[must_use]
    pub fn sync_deadline(&self) -> Option<Instant> {
        self.parser.sync_timeout().sync_timeout()
    }

    /// Applies what an open synchronized update holds back.
    pub fn flush_sync(&mut self) {
        self.parser.stop_sync(&mut self.model);
        self.held = Vec::new();
    }

    /// Escape sequences that bring a fresh terminal of the same size to this state, as of
    /// the last byte fed: a viewer that gets them and every byte after that is in step.
    ///
    /// A synchronized update that is under way is not taken apart: the state is the one
    /// before it, and then it begins, for the viewer to hold back as well.
    pub fn snapshot(&mut self, scope: Scope) -> Vec<u8> {
        self.flush_overdue();
        let mut out = snapshot::write(&mut self.model, scope);
        if self.sync_deadline().is_some() {
            out.extend_from_slice(b"\x1b[?2026h");
            out.extend_from_slice(&self.held);
        } else {
            out.extend_from_slice(self.scanner.unfinished());
        }
        out
    }

    fn flush_overdue(&mut self) {
        if self.sync_deadline().is_some_and(|deadline| deadline <= Instant::now()) {
            self.flush_sync();
        }
    }

    /// The visible rows, one per line: trailing spaces and the empty rows at the bottom
    /// are left out, wrapped rows stay separate.
    #[must_use]
    pub fn text(&self) -> String {
        let grid = self.model.term.grid();
        let mut text = String::new();
        for line in 0..=grid.bottommost_line().0 {
            let row = &grid[Line(line)][..];
            let start = text.len();
            for cell in row.iter().filter(|cell| !cell.flags.contains(Flags::WIDE_CHAR_SPACER)) {
                text.push(cell.c);
                text.extend(cell.zerowidth().unwrap_or_default());
            }
            text.truncate(text[start..].trim_end_matches(' ').len() + start);
            text.push('\n');
        }
        text.truncate(text.trim_end_matches('\n').len());
        text
    }

    /// What each visible cell shows, row by row: its looks as escape sequences, then its text.
    /// Two cells that look alike are equal; the second half of a wide character is empty.
    #[must_use]
    pub fn cells(&self) -> Vec<Vec<u8>> {
        cells::shown(self.model.term.grid())
    }

    /// The text of the cursor's row in front of the cursor, with its spaces.
    #[must_use]
    pub fn text_before_cursor(&self) -> String {
        let grid = self.model.term.grid();
        let cursor = grid.cursor.point;
        let cells = &grid[cursor.line][..cursor.column];
        let cells = cells.iter().filter(|cell| !cell.flags.contains(Flags::WIDE_CHAR_SPACER));
        cells.map(|cell| cell.c).collect()
    }

    /// The title the program set.
    #[must_use]
    pub fn title(&self) -> Option<&str> {
        self.model.title.as_deref()
    }

    /// How often programs have set the title, also to what it was.
    #[must_use]
    pub fn titles_set(&self) -> u64 {
        self.model.titles_set
    }

    /// The directory of this machine that the program last said it works in (OSC 7). `None`
    /// when it said nothing, or works on another machine.
    #[must_use]
    pub fn current_dir(&self) -> Option<&Path> {
        self.model.directory.as_ref()?.local()
    }

    /// Whether the bell has rung since the last call.
    pub fn take_bell(&mut self) -> bool {
        std::mem::take(&mut self.model.bell)
    }

    /// What the program has told of itself since the last call, in order: at most 256 things
    /// of at most 4 KiB.
    pub fn take_told(&mut self) -> Vec<Told> {
        self.model.told.drain(..).collect()
    }

    /// Whether a paste is to be bracketed (mode 2004).
    #[must_use]
    pub fn bracketed_paste(&self) -> bool {
        self.model.term.mode().contains(TermMode::BRACKETED_PASTE)
    }

    /// Whether the program shows the alternate screen.
    #[must_use]
    pub fn alternate_screen(&self) -> bool {
        self.model.term.mode().contains(TermMode::ALT_SCREEN)
    }

    /// Sets the colours told to programs that ask for them, at any time. What a program has
    /// set itself goes before them until it resets it.
    pub fn set_palette(&mut self, palette: Palette) {
        self.model.palette = palette;
    }
}

/// Keeps the end of the output that the parser has taken and not yet applied: its last
/// `count` bytes.
fn hold(held: &mut Vec<u8>, output: &[u8], count: usize) {
    if count == 0 {
        if !held.is_empty() {
            *held = Vec::new();
        }
        return;
    }
    held.extend_from_slice(output);
    held.drain(..held.len().saturating_sub(count));
}
