//! Claiming a shell without integration by typing one line at its prompt. Only shells that
//! understand the language of POSIX can be claimed so; what another would make of the line
//! nobody knows.

use std::{fs::File, io::Read, path::Path};
use synk_protocol::{ErrorCode, WireError};

/// Shells of that language that have no integration.
const POSIX: &[&str] =
    &["ash", "bash", "ksh", "ksh93", "lksh", "mksh", "oksh", "pdksh", "yash", "zsh"];
/// A terminal that edits lines itself takes no longer one (Linux: 4,096 with its end).
const MAX_LINE_BYTES: usize = 4000;

/// The line, and what tells that it was carried out.
#[derive(Debug)]
pub(super) struct Typed {
    nonce: String,
    /// It was typed, and its answer has not come.
    waits: bool,
    /// What came since it was typed.
    heard: Vec<u8>,
}

impl Typed {
    /// # Errors
    /// For a shell of another language.
    pub(super) fn for_shell(shell: &str) -> Result<Self, WireError> {
        let name = Path::new(shell).file_name().and_then(|name| name.to_str()).unwrap_or(shell);
        if !POSIX.contains(&name) {
            return Err(failed(format!(
                "{name} cannot be told by Synk where to go, so it cannot wait for that; bash, \
                 zsh, fish, dash and the Korn shells can"
            )));
        }
        let mut bytes = [0; 8];
        File::open("/dev/urandom")
            .and_then(|mut random| random.read_exact(&mut bytes))
            .map_err(|error| failed(error.to_string()))?;
        let nonce = format!("{:016x}", u64::from_ne_bytes(bytes));
        Ok(Self { nonce, waits: false, heard: Vec::new() })
    }

    /// What to type. The shell's answer is an escape sequence, which the line, as it is
    /// echoed, does not contain.
    pub(super) fn line(
        &mut self,
        working_dir: &str,
        set: &[(String, String)],
        command: &[String],
    ) -> Result<Vec<u8>, WireError> {
        // With a space in front, which many shells take for "not into the history".
        let mut words = vec![" cd --".to_owned(), quoted(working_dir)];
        for (name, value) in set {
            words.push(format!("&& export {name}={}", quoted(value)));
        }
        words.push(format!("&& printf '\\033]7733;{};claimed\\007'", self.nonce));
        if !command.is_empty() {
            words.push("&& exec".to_owned());
            words.extend(command.iter().map(|word| quoted(word)));
        }
        let mut line = words.join(" ");
        if line.len() > MAX_LINE_BYTES || line.contains(|c: char| c.is_control()) {
            return Err(failed("the claim cannot be typed".to_owned()));
        }
        line.push('\r');
        self.waits = true;
        Ok(line.into_bytes())
    }

    pub(super) fn waits(&self) -> bool {
        self.waits
    }

    /// Looks for the answer; what comes after it, once it is there.
    pub(super) fn scan(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        if !self.waits {
            return None;
        }
        self.heard.extend_from_slice(bytes);
        let answer = format!("\x1b]7733;{};claimed\x07", self.nonce).into_bytes();
        let at = self.heard.windows(answer.len()).position(|window| window == answer)?;
        self.waits = false;
        Some(self.heard.split_off(at + answer.len()))
    }
}

fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

fn failed(why: String) -> WireError {
    WireError::new(ErrorCode::SpawnFailed, why)
}
