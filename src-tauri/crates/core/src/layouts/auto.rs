//! Saving the layout by itself, so that it can be brought back after a crash: some time after
//! something has changed, and at the end. While nothing changes, nothing is done.

use std::{sync::PoisonError, time::Duration};
use synk_protocol::WireError;
use tokio::{
    sync::SemaphorePermit,
    time::{Instant, sleep_until, timeout},
};

use super::{Layouts, blocking, file::Layout, folder::AUTOMATIC};

/// How long the last save may wait for its turn.
const LAST_TURN: Duration = Duration::from_secs(5);

impl Layouts {
    /// Saves from time to time, as the settings say, until the end.
    pub(super) async fn save_by_itself(self) {
        let inner = &*self.inner;
        let mut sessions = inner.sessions.list_changes();
        let mut workspaces = inner.sessions.workspaces().changes();
        let mut settings = inner.settings.changes();
        let mut works = true;
        let mut ends = false;
        while !ends {
            tokio::select! {
                () = inner.closing.cancelled() => ends = true,
                Ok(()) = sessions.changed() => {}
                Ok(()) = workspaces.changed() => {}
                Ok(()) = settings.changed() => {}
            }
            let since = Instant::now();
            while !ends {
                let seconds = inner.settings.current().general.auto_save_seconds;
                let due = since + Duration::from_secs(seconds.into());
                tokio::select! {
                    () = inner.closing.cancelled() => ends = true,
                    () = sleep_until(due), if self.is_wanted() => break,
                    Ok(()) = settings.changed() => {}
                }
            }
            // What changes from here on is for the next time.
            sessions.mark_unchanged();
            workspaces.mark_unchanged();
            // Whoever brings a layout back while the daemon ends has it half back: nothing to save.
            let limit = if ends { LAST_TURN } else { Duration::MAX };
            let Ok(turn) = timeout(limit, self.turn()).await else { continue };
            match self.save_automatically().await {
                Ok(()) => works = true,
                Err(error) if works => {
                    inner.sessions.tell(format!("The layout could not be saved: {error}"));
                    works = false;
                }
                Err(_) => {}
            }
            drop(turn);
        }
    }

    /// Saves what there is before every session is ended, and has nothing saved while that goes
    /// on: until what it answers is dropped.
    pub(crate) async fn save_before_the_end(&self) -> Option<SemaphorePermit<'_>> {
        let turn = self.turn().await;
        if let Err(error) = self.save_automatically().await {
            tracing::warn!("saving the layout: {error}");
        }
        turn
    }

    fn is_wanted(&self) -> bool {
        self.inner.settings.current().general.auto_save
    }

    /// Saves what there is, if that is wanted and is anything else than was saved last. An empty
    /// grid takes nothing's place: what was there before is what somebody may want back.
    async fn save_automatically(&self) -> Result<(), WireError> {
        if !self.is_wanted() {
            return Ok(());
        }
        let layout = Layout { name: AUTOMATIC.to_owned(), ..self.collect(false).await? };
        let last = || self.inner.automatic.lock().unwrap_or_else(PoisonError::into_inner);
        let is_known = last()
            .as_ref()
            .is_some_and(|last| *last == Layout { saved_at: last.saved_at, ..layout.clone() });
        if is_known || layout.panes().next().is_none() {
            return Ok(());
        }
        let (folder, written) = (self.inner.folder.clone(), layout.clone());
        blocking(move || folder.write(&folder.path(AUTOMATIC), &written)).await?;
        *last() = Some(layout);
        Ok(())
    }
}
