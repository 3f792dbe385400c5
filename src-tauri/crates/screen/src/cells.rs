//! What is to be seen in a cell, as opposed to what is stored in it.

use alacritty_terminal::term::cell::{Cell, Flags};

/// Whether a wide character stands here with both its halves.
pub(crate) fn is_wide(row: &[Cell], column: usize) -> bool {
    row[column].flags.contains(Flags::WIDE_CHAR)
        && row.get(column + 1).is_some_and(|next| next.flags.contains(Flags::WIDE_CHAR_SPACER))
}

/// The character of a cell and those combined with it. Half a wide character is not to be
/// seen, and neither is a tab.
pub(crate) fn text(row: &[Cell], column: usize) -> (char, &[char]) {
    let cell = &row[column];
    let half = cell.flags.contains(Flags::WIDE_CHAR) && !is_wide(row, column);
    let c = if half || cell.c == '\t' { ' ' } else { cell.c };
    (c, cell.zerowidth().unwrap_or_default())
}
