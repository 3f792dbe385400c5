//! What the cells of the screen show, in a form that is compared. Knows nothing of how it came
//! there, of cursors and of modes.

use alacritty_terminal::grid::{Dimensions, Grid};
use alacritty_terminal::index::Line;
use alacritty_terminal::term::cell::{Cell, Flags};

use crate::{rows, style};

/// The looks that show on a cell without a character.
const SHOWS: Flags = Flags::INVERSE.union(Flags::STRIKEOUT).union(Flags::ALL_UNDERLINES);

/// Each visible cell, row by row: its looks as escape sequences, then its text.
pub(crate) fn shown(grid: &Grid<Cell>) -> Vec<Vec<u8>> {
    let lines = 0..=grid.bottommost_line().0;
    lines.flat_map(|line| grid[Line(line)][..].iter().map(cell)).collect()
}

fn cell(cell: &Cell) -> Vec<u8> {
    let mut out = Vec::new();
    if cell.flags.contains(Flags::WIDE_CHAR_SPACER) {
        return out;
    }
    let blank = Cell::default();
    if cell.c == ' ' && cell.extra.is_none() && !cell.flags.intersects(SHOWS) {
        style::change(&mut out, &blank, &Cell::from(cell.bg));
    } else {
        style::change(&mut out, &blank, cell);
    }
    rows::character(&mut out, cell);
    out
}
