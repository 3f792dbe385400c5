//! Which segments a session's folder holds, and taking away the oldest of them.
//!
//! The writer and whoever looks after the cap of all sessions work on the same folder at the
//! same time, and readers besides, none of them waiting for another. So a file that is gone is
//! never an error here, and three orders are kept by all:
//!
//! * A segment ends by `console.log` taking the segment's own name. Its successor's index
//!   comes after that, and the successor's `console.log` last.
//! * Of a segment that is removed, the index goes first and the log last. So if the index of a
//!   segment is there, and no log of its name was, then the `console.log` that was opened before
//!   these two looks is that segment.
//! * A segment that is being written is removed by nobody but its writer.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};

/// The segment that is being written.
pub(crate) const CURRENT: &str = "console.log";

/// A segment that was seen in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Segment {
    /// The offset of its first byte.
    pub(crate) first: u64,
    /// Bytes in it.
    pub(crate) len: u64,
    /// Nothing is added to it any more.
    pub(crate) closed: bool,
}

impl Segment {
    /// Behind its last byte.
    pub(crate) fn end(&self) -> u64 {
        self.first.saturating_add(self.len)
    }

    /// Opens its log; `None` if it is gone, or was completed meanwhile and is to be looked for
    /// again.
    pub(crate) fn open(&self, dir: &Path) -> io::Result<Option<File>> {
        if self.closed {
            return found(File::open(log_path(dir, self.first)));
        }
        let Some(file) = found(File::open(dir.join(CURRENT)))? else { return Ok(None) };
        let completed = log_path(dir, self.first).try_exists()?;
        // A log without any index is that of a version before there were any.
        let indexed = index_path(dir, self.first).try_exists()? || self.first == 0;
        Ok(Some(file).filter(|_| !completed && indexed))
    }
}

/// Nothing where there is no such file.
pub(crate) fn found<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

pub(crate) fn log_path(dir: &Path, first: u64) -> PathBuf {
    dir.join(format!("console.{first:020}.log"))
}

pub(crate) fn index_path(dir: &Path, first: u64) -> PathBuf {
    dir.join(format!("console.{first:020}.index"))
}

pub(crate) fn snapshot_path(dir: &Path, first: u64) -> PathBuf {
    dir.join(format!("console.{first:020}.snapshot"))
}

/// What a folder holds, by first offsets.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    logs: BTreeSet<u64>,
    indexes: BTreeSet<u64>,
    snapshots: BTreeSet<u64>,
    current: bool,
}

impl Listing {
    pub(crate) fn read(dir: &Path) -> io::Result<Self> {
        let mut listing = Self::default();
        for entry in fs::read_dir(dir)? {
            let name = entry?.file_name();
            let Some(rest) = name.to_str().and_then(|name| name.strip_prefix("console.")) else {
                continue;
            };
            if rest == "log" {
                listing.current = true;
                continue;
            }
            let Some((first, kind)) = rest.split_once('.') else { continue };
            let Some(first) = (first.len() == 20).then(|| first.parse().ok()).flatten() else {
                continue;
            };
            match kind {
                "log" => listing.logs.insert(first),
                "index" => listing.indexes.insert(first),
                "snapshot" => listing.snapshots.insert(first),
                _ => false,
            };
        }
        Ok(listing)
    }

    /// The segments, oldest first.
    pub(crate) fn segments(&self, dir: &Path) -> io::Result<Vec<Segment>> {
        let mut segments = Vec::with_capacity(self.logs.len() + 1);
        for &first in &self.logs {
            if let Some(found) = found(fs::metadata(log_path(dir, first)))? {
                segments.push(Segment { first, len: found.len(), closed: true });
            }
        }
        if self.current
            && let Some(found) = found(fs::metadata(dir.join(CURRENT)))?
        {
            let end = segments.last().map_or(0, Segment::end);
            let first = self.unfinished().last().unwrap_or(end);
            segments.push(Segment { first, len: found.len(), closed: false });
        }
        Ok(segments)
    }

    /// Indexes that are not of a complete segment: the current one's, or one that never began.
    pub(crate) fn unfinished(&self) -> impl Iterator<Item = u64> {
        self.indexes.difference(&self.logs).copied()
    }

    /// Snapshots that are not of a complete segment.
    pub(crate) fn unfinished_snapshots(&self) -> impl Iterator<Item = u64> {
        self.snapshots.difference(&self.logs).copied()
    }
}

/// The segments in a folder, oldest first.
pub(crate) fn segments(dir: &Path) -> io::Result<Vec<Segment>> {
    Listing::read(dir)?.segments(dir)
}

/// Bytes that a complete segment takes, with all that belongs to it.
pub(crate) fn bytes_of(dir: &Path, first: u64) -> u64 {
    [index_path(dir, first), snapshot_path(dir, first), log_path(dir, first)]
        .iter()
        .map(|path| fs::metadata(path).map_or(0, |found| found.len()))
        .sum()
}

/// Removes a complete segment, in the order that readers rely on.
pub(crate) fn remove(dir: &Path, first: u64) -> io::Result<()> {
    for path in [index_path(dir, first), snapshot_path(dir, first), log_path(dir, first)] {
        found(fs::remove_file(path))?;
    }
    Ok(())
}

/// Bytes that the log in a session's folder takes on disk, with indexes and snapshots. A
/// folder that is not there takes none.
///
/// # Errors
/// The system's reason for not letting the folder be read.
pub fn usage(session_dir: &Path) -> io::Result<u64> {
    let Some(entries) = found(fs::read_dir(session_dir))? else { return Ok(0) };
    let mut bytes = 0;
    for entry in entries {
        let entry = entry?;
        if entry.file_name().to_str().is_some_and(|name| name.starts_with("console."))
            && let Some(found) = found(entry.metadata())?
        {
            bytes += found.len();
        }
    }
    Ok(bytes)
}

/// When the last byte was written to the oldest segment that is complete, which is the one
/// that [`remove_oldest`] takes first: milliseconds since 1970, UTC. `None` when there is none.
///
/// # Errors
/// The system's reason for not letting the folder be read.
pub fn oldest_closed(session_dir: &Path) -> io::Result<Option<u64>> {
    let Some(listing) = found(Listing::read(session_dir))? else { return Ok(None) };
    for first in listing.logs {
        if let Some(found) = found(fs::metadata(log_path(session_dir, first)))? {
            let written = found.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
            return Ok(Some(u64::try_from(written.as_millis()).unwrap_or(u64::MAX)));
        }
    }
    Ok(None)
}

/// Removes complete segments, the oldest first, until `bytes` are free or there are no more.
/// The segment that is being written stays. Answers how many bytes are free now.
///
/// # Errors
/// The system's reason for not removing a file that is there.
pub fn remove_oldest(session_dir: &Path, bytes: u64) -> io::Result<u64> {
    let Some(listing) = found(Listing::read(session_dir))? else { return Ok(0) };
    let mut freed = 0;
    for first in listing.logs {
        if freed >= bytes {
            break;
        }
        let size = bytes_of(session_dir, first);
        remove(session_dir, first)?;
        freed += size;
    }
    Ok(freed)
}
