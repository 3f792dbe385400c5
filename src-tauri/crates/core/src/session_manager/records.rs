//! The sessions' own records on disk. While a session's shim lives they are the shim's to
//! write; when it is gone they are what the session is brought back from.

use std::{fs, io, path::Path};
use synk_client::Places;
use synk_protocol::{SessionId, SessionRecord, SessionState, WireError};

use crate::time::now_millis;

/// A record is smaller than the largest command line and environment together.
const MAX_RECORD_BYTES: u64 = 8 << 20;

/// Every record that can be read, and the ids of those that cannot, with the reason.
pub(super) type Found = (Vec<SessionRecord>, Vec<(SessionId, String)>);

/// Reads the records of all folders. A folder without one never became a session.
pub(super) fn read_all(places: &Places) -> Result<Found, WireError> {
    let (mut records, mut unreadable) = (Vec::new(), Vec::new());
    for id in super::adopt::numbered(fs::read_dir(places.sessions()), "")? {
        let session = SessionId(id);
        match read(places, session) {
            Ok(Some(record)) => records.push(record),
            Ok(None) => {}
            Err(why) => unreadable.push((session, why)),
        }
    }
    records.sort_unstable_by_key(|record| record.session_id);
    Ok((records, unreadable))
}

/// Reads a session's record; `None` when it has none.
pub(super) fn read(places: &Places, session: SessionId) -> Result<Option<SessionRecord>, String> {
    let json = match read_bounded(&places.record(session)) {
        Ok(json) => json,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    let record: SessionRecord = serde_json::from_slice(&json).map_err(|error| error.to_string())?;
    if record.schema_version > SessionRecord::SCHEMA_VERSION {
        return Err("it was written by a later version of Synk".to_owned());
    }
    if record.session_id != session {
        return Err(format!("it is the record of session {}", record.session_id));
    }
    Ok(Some(record))
}

fn read_bounded(path: &Path) -> io::Result<Vec<u8>> {
    if fs::symlink_metadata(path)?.len() > MAX_RECORD_BYTES {
        return Err(io::Error::other("it is too large to be a record"));
    }
    fs::read(path)
}

/// The record of a session whose shim is gone.
pub(super) fn lost(record: SessionRecord) -> SessionRecord {
    let ran = matches!(record.state, SessionState::Running | SessionState::Starting);
    let (state, ended_at) = if ran {
        (SessionState::Lost, Some(now_millis()))
    } else {
        (record.state, record.ended_at)
    };
    // What knew their values is gone.
    let env_lost = !record.env_names.is_empty();
    SessionRecord { state, ended_at, env_lost, attached_clients: 0, ..record }
}

/// Writes down that a session was closed, unless its shim already did.
pub(super) fn close(places: &Places, record: SessionRecord) -> io::Result<SessionRecord> {
    let on_disk = read(places, record.session_id).ok().flatten().unwrap_or(record);
    if on_disk.closed_at.is_some() {
        return Ok(on_disk);
    }
    let closed =
        SessionRecord { closed_at: Some(now_millis()), pid: None, attached_clients: 0, ..on_disk };
    let json = serde_json::to_vec_pretty(&closed)?;
    synk_socket::write_private(&places.record(closed.session_id), &json)?;
    Ok(closed)
}
