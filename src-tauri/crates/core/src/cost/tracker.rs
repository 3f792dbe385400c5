//! What each session's agent has used. Looks at its files when it is told to, counts what is
//! new, and says what has changed.

use dashmap::DashMap;
use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};
use synk_protocol::{
    AppError, Cost, CostAccumulator, CostList, CostRow, CostSource, CostUpdated, Event, ListCosts,
    SessionId, TokenCounts, WireError,
};
use tokio::{
    sync::{Mutex, Semaphore, broadcast, watch},
    task::spawn_blocking,
};

use super::{Subject, Usage, days, files::Files, prices::Prices, screen};
use crate::{
    settings::Settings,
    store::{Owner, Store, StoreError, UsageRow, Used},
};

/// See [`Inner::reading`].
const READERS: usize = 2;
/// The most rows that a list has; more would not fit into an answer.
const MAX_ROWS: usize = 8192;

/// The costs. A clone shares everything.
#[derive(Debug, Clone)]
pub(crate) struct CostTracker {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    store: Store,
    settings: Settings,
    facts: broadcast::Sender<Event>,
    /// Marked whenever a session's cost has changed.
    changed: watch::Sender<()>,
    files: DashMap<SessionId, Arc<Mutex<Files>>>,
    /// How many sessions' files may be read at once: at the start all of them are to be.
    reading: Semaphore,
    /// By id and time of creation.
    known: DashMap<(SessionId, u64), Known>,
    /// The store does not work, and that was said.
    failing: AtomicBool,
}

#[derive(Debug, Clone)]
struct Known {
    used: Vec<Used>,
    cost: CostAccumulator,
}

impl CostTracker {
    /// With what the store knows. When it cannot be read nothing is known, and the second value
    /// says so, for the user.
    pub(crate) async fn start(
        store: Store,
        settings: Settings,
        facts: broadcast::Sender<Event>,
        changed: watch::Sender<()>,
    ) -> (Self, Option<String>) {
        let (by_session, problem) = match store.used_by_sessions().await {
            Ok(by_session) => (by_session, None),
            Err(error) => (HashMap::new(), Some(not_counted(&error))),
        };
        let prices = Prices::new(&settings.current().prices);
        let known = by_session.into_iter().filter_map(|(session, used)| {
            let cost = accumulated(&prices, &used)?;
            Some((session, Known { used, cost }))
        });
        let known = known.collect();
        let (files, failing) = (DashMap::new(), AtomicBool::new(problem.is_some()));
        let reading = Semaphore::new(READERS);
        let tracker = Self {
            inner: Arc::new(Inner {
                store,
                settings,
                facts,
                changed,
                files,
                reading,
                known,
                failing,
            }),
        };
        (tracker, problem)
    }

    /// What a session has used so far, as far as that is known.
    pub(crate) fn of(&self, session: SessionId, created_at: u64) -> Option<CostAccumulator> {
        self.inner.known.get(&(session, created_at)).map(|known| known.cost.clone())
    }

    /// Reads what a session's agent has written down since the last look, and says what is
    /// new in it. Looks at one session happen one after the other. Nothing of an agent whose
    /// files are not known.
    pub(crate) async fn look(&self, subject: &Subject) {
        // Whoever gives up waiting must not lose what was read and is not counted yet.
        let (tracker, subject) = (self.clone(), subject.clone());
        let looked = tokio::spawn(async move { tracker.look_to_the_end(&subject).await });
        if let Err(error) = looked.await {
            tracing::error!("counting what an agent uses: {error}");
        }
    }

    async fn look_to_the_end(&self, subject: &Subject) {
        let session = subject.owner.session_id;
        let files = Arc::clone(&self.inner.files.entry(session).or_default());
        let mut files = files.lock_owned().await;
        let Ok(_permit) = self.inner.reading.acquire().await else { return };
        let mut changed = false;
        loop {
            let about = subject.clone();
            let read = spawn_blocking(move || {
                let (found, more) = files.read(&about);
                (files, found, more)
            });
            let Ok((back, found, more)) = read.await else {
                // It panicked, and what it had read is gone; the next look reads all again.
                self.inner.files.remove(&session);
                return;
            };
            files = back;
            if !found.is_empty() {
                let rows = found.into_iter().map(row).collect();
                match self.inner.store.add_usage(subject.owner.clone(), rows).await {
                    Ok(new) => {
                        self.inner.failing.store(false, Ordering::Relaxed);
                        changed |= new;
                    }
                    Err(error) => {
                        *files = Files::default();
                        return self.fail(&error);
                    }
                }
            }
            if !more {
                break;
            }
        }
        if changed {
            self.refresh(&subject.owner).await;
        }
    }

    /// Takes from a session's screen what its agent says it costs.
    pub(crate) async fn look_at_screen(&self, subject: &Subject, text: &str) {
        let Some(nanodollars) = screen::session_cost(text) else { return };
        let Owner { session_id, created_at, .. } = subject.owner;
        let run = format!("{session_id} {created_at} {}", subject.started_at);
        let now = now();
        let time = (now, days::day_of(now));
        match self.inner.store.say_cost(subject.owner.clone(), run, time, nanodollars).await {
            Ok(true) => self.refresh(&subject.owner).await,
            Ok(false) => {}
            Err(error) => self.fail(&error),
        }
    }

    /// Lets go of what is remembered of a session's files. Its cost stays.
    pub(crate) fn let_go(&self, session: SessionId) {
        self.inner.files.remove(&session);
    }

    /// Works out every session's cost again, with the prices as they are now.
    pub(crate) fn reprice(&self) {
        let prices = self.prices();
        for mut known in self.inner.known.iter_mut() {
            if let Some(cost) = accumulated(&prices, &known.used) {
                known.cost = cost;
            }
        }
        self.inner.changed.send_replace(());
    }

    /// What was used, by day, agent, project and model.
    ///
    /// # Errors
    /// [`synk_protocol::ErrorCode::Invalid`] for what is no day and for more than can be
    /// answered; when the store cannot be read.
    pub(crate) async fn list(&self, args: &ListCosts) -> Result<CostList, WireError> {
        let today = days::today();
        let asked = days::Days::asked(args, today)?;
        let today = today.to_string();
        let prices = self.prices();
        let used = self.inner.store.used_between(asked.since, asked.until).await?;
        let is_of_row = |a: &Used, b: &Used| {
            (&a.day, &a.agent_type, &a.project_path, &a.model)
                == (&b.day, &b.agent_type, &b.project_path, &b.model)
        };
        let rows: Vec<_> = used
            .chunk_by(is_of_row)
            .map(|used| CostRow {
                day: used[0].day.clone(),
                agent_type: used[0].agent_type.clone(),
                project_path: used[0].project_path.clone(),
                model: used[0].model.clone(),
                cost: prices.cost(used),
            })
            .collect();
        if rows.len() > MAX_ROWS {
            return Err(WireError::invalid(format!(
                "these days have {} rows, and {MAX_ROWS} is the most; ask for fewer days",
                rows.len()
            )));
        }
        let today = self.inner.store.used_between(today.clone(), today).await?;
        Ok(CostList { rows, today: prices.cost(&today), prices_of: Prices::date() })
    }

    fn prices(&self) -> Prices {
        Prices::new(&self.inner.settings.current().prices)
    }

    /// Says what a session's cost is now.
    async fn refresh(&self, owner: &Owner) {
        let Inner { store, facts, changed, known, .. } = &*self.inner;
        let used = match store.used_by(owner.session_id, owner.created_at).await {
            Ok(used) => used,
            Err(error) => return self.fail(&error),
        };
        let Some(cost) = accumulated(&self.prices(), &used) else { return };
        let key = (owner.session_id, owner.created_at);
        let before = known.insert(key, Known { used, cost: cost.clone() });
        let before = before.map(|known| known.cost.cost).unwrap_or_default();
        if before == cost.cost {
            return;
        }
        let delta = beyond(&cost.cost, &before);
        let news = CostUpdated { session_id: owner.session_id, delta, cumulative: cost };
        // Nobody listens when no client is connected.
        facts.send(Event::CostUpdated(news)).ok();
        changed.send_replace(());
    }

    /// What was read is read again at the next look.
    fn fail(&self, error: &StoreError) {
        tracing::warn!("counting what agents use: {error}");
        if self.inner.failing.swap(true, Ordering::Relaxed) {
            return;
        }
        let message = not_counted(error);
        let event = AppError { source: "cost".to_owned(), message, recoverable: true };
        self.inner.facts.send(Event::AppError(event)).ok();
    }
}

fn not_counted(error: &StoreError) -> String {
    format!("What agents use is not counted at present: {error}")
}

fn row(usage: Usage) -> UsageRow {
    let at = usage.at.unwrap_or_else(now);
    UsageRow { at, day: days::day_of(at), usage }
}

fn now() -> u64 {
    u64::try_from(jiff::Timestamp::now().as_millisecond()).unwrap_or(0)
}

/// All that a session used; nothing when that is nothing.
fn accumulated(prices: &Prices, used: &[Used]) -> Option<CostAccumulator> {
    let at = used.iter().map(|used| used.at).max()?;
    let mut models: Vec<(u64, &str)> = Vec::new();
    for used in used.iter().filter(|used| !used.model.is_empty()) {
        match models.iter_mut().find(|(_, model)| *model == used.model) {
            Some((last, _)) => *last = used.at.max(*last),
            None => models.push((used.at, &used.model)),
        }
    }
    models.sort_unstable();
    let said = used.iter().any(|used| used.nanodollars.is_some());
    Some(CostAccumulator {
        cost: prices.cost(used),
        models: models.into_iter().map(|(_, model)| model.to_owned()).collect(),
        source: if said { CostSource::Screen } else { CostSource::Transcript },
        at,
    })
}

/// What `now` has beyond `before`.
fn beyond(now: &Cost, before: &Cost) -> Cost {
    let (a, b) = (&now.tokens, &before.tokens);
    Cost {
        tokens: TokenCounts {
            input: a.input.saturating_sub(b.input),
            output: a.output.saturating_sub(b.output),
            cache_read: a.cache_read.saturating_sub(b.cache_read),
            cache_write: a.cache_write.saturating_sub(b.cache_write),
        },
        nanodollars: now.nanodollars.map(|now| now.saturating_sub(before.nanodollars.unwrap_or(0))),
        unpriced_tokens: now.unpriced_tokens.saturating_sub(before.unpriced_tokens),
    }
}
