//! The soft reset (DECSTR), which the terminal model does not know and every viewer does:
//! modes, margins, pen and saved cursor as at the start, the picture left alone.

use alacritty_terminal::grid::Cursor;
use alacritty_terminal::term::cell::Cell;
use alacritty_terminal::vte::ansi::{
    CharsetIndex, Handler, NamedMode, NamedPrivateMode, PrivateMode, StandardCharset,
};

use crate::model::Model;

const OFF: [NamedPrivateMode; 4] = [
    NamedPrivateMode::CursorKeys,
    NamedPrivateMode::BracketedPaste,
    NamedPrivateMode::ReportFocusInOut,
    NamedPrivateMode::Origin,
];
const ON: [NamedPrivateMode; 2] = [NamedPrivateMode::ShowCursor, NamedPrivateMode::LineWrap];

impl Model {
    pub(crate) fn soft_reset(&mut self) {
        let place = self.term.grid().cursor.point;
        let waits = self.term.grid().cursor.input_needs_wrap;
        for mode in OFF {
            self.term.unset_private_mode(PrivateMode::Named(mode));
        }
        for mode in ON {
            self.term.set_private_mode(PrivateMode::Named(mode));
        }
        self.term.unset_mode(NamedMode::Insert.into());
        self.term.unset_keypad_application_mode();
        self.set_cursor_style(None);
        self.set_active_charset(CharsetIndex::G0);
        self.set_scrolling_region(1, None);
        let grid = self.term.grid_mut();
        grid.saved_cursor = Cursor::default();
        grid.cursor.point = place;
        grid.cursor.input_needs_wrap = waits;
        grid.cursor.template = Cell::default();
        for index in [CharsetIndex::G0, CharsetIndex::G1, CharsetIndex::G2, CharsetIndex::G3] {
            grid.cursor.charsets[index] = StandardCharset::Ascii;
        }
    }
}
