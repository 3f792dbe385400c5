//! Looking after a session: what its shim says of it becomes events, and when the shim is
//! lost, a new one brings the session back from its record and its log, asleep.

use std::{fs, io, mem, time::Duration};
use synk_client::Shim;
use synk_protocol::{
    ErrorCode, Event, SessionChanges, SessionExit, SessionId, SessionRecord, SessionState,
    WireError,
};
use tokio::time::{sleep, timeout};

use super::{Inner, SessionManager, records, table::Entry};
use crate::{agents, environment};

/// What `session:exit` says of a session whose shim was lost.
const UNKNOWN_EXIT_CODE: i32 = -1;
/// How often a shim that does not answer is tried again.
const SILENT_LOOK: Duration = Duration::from_secs(2);
/// How long it may take to find out what an agent calls its conversation. Where it works is looked
/// at for that, and may not answer.
const CONVERSATION_TIMEOUT: Duration = Duration::from_secs(10);

/// What has become of a shim.
enum Reached {
    Shim(Box<Shim>),
    /// Nobody listens any more.
    Gone,
    /// The daemon ends.
    Closing,
}

impl SessionManager {
    /// Puts a running shim into the table and publishes what becomes of it from the state
    /// `before` on.
    pub(super) fn follow(&self, session: SessionId, shim: Shim, mut before: SessionState) {
        let mut record = shim.record();
        let mut notices = shim.notices();
        let attendant = self.attend(session, &shim);
        self.follow_cost(&shim);
        self.inner.table.insert(session, Entry::live(shim, attendant));
        let manager = self.clone();
        let closing = self.inner.closing.clone();
        self.inner.tasks.spawn(async move {
            loop {
                let (now, exit_code) = {
                    let record = record.borrow_and_update();
                    (record.state, record.exit_code)
                };
                if (before, now) == (SessionState::Running, SessionState::Exited) {
                    manager.say_exit(session, exit_code.unwrap_or(UNKNOWN_EXIT_CODE));
                }
                before = now;
                manager.changed();
                let lost = tokio::select! {
                    // What the shim said before its end is told before it.
                    biased;
                    () = closing.cancelled() => return,
                    Ok(message) = notices.recv() => {
                        manager.tell(message);
                        false
                    }
                    changed = record.changed() => changed.is_err(),
                };
                if lost {
                    let last = record.borrow().clone();
                    return manager.lost(last).await;
                }
            }
        });
    }

    /// A shim's connection ended.
    async fn lost(&self, last: SessionRecord) {
        let table = &self.inner.table;
        if !table.is_to_stay(last.session_id) {
            return;
        }
        self.without_connection(last).await;
    }

    /// Connects to a session's shim again, or brings the session back once it is gone.
    pub(super) async fn without_connection(&self, last: SessionRecord) {
        let Inner { places, table, .. } = &*self.inner;
        let session = last.session_id;
        let before = last.state;
        // A shim lets go of who does not keep up with its news, as a daemon that was
        // suspended; the session is as well as ever.
        match self.reach(&last).await {
            Reached::Shim(shim) => {
                tracing::warn!(%session, "the session's shim was out of reach and is back");
                return self.follow(session, *shim, before);
            }
            Reached::Closing => return,
            Reached::Gone => {}
        }
        tracing::error!(%session, "the session's shim ended unexpectedly");
        let ran = before == SessionState::Running;
        if ran {
            self.say_exit(session, UNKNOWN_EXIT_CODE);
            self.tell(format!(
                "The process that held “{}” ended unexpectedly, and what ran in it is lost. Its \
                 last screen is kept; Enter in its pane, or `synk attach`, runs it again.",
                last.name
            ));
        }
        // A shim that was told to end by the system knows more than it said.
        let record = records::read(places, session).ok().flatten().unwrap_or(last);
        if record.closed_at.is_some() {
            // Whoever had it ended did not ask this daemon.
            table.remove(session);
            self.inner.workspaces.left(session, None);
            self.changed();
            return;
        }
        // What failed is told there, and the session stays in the list.
        self.wake(record).await.ok();
    }

    /// Connects to a session's shim. One that listens and does not answer has the session all the
    /// same: another in its place would end the program. It is waited for.
    async fn reach(&self, last: &SessionRecord) -> Reached {
        let socket = self.inner.places.shim_socket(last.session_id);
        let mut is_silent = false;
        loop {
            let connected = tokio::select! {
                () = self.inner.closing.cancelled() => return Reached::Closing,
                connected = Shim::connect(&socket) => connected,
            };
            let error = match connected {
                Ok((shim, _output)) => return Reached::Shim(Box::new(shim)),
                Err(error) => error,
            };
            if !synk_socket::is_listened_to(&socket).await {
                return Reached::Gone;
            }
            if !mem::replace(&mut is_silent, true) {
                let record = Box::new(last.clone());
                self.inner.table.insert(last.session_id, Entry::Silent(record));
                self.changed();
                self.tell(format!(
                    "The process that holds “{}” ({}) does not answer ({error}). What runs in it \
                     is left alone, and shown as soon as it does.",
                    last.name, last.shim_pid
                ));
            }
            tokio::select! {
                () = self.inner.closing.cancelled() => return Reached::Closing,
                // Not by asking again and again: its queue has an end.
                () = async {
                    synk_socket::spoken(&socket).await;
                    sleep(SILENT_LOOK).await;
                } => {}
            }
        }
    }

    /// Brings a session back whose shim is gone: a new shim shows its last screen, and starts
    /// nothing.
    ///
    /// # Errors
    /// Why there is no shim. The user is told as well.
    pub(super) async fn wake(&self, record: SessionRecord) -> Result<(), WireError> {
        let Inner { places, table, pool, .. } = &*self.inner;
        let mut record = records::lost(record);
        let session = record.session_id;
        table.insert(session, Entry::Starting(Box::new(record.clone())));
        self.changed();
        // It could not take its socket away itself.
        match fs::remove_file(places.shim_socket(session)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%session, "removing the socket of a shim that is gone: {error}");
            }
            _ => {}
        }
        if let Some(resume_id) = conversation(record.clone()).await {
            record.resume_id = Some(resume_id);
        }
        // A shell reads its start-up files itself.
        let login = if record.command.is_empty() { None } else { self.inner.login.get().await };
        let vars = self.inner.agents.variables(&record.agent_type, login.as_deref());
        let env = environment::for_session(login.as_deref(), session, &record.project_path, &vars);
        match pool.asleep(&self.spec(record.clone(), env, true)).await {
            Ok(shim) => {
                tracing::info!(%session, "brought back, asleep");
                let state = shim.record().borrow().state;
                self.follow(session, shim, state);
                Ok(())
            }
            Err(error) => {
                self.tell(format!("“{}” cannot be shown: {error}", record.name));
                table.insert(session, Entry::Gone(Box::new(record)));
                self.changed();
                Err(error)
            }
        }
    }

    /// Finds out what the agents call their conversations, and has the sessions' records say
    /// so: after a crash it would be too late to ask.
    pub(super) async fn note_conversations(&self) {
        for (record, foreign) in self.inner.table.records() {
            if foreign.is_none() {
                self.note_conversation(record).await;
            }
        }
    }

    /// The same for one session.
    pub(super) async fn note_conversation(&self, record: SessionRecord) {
        let (session, known) = (record.session_id, record.resume_id.clone());
        if record.state != SessionState::Running
            || self.inner.branches.is_silent(&record.working_dir)
        {
            return;
        }
        let Some(resume_id) = conversation(record).await else { return };
        if known.as_ref() == Some(&resume_id) {
            return;
        }
        let changes = SessionChanges { resume_id: Some(resume_id), ..SessionChanges::default() };
        let updated = match self.inner.table.shim(session) {
            Ok(shim) => shim.update(changes).await,
            Err(error) => Err(error),
        };
        if let Err(error) = updated.or_else(|error| match error.code {
            // It ended meanwhile.
            ErrorCode::NotFound | ErrorCode::Unavailable => Ok(()),
            _ => Err(error),
        }) {
            tracing::warn!(%session, "noting the agent's conversation: {error}");
        }
    }

    fn say_exit(&self, session_id: SessionId, exit_code: i32) {
        self.say(Event::SessionExit(SessionExit { session_id, exit_code }));
    }
}

/// What the session's agent calls its conversation, where that can be found.
async fn conversation(record: SessionRecord) -> Option<String> {
    let found = tokio::task::spawn_blocking(move || agents::conversation(&record));
    timeout(CONVERSATION_TIMEOUT, found).await.ok()?.ok().flatten()
}
