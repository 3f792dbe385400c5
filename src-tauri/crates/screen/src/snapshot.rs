//! Writes a terminal's state as escape sequences: the order of things, cursors and modes.
//! What stands in the rows is the business of `rows`, what attributes look like of `style`.
//!
//! Only sequences that every viewer takes alike are used. Known not to be brought across:
//!
//! * Which character `REP` would repeat, when a snapshot falls between the two.
//! * Titles that were pushed. They belong to the terminal a person sits at as well.
//! * To xterm.js: the underline, link and further character sets of a saved cursor, and tab
//!   stops of a screen that is not shown. It has no place for them.

use std::io::Write as _;

use alacritty_terminal::grid::{Cursor, Grid};
use alacritty_terminal::index::Line;
use alacritty_terminal::term::TermMode;
use alacritty_terminal::term::cell::{Cell, Flags};
use alacritty_terminal::vte::ansi::{CharsetIndex, CursorShape, StandardCharset};

use crate::Scope;
use crate::model::{Model, default_tabs};
use crate::{rows, style};

/// Brings a terminal in any state to a known one without touching its history: primary
/// screen, no margins, default modes, pen, character sets and cursor.
const RESET: &[u8] = b"\x1b[?1049l\x1b[?6l\x1b[r\x1b[?7h\x1b[4l\x1b[20l\
    \x0f\x1b(B\x1b)B\x1b*B\x1b+B\x1b[m\x1b]8;;\x1b\\\x1b[?1l\x1b>\
    \x1b[?9l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1005l\x1b[?1006l\x1b[?1016l\
    \x1b[?45l\x1b[?1004l\x1b[?2004l\x1b[?25h\x1b[?12l\x1b[0 q";
/// Brings back the viewer's own colours. A viewer builds its glyphs anew after this, so it
/// has no place in a redraw that changes no colour.
const RESET_COLORS: &[u8] = b"\x1b]104\x1b\\\x1b]110\x1b\\\x1b]111\x1b\\\x1b]112\x1b\\";

/// Writes the state of `model`.
///
/// The model is borrowed mutably because the primary screen can only be read while it is
/// the active one; it is left as it was found.
pub(crate) fn write(model: &mut Model, scope: Scope) -> Vec<u8> {
    let mut out = Vec::with_capacity(64 * 1024);
    if scope == Scope::Scrollback {
        out.extend_from_slice(b"\x1bc");
    }
    // A soft reset ends a synchronized update, so it comes before this one.
    out.extend_from_slice(b"\x1b[!p\x1b[?2026h");
    out.extend_from_slice(RESET);
    if scope == Scope::Scrollback || model.colored {
        out.extend_from_slice(RESET_COLORS);
    }
    out.extend_from_slice(b"\x1b[H\x1b[J");

    let mut charsets = [StandardCharset::Ascii; 4];
    if model.term.mode().contains(TermMode::ALT_SCREEN) {
        let (tabs, margins) = (model.tabs.clone(), model.margins);
        let shifted = model.charset == CharsetIndex::G1;
        model.with_primary(|primary| {
            rows::write(&mut out, primary, scope);
            // What the program that owns the alternate screen comes back to.
            tabs_and_margins(&mut out, &tabs, margins, scope);
            shift(&mut out, shifted);
            cursor(&mut out, primary, &primary.cursor, &Cell::default(), 0, &mut charsets);
        });
        out.extend_from_slice(b"\x1b[?1049h\x1b[r\x1b[m\x1b]8;;\x1b\\\x1b[H\x1b[J");
        select_charsets(&mut out, &mut charsets, [StandardCharset::Ascii; 4]);
        rows::write(&mut out, model.term.grid(), Scope::Screen);
    } else {
        rows::write(&mut out, model.term.grid(), scope);
        shift(&mut out, model.charset == CharsetIndex::G1);
    }

    tabs_and_margins(&mut out, &model.tabs, model.margins, scope);
    cursors(&mut out, model, &mut charsets);
    modes(&mut out, model);
    colors(&mut out, model);
    if let Some(title) = &model.title {
        put(&mut out, format_args!("\x1b]2;{title}\x1b\\"));
    }
    // No reset takes a directory back, so none is said as well.
    let uri = model.directory_uri().unwrap_or_default();
    put(&mut out, format_args!("\x1b]7;{uri}\x1b\\"));
    out.extend_from_slice(b"\x1b[?2026l");
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

/// Chooses the second character set instead of the first, as a saved cursor remembers it.
fn shift(out: &mut Vec<u8>, shifted: bool) {
    if shifted {
        out.push(0x0e);
    }
}

fn tabs_and_margins(
    out: &mut Vec<u8>,
    tabs: &[bool],
    margins: Option<(usize, usize)>,
    scope: Scope,
) {
    // Nothing but a full reset brings back the stops that a terminal begins with.
    if scope == Scope::Screen || !default_tabs(0, tabs.len()).eq(tabs.iter().copied()) {
        out.extend_from_slice(b"\x1b[3g");
        for (column, _) in tabs.iter().enumerate().filter(|(_, stop)| **stop) {
            put(out, format_args!("\x1b[{}G\x1bH", column + 1));
        }
    }
    if let Some((top, bottom)) = margins {
        put(out, format_args!("\x1b[{top};{bottom}r"));
    }
}

/// Writes the saved cursor, the origin mode and the cursor, which depend on one another.
fn cursors(out: &mut Vec<u8>, model: &Model, charsets: &mut [StandardCharset; 4]) {
    let grid = model.term.grid();
    let saved = Cursor { input_needs_wrap: false, ..grid.saved_cursor.clone() };
    let blank = Cell::default();
    let pen = cursor(out, grid, &saved, &blank, 0, charsets);
    out.extend_from_slice(b"\x1b7");
    let mut offset = 0;
    if model.term.mode().contains(TermMode::ORIGIN) {
        out.extend_from_slice(b"\x1b[?6h");
        offset = model.margins.map_or(0, |(top, _)| top - 1);
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
    if cursor.input_needs_wrap {
        column = if row[last].flags.contains(Flags::WIDE_CHAR_SPACER) { last - 1 } else { last };
    }
    let line_number = cursor.point.line.0 + 1 - line(offset).0;
    put(out, format_args!("\x1b[{line_number};{}H", column + 1));
    if cursor.input_needs_wrap {
        style::change(out, pen, &row[column]);
        pen = &row[column];
        rows::character(out, &row[column]);
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
    for (on, sequence) in [
        (model.mouse.presses_only, "\x1b[?9h"),
        (model.mouse.pixels, "\x1b[?1016h"),
        (model.cursor_blinks, "\x1b[?12h"),
    ] {
        if on {
            out.extend_from_slice(sequence.as_bytes());
        }
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
