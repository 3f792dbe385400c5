//! Themes of Ghostty: lines of `key = value`.

use super::{Theme, color};

/// Whether it looks like one.
pub(super) fn is_one(text: &str) -> bool {
    entries(text).any(|(_, key, _)| ["palette", "background", "foreground"].contains(&key))
}

pub(super) fn theme(text: &str) -> Result<Theme, String> {
    let mut theme = Theme::default();
    for (line, key, value) in entries(text) {
        let place = match key {
            "background" => &mut theme.background,
            "foreground" => &mut theme.foreground,
            "cursor-color" => &mut theme.cursor,
            "selection-background" => &mut theme.selection,
            "palette" => {
                let (number, value) = value
                    .split_once('=')
                    .ok_or_else(|| format!("line {line}: a palette entry is NUMBER=#rrggbb"))?;
                let number: u8 = number
                    .trim()
                    .parse()
                    .map_err(|_| format!("line {line}: a palette entry has a number to 255"))?;
                if let Some(place) = theme.colors.get_mut(usize::from(number)) {
                    *place = Some(color(&format!("line {line}: palette"), value.trim())?);
                }
                continue;
            }
            _ => continue,
        };
        // Those of the cell are no colour of their own.
        let is_own = !value.is_empty() && !value.starts_with("cell-");
        *place = is_own.then(|| color(&format!("line {line}: {key}"), value)).transpose()?;
    }
    Ok(theme)
}

/// Line, key and value.
fn entries(text: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    text.lines().enumerate().filter_map(|(line, text)| {
        let (key, value) = text.split_once('=').filter(|_| !text.trim_start().starts_with('#'))?;
        let value = value.trim();
        let unquoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        Some((line + 1, key.trim(), unquoted.unwrap_or(value)))
    })
}
