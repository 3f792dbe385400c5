//! `synk export`
//!
//! Writes asciicast version 2, one JSON value a line: a header, then events of time, kind and
//! data. What a terminal would have to know besides the output becomes output: a program that
//! was started found a blank screen, and a log whose beginning is gone begins with a screen.

use anyhow::{Context, anyhow};
use serde_json::json;
use std::{
    fs::{self, OpenOptions},
    io::{self, BufWriter, ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};
use synk_log::{Entry, Event, Events, Origin, Size, last_lines};
use synk_protocol::{SessionRecord, WireError};

use super::{connect, find_past};
use crate::output::is_broken_pipe;

/// Standard output, as a file.
const STDOUT: &str = "-";
/// Full reset.
const RESET: &str = "\x1bc";

/// Write what a session has put out to a file that can be played
///
/// With its times and sizes, for asciinema and other players.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The session's id or name; also the id of a session that is gone
    #[arg(value_name = "ID|NAME")]
    session: String,
    /// Where to write it, in the format asciicast version 2; - for standard output
    #[arg(long, value_name = "FILE", required = true)]
    asciicast: PathBuf,
    /// Replace the file if there is one
    #[arg(long)]
    force: bool,
}

pub(crate) async fn run(args: &Args) -> anyhow::Result<()> {
    let (places, daemon) = connect().await?;
    let session = find_past(&places, &daemon, &args.session).await?;
    let record = fs::read(places.record(session)).ok();
    let record = record.and_then(|json| serde_json::from_slice::<SessionRecord>(&json).ok());
    let title = record.map_or_else(|| format!("session {session}"), |record| record.name);
    let dir = places.session(session);
    if args.asciicast.as_os_str() == STDOUT {
        return match export(&dir, &title, io::stdout().lock()) {
            Err(error) if is_broken_pipe(&error) => Ok(()),
            result => result,
        };
    }
    let path = &args.asciicast;
    let mut options = OpenOptions::new();
    // It is as private as what it was made of.
    options.write(true).mode(0o600);
    let options =
        if args.force { options.create(true).truncate(true) } else { options.create_new(true) };
    let file = options.open(path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => {
            anyhow!(WireError::invalid(format!("{} exists; --force replaces it", path.display())))
        }
        _ => anyhow!(error).context(format!("writing {}", path.display())),
    })?;
    let written = export(&dir, &title, file).with_context(|| format!("writing {}", path.display()));
    if written.is_err() {
        // Half a recording is of no use.
        fs::remove_file(path).ok();
    }
    written
}

fn export(dir: &Path, title: &str, to: impl Write) -> anyhow::Result<()> {
    // A session that puts out more than can be written has no end.
    let end = last_lines(dir, 0).context("reading the log")?;
    let mut events = Events::from(dir, 0);
    let mut next = || {
        let entry = events.next().context("reading the log")?;
        anyhow::Ok(entry.filter(|entry| entry.offset <= end))
    };
    let Some(first) = next()? else {
        return Err(WireError::invalid("the session has no log").into());
    };
    let size = if let Event::Begin { size, .. } = first.event { size } else { Size::default() };
    let mut cast = Cast::begin(BufWriter::new(to), title, size, first.at)?;
    cast.entry(first)?;
    while let Some(entry) = next()? {
        cast.entry(entry)?;
    }
    cast.end()
}

/// A recording that is being written.
struct Cast<W> {
    to: W,
    begun_at: u64,
    at: u64,
    size: Size,
    /// A character that has begun.
    unfinished: Vec<u8>,
    blank: bool,
}

impl<W: Write> Cast<W> {
    fn begin(mut to: W, title: &str, size: Size, at: u64) -> anyhow::Result<Self> {
        let header = json!({
            "version": 2,
            "width": size.cols,
            "height": size.rows,
            "timestamp": at / 1000,
            "title": title,
            "env": { "TERM": "xterm-256color" },
        });
        writeln!(to, "{header}")?;
        Ok(Self { to, begun_at: at, at, size, unfinished: Vec::new(), blank: true })
    }

    fn entry(&mut self, entry: Entry) -> anyhow::Result<()> {
        if !matches!(entry.event, Event::Output { .. }) {
            self.break_off()?;
        }
        // A clock may be set back.
        self.at = self.at.max(entry.at);
        match entry.event {
            Event::Begin { size, origin } => {
                self.resize(size)?;
                if let Origin::Snapshot(bytes) = origin {
                    self.output(&bytes)?;
                }
                Ok(())
            }
            Event::Output { bytes } => self.output(&bytes),
            Event::Resize { size } => self.resize(size),
            Event::Start { size } => {
                self.event("m", "a program was started")?;
                self.resize(size)?;
                if self.blank { Ok(()) } else { self.event("o", RESET) }
            }
            Event::Gap { lost, why } => {
                self.event("m", &format!("{lost} bytes are missing: {why}"))
            }
        }
    }

    fn end(mut self) -> anyhow::Result<()> {
        self.break_off()?;
        Ok(self.to.flush()?)
    }

    fn resize(&mut self, size: Size) -> anyhow::Result<()> {
        if self.size != size {
            self.size = size;
            self.event("r", &format!("{}x{}", size.cols, size.rows))?;
        }
        Ok(())
    }

    /// Writes output as text. A character that is not whole yet waits for the rest.
    fn output(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        self.blank = false;
        self.unfinished.extend_from_slice(bytes);
        let mut text = String::with_capacity(self.unfinished.len());
        let mut rest = self.unfinished.as_slice();
        while !rest.is_empty() {
            match std::str::from_utf8(rest) {
                Ok(valid) => {
                    text.push_str(valid);
                    rest = &[];
                }
                Err(error) => {
                    let (valid, other) = rest.split_at(error.valid_up_to());
                    text.push_str(&String::from_utf8_lossy(valid));
                    rest = other;
                    let Some(invalid) = error.error_len() else { break };
                    text.push(char::REPLACEMENT_CHARACTER);
                    rest = &rest[invalid..];
                }
            }
        }
        self.unfinished = rest.to_vec();
        if text.is_empty() { Ok(()) } else { self.event("o", &text) }
    }

    /// What was begun is not going to be finished.
    fn break_off(&mut self) -> anyhow::Result<()> {
        if std::mem::take(&mut self.unfinished).is_empty() {
            return Ok(());
        }
        self.event("o", char::REPLACEMENT_CHARACTER.encode_utf8(&mut [0; 4]))
    }

    fn event(&mut self, kind: &str, data: &str) -> anyhow::Result<()> {
        let since = self.at.saturating_sub(self.begun_at);
        let data = json!(data);
        writeln!(self.to, "[{}.{:03}, \"{kind}\", {data}]", since / 1000, since % 1000)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_holds_what_a_player_has_to_know() {
        let size = Size { cols: 80, rows: 24 };
        let wide = Size { cols: 100, rows: 30 };
        let output = |bytes: &[u8]| Event::Output { bytes: bytes.to_vec() };
        let (euro, smile) = ("€".as_bytes(), "😀".as_bytes());
        let mut to = Vec::new();
        let mut cast = Cast::begin(&mut to, "a \"name\"", size, 5500).unwrap();
        for (at, event) in [
            (5500, Event::Begin { size, origin: Origin::Blank }),
            (5500, Event::Start { size }),
            (5600, output(&[b"\x1b[1ma", &euro[..2]].concat())),
            (5650, output(&[&euro[2..], b"\xff", &smile[..1]].concat())),
            (5600, output(&smile[1..2])),
            (7000, output(&smile[2..])),
            (7001, Event::Resize { size: wide }),
            (8000, output(&euro[..1])),
            (8000, Event::Start { size: wide }),
            (9000, Event::Gap { lost: 7, why: "the disk was full".into() }),
            (9000, Event::Begin { size, origin: Origin::Snapshot(b"\x1bcscreen".to_vec()) }),
            (9000, output(&euro[..1])),
        ] {
            cast.entry(Entry { offset: 0, at, event }).unwrap();
        }
        cast.end().unwrap();
        let expected = r#"{"version":2,"width":80,"height":24,"timestamp":5,"title":"a \"name\"","env":{"TERM":"xterm-256color"}}
[0.000, "m", "a program was started"]
[0.100, "o", "\u001b[1ma"]
[0.150, "o", "€�"]
[1.500, "o", "😀"]
[1.501, "r", "100x30"]
[2.500, "o", "�"]
[2.500, "m", "a program was started"]
[2.500, "o", "\u001bc"]
[3.500, "m", "7 bytes are missing: the disk was full"]
[3.500, "r", "80x24"]
[3.500, "o", "\u001bcscreen"]
[3.500, "o", "�"]
"#;
        let lines = |text: &str| -> Vec<serde_json::Value> {
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
        };
        assert_eq!(lines(&String::from_utf8(to).unwrap()), lines(expected));
    }
}
