//! The log of Synk's own processes, as opposed to what sessions put out. `SYNK_LOG` sets the level, or filters in `tracing`'s form.

use std::sync::Mutex;
use synk_socket::Places;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::EnvFilter;

/// Files of each kind that are kept, one a day.
const FILES: usize = 7;

fn filter(default: &str) -> EnvFilter {
    EnvFilter::builder()
        .with_default_directive(default.parse().unwrap_or_default())
        .with_env_var("SYNK_LOG")
        .from_env_lossy()
}

/// Logs to a file of that name in the state folder, a new one each day. A process without a
/// log is better than no process, so what fails here is left.
pub fn to_file(name: &str) {
    let Ok(places) = Places::from_env() else { return };
    // Made here with the right mode; the appender would make it for everyone.
    if places.prepare().is_err() {
        return;
    }
    let file = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix(name)
        .filename_suffix("log")
        .max_log_files(FILES)
        .build(places.logs());
    let Ok(file) = file else { return };
    tracing_subscriber::fmt()
        .with_env_filter(filter("info"))
        .with_ansi(false)
        .with_writer(Mutex::new(file))
        .init();
}

/// Logs to standard error, for a verb that somebody waits for: silent unless asked.
pub fn to_stderr() {
    tracing_subscriber::fmt().with_env_filter(filter("off")).with_writer(std::io::stderr).init();
}
