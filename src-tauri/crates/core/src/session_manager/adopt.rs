//! Finding the sessions that were started by a daemon before this one.

use std::{fs, io, sync::PoisonError};
use synk_client::{Places, Shim};
use synk_protocol::{AppError, ErrorCode, Event, SessionId, WireError};

use super::SessionManager;

/// The highest id that any session ever had here, so that none is used twice.
pub(super) fn highest_id(places: &Places) -> Result<u32, WireError> {
    Ok(numbered(fs::read_dir(places.sessions()), "")?.into_iter().max().unwrap_or(0))
}

impl SessionManager {
    /// Connects to every shim that runs, and removes the sockets of those that do not.
    pub(crate) async fn adopt(&self) -> Result<(), WireError> {
        let places = &self.inner.places;
        let mut ids = numbered(fs::read_dir(places.shims()), ".sock")?;
        ids.sort_unstable();
        for id in ids.into_iter().map(SessionId) {
            let socket = places.shim_socket(id);
            match Shim::connect(&socket).await {
                Ok((shim, _output)) => {
                    tracing::info!(session = %id, "adopted a running session");
                    let state = shim.record().borrow().state;
                    self.follow(id, shim, state);
                }
                Err(error) if error.code == ErrorCode::Unavailable => {
                    tracing::info!(session = %id, "removing the socket of a shim that is gone");
                    if let Err(error) = fs::remove_file(&socket) {
                        tracing::warn!("removing {}: {error}", socket.display());
                    }
                }
                Err(error) => {
                    tracing::error!(session = %id, "a running session cannot be adopted: {error}");
                    let notice = Event::AppError(AppError {
                        source: "sessions".to_owned(),
                        message: format!("Session {id} runs but cannot be used: {error}"),
                        recoverable: true,
                    });
                    let notices = self.inner.notices.lock();
                    notices.unwrap_or_else(PoisonError::into_inner).push(notice);
                }
            }
        }
        Ok(())
    }
}

/// The numbers among a folder's names that end in `suffix`.
fn numbered(folder: io::Result<fs::ReadDir>, suffix: &str) -> Result<Vec<u32>, WireError> {
    let failed = |error| WireError::internal(format!("reading Synk's folders: {error}"));
    let mut numbers = Vec::new();
    for entry in folder.map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        numbers.extend(
            name.to_str()
                .and_then(|name| name.strip_suffix(suffix))
                .and_then(|name| name.parse::<u32>().ok()),
        );
    }
    Ok(numbers)
}
