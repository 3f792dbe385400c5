//! The one place that starts the user's `git`: for what runs hooks, signs, asks for credentials
//! or moves large files. It never asks anybody anything, never pages, speaks English, and ends
//! in time together with all that it has started.
//!
//! A repository is not trusted: its own configuration can name programs, and git would run
//! them. Unless the user has agreed, they are turned off for the run, the hooks with them.
//! What the user's own configuration names (Git LFS, a signing program) is the user's will.

use git2::{ConfigLevel, Repository};
use rustix::process::{Pid, Signal, kill_process_group};
use std::{
    ffi::{OsStr, OsString},
    fs,
    io::{self, Read},
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use crate::GitError;

/// How long `git` may take, unless it is told otherwise: a checkout of a large repository with
/// slow filters is minutes.
const LIMIT: Duration = Duration::from_mins(5);
/// What is kept of what it says, in bytes.
const MAX_SAID: u64 = 64 << 20;

/// Whose programs `git` may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trust {
    /// The user's own and the repository's.
    Repository,
    /// The user's own.
    UserOnly,
}

/// The user's `git`, and the environment that it runs in.
#[derive(Debug, Clone)]
pub struct Program {
    env: Vec<(OsString, OsString)>,
    limit: Duration,
}

impl Program {
    /// `env` is the whole environment, such as the login shell's; what would lead `git` to
    /// another repository is left out of it.
    pub fn new(env: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let kept = env.into_iter().filter(|(name, _)| !leads_astray(name));
        Self { env: kept.collect(), limit: LIMIT }
    }

    /// The same, with another time limit.
    #[must_use]
    pub fn with_limit(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Runs `git` in a folder; answers what it put out.
    ///
    /// # Errors
    /// [`GitError::NoProgram`], [`GitError::TimedOut`], or [`GitError::Failed`] with what it
    /// said.
    pub fn run<S: AsRef<OsStr>>(
        &self,
        folder: &Path,
        trust: Trust,
        args: &[S],
    ) -> Result<Vec<u8>, GitError> {
        self.run_with(folder, trust, args, &[])
    }

    /// The same, with more environment.
    pub(crate) fn run_with<S: AsRef<OsStr>>(
        &self,
        folder: &Path,
        trust: Trust,
        args: &[S],
        env: &[(&str, &OsStr)],
    ) -> Result<Vec<u8>, GitError> {
        let words = args.iter().map(|arg| arg.as_ref().to_string_lossy());
        let name = words.into_iter().find(|word| !word.starts_with('-'));
        let name = name.map(std::borrow::Cow::into_owned).unwrap_or_default();
        let mut command = Command::new("git");
        command
            .args(args)
            .current_dir(folder)
            .env_clear()
            .envs(self.env.iter().map(|(name, value)| (name, value)))
            .envs([
                ("LC_ALL", "C"),
                ("LANGUAGE", "C"),
                ("GIT_TERMINAL_PROMPT", "0"),
                ("GIT_ASKPASS", "true"),
                ("SSH_ASKPASS", "true"),
                ("GIT_PAGER", "cat"),
                ("GIT_EDITOR", "true"),
                ("GIT_SEQUENCE_EDITOR", "true"),
                ("GIT_MERGE_AUTOEDIT", "no"),
                ("GIT_ADVICE", "0"),
            ])
            .envs(env.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        if trust == Trust::UserOnly {
            turn_off(&mut command, &own_programs(folder)?);
        }
        let child = command.spawn().map_err(GitError::NoProgram)?;
        let Some(ended) = end_within(child, self.limit) else {
            return Err(GitError::TimedOut { command: name, seconds: self.limit.as_secs() });
        };
        let (status, out, said) = ended.map_err(GitError::NoProgram)?;
        if status.success() {
            return Ok(out);
        }
        let said = if said.trim_ascii().is_empty() { &out } else { &said };
        let message = String::from_utf8_lossy(said.trim_ascii()).into_owned();
        Err(GitError::Failed { command: name, message, code: status.code() })
    }
}

/// Variables that choose a repository, an index or objects for `git`, or that run programs.
fn leads_astray(name: &OsStr) -> bool {
    let Some(name) = name.to_str() else { return false };
    // Who commits and how, and how the network is reached, is the user's to say.
    let kept = ["GIT_AUTHOR_", "GIT_COMMITTER_", "GIT_SSH", "GIT_SSL_", "GIT_PROXY", "GIT_HTTP_"];
    let user_config = ["GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"];
    name.starts_with("GIT_")
        && !user_config.contains(&name)
        && !kept.iter().any(|kept| name.starts_with(kept))
}

/// Programs that a repository's own configuration names, and its hooks: what `git` would run.
/// A hook is called `hook.NAME`, the others as in the configuration.
///
/// # Errors
/// [`GitError::NotARepository`], or when the configuration cannot be read.
pub fn own_programs(folder: &Path) -> Result<Vec<String>, GitError> {
    let repository =
        Repository::discover(folder).map_err(|_| GitError::NotARepository(folder.to_owned()))?;
    let mut programs = Vec::new();
    let all = repository.config()?;
    for level in [ConfigLevel::Local, ConfigLevel::Worktree] {
        let Ok(config) = all.open_level(level) else { continue };
        let mut entries = config.entries(None)?;
        while let Some(entry) = entries.next() {
            let Ok(entry) = entry else { continue };
            if let Ok(name) = entry.name()
                && names_a_program(name)
            {
                programs.push(name.to_owned());
            }
        }
    }
    let hooks = fs::read_dir(repository.commondir().join("hooks")).into_iter().flatten().flatten();
    for hook in hooks {
        let runs =
            hook.metadata().is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0);
        let name = hook.file_name().to_string_lossy().into_owned();
        if runs && !name.ends_with(".sample") {
            programs.push(format!("hook.{name}"));
        }
    }
    programs.sort_unstable();
    programs.dedup();
    Ok(programs)
}

/// Whether a variable of the configuration names something that `git` runs. From
/// git-config(1) and gitattributes(5); sections and variables come in small letters.
fn names_a_program(name: &str) -> bool {
    let Some((section, rest)) = name.split_once('.') else { return false };
    let variable = rest.rsplit('.').next().unwrap_or(rest);
    match section {
        "core" => matches!(
            variable,
            "fsmonitor"
                | "hookspath"
                | "sshcommand"
                | "askpass"
                | "editor"
                | "pager"
                | "gitproxy"
                | "alternaterefscommand"
        ),
        "diff" => matches!(variable, "external" | "command" | "textconv"),
        "filter" => matches!(variable, "clean" | "smudge" | "process"),
        "merge" => variable == "driver",
        "gpg" => matches!(variable, "program" | "defaultkeycommand"),
        "sequence" => variable == "editor",
        "credential" => variable == "helper",
        "remote" => matches!(variable, "uploadpack" | "receivepack" | "vcs"),
        "submodule" => variable == "update",
        "trailer" => matches!(variable, "command" | "cmd"),
        "interactive" => variable == "difffilter",
        "pager" => true,
        _ => false,
    }
}

/// Turns programs off for one run. By variables and not by `-c`, since a name may have any
/// character in it.
fn turn_off(command: &mut Command, programs: &[String]) {
    // Where objects are missing, git fetches them by itself, from an address that may be a
    // command (`ext::`) in a repository that allows itself to be asked so. Before all settings.
    command.env("GIT_ALLOW_PROTOCOL", "file:git:http:https:ssh");
    let mut settings = vec![
        ("core.hooksPath".to_owned(), "/dev/null"),
        ("core.fsmonitor".to_owned(), "false"),
        // No submodule is ever fetched or run into by itself.
        ("submodule.recurse".to_owned(), "false"),
    ];
    for name in programs.iter().filter(|name| !name.starts_with("hook.")) {
        let off = match name.as_str() {
            "gpg.program" => "gpg",
            name if name.starts_with("gpg.") && name.ends_with(".program") => "false",
            name if name.starts_with("merge.") => "false",
            name if name.starts_with("submodule.") => "none",
            _ => "",
        };
        settings.push((name.clone(), off));
        if let Some(filter) = name.strip_prefix("filter.").and_then(|rest| rest.rsplit_once('.')) {
            settings.push((format!("filter.{}.required", filter.0), "false"));
        }
    }
    command.env("GIT_CONFIG_COUNT", settings.len().to_string());
    for (index, (name, value)) in settings.into_iter().enumerate() {
        command.env(format!("GIT_CONFIG_KEY_{index}"), name);
        command.env(format!("GIT_CONFIG_VALUE_{index}"), value);
    }
}

type Ended = io::Result<(ExitStatus, Vec<u8>, Vec<u8>)>;

/// Waits for a program and for all it has to say; `None` when it took too long, and it is ended
/// then with its process group.
fn end_within(mut child: Child, limit: Duration) -> Option<Ended> {
    let group = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let out = read_all(child.stdout.take());
    let said = read_all(child.stderr.take());
    let (tell, told) = mpsc::sync_channel(1);
    let waiter = thread::spawn(move || {
        let out = out.join().unwrap_or_default();
        let said = said.join().unwrap_or_default();
        tell.send(child.wait().map(|status| (status, out, said))).ok();
    });
    let ended = told.recv_timeout(limit);
    if ended.is_err() {
        if let Some(group) = group {
            kill_process_group(group, Signal::KILL).ok();
        }
        // With all of them gone the pipes are closed.
        told.recv().ok();
    }
    waiter.join().ok();
    ended.ok()
}

fn read_all(pipe: Option<impl Read + Send + 'static>) -> thread::JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            pipe.by_ref().take(MAX_SAID).read_to_end(&mut bytes).ok();
            io::copy(&mut pipe, &mut io::sink()).ok();
        }
        bytes
    })
}
