//! Writes rows of cells as text, one after the other. Knows nothing of cursors and modes.

use alacritty_terminal::grid::{Dimensions, Grid};
use alacritty_terminal::index::{Column, Line};
use alacritty_terminal::term::cell::{Cell, Flags};

use crate::{Scope, style};

/// Trailing cells of one background colour from which erasing is shorter than spaces.
const ERASE_FROM: usize = 4;

/// Writes the rows from the home position on. Rows that were wrapped run on without a line
/// break, so that the viewer's own terminal marks them as wrapped and can wrap them anew.
pub(crate) fn write(out: &mut Vec<u8>, grid: &Grid<Cell>, scope: Scope) {
    let first = if scope == Scope::Scrollback { grid.topmost_line() } else { Line(0) };
    let last = grid.bottommost_line();
    let blank = Cell::default();
    let mut pen = &blank;
    let mut runs_on = false;
    for number in first.0..=last.0 {
        let row = &grid[Line(number)][..];
        let continues = runs_on;
        if number != first.0 && !continues {
            // A line break may scroll, and the new line takes the pen's background.
            if style::has_background(pen) {
                style::change(out, pen, &blank);
                pen = &blank;
            }
            out.extend_from_slice(b"\r\n");
        }
        let end_cell = &row[row.len() - 1];
        runs_on = number < last.0 && end_cell.flags.contains(Flags::WRAPLINE);
        let (end, erased) = if runs_on {
            let next = &grid[Line(number + 1)][Column(0)];
            let end = row.len() - usize::from(leaves_free(end_cell, next));
            (end, end)
        } else {
            let (end, erased) = extent(row);
            // A wrapped row begins only when something is written to it.
            if continues { (end.max(1), erased.max(1)) } else { (end, erased) }
        };
        let mut cells = row[..erased].iter();
        if continues && style::has_background(&row[0]) {
            // The line break that comes with the first character fills the row with the
            // background of the pen.
            style::change(out, pen, &row[0]);
            character(out, &row[0]);
            style::change(out, &row[0], &blank);
            pen = &blank;
            out.extend_from_slice(b"\x1b[K");
            cells.next();
        }
        let mut rest = cells.as_slice();
        while let Some((cell, after)) = rest.split_first() {
            if !style::same(pen, cell) && !cell.flags.contains(Flags::WIDE_CHAR_SPACER) {
                style::change(out, pen, cell);
                pen = cell;
            }
            character(out, cell);
            rest = plain_text(out, pen, after);
        }
        if erased < end {
            style::change(out, pen, &row[erased]);
            pen = &row[erased];
            out.extend_from_slice(b"\x1b[K");
        }
    }
    style::change(out, pen, &blank);
}

/// Writes the ASCII text at the beginning of `cells` that looks like `pen`; returns the cells
/// from the first other one on.
fn plain_text<'a>(out: &mut Vec<u8>, pen: &Cell, cells: &'a [Cell]) -> &'a [Cell] {
    let Some(look) = style::Look::of(pen) else { return cells };
    let is_plain = |cell: &Cell| cell.c.is_ascii() && look.fits(cell);
    let end = cells.iter().position(|cell| !is_plain(cell)).unwrap_or(cells.len());
    let (text, rest) = cells.split_at(end);
    out.extend(text.iter().map(|cell| cell.c as u8));
    rest
}

/// Whether the viewer leaves the last column free by itself, and in the right colours,
/// before the wide character that begins the next row.
fn leaves_free(end: &Cell, next: &Cell) -> bool {
    end.flags.contains(Flags::LEADING_WIDE_CHAR_SPACER)
        && next.flags.contains(Flags::WIDE_CHAR)
        && style::same(end, next)
}

/// How far a row has content, and from where on it is one colour that erasing can leave.
fn extent(row: &[Cell]) -> (usize, usize) {
    let end = row.iter().rposition(|cell| !style::is_blank(cell)).map_or(0, |last| last + 1);
    if end < row.len() || !style::is_erased(&row[end - 1]) {
        return (end, end);
    }
    let erased = row.iter().rposition(|cell| *cell != row[end - 1]).map_or(0, |other| other + 1);
    if row.len() - erased < ERASE_FROM { (end, end) } else { (end, erased) }
}

/// Writes the text of one cell: nothing for the second half of a wide character.
pub(crate) fn character(out: &mut Vec<u8>, cell: &Cell) {
    if cell.flags.contains(Flags::WIDE_CHAR_SPACER) {
        return;
    }
    push(out, cell.c);
    for &mark in cell.zerowidth().unwrap_or_default() {
        push(out, mark);
    }
}

fn push(out: &mut Vec<u8>, c: char) {
    if c.is_ascii() {
        out.push(c as u8);
    } else {
        out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
    }
}
