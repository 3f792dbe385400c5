//! The Program Status Protocol: `OSC 7501 ; key=value : key=value ST`. Read as revision 0.4
//! of its specification and three agents write it: a `state`, what is `blocked` says a
//! `kind`, `title` and `msg` are base64. Keys that are not known are passed over.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use synk_protocol::{MAX_SIGNAL_CHARS, ProgramReport, plain_text};

/// The longest name of a part of a program, in characters.
const MAX_ID_CHARS: usize = 64;

/// One report.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Report {
    /// What was reported of a part does not hold any more.
    Clear {
        id: String,
    },
    Status(ProgramReport),
}

/// Reads what follows `OSC 7501 ;`. None of what is no report.
pub(super) fn read(body: &[u8], at: u64) -> Option<Report> {
    let body = std::str::from_utf8(body).ok()?;
    let mut state = None;
    let mut report = ProgramReport {
        id: String::new(),
        state: String::new(),
        kind: None,
        app: None,
        progress: None,
        message: None,
        at,
    };
    for (key, value) in body.split(':').filter_map(|field| field.split_once('=')) {
        match key {
            "state" => state = Some(word(value)?),
            "kind" => report.kind = word(value),
            "id" => report.id = plain_text(value, MAX_ID_CHARS),
            "app" => report.app = Some(plain_text(value, MAX_ID_CHARS)),
            "progress" => report.progress = value.parse().ok().filter(|percent| *percent <= 100),
            "msg" => report.message = text(value),
            "title" if report.message.is_none() => report.message = text(value),
            _ => {}
        }
    }
    let state = state?;
    if state == "clear" {
        return Some(Report::Clear { id: report.id });
    }
    Some(Report::Status(ProgramReport { state, ..report }))
}

fn word(value: &str) -> Option<String> {
    let is_word = !value.is_empty()
        && value.len() <= 32
        && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    is_word.then(|| value.to_ascii_lowercase())
}

fn text(value: &str) -> Option<String> {
    let decoded = STANDARD.decode(value).ok()?;
    let plain = plain_text(&String::from_utf8_lossy(&decoded), MAX_SIGNAL_CHARS);
    Some(plain).filter(|plain| !plain.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn status(body: &str) -> Option<ProgramReport> {
        match read(body.as_bytes(), 5) {
            Some(Report::Status(report)) => Some(report),
            _ => None,
        }
    }

    #[test]
    fn reports_are_read_as_agents_write_them() {
        let blocked =
            status("state=blocked:kind=permission:app=claude:msg=YXBwcm92ZSBCYXNo:x=y").unwrap();
        assert_eq!((&*blocked.state, blocked.kind.as_deref()), ("blocked", Some("permission")));
        assert_eq!(blocked.message.as_deref(), Some("approve Bash"));
        assert_eq!((blocked.app.as_deref(), blocked.at), (Some("claude"), 5));
        assert_eq!(status("state=working:progress=40").unwrap().progress, Some(40));
        assert_eq!(status("state=working:progress=400").unwrap().progress, None);
        let clear = read(b"state=clear:id=a", 0);
        assert_eq!(clear, Some(Report::Clear { id: "a".to_owned() }));
        for wrong in ["", "?", "kind=question", "state=", "state=a b", "state"] {
            assert_eq!(read(wrong.as_bytes(), 0), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_message_is_plain_text() {
        // ESC [31m, then an override of the text's direction, then "ok".
        let message = STANDARD.encode("\u{1b}[31m\u{202e}ok\n");
        let report = status(&format!("state=done:msg={message}")).unwrap();
        assert_eq!(report.message.as_deref(), Some("[31mok"));
        assert_eq!(status("state=done:msg=***").unwrap().message, None);
    }

    proptest! {
        #[test]
        fn nothing_that_is_put_out_fails(body in prop::collection::vec(any::<u8>(), 0..200)) {
            read(&body, 0);
        }
    }
}
