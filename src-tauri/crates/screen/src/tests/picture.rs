//! Everything a snapshot must bring across, taken from a screen in a form that can be
//! compared. What has no escape sequence is evened out here, and nowhere else.

use alacritty_terminal::grid::{Cursor, Dimensions, Grid};
use alacritty_terminal::index::Line;
use alacritty_terminal::term::TermMode;
use alacritty_terminal::term::cell::{Cell, Flags};
use alacritty_terminal::vte::ansi::{CharsetIndex, Color, CursorStyle, Rgb, StandardCharset};

use crate::Screen;
use crate::model::Model;

#[derive(Debug, PartialEq, Clone)]
pub(super) struct Look {
    fg: Color,
    bg: Color,
    flags: Flags,
    underline: Option<Color>,
    link: Option<(String, String)>,
}

#[derive(Debug, PartialEq, Clone)]
pub(super) enum Spot {
    Text(char, Vec<char>, Look),
    /// The second half of a wide character, or the column left free before one.
    Filler,
}

#[derive(Debug, PartialEq, Clone)]
pub(super) struct Place {
    point: (i32, usize),
    waits: bool,
    look: Look,
    charsets: [StandardCharset; 4],
}

#[derive(Debug, PartialEq, Clone)]
pub(super) struct Canvas {
    /// History, then screen: the cells, and whether the row runs on.
    rows: Vec<(Vec<Spot>, bool)>,
    history: usize,
    cursor: Place,
    saved: Option<Place>,
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
        let Canvas { rows, history, cursor, saved } = canvas;
        format!("{} rows, {history} history, {cursor:?}, saved {saved:?}", rows.len())
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
                    let colors: Vec<_> =
                        colors.iter().enumerate().filter(|(_, color)| color.is_some()).collect();
                    format!(
                        "{mode:?} {margins:?} {tabs:?} {title:?} {charset} {style:?} {colors:?}"
                    )
                };
                (self != other).then(|| format!("{}\n{}", facts(self), facts(other)))
            })
    }

    pub(super) fn of(screen: &mut Screen) -> Self {
        screen.flush_sync();
        let model = &mut screen.model;
        let alternate = model.term.mode().contains(TermMode::ALT_SCREEN);
        let mut canvas = canvas(model.term.grid());
        if cursor_is_outside(model) {
            canvas.saved = None;
        }
        Self {
            canvas,
            primary: alternate.then(|| primary(model)),
            mode: *model.term.mode() - TermMode::URGENCY_HINTS,
            margins: model.margins,
            tabs: model.tabs.clone(),
            title: model.title.clone(),
            charset: model.charset as u8,
            style: model.cursor_styled.then(|| model.term.cursor_style()),
            colors: (0..=258).map(|index| model.term.colors()[index]).collect(),
        }
    }
}

/// In origin mode a cursor outside the margins can only be reached by restoring it, which
/// takes the place of the saved one.
fn cursor_is_outside(model: &Model) -> bool {
    let line = model.term.grid().cursor.point.line.0 + 1;
    model.term.mode().contains(TermMode::ORIGIN)
        && model.margins.is_some_and(|(top, bottom)| {
            line < i32::try_from(top).unwrap() || line > i32::try_from(bottom).unwrap()
        })
}

fn primary(model: &mut Model) -> Canvas {
    let mut canvas = model.with_primary(canvas);
    // Leaving the alternate screen restores the cursor, not the saved one.
    canvas.saved = None;
    canvas
}

fn canvas(grid: &Grid<Cell>) -> Canvas {
    let (first, last) = (grid.topmost_line().0, grid.bottommost_line().0);
    let rows = (first..=last).map(|line| {
        let row = &grid[Line(line)][..];
        let runs_on = line < last && row[row.len() - 1].flags.contains(Flags::WRAPLINE);
        let spots = (0..row.len()).map(|column| {
            let wide_next = runs_on && is_wide(&grid[Line(line + 1)][..], 0);
            // On three columns and less, writing the wide character again to make the cursor
            // wait takes the mark off the column, and a plain space is left.
            let left_free = column + 1 == row.len()
                && wide_next
                && (row[column].flags.contains(Flags::LEADING_WIDE_CHAR_SPACER)
                    || row.len() <= 3 && row[column].c == ' ');
            if left_free || column > 0 && is_wide(row, column - 1) {
                return Spot::Filler;
            }
            let cell = &row[column];
            let half = cell.flags.contains(Flags::WIDE_CHAR) && !is_wide(row, column);
            let c = if half || cell.c == '\t' { ' ' } else { cell.c };
            Spot::Text(c, cell.zerowidth().unwrap_or_default().to_vec(), look(cell))
        });
        (spots.collect(), runs_on)
    });
    Canvas {
        rows: rows.collect(),
        history: grid.history_size(),
        cursor: place(grid, &grid.cursor),
        saved: Some(place(grid, &grid.saved_cursor)),
    }
}

fn is_wide(row: &[Cell], column: usize) -> bool {
    row[column].flags.contains(Flags::WIDE_CHAR)
        && row.get(column + 1).is_some_and(|next| next.flags.contains(Flags::WIDE_CHAR_SPACER))
}

fn place(grid: &Grid<Cell>, cursor: &Cursor<Cell>) -> Place {
    let row = &grid[cursor.point.line][..];
    Place {
        point: (cursor.point.line.0, cursor.point.column.0),
        // On a row that runs on, the wait cannot be brought back without undoing that.
        waits: cursor.input_needs_wrap && !row[row.len() - 1].flags.contains(Flags::WRAPLINE),
        look: look(&cursor.template),
        charsets: [CharsetIndex::G0, CharsetIndex::G1, CharsetIndex::G2, CharsetIndex::G3]
            .map(|index| cursor.charsets[index]),
    }
}

fn look(cell: &Cell) -> Look {
    Look {
        fg: cell.fg,
        bg: cell.bg,
        flags: cell.flags
            - Flags::WRAPLINE
            - Flags::WIDE_CHAR
            - Flags::WIDE_CHAR_SPACER
            - Flags::LEADING_WIDE_CHAR_SPACER,
        underline: cell.underline_color(),
        link: cell.hyperlink().map(|link| (link.id().to_owned(), link.uri().to_owned())),
    }
}
