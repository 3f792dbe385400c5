//! Reading the theme files of other terminals. Which terminal's it is, is known from what is in
//! the file; what it says besides colours is of no interest. A theme is taken whole or not at
//! all.

mod alacritty;
mod ghostty;
mod iterm;
#[cfg(test)]
mod tests;

use std::{
    fs::{self, File},
    io::{self, Read},
    path::Path,
};
use synk_protocol::{Palette, WireError};

use super::check::{COLORS, MAX_NAME, excerpt, is_text};

/// Themes have a few KiB.
const MAX_FILE_BYTES: u64 = 256 << 10;
/// What the colours are called.
const NAMES: [&str; COLORS] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright black",
    "bright red",
    "bright green",
    "bright yellow",
    "bright blue",
    "bright magenta",
    "bright cyan",
    "bright white",
];

/// The colours that a theme names, each as `#rrggbb`.
#[derive(Debug, Default)]
struct Theme {
    background: Option<String>,
    foreground: Option<String>,
    cursor: Option<String>,
    selection: Option<String>,
    colors: [Option<String>; COLORS],
}

/// Reads a theme file; answers its name without its ending, and its colours.
///
/// # Errors
/// Why it cannot be read, or what it lacks.
pub(super) fn read(path: &Path) -> Result<(String, Palette), WireError> {
    let invalid = |why: String| WireError::invalid(format!("{}: {why}", path.display()));
    if !path.is_absolute() {
        return Err(invalid("this is no absolute path".to_owned()));
    }
    let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    let name = name.filter(|name| is_text(name, &(1..=MAX_NAME))).ok_or_else(|| {
        invalid(format!(
            "a palette is called as its file, in 1 to {MAX_NAME} characters, none of control; \
             rename the file"
        ))
    })?;
    let text = text(path).map_err(|error| invalid(format!("it cannot be read: {error}")))?;
    let palette = theme(&text).and_then(Theme::finish).map_err(invalid)?;
    Ok((name, palette))
}

fn text(path: &Path) -> io::Result<String> {
    // A pipe of that name would never be opened.
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is no file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        return Err(io::Error::other(format!("it has more than {} KiB", MAX_FILE_BYTES >> 10)));
    }
    if bytes.starts_with(b"bplist") {
        return Err(io::Error::other(
            "it is a binary property list; `plutil -convert xml1 FILE` makes it text",
        ));
    }
    String::from_utf8(bytes).map_err(|_| io::Error::other("it is not UTF-8 text"))
}

/// The theme, in whichever format.
fn theme(text: &str) -> Result<Theme, String> {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.starts_with('<') {
        iterm::theme(text)
    } else if alacritty::is_one(text) {
        alacritty::theme(text)
    } else if ghostty::is_one(text) {
        ghostty::theme(text)
    } else {
        Err("it is no theme of Ghostty, Alacritty (TOML) or iTerm2 (.itermcolors)".to_owned())
    }
}

impl Theme {
    fn finish(self) -> Result<Palette, String> {
        let Self { background, foreground, cursor, selection, colors } = self;
        let needed = [("background", &background), ("foreground", &foreground)];
        let needed = needed.into_iter().chain(NAMES.into_iter().zip(&colors));
        let missing: Vec<_> =
            needed.filter(|(_, color)| color.is_none()).map(|(name, _)| name).collect();
        if !missing.is_empty() {
            return Err(format!("it lacks colours: {}", missing.join(", ")));
        }
        Ok(Palette {
            background: background.unwrap_or_default(),
            foreground: foreground.unwrap_or_default(),
            cursor: cursor.unwrap_or_default(),
            selection: selection.unwrap_or_default(),
            colors: colors.into_iter().flatten().collect(),
        })
    }
}

/// `#rrggbb`, `rrggbb`, `0xrrggbb` or `#rgb` as `#rrggbb`.
fn color(name: &str, text: &str) -> Result<String, String> {
    let digits = text.strip_prefix('#').or_else(|| text.strip_prefix("0x")).unwrap_or(text);
    let is_hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    match digits.len() {
        6 if is_hex => Ok(format!("#{}", digits.to_ascii_lowercase())),
        3 if is_hex => {
            let twice = digits.chars().flat_map(|digit| [digit, digit]).collect::<String>();
            Ok(format!("#{}", twice.to_ascii_lowercase()))
        }
        _ => Err(format!("{name} is “{}”, which is no colour as #rrggbb", excerpt(text))),
    }
}
