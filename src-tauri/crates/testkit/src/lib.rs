//! What the tests of the real program share: a home that cleans up after itself and says so
//! when it cannot, a real terminal, an agent that needs no model, sockets spoken to byte by
//! byte, a look at processes, and the one place that waits.
//!
//! No product code depends on this crate, and it replaces no part of the product: nothing
//! here is a double of something real. The agent is a program of its own, on a real terminal.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "what cannot be set up or does not happen in time is a failed test, and a panic \
              is how a test fails"
)]

mod console;
mod events;
pub mod fake_agent;
mod home;
mod machine;
pub mod processes;
mod raw_socket;
mod repository;
mod wait;

pub use console::Console;
pub use events::{find_event, next_notice};
pub use home::{Home, Output};
pub use machine::MachineSpeed;
pub use raw_socket::RawSocket;
pub use repository::repository;
pub use wait::{rounds, wait_for};
