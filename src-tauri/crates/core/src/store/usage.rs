//! What agents used, an answer of a model a row. An answer is counted once, wherever it was
//! read and how often: the session that had it first keeps it. What it costs is not written
//! down, unless somebody else has said so.

use rusqlite::{Connection, Row as SqlRow, Statement, named_params};
use rusqlite_migration::M;
use std::collections::HashMap;
use synk_protocol::{AgentType, SessionId};

use super::{Cause, Store, StoreError, from_word, millis};
use crate::cost::{LONG_CONTEXTS, Tokens, Usage};

pub(super) const TABLE: M<'static> = M::up(
    "CREATE TABLE usage (
        agent              TEXT NOT NULL,
        key                TEXT NOT NULL, -- of the answer, the same wherever it is repeated
        answer             TEXT,          -- what stays the same when helpers repeat it
        replay             INTEGER NOT NULL,
        session            INTEGER NOT NULL,
        session_created_at INTEGER NOT NULL, -- ids are used again when their folder is gone
        project            TEXT NOT NULL,
        model              TEXT NOT NULL,
        fast               INTEGER NOT NULL,
        at                 INTEGER NOT NULL,
        day                TEXT NOT NULL, -- in the machine's time zone when it was read
        input              INTEGER NOT NULL,
        output             INTEGER NOT NULL,
        cache_read         INTEGER NOT NULL,
        cache_write        INTEGER NOT NULL,
        cache_write_hour   INTEGER NOT NULL,
        nanodollars        INTEGER,       -- what it costs, when that was said
        PRIMARY KEY (agent, key)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX usage_by_day ON usage (day);
    CREATE INDEX usage_by_session ON usage (session, session_created_at);
    CREATE INDEX usage_by_answer ON usage (answer, agent, replay);",
);

/// The last word on an answer counts, but not on whose it is.
const INSERT: &str = "INSERT INTO usage (
        agent, key, answer, replay, session, session_created_at, project, model, fast, at, day,
        input, output, cache_read, cache_write, cache_write_hour
    ) SELECT
        :agent, :key, :answer, :replay, :session, :session_created_at, :project, :model, :fast,
        :at, :day, :input, :output, :cache_read, :cache_write, :cache_write_hour
    WHERE NOT :replay OR NOT EXISTS (
        SELECT 1 FROM usage INDEXED BY usage_by_answer
        WHERE agent = :agent AND answer = :answer AND NOT replay
    )
    ON CONFLICT (agent, key) DO UPDATE SET
        model = :model, fast = :fast, input = :input, output = :output,
        cache_read = :cache_read, cache_write = :cache_write,
        cache_write_hour = :cache_write_hour
    WHERE (model, fast, input, output, cache_read, cache_write, cache_write_hour)
        IS NOT (:model, :fast, :input, :output, :cache_read, :cache_write, :cache_write_hour)";

/// A replay that was read before what it repeats. Left to itself, SQLite would rather go through
/// all answers of the agent.
const DELETE_REPLAYS: &str = "DELETE FROM usage INDEXED BY usage_by_answer
    WHERE agent = :agent AND answer = :answer AND replay";

/// A screen tells the sum of a run; a day gets what the days before it have not had.
const INSERT_SAID: &str = "INSERT INTO usage (
        agent, key, answer, replay, session, session_created_at, project, model, fast, at, day,
        input, output, cache_read, cache_write, cache_write_hour, nanodollars
    ) SELECT
        :agent, :run || ' ' || :day, :run, FALSE, :session, :session_created_at, :project, '',
        FALSE, :at, :day, 0, 0, 0, 0, 0,
        max(0, :nanodollars - coalesce(sum(nanodollars), 0))
    FROM usage INDEXED BY usage_by_answer
    WHERE agent = :agent AND answer = :run AND day <> :day
    ON CONFLICT (agent, key) DO UPDATE SET at = :at, nanodollars = excluded.nanodollars
    WHERE excluded.nanodollars > nanodollars";

/// One answer, and whose it is.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) usage: Usage,
    /// Milliseconds since 1970, UTC.
    pub(crate) at: u64,
    /// `2026-11-26`, in the machine's time zone.
    pub(crate) day: String,
}

/// Whose usage it is.
#[derive(Debug, Clone)]
pub(crate) struct Owner {
    pub(crate) session_id: SessionId,
    /// When the session was created, which tells it from an earlier one of the same id.
    pub(crate) created_at: u64,
    pub(crate) agent_type: AgentType,
    pub(crate) project_path: String,
}

/// What was used, summed up as far as it has one price.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Used {
    pub(crate) day: String,
    pub(crate) agent_type: AgentType,
    pub(crate) project_path: String,
    pub(crate) model: String,
    pub(crate) fast: bool,
    /// The largest of [`LONG_CONTEXTS`] that the input of each answer was above; 0 for none.
    pub(crate) above: u64,
    pub(crate) tokens: Tokens,
    /// What it costs, when that was said.
    pub(crate) nanodollars: Option<u64>,
    /// When the last of it was.
    pub(crate) at: u64,
}

impl Store {
    /// Adds what was read; answers whether anything of it was new.
    pub(crate) async fn add_usage(&self, owner: Owner, rows: Vec<Row>) -> Result<bool, StoreError> {
        self.run(move |connection| {
            let transaction = connection.transaction()?;
            let mut changed = 0;
            {
                let mut insert = transaction.prepare_cached(INSERT)?;
                let mut delete_replays = transaction.prepare_cached(DELETE_REPLAYS)?;
                for row in &rows {
                    changed += add(&mut insert, &mut delete_replays, &owner, row)?;
                }
            }
            transaction.commit()?;
            Ok(changed > 0)
        })
        .await
    }

    /// Notes what a run of an agent says that it has cost so far; answers whether that is new.
    pub(crate) async fn say_cost(
        &self,
        owner: Owner,
        run: String,
        (at, day): (u64, String),
        nanodollars: u64,
    ) -> Result<bool, StoreError> {
        self.run(move |connection| {
            let changed = connection.prepare_cached(INSERT_SAID)?.execute(named_params! {
                ":agent": owner.agent_type.as_str(),
                ":run": run,
                ":session": owner.session_id.0,
                ":session_created_at": millis(owner.created_at),
                ":project": owner.project_path,
                ":at": millis(at),
                ":day": day,
                ":nanodollars": millis(nanodollars),
            })?;
            Ok(changed > 0)
        })
        .await
    }

    /// What a session used.
    pub(crate) async fn used_by(
        &self,
        session: SessionId,
        created_at: u64,
    ) -> Result<Vec<Used>, StoreError> {
        self.run(move |connection| {
            let condition = "session = ?1 AND session_created_at = ?2";
            let mut select = connection.prepare_cached(&select("", condition))?;
            let used = select.query_map((session.0, millis(created_at)), used)?;
            Ok(used.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// What each of the sessions in the list used, by id and time of creation.
    pub(crate) async fn used_by_sessions(
        &self,
    ) -> Result<HashMap<(SessionId, u64), Vec<Used>>, StoreError> {
        self.run(|connection| {
            let condition =
                "(session, session_created_at) IN (SELECT id, created_at FROM sessions)";
            let select = select("session, session_created_at, ", condition);
            let mut by_session = HashMap::<_, Vec<_>>::new();
            let mut select = connection.prepare_cached(&select)?;
            let rows = select.query_map([], |row| {
                let created_at: i64 = row.get("session_created_at")?;
                Ok((
                    (SessionId(row.get("session")?), created_at.max(0).cast_unsigned()),
                    used(row)?,
                ))
            })?;
            for row in rows {
                let (session, used) = row?;
                by_session.entry(session).or_default().push(used);
            }
            Ok(by_session)
        })
        .await
    }

    /// What was used from one day to another, both included; the newest first.
    pub(crate) async fn used_between(
        &self,
        since: String,
        until: String,
    ) -> Result<Vec<Used>, StoreError> {
        self.run(move |connection| between(connection, &since, &until)).await
    }
}

fn between(connection: &Connection, since: &str, until: &str) -> Result<Vec<Used>, Cause> {
    let mut select = connection.prepare_cached(&select("", "day BETWEEN ?1 AND ?2"))?;
    let used = select.query_map([since, until], used)?;
    Ok(used.collect::<Result<_, _>>()?)
}

/// Adds one row; answers how many have changed.
fn add(
    insert: &mut Statement<'_>,
    delete_replays: &mut Statement<'_>,
    owner: &Owner,
    Row { usage, at, day }: &Row,
) -> Result<usize, Cause> {
    let agent = owner.agent_type.as_str();
    let mut changed = 0;
    if let (Some(answer), false) = (&usage.answer, usage.replay) {
        changed += delete_replays.execute(named_params! { ":agent": agent, ":answer": answer })?;
    }
    let tokens = &usage.tokens;
    changed += insert.execute(named_params! {
        ":agent": agent,
        ":key": usage.key,
        ":answer": usage.answer,
        ":replay": usage.replay,
        ":session": owner.session_id.0,
        ":session_created_at": millis(owner.created_at),
        ":project": owner.project_path,
        ":model": usage.model,
        ":fast": usage.fast,
        ":at": millis(*at),
        ":day": day,
        ":input": millis(tokens.input),
        ":output": millis(tokens.output),
        ":cache_read": millis(tokens.cache_read),
        ":cache_write": millis(tokens.cache_write),
        ":cache_write_hour": millis(tokens.cache_write_hour),
    })?;
    Ok(changed)
}

/// A query of [`Used`], by `more` columns too, of the rows of which `condition` is true.
fn select(more: &str, condition: &str) -> String {
    let above = LONG_CONTEXTS.map(|size| {
        format!("WHEN input + cache_read + cache_write + cache_write_hour > {size} THEN {size} ")
    });
    format!(
        "SELECT {more} day, agent, project, model, fast, CASE {} ELSE 0 END AS above,
            sum(input) AS input, sum(output) AS output, sum(cache_read) AS cache_read,
            sum(cache_write) AS cache_write, sum(cache_write_hour) AS cache_write_hour,
            sum(nanodollars) AS nanodollars, max(at) AS at
        FROM usage WHERE {condition}
        GROUP BY {more} day, agent, project, model, fast, above
        ORDER BY day DESC, agent, project, model",
        above.concat()
    )
}

fn used(row: &SqlRow<'_>) -> rusqlite::Result<Used> {
    let number = |column| row.get::<_, i64>(column).map(|number| number.max(0).cast_unsigned());
    let said: Option<i64> = row.get("nanodollars")?;
    Ok(Used {
        day: row.get("day")?,
        agent_type: from_word(row, "agent")?,
        project_path: row.get("project")?,
        model: row.get("model")?,
        fast: row.get("fast")?,
        above: number("above")?,
        tokens: Tokens {
            input: number("input")?,
            output: number("output")?,
            cache_read: number("cache_read")?,
            cache_write: number("cache_write")?,
            cache_write_hour: number("cache_write_hour")?,
        },
        nanodollars: said.map(|said| said.max(0).cast_unsigned()),
        at: number("at")?,
    })
}
