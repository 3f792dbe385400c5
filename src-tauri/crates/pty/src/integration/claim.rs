//! What a parked shell is claimed with, and how that is written down for it. Everything in a
//! claim is text from elsewhere: it is quoted so that each byte arrives as it is.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Component, Path, PathBuf};

/// What a parked shell is to become.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// Where it is to be; an absolute path. When it cannot go there the shell says so
    /// ([`crate::Refusal::Directory`]) and parks again.
    pub working_dir: &'a Path,
    /// Variables to export, in order.
    pub set: &'a [(OsString, OsString)],
    /// Variables to remove, before any is set.
    pub unset: &'a [OsString],
    /// Program and arguments to replace the shell with; empty for a prompt. The program is
    /// looked up in the shell's `PATH`, past functions, aliases and built-in commands.
    pub exec: &'a [OsString],
}

/// Why a shell was not claimed.
#[derive(Debug, thiserror::Error)]
pub enum ClaimError {
    /// The shell does not wait for a claim: not yet, not any more, or it has ended.
    #[error("the shell is not waiting for a claim; take another or start one")]
    NotParked,
    /// The claim could not be written.
    #[error("{} cannot be written: {source}; start another shell", .path.display())]
    Channel {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The directory is not an absolute path.
    #[error("{} is not an absolute path; give one", .0.display())]
    NotAbsolute(PathBuf),
    /// Not a name that a shell can give a variable.
    #[error("{} is not a variable's name; use letters, digits and underscores", .0.display())]
    InvalidName(OsString),
    /// A NUL byte, or a program whose name would be taken for an option.
    #[error("{0:?} cannot be handed to a program; remove a NUL byte or a leading '-'")]
    InvalidText(OsString),
}

/// How a text is written so that a shell reads it as one word, byte for byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quoting {
    /// As bash, zsh and every POSIX shell read it.
    Posix,
    /// As fish reads it.
    Fish,
}

impl Claim<'_> {
    /// The claim as the calls that every integrated shell has functions for.
    pub(super) fn script(&self, quoting: Quoting) -> Result<Vec<u8>, ClaimError> {
        if !self.working_dir.is_absolute() {
            return Err(ClaimError::NotAbsolute(self.working_dir.to_owned()));
        }
        let mut script = Vec::new();
        let mut call = |name: &str, words: &[&OsStr]| {
            script.extend_from_slice(name.as_bytes());
            for word in words {
                if word.as_bytes().contains(&0) {
                    return Err(ClaimError::InvalidText((*word).to_owned()));
                }
                script.push(b' ');
                script.extend(quoted(word.as_bytes(), quoting));
            }
            script.push(b'\n');
            Ok(())
        };
        call("__synk_enter", &[plain(self.working_dir).as_os_str()])?;
        for name in self.unset {
            call("__synk_unset", &[checked(name)?])?;
        }
        for (name, value) in self.set {
            call("__synk_set", &[checked(name)?, value])?;
        }
        if let Some(program) = self.exec.first()
            && (program.is_empty() || program.as_bytes().starts_with(b"-"))
        {
            return Err(ClaimError::InvalidText(program.clone()));
        }
        let words: Vec<&OsStr> = self.exec.iter().map(OsString::as_os_str).collect();
        call("__synk_run", &words)?;
        Ok(script)
    }
}

/// A path as a shell writes it after it went there: `..` takes back what is before it.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    plain
}

fn checked(name: &OsStr) -> Result<&OsStr, ClaimError> {
    let ok = match name.as_bytes() {
        [first, rest @ ..] => {
            (first.is_ascii_alphabetic() || *first == b'_')
                && rest.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        }
        [] => false,
    };
    if ok { Ok(name) } else { Err(ClaimError::InvalidName(name.to_owned())) }
}

/// `bytes` between single quotes, where a shell looks for nothing but their end.
pub(super) fn quoted(bytes: &[u8], quoting: Quoting) -> Vec<u8> {
    let mut quoted = Vec::with_capacity(bytes.len() + 2);
    quoted.push(b'\'');
    for byte in bytes {
        match (byte, quoting) {
            (b'\'', Quoting::Posix) => quoted.extend_from_slice(b"'\\''"),
            (b'\'' | b'\\', Quoting::Fish) => quoted.extend_from_slice(&[b'\\', *byte]),
            _ => quoted.push(*byte),
        }
    }
    quoted.push(b'\'');
    quoted
}
