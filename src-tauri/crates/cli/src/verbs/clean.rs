//! `synk clean`

use jiff::{Span, SpanRelativeTo, Unit};
use synk_protocol::{CleanSessions, CleanedSessions, WireError};

use super::connect;
use crate::output::print;

/// Remove the sessions that nobody has used for long
///
/// A session is removed when nobody has been attached to it for that long, whether or not its
/// program still runs; what is left of closed sessions, when they were closed that long ago.
/// Their logs go too.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  synk clean --older-than 7d --dry-run    say which would go
  synk clean --older-than 12h             remove them")]
pub(crate) struct Args {
    /// For how long, such as 7d, 12h, 30m or 90s
    #[arg(long, value_name = "TIME", value_parser = seconds)]
    older_than: u32,
    /// Only say which they are
    #[arg(long)]
    dry_run: bool,
}

pub(crate) async fn run(args: &Args) -> anyhow::Result<()> {
    let (_places, daemon) = connect().await?;
    let request =
        CleanSessions { older_than_seconds: args.older_than, dry_run: Some(args.dry_run) };
    let cleaned = daemon.call(request).await?;
    print(&report(&cleaned, args.dry_run))
}

fn report(cleaned: &CleanedSessions, dry_run: bool) -> String {
    let lines = cleaned.removed.iter().map(|session| {
        let running = if session.was_running { " (was running)" } else { "" };
        format!("{} {}{running}\n", session.session_id, session.name)
    });
    let count = cleaned.removed.len();
    let sessions = if count == 1 { "session" } else { "sessions" };
    let removed = if dry_run { "would be removed" } else { "removed" };
    let mib = cleaned.freed_bytes >> 20;
    lines.chain([format!("{count} {sessions} {removed}, {mib} MiB\n")]).collect()
}

/// A length of time in whole seconds.
pub(super) fn seconds(text: &str) -> Result<u32, WireError> {
    let wrong =
        || WireError::invalid(format!("“{text}” is no length of time; write 7d, 12h, 30m or 90s"));
    let span: Span = text.parse().map_err(|_| wrong())?;
    let relative = SpanRelativeTo::days_are_24_hours();
    let total = span.total((Unit::Second, relative)).map_err(|_| wrong())?;
    if !(0.0..=f64::from(u32::MAX)).contains(&total) {
        return Err(wrong());
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the range was checked"
    )]
    Ok(total as u32)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn lengths_of_time() {
        for (text, expected) in [
            ("7d", 604_800),
            ("12h", 43_200),
            ("30m", 1800),
            ("90s", 90),
            ("0s", 0),
            ("1w", 604_800),
        ] {
            assert_eq!(seconds(text), Ok(expected), "{text}");
        }
        for text in ["", "7", "d", "-1d", "9999999w", "soon"] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
