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

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    /// A line of Claude Code's that says that so many tokens went in.
    fn line(id: &str, input: u64) -> String {
        format!(
            r#"{{"type":"assistant","requestId":"r","message":{{"id":"{id}","model":"m","usage":{{"input_tokens":{input}}}}}}}"#
        ) + "\n"
    }

    struct Fixture {
        folder: tempfile::TempDir,
        transcript: Transcript,
    }

    impl Fixture {
        fn new(content: &str) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("a.jsonl");
            fs::write(&path, content).unwrap();
            let transcript = Transcript::new(&AgentType::ClaudeCode, &path).unwrap();
            Self { folder, transcript }
        }

        fn path(&self) -> PathBuf {
            self.folder.path().join("a.jsonl")
        }

        fn append(&self, content: impl AsRef<[u8]>) {
            let mut file = OpenOptions::new().append(true).open(self.path()).unwrap();
            file.write_all(content.as_ref()).unwrap();
        }

        /// What is new, and how many bytes were read for it.
        fn read(&mut self) -> (Vec<(String, u64)>, u64) {
            let (mut budget, mut found) = (u64::MAX, Vec::new());
            self.transcript.read(&mut budget, &mut found).unwrap();
            let found = found.into_iter().map(|usage| (usage.key, usage.tokens.input));
            (found.collect(), u64::MAX - budget)
        }

        fn news(&mut self) -> Vec<(String, u64)> {
            self.read().0
        }
    }

    fn found(id: &str, input: u64) -> Vec<(String, u64)> {
        vec![(format!("{id}:r"), input)]
    }

    #[test]
    fn only_what_was_appended_is_read() {
        let mut file = Fixture::new(&line("a", 1));
        assert_eq!(file.news(), found("a", 1));
        assert_eq!(file.read(), (Vec::new(), 0));
        file.append(line("b", 2));
        let length = u64::try_from(line("b", 2).len()).unwrap();
        assert_eq!(file.read(), (found("b", 2), length));
    }

    #[test]
    fn half_a_line_is_read_once_it_is_whole() {
        let whole = line("a", 1);
        for cut in [1, 20, whole.len() - 1] {
            let mut file = Fixture::new(&whole[..cut]);
            assert_eq!(file.news(), []);
            file.append(&whole[cut..]);
            assert_eq!(file.news(), found("a", 1), "{cut}");
        }
    }

    #[test]
    fn a_file_that_was_cut_or_replaced_is_read_anew() {
        let mut file = Fixture::new(&(line("a", 1) + &line("b", 2)));
        assert_eq!(file.news().len(), 2);
        // Shorter.
        fs::write(file.path(), line("c", 3)).unwrap();
        assert_eq!(file.news(), found("c", 3));
        // As long, at the same place, and another.
        fs::write(file.path(), line("d", 4)).unwrap();
        assert_eq!(file.news(), found("d", 4));
        // Longer, and another.
        fs::write(file.path(), line("e", 5) + &line("f", 6)).unwrap();
        assert_eq!(file.news().len(), 2);
        // Another file of that name.
        let other = file.folder.path().join("other");
        fs::write(&other, line("e", 5) + &line("f", 6) + &line("g", 7)).unwrap();
        fs::rename(other, file.path()).unwrap();
        assert_eq!(file.news().len(), 3);
        // Gone for a while.
        fs::remove_file(file.path()).unwrap();
        assert_eq!(file.news(), []);
        fs::write(file.path(), line("h", 8)).unwrap();
        assert_eq!(file.news(), found("h", 8));
    }

    #[test]
    fn a_line_that_is_too_long_is_skipped_and_what_comes_after_it_is_read() {
        let mut file = Fixture::new(&line("a", 1));
        let most = usize::try_from(MAX_LINE_BYTES).unwrap();
        for length in [most - 1, most, most + 1, 3 * most] {
            file.append(vec![b'x'; length]);
            assert_eq!(file.news(), if length == most - 1 { found("a", 1) } else { Vec::new() });
            file.append("\n");
            assert_eq!(file.news(), []);
            file.append(line("b", 2));
            assert_eq!(file.news(), found("b", 2), "{length}");
        }
    }

    #[test]
    fn a_large_file_is_read_in_parts() {
        let content: String = (0..1000).map(|id| line(&id.to_string(), 1)).collect();
        let mut file = Fixture::new(&content);
        let (mut all, mut parts) = (Vec::new(), 0);
        loop {
            let (mut budget, mut found) = (10_000, Vec::new());
            file.transcript.read(&mut budget, &mut found).unwrap();
            if found.is_empty() {
                break;
            }
            parts += 1;
            all.extend(found);
        }
        assert_eq!(all.len(), 1000);
        assert!(parts > 5, "{parts}");
    }

    #[test]
    fn garbage_is_no_usage_and_the_lines_around_it_are() {
        let mut file = Fixture::new("");
        for garbage in [
            &b"\n\n\0\xff\xfe\n"[..],
            b"{}\n[]\nnull\n\"assistant\" \"usage\"\n",
            br#"{"type":"assistant","message":{"id":"x","model":"m","usage":{"input_tokens":-1}}}"#,
            br#"{"type":"assistant","message":{"id":"x","model":"m","usage":{"input_tokens":1e30}}}"#,
            br#"{"type":"assistant","message":{"id":"x","model":"m","usage":{"input_tokens":1000000001}}}"#,
            br#"{"type":"assistant","message":{"id":"x","model":"m","usage":{"input_tokens":"1"}}}"#,
            br#"{"type":"assistant","message":{"id":"x","model":"\u0007","usage":{"input_tokens":1}}}"#,
            br#"{"type":"assistant","message":{"model":"m","usage":{"input_tokens":1}}}"#,
            br#"{"type":"user","message":{"id":"x","model":"m","usage":{"input_tokens":1}}} "assistant""#,
        ] {
            file.append(garbage);
            file.append("\n");
            file.append(line("a", 1));
            assert_eq!(file.news(), found("a", 1), "{}", String::from_utf8_lossy(garbage));
        }
        let deep = "[".repeat(100_000);
        file.append(format!(r#"{{"type":"assistant","usage":{deep}"#) + "\n");
        assert_eq!(file.news(), []);
        let long = "x".repeat(super::super::MAX_KEY_BYTES);
        file.append(line(&long, 1));
        assert_eq!(file.news(), []);
    }

    #[test]
    fn only_files_are_read_and_none_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let read = |name: &str| {
            let path = folder.path().join(name);
            let mut transcript = Transcript::new(&AgentType::ClaudeCode, &path).unwrap();
            let mut found = Vec::new();
            transcript.read(&mut u64::MAX.clone(), &mut found).map(|()| found.len())
        };
        assert_eq!(read("none").unwrap(), 0);
        fs::create_dir(folder.path().join("folder")).unwrap();
        assert_eq!(read("folder").unwrap(), 0);
        let pipe = folder.path().join("pipe");
        rustix::fs::mknodat(
            rustix::fs::CWD,
            &pipe,
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
            0,
        )
        .unwrap();
        assert_eq!(read("pipe").unwrap(), 0);
        for (name, target) in [("to-pipe", pipe), ("to-zero", "/dev/zero".into())] {
            std::os::unix::fs::symlink(target, folder.path().join(name)).unwrap();
            assert_eq!(read(name).unwrap(), 0, "{name}");
        }
        // Somebody's folders of settings may well be links to others.
        fs::write(folder.path().join("real"), line("a", 1)).unwrap();
        std::os::unix::fs::symlink("real", folder.path().join("to-real")).unwrap();
        assert_eq!(read("to-real").unwrap(), 1);
    }

    #[test]
    fn a_time_that_is_not_said_is_the_files() {
        let mut file = Fixture::new(&line("a", 1));
        let (mut budget, mut found) = (u64::MAX, Vec::new());
        file.transcript.read(&mut budget, &mut found).unwrap();
        let modified = fs::metadata(file.path()).unwrap().modified().unwrap();
        let modified = modified.duration_since(UNIX_EPOCH).unwrap().as_millis();
        assert_eq!(u128::from(found[0].at.unwrap()), modified);
    }
}
