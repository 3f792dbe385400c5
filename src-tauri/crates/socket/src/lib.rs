//! Where Synk's processes meet: the folders they share, sockets that only their owner can
//! reach, and framed connections that begin with a handshake.
//!
//! This crate knows nothing of sessions or commands; it carries [`synk_protocol::Frame`]s.
//! It is the only one that names Unix sockets, so that another system's local transport has
//! one place to go.

mod connection;
mod listener;
mod places;
mod private;

pub use connection::{Connection, FrameReceiver, FrameSender};
pub use listener::{Listener, Lock, connect, is_listened_to, listening_process, spoken};
pub use places::Places;
pub use private::{private_dir, write_private, write_private_unsynced};
