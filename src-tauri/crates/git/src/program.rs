//! The one place that starts the user's `git`: for what runs hooks, signs, asks for credentials
//! or moves large files. It never asks anybody anything, never pages, speaks English, and ends
//! in time together with all that it has started.
//!
//! A repository is not trusted: its own configuration can name programs, and git would run
//! them. Unless the user has agreed, they are turned off for the run, the hooks with them; what
//! cannot be turned off refuses it. What the user's own configuration names (Git LFS, a signing
//! program) is the user's will.

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

use crate::{GitError, refs::open, worktree::project_of};

/// How long `git` may take, unless it is told otherwise: a checkout of a large repository with
/// slow filters is minutes.
const LIMIT: Duration = Duration::from_mins(5);
/// How long it then has to end by itself, which takes its locks away.
const GRACE: Duration = Duration::from_secs(2);
/// What is kept of what it says, in bytes.
const MAX_SAID: u64 = 64 << 20;
/// A variable that means nothing: who lists it takes settings from the environment.
const HEARD: &str = "synk.heard";
/// How `git` ends that does not know an option.
const MISUSED: i32 = 129;

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
    /// [`GitError::NoProgram`], [`GitError::TimedOut`], [`GitError::Failed`] with what it said,
    /// or [`GitError::Untrusted`].
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
        let mut command = self.command(folder, args);
        command.envs(env.iter().copied());
        if trust == Trust::UserOnly {
            let own = self.own_variables(folder)?;
            if let Some(variable) = own.iter().find(|name| cannot_be_turned_off(name)) {
                let project = project_of(folder)?;
                return Err(GitError::Untrusted { variable: variable.clone(), project });
            }
            turn_off(&mut command, &own);
        }
        self.finish(command, name)
    }

    fn command<S: AsRef<OsStr>>(&self, folder: &Path, args: &[S]) -> Command {
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
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .process_group(0);
        command
    }

    /// Runs it to its end; answers what it put out.
    fn finish(&self, mut command: Command, name: String) -> Result<Vec<u8>, GitError> {
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

    /// Programs that a repository's own configuration names, and its hooks: what `git` would run.
    /// A hook is called `hook.NAME`, the others as in the configuration.
    ///
    /// # Errors
    /// [`GitError::NotARepository`], or when the configuration cannot be read.
    pub fn own_programs(&self, folder: &Path) -> Result<Vec<String>, GitError> {
        let repository = open(folder)?;
        let mut programs = self.own_variables(folder)?;
        let hooks =
            fs::read_dir(repository.commondir().join("hooks")).into_iter().flatten().flatten();
        for hook in hooks {
            let runs = hook
                .metadata()
                .is_ok_and(|it| it.is_file() && it.permissions().mode() & 0o111 != 0);
            let name = hook.file_name().to_string_lossy().into_owned();
            if runs && !name.ends_with(".sample") {
                programs.push(format!("hook.{name}"));
            }
        }
        programs.sort_unstable();
        programs.dedup();
        Ok(programs)
    }

    /// Variables of a repository's own configuration by which `git` runs something. Read by
    /// `git` itself, which runs nothing for that: whoever else reads these files takes some of
    /// them otherwise, and what is overlooked runs. One that does not take settings from the
    /// environment would not hear that something is turned off, so it is refused.
    fn own_variables(&self, folder: &Path) -> Result<Vec<String>, GitError> {
        let too_old = || {
            GitError::Refused(
                "git is older than 2.31, and Synk cannot turn off what a repository would have it \
                 run, so nothing was done; update git, or if you trust the project, add it to \
                 worktrees.trusted in the settings"
                    .into(),
            )
        };
        let args = ["config", "--list", "--show-scope", "--name-only", "-z"];
        let mut command = self.command(folder, &args);
        set(&mut command, &[(HEARD.to_owned(), "1")]);
        let listed = match self.finish(command, "config".to_owned()) {
            Err(GitError::Failed { code: Some(MISUSED), .. }) => return Err(too_old()),
            listed => listed?,
        };
        if listed.len() as u64 >= MAX_SAID {
            return Err(GitError::Refused(format!(
                "the configuration of the repository in {} is too long to be read",
                folder.display()
            )));
        }
        let mut words = listed.split(|byte| *byte == 0).map(String::from_utf8_lossy);
        let mut found = Vec::new();
        let mut is_heard = false;
        while let (Some(scope), Some(name)) = (words.next(), words.next()) {
            is_heard |= scope == "command" && name == HEARD;
            // A new worktree gets a copy of that file, and a path in it means another file there.
            let leads_elsewhere = scope == "worktree" && name == "include.path";
            // What comes with Apple's git is of the scope `unknown`.
            let is_own = matches!(&*scope, "local" | "worktree");
            if is_own && (leads_elsewhere || names_a_program(&name)) {
                found.push(name.into_owned());
            }
        }
        if is_heard { Ok(found) } else { Err(too_old()) }
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

/// Whether a variable of the configuration names something that `git` runs, or Git LFS, which
/// reads the same files; or files with more of them, which are other files in another worktree.
/// From git-config(1), gitattributes(5) and git-lfs-config(5); sections and variables come in
/// small letters.
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
        "gc" => variable == "recentobjectshook",
        "hook" => variable == "command",
        "lfs" => {
            variable == "standalonetransferagent"
                || (rest.starts_with("customtransfer.") && matches!(variable, "path" | "args"))
                || (rest.starts_with("extension.") && matches!(variable, "clean" | "smudge"))
        }
        "pager" => true,
        "includeif" => variable == "path",
        _ => false,
    }
}

/// Files that are named under a condition are not all known before, as a new worktree meets other
/// conditions. And a name that is not UTF-8 is known only roughly.
fn cannot_be_turned_off(name: &str) -> bool {
    name.starts_with("include") || name.contains(char::REPLACEMENT_CHARACTER)
}

/// Turns programs off for one run.
fn turn_off(command: &mut Command, programs: &[String]) {
    // Where objects are missing, git fetches them by itself, from an address that may be a
    // command (`ext::`) in a repository that allows itself to be asked so. Before all settings.
    // Of these two git takes the first value and no later one: what would use them is turned off.
    let is_first = |name: &String| name == "core.gitproxy" || name.ends_with(".uploadpack");
    let protocols =
        if programs.iter().any(is_first) { "http:https" } else { "file:git:http:https:ssh" };
    command.env("GIT_ALLOW_PROTOCOL", protocols);
    let mut settings = Vec::new();
    for name in programs {
        if name == "gc.recentobjectshook" {
            // Git runs all that it names, so what would run them is turned off.
            settings.push(("maintenance.auto".to_owned(), "false"));
            continue;
        }
        let off = match name.as_str() {
            "gpg.program" => "gpg",
            name if name.starts_with("gpg.") && name.ends_with(".program") => "false",
            name if name.starts_with("merge.") => "false",
            name if name.starts_with("submodule.") => "none",
            name if name.starts_with("hook.") => "true",
            _ => "",
        };
        settings.push((name.clone(), off));
        if let Some(filter) = name.strip_prefix("filter.").and_then(|rest| rest.rsplit_once('.')) {
            settings.push((format!("filter.{}.required", filter.0), "false"));
        }
        if let Some(hook) = name.strip_prefix("hook.").and_then(|rest| rest.rsplit_once('.')) {
            settings.push((format!("hook.{}.enabled", hook.0), "false"));
        }
    }
    // Of these the last value counts.
    let always = [
        ("core.hooksPath", "/dev/null"),
        ("core.fsmonitor", "false"),
        // No submodule is ever fetched or run into by itself.
        ("submodule.recurse", "false"),
    ];
    settings.extend(always.map(|(name, off)| (name.to_owned(), off)));
    set(command, &settings);
}

/// Sets variables of the configuration for one run. By the environment and not by `-c`, since a
/// name may have any character in it.
fn set(command: &mut Command, settings: &[(String, &str)]) {
    command.env("GIT_CONFIG_COUNT", settings.len().to_string());
    for (index, (name, value)) in settings.iter().enumerate() {
        command.env(format!("GIT_CONFIG_KEY_{index}"), name);
        command.env(format!("GIT_CONFIG_VALUE_{index}"), value);
    }
}

type Ended = io::Result<(ExitStatus, Vec<u8>, Vec<u8>)>;

/// Waits for a program and for all it has to say; `None` when it took too long, and it is ended
/// then with its process group: asked to first, since git that is killed leaves its locks.
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
        let end = |signal| {
            if let Some(group) = group {
                kill_process_group(group, signal).ok();
            }
        };
        end(Signal::TERM);
        let is_gone = told.recv_timeout(GRACE).is_ok();
        // What it has started may go on without its pipes.
        end(Signal::KILL);
        if !is_gone {
            // With all of them gone the pipes are closed.
            told.recv().ok();
        }
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
