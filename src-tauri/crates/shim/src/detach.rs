//! Letting go of whoever started this process, so that it neither waits for us nor is missed.
//! The daemon does the same as a shim.

use std::{fs::File, io};

/// Closes what the starter left open besides the standard streams: a pipe that is kept by
/// accident never ends for its reader. To be called first of all, before this process has
/// opened anything itself.
pub use synk_pty::close_inherited;

/// Lets go of the starter's standard streams, so that it sees their end.
///
/// # Errors
/// When `/dev/null` cannot be put in their place.
pub fn close_streams() -> io::Result<()> {
    let null = File::options().read(true).write(true).open("/dev/null")?;
    rustix::stdio::dup2_stdin(&null)?;
    rustix::stdio::dup2_stdout(&null)?;
    rustix::stdio::dup2_stderr(&null)?;
    Ok(())
}
