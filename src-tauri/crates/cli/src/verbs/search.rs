//! `synk search`

use jiff::{Timestamp, tz::TimeZone};
use std::io::IsTerminal;
use synk_protocol::{SearchHit, SearchSessions};

use super::{connect, find_past};
use crate::output::{print, print_json};

/// Find text in what the sessions put out
///
/// In all of them, also in those that are gone; newest first. Capital letters count only if
/// the text has one.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// What to find within a line
    text: String,
    /// Only in this session
    #[arg(long, value_name = "ID|NAME")]
    session: Option<String>,
    /// Tell capital letters from small ones
    #[arg(long)]
    match_case: bool,
    /// The most lines to print
    #[arg(long, default_value_t = 200)]
    limit: u32,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: &Args) -> anyhow::Result<()> {
    let (places, daemon) = connect().await?;
    let session_id = match &args.session {
        Some(session) => Some(find_past(&places, &daemon, session).await?),
        None => None,
    };
    let request = SearchSessions {
        text: args.text.clone(),
        session_id,
        match_case: args.match_case.then_some(true),
        limit: Some(args.limit),
    };
    let found = daemon.call(request).await?;
    if args.json {
        return print_json(&found);
    }
    let colours = std::io::stdout().is_terminal();
    let mut lines: String = found.hits.iter().map(|hit| line(hit, colours)).collect();
    if found.more {
        lines.push_str("… and more; --limit sets how many are printed\n");
    }
    print(&lines)
}

fn line(hit: &SearchHit, colours: bool) -> String {
    let at = i64::try_from(hit.at).ok().and_then(|at| Timestamp::from_millisecond(at).ok());
    let at = at.unwrap_or_default().to_zoned(TimeZone::system());
    let (begin, end) = if colours { ("\x1b[1;31m", "\x1b[0m") } else { ("", "") };
    let closed = if hit.closed { " (closed)" } else { "" };
    format!(
        "{} {}{closed} {}: {}{begin}{}{end}{}\n",
        hit.session_id,
        hit.name,
        at.strftime("%Y-%m-%d %H:%M:%S"),
        hit.before,
        hit.found,
        hit.after,
    )
}
