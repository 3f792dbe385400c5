//! What the parser calls. Most of it goes straight to the terminal model; the rest is
//! where [`Model`] mirrors, answers or refuses.

use alacritty_terminal::grid::Dimensions;
use alacritty_terminal::index::Line;
use alacritty_terminal::term::TermMode;
use alacritty_terminal::vte::ansi::{
    Attr, CharsetIndex, ClearMode, CursorShape, CursorStyle, Handler, Hyperlink, LineClearMode,
    Mode, NamedPrivateMode, PrivateMode, Rgb, StandardCharset, TabulationClearMode,
};
use unicode_width::UnicodeWidthChar;

use crate::model::{LINK_LIMIT, Model, TITLE_LIMIT, TITLE_STACK_LIMIT, default_tabs};
use crate::mouse::Mouse;
use crate::{Told, replies};

macro_rules! straight_to_the_model {
    ($($name:ident($($argument:ident: $kind:ty),*);)*) => {
        $(#[inline]
        fn $name(&mut self, $($argument: $kind),*) {
            Handler::$name(&mut self.term, $($argument),*);
        })*
    };
}

impl Handler for Model {
    straight_to_the_model! {
        goto(line: i32, column: usize);
        goto_line(line: i32);
        device_status(which: usize);
        move_forward(columns: usize);
        move_backward(columns: usize);
        backspace();
        carriage_return();
        move_forward_tabs(count: u16);
        save_cursor_position();
        terminal_attribute(attribute: Attr);
        set_mode(mode: Mode);
        unset_mode(mode: Mode);
        report_mode(mode: Mode);
        set_keypad_application_mode();
        unset_keypad_application_mode();
        configure_charset(index: CharsetIndex, charset: StandardCharset);
        reset_color(index: usize);
        text_area_size_chars();
    }

    #[inline]
    fn input(&mut self, c: char) {
        // The first combining character is U+0300; below it nothing has to be looked up.
        if c >= '\u{300}' && c.width() == Some(0) && self.combining_full() {
            return;
        }
        self.term.input(c);
        // A wide character that finds no room and may not wrap leaves its row as it was. The
        // first of them is U+1100.
        if c >= '\u{1100}' {
            self.end_line_of_waiting();
        }
        if self.term.mode().contains(TermMode::INSERT) {
            self.mend_line();
        }
    }

    /// In new line mode it returns as well, which the terminal model does on request only.
    #[inline]
    fn linefeed(&mut self) {
        self.term.newline();
        let cursor = &mut self.term.grid_mut().cursor;
        cursor.input_needs_wrap = false;
        let line = cursor.point.line;
        self.end_line_before(line);
    }

    #[inline]
    fn newline(&mut self) {
        self.linefeed();
    }

    fn reverse_index(&mut self) {
        self.term.reverse_index();
        self.term.grid_mut().cursor.input_needs_wrap = false;
    }

    /// A tab moves and writes nothing. Behind the last column it has nowhere to go.
    fn put_tab(&mut self, count: u16) {
        self.term.move_forward_tabs(count);
    }

    fn move_backward_tabs(&mut self, count: u16) {
        if self.term.grid().cursor.input_needs_wrap {
            return;
        }
        let mut column = self.column();
        for _ in 0..count {
            // Without a stop it goes to the beginning.
            column = self.tabs[..column].iter().rposition(|stop| *stop).unwrap_or(0);
        }
        self.move_to_column(column);
    }

    fn goto_col(&mut self, column: usize) {
        self.move_to_column(column);
    }

    fn move_up(&mut self, lines: usize) {
        self.move_lines(false, lines);
    }

    fn move_down(&mut self, lines: usize) {
        self.move_lines(true, lines);
    }

    fn move_up_and_cr(&mut self, lines: usize) {
        self.move_lines(false, lines);
        self.move_to_column(0);
    }

    fn move_down_and_cr(&mut self, lines: usize) {
        self.move_lines(true, lines);
        self.move_to_column(0);
    }

    fn insert_blank(&mut self, count: usize) {
        let count = self.begin_edit(count);
        self.split(self.term.columns() - count);
        self.term.insert_blank(count);
    }

    fn delete_chars(&mut self, count: usize) {
        let count = self.begin_edit(count);
        self.split(self.column() + count);
        self.term.delete_chars(count);
    }

    fn erase_chars(&mut self, count: usize) {
        let count = self.begin_edit(count);
        self.split(self.column() + count);
        self.term.erase_chars(count);
    }

    fn insert_blank_lines(&mut self, lines: usize) {
        if self.inside_margins() {
            self.term.insert_blank_lines(lines);
            self.move_to_column(0);
        }
    }

    fn delete_lines(&mut self, lines: usize) {
        if self.inside_margins() {
            self.take_out_lines(self.term.grid().cursor.point.line, lines);
            self.move_to_column(0);
        }
    }

    fn scroll_up(&mut self, lines: usize) {
        let top = self.margins.map_or(0, |(top, _)| top - 1);
        self.take_out_lines(Line::from(top), lines);
        self.end_line_of_waiting();
    }

    fn scroll_down(&mut self, lines: usize) {
        self.term.scroll_down(lines);
        self.end_line_of_waiting();
    }

    fn clear_line(&mut self, mode: LineClearMode) {
        self.erase_in_line(mode);
    }

    fn clear_screen(&mut self, mode: ClearMode) {
        self.erase_in_screen(mode);
    }

    fn restore_cursor_position(&mut self) {
        self.term.restore_cursor_position();
        self.settle();
    }

    fn decaln(&mut self) {
        self.term.decaln();
        self.term.goto(0, 0);
    }

    fn bell(&mut self) {
        self.bell = true;
    }

    fn set_title(&mut self, title: Option<String>) {
        self.titles_set += 1;
        self.title = title
            .map(|title| title.chars().filter(|c| !c.is_control()).take(TITLE_LIMIT).collect());
    }

    fn push_title(&mut self) {
        if self.titles.len() == TITLE_STACK_LIMIT {
            self.titles.remove(0);
        }
        self.titles.push(self.title.clone());
    }

    fn pop_title(&mut self) {
        if let Some(title) = self.titles.pop() {
            self.title = title;
        }
    }

    fn set_hyperlink(&mut self, link: Option<Hyperlink>) {
        let link = link.filter(|link| {
            let id = link.id.as_deref().unwrap_or_default();
            id.len() + link.uri.len() <= LINK_LIMIT
                && !id.chars().chain(link.uri.chars()).any(char::is_control)
        });
        self.term.set_hyperlink(link);
    }

    fn set_color(&mut self, index: usize, color: Rgb) {
        self.colored = true;
        self.term.set_color(index, color);
    }

    fn set_horizontal_tabstop(&mut self) {
        let column = self.column();
        self.tabs[column] = true;
        self.term.set_horizontal_tabstop();
    }

    fn clear_tabs(&mut self, mode: TabulationClearMode) {
        match mode {
            TabulationClearMode::Current => {
                let column = self.column();
                self.tabs[column] = false;
            }
            TabulationClearMode::All => self.tabs.fill(false),
        }
        self.term.clear_tabs(mode);
    }

    fn set_active_charset(&mut self, index: CharsetIndex) {
        self.charset = index;
        self.term.set_active_charset(index);
    }

    fn set_cursor_style(&mut self, style: Option<CursorStyle>) {
        self.cursor_styled = style.is_some();
        self.term.set_cursor_style(style);
    }

    fn set_cursor_shape(&mut self, shape: CursorShape) {
        self.cursor_styled = true;
        self.term.set_cursor_shape(shape);
    }

    /// A region needs two lines and a top on the screen, as viewers have it; the terminal
    /// model would take an empty one.
    fn set_scrolling_region(&mut self, top: usize, bottom: Option<usize>) {
        let rows = self.term.screen_lines();
        let bottom = bottom.unwrap_or(rows).min(rows);
        if top < bottom {
            self.margins = (top, bottom).ne(&(1, rows)).then_some((top, bottom));
            self.term.set_scrolling_region(top, Some(bottom));
        }
    }

    fn set_private_mode(&mut self, mode: PrivateMode) {
        match mode {
            // The two older numbers of the alternate screen are the newest one here.
            PrivateMode::Unknown(47 | 1047)
            | PrivateMode::Named(NamedPrivateMode::SwapScreenAndSetRestoreCursor) => {
                if self.term.mode().contains(TermMode::ALT_SCREEN) && mode.raw() == 1049 {
                    self.term.save_cursor_position();
                }
                return self.show_alternate(true);
            }
            PrivateMode::Unknown(1048) => return self.term.save_cursor_position(),
            PrivateMode::Unknown(66) => return self.term.set_keypad_application_mode(),
            PrivateMode::Named(NamedPrivateMode::ColumnMode) => self.margins = None,
            PrivateMode::Named(NamedPrivateMode::BlinkingCursor) => {
                self.cursor_blinks = true;
                return;
            }
            _ => {}
        }
        if !self.mouse_mode(mode, true) {
            self.term.set_private_mode(mode);
        }
    }

    fn unset_private_mode(&mut self, mode: PrivateMode) {
        match mode {
            PrivateMode::Unknown(47 | 1047)
            | PrivateMode::Named(NamedPrivateMode::SwapScreenAndSetRestoreCursor) => {
                if !self.term.mode().contains(TermMode::ALT_SCREEN) && mode.raw() == 1049 {
                    self.restore_cursor_position();
                }
                return self.show_alternate(false);
            }
            PrivateMode::Unknown(1048) => return self.restore_cursor_position(),
            PrivateMode::Unknown(66) => return self.term.unset_keypad_application_mode(),
            PrivateMode::Named(NamedPrivateMode::ColumnMode) => self.margins = None,
            PrivateMode::Named(NamedPrivateMode::BlinkingCursor) => {
                self.cursor_blinks = false;
                return;
            }
            _ => {}
        }
        if !self.mouse_mode(mode, false) {
            self.term.unset_private_mode(mode);
        }
        if mode == PrivateMode::Named(NamedPrivateMode::Origin) {
            self.term.goto(0, 0);
        }
    }

    fn report_private_mode(&mut self, mode: PrivateMode) {
        let has = |state| self.term.mode().contains(state);
        let is_set = match mode {
            PrivateMode::Unknown(47 | 1047) => has(TermMode::ALT_SCREEN),
            PrivateMode::Unknown(66) => has(TermMode::APP_KEYPAD),
            PrivateMode::Unknown(9) => self.mouse.presses_only,
            PrivateMode::Unknown(1016) => self.mouse.pixels,
            PrivateMode::Named(NamedPrivateMode::BlinkingCursor) => self.cursor_blinks,
            _ => return self.term.report_private_mode(mode),
        };
        let value = if is_set { 1 } else { 2 };
        self.replies.push(&format!("\x1b[?{};{value}$y", mode.raw()));
    }

    fn reset_state(&mut self) {
        self.show_alternate(false);
        self.term.reset_state();
        self.margins = None;
        self.tabs = default_tabs(0, self.term.columns()).collect();
        self.title = None;
        self.titles.clear();
        self.charset = CharsetIndex::G0;
        self.cursor_styled = false;
        self.mouse = Mouse::default();
        self.tell(Told::Reset);
    }

    fn identify_terminal(&mut self, intermediate: Option<char>) {
        match intermediate {
            None => self.replies.push(replies::PRIMARY_ATTRIBUTES),
            Some('>') => self.replies.push(replies::SECONDARY_ATTRIBUTES),
            // `CSI = c` comes by way of the scanner; the rest are answers, not questions.
            Some(_) => {}
        }
    }

    fn dynamic_color_sequence(&mut self, prefix: String, index: usize, terminator: &str) {
        let [r, g, b] = match self.term.colors()[index] {
            Some(color) => [color.r, color.g, color.b],
            None => self.palette.at(index),
        };
        self.replies.push(&format!(
            "\x1b]{prefix};rgb:{r:02x}{r:02x}/{g:02x}{g:02x}/{b:02x}{b:02x}{terminator}"
        ));
    }

    fn text_area_size_pixels(&mut self) {
        let (width, height) = replies::CELL_PIXELS;
        let (cols, rows) = (self.term.columns(), self.term.screen_lines());
        self.replies.push(&format!("\x1b[4;{};{}t", rows * height, cols * width));
    }
}
