//! What the terminal says about itself when a program asks. This model is the only one
//! that answers; viewers stay silent.
//!
//! It claims to be what its viewers are, xterm.js: a program must not be promised keys or
//! pictures that no viewer can give it. The kitty keyboard protocol is therefore not
//! announced (`CSI ? u` stays unanswered, as its specification asks of terminals that
//! lack it).

use std::sync::{Arc, Mutex, PoisonError};

use alacritty_terminal::event::{Event, EventListener};

/// Primary device attributes: a VT100 with the advanced video option.
pub(crate) const PRIMARY_ATTRIBUTES: &str = "\x1b[?1;2c";
/// Secondary device attributes: xterm's kind of VT100, with its patch level.
pub(crate) const SECONDARY_ATTRIBUTES: &str = "\x1b[>0;276;0c";
/// Tertiary device attributes: a unit id that says nothing.
pub(crate) const UNIT_ID: &str = "\x1bP!|00000000\x1b\\";
/// Name and version.
pub(crate) const VERSION: &str = concat!("\x1bP>|synk(", env!("CARGO_PKG_VERSION"), ")\x1b\\");
/// Pixels of a cell, width then height. The model draws nothing; programs use the ratio.
pub(crate) const CELL_PIXELS: (usize, usize) = (8, 16);

/// A colour as red, green, blue.
pub type Rgb = [u8; 3];

/// The colours a viewer draws with, told to programs that ask (OSC 4, 10, 11, 12). Many
/// decide between a light and a dark look by the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Palette {
    /// Text without a colour of its own.
    pub foreground: Rgb,
    /// Cells without a colour of their own.
    pub background: Rgb,
    /// The cursor.
    pub cursor: Rgb,
    /// The sixteen named colours: eight normal, then eight bright.
    pub ansi: [Rgb; 16],
}

impl Default for Palette {
    /// Synk's own dark theme, as in the page's tokens.
    fn default() -> Self {
        Self {
            foreground: [0xd8, 0xdc, 0xe2],
            background: [0x0b, 0x0d, 0x10],
            cursor: [0xe3, 0xe6, 0xea],
            ansi: [
                [0x23, 0x28, 0x2f],
                [0xf2, 0x77, 0x6f],
                [0x63, 0xc5, 0x8a],
                [0xe0, 0xb4, 0x5c],
                [0x6e, 0xa8, 0xfe],
                [0xc7, 0x92, 0xea],
                [0x56, 0xc8, 0xd8],
                [0xc5, 0xcb, 0xd3],
                [0x6c, 0x76, 0x83],
                [0xff, 0x9a, 0x93],
                [0x86, 0xdf, 0xa8],
                [0xf5, 0xcf, 0x83],
                [0x9c, 0xc4, 0xff],
                [0xdf, 0xb4, 0xfb],
                [0x85, 0xe0, 0xec],
                [0xf3, 0xf5, 0xf8],
            ],
        }
    }
}

impl Palette {
    /// A viewer's theme: 18 colours, and one for the cursor where that has its own; without
    /// it the cursor is drawn like text.
    #[must_use]
    pub fn new(foreground: Rgb, background: Rgb, cursor: Option<Rgb>, ansi: [Rgb; 16]) -> Self {
        Self { foreground, background, cursor: cursor.unwrap_or(foreground), ansi }
    }

    /// The colour at an index of the terminal's table: 0–15 named, 16–231 the 6×6×6 cube,
    /// 232–255 greys, then foreground, background, cursor.
    pub(crate) fn at(&self, index: usize) -> Rgb {
        #[expect(clippy::cast_possible_truncation, reason = "each arm's range keeps it below 256")]
        match index {
            0..=15 => self.ansi[index],
            16..=231 => {
                let level = |step: usize| if step == 0 { 0 } else { (55 + 40 * step) as u8 };
                let cube = index - 16;
                [level(cube / 36), level(cube / 6 % 6), level(cube % 6)]
            }
            232..=255 => [(8 + 10 * (index - 232)) as u8; 3],
            257 => self.background,
            258 => self.cursor,
            _ => self.foreground,
        }
    }
}

/// Answers waiting to be written to the program, in the order of its questions. The
/// terminal model and its wrapper both hold one end.
#[derive(Clone, Default)]
pub(crate) struct Replies(Arc<Mutex<Vec<u8>>>);

impl Replies {
    pub(crate) fn push(&self, reply: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(reply.as_bytes());
    }

    pub(crate) fn take(&self) -> Vec<u8> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl EventListener for Replies {
    /// The model reports modes and positions itself; its other events are not for here.
    fn send_event(&self, event: Event) {
        if let Event::PtyWrite(reply) = event {
            self.push(&reply);
        }
    }
}
