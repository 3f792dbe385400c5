//! Hooks as Claude Code and Gemini CLI have them: commands from a settings file, called with
//! JSON on their standard input. The names of the events are the agent's own.

use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    env, fs,
    io::{self, Write},
    path::PathBuf,
    process::{Command, Stdio},
};
use synk_testkit::fake_agent::AgentState;

use crate::options::{Options, Personality};

/// What the agent tells its hooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Moment<'a> {
    /// It has started.
    Started,
    /// It took a prompt.
    Prompt(&'a [u8]),
    /// It shows a dialog.
    Asks(AgentState),
    /// It has done what it was allowed to do.
    Allowed,
    /// It has answered.
    Finished,
    /// It ends.
    Ends,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Settings {
    hooks: BTreeMap<String, Vec<Group>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Group {
    hooks: Vec<Hook>,
}

#[derive(Debug, Deserialize)]
struct Hook {
    command: String,
}

/// The commands, by event.
#[derive(Debug)]
pub(crate) struct Hooks {
    personality: Personality,
    settings: Settings,
    conversation: String,
    transcript: PathBuf,
}

impl Hooks {
    /// Reads them from where this agent is told of them.
    pub(crate) fn read(
        options: &Options,
        conversation: &str,
        transcript: PathBuf,
    ) -> Result<Self, String> {
        let text = match options.personality {
            Personality::Claude => match &options.settings {
                Some(json) if json.trim_start().starts_with('{') => Some(json.clone()),
                Some(path) => Some(read(path)?),
                None => None,
            },
            Personality::Gemini => env::var("GEMINI_CLI_SYSTEM_SETTINGS_PATH")
                .ok()
                .map(|path| read(&path))
                .transpose()?,
            Personality::Codex | Personality::Plain => None,
        };
        let settings = match text {
            Some(text) => serde_json::from_str(&text)
                .map_err(|error| format!("the settings cannot be read: {error}"))?,
            None => Settings::default(),
        };
        Ok(Self {
            personality: options.personality,
            settings,
            conversation: conversation.to_owned(),
            transcript,
        })
    }

    /// Calls what is to be called, one after the other, and answers how each ended.
    pub(crate) fn call(&self, moment: Moment<'_>) -> Vec<(String, Option<i32>)> {
        let Some((event, about)) = self.event(moment) else { return Vec::new() };
        let mut input = json!({
            "session_id": self.conversation,
            "transcript_path": self.transcript,
            "cwd": env::current_dir().unwrap_or_default(),
            "hook_event_name": event,
        });
        if let (Value::Object(input), Value::Object(about)) = (&mut input, about) {
            input.extend(about);
        }
        let groups = self.settings.hooks.get(event).into_iter().flatten();
        groups
            .flat_map(|group| &group.hooks)
            .map(|hook| (event.to_owned(), run(&hook.command, &input).ok().flatten()))
            .collect()
    }

    fn event(&self, moment: Moment<'_>) -> Option<(&'static str, Value)> {
        let gemini = self.personality == Personality::Gemini;
        Some(match moment {
            Moment::Started => ("SessionStart", json!({ "source": "startup" })),
            Moment::Prompt(prompt) => {
                let prompt = json!({ "prompt": String::from_utf8_lossy(prompt) });
                (if gemini { "BeforeAgent" } else { "UserPromptSubmit" }, prompt)
            }
            Moment::Asks(AgentState::Permission) if gemini => (
                "Notification",
                json!({ "notification_type": "ToolPermission", "message": "May I?" }),
            ),
            Moment::Asks(AgentState::Permission) => (
                "PermissionRequest",
                json!({ "tool_name": "Bash", "tool_input": { "command": "touch x" } }),
            ),
            // The agents have no event for the others.
            Moment::Asks(_) => return None,
            Moment::Allowed => {
                let tool = json!({ "tool_name": "Bash" });
                (if gemini { "AfterTool" } else { "PostToolUse" }, tool)
            }
            Moment::Finished if gemini => ("AfterAgent", json!({ "stop_hook_active": false })),
            Moment::Finished => ("Stop", json!({ "stop_hook_active": false })),
            Moment::Ends => ("SessionEnd", json!({ "reason": "exit" })),
        })
    }
}

/// As the agents do, through a shell.
fn run(command: &str, input: &Value) -> io::Result<Option<i32>> {
    let mut child = Command::new("/bin/sh")
        .args(["-c", command])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        // A command that does not read has closed it by now.
        stdin.write_all(input.to_string().as_bytes()).ok();
    }
    Ok(child.wait()?.code())
}

fn read(path: &str) -> Result<String, String> {
    fs::read_to_string(path).map_err(|error| format!("{path} cannot be read: {error}"))
}
