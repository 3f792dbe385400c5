//! The prompts that wait for one session, in order. They are in the store as well, so that they
//! survive the daemon; one that was being typed when it went down is held until a person has
//! looked.

use synk_protocol::{ErrorCode, MAX_QUEUED_PROMPTS, SessionId, WireError};

use super::Prompt;
use crate::store::{Store, StoreError};

/// One session's queue.
#[derive(Debug)]
pub(crate) struct Queue {
    store: Store,
    waiting: Vec<Prompt>,
}

impl Queue {
    /// The queue as it was left.
    pub(crate) async fn open(store: Store, session: SessionId) -> Result<Self, StoreError> {
        let waiting = store.prompts(session).await?;
        Ok(Self { store, waiting })
    }

    /// One that nothing is known of.
    pub(crate) fn empty(store: Store) -> Self {
        Self { store, waiting: Vec::new() }
    }

    pub(crate) fn prompts(&self) -> &[Prompt] {
        &self.waiting
    }

    /// Adds a prompt at the end.
    ///
    /// # Errors
    /// [`ErrorCode::Invalid`] when too many wait, and when it cannot be kept.
    pub(crate) async fn add(&mut self, prompt: Prompt) -> Result<(), WireError> {
        if self.waiting.len() >= MAX_QUEUED_PROMPTS {
            return Err(WireError::invalid(format!(
                "{MAX_QUEUED_PROMPTS} prompts wait for it already, which is the most"
            )));
        }
        self.store.put_prompt(prompt.clone()).await?;
        self.waiting.push(prompt);
        Ok(())
    }

    /// The first prompt, which is about to be typed: should the daemon go down now, nobody
    /// knows how far it came. None while that one is held.
    ///
    /// # Errors
    /// When that cannot be written down; then it must not be typed.
    pub(crate) async fn begin(&mut self) -> Result<Option<Prompt>, StoreError> {
        let Some(first) = self.waiting.first().filter(|first| !first.held).cloned() else {
            return Ok(None);
        };
        self.store.put_prompt(Prompt { held: true, ..first.clone() }).await?;
        Ok(Some(first))
    }

    /// The prompt that was begun was not typed after all, and stays where it is.
    pub(crate) async fn put_back(&self, prompt: &Prompt) -> Result<(), StoreError> {
        self.store.put_prompt(prompt.clone()).await
    }

    /// Takes a prompt out; none when it is not here.
    ///
    /// # Errors
    /// When the store does not forget it. It stays then, held: it may have been typed already,
    /// and nobody wants it typed now.
    pub(crate) async fn remove(&mut self, id: u32) -> Result<Option<Prompt>, StoreError> {
        let Some(place) = self.waiting.iter().position(|prompt| prompt.id == id) else {
            return Ok(None);
        };
        if let Err(error) = self.store.remove_prompt(id).await {
            self.waiting[place].held = true;
            return Err(error);
        }
        Ok(Some(self.waiting.remove(place)))
    }

    /// Gives a prompt another text, and lets go of it if it was held. Answers whether it is
    /// here.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub(crate) async fn edit(&mut self, id: u32, text: String) -> Result<bool, WireError> {
        let Some(prompt) = self.waiting.iter_mut().find(|prompt| prompt.id == id) else {
            return Ok(false);
        };
        let edited = Prompt { text, held: false, ..prompt.clone() };
        self.store.put_prompt(edited.clone()).await?;
        *prompt = edited;
        Ok(true)
    }
}

/// A prompt that is being typed cannot be changed any more.
pub(crate) fn being_typed() -> WireError {
    WireError::new(ErrorCode::Conflict, "the prompt is being typed; it cannot be changed any more")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_was_typed_and_cannot_be_forgotten_is_held() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("synk.db");
        let (store, _) = Store::open(&path).unwrap();
        let mut queue = Queue::empty(store);
        let prompt = Prompt {
            id: 1,
            session: SessionId(12),
            text: "do it".to_owned(),
            submit: true,
            confirmed: false,
            at: 0,
            held: false,
        };
        queue.add(prompt.clone()).await.unwrap();
        assert_eq!(queue.begin().await.unwrap(), Some(prompt.clone()));
        let other = rusqlite::Connection::open(&path).unwrap();
        let refuse = "CREATE TRIGGER refuse BEFORE DELETE ON prompts
            BEGIN SELECT RAISE(FAIL, 'the disk is full'); END;";
        other.execute_batch(refuse).unwrap();
        queue.remove(1).await.unwrap_err();
        assert_eq!(queue.begin().await.unwrap(), None, "it is not typed a second time");
        other.execute_batch("DROP TRIGGER refuse").unwrap();
        assert_eq!(queue.remove(1).await.unwrap(), Some(Prompt { held: true, ..prompt }));
        assert!(queue.prompts().is_empty());
    }
}
