use std::fs;
use synk_protocol::Palette;

use super::{Theme, read, theme};

/// What all files below say.
fn expected() -> Palette {
    Palette {
        background: "#101820".to_owned(),
        foreground: "#f0e8d8".to_owned(),
        cursor: "#ff8800".to_owned(),
        selection: "#334455".to_owned(),
        colors: (0..16).map(|n| format!("#{n:02x}80ff")).collect(),
    }
}

fn read_text(text: &str) -> Result<Palette, String> {
    theme(text).and_then(Theme::finish)
}

fn ghostty() -> String {
    let colors = (0..16).map(|n| format!("palette = {n}=#{n:02x}80ff\n"));
    let colors = colors.collect::<Vec<_>>().concat();
    format!(
        "# Night Train\n{colors}palette=200=#ffffff\nbackground = 101820\nforeground = \"#F0E8D8\"\n\
         cursor-color = #f80\ncursor-text = #000000\nselection-background = #334455\n\
         selection-foreground = cell-foreground\nfont-size = 13\n"
    )
}

fn alacritty() -> String {
    let names = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"];
    let eight = |from: usize| -> String {
        let line = |(at, name)| format!("{name} = '0x{:02X}80ff'\n", from + at);
        names.iter().enumerate().map(line).collect()
    };
    format!(
        "[font]\nsize = 12\n[colors.primary]\nbackground = '#101820'\nforeground = '#f0e8d8'\n\
         [colors.cursor]\ntext = 'CellBackground'\ncursor = '#ff8800'\n\
         [colors.selection]\ntext = 'CellForeground'\nbackground = '#334455'\n\
         [colors.normal]\n{}[colors.bright]\n{}",
        eight(0),
        eight(8)
    )
}

fn iterm() -> String {
    let color = |name: &str, color: &str| {
        let part =
            |at: usize| f64::from(u8::from_str_radix(&color[at..at + 2], 16).unwrap()) / 255.0;
        format!(
            "<key>{name}</key><dict><key>Alpha Component</key><real>1</real>\
             <key>Blue Component</key><real>{}</real><key>Color Space</key><string>sRGB</string>\n\
             <key>Green Component</key><real>{}</real>\
             <key>Red Component</key><real>{}</real></dict>\n",
            part(5),
            part(3),
            part(1)
        )
    };
    let palette = expected();
    let colors: String = palette
        .colors
        .iter()
        .enumerate()
        .map(|(n, hex)| color(&format!("Ansi {n} Color"), hex))
        .collect();
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST \
         1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">\n<!-- mine -->\n\
         <plist version=\"1.0\">\n<dict>\n{colors}{}{}{}{}{}</dict>\n</plist>\n",
        color("Background Color", &palette.background),
        color("Foreground Color", &palette.foreground),
        color("Cursor Color", &palette.cursor),
        color("Selection Color", &palette.selection),
        color("Link Color", "#000000"),
    )
}

#[test]
fn each_format_is_known_by_what_is_in_it() {
    for text in [ghostty(), alacritty(), iterm(), format!("\u{feff}\n{}", iterm())] {
        assert_eq!(read_text(&text), Ok(expected()), "{text}");
        assert_eq!(read_text(&text.replace('\n', "\r\n")), Ok(expected()));
    }
}

#[test]
fn cursor_and_selection_may_be_left_out() {
    let without = |text: String, parts: &[&str]| {
        let keep = |line: &&str| !parts.iter().any(|part| line.contains(part));
        text.lines().filter(keep).collect::<Vec<_>>().join("\n")
    };
    let palette = Palette { cursor: String::new(), selection: String::new(), ..expected() };
    let parts = ["cursor", "selection"];
    assert_eq!(read_text(&without(ghostty(), &parts)), Ok(palette.clone()));
    let own =
        iterm().replace("Cursor Color", "Link Color").replace("Selection Color", "Bold Color");
    assert_eq!(read_text(&own), Ok(palette.clone()));
    let own = alacritty()
        .replace("'#ff8800'", "'CellForeground'")
        .replace("'#334455'", "'CellBackground'");
    assert_eq!(read_text(&own), Ok(palette.clone()));
    let own = ghostty().replace("#f80", "cell-foreground").replace("#334455", "cell-background");
    assert_eq!(read_text(&own), Ok(palette));
}

#[test]
fn what_is_missing_is_named() {
    let error = read_text(&ghostty().replace("palette = 3=", "#").replace("background = 1", "#"));
    assert_eq!(error.unwrap_err(), "it lacks colours: background, yellow");
    let error = read_text(&alacritty().replace("[colors.bright]", "[colors.dim]")).unwrap_err();
    assert!(error.starts_with("it lacks colours: bright black, bright red"), "{error}");
    let error = read_text(&iterm().replace("Ansi 15 Color", "Ansi 16 Color")).unwrap_err();
    assert_eq!(error, "it lacks colours: bright white");
}

#[test]
fn what_is_damaged_says_where() {
    for (text, part) in [
        (
            ghostty().replace("palette = 3=#0380ff", "palette = 3=#0380fg"),
            "line 5: palette is “#0380fg”",
        ),
        (ghostty().replace("palette = 3=", "palette = "), "line 5: a palette entry is NUMBER"),
        (
            ghostty().replace("palette = 3=", "palette = three="),
            "line 5: a palette entry has a number",
        ),
        (ghostty().replace("101820", "black"), "background is “black”"),
        (alacritty().replace("'#101820'", "'#1018'"), "colors.primary.background is “#1018”"),
        (alacritty().replace("'#101820'", "3"), "line 4"),
        (alacritty().replace("[colors.bright]", "[colors.bright"), "line"),
        (iterm().replace("<real>1</real>", "<real>1</reel>"), "line"),
        (iterm().replace("</plist>", ""), ""),
        (iterm().replace("Green Component", "Grass Component"), "has not red, green and blue"),
        (
            iterm().replacen("<real>0.5019607843137255</real>", "<real>much</real>", 1),
            "“much”, which is no number",
        ),
        (iterm().replacen("<real>0.5019607843137255</real>", "<real>NaN</real>", 1), "“NaN”"),
        ("<html><body>palette</body></html>".to_owned(), "no theme of iTerm2"),
        ("<plist><dict>".to_owned(), "ends in the middle"),
        ("{ \"colors\": {} }".to_owned(), "no theme of Ghostty"),
        (String::new(), "no theme of Ghostty"),
        ("hello\nworld\n".to_owned(), "no theme of Ghostty"),
    ] {
        let error = read_text(&text).map_or_else(|error| error, |_| String::new());
        assert!(error.contains(part), "{part}: {error}");
    }
}

#[test]
fn what_means_harm_does_none() {
    let deep = "<plist>".to_owned() + &"<array>".repeat(30_000);
    assert!(read_text(&deep).is_err());
    let deep = deep + &"</array>".repeat(30_000) + "</plist>";
    assert!(read_text(&deep).unwrap_err().starts_with("it lacks colours"));
    let deep = format!("colors.primary = {}", "[".repeat(100_000));
    assert!(read_text(&deep).is_err());
    let bomb = "<!DOCTYPE plist [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;\">]>\n\
                <plist><dict><key>&b;</key><dict><key>Red Component</key><real>&b;</real></dict></dict></plist>";
    assert!(read_text(bomb).is_err());
    let file = "<!DOCTYPE plist [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><plist><dict>\
                <key>Background Color</key><dict><key>Red Component</key><real>&a;</real></dict></dict></plist>";
    assert!(!read_text(file).unwrap_err().contains("root"));
    let huge = iterm().replace("<real>1</real>", "<real>1e308</real>");
    assert_eq!(read_text(&huge), Ok(expected()), "alpha is of no interest");
    // What is repeated from a file into a message is short, and nothing in it controls a terminal.
    let error = read_text(&format!("background = \u{1b}]0;{}\n", "x".repeat(1000))).unwrap_err();
    assert!(error.len() < 200 && !error.contains('\u{1b}'), "{error}");
}

#[test]
fn colours_of_display_p3_are_converted() {
    let p3 = iterm().replace("<string>sRGB</string>", "<string>P3</string>");
    let palette = read_text(&p3).unwrap();
    // What sRGB has as well stays nearly as it is, and what it has not becomes its nearest.
    assert_eq!(palette.background, "#0e1821");
    assert_eq!(palette.cursor, "#ff8000");
    let grey = "<plist><dict><key>Background Color</key><dict><key>Color Space</key><string>P3</string>\
                <key>Red Component</key><real>0.6</real><key>Green Component</key><real>0.6</real>\
                <key>Blue Component</key><real>0.6</real></dict></dict></plist>";
    assert_eq!(theme(grey).unwrap().background.as_deref(), Some("#999999"), "grey is grey");
}

#[test]
fn only_a_small_file_of_an_absolute_path_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let error = |name: &str| read(&folder.path().join(name)).unwrap_err().message;
    fs::write(folder.path().join("long"), vec![b'#'; (256 << 10) + 1]).unwrap();
    assert!(error("long").contains("more than 256 KiB"));
    fs::write(folder.path().join("binary"), b"bplist00\xd4").unwrap();
    assert!(error("binary").contains("plutil"));
    fs::write(folder.path().join("latin"), b"background = \xe4").unwrap();
    assert!(error("latin").contains("not UTF-8"));
    assert!(error("none").contains("cannot be read"));
    assert!(error("a\nb.conf").contains("rename the file"));
    assert!(error(&format!("{}.conf", "x".repeat(65))).contains("rename the file"));
    fs::create_dir(folder.path().join("folder")).unwrap();
    assert!(error("folder").contains("no file"));
    rustix::fs::mkfifoat(rustix::fs::CWD, folder.path().join("pipe"), rustix::fs::Mode::RUSR)
        .unwrap();
    assert!(error("pipe").contains("no file"));
    assert!(read("theme.conf".as_ref()).unwrap_err().message.contains("no absolute path"));
    fs::write(folder.path().join("Night Train.itermcolors"), iterm()).unwrap();
    let read = read(&folder.path().join("Night Train.itermcolors")).unwrap();
    assert_eq!(read, ("Night Train".to_owned(), expected()));
}
