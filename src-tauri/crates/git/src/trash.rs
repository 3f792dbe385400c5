//! The way back. Before a worktree goes, or changes in it are discarded, all that is in it goes
//! into a commit under `refs/synk/trash/`, and from there it can be had back byte for byte.
//!
//! Such a commit's tree is the folder as it was: what is in the index, over it what differs in
//! the folder, with bytes and modes as they are on disk and no filter between. Its parents are
//! the commit that was checked out, a commit of the index, and every commit that only the
//! worktree's own log remembers (those that were reset, amended or rebased away) or that it has
//! put aside for a merge or a rebase. Files that git ignores are left out unless the caller names
//! them. A worktree with something in it that no commit could hold, another repository for
//! example, is not thrown away.

mod capture;
mod discard;
mod entry;
mod foreign;
mod restore;

pub use capture::throw_away;
pub use discard::discard;
pub use entry::{Trashed, forget, trashed};
pub use restore::{Restored, restore};

/// Where the commits are kept.
const REFS: &str = "refs/synk/trash/";
