//! A session's life as far as somebody asks for it: created, started again, destroyed.

use std::{collections::HashSet, fs, io, path::Path, sync::PoisonError, time::Duration};
use synk_client::Shim;
use synk_protocol::{
    AgentType, CreateSession, CreatedSession, ErrorCode, Launch, SessionChanges, SessionId,
    SessionInfo, SessionRecord, SessionState, ShimSpec, WireError, WorkspaceId,
};
use tokio::{
    task::JoinSet,
    time::{sleep, timeout},
};

use super::{
    Former, Inner, SessionManager,
    idle::IdleWatch,
    records, request,
    table::{Entry, Pane},
};
use crate::{environment, prompts::Prompt};

/// How often a session that is to be restarted when idle is looked at.
const IDLE_LOOK: Duration = Duration::from_secs(2);
/// How long a shim may take to end its session. Its own limit for that is 6.5 s.
const DESTROY_TIMEOUT: Duration = Duration::from_secs(15);
/// How long a shim may take to go once its session is ended.
const END_TIMEOUT: Duration = Duration::from_secs(2);
/// How long the shim of another version may take to end its session. Its own limit for the
/// last program is 6.5 s.
const FOREIGN_END_TIMEOUT: Duration = Duration::from_secs(10);
/// How often it is looked for.
const END_LOOK: Duration = Duration::from_millis(20);

impl SessionManager {
    /// Starts a session.
    ///
    /// # Errors
    /// [`ErrorCode::MaxSessions`] when the grid is full, [`ErrorCode::Conflict`] for a name
    /// that is taken, [`ErrorCode::Invalid`] for what cannot be, and why a program could not
    /// be started.
    pub async fn create(&self, args: CreateSession) -> Result<CreatedSession, WireError> {
        self.create_as(args, None).await
    }

    /// The same for one that takes the place of a `former` session.
    ///
    /// # Errors
    /// See [`SessionManager::create`].
    pub(crate) async fn create_as(
        &self,
        mut args: CreateSession,
        former: Option<Former>,
    ) -> Result<CreatedSession, WireError> {
        // A shell reads its start-up files itself, and everything else gets what they set.
        let is_shell = args.agent_type == AgentType::Terminal && args.command.is_none();
        let login = if is_shell { None } else { self.inner.login.get().await };
        let mut wanted = request::check(args.clone(), login.as_deref(), &self.inner.agents).await?;
        wanted.former = former;
        let mut lacks = Vec::new();
        if args.branch.is_some() {
            // Nothing is made for a session that cannot be.
            if !wanted.background {
                self.free_pane(&wanted)?;
            }
            lacks = self.inner.worktrees.prepare(&mut args).await?;
            wanted.work_in(args.working_dir);
        }
        let record = self.reserve(&wanted)?;
        let session = record.session_id;
        let created = CreatedSession { session_id: session, pane_index: record.pane_index };
        let project = &record.project_path;
        let shell = environment::shell(&self.inner.settings.current().terminal);
        let set =
            wanted.can_wait(&shell).then(|| environment::added(session, project, &wanted.vars));
        let env = environment::for_session(login.as_deref(), session, project, &wanted.vars);
        let spec = self.spec(record, env, false);
        self.changed();
        let started = async {
            self.hand_over(session, &wanted).await?;
            self.inner.pool.session(&spec, set).await
        };
        match started.await {
            // It was, whatever has become of it since.
            Ok(shim) => self.follow(session, shim, SessionState::Running),
            Err(error) if self.adopt_started(&spec, &error).await => self.changed(),
            Err(error) => {
                self.inner.table.remove(session);
                self.changed();
                match self.inner.store.remove_prompts_of(session).await {
                    // It holds an empty log and nothing else.
                    Ok(()) => drop(fs::remove_dir_all(&spec.session_dir)),
                    // Its folder keeps the id from another, who would get its prompts.
                    Err(error) => tracing::warn!("{error}"),
                }
                return Err(error);
            }
        }
        if !lacks.is_empty() {
            self.tell(format!("Session {session} has its worktree. {}.", lacks.join(". ")));
        }
        Ok(created)
    }

    /// Has the prompts wait for a session that waited for the one whose place it takes. They are
    /// there before it is, so that a daemon that is killed loses none.
    async fn hand_over(
        &self,
        session: SessionId,
        wanted: &request::Wanted,
    ) -> Result<(), WireError> {
        for prompt in wanted.former.iter().flat_map(|former| &former.prompts) {
            let id = self.next_prompt_id();
            self.inner.store.put_prompt(Prompt { id, session, ..prompt.clone() }).await?;
        }
        Ok(())
    }

    /// What a shim for this session is started with.
    pub(super) fn spec(
        &self,
        record: SessionRecord,
        env: Vec<(String, String)>,
        asleep: bool,
    ) -> ShimSpec {
        let Inner { places, settings, .. } = &*self.inner;
        let settings = settings.current();
        ShimSpec {
            session_dir: places.session(record.session_id),
            socket: places.shim_socket(record.session_id),
            log_limit_bytes: u64::from(settings.logs.session_limit_mib) << 20,
            scrollback_lines: settings.appearance.scrollback,
            login: settings.pool.login_shell,
            asleep,
            record,
            env,
        }
    }

    /// Chooses an id, a name and a pane, and makes the session's folder.
    fn reserve(&self, wanted: &request::Wanted) -> Result<SessionRecord, WireError> {
        let Inner { places, table, reserving, .. } = &*self.inner;
        let _held = reserving.lock().unwrap_or_else(PoisonError::into_inner);
        let name = table.name(wanted.name.as_deref(), wanted.default_name())?;
        if let Some(worktree) = self.inner.worktrees.of(Path::new(wanted.working_dir()))
            && let Some(holder) = table.works_in(&worktree)
        {
            return Err(WireError::new(
                ErrorCode::Conflict,
                format!(
                    "session {} ({}) works in {}; close it, or choose another branch",
                    holder.session_id,
                    holder.name,
                    worktree.display()
                ),
            ));
        }
        let workspace = self.workspace(wanted)?;
        let pane = if wanted.background { None } else { Some(self.free_pane(wanted)?) };
        let session_id = table.next_id();
        synk_client::private_dir(&places.session(session_id))?;
        let record = wanted.record(session_id, name, workspace, pane.map(|pane| pane.index));
        table.insert(session_id, Entry::Starting(Box::new(record.clone())));
        Ok(record)
    }

    /// The workspace that was asked for, or the first.
    fn workspace(&self, wanted: &request::Wanted) -> Result<WorkspaceId, WireError> {
        let workspaces = &self.inner.workspaces;
        let Some(asked) = wanted.workspace else { return Ok(workspaces.first()) };
        workspaces.check(asked).map(|()| asked)
    }

    /// The pane that a session gets.
    fn free_pane(&self, wanted: &request::Wanted) -> Result<Pane, WireError> {
        let most = self.inner.settings.current().pool.max_active;
        self.inner.table.free_pane_like(self.workspace(wanted)?, most, wanted.former_pane())
    }

    /// Ends a session's process tree and closes the session. Its log stays. With `asker`,
    /// only when no other process than that one is attached.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`], [`ErrorCode::Attached`], or [`ErrorCode::Unavailable`] when
    /// its shim does not answer.
    pub async fn destroy(&self, session: SessionId, asker: Option<u32>) -> Result<(), WireError> {
        self.started(session).await;
        let Inner { table, places, store, branches, .. } = &*self.inner;
        let record = if let Some(record) = self.claim(session).await? {
            record
        } else {
            let record = table.record(session)?;
            self.end(session, asker).await?;
            record
        };
        self.call_off(session);
        table.remove(session);
        self.inner.workspaces.left(session, None);
        self.changed();
        let closed = records::close(places, record).map_err(|error| {
            WireError::internal(format!(
                "session {session} was ended, but its record could not be closed: {error}; it \
                 may come back as lost"
            ))
        })?;
        if closed.agent_type == AgentType::Terminal && closed.command.is_empty() {
            self.inner.pool.closed().await;
        }
        store.remove_prompts_of(session).await?;
        let heads = branches.of(HashSet::from([closed.working_dir.clone()])).await;
        let branch = heads.into_values().next().map(|head| head.name().to_owned());
        store.put(vec![SessionInfo { branch, ..request::info(closed) }]).await?;
        Ok(())
    }

    /// Has a shim end its session.
    async fn end(&self, session: SessionId, asker: Option<u32>) -> Result<(), WireError> {
        let Inner { table, places, .. } = &*self.inner;
        let shim = table.shim(session)?;
        let mut record = shim.record();
        // Then whoever follows it is at it already.
        let was_lost = record.has_changed().is_err();
        table.expect_end(session, true);
        let asked = async {
            let destroyed = shim.destroy(asker).await;
            if !is_unavailable(&destroyed) {
                return destroyed;
            }
            // The connection may be lost and not the shim.
            let (shim, _output) = Shim::connect(&places.shim_socket(session)).await?;
            shim.destroy(asker).await
        };
        let asked = timeout(DESTROY_TIMEOUT, asked).await;
        let is_silent = asked.is_err();
        let destroyed = asked.unwrap_or_else(|_| {
            Err(WireError::unavailable(format!(
                "process {}, which holds session {session}, does not answer; it ends the session \
                 as soon as it does",
                record.borrow().shim_pid
            )))
        });
        // A shim that is gone without an answer is as destroyed as can be; one that is there is
        // not.
        let is_gone = is_unavailable(&destroyed)
            && !synk_socket::is_listened_to(&places.shim_socket(session)).await;
        if destroyed.is_err() && !is_gone {
            table.expect_end(session, false);
            let is_lost =
                if is_silent { record.has_changed().is_err() } else { is_unavailable(&destroyed) };
            if is_lost && !was_lost {
                // Whoever followed it took that for the end that was asked for.
                let (manager, last) = (self.clone(), record.borrow().clone());
                self.inner.tasks.spawn(async move { manager.without_connection(last).await });
            }
            return destroyed;
        }
        // A shim that knows of closing has written it down by now. The record of another one
        // is its own to write until it is gone.
        let pid = record.borrow_and_update().shim_pid;
        let on_disk = records::read(places, session).ok().flatten();
        if on_disk.is_none_or(|record| record.closed_at.is_none())
            && timeout(END_TIMEOUT, process_end(pid)).await.is_err()
        {
            tracing::warn!(%session, "the shim has ended its session and is still there");
        }
        Ok(())
    }

    /// Ends every session; answers how many.
    ///
    /// # Errors
    /// The first failure; the others are ended all the same.
    pub async fn destroy_all(&self) -> Result<u32, WireError> {
        let mut ending = JoinSet::new();
        for session in self.inner.table.ids() {
            let manager = self.clone();
            ending.spawn(async move { manager.destroy(session, None).await });
        }
        let results: Result<Vec<()>, _> = ending.join_all().await.into_iter().collect();
        results.map(|ended| u32::try_from(ended.len()).unwrap_or(u32::MAX))
    }

    /// Starts a session's command again, ending it first if it runs. One that was lost goes
    /// on where it was.
    ///
    /// # Errors
    /// Why it could not be started; see [`SessionManager::write`].
    pub async fn restart(&self, session: SessionId) -> Result<(), WireError> {
        self.started(session).await;
        self.call_off(session);
        if let Some(record) = self.claim(session).await? {
            self.wake(record).await?;
        }
        let shim = self.shim(session).await?;
        let record = shim.record().borrow().clone();
        let goes_on = self.goes_on(&record).await?;
        let begins_anew = goes_on.is_none();
        // The settings may have other arguments by now.
        let launch = goes_on.or_else(|| {
            let again = self.inner.agents.again(&record)?;
            (again != record.command).then(|| launch(again, &record.working_dir))
        });
        shim.restart(launch).await?;
        if record.resume_id.is_some() && begins_anew {
            // The agent begins another conversation, whose name is not known yet.
            let changes =
                SessionChanges { resume_id: Some(String::new()), ..SessionChanges::default() };
            shim.update(changes).await?;
        }
        Ok(())
    }

    /// How a session goes on where it was, if it does.
    ///
    /// # Errors
    /// [`ErrorCode::Unavailable`] when the folder that it was in does not answer.
    async fn goes_on(&self, record: &SessionRecord) -> Result<Option<Launch>, WireError> {
        if record.agent_type != AgentType::Terminal {
            // One that ended by itself had said what it had to say.
            let is_lost = record.state == SessionState::Lost;
            let resume_id = record.resume_id.as_ref().filter(|_| is_lost);
            let command = resume_id.and_then(|id| self.inner.agents.resume(record, id));
            return Ok(command.map(|command| launch(command, &record.working_dir)));
        }
        let last_dir = record.current_dir.as_deref().filter(|_| record.command.is_empty());
        let Some(last_dir) = last_dir else { return Ok(None) };
        let is_there = request::look_at(last_dir).await?.is_ok_and(|found| found.is_dir());
        Ok(is_there.then(|| launch(Vec::new(), last_dir)))
    }

    /// Restarts a session once it is idle, or calls that off.
    ///
    /// # Errors
    /// [`ErrorCode::NotFound`].
    pub fn restart_when_idle(&self, session: SessionId, wanted: bool) -> Result<(), WireError> {
        self.inner.table.record(session)?;
        self.call_off(session);
        if wanted {
            let called_off = self.inner.closing.child_token();
            self.inner.when_idle.insert(session, called_off.clone());
            let manager = self.clone();
            self.inner.tasks.spawn(async move {
                tokio::select! {
                    () = called_off.cancelled() => {}
                    () = manager.await_idle(session) => {
                        if let Err(error) = manager.restart(session).await {
                            manager.tell(format!("Session {session} could not be restarted: {error}"));
                        }
                    }
                }
            });
        }
        self.changed();
        Ok(())
    }

    /// Returns once a session is idle, or gone.
    async fn await_idle(&self, session: SessionId) {
        let log = self.inner.places.session(session).join("console.log");
        let mut watch = IdleWatch::default();
        while let Ok(record) = self.inner.table.record(session) {
            let log = log.clone();
            let looked = tokio::task::spawn_blocking(move || {
                let idle = watch.look(&record, &log)?;
                io::Result::Ok((watch, idle))
            });
            match looked.await.unwrap_or_else(|error| Err(io::Error::other(error))) {
                Ok((_, true)) => return,
                Ok((back, false)) => watch = back,
                Err(error) => {
                    tracing::error!("looking at session {session}: {error}");
                    watch = IdleWatch::default();
                }
            }
            sleep(IDLE_LOOK).await;
        }
    }

    fn call_off(&self, session: SessionId) {
        if let Some((_, called_off)) = self.inner.when_idle.remove(&session) {
            called_off.cancel();
        }
    }

    /// Takes a session that has no shim of this version, ending the one that it has.
    async fn claim(&self, session: SessionId) -> Result<Option<SessionRecord>, WireError> {
        let table = &self.inner.table;
        let Some((record, version)) = table.claim(session) else { return Ok(None) };
        let Some(version) = version else { return Ok(Some(record)) };
        if let Err(error) = self.end_foreign(session).await {
            table.insert(session, Entry::Foreign { record: Box::new(record), version });
            self.changed();
            return Err(error);
        }
        let on_disk = records::read(&self.inner.places, session).ok().flatten();
        Ok(Some(on_disk.unwrap_or(record)))
    }

    /// Ends the session that another version's shim holds, in the one way that every version
    /// understands.
    pub(super) async fn end_foreign(&self, session: SessionId) -> Result<(), WireError> {
        let socket = self.inner.places.shim_socket(session);
        let failed = |what: &str| {
            WireError::unavailable(format!(
                "session {session} runs in the shim of another version, which {what}"
            ))
        };
        let gone = async {
            while socket.exists() && synk_socket::connect(&socket).await.is_ok() {
                sleep(END_LOOK).await;
            }
        };
        if let Ok(pid) = synk_socket::listening_process(&socket).await {
            let pid = i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw);
            let told =
                pid.map(|pid| rustix::process::kill_process(pid, rustix::process::Signal::TERM));
            if !matches!(told, Some(Ok(()))) {
                return Err(failed("cannot be told to end"));
            }
        }
        timeout(FOREIGN_END_TIMEOUT, gone).await.map_err(|_| failed("did not end when told to"))
    }
}

fn launch(command: Vec<String>, working_dir: &str) -> Launch {
    Launch { command, working_dir: working_dir.to_owned(), env: None }
}

/// Returns once there is no such process. It is a child of this one or of an earlier daemon,
/// so there is nothing to wait on.
async fn process_end(pid: u32) {
    let pid = i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw);
    while pid.is_some_and(|pid| rustix::process::test_kill_process(pid).is_ok()) {
        sleep(END_LOOK).await;
    }
}

fn is_unavailable<T>(result: &Result<T, WireError>) -> bool {
    result.as_ref().is_err_and(|error| error.code == ErrorCode::Unavailable)
}
