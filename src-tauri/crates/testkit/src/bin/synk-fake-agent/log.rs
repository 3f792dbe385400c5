//! What the agent writes down for whoever tests with it: a line for each thing that happened, in
//! one write, so that many agents can share a file.

use std::{
    env,
    fs::{File, OpenOptions},
    io::{self, Write},
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};
use synk_protocol::SessionId;
use synk_testkit::fake_agent::{AgentEntry, AgentEvent};

/// The file, where there is one.
#[derive(Debug)]
pub(crate) struct Log {
    file: Option<File>,
    session: Option<SessionId>,
}

impl Log {
    /// Goes on with the file at `path`; without one nothing is written.
    pub(crate) fn open(path: Option<&Path>) -> io::Result<Self> {
        let open = |path| OpenOptions::new().append(true).create(true).open(path);
        let session = env::var("SYNK_SESSION").ok().and_then(|id| id.parse().ok()).map(SessionId);
        Ok(Self { file: path.map(open).transpose()?, session })
    }

    /// Writes one line.
    pub(crate) fn write(&mut self, event: AgentEvent) -> io::Result<()> {
        let Some(file) = &mut self.file else { return Ok(()) };
        let entry =
            AgentEntry { at: now_millis(), pid: std::process::id(), session: self.session, event };
        let mut line = serde_json::to_vec(&entry)?;
        line.push(b'\n');
        file.write_all(&line)
    }
}

/// Milliseconds since 1970, UTC.
pub(crate) fn now_millis() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
