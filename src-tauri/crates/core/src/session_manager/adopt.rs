//! Finding the sessions that were there before this daemon: those whose shims run, and those
//! that went down with the machine.

use futures_util::future::join_all;
use std::{fs, io, time::Duration};
use synk_client::{Places, Shim, introduced};
use synk_protocol::{ErrorCode, SessionId, SessionRecord, SessionState, ShimSpec, WireError};
use tokio::time::sleep;

use super::{SessionManager, records, request, table::Entry};

/// How often it is looked whether a shim that cannot be talked to still runs.
const FOREIGN_LOOK: Duration = Duration::from_secs(2);

/// The highest id that any session ever had here, so that none is used twice.
pub(super) fn highest_id(places: &Places) -> Result<u32, WireError> {
    Ok(numbered(fs::read_dir(places.sessions()), "")?.into_iter().max().unwrap_or(0))
}

impl SessionManager {
    /// Connects to every shim that runs, and begins to bring back the sessions whose shims
    /// are gone.
    pub(super) async fn adopt(&self) -> Result<(), WireError> {
        let places = &self.inner.places;
        let (on_disk, unreadable) = records::read_all(places)?;
        for (session, why) in unreadable {
            self.tell_newcomers(format!(
                "The record of session {session} cannot be read ({why}). If it runs it goes on; \
                 its log is in {}.",
                places.session(session).display()
            ));
        }
        self.put_in_store(&on_disk).await;
        // At once: one that does not answer is waited for for seconds.
        let sockets = numbered(fs::read_dir(places.shims()), ".sock")?;
        let adopting = sockets.into_iter().map(SessionId).map(|session| {
            let record = on_disk.iter().find(|record| record.session_id == session);
            self.adopt_one(session, record)
        });
        join_all(adopting).await;
        let table = &self.inner.table;
        let mut lost: Vec<_> = on_disk
            .into_iter()
            .filter(|record| record.closed_at.is_none() && table.record(record.session_id).is_err())
            .map(records::lost)
            .collect();
        self.settle(&mut lost);
        for record in &lost {
            table.insert(record.session_id, Entry::Starting(Box::new(record.clone())));
        }
        let manager = self.clone();
        let closing = self.inner.closing.clone();
        self.inner.tasks.spawn(async move {
            tokio::select! {
                () = closing.cancelled() => {}
                () = manager.bring_back(lost) => {}
            }
        });
        Ok(())
    }

    /// One after the other: a machine that has just started has other things to do too.
    async fn bring_back(&self, lost: Vec<SessionRecord>) {
        let settings = self.inner.settings.current();
        let runs = settings.sessions.run_lost;
        let stagger = Duration::from_millis(settings.pool.stagger_ms.into());
        for record in lost {
            let (session, name) = (record.session_id, record.name.clone());
            // What had ended by itself is done.
            let runs_again = runs && record.state == SessionState::Lost;
            // A failure was told, and the session stays in the list.
            if self.wake(record).await.is_err() || !runs_again {
                continue;
            }
            sleep(stagger).await;
            if let Err(error) = self.restart(session).await {
                self.tell(format!("“{name}” could not be run again: {error}"));
            }
        }
    }

    async fn adopt_one(&self, session: SessionId, on_disk: Option<&SessionRecord>) {
        let socket = self.inner.places.shim_socket(session);
        match Shim::connect(&socket).await {
            Ok((shim, _output)) => {
                tracing::info!(%session, "adopted a running session");
                let state = shim.record().borrow().state;
                self.follow(session, shim, state);
            }
            Err(error)
                if error.code == ErrorCode::Unavailable
                    && synk_socket::is_listened_to(&socket).await =>
            {
                self.adopt_silent(on_disk);
            }
            Err(error) if error.code == ErrorCode::Unavailable => {
                tracing::info!(%session, "removing the socket of a shim that is gone");
                if let Err(error) = fs::remove_file(&socket) {
                    tracing::warn!("removing {}: {error}", socket.display());
                }
            }
            Err(error) => self.adopt_foreign(session, on_disk, &error).await,
        }
    }

    /// A session's shim is there and does not answer.
    fn adopt_silent(&self, on_disk: Option<&SessionRecord>) {
        // Without a record it has only just been started, by a daemon that is gone.
        let Some(record) = on_disk.cloned() else { return };
        self.inner.table.insert(record.session_id, Entry::Silent(Box::new(record.clone())));
        let manager = self.clone();
        self.inner.tasks.spawn(async move { manager.without_connection(record).await });
    }

    /// Keeps the session of a shim that was started and could not be connected to, and answers
    /// whether there is one. Nothing is kept of a shim of another version, as after an upgrade
    /// under this daemon: it is ended, since its program has only just begun.
    pub(super) async fn adopt_started(&self, spec: &ShimSpec, error: &WireError) -> bool {
        let session = spec.record.session_id;
        // Without its file there was none, also where no connection can be made at all.
        if !spec.socket.exists() || !synk_socket::is_listened_to(&spec.socket).await {
            return false;
        }
        if error.code == ErrorCode::VersionMismatch && self.end_foreign(session).await.is_ok() {
            return false;
        }
        // The shim knows more of it than it was told.
        let on_disk = records::read(&self.inner.places, session).ok().flatten();
        self.adopt_silent(Some(on_disk.as_ref().unwrap_or(&spec.record)));
        true
    }

    /// A session runs that this version cannot use. It is left alone, and shown.
    async fn adopt_foreign(
        &self,
        session: SessionId,
        on_disk: Option<&SessionRecord>,
        error: &WireError,
    ) {
        self.tell_newcomers(format!("Session {session} runs but cannot be used: {error}"));
        let hello = introduced(&self.inner.places.shim_socket(session)).await;
        let (Some(record), Ok(hello)) = (on_disk.cloned(), hello) else { return };
        let entry = Entry::Foreign { record: Box::new(record), version: hello.version };
        self.inner.table.insert(session, entry);
        let manager = self.clone();
        let closing = self.inner.closing.clone();
        self.inner.tasks.spawn(async move {
            tokio::select! {
                () = closing.cancelled() => {}
                () = manager.follow_foreign(session) => {}
            }
        });
    }

    /// Waits for the end of a shim that cannot be talked to, and brings its session back.
    async fn follow_foreign(&self, session: SessionId) {
        let Self { inner } = self;
        let socket = inner.places.shim_socket(session);
        while inner.table.is_foreign(session) {
            sleep(FOREIGN_LOOK).await;
            if synk_socket::connect(&socket).await.is_ok() {
                continue;
            }
            let Some((claimed, _)) = inner.table.claim(session) else { return };
            let on_disk = records::read(&inner.places, session).ok().flatten();
            // A failure was told, and the session stays in the list.
            self.wake(on_disk.unwrap_or(claimed)).await.ok();
        }
    }

    /// Makes the list in the store what the folders say.
    async fn put_in_store(&self, on_disk: &[SessionRecord]) {
        let store = &self.inner.store;
        let ids = on_disk.iter().map(|record| record.session_id).collect();
        let infos = on_disk.iter().cloned().map(request::info).collect();
        let written = match store.keep_only(ids).await {
            Ok(()) => store.put(infos).await,
            failed => failed,
        };
        if let Err(error) = written {
            self.tell_newcomers(format!("Writing {error}. Sessions go on."));
        }
    }
}

/// The numbers among a folder's names that end in `suffix`.
pub(super) fn numbered(
    folder: io::Result<fs::ReadDir>,
    suffix: &str,
) -> Result<Vec<u32>, WireError> {
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
