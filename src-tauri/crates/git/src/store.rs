//! Objects of a repository together with objects that are only in memory: contents of working
//! files that no commit has. Nothing is ever written to the repository, not even the time of a
//! file.

use git2::{ObjectType, OdbLookupFlags, Oid, Repository};
use std::{cell::Cell, path::Path};

use crate::{GitError, refs};

/// A file larger than this is not read to be compared; that it differs is known all the same.
pub(crate) const MAX_FILE: u64 = 2 << 20;
/// What is held of working files in one comparison. What comes after counts as too large, so
/// that a folder full of data costs time and memory within bounds.
const MAX_HELD: u64 = 256 << 20;
/// What is read only to be hashed in one comparison: larger files, so that one which was only
/// moved is seen as moved.
const MAX_HASHED: u64 = 256 << 20;

/// A file, a link or a submodule at one side of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Its mode as git has it.
    pub(crate) mode: u32,
    /// Its content. For a file that was not read it is only a mark, of no object.
    pub(crate) id: Oid,
    /// Bytes; 0 for a submodule.
    pub(crate) size: u64,
    /// Its content can be had from the store.
    pub(crate) held: bool,
}

impl Entry {
    /// What git calls the type: a file, a link or a submodule.
    pub(crate) fn kind(&self) -> u32 {
        self.mode & 0o170_000
    }

    /// It is a file, with whatever permissions.
    pub(crate) fn is_file(&self) -> bool {
        self.kind() == 0o100_000
    }

    /// It is a commit of another repository.
    pub(crate) fn is_submodule(&self) -> bool {
        self.kind() == 0o160_000
    }

    /// The same thing on both sides. A size is a consequence, not a part of it.
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.mode == other.mode && self.id == other.id
    }
}

/// Where contents are.
pub(crate) struct Store {
    repository: Repository,
    left: Cell<u64>,
    left_to_hash: Cell<u64>,
}

impl Store {
    /// Of the repository that a folder is in.
    pub(crate) fn open(folder: &Path) -> Result<Self, GitError> {
        let repository = refs::open(folder)?;
        // Before all others, so that whatever is written is written there.
        repository.odb()?.add_new_mempack_backend(1000)?;
        Ok(Self { repository, left: Cell::new(MAX_HELD), left_to_hash: Cell::new(MAX_HASHED) })
    }

    /// The repository, whose objects are those of the store.
    pub(crate) fn repository(&self) -> &Repository {
        &self.repository
    }

    /// Whether that much may still be held; if so, it counts as held from now on.
    pub(crate) fn take(&self, bytes: u64) -> bool {
        take(&self.left, bytes)
    }

    /// Whether that much may still be read to be hashed; if so, it counts as read from now on.
    pub(crate) fn take_to_hash(&self, bytes: u64) -> bool {
        take(&self.left_to_hash, bytes)
    }

    /// Holds a content.
    pub(crate) fn hold(&self, bytes: &[u8]) -> Result<Oid, GitError> {
        let id = Oid::hash_object(ObjectType::Blob, bytes)?;
        let odb = self.repository.odb()?;
        // Writing an object that is there makes libgit2 set the time of its file anew.
        if !odb.exists_ext(id, OdbLookupFlags::NO_REFRESH) {
            odb.write(ObjectType::Blob, bytes)?;
        }
        Ok(id)
    }

    /// An entry of a tree or an index, with its size.
    pub(crate) fn entry(&self, mode: u32, id: Oid) -> Entry {
        let mode = usual(mode);
        let header = match mode & 0o170_000 {
            0o160_000 => None,
            _ => self.repository.odb().and_then(|odb| odb.read_header(id)).ok(),
        };
        let size = header.map_or(0, |(size, _)| size as u64);
        Entry { mode, id, size, held: header.is_some() && size <= MAX_FILE }
    }

    /// A content; empty when it is not held.
    pub(crate) fn read(&self, entry: &Entry) -> Result<Vec<u8>, GitError> {
        if !entry.held {
            return Ok(Vec::new());
        }
        Ok(self.repository.odb()?.read(entry.id)?.data().to_vec())
    }
}

fn take(left: &Cell<u64>, bytes: u64) -> bool {
    let rest = left.get().checked_sub(bytes);
    left.set(rest.unwrap_or_else(|| left.get()));
    rest.is_some()
}

/// A mode as git has it today: of the permissions only whether it can be run.
fn usual(mode: u32) -> u32 {
    match mode & 0o170_000 {
        0o120_000 => 0o120_000,
        0o160_000 => 0o160_000,
        _ if mode & 0o100 != 0 => 0o100_755,
        _ => 0o100_644,
    }
}
