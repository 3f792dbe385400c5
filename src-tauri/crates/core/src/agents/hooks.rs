//! How agents are told, at each start, to call Synk's hook (`synk hook`). Everything is passed
//! by files of Synk's own: the agents' configuration stays as it is, and the hooks that a
//! person has set up are called besides.
//!
//! The files lie in Synk's state folder, since Gemini CLI reads none that others could write.

use serde_json::{Map, Value, json};
use std::{
    fs, io,
    path::{Path, PathBuf},
};
use synk_protocol::{StatusState, WaitingFor};

use crate::{environment::Variables, status::HookRule};

/// Where Gemini CLI looks for the settings of a machine, unless a variable says otherwise.
const GEMINI_SYSTEM_SETTINGS: &str = "/etc/gemini-cli/settings.json";
const GEMINI_VARIABLE: &str = "GEMINI_CLI_SYSTEM_SETTINGS_PATH";
/// Larger files are no settings.
const MAX_SETTINGS_BYTES: u64 = 1 << 20;
/// How long a hook may take, in seconds: it has only a few bytes to pass on.
const LIMIT_SECS: u32 = 5;

/// By which way an agent learns of hooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HooksBy {
    /// `claude --settings FILE`: on top of all its other settings.
    ClaudeSettings,
    /// A variable that names the file with the settings of the machine. What is in the file
    /// that it would read otherwise is kept.
    GeminiSystemSettings,
}

/// A hook and what it means.
pub(super) const fn rule(
    event: &'static str,
    subject: &'static str,
    state: StatusState,
    waiting_for: Option<WaitingFor>,
) -> HookRule {
    HookRule { event, subject, state, waiting_for }
}

/// The files that are passed.
#[derive(Debug)]
pub(super) struct HookFiles {
    claude: PathBuf,
    gemini: PathBuf,
    gemini_hooks: Value,
}

impl HookFiles {
    /// Writes them into `folder`, for the `synk` program at `binary`.
    pub(super) fn write(folder: &Path, binary: &Path) -> io::Result<Self> {
        synk_client::private_dir(folder).map_err(io::Error::other)?;
        let program = binary.to_str().ok_or_else(|| {
            io::Error::other(format!("the path {} is not UTF-8", binary.display()))
        })?;
        let command = format!("'{}' hook", program.replace('\'', r"'\''"));
        let files = Self {
            claude: folder.join("claude-hooks.json"),
            gemini: folder.join("gemini-settings.json"),
            gemini_hooks: hooks(super::gemini_cli::EVENTS, &command, LIMIT_SECS * 1000),
        };
        let claude = json!({ "hooks": hooks(super::claude_code::EVENTS, &command, LIMIT_SECS) });
        put(&files.claude, &claude)?;
        put(&files.gemini, &json!({ "hooks": files.gemini_hooks }))?;
        Ok(files)
    }

    pub(super) fn arguments(&self, by: HooksBy) -> Vec<String> {
        match by {
            HooksBy::ClaudeSettings => {
                vec!["--settings".to_owned(), self.claude.display().to_string()]
            }
            HooksBy::GeminiSystemSettings => Vec::new(),
        }
    }

    /// Variables for the agent. The machine's own settings are read anew each time, since
    /// nobody says when they change.
    pub(super) fn variables(&self, by: HooksBy, login: Option<&Variables>) -> Variables {
        if by != HooksBy::GeminiSystemSettings {
            return Variables::new();
        }
        let named = login.and_then(|login| login.get(GEMINI_VARIABLE)).map(String::as_str);
        let machines = Path::new(named.unwrap_or(GEMINI_SYSTEM_SETTINGS));
        match self.join_gemini(machines) {
            Ok(()) => {
                let path = self.gemini.display().to_string();
                Variables::from([(GEMINI_VARIABLE.to_owned(), path)])
            }
            Err(error) => {
                // Settings of a machine's owner are never left out for a hook's sake.
                tracing::warn!("{} cannot be joined with hooks: {error}", machines.display());
                Variables::new()
            }
        }
    }

    fn join_gemini(&self, machines: &Path) -> io::Result<()> {
        if machines == self.gemini {
            return Ok(());
        }
        let mut settings = match fs::metadata(machines) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Map::new(),
            Err(error) => return Err(error),
            Ok(found) if found.len() > MAX_SETTINGS_BYTES => {
                return Err(io::Error::other("it is too large"));
            }
            Ok(_) => serde_json::from_slice(&fs::read(machines)?)?,
        };
        let hooks = settings.entry("hooks").or_insert_with(|| json!({}));
        let (Some(hooks), Some(own)) = (hooks.as_object_mut(), self.gemini_hooks.as_object())
        else {
            return Err(io::Error::other("its hooks are no object"));
        };
        for (event, called) in own {
            match hooks.entry(event).or_insert_with(|| json!([])) {
                Value::Array(list) => list.extend(called.as_array().into_iter().flatten().cloned()),
                _ => return Err(io::Error::other(format!("its hooks for {event} are no list"))),
            }
        }
        put(&self.gemini, &Value::Object(settings))
    }
}

/// The same hook for each event.
fn hooks(events: &[&str], command: &str, timeout: u32) -> Value {
    let hook = json!([{
        "matcher": "",
        "hooks": [{ "type": "command", "name": "synk", "command": command, "timeout": timeout }],
    }]);
    events.iter().map(|event| ((*event).to_owned(), hook.clone())).collect::<Map<_, _>>().into()
}

/// Writes what is not there already: each start of an agent comes here, and waits for the disk.
fn put(path: &Path, settings: &Value) -> io::Result<()> {
    let content = serde_json::to_vec_pretty(settings)?;
    if fs::read(path).is_ok_and(|there| there == content) {
        return Ok(());
    }
    synk_socket::write_private(path, &content)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> (tempfile::TempDir, HookFiles) {
        let folder = tempfile::tempdir().unwrap();
        let files = HookFiles::write(&folder.path().join("agents"), Path::new("/it's/synk"));
        (folder, files.unwrap())
    }

    fn read(path: &Path) -> Value {
        serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
    }

    #[test]
    fn the_command_is_quoted_for_the_shell_that_runs_it() {
        let (_folder, files) = files();
        let settings = read(&files.claude);
        let command = &settings["hooks"]["Stop"][0]["hooks"][0]["command"];
        assert_eq!(command, r"'/it'\''s/synk' hook");
    }

    #[test]
    fn the_settings_of_a_machine_are_kept() {
        let (folder, files) = files();
        let machines = folder.path().join("settings.json");
        let own = r#"{"telemetry":{"enabled":false},"hooks":{"AfterAgent":[{"hooks":[]}]}}"#;
        fs::write(&machines, own).unwrap();
        let login = Variables::from([(GEMINI_VARIABLE.to_owned(), machines.display().to_string())]);
        let variables = files.variables(HooksBy::GeminiSystemSettings, Some(&login));
        assert_eq!(variables[GEMINI_VARIABLE], files.gemini.display().to_string());
        let joined = read(&files.gemini);
        assert_eq!(joined["telemetry"]["enabled"], false);
        assert_eq!(joined["hooks"]["AfterAgent"].as_array().unwrap().len(), 2);
        // Joined again, it is not joined twice.
        files.variables(HooksBy::GeminiSystemSettings, Some(&login));
        assert_eq!(read(&files.gemini), joined);
    }

    #[test]
    fn settings_that_cannot_be_read_are_left_to_the_agent() {
        let (folder, files) = files();
        let machines = folder.path().join("settings.json");
        fs::write(&machines, "// a comment\n{}").unwrap();
        let login = Variables::from([(GEMINI_VARIABLE.to_owned(), machines.display().to_string())]);
        assert!(files.variables(HooksBy::GeminiSystemSettings, Some(&login)).is_empty());
    }
}
