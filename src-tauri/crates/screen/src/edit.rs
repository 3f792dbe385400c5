//! Where the terminal model moves, erases and shifts unlike the viewers, or leaves half a
//! wide character behind, done their way: a viewer that was live all along and one that
//! came by a snapshot must show the same.
//!
//! Only what `handler` calls; what the terminal model does right goes to it directly.

use std::mem;

use alacritty_terminal::grid::{Dimensions, Row};
use alacritty_terminal::index::{Column, Line};
use alacritty_terminal::term::TermMode;
use alacritty_terminal::term::cell::{Cell, Flags};
use alacritty_terminal::vte::ansi::{ClearMode, Handler, LineClearMode};

use crate::model::Model;

impl Model {
    /// Moves up or down, as far as the margin when it begins inside the margins.
    pub(crate) fn move_lines(&mut self, down: bool, lines: usize) {
        let rows = self.term.screen_lines();
        let (top, bottom) =
            self.margins.map_or((0, rows - 1), |(top, bottom)| (top - 1, bottom - 1));
        let cursor = &mut self.term.grid_mut().cursor;
        let line = usize::try_from(cursor.point.line.0).unwrap_or(0);
        let to = if down {
            line.saturating_add(lines).min(if line <= bottom { bottom } else { rows - 1 })
        } else {
            line.saturating_sub(lines).max(if line >= top { top } else { 0 })
        };
        cursor.point.line = Line::from(to);
        cursor.input_needs_wrap = false;
    }

    /// Moves inside the line.
    pub(crate) fn move_to_column(&mut self, column: usize) {
        let last = self.term.last_column();
        let cursor = &mut self.term.grid_mut().cursor;
        cursor.point.column = Column(column).min(last);
        cursor.input_needs_wrap = false;
    }

    /// Takes out `count` lines from the cursor's on, or from the top margin; those below move
    /// up. Nothing moves into the history, which only a line feed fills.
    pub(crate) fn take_out_lines(&mut self, from: Line, count: usize) {
        let bottom = self.margins.map_or(self.term.screen_lines(), |(_, bottom)| bottom);
        let grid = self.term.grid_mut();
        let bottom = Line::from(bottom);
        let count = i32::try_from(count).unwrap_or(i32::MAX).min(bottom.0 - from.0);
        for line in from.0..bottom.0 - count {
            grid[Line(line)] = mem::take(&mut grid[Line(line + count)]);
        }
        for line in bottom.0 - count..bottom.0 {
            grid[Line(line)] = Row::new(grid.columns());
        }
        grid.reset_region(Line(bottom.0 - count)..bottom);
    }

    /// After a cursor was restored: it does not wait to wrap, and in origin mode it is
    /// inside the margins.
    pub(crate) fn settle(&mut self) {
        let origin = self.term.mode().contains(TermMode::ORIGIN);
        let margins = self.margins.filter(|_| origin);
        let cursor = &mut self.term.grid_mut().cursor;
        cursor.input_needs_wrap = false;
        if let Some((top, bottom)) = margins {
            cursor.point.line =
                cursor.point.line.clamp(Line::from(top - 1), Line::from(bottom - 1));
        }
    }

    /// Erases the wide character that has a half on each side of `column`, which an edit is
    /// about to part.
    pub(crate) fn split(&mut self, column: usize) {
        let grid = self.term.grid_mut();
        let line = grid.cursor.point.line;
        let blank = Cell::from(grid.cursor.template.bg);
        if column == 0 || column >= grid.columns() {
            return;
        }
        if grid[line][Column(column)].flags.contains(Flags::WIDE_CHAR_SPACER) {
            grid[line][Column(column - 1)] = blank.clone();
            grid[line][Column(column)] = blank;
        }
    }

    /// After a character was inserted before others: the last of them may be cut.
    pub(crate) fn mend_line(&mut self) {
        let grid = self.term.grid_mut();
        let line = grid.cursor.point.line;
        mend_halves(&mut grid[line][..]);
    }

    /// Prepares for shifting `count` cells in or out at the cursor; returns how many there
    /// are at most.
    pub(crate) fn begin_edit(&mut self, count: usize) -> usize {
        self.term.grid_mut().cursor.input_needs_wrap = false;
        let column = self.column();
        self.split(column);
        count.min(self.term.columns() - column)
    }

    pub(crate) fn inside_margins(&self) -> bool {
        let line = self.term.grid().cursor.point.line;
        self.margins
            .is_none_or(|(top, bottom)| (Line::from(top - 1)..Line::from(bottom)).contains(&line))
    }

    /// Takes the mark off the row before `line` that it runs on there.
    #[inline]
    pub(crate) fn end_line_before(&mut self, line: Line) {
        let grid = self.term.grid_mut();
        let (before, last) = (Line(line.0 - 1), grid.last_column());
        if before >= grid.topmost_line() && grid[before][last].flags.contains(Flags::WRAPLINE) {
            grid[before][last].flags.remove(Flags::WRAPLINE);
        }
    }

    /// After rows moved below a cursor that waits to wrap: the row it is on now does not run
    /// on before it has.
    pub(crate) fn end_line_of_waiting(&mut self) {
        let cursor = &self.term.grid().cursor;
        if cursor.input_needs_wrap {
            self.end_line_before(Line(cursor.point.line.0 + 1));
        }
    }

    pub(crate) fn erase_in_line(&mut self, mode: LineClearMode) {
        let cursor = &self.term.grid().cursor;
        let (point, waits) = (cursor.point, cursor.input_needs_wrap);
        match mode {
            LineClearMode::Right if waits => return,
            LineClearMode::Right if point.column > 0 => self.split(point.column.0),
            LineClearMode::Left => self.split(point.column.0 + 1),
            LineClearMode::Right | LineClearMode::All => self.end_line_before(point.line),
        }
        self.term.clear_line(mode);
    }

    pub(crate) fn erase_in_screen(&mut self, mode: ClearMode) {
        let cursor = &self.term.grid().cursor;
        let (line, column, waits) =
            (cursor.point.line, cursor.point.column.0, cursor.input_needs_wrap);
        match mode {
            // What was just written in the last column stays.
            ClearMode::Below if waits => {
                if line < self.term.bottommost_line() {
                    self.term.grid_mut().reset_region((line + 1)..);
                }
                return;
            }
            ClearMode::Below if column == 0 => self.end_line_before(line),
            ClearMode::Below => self.split(column),
            ClearMode::Above => {
                self.split(column + 1);
                self.end_line_before(Line(0));
                // The terminal model forgets the first line when it is the only one above.
                if line == 1 {
                    self.term.grid_mut().reset_region(..line);
                }
            }
            // The screen is erased where it is; nothing moves into the history.
            ClearMode::All => {
                self.end_line_before(Line(0));
                return self.term.grid_mut().reset_region(..);
            }
            ClearMode::Saved => {}
        }
        self.term.clear_screen(mode);
    }
}

/// Puts right the halves of wide characters in a row that was cut: one without its other
/// half becomes a space.
pub(crate) fn mend_halves(row: &mut [Cell]) {
    for column in 0..row.len() {
        let flags = row[column].flags;
        if flags.contains(Flags::WIDE_CHAR) {
            let whole = row
                .get(column + 1)
                .is_some_and(|next| next.flags.contains(Flags::WIDE_CHAR_SPACER));
            if !whole {
                row[column].clear_wide();
            }
        } else if flags.contains(Flags::WIDE_CHAR_SPACER) {
            let whole = column > 0 && row[column - 1].flags.contains(Flags::WIDE_CHAR);
            if !whole {
                row[column].flags.remove(Flags::WIDE_CHAR_SPACER);
            }
        }
    }
}
