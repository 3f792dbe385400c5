//! The scripted agent as tests see it: how it gets into a home, and what it wrote down. The
//! program itself is `src/bin/synk-fake-agent`; how it is told what to do stands there.

use base64::{Engine, prelude::BASE64_STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{
    env, fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};
use synk_protocol::SessionId;

use crate::{Home, wait::wait_for};

/// Names the file that the agent writes [`AgentEntry`] lines to.
pub const LOG_VARIABLE: &str = "SYNK_FAKE_AGENT_LOG";
/// Holds options for the agent, separated by spaces; those on its command line come after them.
pub const OPTIONS_VARIABLE: &str = "SYNK_FAKE_AGENT";

/// One line of what the agents wrote down. Several may write to one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentEntry {
    /// Milliseconds since 1970, UTC.
    pub at: u64,
    /// The agent's process.
    pub pid: u32,
    /// `SYNK_SESSION`, where there is one.
    pub session: Option<SessionId>,
    /// What happened.
    #[serde(flatten)]
    pub event: AgentEvent,
}

/// What happened to an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum AgentEvent {
    /// It was started.
    Started {
        /// Its arguments.
        arguments: Vec<String>,
    },
    /// It is in another state. Written before the terminal is told.
    State {
        /// Which.
        state: AgentState,
    },
    /// It took a prompt and works on it, or will.
    Prompt {
        /// Exactly what was submitted.
        text: Typed,
        /// It was submitted while another was worked on.
        queued: bool,
    },
    /// Something was typed while no empty-handed agent stood behind a composer: it started,
    /// showed a dialog or worked.
    Disturbed {
        /// What it was at.
        state: AgentState,
        /// Exactly what was typed; of a paste also its brackets.
        bytes: Typed,
    },
    /// An Enter came so soon that it was taken for a part of what was typed before.
    EnterEaten,
    /// A dialog was answered.
    Answered {
        /// Which.
        dialog: AgentState,
        /// With yes.
        allowed: bool,
    },
    /// A hook was called.
    Hook {
        /// For what.
        name: String,
        /// How it ended; absent when it could not be started or a signal ended it.
        exit_code: Option<i32>,
    },
    /// It ended by itself.
    Exited {
        /// Its exit code.
        code: i32,
    },
}

/// What an agent is at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AgentState {
    /// It was started and takes no input yet.
    Starting,
    /// It asks whether the folder is trusted, before its composer is there.
    Trust,
    /// It waits for a prompt.
    Idle,
    /// It works on a prompt.
    Working,
    /// It asks to be allowed something.
    Permission,
    /// It asks something.
    Question,
    /// It asks to be signed in.
    Auth,
    /// It has answered a prompt, and waits for the next.
    Done,
    /// It could not answer a prompt, and waits for the next.
    Failed,
}

impl AgentState {
    /// It shows a dialog, and what is typed answers that.
    pub fn is_dialog(self) -> bool {
        matches!(self, Self::Trust | Self::Permission | Self::Question | Self::Auth)
    }

    /// What is typed goes into its composer, and Enter submits that.
    pub fn takes_prompt(self) -> bool {
        matches!(self, Self::Idle | Self::Done | Self::Failed)
    }
}

/// Bytes that were typed; base64 in the file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Typed(pub Vec<u8>);

impl Serialize for Typed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&BASE64_STANDARD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for Typed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        BASE64_STANDARD.decode(text).map(Self).map_err(de::Error::custom)
    }
}

impl Home {
    /// Installs the agent as `claude`, `codex` and `gemini` where this home's login shells find
    /// it, with these options for all of them; a session can have others by
    /// [`OPTIONS_VARIABLE`] in its environment.
    pub fn install_agents(&self, options: &str) {
        let folder = self.work().join("bin");
        fs::create_dir_all(&folder).expect("a folder");
        for name in ["claude", "codex", "gemini"] {
            symlink(program(), folder.join(name)).expect("a link");
        }
        // The system's own start-up files set PATH; the user's come after them.
        let profile = format!(
            "PATH='{}':$PATH\nexport PATH {LOG_VARIABLE}='{}'\n\
             export {OPTIONS_VARIABLE}=\"${{{OPTIONS_VARIABLE}-{options}}}\"\n",
            folder.display(),
            self.agent_log_path().display(),
        );
        fs::write(self.work().join(".profile"), profile).expect("start-up files");
    }

    /// Where this home's agents write down what happens to them.
    pub fn agent_log_path(&self) -> PathBuf {
        self.work().join("agents.jsonl")
    }

    /// What this home's agents wrote down so far.
    pub fn agent_log(&self) -> Vec<AgentEntry> {
        read_log(&self.agent_log_path())
    }

    /// Waits until something is found in what this home's agents wrote down.
    #[track_caller]
    pub fn find_in_agent_log<T>(&self, what: &str, look: impl Fn(&[AgentEntry]) -> Option<T>) -> T {
        wait_for(what, || look(&self.agent_log()))
    }

    /// The prompts that a session's agent took so far, in order, as it got them.
    pub fn prompts(&self, session: SessionId) -> Vec<Vec<u8>> {
        let of_session = |entry: AgentEntry| match entry.event {
            AgentEvent::Prompt { text, .. } if entry.session == Some(session) => Some(text.0),
            _ => None,
        };
        self.agent_log().into_iter().filter_map(of_session).collect()
    }
}

/// What agents wrote to a file so far; nothing when there is none. A line that is being written
/// is left out.
pub fn read_log(path: &Path) -> Vec<AgentEntry> {
    let log = fs::read_to_string(path).unwrap_or_default();
    let whole = log.rfind('\n').map_or("", |end| &log[..end]);
    whole.lines().map(|line| serde_json::from_str(line).expect("a line of an agent")).collect()
}

/// The agent's program, built if it has to be: cargo builds the programs of the crate that is
/// tested alone.
pub fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        // A test is at `target/<profile>/deps/<test>`.
        let test = env::current_exe().expect("the test's own path");
        let folder = test.ancestors().nth(2).expect("a target folder");
        let profile = match folder.file_name().and_then(|name| name.to_str()).expect("a profile") {
            "debug" => "dev",
            other => other,
        };
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let built = Command::new(cargo)
            .args(["build", "--quiet", "--package", env!("CARGO_PKG_NAME")])
            .args(["--bin", "synk-fake-agent", "--profile", profile, "--target-dir"])
            .arg(folder.parent().expect("a target folder"))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .status();
        assert!(built.is_ok_and(|status| status.success()), "the agent could not be built");
        folder.join("synk-fake-agent")
    })
}
