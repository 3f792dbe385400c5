//! The prompts that wait, in the store.

use rusqlite::{Row, named_params};
use std::collections::HashMap;
use synk_protocol::SessionId;

use super::{Store, StoreError, millis};
use crate::prompts::Prompt;

impl Store {
    /// The prompts of a session, the next one first.
    pub(crate) async fn prompts(&self, session: SessionId) -> Result<Vec<Prompt>, StoreError> {
        self.run(move |connection| {
            let mut select = connection
                .prepare_cached("SELECT * FROM prompts WHERE session = ?1 ORDER BY id")?;
            let rows = select.query_map([session.0], prompt)?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
    }

    /// All prompts, by session, the next one first.
    pub(crate) async fn all_prompts(&self) -> Result<HashMap<SessionId, Vec<Prompt>>, StoreError> {
        self.run(|connection| {
            let mut select = connection.prepare_cached("SELECT * FROM prompts ORDER BY id")?;
            let mut all = HashMap::<_, Vec<_>>::new();
            for prompt in select.query_map([], prompt)? {
                let prompt = prompt?;
                all.entry(prompt.session).or_default().push(prompt);
            }
            Ok(all)
        })
        .await
    }

    /// Writes a prompt down, in the place of what was known of it.
    pub(crate) async fn put_prompt(&self, prompt: Prompt) -> Result<(), StoreError> {
        self.run(move |connection| {
            connection
                .prepare_cached(
                    "INSERT OR REPLACE INTO prompts
                        (id, session, text, submit, confirmed, at, held)
                     VALUES (:id, :session, :text, :submit, :confirmed, :at, :held)",
                )?
                .execute(named_params! {
                    ":id": prompt.id,
                    ":session": prompt.session.0,
                    ":text": prompt.text,
                    ":submit": prompt.submit,
                    ":confirmed": prompt.confirmed,
                    ":at": millis(prompt.at),
                    ":held": prompt.held,
                })?;
            Ok(())
        })
        .await
    }

    /// Forgets a prompt.
    pub(crate) async fn remove_prompt(&self, id: u32) -> Result<(), StoreError> {
        self.run(move |connection| {
            connection.execute("DELETE FROM prompts WHERE id = ?1", [id])?;
            Ok(())
        })
        .await
    }

    /// Forgets the prompts of a session that is closed.
    pub(crate) async fn remove_prompts_of(&self, session: SessionId) -> Result<(), StoreError> {
        self.run(move |connection| {
            connection.execute("DELETE FROM prompts WHERE session = ?1", [session.0])?;
            Ok(())
        })
        .await
    }

    /// The highest id of a prompt that waits.
    pub(crate) async fn highest_prompt(&self) -> Result<u32, StoreError> {
        self.run(|connection| {
            let highest: Option<u32> =
                connection.query_row("SELECT max(id) FROM prompts", [], |row| row.get(0))?;
            Ok(highest.unwrap_or(0))
        })
        .await
    }
}

fn prompt(row: &Row<'_>) -> rusqlite::Result<Prompt> {
    Ok(Prompt {
        id: row.get("id")?,
        session: SessionId(row.get("session")?),
        text: row.get("text")?,
        submit: row.get("submit")?,
        confirmed: row.get("confirmed")?,
        at: row.get::<_, i64>("at")?.max(0).cast_unsigned(),
        held: row.get("held")?,
    })
}
