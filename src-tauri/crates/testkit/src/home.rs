//! A home: a folder as `SYNK_HOME` with the real program in it, and nothing of it left behind.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
    sync::{
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    thread,
};
use synk_protocol::{SessionId, SessionInfo, SessionRecord};
use synk_socket::Places;
use tempfile::TempDir;

use crate::{
    processes,
    raw_socket::RawSocket,
    wait::{PATIENCE, wait, wait_for},
};

/// What a verb said.
#[derive(Debug)]
pub struct Output {
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
    /// Its exit code; -1 when a signal ended it.
    pub code: i32,
}

/// A home. Dropping it ends everything in it, and fails the test when a process is left.
pub struct Home {
    folder: TempDir,
    binary: PathBuf,
}

impl Home {
    /// An empty home for the `synk` program at `binary`.
    pub fn new(binary: &str) -> Self {
        // Not the system's folder for temporary files: on macOS its name alone is half of
        // what the path of a socket can have.
        let folder = tempfile::Builder::new().prefix("synk-").tempdir_in("/tmp");
        let home = Self { folder: folder.expect("a folder"), binary: binary.into() };
        fs::create_dir(home.work()).expect("a folder");
        home
    }

    /// The same, where no shell waits for its session: for tests that count processes or
    /// measure the daemon at rest.
    pub fn without_pool(binary: &str) -> Self {
        let home = Self::new(binary);
        home.places().prepare().expect("folders");
        fs::write(home.places().settings(), "[pool]\ninitialSize = 0\n").expect("settings");
        home
    }

    /// `SYNK_HOME`.
    pub fn path(&self) -> PathBuf {
        self.folder.path().join("home")
    }

    /// A folder for what a test needs, in which sessions start. It is the home folder of
    /// their user too, so that nobody's own start-up files are read.
    pub fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    /// Where things are in it.
    pub fn places(&self) -> Places {
        Places::under(&self.path())
    }

    /// The environment of its programs.
    pub fn environment(&self) -> Vec<(String, String)> {
        let path = std::env::var("PATH").expect("PATH");
        let work = self.work().display().to_string();
        let synk_home = self.path().display().to_string();
        [
            ("PATH", path.as_str()),
            ("HOME", &work),
            ("LANG", "C.UTF-8"),
            ("SHELL", "/bin/sh"),
            ("SYNK_HOME", &synk_home),
            ("TERM", "xterm-256color"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    /// The program, ready to run in this home.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command.args(arguments).env_clear().envs(self.environment()).current_dir(self.work());
        command
    }

    /// Runs a verb to its end.
    #[track_caller]
    pub fn synk(&self, arguments: &[&str]) -> Output {
        run(self.command(arguments)).unwrap_or_else(|why| panic!("synk {arguments:?}: {why}"))
    }

    /// Runs a verb that has to work, and answers what it printed.
    #[track_caller]
    pub fn ok(&self, arguments: &[&str]) -> String {
        let output = self.synk(arguments);
        assert_eq!(output.code, 0, "synk {arguments:?}: {}", output.stderr);
        output.stdout
    }

    /// Starts a session: `synk new --json` and more.
    #[track_caller]
    pub fn create(&self, arguments: &[&str]) -> SessionInfo {
        let printed = self.ok(&[&["new", "--json"], arguments].concat());
        serde_json::from_str(&printed).expect("a session")
    }

    /// Every session.
    #[track_caller]
    pub fn sessions(&self) -> Vec<SessionInfo> {
        serde_json::from_str(&self.ok(&["ls", "--json"])).expect("sessions")
    }

    /// The session with that id, in the list.
    #[track_caller]
    pub fn session(&self, session: SessionId) -> SessionInfo {
        let found = self.sessions().into_iter().find(|one| one.session_id == session);
        found.unwrap_or_else(|| panic!("there is no session {session}"))
    }

    /// Types a line into a session, whatever its program does.
    #[track_caller]
    pub fn send(&self, session: SessionId, line: &str) {
        self.ok(&["send", "--raw", &session.to_string(), line]);
    }

    /// What is on a session's screen.
    #[track_caller]
    pub fn screen(&self, session: SessionId) -> String {
        self.ok(&["screen", &session.to_string()])
    }

    /// Waits until `text` is on a session's screen, and answers all of the screen.
    #[track_caller]
    pub fn wait_screen(&self, session: SessionId, text: &str) -> String {
        let mut screen = String::new();
        let found = wait(|| {
            screen = self.screen(session);
            screen.contains(text).then_some(())
        });
        assert!(found.is_some(), "waited {PATIENCE:?} in vain for {text:?} on\n{screen}");
        screen
    }

    /// Has a session's shell work something out, and waits for the result.
    #[track_caller]
    pub fn assert_answers(&self, session: SessionId) {
        static ASKED: AtomicU32 = AtomicU32::new(1000);
        let number = ASKED.fetch_add(1, Ordering::Relaxed);
        self.send(session, &format!("echo alive-$(({number}+100000))"));
        self.wait_screen(session, &format!("alive-{}", number + 100_000));
    }

    /// A session's record on disk, which a shim writes soon after a change.
    pub fn record(&self, session: SessionId) -> SessionRecord {
        let path = self.places().session(session).join("metadata.json");
        wait_for("the session's record", || serde_json::from_slice(&fs::read(&path).ok()?).ok())
    }

    /// The process of a session's shim.
    pub fn shim_pid(&self, session: SessionId) -> u32 {
        RawSocket::introduced(&self.places().shim_socket(session)).1.pid
    }

    /// The daemon's process; one has to run.
    pub fn daemon_pid(&self) -> u32 {
        RawSocket::introduced(&self.places().daemon_socket()).1.pid
    }

    /// All that a session has put out and that is kept.
    pub fn log(&self, session: SessionId) -> Vec<u8> {
        let folder = self.places().session(session);
        // A segment that is complete gets the name under which the next look finds it.
        wait_for("a log", || {
            let names =
                fs::read_dir(&folder).ok()?.map(|entry| entry.ok()?.file_name().into_string().ok());
            let mut names: Vec<String> = names.collect::<Option<_>>()?;
            names.retain(|name| {
                name.strip_prefix("console.")
                    .is_some_and(|rest| rest.split('.').any(|part| part == "log"))
            });
            // Complete segments have digits, and those sort before the letters of the newest.
            names.sort_unstable();
            let parts: Vec<_> =
                names.iter().map(|name| fs::read(folder.join(name)).ok()).collect::<Option<_>>()?;
            (!parts.is_empty()).then(|| parts.concat())
        })
    }

    /// The same, once it has this text: what is on the screen is in the log a moment later.
    #[track_caller]
    pub fn log_with(&self, session: SessionId, text: &str) -> String {
        wait_for(&format!("{text:?} in the log"), || {
            Some(String::from_utf8_lossy(&self.log(session)).into_owned())
                .filter(|log| log.contains(text))
        })
    }

    /// The processes that belong to this home, and how each was called.
    pub fn processes(&self) -> Vec<(u32, String)> {
        let mut found = processes::with_variable(&format!("SYNK_HOME={}", self.path().display()));
        found.retain(|(pid, _)| processes::runs(*pid));
        found
    }

    /// Ends every process of this home at once and without warning, as a power cut does.
    #[track_caller]
    pub fn crash(&self) {
        // The daemon first and the shims before their programs, so that none has time to see
        // another's end and write that down.
        let mut left = self.processes();
        left.sort_by_key(|(_, command)| {
            (!command.contains("synk daemon"), !command.contains("synk shim"))
        });
        for (pid, _) in left {
            // A program ends by itself when its terminal does.
            processes::kill_if_alive(pid);
        }
        self.wait_for_silence();
    }

    /// Waits until no process of this home is left.
    #[track_caller]
    pub fn wait_for_silence(&self) {
        let gone = wait(|| self.processes().is_empty().then_some(()));
        assert!(gone.is_some(), "these are left: {:?}", self.processes());
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let stopped = run(self.command(&["stop", "--all"]));
        let gone =
            thread::panicking() || wait(|| self.processes().is_empty().then_some(())).is_some();
        let left = self.processes();
        for (pid, _) in &left {
            // It may have ended since it was seen.
            Command::new("kill").args(["-9", &pid.to_string()]).stderr(Stdio::null()).status().ok();
        }
        assert!(gone, "left behind: {left:?}; `synk stop --all` said {stopped:?}");
    }
}

/// Runs a command to its end, or kills it when it has none.
fn run(mut command: Command) -> Result<Output, String> {
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let child = command.spawn().map_err(|error| error.to_string())?;
    let pid = child.id();
    let (sender, ended) = mpsc::channel();
    thread::spawn(move || sender.send(child.wait_with_output()));
    match ended.recv_timeout(PATIENCE) {
        Ok(Ok(output)) => Ok(Output {
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
            code: output.status.code().unwrap_or(-1),
        }),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => {
            processes::kill(pid);
            Err(format!("it did not end within {PATIENCE:?}"))
        }
    }
}
