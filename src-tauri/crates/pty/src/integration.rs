//! Starting a user's shell so that it reads its start-up files, parks before its first
//! prompt, and can be claimed later in a moment. Not a pool: one shell, one folder, one claim.
//!
//! A parked shell blocks in a `read` of its own from a FIFO. The folder that the FIFO is in,
//! the channel, is the owner's and nobody else's; the shell needs no descriptor but its
//! terminal. That it is parked it tells through the terminal, as a private escape sequence
//! with a nonce, so that the news comes after everything that start-up printed;
//! [`MarkScanner`] takes it out of the output. A [`Claim`] is a file in the folder, a list of
//! calls in the shell's own language, and a byte in the FIFO that says it is there: the byte
//! never blocks, whatever the size of the claim.
//!
//! The shell that nobody can claim any more ends: it sees the end of the FIFO.

mod claim;
mod marks;
mod prompt;

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{Mode, OFlags};

pub use claim::{Claim, ClaimError};
use claim::{Quoting, quoted};
pub use marks::{Mark, MarkScanner, Piece, Refusal};
pub use prompt::{PatternError, PromptPattern};

use crate::program::variable;

const BASH: &str = include_str!("integration/bash.bash");
const ZSH: &str = include_str!("integration/zsh.zsh");
const ZSH_STAGE: &str = include_str!("integration/stage.zsh");
const FISH: &str = include_str!("integration/fish.fish");
const SH: &str = include_str!("integration/sh.sh");

/// The FIFO, the claim and the script, in the channel's folder.
const CALL: &str = "call";
const CLAIM: &str = "claim";
const SCRIPT: &str = "start";
/// zsh's folder of start-up files, and what it reads from there, in order.
const ZDOTDIR: &str = "zsh";
const ZSH_FILES: [&str; 4] = ["zshenv", "zprofile", "zshrc", "zlogin"];

/// The channel could not be set up.
#[derive(Debug, thiserror::Error)]
#[error("{} cannot be prepared for a shell: {source}; see that the folder exists and is writable", .path.display())]
pub struct ChannelError {
    /// The file or folder.
    pub path: PathBuf,
    /// What the system said.
    #[source]
    pub source: io::Error,
}

/// A shell's start through Synk's integration, and the way to claim it. Dropping it takes the
/// files away, and ends the shell if it is still parked.
#[derive(Debug)]
pub struct Integration {
    channel: PathBuf,
    nonce: String,
    quoting: Quoting,
    command: Vec<String>,
    env: Vec<(String, String)>,
    /// The FIFO's only writing end. The shell has the only reading end, so that writing
    /// tells whether there is one.
    call: File,
}

impl Integration {
    /// Prepares the start of `shell`, a path, as a login shell or not, in the environment
    /// `env`. `channel` is an existing folder that only this user may enter; it is for this
    /// shell alone.
    ///
    /// `None` when there is no integration for such a shell: neither bash, zsh, fish, dash
    /// nor sh; a bash in POSIX mode; the login bash of macOS, which ignores `ENV`; a zsh
    /// that does not say where its files for all users are.
    pub fn for_shell(
        shell: &str,
        login: bool,
        channel: &Path,
        env: &[(String, String)],
    ) -> Result<Option<Self>, ChannelError> {
        let Some(dialect) = Dialect::of(shell, login, env) else { return Ok(None) };
        let nonce = nonce().map_err(failed("/dev/urandom"))?;
        let call = open_call(&channel.join(CALL))?;
        let mut integration = Self {
            channel: channel.to_owned(),
            nonce,
            quoting: if matches!(dialect, Dialect::Fish) { Quoting::Fish } else { Quoting::Posix },
            command: vec![shell.to_owned()],
            env: env.to_vec(),
            call,
        };
        match dialect {
            Dialect::Bash => integration.prepare_bash(shell, login)?,
            Dialect::Zsh { global } => integration.prepare_zsh(shell, login, &global)?,
            Dialect::Fish => integration.prepare_fish(login)?,
            Dialect::Sh => integration.prepare_sh(login)?,
        }
        Ok(Some(integration))
    }

    /// What to start: [`crate::Spawn::command`]. Empty for a shell that is called by its name
    /// with a minus in front, as a login shell is in a plain terminal.
    pub fn command(&self) -> &[String] {
        &self.command
    }

    /// The environment to start it in: [`crate::Spawn::env`]. The shell gives the variables
    /// that differ from its user's their own values before it reads the user's files.
    pub fn env(&self) -> &[(String, String)] {
        &self.env
    }

    /// Finds this shell's marks in its output.
    pub fn marks(&self) -> MarkScanner {
        MarkScanner::new(&self.nonce)
    }

    /// Hands the shell a claim. It has arrived when this returns; what became of it the
    /// marks tell. Takes the time of writing a small file.
    pub fn claim(&mut self, claim: &Claim<'_>) -> Result<(), ClaimError> {
        let script = claim.script(self.quoting)?;
        let path = self.channel.join(CLAIM);
        let write = || {
            // Complete before it has its name: a shell that is called by accident finds all
            // of it or nothing.
            let draft = self.channel.join("draft");
            write_private(&draft, &script)?;
            fs::rename(draft, &path)
        };
        write().map_err(|source| ClaimError::Channel { path: path.clone(), source })?;
        self.call.write_all(b"\n").map_err(|source| {
            remove(&path);
            if source.kind() == io::ErrorKind::BrokenPipe {
                ClaimError::NotParked
            } else {
                ClaimError::Channel { path: self.channel.join(CALL), source }
            }
        })
    }

    fn prepare_bash(&mut self, shell: &str, login: bool) -> Result<(), ChannelError> {
        let mut head = self.head();
        if login {
            // The only file that a login bash can be told to read; POSIX mode makes it read
            // that file and nothing else. Both end in the script's first lines.
            self.own_env(&mut head);
            let given = |name: &&str| variable(&self.env, name).is_some();
            let given: Vec<&str> = ["HISTFILE", "MAILCHECK"].into_iter().filter(given).collect();
            line(&mut head, "__synk_given", format!(":{}:", given.join(":")).as_bytes());
            self.as_login_shell(shell);
            self.set("POSIXLY_CORRECT", "y".into());
            line(&mut head, "__synk_login", b"1");
        } else {
            // Debian's bash reads its file for all users before the one named here.
            self.command.extend(["--rcfile".into(), text(&self.channel.join(SCRIPT))]);
            line(&mut head, "__synk_login", b"");
        }
        self.script(SCRIPT, &head, BASH)
    }

    fn prepare_zsh(&mut self, shell: &str, login: bool, global: &[u8]) -> Result<(), ChannelError> {
        let folder = self.channel.join(ZDOTDIR);
        DirBuilder::new().mode(0o700).create(&folder).map_err(failed(&folder))?;
        let last = if login { "zlogin" } else { "zshrc" };
        let mut head = self.head();
        line(&mut head, "__synk_global", global);
        line(&mut head, "__synk_last", last.as_bytes());
        let own = variable(&self.env, "ZDOTDIR").map_or(Vec::new(), |own| {
            [b"\\builtin typeset -gx ZDOTDIR=", &*quoted(own.as_bytes(), self.quoting)].concat()
        });
        line(&mut head, "__synk_environment", &own);
        for name in ZSH_FILES {
            let stage = ZSH_STAGE.replace("NAME", name);
            let (head, body) = if name == "zshenv" {
                (std::mem::take(&mut head), format!("{ZSH}{stage}"))
            } else {
                (Vec::new(), stage)
            };
            self.script(&format!("{ZDOTDIR}/.{name}"), &head, &body)?;
        }
        if login {
            self.as_login_shell(shell);
        }
        self.set("ZDOTDIR", text(&folder));
        Ok(())
    }

    fn prepare_fish(&mut self, login: bool) -> Result<(), ChannelError> {
        if login {
            self.command.push("--login".into());
        }
        let script = self.channel.join(SCRIPT);
        let script = quoted(script.as_os_str().as_bytes(), self.quoting);
        let source = format!("source {}; or exit 1", String::from_utf8_lossy(&script));
        self.command.extend(["--init-command".into(), source]);
        let mut head = Vec::new();
        for (name, value) in [
            ("__synk_channel", self.channel.as_os_str().as_bytes()),
            ("__synk_nonce", self.nonce.as_bytes()),
        ] {
            head.extend_from_slice(format!("builtin set -g {name} ").as_bytes());
            head.extend(quoted(value, self.quoting));
            head.push(b'\n');
        }
        self.script(SCRIPT, &head, FISH)
    }

    fn prepare_sh(&mut self, login: bool) -> Result<(), ChannelError> {
        let mut head = self.head();
        self.own_env(&mut head);
        line(&mut head, "__synk_login", if login { b"1" } else { b"" });
        line(&mut head, "__synk_escape", b"\x1b");
        line(&mut head, "__synk_bell", b"\x07");
        self.script(SCRIPT, &head, SH)
    }

    /// Has the shell read the script as the file that `ENV` names, and notes what the user's
    /// `ENV` is.
    fn own_env(&mut self, head: &mut Vec<u8>) {
        let own = variable(&self.env, "ENV").map_or(Vec::new(), |own| {
            [b"\\export ENV=", &*quoted(own.as_bytes(), self.quoting)].concat()
        });
        line(head, "__synk_environment", &own);
        // The shell expands the value as the text of a here-document.
        let script = text(&self.channel.join(SCRIPT));
        let script = script.chars().flat_map(|character| {
            let escape = matches!(character, '$' | '`' | '\\').then_some('\\');
            escape.into_iter().chain([character])
        });
        self.set("ENV", script.collect());
    }

    /// Has the shell called by its name with a minus, which is what [`crate::Pty::spawn`]
    /// does with `SHELL` when there is no command.
    fn as_login_shell(&mut self, shell: &str) {
        self.command.clear();
        self.set("SHELL", shell.to_owned());
    }

    fn set(&mut self, name: &str, value: String) {
        self.env.retain(|(one, _)| one != name);
        self.env.push((name.to_owned(), value));
    }

    fn head(&self) -> Vec<u8> {
        let mut head = Vec::new();
        line(&mut head, "__synk_channel", self.channel.as_os_str().as_bytes());
        line(&mut head, "__synk_nonce", self.nonce.as_bytes());
        head
    }

    fn script(&self, name: &str, head: &[u8], body: &str) -> Result<(), ChannelError> {
        let path = self.channel.join(name);
        let bytes = [head, body.as_bytes()].concat();
        write_private(&path, &bytes).map_err(failed(&path))
    }
}

impl Drop for Integration {
    fn drop(&mut self) {
        for name in [CALL, CLAIM, SCRIPT] {
            remove(&self.channel.join(name));
        }
        let folder = self.channel.join(ZDOTDIR);
        for name in ZSH_FILES {
            remove(&folder.join(format!(".{name}")));
        }
        if let Err(error) = fs::remove_dir(&folder) {
            // Only a zsh has one, and whatever else is in it is not ours to delete.
            drop(error);
        }
    }
}

/// Which language a shell speaks.
enum Dialect {
    Bash,
    Zsh {
        /// The folder of the start-up files for all users.
        global: Vec<u8>,
    },
    Fish,
    Sh,
}

impl Dialect {
    fn of(shell: &str, login: bool, env: &[(String, String)]) -> Option<Self> {
        let posix = ["POSIXLY_CORRECT", "POSIX_PEDANTIC"];
        match Path::new(shell).file_name()?.to_str()? {
            "bash" if posix.iter().any(|name| variable(env, name).is_some()) => None,
            // Apple's bash reads no ENV file.
            "bash" if login && cfg!(target_os = "macos") && shell == "/bin/bash" => None,
            "bash" => Some(Self::Bash),
            "zsh" => global_folder(&fs::read(shell).ok()?).map(|global| Self::Zsh { global }),
            "fish" => Some(Self::Fish),
            "sh" | "dash" => Some(Self::Sh),
            _ => None,
        }
    }
}

/// Where a zsh was built to look for the start-up files for all users: `/etc` or `/etc/zsh`
/// mostly, and nothing that can be asked for. Both may exist on one machine, for two zsh.
fn global_folder(program: &[u8]) -> Option<Vec<u8>> {
    let name = b"/zshrc\0";
    let end = program.windows(name.len()).position(|window| window == name)?;
    let start = program[..end].iter().rposition(|byte| *byte == 0)? + 1;
    let folder = &program[start..end];
    folder.starts_with(b"/").then(|| folder.to_vec())
}

/// 128 bits that start-up files cannot guess, in hexadecimal.
fn nonce() -> io::Result<String> {
    use std::fmt::Write as _;
    use std::io::Read as _;
    let mut bytes = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    let mut nonce = String::with_capacity(32);
    for byte in bytes {
        write!(nonce, "{byte:02x}").map_err(io::Error::other)?;
    }
    Ok(nonce)
}

/// Makes the FIFO and opens it for writing. That needs a reader at that moment, which is
/// this process; the shell's is the only one from then on.
fn open_call(path: &Path) -> Result<File, ChannelError> {
    let open = || {
        nix::unistd::mkfifo(path, nix::sys::stat::Mode::from_bits_truncate(0o600))?;
        let open = |access: OFlags| {
            let flags = access | OFlags::NONBLOCK | OFlags::CLOEXEC;
            rustix::fs::open(path, flags, Mode::empty())
        };
        let reader = open(OFlags::RDONLY)?;
        let writer = open(OFlags::WRONLY)?;
        drop(reader);
        Ok(File::from(writer))
    };
    open().map_err(failed(path))
}

fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(path)?
        .write_all(bytes)
}

/// Takes a file away; the folder goes with its owner if this does not succeed.
fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path) {
        drop(error);
    }
}

fn failed(path: impl AsRef<Path>) -> impl FnOnce(io::Error) -> ChannelError {
    move |source| ChannelError { path: path.as_ref().to_owned(), source }
}

/// Appends an assignment in the language of all POSIX shells.
fn line(head: &mut Vec<u8>, name: &str, value: &[u8]) {
    head.extend_from_slice(name.as_bytes());
    head.push(b'=');
    head.extend(quoted(value, Quoting::Posix));
    head.push(b'\n');
}

/// A path as a variable's value or an argument.
fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn integrates(shell: &str, env: &[(&str, &str)]) -> bool {
        let channel = tempfile::tempdir().unwrap();
        let env: Vec<(String, String)> =
            env.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        Integration::for_shell(shell, true, channel.path(), &env).unwrap().is_some()
    }

    #[test]
    fn a_shell_is_known_by_its_name() {
        for shell in ["/bin/bash", "/usr/bin/fish", "/bin/sh", "/opt/x/dash"] {
            assert!(integrates(shell, &[]), "{shell}");
        }
        for shell in ["/bin/ksh", "/usr/bin/nu", "/bin/rbash", "/bin/false", "", "/"] {
            assert!(!integrates(shell, &[]), "{shell}");
        }
        assert!(!integrates("/bin/bash", &[("POSIXLY_CORRECT", "")]));
    }

    #[test]
    fn a_zsh_says_where_its_global_files_are() {
        assert_eq!(global_folder(b"x\0/etc/zsh/zshrc\0y"), Some(b"/etc/zsh".to_vec()));
        assert_eq!(global_folder(b"\0/etc/zshrc\0"), Some(b"/etc".to_vec()));
        for other in [&b""[..], b"#!/bin/sh\nexec zsh", b"/zshrc\0", b"\0relative/zshrc\0"] {
            assert_eq!(global_folder(other), None);
        }
        // No zsh at all.
        assert!(!integrates("/no/such/zsh", &[]));
    }

    #[test]
    fn a_channel_that_cannot_be_is_an_error() {
        let error =
            Integration::for_shell("/bin/sh", true, Path::new("/no/such"), &[]).unwrap_err();
        assert!(error.to_string().contains("/no/such/call"), "{error}");
    }
}
