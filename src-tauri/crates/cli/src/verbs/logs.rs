//! `synk logs`

use anyhow::Context;
use std::{
    io::{self, Write},
    path::Path,
    time::Duration,
};
use synk_log::{Event, Events, last_lines};
use tokio::time::sleep;

use super::{connect, find_past};
use crate::output::is_broken_pipe;

/// How often a followed log is looked at. That is one read that finds nothing and a look into
/// the session's folder: a few microseconds, on every system and every file system alike, which
/// being woken would not be.
const FOLLOW_POLL: Duration = Duration::from_millis(200);

/// Print what a session has put out
///
/// As the program wrote it, with its escape sequences. A line in brackets says where something
/// is missing.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The session's id or name; also the id of a session that is gone
    #[arg(value_name = "ID|NAME")]
    session: String,
    /// How many lines, counted from the end
    #[arg(long, default_value_t = 100)]
    lines: usize,
    /// Go on with what is written from now on, until the session is gone
    #[arg(long)]
    follow: bool,
}

pub(crate) async fn run(args: &Args) -> anyhow::Result<()> {
    let (places, daemon) = connect().await?;
    let session = find_past(&places, &daemon, &args.session).await?;
    let (folder, socket) = (places.session(session), places.shim_socket(session));
    match print(&folder, args, &socket, &mut io::stdout()).await {
        // The reader has seen enough.
        Err(error) if is_broken_pipe(&error) => Ok(()),
        result => result,
    }
}

async fn print(dir: &Path, args: &Args, shim: &Path, to: &mut impl Write) -> anyhow::Result<()> {
    let start = last_lines(dir, args.lines).context("reading the log")?;
    // What a session puts out from now on, however fast, is for who follows.
    let end = if args.follow { u64::MAX } else { last_lines(dir, 0).context("reading the log")? };
    let mut events = Events::from(dir, start);
    let mut begins_line = true;
    loop {
        // Asked before reading, so that nothing written before the end is left out.
        let runs = shim.exists();
        while let Some(entry) = events.next().context("reading the log")? {
            if entry.offset > end {
                break;
            }
            match entry.event {
                Event::Output { bytes } => {
                    to.write_all(&bytes)?;
                    begins_line = bytes.last() == Some(&b'\n');
                }
                Event::Gap { lost, why } => {
                    let before = if begins_line { "" } else { "\r\n" };
                    let lost = grouped(lost);
                    write!(to, "{before}[synk: {lost} bytes are missing here: {why}]\r\n")?;
                    begins_line = true;
                }
                Event::Begin { .. } | Event::Resize { .. } | Event::Start { .. } => {}
            }
        }
        to.flush()?;
        if !args.follow || !runs {
            return Ok(());
        }
        sleep(FOLLOW_POLL).await;
    }
}

/// A number with its thousands apart.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    let groups: Vec<_> = groups.map(String::from_utf8_lossy).collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn thousands_are_apart() {
        for (number, expected) in
            [(0, "0"), (999, "999"), (1000, "1,000"), (12_345, "12,345"), (1_000_000, "1,000,000")]
        {
            assert_eq!(grouped(number), expected);
        }
    }
}
