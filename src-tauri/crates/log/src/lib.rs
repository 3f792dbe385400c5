//! The log of a session: every byte that its programs put out, and enough beside it to show
//! the screen as it was at any moment.
//!
//! It is written by a session's shim alone, through [`Writer`]; anybody may read meanwhile.
//! It starts no threads, knows no runtime and no sockets, and says nothing to anybody: what
//! goes wrong is handed to the caller.
//!
//! # In the session's folder
//!
//! ```text
//! console.<first>.log        a segment that is complete: raw bytes, the first at offset <first>
//! console.log                the segment that is being written
//! console.<first>.index      of each segment: times, sizes, starts, gaps; see `index`
//! console.<first>.snapshot   of each segment: escape sequences that bring the screen to where
//!                            it was before the segment's first byte
//! ```
//!
//! `<first>` has twenty digits. Offsets count all that the session has put out over its whole
//! life, also what could not be written. Inside a segment nothing is missing, so that offset
//! and position differ by `<first>`, always; what is missing lies between two segments.
//!
//! Only one file ever changes its name: `console.log`, when the segment is complete. So a
//! crash leaves at most one segment that has not begun yet, and a reader can tell which
//! segment the `console.log` is that it has opened; see `segment`.
//!
//! Files are 0600. Nothing is synced but a segment that is complete, its snapshot, and the end
//! of the session: a crash of the shim loses nothing that was written, and a loss of power the
//! last seconds, after which [`Writer::open`] goes on at the true end.

mod events;
mod index;
mod replay;
mod search;
mod segment;
mod tail;
mod text;
mod writer;

pub use events::{Entry, Event, Events, Origin};
pub use replay::{Past, screen_at};
pub use search::{Found, Hit, Query, search};
pub use segment::{oldest_closed, remove_oldest, usage};
pub use tail::last_lines;
pub use writer::{Change, Writer};

/// The size of a terminal in cells, as the session had it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Columns.
    pub cols: u16,
    /// Rows.
    pub rows: u16,
}

impl Default for Size {
    /// What a terminal is when nobody says.
    fn default() -> Self {
        Self { cols: 80, rows: 24 }
    }
}
