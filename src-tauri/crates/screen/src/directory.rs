//! Where a program says it works: OSC 7, `file://host/path`. Shells send it at each prompt.
//!
//! Says which directory is meant, and whether it is one of this machine; whether it exists
//! is not asked.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};

/// Bytes of an address that is kept: a path of `PATH_MAX`, every byte written as `%xx`, and
/// a host name.
const LIMIT: usize = 3 * 4096 + 256 + 8;

/// A directory as a program told it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Directory {
    uri: String,
    /// `None` for one on another machine.
    local: Option<PathBuf>,
}

impl Directory {
    /// Reads what follows `OSC 7 ;`. `None` when that is no address of a directory, which is
    /// also how a program takes its word back.
    pub(crate) fn read(uri: &[u8]) -> Option<Self> {
        let uri = std::str::from_utf8(uri).ok().filter(|uri| uri.len() <= LIMIT)?;
        if uri.chars().any(char::is_control) {
            return None;
        }
        let rest = uri.strip_prefix("file://")?;
        let (host, path) = rest.split_at(rest.find('/')?);
        let path = percent_decoded(path.as_bytes()).filter(|path| !path.contains(&0))?;
        let local = is_this_machine(host).then(|| PathBuf::from(OsString::from_vec(path)));
        Some(Self { uri: uri.to_owned(), local })
    }

    pub(crate) fn uri(&self) -> &str {
        &self.uri
    }

    pub(crate) fn local(&self) -> Option<&Path> {
        self.local.as_deref()
    }
}

/// `None` when a `%` is not followed by two hexadecimal digits.
fn percent_decoded(bytes: &[u8]) -> Option<Vec<u8>> {
    let digit =
        |byte: &u8| char::from(*byte).to_digit(16).and_then(|value| u8::try_from(value).ok());
    let mut out = Vec::with_capacity(bytes.len());
    let mut rest = bytes.iter();
    while let Some(byte) = rest.next() {
        out.push(if *byte == b'%' {
            digit(rest.next()?)? * 16 + digit(rest.next()?)?
        } else {
            *byte
        });
    }
    Some(out)
}

/// Whether a host name is this machine's own: with or without its domain, since shells and
/// the system differ in that.
fn is_this_machine(host: &str) -> bool {
    if host.is_empty() || host.eq_ignore_ascii_case("localhost") {
        return true;
    }
    let system = rustix::system::uname();
    let Ok(own) = system.nodename().to_str() else { return false };
    let first = |name: &str| name.split('.').next().unwrap_or_default().to_ascii_lowercase();
    own.eq_ignore_ascii_case(host)
        || (own.contains('.') != host.contains('.') && first(own) == first(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn local(uri: &str) -> Option<PathBuf> {
        Directory::read(uri.as_bytes())?.local
    }

    #[test]
    fn a_path_is_decoded() {
        for (uri, path) in [
            ("file:///tmp/project", "/tmp/project"),
            ("file://localhost/a%20b/%C3%BC", "/a b/ü"),
            ("file:///with spaces/ü", "/with spaces/ü"),
            ("file:///", "/"),
            ("file:///semi;colon", "/semi;colon"),
        ] {
            assert_eq!(local(uri), Some(PathBuf::from(path)), "{uri}");
        }
        let bytes = local("file:///%ff").unwrap();
        assert_eq!(bytes.into_os_string().into_vec(), b"/\xff");
    }

    #[test]
    fn this_machine_is_known_by_its_name() {
        let own = rustix::system::uname().nodename().to_str().unwrap().to_owned();
        assert!(local(&format!("file://{own}/tmp")).is_some());
        assert!(local(&format!("file://{}/tmp", own.to_uppercase())).is_some());
        assert!(
            local(&format!("file://{}.example.org/tmp", own.split('.').next().unwrap())).is_some()
        );
    }

    #[test]
    fn another_machine_is_remembered_and_not_taken_for_this_one() {
        let directory = Directory::read(b"file://elsewhere.example.org/srv").unwrap();
        assert_eq!(directory.local(), None);
        assert_eq!(directory.uri(), "file://elsewhere.example.org/srv");
    }

    #[test]
    fn what_is_no_directory_is_none() {
        for uri in [
            "",
            "file://",
            "file://host",
            "http://host/x",
            "/tmp",
            "file:///%4",
            "file:///%zz",
            "file:///%00",
        ] {
            assert_eq!(Directory::read(uri.as_bytes()), None, "{uri}");
        }
        assert_eq!(Directory::read(b"file:///\xff"), None);
        assert_eq!(Directory::read(format!("file:///{}", "x".repeat(LIMIT)).as_bytes()), None);
    }
}
