//! Synk as a client sees it. The window, the CLI and the daemon itself use this crate; none
//! of them touches a socket in another way.
//!
//! * [`Daemon`]: requests to the daemon and its events.
//! * [`Shim`]: one session's own socket: its bytes, in and out, and its record.
//! * [`Synk`]: both together for something that shows sessions for a long time: it finds or
//!   starts the daemon, comes back after losing it, and turns the output of attached
//!   sessions into `session:output` events.
//! * [`OpenWindow`]: being the one window, and asking the one that is open to show itself.

mod attachment;
mod daemon;
pub mod journal;
mod shim;
mod start;
mod synk;
mod window;

pub use daemon::Daemon;
pub use shim::{Output, Shim, introduced};
pub use start::{connect_or_start, daemon_binary};
pub use synk::Synk;
pub use synk_socket::{Places, private_dir, write_private};
pub use window::{OpenWindow, ShowWindow, show_window};
