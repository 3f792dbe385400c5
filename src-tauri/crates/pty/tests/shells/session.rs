//! A real shell on a real terminal with a home of its own, started plainly or through the
//! integration, as a test drives it.

use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};
use synk_pty::{Claim, ClaimError, Integration, Mark, MarkScanner, Piece, Pty, Spawn};
use tempfile::TempDir;

/// Longer than anything here takes on a busy machine.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// A shell, and whether it is a login shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shell {
    pub(crate) name: &'static str,
    pub(crate) login: bool,
}

pub(crate) const BASH: Shell = Shell { name: "bash", login: false };
pub(crate) const LOGIN_BASH: Shell = Shell { name: "bash", login: true };
pub(crate) const ZSH: Shell = Shell { name: "zsh", login: false };
pub(crate) const LOGIN_ZSH: Shell = Shell { name: "zsh", login: true };
pub(crate) const FISH: Shell = Shell { name: "fish", login: false };
pub(crate) const LOGIN_FISH: Shell = Shell { name: "fish", login: true };
pub(crate) const DASH: Shell = Shell { name: "dash", login: false };
pub(crate) const LOGIN_DASH: Shell = Shell { name: "dash", login: true };

pub(crate) const ALL: [Shell; 8] =
    [BASH, LOGIN_BASH, ZSH, LOGIN_ZSH, FISH, LOGIN_FISH, DASH, LOGIN_DASH];

impl Shell {
    pub(crate) fn path(self) -> String {
        format!("/usr/bin/{}", self.name)
    }

    /// The file that this shell reads last of the user's own.
    pub(crate) fn file(self) -> &'static str {
        match (self.name, self.login) {
            ("bash", false) => ".bashrc",
            ("bash", true) => ".bash_profile",
            ("zsh", false) => ".zshrc",
            ("zsh", true) => ".zlogin",
            ("fish", _) => ".config/fish/config.fish",
            (_, false) => ".shrc",
            (_, true) => ".profile",
        }
    }

    /// Lines for that file which make the prompt known.
    pub(crate) fn prompt(self) -> &'static str {
        match self.name {
            "fish" => {
                "function fish_prompt; builtin echo 'ready> '; end\nfunction fish_greeting; end\n"
            }
            _ => "PS1='ready> '\n",
        }
    }
}

/// A home folder with start-up files, and the environment of a shell that is started in it.
pub(crate) struct Home {
    folder: TempDir,
    pub(crate) env: Vec<(String, String)>,
}

impl Home {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        let home = folder.path().to_str().unwrap();
        let shrc = format!("{home}/.shrc");
        let env = [
            ("PATH", "/usr/local/bin:/usr/bin:/bin"),
            ("TERM", "xterm-256color"),
            ("LANG", "C.UTF-8"),
            ("USER", "root"),
            ("HOME", home),
            ("ENV", &shrc),
        ];
        let env = env.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        Self { folder, env }
    }

    /// A home whose start-up for this shell is these lines, with the usual prompt.
    pub(crate) fn with(shell: Shell, lines: &str) -> Self {
        Self::new(&[(shell.file(), &format!("{}{lines}\n", shell.prompt()))])
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.env.retain(|(one, _)| one != name);
        self.env.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn remove(&mut self, name: &str) {
        self.env.retain(|(one, _)| one != name);
    }
}

pub(crate) struct Session {
    pty: Option<Pty>,
    pid: Pid,
    output: Receiver<Vec<u8>>,
    scanner: Option<MarkScanner>,
    pub(crate) integration: Option<Integration>,
    /// All that was printed, without the integration's marks.
    pub(crate) printed: Vec<u8>,
    /// Where the next wait begins to look.
    passed: usize,
    marks: Vec<Mark>,
    /// How many of the marks were waited for.
    noticed: usize,
    ended: bool,
    channel: Option<TempDir>,
}

impl Session {
    /// The shell as a terminal program starts it.
    pub(crate) fn plain(shell: Shell, home: &Home, cwd: &Path) -> Self {
        let (command, env) = Self::plainly(shell, home);
        Self::start(80, &command, &env, cwd, None, None)
    }

    /// The same in its home, on a terminal of another width.
    pub(crate) fn plain_of_width(cols: u16, shell: Shell, home: &Home) -> Self {
        let (command, env) = Self::plainly(shell, home);
        Self::start(cols, &command, &env, home.path(), None, None)
    }

    fn plainly(shell: Shell, home: &Home) -> (Vec<String>, Vec<(String, String)>) {
        let mut env = home.env.clone();
        let mut command = vec![shell.path()];
        if shell.login {
            match shell.name {
                // fish keeps no account of how it was called.
                "fish" => command.push("--login".into()),
                // dash tells a login shell by its name alone, and the integration reads a
                // login shell's files by itself.
                "dash" => command.push("-l".into()),
                _ => {
                    env.push(("SHELL".into(), shell.path()));
                    command.clear();
                }
            }
        }
        (command, env)
    }

    /// Any program, without a shell.
    pub(crate) fn program(command: &[String], home: &Home) -> Self {
        Self::start(80, command, &home.env, home.path(), None, None)
    }

    /// The shell through the integration; it may not be parked yet.
    pub(crate) fn integrated(shell: Shell, home: &Home) -> Self {
        Self::of_program(&shell.path(), shell.login, home)
    }

    /// The same for a shell that is somewhere else, or has another name. The channel's folder
    /// has a name that is hard to write.
    pub(crate) fn of_program(path: &str, login: bool, home: &Home) -> Self {
        let channel =
            tempfile::Builder::new().prefix("a $(b) `c` 'd' \"e\" \\ ü*").tempdir().unwrap();
        let integration =
            Integration::for_shell(path, login, channel.path(), &home.env).unwrap().unwrap();
        let command = integration.command().to_vec();
        let env = integration.env().to_vec();
        Self::start(80, &command, &env, home.path(), Some(integration), Some(channel))
    }

    pub(crate) fn parked(shell: Shell, home: &Home) -> Self {
        let mut session = Self::integrated(shell, home);
        assert_eq!(session.mark(), Some(Mark::Parked), "{shell:?}: {}", session.text());
        session
    }

    /// A parked shell claimed for a directory.
    pub(crate) fn claimed(shell: Shell, home: &Home, cwd: &Path) -> Self {
        let mut session = Self::parked(shell, home);
        session.claim(&Claim { working_dir: cwd, set: &[], unset: &[], exec: &[] }).unwrap();
        assert_eq!(session.mark(), Some(Mark::Claimed), "{shell:?}: {}", session.text());
        session
    }

    fn start(
        cols: u16,
        command: &[String],
        env: &[(String, String)],
        cwd: &Path,
        integration: Option<Integration>,
        channel_folder: Option<TempDir>,
    ) -> Self {
        let pty = Pty::spawn(&Spawn { command, cwd, env, cols, rows: 24 }).unwrap();
        let mut reader = pty.reader().unwrap();
        let (sender, output) = channel();
        thread::spawn(move || {
            let mut buffer = vec![0; 65536];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Self {
            pid: Pid::from_raw(i32::try_from(pty.pid()).unwrap()).unwrap(),
            pty: Some(pty),
            output,
            scanner: integration.as_ref().map(Integration::marks),
            integration,
            printed: Vec::new(),
            passed: 0,
            marks: Vec::new(),
            noticed: 0,
            ended: false,
            channel: channel_folder,
        }
    }

    pub(crate) fn pid(&self) -> i32 {
        self.pid.as_raw_nonzero().get()
    }

    pub(crate) fn claim(&mut self, claim: &Claim<'_>) -> Result<(), ClaimError> {
        self.integration.as_mut().unwrap().claim(claim)
    }

    /// Waits for the next mark; `None` when the shell ends without one.
    pub(crate) fn mark(&mut self) -> Option<Mark> {
        while self.marks.len() == self.noticed {
            if !self.more() {
                return None;
            }
        }
        self.noticed += 1;
        Some(self.marks[self.noticed - 1])
    }

    /// Waits until the shell is in the kernel, waiting for something.
    pub(crate) fn wait_until_asleep(&self) {
        let deadline = Instant::now() + PATIENCE;
        let wchan = format!("/proc/{}/wchan", self.pid());
        while !fs::read_to_string(&wchan).unwrap().contains("pipe") {
            assert!(
                Instant::now() < deadline,
                "{}: {}",
                self.pid(),
                fs::read_to_string(&wchan).unwrap()
            );
            thread::yield_now();
        }
    }

    /// Waits until the shell waits for its terminal. A signal just before that makes a plain
    /// bash forget to show its prompt.
    pub(crate) fn wait_until_reading(&self) {
        let deadline = Instant::now() + PATIENCE;
        let stat = format!("/proc/{}/stat", self.pid());
        while !fs::read_to_string(&stat).unwrap().contains(") S ") {
            assert!(Instant::now() < deadline, "{}", self.text());
            thread::yield_now();
        }
    }

    /// Whether nothing is printed for so long.
    pub(crate) fn is_silent_for(&self, time: Duration) -> bool {
        self.output.recv_timeout(time) == Err(RecvTimeoutError::Timeout)
    }

    /// Whether it has said so, as far as its output was taken.
    pub(crate) fn is_parked(&self) -> bool {
        self.marks.contains(&Mark::Parked)
    }

    /// Everything in the folder of the channel.
    pub(crate) fn channel_files(&self) -> Vec<PathBuf> {
        let mut folders = vec![self.channel.as_ref().unwrap().path().to_owned()];
        let mut files = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path.clone());
                }
                files.push(path);
            }
        }
        files
    }

    pub(crate) fn type_in(&self, text: &str) {
        self.pty.as_ref().unwrap().writer().unwrap().write_all(text.as_bytes()).unwrap();
    }

    pub(crate) fn resize(&self, cols: u16) {
        self.pty.as_ref().unwrap().resize(cols, 24).unwrap();
    }

    /// Waits until the output has `text` in it, and passes over it; returns what was before.
    pub(crate) fn expect(&mut self, text: &str) -> String {
        loop {
            let new = &self.printed[self.passed..];
            if let Some(at) = new.windows(text.len()).position(|part| part == text.as_bytes()) {
                let before = String::from_utf8_lossy(&new[..at]).into_owned();
                self.passed += at + text.len();
                return before;
            }
            assert!(self.more(), "the shell ended without {text:?}: {}", self.text());
        }
    }

    /// Waits for the end of the shell; returns its exit code, or 128 and a signal's number.
    pub(crate) fn exit_code(&mut self) -> i32 {
        while self.more() {}
        self.wait()
    }

    /// The processes of the terminal's session.
    fn processes(&self) -> Vec<Pid> {
        let entries = fs::read_dir("/proc").unwrap().flatten();
        let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
        pids.filter(|pid: &i32| {
            let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            let session = stat.rsplit_once(") ").and_then(|(_, rest)| rest.split(' ').nth(3));
            session == Some(&*self.pid().to_string())
        })
        .filter_map(Pid::from_raw)
        .collect()
    }

    fn wait(&mut self) -> i32 {
        self.ended = true;
        let (_, status) = waitpid(Some(self.pid), WaitOptions::empty()).unwrap().unwrap();
        let signal = status.terminating_signal().map(|signal| 128 + signal);
        status.exit_status().or(signal).unwrap()
    }

    /// Sends what the kernel sends to the leader of a terminal that is gone.
    pub(crate) fn hang_up(&self) {
        kill_process(self.pid, Signal::HUP).unwrap();
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.printed).into_owned()
    }

    /// Takes what is printed next; false at the end of the output.
    pub(crate) fn more(&mut self) -> bool {
        match self.output.recv_timeout(PATIENCE) {
            Ok(bytes) => {
                self.take(&bytes);
                true
            }
            Err(RecvTimeoutError::Disconnected) => false,
            Err(RecvTimeoutError::Timeout) => panic!("nothing more after {}", self.text()),
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        let Self { scanner, printed, marks, .. } = self;
        match scanner {
            Some(scanner) => scanner.scan(bytes, |piece| match piece {
                Piece::Output(bytes) => printed.extend_from_slice(bytes),
                Piece::Mark(mark) => marks.push(mark),
            }),
            None => printed.extend_from_slice(bytes),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.pty = None;
        self.integration = None;
        // Whatever the start-up files made of it and left in the background.
        for pid in self.processes() {
            if let Err(error) = kill_process(pid, Signal::KILL) {
                assert!(error == rustix::io::Errno::SRCH || thread::panicking(), "{error}");
            }
        }
        if !self.ended {
            self.wait();
        }
    }
}

pub(crate) fn os(text: &str) -> OsString {
    text.into()
}

pub(crate) fn folder(home: &Home, name: &str) -> PathBuf {
    let folder = home.path().join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}
