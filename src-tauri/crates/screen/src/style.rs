//! Attributes of cells, and the shortest way to change a pen from one to another.
//! Knows SGR and OSC 8; does not know about positions or rows.

use alacritty_terminal::term::cell::{Cell, Flags};
use alacritty_terminal::vte::ansi::{Color, NamedColor, Rgb};

/// The flags that are looks, not layout.
const LOOKS: Flags = Flags::INVERSE
    .union(Flags::BOLD)
    .union(Flags::ITALIC)
    .union(Flags::DIM)
    .union(Flags::HIDDEN)
    .union(Flags::STRIKEOUT)
    .union(Flags::ALL_UNDERLINES);

const LOOK_CODES: [(Flags, &str); 11] = [
    (Flags::BOLD, "1"),
    (Flags::DIM, "2"),
    (Flags::ITALIC, "3"),
    (Flags::UNDERLINE, "4"),
    (Flags::DOUBLE_UNDERLINE, "4:2"),
    (Flags::UNDERCURL, "4:3"),
    (Flags::DOTTED_UNDERLINE, "4:4"),
    (Flags::DASHED_UNDERLINE, "4:5"),
    (Flags::INVERSE, "7"),
    (Flags::HIDDEN, "8"),
    (Flags::STRIKEOUT, "9"),
];

const BACKGROUND: Color = Color::Named(NamedColor::Background);
const FOREGROUND: Color = Color::Named(NamedColor::Foreground);

/// What a cell without anything rare about it looks like, in a form that is compared at
/// once.
#[derive(Clone, Copy)]
pub(crate) struct Look {
    fg: u32,
    bg: u32,
    flags: Flags,
}

impl Look {
    /// `None` for a cell with a link, a line of another colour or combining characters.
    pub(crate) fn of(cell: &Cell) -> Option<Self> {
        let (fg, bg) = (Self::color(cell.fg), Self::color(cell.bg));
        cell.extra.is_none().then(|| Self { fg, bg, flags: cell.flags & LOOKS })
    }

    /// Whether a cell looks like this and is not the second half of a wide character.
    #[inline]
    pub(crate) fn fits(self, cell: &Cell) -> bool {
        Self::color(cell.fg) == self.fg
            && Self::color(cell.bg) == self.bg
            && cell.flags & LOOKS.union(Flags::WIDE_CHAR_SPACER) == self.flags
            && cell.extra.is_none()
    }

    #[inline]
    fn color(color: Color) -> u32 {
        match color {
            Color::Named(name) => name as u32,
            Color::Indexed(index) => 0x0100_0000 | u32::from(index),
            Color::Spec(Rgb { r, g, b }) => u32::from_be_bytes([2, r, g, b]),
        }
    }
}

/// True when both cells look alike apart from their text.
#[inline]
pub(crate) fn same(a: &Cell, b: &Cell) -> bool {
    a.fg == b.fg
        && a.bg == b.bg
        && a.flags & LOOKS == b.flags & LOOKS
        && (a.extra.is_none() && b.extra.is_none()
            || a.underline_color() == b.underline_color() && a.hyperlink() == b.hyperlink())
}

/// True for a cell that erasing with the default pen would leave behind.
pub(crate) fn is_blank(cell: &Cell) -> bool {
    cell.c == ' '
        && cell.bg == BACKGROUND
        && cell.fg == FOREGROUND
        && !cell.flags.intersects(LOOKS)
        && (cell.extra.is_none()
            || cell.zerowidth().is_none_or(<[char]>::is_empty)
                && cell.underline_color().is_none()
                && cell.hyperlink().is_none())
}

/// True for a cell that erasing leaves behind, whatever its background colour.
pub(crate) fn is_erased(cell: &Cell) -> bool {
    *cell == Cell::from(cell.bg)
}

/// True when a pen that looks like this cell erases with a colour of its own.
pub(crate) fn has_background(cell: &Cell) -> bool {
    cell.bg != BACKGROUND
}

/// Writes what turns a pen that looks like `from` into one that looks like `to`.
pub(crate) fn change(out: &mut Vec<u8>, from: &Cell, to: &Cell) {
    let (mut had, wanted) = (from.flags & LOOKS, to.flags & LOOKS);
    let (mut fg, mut bg) = (from.fg, from.bg);
    let has_extra = from.extra.is_some() || to.extra.is_some();
    let mut underline = if has_extra { from.underline_color() } else { None };
    let mut codes = Codes { out, open: false };
    // Taking a look away is per group and per terminal a gamble; starting over is not. And 59
    // makes xterm.js draw underlines in white.
    if !wanted.contains(had)
        || (underline.is_some() && to.underline_color().is_none())
        || (is_plain(to) && !is_plain(from))
    {
        codes.add("0");
        (had, fg, bg, underline) = (Flags::empty(), FOREGROUND, BACKGROUND, None);
    }
    if wanted != had {
        for (flag, code) in LOOK_CODES {
            if wanted.contains(flag) && !had.contains(flag) {
                codes.add(code);
            }
        }
    }
    if to.fg != fg {
        codes.color(to.fg, 30, 90, "38", "39");
    }
    if to.bg != bg {
        codes.color(to.bg, 40, 100, "48", "49");
    }
    if has_extra && to.underline_color() != underline {
        codes.underline_color(to.underline_color());
    }
    codes.close();
    if has_extra {
        let link = to.hyperlink();
        if from.hyperlink() != link {
            match link {
                Some(link) => {
                    out.extend_from_slice(b"\x1b]8;id=");
                    out.extend_from_slice(link.id().as_bytes());
                    out.push(b';');
                    out.extend_from_slice(link.uri().as_bytes());
                    out.extend_from_slice(b"\x1b\\");
                }
                None => out.extend_from_slice(b"\x1b]8;;\x1b\\"),
            }
        }
    }
}

fn is_plain(cell: &Cell) -> bool {
    cell.fg == FOREGROUND
        && cell.bg == BACKGROUND
        && !cell.flags.intersects(LOOKS)
        && cell.underline_color().is_none()
}

/// One SGR sequence, opened by its first code.
struct Codes<'a> {
    out: &'a mut Vec<u8>,
    open: bool,
}

impl Codes<'_> {
    #[inline]
    fn add(&mut self, code: &str) {
        self.out.extend_from_slice(if self.open { b";" } else { b"\x1b[" });
        self.out.extend_from_slice(code.as_bytes());
        self.open = true;
    }

    /// Numbers here are below a thousand.
    fn number(&mut self, number: usize) {
        let digit = |value: usize| b"0123456789"[value % 10];
        if number >= 100 {
            self.out.push(digit(number / 100));
        }
        if number >= 10 {
            self.out.push(digit(number / 10));
        }
        self.out.push(digit(number));
    }

    fn color(&mut self, color: Color, base: usize, bright: usize, extended: &str, default: &str) {
        match color {
            Color::Named(name) if (name as usize) < 8 => {
                self.add("");
                self.number(base + name as usize);
            }
            Color::Named(name) if (name as usize) < 16 => {
                self.add("");
                self.number(bright + name as usize - 8);
            }
            Color::Named(_) => self.add(default),
            Color::Indexed(index) => {
                self.add(extended);
                self.out.extend_from_slice(b";5;");
                self.number(index.into());
            }
            Color::Spec(Rgb { r, g, b }) => {
                self.add(extended);
                self.out.extend_from_slice(b";2");
                for part in [r, g, b] {
                    self.out.push(b';');
                    self.number(part.into());
                }
            }
        }
    }

    /// Underline colours have no old semicolon form worth the risk: a terminal that does
    /// not know 58 would read the numbers after it as attributes.
    fn underline_color(&mut self, color: Option<Color>) {
        match color {
            Some(Color::Indexed(index)) => {
                self.add("58:5:");
                self.number(index.into());
            }
            Some(Color::Spec(Rgb { r, g, b })) => {
                self.add("58:2:");
                for part in [r, g, b] {
                    self.out.push(b':');
                    self.number(part.into());
                }
            }
            Some(Color::Named(_)) | None => self.add("59"),
        }
    }

    fn close(&mut self) {
        if self.open {
            self.out.push(b'm');
        }
    }
}
