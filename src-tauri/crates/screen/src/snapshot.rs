//! Writes a terminal's state as escape sequences: the order of things, the rows, the
//! cursor and the modes. What attributes look like is `style`'s business.
//!
//! Three facts have no escape sequence and are left out: halves of wide characters whose
//! other half was overwritten (written as spaces), tabs as cells (likewise), and the wrap
//! mark of the last row, which only the next character would show.

use std::io::Write as _;

use alacritty_terminal::grid::{Cursor, Dimensions, Grid};
use alacritty_terminal::index::Line;
use alacritty_terminal::term::TermMode;
use alacritty_terminal::term::cell::{Cell, Flags};
use alacritty_terminal::vte::ansi::{CharsetIndex, CursorShape, StandardCharset};

use crate::Scope;
use crate::model::{Model, default_tabs};
use crate::{cells, style};

/// Brings a terminal in any state to a known one without touching its history: primary
/// screen, no margins, default modes, pen, character sets and cursor.
const RESET: &[u8] = b"\x1b[?1049l\x1b[?6l\x1b[r\x1b[?7h\x1b[4l\x1b[20l\
    \x0f\x1b(B\x1b)B\x1b*B\x1b+B\x1b[m\x1b]8;;\x1b\\\x1b[?1l\x1b>\
    \x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1005l\x1b[?1006l\x1b[?1004l\x1b[?2004l\
    \x1b[?25h\x1b[0 q";
/// Brings back the viewer's own colours. A viewer builds its glyphs anew after this, so it
/// has no place in a redraw that changes no colour.
const RESET_COLORS: &[u8] = b"\x1b]104\x1b\\\x1b]110\x1b\\\x1b]111\x1b\\\x1b]112\x1b\\";

/// Trailing cells of one background colour from which erasing is shorter than spaces.
const ERASE_FROM: usize = 4;

/// Writes the state of `model`, then the `unfinished` sequence its output ended in.
///
/// The model is borrowed mutably because the primary screen can only be read while it is
/// the active one; it is left as it was found.
pub(crate) fn write(model: &mut Model, scope: Scope, unfinished: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(64 * 1024);
    if scope == Scope::Scrollback {
        out.extend_from_slice(b"\x1bc");
    }
    out.extend_from_slice(b"\x1b[?2026h");
    out.extend_from_slice(RESET);
    if scope == Scope::Scrollback || model.colored {
        out.extend_from_slice(RESET_COLORS);
    }
    out.extend_from_slice(b"\x1b[H\x1b[J");

    let mut charsets = [StandardCharset::Ascii; 4];
    if model.term.mode().contains(TermMode::ALT_SCREEN) {
        model.with_primary(|primary| {
            rows(&mut out, primary, scope);
            // What the program that owns the alternate screen comes back to.
            cursor(&mut out, primary, &primary.cursor, &Cell::default(), 0, &mut charsets);
        });
        out.extend_from_slice(b"\x1b[?1049h\x1b[m\x1b]8;;\x1b\\\x1b[H\x1b[J");
        select_charsets(&mut out, &mut charsets, [StandardCharset::Ascii; 4]);
        rows(&mut out, model.term.grid(), Scope::Screen);
    } else {
        rows(&mut out, model.term.grid(), scope);
    }

    tabs_and_margins(&mut out, model);
    cursors(&mut out, model, &mut charsets);
    modes(&mut out, model);
    colors(&mut out, model);
    if let Some(title) = &model.title {
        put(&mut out, format_args!("\x1b]2;{title}\x1b\\"));
    }
    out.extend_from_slice(b"\x1b[?2026l");
    out.extend_from_slice(unfinished);
    out
}

fn put(out: &mut Vec<u8>, text: std::fmt::Arguments<'_>) {
    // Writing to a vector cannot fail.
    let _never = out.write_fmt(text);
}

/// A line number inside the grid; there are at most a thousand rows.
#[expect(clippy::cast_possible_wrap, clippy::cast_possible_truncation, reason = "see above")]
fn line(row: usize) -> Line {
    Line(row as i32)
}

/// Writes the rows from the home position on. Rows that were wrapped run on without a line
/// break, so that the viewer's own terminal marks them as wrapped and can wrap them anew.
fn rows(out: &mut Vec<u8>, grid: &Grid<Cell>, scope: Scope) {
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
        let ends_in_spacer = row[row.len() - 1].flags.contains(Flags::LEADING_WIDE_CHAR_SPACER);
        runs_on = number < last.0 && row[row.len() - 1].flags.contains(Flags::WRAPLINE);
        let (end, erased) = if runs_on {
            // The viewer leaves the last column free by itself before a wide character.
            let spacer = ends_in_spacer && cells::is_wide(&grid[Line(number + 1)][..], 0);
            (row.len() - usize::from(spacer), row.len())
        } else {
            let (end, erased) = extent(row);
            // A wrapped row begins only when something is written to it.
            if continues { (end.max(1), erased.max(1)) } else { (end, erased) }
        };
        for column in 0..end.min(erased) {
            if column > 0 && cells::is_wide(row, column - 1) {
                continue;
            }
            let cell = &row[column];
            if !style::same(pen, cell) {
                style::change(out, pen, cell);
            }
            pen = cell;
            character(out, row, column);
            if column == 0 && continues && style::has_background(cell) {
                // The line break that came with this character filled the row with the
                // background of the pen.
                style::change(out, pen, &blank);
                pen = &blank;
                out.extend_from_slice(b"\x1b[K");
            }
        }
        if erased < end {
            style::change(out, pen, &row[erased]);
            pen = &row[erased];
            out.extend_from_slice(b"\x1b[K");
        }
    }
    style::change(out, pen, &blank);
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

/// Writes the text of one cell.
fn character(out: &mut Vec<u8>, row: &[Cell], column: usize) {
    let (c, marks) = cells::text(row, column);
    push(out, c);
    for &mark in marks {
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

fn tabs_and_margins(out: &mut Vec<u8>, model: &Model) {
    if !default_tabs(0, model.tabs.len()).eq(model.tabs.iter().copied()) {
        out.extend_from_slice(b"\x1b[3g");
        for (column, _) in model.tabs.iter().enumerate().filter(|(_, stop)| **stop) {
            put(out, format_args!("\x1b[{}G\x1bH", column + 1));
        }
    }
    if let Some((top, bottom)) = model.margins {
        put(out, format_args!("\x1b[{top};{bottom}r"));
    }
}

/// Writes the saved cursor, the origin mode and the cursor, which depend on one another.
fn cursors(out: &mut Vec<u8>, model: &Model, charsets: &mut [StandardCharset; 4]) {
    let grid = model.term.grid();
    let blank = Cell::default();
    let origin = model.term.mode().contains(TermMode::ORIGIN);
    let (top, bottom) = model.margins.unwrap_or((1, grid.screen_lines()));
    let inside = (line(top - 1)..line(bottom)).contains(&grid.cursor.point.line);
    let pen = if origin && !inside {
        // Only a restored cursor can be outside the margins in origin mode; the slot it is
        // restored from is then not free for the program's own.
        cursor(out, grid, &grid.cursor, &blank, 0, charsets);
        out.extend_from_slice(b"\x1b7\x1b[?6h\x1b8");
        return;
    } else {
        cursor(out, grid, &grid.saved_cursor, &blank, 0, charsets)
    };
    out.extend_from_slice(b"\x1b7");
    let mut offset = 0;
    if origin {
        out.extend_from_slice(b"\x1b[?6h");
        offset = top - 1;
    }
    cursor(out, grid, &grid.cursor, pen, offset, charsets);
}

/// Moves to a cursor's place, `offset` lines down being line one, and takes its pen and
/// character sets. Returns the pen.
fn cursor<'a>(
    out: &mut Vec<u8>,
    grid: &'a Grid<Cell>,
    cursor: &'a Cursor<Cell>,
    pen: &'a Cell,
    offset: usize,
    charsets: &mut [StandardCharset; 4],
) -> &'a Cell {
    select_charsets(out, charsets, [StandardCharset::Ascii; 4]);
    let mut pen = pen;
    let row = &grid[cursor.point.line][..];
    let last = row.len() - 1;
    let mut column = cursor.point.column.0;
    // The cursor waits behind the last column once that was written, so write it again.
    // A wrapped row is past that point already, and writing would undo its mark.
    let waits =
        cursor.input_needs_wrap && column == last && !row[last].flags.contains(Flags::WRAPLINE);
    if waits {
        column = if cells::is_wide(row, last - 1) { last - 1 } else { last };
    }
    let line_number = cursor.point.line.0 + 1 - line(offset).0;
    put(out, format_args!("\x1b[{line_number};{}H", column + 1));
    if waits {
        style::change(out, pen, &row[column]);
        pen = &row[column];
        character(out, row, column);
    }
    style::change(out, pen, &cursor.template);
    let wanted = [CharsetIndex::G0, CharsetIndex::G1, CharsetIndex::G2, CharsetIndex::G3]
        .map(|index| cursor.charsets[index]);
    select_charsets(out, charsets, wanted);
    &cursor.template
}

fn select_charsets(
    out: &mut Vec<u8>,
    current: &mut [StandardCharset; 4],
    wanted: [StandardCharset; 4],
) {
    for ((have, want), slot) in current.iter_mut().zip(wanted).zip(b"()*+") {
        if *have != want {
            let set = if want == StandardCharset::Ascii { b'B' } else { b'0' };
            out.extend_from_slice(&[0x1b, *slot, set]);
            *have = want;
        }
    }
}

fn modes(out: &mut Vec<u8>, model: &Model) {
    let mode = *model.term.mode();
    for (flag, sequence) in [
        (TermMode::INSERT, "\x1b[4h"),
        (TermMode::LINE_FEED_NEW_LINE, "\x1b[20h"),
        (TermMode::APP_CURSOR, "\x1b[?1h"),
        (TermMode::APP_KEYPAD, "\x1b="),
        (TermMode::MOUSE_REPORT_CLICK, "\x1b[?1000h"),
        (TermMode::MOUSE_DRAG, "\x1b[?1002h"),
        (TermMode::MOUSE_MOTION, "\x1b[?1003h"),
        (TermMode::UTF8_MOUSE, "\x1b[?1005h"),
        (TermMode::SGR_MOUSE, "\x1b[?1006h"),
        (TermMode::FOCUS_IN_OUT, "\x1b[?1004h"),
        (TermMode::BRACKETED_PASTE, "\x1b[?2004h"),
    ] {
        if mode.contains(flag) {
            out.extend_from_slice(sequence.as_bytes());
        }
    }
    for (flag, sequence) in [
        (TermMode::LINE_WRAP, "\x1b[?7l"),
        (TermMode::ALTERNATE_SCROLL, "\x1b[?1007l"),
        (TermMode::SHOW_CURSOR, "\x1b[?25l"),
    ] {
        if !mode.contains(flag) {
            out.extend_from_slice(sequence.as_bytes());
        }
    }
    if model.charset == CharsetIndex::G1 {
        out.push(0x0e);
    }
    if model.cursor_styled {
        let style = model.term.cursor_style();
        let shape = match style.shape {
            CursorShape::Underline => 4,
            CursorShape::Beam => 6,
            _ => 2,
        };
        put(out, format_args!("\x1b[{} q", shape - i32::from(style.blinking)));
    }
}

/// Writes the colours the program changed: the table, then foreground, background, cursor.
fn colors(out: &mut Vec<u8>, model: &Model) {
    let colors = model.term.colors();
    for index in 0..=258 {
        let Some(color) = colors[index] else { continue };
        match index {
            0..=255 => put(out, format_args!("\x1b]4;{index}")),
            _ => put(out, format_args!("\x1b]{}", index - 246)),
        }
        put(out, format_args!(";rgb:{:02x}/{:02x}/{:02x}\x1b\\", color.r, color.g, color.b));
    }
}
