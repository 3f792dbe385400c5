//! A home whose shell waits, and how a test asks it for sessions. Not a test; those of more
//! than one binary use it.

use std::{fs, path::Path, time::Duration};
use synk_client::{Daemon, Places, Shim};
use synk_protocol::{CreateSession, GetPoolStatus, PoolStatus, SessionId};
use synk_testkit::{Home, processes, wait_for};
use tokio::time::timeout;

/// What every shell here has as its prompt.
pub(crate) const PROMPT: &str = "ready>";
pub(crate) const SHELLS: [&str; 4] = ["bash", "zsh", "fish", "dash"];
const PATIENCE: Duration = Duration::from_secs(30);

/// A home whose shell waits.
pub(crate) struct Pooled {
    pub(crate) home: Home,
    pub(crate) shell: &'static str,
}

impl Pooled {
    /// A home whose daemon has this shell, with the prompt and these lines as its start-up.
    /// The daemon runs, and the pool is filling.
    pub(crate) fn filling(shell: &'static str, lines: &str) -> Self {
        let pooled = Self { home: Home::new(env!("CARGO_BIN_EXE_synk")), shell };
        pooled.write_startup(lines);
        pooled.start();
        pooled
    }

    /// The same, once two shells wait.
    #[track_caller]
    pub(crate) fn new(shell: &'static str, lines: &str) -> Self {
        let pooled = Self::filling(shell, lines);
        pooled.wait_idle(2);
        pooled
    }

    /// Runs the daemon, which needs no session for that.
    #[track_caller]
    pub(crate) fn start(&self) -> String {
        let mut command = self.home.command(&["pool"]);
        let output = command.env("SHELL", format!("/usr/bin/{}", self.shell)).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    pub(crate) fn write_startup(&self, lines: &str) {
        let (file, prompt) = match self.shell {
            "bash" => (".bash_profile", "PS1='ready> '"),
            "zsh" => (".zshrc", "PS1='ready> '"),
            "fish" => (
                ".config/fish/config.fish",
                "function fish_prompt; echo 'ready> '; end\nfunction fish_greeting; end",
            ),
            _ => (".profile", "PS1='ready> '"),
        };
        let path = self.home.work().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("{prompt}\n{lines}\n")).unwrap();
    }

    #[track_caller]
    pub(crate) fn status(&self) -> PoolStatus {
        serde_json::from_str(&self.home.ok(&["pool", "--json"])).unwrap()
    }

    #[track_caller]
    pub(crate) fn wait_idle(&self, idle: u32) {
        wait_for("shells that wait", || (self.status().idle == idle).then_some(()));
    }

    /// Waits until no more shells are wanted than there are.
    #[track_caller]
    pub(crate) fn wait_full(&self) {
        wait_for("a full pool", || {
            let status = self.status();
            (status.idle >= 2 && status.warming == 0).then_some(())
        });
    }

    #[track_caller]
    pub(crate) fn wait_problem(&self, part: &str) {
        wait_for(&format!("{part:?} to be said"), || {
            self.status().problem.filter(|problem| problem.contains(part))
        });
    }

    /// The shims of the shells that wait, and the shells.
    pub(crate) fn idle(&self) -> Vec<(u32, u32)> {
        let mut idle = Vec::new();
        for (pid, command) in self.home.processes() {
            if command.contains("shim --parked") {
                idle.extend(processes::children(pid).first().map(|shell| (pid, *shell)));
            }
        }
        let taken: Vec<_> = self.home.sessions().iter().map(|session| session.shim_pid).collect();
        idle.retain(|(shim, _)| !taken.contains(shim));
        idle
    }

    /// The next session has been given a shell that waits; answers it.
    #[track_caller]
    pub(crate) fn claim(&self, arguments: &[&str]) -> SessionId {
        let idle = self.idle();
        let session = self.home.create(arguments);
        let waited = idle.iter().any(|(shim, _)| *shim == session.shim_pid);
        assert!(waited, "{} is not one of {idle:?}", session.shim_pid);
        session.session_id
    }
}

/// Asks for a session, in a folder.
pub(crate) async fn create(daemon: &Daemon, folder: &Path) -> SessionId {
    let args = CreateSession {
        project_path: folder.display().to_string(),
        background: Some(true),
        ..CreateSession::default()
    };
    daemon.call(args).await.unwrap().session_id
}

/// Waits until a text is on a session's screen, as a viewer sees it that attaches at once.
pub(crate) async fn shown(places: &Places, session: SessionId, text: &str) {
    let (shim, mut output) = Shim::connect(&places.shim_socket(session)).await.unwrap();
    shim.attach(None, true, None).await.unwrap();
    let mut seen = Vec::new();
    while !String::from_utf8_lossy(&seen).contains(text) {
        let part = timeout(PATIENCE, output.recv()).await.unwrap().unwrap();
        seen.extend_from_slice(&part.bytes);
    }
}

/// Waits until so many shells wait and no other is being started.
pub(crate) async fn filled(daemon: &Daemon, idle: u32) {
    let full = async {
        loop {
            let status = daemon.call(GetPoolStatus {}).await.unwrap();
            if status.idle >= idle && status.warming == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(PATIENCE, full).await.unwrap();
}
