//! A prompt's text, and the bytes that bring it to a program unchanged.

use synk_protocol::{MAX_PROMPT_BYTES, WireError};

/// Around a paste, for a program that asked for it (mode 2004).
const PASTE_BEGINS: &str = "\x1b[200~";
const PASTE_ENDS: &str = "\x1b[201~";
/// A terminal in its plain mode keeps no longer line than this, and cuts off the rest.
const MAX_PLAIN_BYTES: usize = 1024;

/// Checks that a terminal can pass a text on exactly.
///
/// # Errors
/// [`synk_protocol::ErrorCode::Invalid`], naming what cannot be.
pub(crate) fn check(text: &str) -> Result<(), WireError> {
    if text.is_empty() {
        return Err(WireError::invalid("the prompt is empty"));
    }
    if text.len() > MAX_PROMPT_BYTES {
        return Err(WireError::invalid(format!(
            "the prompt has {} bytes, and {MAX_PROMPT_BYTES} is the most; put it into a file and \
             name that",
            text.len()
        )));
    }
    match text.chars().find(|c| c.is_control() && !matches!(c, '\n' | '\t')) {
        None => Ok(()),
        Some(control) => Err(WireError::invalid(format!(
            "the prompt contains the control character U+{:04X}, which a terminal would take for \
             a key; of control characters only tab and line feed can be typed",
            u32::from(control)
        ))),
    }
}

/// The bytes for a text that was checked.
///
/// # Errors
/// Why this program would not get it unchanged.
pub(super) fn typed(text: &str, bracketed_paste: bool) -> Result<String, &'static str> {
    if bracketed_paste {
        return Ok(format!("{PASTE_BEGINS}{text}{PASTE_ENDS}"));
    }
    if text.contains('\n') {
        return Err("it takes no pastes, so the end of a line would send what is before it");
    }
    if text.contains('\t') {
        return Err("it takes no pastes, so a tab would be taken for the key");
    }
    if text.len() > MAX_PLAIN_BYTES {
        return Err("it takes no pastes, and its terminal would cut off so long a line");
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_cannot_be_typed_is_named() {
        let most = "x".repeat(MAX_PROMPT_BYTES);
        for text in ["x", "two\nlines\twith a tab", "🚀 é 漢", "<script>", &most] {
            assert_eq!(check(text), Ok(()));
        }
        let more = "x".repeat(MAX_PROMPT_BYTES + 1);
        for (text, part) in [
            ("", "empty"),
            ("a\u{1b}[201~b", "U+001B"),
            ("a\rb", "U+000D"),
            ("a\u{3}", "U+0003"),
            ("a\u{9b}201~", "U+009B"),
            (more.as_str(), "1048576 is the most"),
        ] {
            let error = check(text).unwrap_err();
            assert!(error.message.contains(part), "{error}");
        }
    }

    #[test]
    fn without_brackets_only_what_arrives_as_it_is_is_typed() {
        assert_eq!(typed("plain text", false).unwrap(), "plain text");
        for text in ["two\nlines", "a\ttab", &"x".repeat(MAX_PLAIN_BYTES + 1)] {
            typed(text, false).unwrap_err();
        }
    }

    proptest! {
        /// Whatever passes, nothing in it ends the paste.
        #[test]
        fn a_paste_has_one_end(text in any::<String>()) {
            if check(&text).is_ok() {
                let bytes = typed(&text, true).unwrap();
                let inside = &bytes[PASTE_BEGINS.len()..bytes.len() - PASTE_ENDS.len()];
                prop_assert_eq!(inside, text);
                prop_assert!(!inside.contains('\x1b'));
            }
        }
    }
}
