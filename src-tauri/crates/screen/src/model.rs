//! The terminal model: `alacritty_terminal` behind a handler that mirrors the few facts
//! it keeps to itself (margins, tab stops, title, active character set), answers queries
//! in this terminal's name, and turns away input that would make it fail or grow without
//! bound.
//!
//! It does not write snapshots; see `snapshot`.

use std::{collections::VecDeque, mem};

use alacritty_terminal::grid::{Cursor, Dimensions, Grid};
use alacritty_terminal::index::{Column, Line, Point};
use alacritty_terminal::term::cell::{Cell, Flags};
use alacritty_terminal::term::{Config, Osc52, Term, TermMode};
use alacritty_terminal::vte::ansi::CharsetIndex;

use crate::directory::Directory;
use crate::mouse::Mouse;
use crate::replies::{self, Palette, Replies};
use crate::scan::Unheard;
use crate::{Told, edit, style};

/// Characters of a title that are kept.
pub(crate) const TITLE_LIMIT: usize = 1024;
/// Titles a program can push; the oldest goes first.
pub(crate) const TITLE_STACK_LIMIT: usize = 10;
/// Bytes of a link's address; a longer one is shown as text without a link.
pub(crate) const LINK_LIMIT: usize = 2083;
/// Bytes of one thing that a program tells of itself; the specification of OSC 7501 allows no
/// more.
pub(crate) const TOLD_LIMIT: usize = 4096;
/// Such things that are kept between two looks; the oldest goes first.
const TOLD_KEPT: usize = 256;
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

#[expect(clippy::struct_excessive_bools, reason = "facts that have nothing to do with one another")]
pub(crate) struct Model {
    pub(crate) term: Term<Replies>,
    pub(crate) replies: Replies,
    pub(crate) palette: Palette,
    /// First and last line of the scroll region, counted from one; `None` is the screen.
    pub(crate) margins: Option<(usize, usize)>,
    /// One flag per column.
    pub(crate) tabs: Vec<bool>,
    pub(crate) title: Option<String>,
    /// How often a program has set it, also to what it was.
    pub(crate) titles_set: u64,
    pub(crate) titles: Vec<Option<String>>,
    pub(crate) charset: CharsetIndex,
    /// Whether a program chose a cursor style; otherwise it is the viewer's own.
    pub(crate) cursor_styled: bool,
    /// Mode 12, which counts as long as no style was chosen.
    pub(crate) cursor_blinks: bool,
    pub(crate) mouse: Mouse,
    /// Where the program last said it works.
    pub(crate) directory: Option<Directory>,
    /// Whether the bell has rung since somebody asked.
    pub(crate) bell: bool,
    /// What the program has told of itself since somebody asked.
    pub(crate) told: VecDeque<Told>,
    /// Whether a program ever changed a colour.
    pub(crate) colored: bool,
    /// Whether the alternate screen has been resized since it was last shown.
    alternate_resized: bool,
    /// The alternate screen while the primary one is looked at.
    aside: Option<Grid<Cell>>,
}

impl Model {
    pub(crate) fn new(size: Size, scrollback: usize) -> Self {
        let replies = Replies::default();
        Self {
            term: Term::new(config(scrollback), &size, replies.clone()),
            replies,
            palette: Palette::default(),
            margins: None,
            tabs: default_tabs(0, size.cols).collect(),
            title: None,
            titles_set: 0,
            titles: Vec::new(),
            charset: CharsetIndex::G0,
            cursor_styled: false,
            cursor_blinks: false,
            mouse: Mouse::default(),
            directory: None,
            bell: false,
            told: VecDeque::new(),
            colored: false,
            alternate_resized: false,
            aside: None,
        }
    }

    /// Changes how many lines above the primary screen are kept.
    pub(crate) fn set_scrollback(&mut self, lines: usize) {
        // The only other screen that has any is the alternate one, which keeps none.
        self.term.set_options(config(lines));
    }

    /// Changes the size of both screens.
    pub(crate) fn resize(&mut self, size: Size) {
        if size.cols == self.term.columns() && size.rows == self.term.screen_lines() {
            return;
        }
        self.term.resize(size);
        self.mend();
        if self.term.mode().contains(TermMode::ALT_SCREEN) {
            self.swap_primary_in();
            self.mend();
            self.swap_primary_out();
        } else {
            self.alternate_resized = true;
        }
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
        if !wanted {
            return self.settle();
        }
        let grid = self.term.grid_mut();
        // What an earlier program saved there is nothing to this one.
        grid.saved_cursor = Cursor::default();
        if mem::take(&mut self.alternate_resized) {
            self.mend();
            self.term.grid_mut().reset_region(..);
        }
    }

    /// Shows `look` the primary screen while the alternate one is shown to the user.
    pub(crate) fn with_primary<T>(&mut self, look: impl FnOnce(&Grid<Cell>) -> T) -> T {
        self.swap_primary_in();
        let seen = look(self.term.grid());
        self.swap_primary_out();
        seen
    }

    /// Makes the primary screen the active one. It can only be reached by changing places,
    /// which would clear the alternate screen on the way back, so that is put aside.
    fn swap_primary_in(&mut self) {
        let (cols, rows) = (self.term.columns(), self.term.screen_lines());
        self.aside = Some(mem::replace(self.term.grid_mut(), Grid::new(rows, cols, 0)));
        self.term.swap_alt();
    }

    fn swap_primary_out(&mut self) {
        self.term.swap_alt();
        if let Some(alternate) = self.aside.take() {
            *self.term.grid_mut() = alternate;
        }
    }

    /// Puts right what the terminal model leaves behind when it changes the size of a
    /// screen: cursors that wait to wrap where there is nothing to wrap, halves of wide
    /// characters, and rows that have forgotten how far they are coloured and would not be
    /// erased whole.
    fn mend(&mut self) {
        let grid = self.term.grid_mut();
        let (last, bottom) = (grid.last_column(), grid.bottommost_line());
        for saved in [false, true] {
            let cursor = if saved { &grid.saved_cursor } else { &grid.cursor };
            let (mut point, waits) = (cursor.point, cursor.input_needs_wrap);
            let mut still_waits = waits;
            if waits && point.column < last {
                point.column += 1;
                still_waits = false;
            } else if waits && grid[point.line][last].flags.contains(Flags::WRAPLINE) {
                // The line runs on already, and what is written next goes there.
                if point.line < bottom {
                    point = Point::new(point.line + 1, Column(0));
                    still_waits = false;
                } else {
                    grid[point.line][last].flags.remove(Flags::WRAPLINE);
                }
            }
            let cursor = if saved { &mut grid.saved_cursor } else { &mut grid.cursor };
            cursor.point = point;
            cursor.input_needs_wrap = still_waits;
        }
        for line in grid.topmost_line().0..=bottom.0 {
            let row = &mut grid[Line(line)];
            let cut = (&*row)
                .into_iter()
                .any(|cell| cell.flags.intersects(Flags::WIDE_CHAR | Flags::WIDE_CHAR_SPACER));
            if cut {
                edit::mend_halves(&mut row[..]);
            }
            if (&*row).into_iter().any(style::has_background) {
                // Being borrowed for writing is what a row remembers.
                row[last].flags.insert(Flags::empty());
            }
        }
    }

    /// Takes what the parser has no callback for.
    pub(crate) fn hear(&mut self, unheard: Unheard) {
        match unheard {
            Unheard::Version => self.replies.push(replies::VERSION),
            Unheard::UnitId => self.replies.push(replies::UNIT_ID),
            Unheard::DecCursorPosition => {
                let point = self.term.grid().cursor.point;
                let (row, col) = (point.line.0 + 1, point.column.0 + 1);
                self.replies.push(&format!("\x1b[?{row};{col}R"));
            }
            Unheard::CellSize => {
                let (width, height) = replies::CELL_PIXELS;
                self.replies.push(&format!("\x1b[6;{height};{width}t"));
            }
            Unheard::SoftReset => self.soft_reset(),
            Unheard::Directory(uri) => self.directory = Directory::read(&uri),
            Unheard::Report { body, bell } if body == b"?" => {
                // Who asks takes its own words for a yes.
                self.replies.push(if bell { "\x1b]7501;?\x07" } else { "\x1b]7501;?\x1b\\" });
            }
            Unheard::Report { body, .. } => self.tell(Told::Report(body)),
            Unheard::Shell(body) => self.tell(Told::Shell(body)),
        }
    }

    /// Keeps what the program tells of itself until somebody asks.
    pub(crate) fn tell(&mut self, told: Told) {
        let body = match &told {
            Told::Report(body) | Told::Shell(body) => body.len(),
            Told::Reset => 0,
        };
        if body > TOLD_LIMIT {
            return;
        }
        if self.told.len() == TOLD_KEPT {
            self.told.pop_front();
        }
        self.told.push_back(told);
    }

    /// The address of the directory as the program gave it.
    pub(crate) fn directory_uri(&self) -> Option<&str> {
        self.directory.as_ref().map(Directory::uri)
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
        if grid[point].flags.contains(Flags::WIDE_CHAR_SPACER) {
            point.column.0 = point.column.0.saturating_sub(1);
        }
        grid[point].zerowidth().is_some_and(|marks| marks.len() >= COMBINING_LIMIT)
    }
}

/// Stops every eight columns.
fn config(scrollback: usize) -> Config {
    Config {
        scrolling_history: scrollback,
        osc52: Osc52::Disabled,
        kitty_keyboard: false,
        ..Config::default()
    }
}

pub(crate) fn default_tabs(from: usize, to: usize) -> impl Iterator<Item = bool> {
    (from..to).map(|column| column % 8 == 0)
}
