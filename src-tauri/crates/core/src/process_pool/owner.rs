//! The task that owns the waiting shells: how many there are, how old they may be, and what
//! they were started with. It never waits for one of them.
//!
//! ```text
//! start ─→ Warming ─→ Idle ─→ claimed: a session, and not the pool's any more
//!   ↑         │         └──→ out of date, too old, too many, dead: ended
//!   └─ once ──┘ failed: after the second time it is said, and the pool rests
//! ```
//! A closed shell is recycled by a start in its place: `Recycling` is `Warming` for that
//! reason.

mod entry;
#[cfg(test)]
mod tests;

use std::{collections::VecDeque, fs, io, mem, path::PathBuf, time::Duration};
use synk_protocol::{ParkedSpec, PoolSettings, PoolStatus, TerminalSize, WireError};
use tokio::{
    sync::{mpsc, oneshot},
    task::spawn_blocking,
    time::{Instant, MissedTickBehavior, interval, sleep_until},
};
use tokio_util::sync::CancellationToken;

use self::entry::{Entry, Start, State};
use super::{
    ProcessPool,
    memory::occupied,
    parked::Parked,
    startup_files::{self, StartupFiles},
};
use crate::environment::{self, Login};

/// How long a shell may take to read its start-up files.
const WARM_UP_LIMIT: Duration = Duration::from_secs(5);
/// Tries before the pool rests.
const TRIES: u32 = 2;
/// Shells that may end while they wait, without one being claimed meanwhile, before the pool
/// rests: something ends them.
const MAX_DEATHS: u32 = 10;
/// A shell that is out of date so soon may have changed the files itself.
const YOUNG: Duration = Duration::from_secs(10);
/// How often that may be, without a shell being claimed meanwhile, before the pool rests: each
/// start would be followed by another.
const MAX_REWRITES: u32 = 5;
/// How long the pool rests unless something changes: what was too slow may have been a busy
/// machine.
const REST: Duration = Duration::from_mins(10);
/// How often the shells and their files are looked at: seldom, since each claim looks at the files
/// anyway, and who wakes at rest has cold caches, on some machines cold memory.
const LOOK: Duration = Duration::from_mins(1);

/// What the owner is told.
pub(super) enum Message {
    /// Somebody wants a shell, and the start-up files are these now.
    Take {
        files: StartupFiles,
        taker: oneshot::Sender<Option<Box<Parked>>>,
    },
    /// A start has come to its end.
    Warmed {
        id: u64,
        result: Result<Box<Parked>, WireError>,
    },
    /// A shell that waited has ended, and why.
    Ended {
        id: u64,
        why: String,
    },
    /// A plain shell's session was closed.
    Closed,
    SettingsChanged {
        files: StartupFiles,
    },
    /// What was found: the start-up files and the memory.
    Looked {
        files: StartupFiles,
        bytes: u64,
    },
}

pub(super) struct Owner {
    pool: ProcessPool,
    login: Login,
    tell: Box<dyn Fn(String) + Send>,
    settings: PoolSettings,
    /// The shell that is started.
    shell: String,
    /// In the order of their starts.
    entries: VecDeque<Entry>,
    next_id: u64,
    files: StartupFiles,
    /// Not before.
    next_start: Instant,
    /// Closed shells that are to be replaced.
    replace: u32,
    /// A shell has come through the start-up files as they are, and has left them so.
    proven: bool,
    failures: u32,
    deaths: u32,
    rewrites: u32,
    problem: Option<String>,
    rests_since: Instant,
    /// What was said last, which is not said again.
    said: Option<String>,
    bytes: u64,
}

impl Owner {
    pub(super) fn new(pool: ProcessPool, login: Login, tell: Box<dyn Fn(String) + Send>) -> Self {
        let (settings, shell) = (pool.settings.current().pool, pool.shell());
        Self {
            pool,
            login,
            tell,
            next_start: Instant::now() + delay(&settings),
            settings,
            shell,
            entries: VecDeque::new(),
            next_id: 0,
            files: StartupFiles::default(),
            replace: 0,
            proven: false,
            failures: 0,
            deaths: 0,
            rewrites: 0,
            problem: None,
            rests_since: Instant::now(),
            said: None,
            bytes: 0,
        }
    }

    pub(super) async fn run(
        mut self,
        mut inbox: mpsc::Receiver<Message>,
        closing: CancellationToken,
    ) {
        if let Err(error) = self.clear_channels() {
            tracing::warn!("removing the channels of shells that are gone: {error}");
        }
        self.files = startup_files::look(self.shell.clone()).await;
        self.login.read(&self.pool.binary);
        let mut looks = interval(LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        looks.reset();
        let mut login = self.login.problem();
        loop {
            self.publish();
            tokio::select! {
                () = closing.cancelled() => return,
                Some(message) = inbox.recv() => self.on(message),
                () = sleep_until(self.next_start), if self.wants_more() => self.start_one(),
                _ = looks.tick() => self.tick(),
                Ok(()) = login.changed() => {
                    let problem = login.borrow_and_update().clone();
                    if let Some(problem) = problem {
                        (self.tell)(problem);
                    }
                }
            }
        }
    }

    fn on(&mut self, message: Message) {
        match message {
            Message::Take { files, taker } => {
                self.apply_settings();
                self.compare(files);
                self.next_start = Instant::now() + delay(&self.settings);
                self.give(taker);
            }
            Message::Warmed { id, result } => self.warmed(id, result),
            Message::Ended { id, why } => {
                let count = self.entries.len();
                self.entries.retain(|entry| entry.id != id);
                if self.entries.len() < count {
                    tracing::warn!("a waiting shell ended: {why}");
                    self.next_start = Instant::now() + delay(&self.settings);
                    self.deaths += 1;
                    if self.deaths > MAX_DEATHS {
                        self.rest(&format!("shells end while they wait: {why}"));
                    }
                }
            }
            Message::Closed => {
                let most = self.settings.max_size.max(self.settings.initial_size);
                if self.settings.recycle && self.count() + self.replace < most {
                    self.replace += 1;
                    self.next_start = Instant::now() + delay(&self.settings);
                }
            }
            Message::SettingsChanged { files } => {
                self.apply_settings();
                self.compare(files);
            }
            Message::Looked { files, bytes } => {
                self.compare(files);
                self.proven |= self.entries.iter().any(Entry::is_idle);
                self.bytes = bytes;
            }
        }
    }

    /// Hands out the shell that has waited longest.
    fn give(&mut self, mut taker: oneshot::Sender<Option<Box<Parked>>>) {
        while let Some(at) = self.entries.iter().position(Entry::is_idle) {
            let Some(Entry { state: State::Idle { keeper, .. }, .. }) = self.entries.remove(at)
            else {
                continue;
            };
            match keeper.send(taker) {
                Ok(()) => {
                    self.deaths = 0;
                    if mem::take(&mut self.rewrites) >= MAX_REWRITES {
                        // It was not while the files changed on and on.
                        self.login.read(&self.pool.binary);
                    }
                    // What is occupied now is looked at when the next one waits: it takes a
                    // processor for milliseconds, and the taker needs it.
                    return;
                }
                // It has ended in this moment.
                Err(back) => taker = back,
            }
        }
        // Whoever wanted it may have given up.
        taker.send(None).ok();
    }

    fn start_one(&mut self) {
        let id = self.next_id;
        self.next_id += 1;
        self.next_start = Instant::now() + delay(&self.settings);
        let recycled = self.count() >= self.settings.initial_size;
        self.replace = self.replace.saturating_sub(1);
        let started = self.channel(id).map(|channel_dir| {
            let spec = ParkedSpec {
                login: self.settings.login_shell,
                env: environment::for_shell(&self.shell),
                working_dir: environment::home_dir(),
                channel_dir,
                size: TerminalSize::default(),
                prompt_pattern: Some(self.settings.prompt_pattern.clone())
                    .filter(|pattern| !pattern.is_empty()),
                limit_ms: u64::try_from(WARM_UP_LIMIT.as_millis()).unwrap_or(u64::MAX),
            };
            let (binary, owner) = (self.pool.binary.clone(), self.pool.owner.clone());
            let task = tokio::spawn(async move {
                let result = Parked::start(&binary, &spec).await.map(Box::new);
                owner.send(Message::Warmed { id, result }).await.ok();
            });
            Start(task.abort_handle())
        });
        match started {
            Ok(start) => {
                let state = if recycled { State::Recycling(start) } else { State::Warming(start) };
                let files = self.files.clone();
                self.entries.push_back(Entry { id, state, since: Instant::now(), files });
            }
            Err(error) => self.rest(&error.message),
        }
    }

    fn warmed(&mut self, id: u64, result: Result<Box<Parked>, WireError>) {
        // One that nobody wants any more ends by being dropped.
        let Some(entry) = self.entries.iter_mut().find(|entry| entry.id == id) else { return };
        match result {
            Ok(mut parked) => {
                let (keeper, mut wanted) = oneshot::channel::<oneshot::Sender<_>>();
                let pids = parked.pids;
                tracing::debug!(shell = pids[1], integrated = parked.integrated, "a shell waits");
                let owner = self.pool.owner.clone();
                tokio::spawn(async move {
                    let why = tokio::select! {
                        biased;
                        taker = &mut wanted => {
                            match taker {
                                Ok(taker) => drop(taker.send(Some(parked))),
                                Err(_) => parked.end().await,
                            }
                            return;
                        }
                        why = parked.ended() => why,
                    };
                    parked.end().await;
                    owner.send(Message::Ended { id, why }).await.ok();
                });
                entry.state = State::Idle { keeper, pids };
                (entry.since, self.failures) = (Instant::now(), 0);
                self.look();
            }
            Err(error) => {
                self.entries.retain(|entry| entry.id != id);
                self.failures += 1;
                tracing::warn!("a shell could not be warmed up: {}", error.message);
                if self.failures >= TRIES {
                    self.rest(&error.message);
                }
            }
        }
    }

    /// Starts no more shells for now, and says why, once.
    fn rest(&mut self, why: &str) {
        let problem = format!(
            "No shell is kept waiting, so new panes open as slowly as {} starts: {why}. \
             Change the start-up files or the settings and it is tried again.",
            self.shell
        );
        if self.said.as_ref() != Some(&problem) {
            (self.tell)(problem.clone());
            self.said = Some(problem.clone());
        }
        self.entries.retain(Entry::is_idle);
        self.problem = Some(problem);
        self.rests_since = Instant::now();
    }

    fn try_again(&mut self) {
        (self.failures, self.deaths, self.problem) = (0, 0, None);
        // Those that wait have come through what there is now.
        self.proven = self.entries.iter().any(Entry::is_idle);
        self.next_start = Instant::now() + delay(&self.settings);
    }

    fn tick(&mut self) {
        if self.problem.is_some() && self.rests_since.elapsed() > REST {
            self.try_again();
        }
        let oldest = Duration::from_secs(60 * u64::from(self.settings.max_age_minutes));
        self.entries.retain(|entry| !entry.is_idle() || entry.since.elapsed() < oldest);
        self.look();
    }

    /// Looks at the files and the memory, which is answered in time.
    fn look(&self) {
        let pids: Vec<u32> = self.entries.iter().flat_map(Entry::pids).collect();
        let (owner, shell) = (self.pool.owner.clone(), self.shell.clone());
        tokio::spawn(async move {
            let files = startup_files::look(shell).await;
            let bytes = spawn_blocking(move || occupied(&pids)).await.unwrap_or(0);
            owner.send(Message::Looked { files, bytes }).await.ok();
        });
    }

    /// Lets go of the shells that have read other files than there are now.
    fn compare(&mut self, files: StartupFiles) {
        // Those of the shell before are of no interest any more.
        if files == self.files || files.shell != self.shell {
            return;
        }
        tracing::info!("the shell's start-up files have changed");
        self.files = files;
        let is_young = |entry: &Entry| entry.since.elapsed() < YOUNG;
        let mut outdated = self.entries.iter().filter(|entry| entry.files != self.files);
        let by_itself = outdated.any(is_young);
        self.rewrites += u32::from(by_itself);
        self.entries.retain(|entry| entry.files == self.files);
        if self.rewrites < MAX_REWRITES {
            self.login.read(&self.pool.binary);
        } else if by_itself {
            // To read the login environment starts a shell too, which would be no rest.
            return self.rest("its start-up files change a file each time that they are read");
        }
        self.try_again();
    }

    fn apply_settings(&mut self) {
        let (settings, shell) = (self.pool.settings.current().pool, self.pool.shell());
        if (&settings, &shell) == (&self.settings, &self.shell) {
            return;
        }
        let another = (&shell, settings.login_shell, &settings.prompt_pattern)
            != (&self.shell, self.settings.login_shell, &self.settings.prompt_pattern);
        (self.settings, self.shell) = (settings, shell);
        if another {
            self.entries.clear();
        }
        // The youngest go, so that the order stays.
        let most = if self.settings.initial_size == 0 { 0 } else { self.settings.max_size };
        self.entries.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        self.replace = 0;
        self.try_again();
    }

    fn wants_more(&self) -> bool {
        let off = self.problem.is_some() || self.settings.initial_size == 0;
        // Until one has come through these start-up files, it alone tries.
        let tries = !self.proven && self.count() > 0;
        !off && !tries && (self.count() < self.settings.initial_size || self.replace > 0)
    }

    fn count(&self) -> u32 {
        u32::try_from(self.entries.len()).unwrap_or(u32::MAX)
    }

    fn publish(&self) {
        let idle = self.entries.iter().filter(|entry| entry.is_idle()).count();
        let idle = u32::try_from(idle).unwrap_or(u32::MAX);
        let problems: Vec<String> =
            self.problem.clone().into_iter().chain(self.login.problem().borrow().clone()).collect();
        self.pool.status.send_if_modified(|status| {
            let new = PoolStatus {
                idle,
                active: status.active,
                total: self.count() + status.active,
                warming: self.count() - idle,
                memory_bytes: if idle == 0 { 0 } else { self.bytes },
                problem: Some(problems.join(" ")).filter(|problem| !problem.is_empty()),
            };
            let changed = *status != new;
            *status = new;
            changed
        });
    }

    /// A folder for one shell's channel. Shells of the daemon before this one may still be
    /// ending, so the name has this one's process id.
    fn channel(&self, id: u64) -> Result<PathBuf, WireError> {
        let channel = self.pool.places.pool().join(format!("{}-{id}", std::process::id()));
        synk_client::private_dir(&channel)?;
        Ok(channel)
    }

    /// Removes what a daemon before this one has left.
    fn clear_channels(&self) -> io::Result<()> {
        match fs::remove_dir_all(self.pool.places.pool()) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

fn delay(settings: &PoolSettings) -> Duration {
    Duration::from_millis(settings.warmup_delay_ms.into())
}
