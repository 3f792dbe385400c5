//! Everything a snapshot must bring across, taken from a screen in a form that can be
//! compared: the terminal model's own facts, where `describe` tells what a viewer can know.

use alacritty_terminal::grid::{Cursor, Dimensions, Grid};
use alacritty_terminal::index::Line;
use alacritty_terminal::term::TermMode;
use alacritty_terminal::term::cell::{Cell, Flags};
use alacritty_terminal::vte::ansi::{CharsetIndex, Color, CursorStyle, Rgb, StandardCharset};

use crate::Screen;
use crate::model::Model;
use crate::mouse::Mouse;

#[derive(Debug, PartialEq, Clone)]
pub(super) struct Look {
    fg: Color,
    bg: Color,
    flags: Flags,
    underline: Option<Color>,
    link: Option<(String, String)>,
}

#[derive(Debug, PartialEq, Clone)]
pub(super) struct Spot(char, Vec<char>, Look);

#[derive(Debug, PartialEq, Clone)]
pub(super) struct Place {
    point: (i32, usize),
    look: Look,
    charsets: [StandardCharset; 4],
}

#[derive(Debug, PartialEq, Clone)]
pub(super) struct Canvas {
    /// History, then screen: the cells, and whether the row runs on.
    rows: Vec<(Vec<Spot>, bool)>,
    history: usize,
    cursor: Place,
    waits: bool,
    saved: Place,
}

#[derive(Debug, PartialEq, Clone)]
pub(super) struct Picture {
    pub(super) canvas: Canvas,
    pub(super) primary: Option<Canvas>,
    mode: TermMode,
    margins: Option<(usize, usize)>,
    tabs: Vec<bool>,
    title: Option<String>,
    charset: u8,
    style: Option<CursorStyle>,
    blinks: bool,
    mouse: Mouse,
    directory: Option<String>,
    colors: Vec<Option<Rgb>>,
}

impl Canvas {
    pub(super) fn without_history(mut self) -> Self {
        self.rows.drain(..self.history);
        self.history = 0;
        self
    }
}

/// The first difference of two canvases, in few words.
fn difference(a: &Canvas, b: &Canvas) -> Option<String> {
    let mut rows = a.rows.iter().zip(&b.rows).enumerate();
    if let Some((row, ((a, a_runs_on), (b, b_runs_on)))) = rows.find(|(_, (a, b))| a != b) {
        let spots = a.iter().zip(b).enumerate().find(|(_, (a, b))| a != b);
        return Some(format!("row {row}: {spots:?}, runs on: {a_runs_on} {b_runs_on}"));
    }
    let facts = |canvas: &Canvas| {
        let Canvas { rows, history, cursor, waits, saved } = canvas;
        format!(
            "{} rows, {history} history, {cursor:?}, waits {waits}, saved {saved:?}",
            rows.len()
        )
    };
    (a != b).then(|| format!("{}\n{}", facts(a), facts(b)))
}

impl Picture {
    /// Says how another differs.
    pub(super) fn difference(&self, other: &Self) -> Option<String> {
        difference(&self.canvas, &other.canvas)
            .map(|what| format!("active: {what}"))
            .or_else(|| match (&self.primary, &other.primary) {
                (Some(a), Some(b)) => difference(a, b).map(|what| format!("primary: {what}")),
                _ => None,
            })
            .or_else(|| {
                let facts = |picture: &Self| {
                    let Self { mode, margins, tabs, title, charset, style, colors, .. } = picture;
                    let Self { blinks, mouse, directory, .. } = picture;
                    let colors: Vec<_> =
                        colors.iter().enumerate().filter(|(_, color)| color.is_some()).collect();
                    format!(
                        "{mode:?} {margins:?} {tabs:?} {title:?} {charset} {style:?} {colors:?} \
                         {blinks} {mouse:?} {directory:?}"
                    )
                };
                (self != other).then(|| format!("{}\n{}", facts(self), facts(other)))
            })
    }

    pub(super) fn of(screen: &mut Screen) -> Self {
        screen.flush_sync();
        let model = &mut screen.model;
        let alternate = model.term.mode().contains(TermMode::ALT_SCREEN);
        Self {
            canvas: canvas(model.term.grid()),
            primary: alternate.then(|| primary(model)),
            mode: *model.term.mode() - TermMode::URGENCY_HINTS,
            margins: model.margins,
            tabs: model.tabs.clone(),
            title: model.title.clone(),
            charset: model.charset as u8,
            style: model.cursor_styled.then(|| model.term.cursor_style()),
            blinks: model.cursor_blinks,
            mouse: model.mouse,
            directory: model.directory_uri().map(str::to_owned),
            colors: (0..=258).map(|index| model.term.colors()[index]).collect(),
        }
    }
}

fn primary(model: &mut Model) -> Canvas {
    let mut canvas = model.with_primary(canvas);
    // Leaving the alternate screen restores the cursor: what was saved before is gone, and
    // nothing waits to wrap.
    canvas.saved = canvas.cursor.clone();
    canvas.waits = false;
    canvas
}

fn canvas(grid: &Grid<Cell>) -> Canvas {
    let (first, last) = (grid.topmost_line().0, grid.bottommost_line().0);
    let rows = (first..=last).map(|line| {
        let row = &grid[Line(line)][..];
        let runs_on = line < last && row[row.len() - 1].flags.contains(Flags::WRAPLINE);
        let spots = row
            .iter()
            .map(|cell| Spot(cell.c, cell.zerowidth().unwrap_or_default().to_vec(), look(cell)));
        (spots.collect(), runs_on)
    });
    Canvas {
        rows: rows.collect(),
        history: grid.history_size(),
        cursor: place(&grid.cursor),
        waits: grid.cursor.input_needs_wrap,
        saved: place(&grid.saved_cursor),
    }
}

fn place(cursor: &Cursor<Cell>) -> Place {
    Place {
        point: (cursor.point.line.0, cursor.point.column.0),
        look: look(&cursor.template),
        charsets: [CharsetIndex::G0, CharsetIndex::G1, CharsetIndex::G2, CharsetIndex::G3]
            .map(|index| cursor.charsets[index]),
    }
}

fn look(cell: &Cell) -> Look {
    Look {
        fg: cell.fg,
        bg: cell.bg,
        // Whether a row runs on is told apart; that its last column was left free is known
        // to the terminal model alone, and only as long as nothing else is written there.
        flags: cell.flags - Flags::WRAPLINE - Flags::LEADING_WIDE_CHAR_SPACER,
        underline: cell.underline_color(),
        link: cell.hyperlink().map(|link| (link.id().to_owned(), link.uri().to_owned())),
    }
}
