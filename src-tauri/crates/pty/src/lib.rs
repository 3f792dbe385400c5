//! Programs on a pseudo-terminal: starting one, its bytes, its size, its exit, and the end
//! of everything it started. And, for the programs that are shells, the integration that
//! parks one after its start-up files until it is claimed.
//!
//! It is made for a process that does nothing else: it starts one program at a time, and
//! no other part of the process starts or waits for children. It has no event loop of its
//! own; reading and writing block, and ending is a state machine that the caller steps.

mod child;
mod ending;
mod inherited;
mod integration;
mod program;
mod pty;
mod tree;

pub use child::{Exited, become_session_leader_and_subreaper, reap};
pub use ending::{Ending, Step};
pub use inherited::close_inherited;
pub use integration::{
    ChannelError, Claim, ClaimError, Integration, Mark, MarkScanner, PatternError, Piece,
    PromptPattern, Refusal,
};
pub use program::{SpawnError, shell};
pub use pty::{Pty, Spawn};
pub use rustix::process::Signal;
pub use tree::{Former, Process, Tree, current_dir, name};
