//! The model's side of the comparison with xterm.js: all that a viewer can show or do by,
//! as text. `xterm.mjs` says the same of a terminal; the two must be changed together.

use alacritty_terminal::grid::{Dimensions, Grid};
use alacritty_terminal::index::Line;
use alacritty_terminal::term::TermMode;
use alacritty_terminal::term::cell::{Cell, Flags};
use alacritty_terminal::vte::ansi::{Color, CursorShape};

use crate::Screen;

/// What `screen` shows once an open synchronized update is through, which a viewer parses
/// as it comes and merely draws later.
pub(super) fn describe(screen: &mut Screen) -> String {
    screen.flush_sync();
    let directory = screen.model.directory_uri().unwrap_or_default().to_owned();
    let model = &mut screen.model;
    let grid = model.term.grid();
    let mode = *model.term.mode();
    let has = |flag: TermMode| mode.contains(flag);
    let alternate = has(TermMode::ALT_SCREEN);
    let cursor = &grid.cursor;
    let column = cursor.point.column.0 + usize::from(cursor.input_needs_wrap);
    let (top, bottom) = model.margins.unwrap_or((1, grid.screen_lines()));
    let tabs: Vec<String> = (0..model.tabs.len())
        .filter(|column| model.tabs[*column])
        .map(|column| column.to_string())
        .collect();
    let style = if model.cursor_styled {
        let style = model.term.cursor_style();
        let shape = match style.shape {
            CursorShape::Underline => "underline",
            CursorShape::Beam => "bar",
            _ => "block",
        };
        format!("{shape} {}", style.blinking)
    } else {
        "- -".into()
    };
    let mouse = match () {
        () if model.mouse.presses_only => "x10",
        () if has(TermMode::MOUSE_REPORT_CLICK) => "vt200",
        () if has(TermMode::MOUSE_DRAG) => "drag",
        () if has(TermMode::MOUSE_MOTION) => "any",
        () => "none",
    };
    let encoding = match () {
        () if model.mouse.pixels => "SGR_PIXELS",
        () if has(TermMode::SGR_MOUSE) => "SGR",
        () => "DEFAULT",
    };
    let colors: Vec<String> = (0..=258)
        .filter_map(|index| {
            let color = model.term.colors()[index]?;
            Some(format!("{index}=#{:02x}{:02x}{:02x}", color.r, color.g, color.b))
        })
        .collect();
    let mut facts = vec![
        if alternate { "alternate" } else { "primary" }.to_owned(),
        format!("cursor {column},{}", cursor.point.line.0),
        format!("pen {}", look(&cursor.template)),
        format!("history {}", grid.history_size()),
        format!("margins {} {}", top - 1, bottom - 1),
        format!("tabs {}", tabs.join(" ")),
        format!("style {style} {}", model.cursor_blinks),
        format!("hidden {}", !has(TermMode::SHOW_CURSOR)),
        format!("keys {} {}", has(TermMode::APP_CURSOR), has(TermMode::APP_KEYPAD)),
        format!("insert {} newline {}", has(TermMode::INSERT), has(TermMode::LINE_FEED_NEW_LINE)),
        format!("wrap {} origin {}", has(TermMode::LINE_WRAP), has(TermMode::ORIGIN)),
        format!("mouse {mouse} {encoding}"),
        format!("focus {} paste {}", has(TermMode::FOCUS_IN_OUT), has(TermMode::BRACKETED_PASTE)),
        "reverse false".into(),
        "holds back false".into(),
        format!("title {}", model.title.as_deref().unwrap_or_default()),
        format!("directory {directory}"),
        format!("colours {}", colors.join(" ")),
    ];
    rows(&mut facts, grid);
    if alternate {
        model.with_primary(|primary| {
            facts.push(format!("under it, history {}", primary.history_size()));
            rows(&mut facts, primary);
        });
    }
    facts.join("\n")
}

fn rows(facts: &mut Vec<String>, grid: &Grid<Cell>) {
    let mut continues = false;
    let default = look(&Cell::default());
    for line in grid.topmost_line().0..=grid.bottommost_line().0 {
        let row = &grid[Line(line)][..];
        let mut text = String::from(if continues { "+" } else { " " });
        let mut seen = default.clone();
        for (column, cell) in row.iter().enumerate() {
            let now = look(cell);
            if now != seen {
                text.extend(["{", &now, "}"]);
                seen = now;
            }
            if cell.flags.contains(Flags::WIDE_CHAR_SPACER) {
                assert!(column > 0 && row[column - 1].flags.contains(Flags::WIDE_CHAR), "half");
                text.push('\0');
                continue;
            }
            text.push(cell.c);
            text.extend(cell.zerowidth().unwrap_or_default());
            if cell.flags.contains(Flags::WIDE_CHAR) {
                let next = row.get(column + 1).expect("half");
                assert!(next.flags.contains(Flags::WIDE_CHAR_SPACER), "half");
                text.push('\u{1}');
            }
        }
        continues = row[row.len() - 1].flags.contains(Flags::WRAPLINE);
        facts.push(text);
    }
}

fn look(cell: &Cell) -> String {
    let has = |flag: Flags| cell.flags.contains(flag);
    let mut flags = String::new();
    for (flag, name) in [
        (Flags::BOLD, "bold "),
        (Flags::INVERSE, "inverse "),
        (Flags::HIDDEN, "hidden "),
        (Flags::STRIKEOUT, "strike "),
        (Flags::DIM, "dim "),
        (Flags::ITALIC, "italic "),
    ] {
        if has(flag) {
            flags.push_str(name);
        }
    }
    let style = [
        Flags::UNDERLINE,
        Flags::DOUBLE_UNDERLINE,
        Flags::UNDERCURL,
        Flags::DOTTED_UNDERLINE,
        Flags::DASHED_UNDERLINE,
    ]
    .iter()
    .position(|style| has(*style));
    // The colour of a line that is not there is not to be seen.
    let underline = style.map_or_else(String::new, |style| {
        format!(" underline {} {}", style + 1, cell.underline_color().map_or("-".into(), color))
    });
    let link = cell
        .hyperlink()
        .map_or_else(String::new, |link| format!(" link {} {}", link.id(), link.uri()));
    format!("{} {} {flags}{underline}{link}", color(cell.fg), color(cell.bg))
}

fn color(color: Color) -> String {
    match color {
        Color::Named(name) if (name as usize) < 16 => format!("n{}", name as usize),
        Color::Named(_) => "-".into(),
        Color::Indexed(index) => format!("i{index}"),
        Color::Spec(rgb) => format!("#{:02x}{:02x}{:02x}", rgb.r, rgb.g, rgb.b),
    }
}
