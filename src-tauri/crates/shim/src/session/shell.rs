//! The user's shell as a session's program: started through Synk's integration, which puts the
//! marks of OSC 133 around its prompts and commands, and told at once what it is to be. Its
//! start-up is the session's, to be seen and typed to; only the words between the shell and
//! Synk are taken out of it.

use bytes::Bytes;
use std::{
    fs::{self, DirBuilder},
    io,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
};
use synk_pty::{Claim, ClaimError, Integration, Mark, MarkScanner, Piece};

use super::State;

/// A shell that reads its start-up files.
#[derive(Debug)]
pub(super) struct StartingShell {
    integration: Integration,
    scanner: MarkScanner,
    working_dir: PathBuf,
    /// What it said last.
    mark: Option<Mark>,
    /// Where it was to be it could not go.
    is_displaced: bool,
    channel: PathBuf,
}

impl StartingShell {
    /// Prepares the start of the user's shell, as a login shell or not. `None` for one without
    /// integration.
    ///
    /// # Errors
    /// When the channel's folder cannot be made.
    pub(super) fn prepare(
        channel: &Path,
        login: bool,
        working_dir: &Path,
        env: &[(String, String)],
    ) -> io::Result<Option<Self>> {
        // Of a shell that went with the shim before this one.
        match fs::remove_dir_all(channel) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        DirBuilder::new().mode(0o700).create(channel)?;
        let shell = synk_pty::shell(env);
        let integration =
            Integration::for_shell(&shell, login, channel, env).map_err(io::Error::other)?;
        let Some(integration) = integration else {
            fs::remove_dir(channel)?;
            return Ok(None);
        };
        Ok(Some(Self {
            scanner: integration.marks(),
            integration,
            working_dir: working_dir.to_owned(),
            mark: None,
            is_displaced: false,
            channel: channel.to_owned(),
        }))
    }

    /// What to start; see [`synk_pty::Spawn`].
    pub(super) fn command(&self) -> &[String] {
        self.integration.command()
    }

    /// In which environment.
    pub(super) fn env(&self) -> &[(String, String)] {
        self.integration.env()
    }

    /// Takes what it has put out and answers what of it is for the terminal.
    fn heard(&mut self, bytes: &[u8]) -> Result<Vec<u8>, ClaimError> {
        let mut output = Vec::with_capacity(bytes.len());
        let Self { scanner, mark, working_dir, is_displaced, .. } = self;
        let mut waits = false;
        scanner.scan(bytes, |piece| match piece {
            Piece::Output(bytes) => output.extend_from_slice(bytes),
            Piece::Mark(said) => {
                *mark = Some(said);
                waits = said == Mark::Parked;
                // The folder was there when the shell was started, and is not any more. The
                // shell is on its way to wait again.
                if let Mark::Refused(_) = said {
                    *working_dir = "/".into();
                    *is_displaced = true;
                }
            }
        });
        if waits {
            self.claim()?;
        }
        if self.is_started() {
            output.extend(self.scanner.take());
        }
        Ok(output)
    }

    /// It is what it is to be, and needs this no more.
    fn is_started(&self) -> bool {
        self.mark == Some(Mark::Claimed)
    }

    fn claim(&mut self) -> Result<(), ClaimError> {
        let working_dir = &self.working_dir;
        self.integration.claim(&Claim { working_dir, set: &[], unset: &[], exec: &[] })
    }
}

impl State {
    /// Lets a shell that reads its start-up files hear what was put out first; answers what of
    /// it is for the terminal.
    pub(super) fn heard_by_starting_shell(&mut self, bytes: Bytes) -> Bytes {
        let Some(shell) = &mut self.starting_shell else { return bytes };
        match shell.heard(&bytes) {
            Ok(output) => {
                if shell.is_started() {
                    let is_displaced = shell.is_displaced;
                    self.starting_shell = None;
                    if is_displaced {
                        self.notify(&format!(
                            "The folder of “{}” was removed while its shell started; the shell \
                             is in / instead.",
                            self.record.name
                        ));
                    }
                }
                output.into()
            }
            Err(error) => {
                // It would wait for ever; without its channel it ends.
                self.starting_shell = None;
                self.notify(&format!(
                    "The shell of “{}” could not be told to go on, and ends: {error}.",
                    self.record.name
                ));
                Bytes::new()
            }
        }
    }
}

impl Drop for StartingShell {
    fn drop(&mut self) {
        // What the integration has put there goes with it, but that only a moment later.
        if let Err(error) = fs::remove_dir_all(&self.channel) {
            tracing::debug!("removing {}: {error}", self.channel.display());
        }
    }
}
