//! The Synk window.

use std::process::ExitCode;

fn main() -> ExitCode {
    synk_desktop::run()
}
