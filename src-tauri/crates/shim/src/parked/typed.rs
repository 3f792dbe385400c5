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
    typed: bool,
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
        let nonce = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { nonce, typed: false, heard: Vec::new() })
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
        let mut line = format!(" cd -- {}", quoted(working_dir));
        for (name, value) in set {
            line += &format!(" && export {name}={}", quoted(value));
        }
        line += &format!(" && printf '\\033]7733;{};claimed\\007'", self.nonce);
        if !command.is_empty() {
            line += " && exec";
            command.iter().for_each(|word| line += &format!(" {}", quoted(word)));
        }
        if line.len() > MAX_LINE_BYTES || line.contains(|c: char| c.is_control()) {
            return Err(failed("the claim cannot be typed".to_owned()));
        }
        line.push('\r');
        self.typed = true;
        Ok(line.into_bytes())
    }

    pub(super) fn is_typed(&self) -> bool {
        self.typed
    }

    /// Looks for the answer; what comes after it, once it is there.
    pub(super) fn scan(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        if !self.typed {
            return None;
        }
        self.heard.extend_from_slice(bytes);
        let answer = format!("\x1b]7733;{};claimed\x07", self.nonce).into_bytes();
        let at = self.heard.windows(answer.len()).position(|window| window == answer)?;
        self.typed = false;
        Some(self.heard.split_off(at + answer.len()))
    }
}

fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

fn failed(why: String) -> WireError {
    WireError::new(ErrorCode::SpawnFailed, why)
}
