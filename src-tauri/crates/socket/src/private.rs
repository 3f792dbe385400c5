//! Files and folders that are their owner's alone, and the checks that they are.

use rustix::fs::{FileType, Stat, lstat};
use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::Path,
    sync::atomic::{AtomicU32, Ordering},
};
use synk_protocol::{ErrorCode, WireError};

/// Makes a folder with mode 0700 if it does not exist, and checks it: a folder and not a
/// link, this user's, closed to everybody else.
///
/// # Errors
/// [`ErrorCode::Denied`] when a check fails, else the system's reason.
pub fn private_dir(path: &Path) -> Result<(), WireError> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|error| {
        WireError::new(
            ErrorCode::Denied,
            format!(
                "the folder {} cannot be made: {error}; set SYNK_HOME to a folder that you can \
                 write to",
                path.display()
            ),
        )
    })?;
    check_private(path, FileType::Directory)
}

/// Checks that `path` is of that type, this user's, and closed to everybody else.
pub(crate) fn check_private(path: &Path, wanted: FileType) -> Result<(), WireError> {
    let stat = lstat(path).map_err(|error| {
        WireError::unavailable(format!("{}: {}", path.display(), io::Error::from(error)))
    })?;
    let problem = if FileType::from_raw_mode(stat.st_mode) != wanted {
        let what = if wanted == FileType::Directory { "folder" } else { "socket" };
        format!("is not a {what}")
    } else if owner(&stat) != rustix::process::geteuid().as_raw() {
        format!("belongs to another user (uid {})", owner(&stat))
    } else if stat.st_mode & 0o077 != 0 {
        format!(
            "can be reached by others (mode {:o}); `chmod go= {}` closes it",
            stat.st_mode & 0o777,
            path.display()
        )
    } else {
        return Ok(());
    };
    Err(WireError::new(ErrorCode::Denied, format!("{} {problem}", path.display())))
}

/// The owner's user id.
fn owner(stat: &Stat) -> u32 {
    stat.st_uid
}

/// Writes a whole file so that a reader sees the old or the new content and never a part:
/// to a temporary file beside it, synced, renamed. Mode 0600.
///
/// # Errors
/// The system's reason; the old file is then as it was.
pub fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    replace(path, content, File::sync_all)
}

/// The same without waiting for the disk: there at once for everybody who looks, and perhaps
/// not there after a power cut. For what is written again in a moment.
///
/// # Errors
/// See [`write_private`].
pub fn write_private_unsynced(path: &Path, content: &[u8]) -> io::Result<()> {
    replace(path, content, |_| Ok(()))
}

fn replace(path: &Path, content: &[u8], sync: fn(&File) -> io::Result<()>) -> io::Result<()> {
    static WRITES: AtomicU32 = AtomicU32::new(0);
    // Another process or thread may be writing the same file; each has its own beginning of it.
    let count = WRITES.fetch_add(1, Ordering::Relaxed);
    let mut temporary = path.as_os_str().to_owned();
    temporary.push(format!(".new-{}-{count}", std::process::id()));
    let written = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&temporary)
        .and_then(|mut file| {
            file.write_all(content)?;
            sync(&file)
        })
        .and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // What is left of the attempt is of no use; its own failure adds nothing.
        fs::remove_file(&temporary).ok();
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_new_folder_is_private() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("a/b");
        private_dir(&dir).unwrap();
        assert_eq!(mode(&dir), 0o700);
        private_dir(&dir).unwrap();
    }

    #[test]
    fn a_folder_that_others_can_reach_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let dir = home.path().join("open");
        fs::create_dir(&dir).unwrap();
        fs::set_permissions(&dir, fs::Permissions::from_mode(0o750)).unwrap();
        let error = private_dir(&dir).unwrap_err();
        assert_eq!(error.code, ErrorCode::Denied);
        assert!(error.message.contains("mode 750"), "{error}");
    }

    #[test]
    fn a_link_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let link = home.path().join("link");
        symlink("/", &link).unwrap();
        assert_eq!(private_dir(&link).unwrap_err().code, ErrorCode::Denied);
    }

    #[test]
    fn a_folder_below_a_file_says_what_to_do() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("file");
        fs::write(&file, "").unwrap();
        assert!(private_dir(&file.join("x")).unwrap_err().message.contains("SYNK_HOME"));
    }

    #[test]
    fn a_written_file_is_private_and_replaces_the_old_one() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("metadata.json");
        write_private(&file, b"old").unwrap();
        write_private(&file, b"new").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert_eq!(mode(&file), 0o600);
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    }
}
