//! The page counts columns by a table that is made here, from what the model counts by.

use std::path::Path;

use unicode_width::UnicodeWidthChar;

/// Ranges of the characters of one width, as the page's module reads them.
fn ranges(width: usize) -> String {
    let mut ranges = Vec::new();
    let mut first = None;
    for code in 0..=0x0011_0000_u32 {
        let counts = char::from_u32(code).and_then(char::width) == Some(width);
        match (counts, first) {
            (true, None) => first = Some(code),
            (false, Some(from)) => {
                let last = code - 1;
                ranges.push(if from == last {
                    format!("{from:x}")
                } else {
                    format!("{from:x}-{last:x}")
                });
                first = None;
            }
            _ => {}
        }
    }
    ranges.join(" ")
}

/// `SYNK_WRITE_WIDTHS=1 cargo test -p synk-screen widths` writes the table.
#[test]
fn the_page_counts_as_the_model_does() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../src/features/terminal/width-ranges.mjs");
    let table = format!(
        "// Made by the `widths` test of the screen crate, from the table that its model counts by.\n\
         // biome-ignore-all format: one line for each width\n\
         export const ZERO = '{}';\n\
         export const WIDE = '{}';\n",
        ranges(0),
        ranges(2)
    );
    if std::env::var_os("SYNK_WRITE_WIDTHS").is_some() {
        std::fs::write(&path, &table).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(&path).unwrap_or_default(),
        table,
        "the table is out of date: SYNK_WRITE_WIDTHS=1 cargo test -p synk-screen widths"
    );
}
