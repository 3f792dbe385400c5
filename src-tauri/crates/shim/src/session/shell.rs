//! The user's shell as a session's program: started through Synk's integration, which puts the
//! marks of OSC 133 around its prompts and commands, and told at once what it is to be. Its
//! start-up is the session's, to be seen and typed to; only the words between the shell and
//! Synk are taken out of it.

use std::{
    fs::{self, DirBuilder},
    io,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
};
use synk_pty::{Claim, Integration, Mark, MarkScanner, Piece};

/// A shell that reads its start-up files.
#[derive(Debug)]
pub(super) struct StartingShell {
    integration: Integration,
    scanner: MarkScanner,
    working_dir: PathBuf,
    /// What it said last.
    mark: Option<Mark>,
    channel: PathBuf,
}

impl StartingShell {
    /// Prepares the start of the user's login shell. `None` for one without integration.
    ///
    /// # Errors
    /// When the channel's folder cannot be made.
    pub(super) fn prepare(
        channel: &Path,
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
            Integration::for_shell(&shell, true, channel, env).map_err(io::Error::other)?;
        let Some(integration) = integration else {
            fs::remove_dir(channel)?;
            return Ok(None);
        };
        Ok(Some(Self {
            scanner: integration.marks(),
            integration,
            working_dir: working_dir.to_owned(),
            mark: None,
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

    /// Takes what it has put out and answers what of it is for the terminal. Whether it is
    /// what it is to be, and needs this no more, [`StartingShell::is_started`] tells.
    pub(super) fn heard(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut output = Vec::with_capacity(bytes.len());
        let mut said = None;
        self.scanner.scan(bytes, |piece| match piece {
            Piece::Output(bytes) => output.extend_from_slice(bytes),
            Piece::Mark(mark) => said = Some(mark),
        });
        if let Some(mark) = said {
            self.mark = Some(mark);
            match mark {
                Mark::Parked => self.claim(&self.working_dir.clone()),
                // It was there when the shell was started, and is not any more.
                Mark::Refused(_) => self.claim(Path::new("/")),
                Mark::Claimed => {}
            }
        }
        if self.is_started() {
            output.extend(self.scanner.take());
        }
        output
    }

    pub(super) fn is_started(&self) -> bool {
        self.mark == Some(Mark::Claimed)
    }

    fn claim(&mut self, working_dir: &Path) {
        let claim = Claim { working_dir, set: &[], unset: &[], exec: &[] };
        if let Err(error) = self.integration.claim(&claim) {
            tracing::error!("the shell cannot be told to go on: {error}");
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
