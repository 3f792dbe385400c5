//! `synk logs`

use anyhow::Context;
use std::{
    fs::{self, File},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    time::Duration,
};
use synk_protocol::SessionId;
use tokio::time::sleep;

use super::{connect, find};

/// How often a followed log is looked at.
const FOLLOW_POLL: Duration = Duration::from_millis(100);
/// How much of a log is read at once, in bytes.
const BLOCK_BYTES: usize = 64 * 1024;

/// Print what a session has put out
///
/// Everything, as the program wrote it, with its escape sequences.
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
    let session = match args.session.parse().ok().map(SessionId) {
        // The log of a session that is gone is still there.
        Some(id) if places.session(id).join("console.log").is_file() => id,
        _ => find(&daemon, &args.session).await?.session_id,
    };
    let log = places.session(session).join("console.log");
    let mut stdout = io::stdout().lock();
    match print(&log, args, session, &places.shim_socket(session), &mut stdout).await {
        // The reader has seen enough.
        Err(error) if is_broken_pipe(&error) => Ok(()),
        result => result,
    }
}

async fn print(
    log: &Path,
    args: &Args,
    session: SessionId,
    shim: &Path,
    to: &mut impl Write,
) -> anyhow::Result<()> {
    let mut file =
        File::open(log).with_context(|| format!("opening the log of session {session}"))?;
    let mut tail = Vec::new();
    let older = fs::read(log.with_extension("log.1")).unwrap_or_default();
    file.read_to_end(&mut tail).context("reading the log")?;
    let bytes = [older, tail].concat();
    to.write_all(last_lines(&bytes, args.lines)).and_then(|()| to.flush())?;
    if !args.follow {
        return Ok(());
    }
    loop {
        // Asked before reading, so that nothing written before the end is left out.
        let runs = shim.exists();
        pass_on(&mut file, to)?;
        file = reopened(file, log.to_owned(), to)?;
        if !runs {
            return Ok(());
        }
        sleep(FOLLOW_POLL).await;
    }
}

/// Copies from where `file` is to its end.
fn pass_on(file: &mut File, to: &mut impl Write) -> anyhow::Result<()> {
    let mut block = vec![0; BLOCK_BYTES];
    loop {
        match file.read(&mut block).context("reading the log")? {
            0 => return Ok(()),
            count => to.write_all(&block[..count]).and_then(|()| to.flush())?,
        }
    }
}

/// The log that is written now: `file`, or the one that took its name.
fn reopened(mut file: File, log: PathBuf, to: &mut impl Write) -> anyhow::Result<File> {
    let Ok(mut newest) = File::open(log) else { return Ok(file) };
    let same =
        |a: &File, b: &File| -> io::Result<bool> { Ok(a.metadata()?.ino() == b.metadata()?.ino()) };
    if same(&file, &newest).context("reading the log")? {
        return Ok(file);
    }
    // What was written between the last look and the renaming.
    pass_on(&mut file, to)?;
    newest.seek(SeekFrom::Start(0)).context("reading the log")?;
    Ok(newest)
}

/// The end of `bytes` that holds so many lines; an unfinished last line counts.
fn last_lines(bytes: &[u8], lines: usize) -> &[u8] {
    if lines == 0 {
        return &[];
    }
    let body = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    let newlines = body.iter().enumerate().rev().filter(|(_, byte)| **byte == b'\n');
    newlines.map(|(at, _)| at + 1).nth(lines - 1).map_or(bytes, |start| &bytes[start..])
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::last_lines;

    #[test]
    fn the_last_lines() {
        for (bytes, lines, expected) in [
            ("", 3, ""),
            ("a\nb\nc\n", 2, "b\nc\n"),
            ("a\nb\nc", 2, "b\nc"),
            ("a\nb\n", 9, "a\nb\n"),
            ("a\n\n\n", 2, "\n\n"),
            ("a\nb\n", 0, ""),
        ] {
            let found = last_lines(bytes.as_bytes(), lines);
            assert_eq!(String::from_utf8_lossy(found), expected, "{bytes:?} {lines}");
        }
    }
}
