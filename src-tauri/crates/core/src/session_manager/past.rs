//! Looking into the sessions' logs: finding text in them, and a screen as it was. Reads what
//! the shims write, and asks none of them.

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use std::{
    io,
    sync::Arc,
    time::{Duration, Instant},
};
use synk_log::{Hit, Query};
use synk_protocol::{
    FoundText, MAX_FRAME_BYTES, PastScreen, ReplaySession, SearchHit, SearchSessions, SessionId,
    SessionInfo, WireError,
};
use synk_screen::Scope;
use tokio::{
    sync::Semaphore,
    task::{JoinSet, spawn_blocking},
};

use super::SessionManager;

/// Hits that are answered with when nobody says how many.
const DEFAULT_HITS: u32 = 200;
/// And at the most: their lines are cut, so this is half a megabyte.
const MAX_HITS: u32 = 1000;
/// The longest text that is searched for, in bytes.
const MAX_TEXT_BYTES: usize = 1000;
/// What was not read by then is left out, and that is said.
const SEARCH_TIME: Duration = Duration::from_secs(5);
/// Logs that are read at one time.
const SEARCHES: usize = 4;
/// Lines of history that come with a screen of the past.
const SCROLLBACK_LINES: usize = 1000;
/// The largest screen that an answer holds, as base64 and with what stands around it.
const MAX_SNAPSHOT_BYTES: usize = (MAX_FRAME_BYTES - 1024) / 4 * 3;

impl SessionManager {
    /// Finds text in the sessions' output.
    ///
    /// # Errors
    /// [`synk_protocol::ErrorCode::Invalid`] for a text that cannot be searched for,
    /// [`synk_protocol::ErrorCode::NotFound`] for a session that has no log.
    pub async fn search(&self, args: SearchSessions) -> Result<FoundText, WireError> {
        let text: Arc<str> = args.text.into();
        if text.is_empty() || text.len() > MAX_TEXT_BYTES || text.contains(char::is_control) {
            return Err(WireError::invalid(format!(
                "what is searched for has 1 to {MAX_TEXT_BYTES} bytes, all of one line"
            )));
        }
        let mut sessions = self.list_all().await?;
        if let Some(only) = args.session_id {
            sessions.retain(|session| session.session_id == only);
            if sessions.is_empty() {
                return Err(WireError::no_session(only));
            }
        }
        let limit = args.limit.unwrap_or(DEFAULT_HITS).min(MAX_HITS) as usize;
        let deadline = Instant::now() + SEARCH_TIME;
        let room = Arc::new(Semaphore::new(SEARCHES));
        let mut searches = JoinSet::new();
        for session in sessions {
            let folder = self.inner.places.session(session.session_id);
            let (room, text) = (Arc::clone(&room), Arc::clone(&text));
            searches.spawn(async move {
                // Never closed; and one search too many at once would harm nobody.
                let _permit = room.acquire_owned().await;
                let searched = spawn_blocking(move || {
                    let query = Query {
                        text: &text,
                        match_case: args.match_case,
                        limit,
                        deadline: Some(deadline),
                    };
                    synk_log::search(&folder, &query)
                });
                (session, searched.await.unwrap_or_else(|error| Err(io::Error::other(error))))
            });
        }
        let mut all = FoundText { hits: Vec::new(), more: false };
        while let Some(searched) = searches.join_next().await {
            let (session, found) = searched
                .map_err(|error| WireError::internal(format!("searching the logs: {error}")))?;
            let found = match found {
                Ok(found) => found,
                Err(error) if args.session_id.is_some() => {
                    return Err(unreadable(session.session_id, &error));
                }
                // It hides nothing that is in the others.
                Err(error) => {
                    tracing::warn!(session = %session.session_id, "searching its log: {error}");
                    all.more = true;
                    continue;
                }
            };
            all.more |= found.more;
            all.hits.extend(found.hits.into_iter().map(|one| hit(&session, one)));
        }
        all.hits.sort_by_key(|hit| std::cmp::Reverse((hit.at, hit.session_id, hit.offset)));
        all.more |= all.hits.len() > limit;
        all.hits.truncate(limit);
        Ok(all)
    }

    /// A session's screen as it was.
    ///
    /// # Errors
    /// [`synk_protocol::ErrorCode::NotFound`] for a session that has no log.
    pub async fn replay(&self, args: ReplaySession) -> Result<PastScreen, WireError> {
        let session = args.session_id;
        let folder = self.inner.places.session(session);
        let replayed = spawn_blocking(move || {
            let past = synk_log::screen_at(&folder, Some(args.offset), SCROLLBACK_LINES)?;
            let mut screen = past.screen;
            let mut snapshot = screen.snapshot(Scope::Scrollback);
            if snapshot.len() > MAX_SNAPSHOT_BYTES {
                // A thousand rows, each cell in a colour of its own.
                snapshot = screen.snapshot(Scope::Screen);
            }
            io::Result::Ok(PastScreen {
                data_b64: BASE64.encode(snapshot),
                cols: past.size.cols,
                rows: past.size.rows,
                at: past.at,
                incomplete: past.incomplete,
            })
        });
        let replayed = replayed.await.unwrap_or_else(|error| Err(io::Error::other(error)));
        replayed.map_err(|error| unreadable(session, &error))
    }
}

fn hit(session: &SessionInfo, hit: Hit) -> SearchHit {
    SearchHit {
        session_id: session.session_id,
        name: session.name.clone(),
        closed: session.closed_at.is_some(),
        offset: hit.offset,
        at: hit.at,
        before: hit.before,
        found: hit.found,
        after: hit.after,
    }
}

fn unreadable(session: SessionId, error: &io::Error) -> WireError {
    if error.kind() == io::ErrorKind::NotFound {
        return WireError::no_session(session);
    }
    WireError::internal(format!("reading the log of session {session}: {error}"))
}
