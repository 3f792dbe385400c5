//! Which program a command means, and everything that can be known to be wrong with it
//! before anything is started. portable-pty would find out late or not at all: a missing
//! directory silently becomes the home folder, a wrong shell another shell, and a file the
//! kernel cannot run a child that dies without a word.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use portable_pty::CommandBuilder;
use rustix::fs::{Access, access};

/// Why a program was not started.
#[derive(Debug, thiserror::Error)]
pub enum SpawnError {
    /// The working directory does not exist.
    #[error("the directory {} does not exist; create it or choose another", .0.display())]
    NoDirectory(PathBuf),
    /// The working directory is something else.
    #[error("{} is not a directory; choose one", .0.display())]
    NotADirectory(PathBuf),
    /// The working directory may not be entered.
    #[error("the directory {} may not be entered; change its permissions or choose another", .0.display())]
    DirectoryDenied(PathBuf),
    /// No such program.
    #[error("the program {0:?} was not found; check its name, the PATH, and that it is installed")]
    CommandNotFound(String),
    /// A file by this name exists and cannot be run.
    #[error("{} cannot be run: {reason}", .program.display())]
    NotExecutable {
        /// The file.
        program: PathBuf,
        /// What is wrong with it and what to do.
        reason: String,
    },
    /// The command has a NUL byte in it, which no program can be given.
    #[error("the command has a NUL byte in {0:?}; remove it")]
    InvalidCommand(String),
    /// A variable that cannot be put into an environment.
    #[error(
        "{0:?} is not a name and value for an environment variable; \
         a name is not empty and has no '=', and neither has a NUL byte"
    )]
    InvalidVariable(String),
    /// The system gave no terminal or no process.
    #[error("the system could not start the program on a terminal: {0}")]
    Pty(#[source] io::Error),
}

/// The user's shell: `SHELL` from `env` when it is given, even when it is wrong, so that
/// starting it can say so; else the one from the user database, else `/bin/sh`.
pub fn shell(env: &[(String, String)]) -> String {
    match variable(env, "SHELL") {
        Some(shell) if !shell.is_empty() => shell.to_owned(),
        _ => {
            // The builder asks the user database when its environment names no shell.
            let mut builder = CommandBuilder::new_default_prog();
            builder.env_clear();
            builder.get_shell()
        }
    }
}

/// The last value of a variable, which is the one a program would see.
pub(crate) fn variable<'a>(env: &'a [(String, String)], name: &str) -> Option<&'a str> {
    env.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// Checks that a program can be started in `cwd`.
pub(crate) fn check_directory(cwd: &Path) -> Result<(), SpawnError> {
    match fs::metadata(cwd) {
        Ok(metadata) if !metadata.is_dir() => Err(SpawnError::NotADirectory(cwd.to_owned())),
        Ok(_) if access(cwd, Access::EXEC_OK).is_err() => {
            Err(SpawnError::DirectoryDenied(cwd.to_owned()))
        }
        Ok(_) => Ok(()),
        Err(error) => Err(match error.kind() {
            io::ErrorKind::NotFound => SpawnError::NoDirectory(cwd.to_owned()),
            io::ErrorKind::NotADirectory => SpawnError::NotADirectory(cwd.to_owned()),
            _ => SpawnError::DirectoryDenied(cwd.to_owned()),
        }),
    }
}

/// Checks that every variable can be handed to a program.
pub(crate) fn check_environment(env: &[(String, String)]) -> Result<(), SpawnError> {
    let wrong = |(name, value): &&(String, String)| {
        name.is_empty() || name.contains(['=', '\0']) || value.contains('\0')
    };
    match env.iter().find(wrong) {
        Some((name, _)) => Err(SpawnError::InvalidVariable(name.clone())),
        None => Ok(()),
    }
}

/// Finds the file a program name means, as a shell does: a name with a slash is a path,
/// relative to `cwd`; any other is looked up in `PATH`.
pub(crate) fn find(
    name: &str,
    cwd: &Path,
    env: &[(String, String)],
) -> Result<PathBuf, SpawnError> {
    if name.is_empty() {
        return Err(SpawnError::CommandNotFound(name.to_owned()));
    }
    if name.contains('/') {
        return runnable(cwd.join(name), name);
    }
    let mut refused = None;
    for directory in std::env::split_paths(variable(env, "PATH").unwrap_or_default()) {
        match runnable(cwd.join(directory).join(name), name) {
            // A directory by the program's name is of no interest, a file is.
            Err(error @ SpawnError::NotExecutable { .. }) => refused = refused.or(Some(error)),
            Err(_) => {}
            found => return found,
        }
    }
    Err(refused.unwrap_or_else(|| SpawnError::CommandNotFound(name.to_owned())))
}

/// Returns `file` if the kernel can run it.
fn runnable(file: PathBuf, name: &str) -> Result<PathBuf, SpawnError> {
    let not_found = || SpawnError::CommandNotFound(name.to_owned());
    let metadata = fs::metadata(&file).map_err(|_| not_found())?;
    let refuse = |reason: String| SpawnError::NotExecutable { program: file.clone(), reason };
    if metadata.is_dir() {
        return Err(refuse("it is a directory; name a program in it".into()));
    }
    if access(&file, Access::EXEC_OK).is_err() {
        return Err(refuse("it is not executable; `chmod +x` it or choose another".into()));
    }
    let mut head = [0; 256];
    let Ok(length) = File::open(&file).and_then(|mut file| file.read(&mut head)) else {
        // What may be run and not read is the kernel's to judge.
        return Ok(file);
    };
    match &head[..length] {
        [b'#', b'!', line @ ..] => {
            let line = line.split(|byte| *byte == b'\n').next().unwrap_or_default();
            let interpreter = line.trim_ascii().split(u8::is_ascii_whitespace).next();
            let interpreter = Path::new(OsStr::from_bytes(interpreter.unwrap_or_default()));
            if access(interpreter, Access::EXEC_OK).is_err() {
                let wanted = interpreter.display();
                return Err(refuse(format!(
                    "its first line asks for {wanted}, which cannot be run"
                )));
            }
        }
        // Every kind of machine code has a zero byte in its header; text has none.
        bytes if !bytes.contains(&0) => {
            return Err(refuse(
                "it is text without a `#!` line; give it one, or run it with its interpreter"
                    .into(),
            ));
        }
        _ => {}
    }
    Ok(file)
}
