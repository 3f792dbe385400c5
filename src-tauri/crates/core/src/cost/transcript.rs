//! Reading a file that an agent appends to, from where the last look ended.
//!
//! The file is somebody else's: it may be cut, replaced, a pipe, gone, or hold a line of any
//! length. Whatever it is, a look ends and takes bounded memory. What the lines mean is the
//! business of the agent's own format.

use std::{
    fs::{self, File, Metadata, OpenOptions},
    io::{self, BufRead, BufReader, Read, Seek, SeekFrom},
    os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};
use synk_protocol::AgentType;

use super::{Usage, claude_code, codex, gemini_cli};

/// The longest line that is read, in bytes. A longer one is skipped: it holds a picture or a
/// whole conversation, and no answer is that long.
const MAX_LINE_BYTES: u64 = 8 << 20;
/// How much of what was read is compared to know that the file is still the same.
const FINGERPRINT_BYTES: usize = 64;

/// How an agent writes down what it used, and what is to be remembered from line to line.
#[derive(Debug)]
enum Format {
    ClaudeCode,
    Codex(Box<codex::Reader>),
    GeminiCli,
}

impl Format {
    fn of(agent_type: &AgentType, path: &Path) -> Option<Self> {
        match agent_type {
            AgentType::ClaudeCode => Some(Self::ClaudeCode),
            AgentType::Codex => Some(Self::Codex(Box::new(codex::Reader::new(path)))),
            AgentType::GeminiCli => Some(Self::GeminiCli),
            AgentType::Terminal | AgentType::Custom(_) => None,
        }
    }

    fn usage(&mut self, line: &[u8]) -> Option<Usage> {
        match self {
            Self::ClaudeCode => claude_code::usage(line),
            Self::Codex(reader) => reader.usage(line),
            Self::GeminiCli => gemini_cli::usage(line),
        }
        .and_then(Usage::checked)
    }
}

/// One file and how far it was read.
#[derive(Debug)]
pub(super) struct Transcript {
    path: PathBuf,
    agent_type: AgentType,
    format: Format,
    /// Device and number of the file that was read.
    file: Option<(u64, u64)>,
    /// Up to here. A line begins there, unless one is being skipped.
    offset: u64,
    /// The last bytes before `offset`.
    fingerprint: Vec<u8>,
    /// In the middle of a line that is too long.
    skipping: bool,
}

impl Transcript {
    /// Of an agent whose format is known.
    pub(super) fn new(agent_type: &AgentType, path: &Path) -> Option<Self> {
        Some(Self {
            format: Format::of(agent_type, path)?,
            path: path.to_owned(),
            agent_type: agent_type.clone(),
            file: None,
            offset: 0,
            fingerprint: Vec::new(),
            skipping: false,
        })
    }

    /// Reads the lines that were completed since the last time, about as many bytes of them as
    /// `budget` allows, which what was read is taken from. Nothing of a file that is none.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub(super) fn read(&mut self, budget: &mut u64, found: &mut Vec<Usage>) -> io::Result<()> {
        let Some((file, about)) = open(&self.path)? else { return Ok(()) };
        if !self.goes_on(&file, &about) {
            let Some(anew) = Self::new(&self.agent_type, &self.path) else { return Ok(()) };
            *self = Self { file: Some((about.dev(), about.ino())), ..anew };
        }
        let changed_at = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        let changed_at = u64::try_from(changed_at.as_millis()).ok();
        let mut reader = BufReader::new(&file);
        reader.seek(SeekFrom::Start(self.offset))?;
        let mut line = Vec::new();
        while *budget > 0 {
            line.clear();
            let read = reader.by_ref().take(MAX_LINE_BYTES).read_until(b'\n', &mut line)?;
            let read = u64::try_from(read).unwrap_or(u64::MAX);
            let complete = line.ends_with(b"\n");
            if !complete && read < MAX_LINE_BYTES && !self.skipping {
                // The agent is still writing it, or that was all.
                break;
            }
            if read == 0 {
                break;
            }
            if complete && !self.skipping {
                let usage = self.format.usage(&line);
                found.extend(usage.map(|usage| Usage { at: usage.at.or(changed_at), ..usage }));
            }
            self.skipping = !complete;
            self.offset += read;
            self.fingerprint = line[line.len().saturating_sub(FINGERPRINT_BYTES)..].to_vec();
            *budget = budget.saturating_sub(read);
        }
        Ok(())
    }

    /// Whether this is the file that was read before, and what was read is still in it.
    fn goes_on(&self, file: &File, about: &Metadata) -> bool {
        if self.file != Some((about.dev(), about.ino())) || about.len() < self.offset {
            return false;
        }
        let mut now = vec![0; self.fingerprint.len()];
        let begin = self.offset.saturating_sub(u64::try_from(now.len()).unwrap_or(u64::MAX));
        file.read_exact_at(&mut now, begin).is_ok() && now == self.fingerprint
    }
}

/// Opens a file that is one; opening anything else could wait for ever.
fn open(path: &Path) -> io::Result<Option<(File, Metadata)>> {
    let is_file = match fs::metadata(path) {
        Ok(found) => found.is_file(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(error),
    };
    if !is_file {
        return Ok(None);
    }
    // It may have become something else in this moment.
    let flags = rustix::fs::OFlags::NONBLOCK | rustix::fs::OFlags::NOCTTY;
    let flags = i32::try_from(flags.bits()).unwrap_or(0);
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    let about = file.metadata()?;
    Ok(about.is_file().then_some((file, about)))
}

/// Whether a file is one that agents write to, by its name.
pub(super) fn is_transcript(path: &Path, begin: &str) -> bool {
    path.extension().is_some_and(|end| end == "jsonl")
        && path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(begin))
}

/// The first line of a file, when it is complete and has at most so many bytes.
pub(super) fn first_line(path: &Path, most: u64) -> Option<Vec<u8>> {
    let (file, _) = open(path).ok()??;
    let mut line = Vec::new();
    BufReader::new(file).take(most).read_until(b'\n', &mut line).ok()?;
    line.ends_with(b"\n").then_some(line)
}
