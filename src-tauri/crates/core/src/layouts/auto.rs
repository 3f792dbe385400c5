//! Saving the layout by itself, so that it can be brought back after a crash: some time after
//! something has changed, and at the end. While nothing changes, nothing is done.

use std::{sync::PoisonError, time::Duration};
use synk_protocol::WireError;
use tokio::{
    sync::SemaphorePermit,
    time::{Instant, sleep, sleep_until},
};

use super::{
    Layouts, blocking,
    file::Layout,
    folder::{AUTOMATIC, BEFORE, Folder},
};
use crate::time::now_millis;

/// How long a grid that is gone is worth more than a smaller one that went after it, in
/// milliseconds: a week.
const KEPT_MS: u64 = 7 * 24 * 60 * 60 * 1000;
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
            let too_late = async {
                inner.closing.cancelled().await;
                sleep(LAST_TURN).await;
            };
            let turn = tokio::select! {
                turn = self.turn() => turn,
                // Whoever brings a layout back while the daemon ends has it half back: nothing to
                // save.
                () = too_late => return,
            };
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
    /// grid takes nothing's place: what was there before is what somebody may want back. For the
    /// same reason a grid that was begun anew leaves the one before in a file of its own.
    async fn save_automatically(&self) -> Result<(), WireError> {
        if !self.is_wanted() {
            return Ok(());
        }
        let layout = Layout { name: AUTOMATIC.to_owned(), ..self.collect(false).await? };
        let automatic = || self.inner.automatic.lock().unwrap_or_else(PoisonError::into_inner);
        let last = automatic().clone();
        let is_known = last
            .as_ref()
            .is_some_and(|last| *last == Layout { saved_at: last.saved_at, ..layout.clone() });
        if is_known || layout.panes().next().is_none() {
            return Ok(());
        }
        let records = self.inner.sessions.records();
        let is_gone = |last: &Layout| {
            let mut panes = last.panes();
            !panes.any(|pane| records.iter().any(|record| pane.is(record)))
        };
        let gone = last.filter(is_gone).map(|last| Layout { name: BEFORE.to_owned(), ..last });
        let (folder, written) = (self.inner.folder.clone(), layout.clone());
        blocking(move || {
            let before = folder.path(BEFORE);
            if let Some(gone) = gone
                && !Folder::read(&before).is_ok_and(|kept| is_worth_more(&kept, &gone))
            {
                folder.write(&before, &gone)?;
            }
            folder.write(&folder.path(AUTOMATIC), &written)
        })
        .await?;
        *automatic() = Some(layout);
        Ok(())
    }
}

/// Whether a grid that went earlier is rather to be had back than one that has gone now, as one
/// that somebody opened for a moment.
fn is_worth_more(kept: &Layout, gone: &Layout) -> bool {
    let is_recent = now_millis().saturating_sub(kept.saved_at) < KEPT_MS;
    is_recent && kept.panes().count() > gone.panes().count()
}
