//! The list of sessions in SQLite: what is known of each, those that were closed included;
//! and what agents used ([`usage`]).
//!
//! The sessions' own records in their folders are the truth; this is the list that can be
//! asked without opening every folder. So a file that is broken loses no session: it is set
//! aside and the list is made again. What agents used is counted again from the transcripts
//! of the conversations that go on. It is never in the way of a byte, and only blocking
//! threads touch it.

mod prompts;
mod usage;

use rusqlite::{Connection, ErrorCode as SqliteError, Row, named_params};
use rusqlite_migration::{M, Migrations};
use serde::{Serialize, de::DeserializeOwned};
use std::{
    fs::OpenOptions,
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use synk_protocol::{SessionId, SessionInfo, SessionStatus, WireError, WorkspaceId};

pub(crate) use usage::{Owner, Row as UsageRow, Used};

/// The schema, step by step. A step that was released is never changed.
const MIGRATIONS: Migrations<'static> = Migrations::from_slice(STEPS);
const STEPS: &[M<'static>] = &[
    M::up(
        "CREATE TABLE sessions (
        id               INTEGER PRIMARY KEY,
        name             TEXT NOT NULL,
        agent            TEXT NOT NULL,
        project          TEXT NOT NULL,
        branch           TEXT,
        directory        TEXT NOT NULL,
        current_dir      TEXT,
        command          TEXT NOT NULL, -- a JSON array of strings
        pane             INTEGER,
        cols             INTEGER NOT NULL,
        rows             INTEGER NOT NULL,
        state            TEXT NOT NULL,
        exit_code        INTEGER,
        resume_id        TEXT,
        created_at       INTEGER NOT NULL, -- milliseconds since 1970, UTC; so for all times
        last_attached_at INTEGER,
        ended_at         INTEGER,
        closed_at        INTEGER
    ) STRICT;
    CREATE INDEX sessions_by_closed_at ON sessions (closed_at);",
    ),
    M::up(
        "CREATE TABLE prompts (
        id        INTEGER PRIMARY KEY,
        session   INTEGER NOT NULL,
        text      TEXT NOT NULL,
        submit    INTEGER NOT NULL,
        confirmed INTEGER NOT NULL,
        at        INTEGER NOT NULL,
        held      INTEGER NOT NULL -- it was being typed
    ) STRICT;
    CREATE INDEX prompts_by_session ON prompts (session);",
    ),
    usage::TABLE,
    // What was there before workspaces was in the first.
    M::up("ALTER TABLE sessions ADD COLUMN workspace INTEGER NOT NULL DEFAULT 1;"),
];
/// How long to wait for another process that reads or writes the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Why the store could not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[error("the list of sessions in {path}: {cause}")]
pub(crate) struct StoreError {
    path: PathBuf,
    cause: Cause,
}

#[derive(Debug, thiserror::Error)]
enum Cause {
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    #[error(transparent)]
    Migration(#[from] rusqlite_migration::Error),
    #[error(transparent)]
    File(#[from] io::Error),
    #[error("{0}")]
    Damaged(String),
}

impl Cause {
    /// The file's content is no use any more; another file in its place would be.
    fn is_damage(&self) -> bool {
        let code = match self {
            Self::Damaged(_) => return true,
            Self::Sqlite(error) => error.sqlite_error_code(),
            Self::Migration(rusqlite_migration::Error::RusqliteError { err, .. }) => {
                err.sqlite_error_code()
            }
            _ => None,
        };
        matches!(code, Some(SqliteError::DatabaseCorrupt | SqliteError::NotADatabase))
    }
}

impl From<StoreError> for WireError {
    fn from(error: StoreError) -> Self {
        Self::internal(error.to_string())
    }
}

/// The list. A clone shares the one connection.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    path: PathBuf,
    connection: Arc<Mutex<Connection>>,
}

impl Store {
    /// Opens the list, making it if need be, and checks it. A file that is broken is set
    /// aside; one that cannot be used is left alone, and the list is then kept in memory
    /// only. The second value says so, for the user.
    ///
    /// # Errors
    /// When not even a list in memory can be had.
    pub(crate) fn open(path: &Path) -> Result<(Self, Option<String>), StoreError> {
        let failed = |cause| StoreError { path: path.to_owned(), cause };
        let (connection, notice) = match connect(path) {
            Ok(connection) => (connection, None),
            Err(cause) if cause.is_damage() => {
                let aside = set_aside(path).map_err(|error| failed(error.into()))?;
                let notice = format!(
                    "The list of sessions was damaged ({cause}). It was made again from the \
                     sessions' own records. What agents used before is counted no more, except in \
                     conversations that go on; the damaged file is kept as {}.",
                    aside.display()
                );
                (connect(path).map_err(failed)?, Some(notice))
            }
            Err(cause) => {
                let notice = format!(
                    "The list of sessions, {}, cannot be used: {cause}. Sessions work, and keep \
                     their own records.",
                    path.display()
                );
                let mut connection = Connection::open_in_memory().map_err(|e| failed(e.into()))?;
                MIGRATIONS.to_latest(&mut connection).map_err(|error| failed(error.into()))?;
                (connection, Some(notice))
            }
        };
        let connection = Arc::new(Mutex::new(connection));
        Ok((Self { path: path.to_owned(), connection }, notice))
    }

    /// Writes what is known of these sessions, each replacing what was known before; but a branch
    /// is not forgotten when none is known any more. One that was closed stays closed, whatever
    /// somebody who knew it earlier writes later.
    pub(crate) async fn put(&self, sessions: Vec<SessionInfo>) -> Result<(), StoreError> {
        self.run(move |connection| {
            let transaction = connection.transaction()?;
            {
                let mut insert = transaction.prepare_cached(INSERT)?;
                for session in &sessions {
                    insert.execute(named_params! {
                        ":id": session.session_id.0,
                        ":name": session.name,
                        ":agent": word(&session.agent_type)?,
                        ":project": session.project_path,
                        ":branch": session.branch,
                        ":directory": session.working_dir,
                        ":current_dir": session.current_dir,
                        ":command": json(&session.command)?,
                        ":pane": session.pane_index,
                        ":workspace": session.workspace_id.0,
                        ":cols": session.cols,
                        ":rows": session.rows,
                        ":state": word(&session.state)?,
                        ":exit_code": session.exit_code,
                        ":resume_id": session.resume_id,
                        ":created_at": millis(session.created_at),
                        ":last_attached_at": session.last_attached_at.map(millis),
                        ":ended_at": session.ended_at.map(millis),
                        ":closed_at": session.closed_at.map(millis),
                    })?;
                }
            }
            Ok(transaction.commit()?)
        })
        .await
    }

    /// The sessions that were closed, by id.
    pub(crate) async fn closed(&self) -> Result<Vec<SessionInfo>, StoreError> {
        self.run(|connection| {
            let mut select = connection
                .prepare_cached("SELECT * FROM sessions WHERE closed_at IS NOT NULL ORDER BY id")?;
            let rows = select.query_map([], session)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// Forgets every session that is not one of these. Prompts stay: the record of a session that
    /// goes on may be unreadable just now.
    pub(crate) async fn keep_only(&self, sessions: Vec<SessionId>) -> Result<(), StoreError> {
        self.delete(&[OTHERS], sessions).await
    }

    /// Forgets these sessions, and the prompts for them: once their folders are gone, others may
    /// get their ids.
    pub(crate) async fn remove(&self, sessions: Vec<SessionId>) -> Result<(), StoreError> {
        self.delete(&[THESE, PROMPTS_OF_THESE], sessions).await
    }

    /// Runs these statements for sessions, all or none.
    async fn delete(
        &self,
        statements: &'static [&'static str],
        sessions: Vec<SessionId>,
    ) -> Result<(), StoreError> {
        self.run(move |connection| {
            let ids = json(&sessions)?;
            let transaction = connection.transaction()?;
            for statement in statements {
                transaction.execute(statement, [&ids])?;
            }
            Ok(transaction.commit()?)
        })
        .await
    }

    /// Brings all that was written into the one file, so that it is whole by itself.
    pub(crate) async fn close(&self) -> Result<(), StoreError> {
        self.run(|connection| {
            Ok(connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Connection) -> Result<T, Cause> + Send + 'static,
    ) -> Result<T, StoreError> {
        let connection = Arc::clone(&self.connection);
        let done = tokio::task::spawn_blocking(move || {
            work(&mut connection.lock().unwrap_or_else(PoisonError::into_inner))
        })
        .await;
        done.unwrap_or_else(|error| Err(Cause::File(io::Error::other(error))))
            .map_err(|cause| StoreError { path: self.path.clone(), cause })
    }
}

const INSERT: &str = "INSERT OR REPLACE INTO sessions (
        id, name, agent, project, branch, directory, current_dir, command, pane, workspace,
        cols, rows, state, exit_code, resume_id, created_at, last_attached_at, ended_at, closed_at
    ) SELECT
        :id, :name, :agent, :project,
        coalesce(:branch, (SELECT branch FROM sessions WHERE id = :id)),
        :directory, :current_dir, :command, :pane,
        :workspace, :cols, :rows, :state, :exit_code, :resume_id, :created_at, :last_attached_at, :ended_at,
        :closed_at
    WHERE :closed_at IS NOT NULL
        OR NOT EXISTS (SELECT 1 FROM sessions WHERE id = :id AND closed_at IS NOT NULL)";

/// In these `?1` is ids of sessions as JSON.
const OTHERS: &str = "DELETE FROM sessions WHERE id NOT IN (SELECT value FROM json_each(?1))";
const THESE: &str = "DELETE FROM sessions WHERE id IN (SELECT value FROM json_each(?1))";
const PROMPTS_OF_THESE: &str =
    "DELETE FROM prompts WHERE session IN (SELECT value FROM json_each(?1))";

/// Opens the file as it is to be used, and checks it.
fn connect(path: &Path) -> Result<Connection, Cause> {
    // Made here and not by SQLite, so that it is its owner's alone from the first moment.
    OpenOptions::new().append(true).create(true).mode(0o600).open(path)?;
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(BUSY_TIMEOUT)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "normal")?;
    let verdict: String =
        connection.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    if verdict != "ok" {
        return Err(Cause::Damaged(verdict));
    }
    MIGRATIONS.to_latest(&mut connection)?;
    Ok(connection)
}

/// Renames a file and what belongs to it; answers the new name.
fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    let aside = with_suffix(path, &format!(".damaged-{now}"));
    std::fs::rename(path, &aside)?;
    for suffix in ["-wal", "-shm"] {
        match std::fs::rename(with_suffix(path, suffix), with_suffix(&aside, suffix)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(aside)
}

fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// A row as a session that was closed.
fn session(row: &Row<'_>) -> rusqlite::Result<SessionInfo> {
    let time =
        |column| row.get::<_, Option<i64>>(column).map(|at| at.map(|at| at.max(0).cast_unsigned()));
    Ok(SessionInfo {
        session_id: SessionId(row.get("id")?),
        pane_index: row.get("pane")?,
        workspace_id: WorkspaceId(row.get("workspace")?),
        name: row.get("name")?,
        agent_type: from_word(row, "agent")?,
        project_path: row.get("project")?,
        working_dir: row.get("directory")?,
        branch: row.get("branch")?,
        worktree: None,
        command: from_json(row, "command")?,
        pid: None,
        cols: row.get("cols")?,
        rows: row.get("rows")?,
        state: from_word(row, "state")?,
        exit_code: row.get("exit_code")?,
        attached_clients: 0,
        created_at: time("created_at")?.unwrap_or(0),
        shim_pid: 0,
        current_dir: row.get("current_dir")?,
        last_attached_at: time("last_attached_at")?,
        ended_at: time("ended_at")?,
        closed_at: time("closed_at")?,
        resume_id: row.get("resume_id")?,
        missing_env: Vec::new(),
        incompatible: None,
        restarts_when_idle: false,
        status: SessionStatus::default(),
        queued_prompts: 0,
        cost: None,
    })
}

/// Times are far below 2^63.
fn millis(at: u64) -> i64 {
    i64::try_from(at).unwrap_or(i64::MAX)
}

fn json(value: &impl Serialize) -> Result<String, Cause> {
    serde_json::to_string(value).map_err(|error| Cause::File(error.into()))
}

/// A value of the wire that is written as one word, as that word.
fn word(value: &impl Serialize) -> Result<String, Cause> {
    Ok(json(value)?.trim_matches('"').to_owned())
}

fn from_word<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    let word: String = row.get(column)?;
    parsed(row, column, serde_json::from_value(word.into()))
}

fn from_json<T: DeserializeOwned>(row: &Row<'_>, column: &str) -> rusqlite::Result<T> {
    let text: String = row.get(column)?;
    parsed(row, column, serde_json::from_str(&text))
}

fn parsed<T>(row: &Row<'_>, column: &str, value: serde_json::Result<T>) -> rusqlite::Result<T> {
    let index = row.as_ref().column_index(column)?;
    value.map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(index, rusqlite::types::Type::Text, error.into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompts::Prompt;

    #[tokio::test]
    async fn prompts_go_with_their_session_and_not_with_an_unreadable_record() {
        let folder = tempfile::tempdir().unwrap();
        let (store, _) = Store::open(&folder.path().join("synk.db")).unwrap();
        let session = SessionId(12);
        let text = "do it".to_owned();
        let prompt =
            Prompt { id: 1, session, text, submit: true, confirmed: false, at: 0, held: false };
        store.put_prompt(prompt.clone()).await.unwrap();
        store.keep_only(Vec::new()).await.unwrap();
        assert_eq!(store.prompts(session).await.unwrap(), [prompt]);
        store.remove(vec![session]).await.unwrap();
        assert_eq!(store.prompts(session).await.unwrap(), []);
    }

    fn open() -> SessionInfo {
        serde_json::from_value(serde_json::json!({
            "sessionId": 1, "name": "one", "agentType": "terminal", "projectPath": "/",
            "workingDir": "/", "command": [], "cols": 80, "rows": 24, "state": "running",
            "attachedClients": 0, "createdAt": 1, "shimPid": 2, "missingEnv": [],
            "restartsWhenIdle": false
        }))
        .expect("a session")
    }

    #[tokio::test]
    async fn a_branch_that_nobody_knows_any_more_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let (store, _) = Store::open(&folder.path().join("synk.db")).unwrap();
        let on = |branch: &str| SessionInfo { branch: Some(branch.to_owned()), ..open() };
        store.put(vec![on("first")]).await.unwrap();
        store.put(vec![on("second")]).await.unwrap();
        store.put(vec![SessionInfo { closed_at: Some(2), ..open() }]).await.unwrap();
        assert_eq!(store.closed().await.unwrap()[0].branch.as_deref(), Some("second"));
    }

    #[tokio::test]
    async fn a_closed_session_stays_closed_whoever_writes_late() {
        let folder = tempfile::tempdir().unwrap();
        let (store, notice) = Store::open(&folder.path().join("synk.db")).unwrap();
        assert_eq!(notice, None);
        let open = open();
        let closed = SessionInfo { closed_at: Some(2), shim_pid: 0, ..open.clone() };
        store.put(vec![open.clone()]).await.unwrap();
        store.put(vec![closed.clone()]).await.unwrap();
        store.put(vec![SessionInfo { name: "late".to_owned(), ..open }]).await.unwrap();
        assert_eq!(store.closed().await.unwrap(), [closed]);
    }
}
