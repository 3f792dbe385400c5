//! Listening on and connecting to sockets that only one user can reach.

use rustix::fs::FileType;
use std::{
    fs::{self, File, OpenOptions, Permissions, TryLockError},
    io,
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    time::Duration,
};
use synk_protocol::{ErrorCode, WireError};
use tokio::{
    net::{UnixListener, UnixStream},
    time::{Instant, sleep},
};

use crate::private::check_private;

/// The longest socket path that every supported system takes, in bytes: macOS's `sun_path`
/// has 104, its last one a NUL.
const MAX_PATH_BYTES: usize = 103;
/// How often a lock that is waited for is tried.
const LOCK_POLL: Duration = Duration::from_millis(10);

/// Says that this process is the one. Released when dropped, or when the process dies.
#[derive(Debug)]
pub struct Lock(#[expect(dead_code, reason = "the open file is the lock")] File);

impl Lock {
    /// Takes the lock, or answers `None` when another process holds it.
    ///
    /// # Errors
    /// When the lock file cannot be made or locked.
    pub fn take(path: &Path) -> Result<Option<Self>, WireError> {
        let file = Self::open(path)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self(file))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(Self::failed(path, &error)),
        }
    }

    /// Takes the lock as soon as nobody else holds it; `None` when another process still does at
    /// the limit.
    ///
    /// # Errors
    /// When the lock file cannot be made or locked.
    pub async fn take_by(path: &Path, limit: Instant) -> Result<Option<Self>, WireError> {
        loop {
            if let Some(lock) = Self::take(path)? {
                return Ok(Some(lock));
            }
            if Instant::now() >= limit {
                return Ok(None);
            }
            // The system has no lock that waits and can be told to give up.
            sleep(LOCK_POLL).await;
        }
    }

    /// Takes the lock once nobody else holds it. For locks that are held for a moment only:
    /// it blocks the thread.
    ///
    /// # Errors
    /// When the lock file cannot be made or locked.
    pub fn wait(path: &Path) -> Result<Self, WireError> {
        let file = Self::open(path)?;
        file.lock().map_err(|error| Self::failed(path, &error))?;
        Ok(Self(file))
    }

    fn open(path: &Path) -> Result<File, WireError> {
        OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)
            .map_err(|error| Self::failed(path, &error))
    }

    fn failed(path: &Path, error: &io::Error) -> WireError {
        WireError::new(ErrorCode::Denied, format!("locking {}: {error}", path.display()))
    }
}

/// A socket that listens. Its file is removed when this is dropped.
#[derive(Debug)]
pub struct Listener {
    socket: UnixListener,
    path: PathBuf,
    /// Its file: another may have taken its place since.
    inode: u64,
}

impl Listener {
    /// Listens at `path`, in a folder that [`crate::private_dir`] has checked. A socket that
    /// is there already is replaced: the caller holds the lock, or owns the name, that
    /// proves it stale.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] for a path that is too long for a socket, else the system's
    /// reason.
    pub fn bind(path: &Path) -> Result<Self, WireError> {
        // Made under another name and closed to others before it is found.
        let mut new = path.as_os_str().to_owned();
        new.push("~");
        let new = PathBuf::from(new);
        check_length(&new)?;
        let failed = |error: io::Error| {
            WireError::new(ErrorCode::Denied, format!("listening on {}: {error}", path.display()))
        };
        match fs::remove_file(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failed(error)),
            _ => {}
        }
        let socket = UnixListener::bind(&new).map_err(failed)?;
        fs::set_permissions(&new, Permissions::from_mode(0o600)).map_err(failed)?;
        let inode = fs::metadata(&new).map_err(failed)?.ino();
        fs::rename(&new, path).map_err(failed)?;
        Ok(Self { socket, path: path.to_owned(), inode })
    }

    /// The next connection of this user. Others are turned away, and noted in the log.
    ///
    /// # Errors
    /// The system's reason, such as too many open files; trying again may work.
    pub async fn accept(&self) -> io::Result<UnixStream> {
        loop {
            let (stream, _) = self.socket.accept().await?;
            match peer_is_owner(&stream) {
                Ok(()) => return Ok(stream),
                Err(error) => tracing::warn!(path = %self.path.display(), "{error}"),
            }
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // It may be gone already, with the whole folder.
        if fs::metadata(&self.path).is_ok_and(|found| found.ino() == self.inode) {
            fs::remove_file(&self.path).ok();
        }
    }
}

/// Connects to a socket of this user.
///
/// # Errors
/// [`ErrorCode::Unavailable`] when nobody listens, [`ErrorCode::Denied`] when the socket or
/// the listener is not this user's, or others can reach it.
pub async fn connect(path: &Path) -> Result<UnixStream, WireError> {
    check_length(path)?;
    check_private(path, FileType::Socket)?;
    let stream = UnixStream::connect(path).await.map_err(|error| {
        WireError::unavailable(format!("connecting to {}: {error}", path.display()))
    })?;
    peer_is_owner(&stream)?;
    Ok(stream)
}

/// Whether somebody listens at a socket, be it that it answers nobody, or has no room for one
/// more who asks. Only who is gone cannot be connected to for this reason.
pub async fn is_listened_to(path: &Path) -> bool {
    match UnixStream::connect(path).await {
        Ok(_) => true,
        Err(error) => {
            !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused)
        }
    }
}

/// Waits until whoever listens at a socket says something, which it does first, or is gone. Returns
/// at once when it cannot be connected to.
pub async fn spoken(path: &Path) {
    if let Ok(stream) = UnixStream::connect(path).await {
        stream.readable().await.ok();
    }
}

/// The process that listens on a socket of this user.
///
/// # Errors
/// As [`connect`], and [`ErrorCode::Unavailable`] where the system does not say.
pub async fn listening_process(path: &Path) -> Result<u32, WireError> {
    let stream = connect(path).await?;
    let pid = stream.peer_cred().ok().and_then(|peer| peer.pid());
    pid.and_then(|pid| u32::try_from(pid).ok()).ok_or_else(|| {
        WireError::unavailable(format!("which process listens on {} is not known", path.display()))
    })
}

fn check_length(path: &Path) -> Result<(), WireError> {
    let length = path.as_os_str().len();
    if length <= MAX_PATH_BYTES {
        return Ok(());
    }
    Err(WireError::invalid(format!(
        "{} has {length} bytes, and the path of a socket can have {MAX_PATH_BYTES}; set SYNK_HOME \
         to a shorter folder",
        path.display()
    )))
}

fn peer_is_owner(stream: &UnixStream) -> Result<(), WireError> {
    let own = rustix::process::geteuid().as_raw();
    match stream.peer_cred() {
        Ok(peer) if peer.uid() == own => Ok(()),
        Ok(peer) => Err(WireError::new(
            ErrorCode::Denied,
            format!("the other side runs as another user (uid {})", peer.uid()),
        )),
        Err(error) => {
            Err(WireError::new(ErrorCode::Denied, format!("asking who the other side is: {error}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_is_held_by_one() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("lock");
        let held = Lock::take(&path).unwrap();
        assert!(held.is_some());
        assert!(Lock::take(&path).unwrap().is_none());
        drop(held);
        assert!(Lock::take(&path).unwrap().is_some());
    }

    #[tokio::test]
    async fn a_socket_is_private_and_goes_with_its_listener() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a.sock");
        let listener = Listener::bind(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let (client, server) = tokio::join!(connect(&path), listener.accept());
        client.unwrap();
        server.unwrap();
        assert!(is_listened_to(&path).await);
        drop(listener);
        assert_eq!(connect(&path).await.unwrap_err().code, ErrorCode::Unavailable);
        assert!(!is_listened_to(&path).await);
    }

    #[tokio::test]
    async fn who_was_replaced_takes_nothing_away() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a.sock");
        let first = Listener::bind(&path).unwrap();
        let _second = Listener::bind(&path).unwrap();
        drop(first);
        assert!(is_listened_to(&path).await);
    }

    #[tokio::test]
    async fn an_open_socket_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a.sock");
        let _listener = Listener::bind(&path).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o666)).unwrap();
        assert_eq!(connect(&path).await.unwrap_err().code, ErrorCode::Denied);
    }

    #[tokio::test]
    async fn a_long_path_says_what_to_do() {
        let path = Path::new("/").join("x".repeat(200));
        let error = Listener::bind(&path).unwrap_err();
        assert_eq!(error.code, ErrorCode::Invalid);
        assert!(error.message.contains("SYNK_HOME"));
    }
}
