//! The folder of the layouts: which files are theirs, and writing one so that whoever reads it
//! has all of the old or all of the new, whatever happens to the daemon or the machine.
//!
//! Callers name files by their path. Only what lies directly in the folder is theirs to name,
//! and no link in it is followed.

use rustix::fs::{Mode, OFlags};
use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
    time::UNIX_EPOCH,
};
use synk_protocol::{ErrorCode, SavedSession, WireError};

use super::{file::Layout, taken};
use crate::workspaces::check_title;

/// The name of the layout that is saved by itself…
pub(super) const AUTOMATIC: &str = "autosave";
/// …of the one that it was before, of which nothing is left in the grid…
pub(super) const BEFORE: &str = "autosave-before";
/// …and of one of these that is being brought back, until all of it is; with a number where there
/// are more. Nobody else may have these names.
pub(super) const UNFINISHED: &str = "autosave-unfinished";
/// The largest file that is read or written, in bytes.
const MAX_FILE_BYTES: usize = 4 << 20;
/// The longest name in bytes: file systems take 255, and a file that is being written is called
/// a little longer.
const MAX_NAME_BYTES: usize = 200;
/// What the names of layouts end in.
const SUFFIX: &str = ".json";
/// What follows that while a file is being written; see [`synk_socket::write_private`].
const BEING_WRITTEN: &str = ".json.new-";

/// Checks the name of a layout.
///
/// # Errors
/// [`ErrorCode::Invalid`], saying what is wrong.
pub(super) fn check_name(name: &str) -> Result<(), WireError> {
    check_title("a layout", name)?;
    let problem = if name.contains(['/', '\\']) {
        "it contains a slash"
    } else if name.starts_with('.') {
        "it begins with a dot"
    } else if name.trim() != name {
        "it begins or ends with a space"
    } else if name.len() > MAX_NAME_BYTES {
        "it is too long for the name of a file"
    } else if is_automatic(&name.to_ascii_lowercase()) {
        "that is kept for layouts that are saved by themselves"
    } else {
        return Ok(());
    };
    Err(WireError::invalid(format!("“{name}” cannot be the name of a layout: {problem}")))
}

/// Whether a layout of this name is saved by itself.
fn is_automatic(name: &str) -> bool {
    [AUTOMATIC, BEFORE].contains(&name) || name.starts_with(UNFINISHED)
}

/// The folder.
#[derive(Debug, Clone)]
pub(super) struct Folder(PathBuf);

impl Folder {
    /// Nothing exists on disk before the first layout is saved.
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    /// The file of a layout of that name.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}{SUFFIX}"))
    }

    /// The file that a caller names, if it is one of a layout.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for any other path, [`ErrorCode::NotFound`].
    pub(super) fn inside(&self, path: &str) -> Result<PathBuf, WireError> {
        let outside = || {
            WireError::invalid(format!(
                "{path} is not the file of a layout; those are directly in {}",
                self.0.display()
            ))
        };
        let asked = Path::new(path);
        let name = asked.file_name().and_then(|name| name.to_str()).ok_or_else(outside)?;
        let parent = asked.parent().filter(|_| asked.is_absolute()).ok_or_else(outside)?;
        if name.starts_with('.') || !name.ends_with(SUFFIX) {
            return Err(outside());
        }
        let not_found = |error: io::Error| match error.kind() {
            io::ErrorKind::NotFound => {
                WireError::new(ErrorCode::NotFound, format!("there is no layout {path}"))
            }
            _ => WireError::invalid(format!("{path} cannot be used: {error}")),
        };
        let folder = self.0.canonicalize().map_err(not_found)?;
        if parent.canonicalize().map_err(not_found)? != folder {
            return Err(outside());
        }
        let file = self.0.join(name);
        if !fs::symlink_metadata(&file).map_err(not_found)?.is_file() {
            return Err(WireError::invalid(format!("{path} is not a file")));
        }
        Ok(file)
    }

    /// Makes sure that no layout is called so.
    ///
    /// # Errors
    /// [`ErrorCode::Conflict`].
    pub(super) fn check_free(&self, name: &str) -> Result<(), WireError> {
        match fs::symlink_metadata(self.path(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            _ => Err(taken(name)),
        }
    }

    /// Reads a layout of the folder and checks all of it.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`], saying what is wrong with the file.
    pub(super) fn read(file: &Path) -> Result<Layout, WireError> {
        read(file).map_err(|why| {
            WireError::invalid(format!("{} cannot be restored: {why}", file.display()))
        })
    }

    /// The layout that was saved by itself, if it is of any use.
    pub(super) fn automatic(&self) -> Option<Layout> {
        read(&self.path(AUTOMATIC)).ok()
    }

    /// Writes a layout, in the place of what was there, and waits for the disk.
    ///
    /// # Errors
    /// [`ErrorCode::Denied`] when others can reach the folder, [`ErrorCode::Invalid`] for a
    /// layout that is too large, or the system's reason. What was there is as it was then.
    pub(super) fn write(&self, file: &Path, layout: &Layout) -> Result<(), WireError> {
        synk_client::private_dir(&self.0)?;
        let failed = |error: io::Error| {
            WireError::internal(format!("writing the layout {}: {error}", file.display()))
        };
        let mut json = serde_json::to_vec_pretty(layout).map_err(|error| failed(error.into()))?;
        json.push(b'\n');
        if json.len() > MAX_FILE_BYTES {
            return Err(WireError::invalid(format!(
                "the layout has {} bytes, and {MAX_FILE_BYTES} is the most; fewer prompts have to \
                 wait",
                json.len()
            )));
        }
        synk_socket::write_private(file, &json).and_then(|()| self.sync()).map_err(failed)
    }

    /// Sees to it that a layout that is saved by itself is not lost to the next such save while it
    /// is being brought back. Answers the file that is to go once all of it is back.
    ///
    /// # Errors
    /// See [`Folder::write`].
    pub(super) fn keep_while_loading(
        &self,
        file: &Path,
        layout: &Layout,
    ) -> Result<Option<PathBuf>, WireError> {
        let loaded = file.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        if loaded.starts_with(UNFINISHED) || !is_automatic(loaded) {
            return Ok(loaded.starts_with(UNFINISHED).then(|| file.to_owned()));
        }
        // Another may not be back yet.
        let numbered = (2..).map(|number: u32| format!("{UNFINISHED}-{number}"));
        let mut names = [UNFINISHED.to_owned()].into_iter().chain(numbered);
        let Some(name) = names.find(|name| self.check_free(name).is_ok()) else { return Ok(None) };
        let kept = self.path(&name);
        self.write(&kept, &Layout { name, ..layout.clone() })?;
        Ok(Some(kept))
    }

    /// Deletes a layout.
    ///
    /// # Errors
    /// The system's reason.
    pub(super) fn remove(&self, file: &Path) -> Result<(), WireError> {
        fs::remove_file(file).and_then(|()| self.sync()).map_err(|error| {
            WireError::internal(format!("deleting the layout {}: {error}", file.display()))
        })
    }

    /// Has the disk keep which files there are.
    fn sync(&self) -> io::Result<()> {
        File::open(&self.0)?.sync_all()
    }

    /// Removes what an earlier daemon had not finished writing. No other one runs.
    pub(super) fn sweep(&self) {
        for entry in fs::read_dir(&self.0).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let is_unfinished = name
                .to_str()
                .is_some_and(|name| name.contains(BEING_WRITTEN) && !name.ends_with(SUFFIX));
            if is_unfinished && let Err(error) = fs::remove_file(entry.path()) {
                tracing::warn!("removing {}: {error}", entry.path().display());
            }
        }
    }

    /// Every layout, the newest first. One that cannot be restored says why.
    ///
    /// # Errors
    /// The system's reason why the folder cannot be read.
    pub(super) fn list(&self) -> Result<Vec<SavedSession>, WireError> {
        let failed = |error: io::Error| {
            WireError::internal(format!("reading {}: {error}", self.0.display()))
        };
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(failed)?,
        };
        let mut saved = Vec::new();
        for entry in entries {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name();
            let name = name.to_str().and_then(|name| name.strip_suffix(SUFFIX));
            if let Some(name) = name.filter(|name| !name.starts_with('.')) {
                saved.push(listed(name, &entry.path()));
            }
        }
        saved.sort_by(|a, b| b.saved_at.cmp(&a.saved_at).then_with(|| a.name.cmp(&b.name)));
        Ok(saved)
    }
}

fn listed(name: &str, path: &Path) -> SavedSession {
    let about = SavedSession {
        name: name.to_owned(),
        path: path.to_string_lossy().into_owned(),
        automatic: is_automatic(name),
        ..SavedSession::default()
    };
    let layout = match read(path) {
        Ok(layout) => layout,
        Err(problem) => {
            return SavedSession { saved_at: changed_at(path), problem: Some(problem), ..about };
        }
    };
    let mut projects: Vec<String> = Vec::new();
    for pane in layout.panes() {
        if !projects.contains(&pane.project_path) {
            projects.push(pane.project_path.clone());
        }
    }
    SavedSession {
        saved_at: layout.saved_at,
        agents: layout.panes().map(|pane| pane.agent_type.clone()).collect(),
        projects,
        workspaces: u32::try_from(layout.workspaces.len()).unwrap_or(u32::MAX),
        ..about
    }
}

/// Reads a file that is one, and not a link to one, nor too large.
fn read(path: &Path) -> Result<Layout, String> {
    // Without waiting, should it be a pipe.
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let mut file = match rustix::fs::open(path, flags, Mode::empty()) {
        Ok(file) => File::from(file),
        Err(rustix::io::Errno::LOOP) => {
            return Err("it is a link, and those are not followed".to_owned());
        }
        Err(error) => return Err(io::Error::from(error).to_string()),
    };
    let text = |error: io::Error| error.to_string();
    if !file.metadata().map_err(text)?.is_file() {
        return Err("it is not a file".to_owned());
    }
    let mut json = Vec::new();
    let most = MAX_FILE_BYTES as u64 + 1;
    file.by_ref().take(most).read_to_end(&mut json).map_err(text)?;
    if json.len() > MAX_FILE_BYTES {
        return Err(format!("it has more than {MAX_FILE_BYTES} bytes, which no layout has"));
    }
    Layout::parse(&json)
}

/// When a file was changed: milliseconds since 1970, UTC.
fn changed_at(path: &Path) -> u64 {
    let changed = fs::symlink_metadata(path).and_then(|found| found.modified());
    let since = changed.ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}
