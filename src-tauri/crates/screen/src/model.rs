//! The terminal model: `alacritty_terminal` behind a handler that mirrors the few facts
//! it keeps to itself (margins, tab stops, title, active character set), answers queries
//! in this terminal's name, and turns away input that would make it fail or grow without
//! bound.
//!
//! It does not write snapshots; see `snapshot`.

use std::mem;

use alacritty_terminal::grid::{Dimensions, Grid};
use alacritty_terminal::index::Line;
use alacritty_terminal::term::cell::{Cell, Flags};
use alacritty_terminal::term::{Config, Osc52, Term, TermMode};
use alacritty_terminal::vte::ansi::CharsetIndex;

use crate::replies::{self, Palette, Replies};
use crate::scan::Query;
use crate::style;

/// Characters of a title that are kept.
pub(crate) const TITLE_LIMIT: usize = 1024;
/// Titles a program can push; the oldest goes first.
pub(crate) const TITLE_STACK_LIMIT: usize = 10;
/// Bytes of a link's address; a longer one is shown as text without a link.
pub(crate) const LINK_LIMIT: usize = 2083;
/// Combining characters one cell takes; more are dropped.
const COMBINING_LIMIT: usize = 16;

/// Columns and rows, in the bounds the model can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) cols: usize,
    pub(crate) rows: usize,
}

impl Size {
    /// A wide character needs two columns; a thousand of each is more than any display
    /// shows and bounds the memory.
    pub(crate) fn clamped(cols: u16, rows: u16) -> Self {
        Self { cols: usize::from(cols).clamp(2, 1000), rows: usize::from(rows).clamp(1, 1000) }
    }
}

impl Dimensions for Size {
    fn total_lines(&self) -> usize {
        self.rows
    }

    fn screen_lines(&self) -> usize {
        self.rows
    }

    fn columns(&self) -> usize {
        self.cols
    }
}

pub(crate) struct Model {
    pub(crate) term: Term<Replies>,
    pub(crate) replies: Replies,
    pub(crate) palette: Palette,
    /// First and last line of the scroll region, counted from one; `None` is the screen.
    pub(crate) margins: Option<(usize, usize)>,
    /// One flag per column.
    pub(crate) tabs: Vec<bool>,
    pub(crate) title: Option<String>,
    pub(crate) titles: Vec<Option<String>>,
    pub(crate) charset: CharsetIndex,
    /// Whether a program chose a cursor style; otherwise it is the viewer's own.
    pub(crate) cursor_styled: bool,
    /// Whether a program ever changed a colour.
    pub(crate) colored: bool,
    /// Whether the screen that is not shown has been resized since it was.
    other_resized: bool,
}

impl Model {
    pub(crate) fn new(size: Size, scrollback: usize) -> Self {
        let config = Config {
            scrolling_history: scrollback,
            osc52: Osc52::Disabled,
            kitty_keyboard: false,
            ..Config::default()
        };
        let replies = Replies::default();
        Self {
            term: Term::new(config, &size, replies.clone()),
            replies,
            palette: Palette::default(),
            margins: None,
            tabs: default_tabs(0, size.cols).collect(),
            title: None,
            titles: Vec::new(),
            charset: CharsetIndex::G0,
            cursor_styled: false,
            colored: false,
            other_resized: false,
        }
    }

    /// Changes the size of both screens.
    pub(crate) fn resize(&mut self, size: Size) {
        if size.cols == self.term.columns() && size.rows == self.term.screen_lines() {
            return;
        }
        self.term.resize(size);
        self.mend();
        self.other_resized = true;
        self.margins = None;
        let before = self.tabs.len();
        self.tabs.truncate(size.cols);
        self.tabs.extend(default_tabs(before, size.cols));
    }

    /// Changes between the primary and the alternate screen.
    pub(crate) fn show_alternate(&mut self, wanted: bool) {
        if self.term.mode().contains(TermMode::ALT_SCREEN) == wanted {
            return;
        }
        self.term.swap_alt();
        if mem::take(&mut self.other_resized) {
            self.mend();
            if wanted {
                self.term.grid_mut().reset_region(..);
            }
        }
    }

    /// Shows `look` the primary screen while the alternate one is shown to the user. It can
    /// only be read by changing places, which would clear the alternate screen, so that is
    /// taken away meanwhile.
    pub(crate) fn with_primary<T>(&mut self, look: impl FnOnce(&Grid<Cell>) -> T) -> T {
        let (cols, rows) = (self.term.columns(), self.term.screen_lines());
        let alternate = mem::replace(self.term.grid_mut(), Grid::new(rows, cols, 0));
        self.term.swap_alt();
        self.mend();
        let seen = look(self.term.grid());
        self.term.swap_alt();
        *self.term.grid_mut() = alternate;
        seen
    }

    /// Puts right what the terminal model leaves behind when it changes the size of a
    /// screen: a cursor that waits behind a column which is no longer the last, and rows
    /// that have forgotten how far they are coloured and would not be erased whole.
    fn mend(&mut self) {
        let grid = self.term.grid_mut();
        let last = grid.last_column();
        for cursor in [&mut grid.cursor, &mut grid.saved_cursor] {
            if cursor.input_needs_wrap && cursor.point.column < last {
                cursor.input_needs_wrap = false;
                cursor.point.column += 1;
            }
        }
        for line in grid.topmost_line().0..=grid.bottommost_line().0 {
            let row = &mut grid[Line(line)];
            if (&*row).into_iter().any(style::has_background) {
                // Being borrowed for writing is what a row remembers.
                row[last].flags.insert(Flags::empty());
            }
        }
    }

    /// Answers a query that the parser has no callback for.
    pub(crate) fn answer(&mut self, query: Query) {
        match query {
            Query::Version => self.replies.push(replies::VERSION),
            Query::UnitId => self.replies.push(replies::UNIT_ID),
            Query::DecCursorPosition => {
                let point = self.term.grid().cursor.point;
                let (row, col) = (point.line.0 + 1, point.column.0 + 1);
                self.replies.push(&format!("\x1b[?{row};{col}R"));
            }
            Query::CellSize => {
                let (width, height) = replies::CELL_PIXELS;
                self.replies.push(&format!("\x1b[6;{height};{width}t"));
            }
        }
    }

    pub(crate) fn column(&self) -> usize {
        self.term.grid().cursor.point.column.0
    }

    /// Whether the cell that would take a combining character has its fill.
    pub(crate) fn combining_full(&self) -> bool {
        let grid = self.term.grid();
        let mut point = grid.cursor.point;
        if !grid.cursor.input_needs_wrap {
            point.column.0 = point.column.0.saturating_sub(1);
        }
        // On the second half of a wide character the first takes it.
        [point.column.0, point.column.0.saturating_sub(1)].iter().any(|&column| {
            point.column.0 = column;
            grid[point].zerowidth().is_some_and(|marks| marks.len() >= COMBINING_LIMIT)
        })
    }
}

/// Stops every eight columns.
pub(crate) fn default_tabs(from: usize, to: usize) -> impl Iterator<Item = bool> {
    (from..to).map(|column| column % 8 == 0)
}
