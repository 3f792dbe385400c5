//! Themes of Alacritty: TOML with a table `colors`.

use serde::Deserialize;

use super::{Theme, color};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Configuration {
    colors: Colors,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Colors {
    primary: Primary,
    cursor: Cursor,
    selection: Selection,
    normal: Eight,
    bright: Eight,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Primary {
    background: Option<String>,
    foreground: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Cursor {
    cursor: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Selection {
    background: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Eight {
    black: Option<String>,
    red: Option<String>,
    green: Option<String>,
    yellow: Option<String>,
    blue: Option<String>,
    magenta: Option<String>,
    cyan: Option<String>,
    white: Option<String>,
}

impl Eight {
    fn named(self) -> [(&'static str, Option<String>); 8] {
        let Self { black, red, green, yellow, blue, magenta, cyan, white } = self;
        [
            ("black", black),
            ("red", red),
            ("green", green),
            ("yellow", yellow),
            ("blue", blue),
            ("magenta", magenta),
            ("cyan", cyan),
            ("white", white),
        ]
    }
}

/// Whether it looks like one.
pub(super) fn is_one(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start().trim_start_matches('[').trim_start();
        let rest = line.strip_prefix("colors").map(str::trim_start);
        rest.is_some_and(|rest| rest.starts_with(['.', ']', '=']))
    })
}

pub(super) fn theme(text: &str) -> Result<Theme, String> {
    let Configuration { colors } =
        toml_edit::de::from_str(text).map_err(|error| error.to_string().trim_end().to_owned())?;
    let Colors { primary, cursor, selection, normal, bright } = colors;
    let mut theme = Theme {
        background: one("primary", "background", primary.background)?,
        foreground: one("primary", "foreground", primary.foreground)?,
        cursor: one("cursor", "cursor", cursor.cursor)?,
        selection: one("selection", "background", selection.background)?,
        ..Theme::default()
    };
    let normal = normal.named().map(|named| ("normal", named));
    let bright = bright.named().map(|named| ("bright", named));
    for (place, (table, (name, text))) in
        theme.colors.iter_mut().zip(normal.into_iter().chain(bright))
    {
        *place = one(table, name, text)?;
    }
    Ok(theme)
}

fn one(table: &str, name: &str, text: Option<String>) -> Result<Option<String>, String> {
    // Those of the cell are no colour of their own.
    let text = text.filter(|text| !text.starts_with("Cell"));
    text.map(|text| color(&format!("colors.{table}.{name}"), &text)).transpose()
}
