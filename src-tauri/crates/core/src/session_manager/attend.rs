//! Attending a session: one task that hears what its shim observes, keeps its status, and
//! brings it the prompts that are for it, one at a time. It ends with the connection to the
//! shim; what waits stays in the store.

use std::{future::Future, pin::Pin};
use synk_client::Shim;
use synk_protocol::{
    AgentType, Event, Receipt, ReceiptState, SessionId, SessionRecord, SessionState, Signals,
    StatusState, WireError,
};
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::{Duration, sleep},
};

use super::SessionManager;
use crate::{
    agents::Agent,
    prompts::{Courier, Live, Outcome, Prompt, Queue, being_typed, refusal},
    status::{FileStatus, Known, Status},
    time::now_millis,
};

/// Orders that may wait.
const ORDERS: usize = 64;

/// What an attendant is asked.
#[derive(Debug)]
pub(super) enum Order {
    /// Bring a prompt, or queue it if it cannot go now and `queue` says so.
    Send { prompt: Prompt, queue: bool, receipt: oneshot::Sender<Receipt> },
    /// A person looks at the session.
    Seen,
    /// Say which prompts wait.
    List { reply: oneshot::Sender<Vec<Prompt>> },
    /// Change a prompt that waits, or take it out. Answers whether it is here.
    Edit { id: u32, text: Option<String>, reply: oneshot::Sender<Result<bool, WireError>> },
}

/// The one who looks after a session. A clone shares it.
#[derive(Debug, Clone)]
pub(super) struct Attendant {
    orders: mpsc::Sender<Order>,
    live: watch::Receiver<Live>,
}

impl Attendant {
    pub(super) fn live(&self) -> Live {
        self.live.borrow().clone()
    }

    /// Asks for something. It fails when the session's shim is gone.
    pub(super) async fn order<T>(
        &self,
        order: impl FnOnce(oneshot::Sender<T>) -> Order,
    ) -> Result<T, WireError> {
        let gone = || WireError::unavailable("the session's shim is gone");
        let (reply, answer) = oneshot::channel();
        self.orders.send(order(reply)).await.map_err(|_| gone())?;
        answer.await.map_err(|_| gone())
    }

    pub(super) async fn seen(&self) {
        // Nobody looks at a session whose shim is gone.
        self.orders.send(Order::Seen).await.ok();
    }
}

/// A prompt that is being brought.
struct Delivery {
    prompt: Prompt,
    /// It is the first of the queue.
    queued: bool,
    outcome: Pin<Box<dyn Future<Output = Outcome> + Send>>,
}

struct Attending {
    manager: SessionManager,
    session: SessionId,
    shim: Shim,
    agent: Agent,
    record: watch::Receiver<SessionRecord>,
    signals: watch::Receiver<Signals>,
    file: Option<FileStatus>,
    status: Status,
    queue: Queue,
    /// The queue's first could not go when things were so; it is tried when they are not.
    refused_at: Option<(u64, StatusState, bool)>,
    live: watch::Sender<Live>,
}

impl SessionManager {
    /// Begins to attend a session.
    pub(super) fn attend(&self, session: SessionId, shim: &Shim) -> Attendant {
        let (orders, inbox) = mpsc::channel(ORDERS);
        let (live, told) = watch::channel(Live::default());
        let (manager, shim) = (self.clone(), shim.clone());
        let closing = self.inner.closing.clone();
        self.inner.tasks.spawn(async move {
            let attending = Attending::begin(manager, session, shim, live);
            tokio::select! {
                () = closing.cancelled() => {}
                () = async { attending.await.run(inbox).await } => {}
            }
        });
        Attendant { orders, live: told }
    }
}

impl Attending {
    async fn begin(
        manager: SessionManager,
        session: SessionId,
        shim: Shim,
        live: watch::Sender<Live>,
    ) -> Self {
        let record = shim.record();
        let agent_type = record.borrow().agent_type.clone();
        // One that the settings have no more is a program like any other.
        let agent = manager.inner.agents.get(&agent_type).unwrap_or_default();
        let store = manager.inner.store.clone();
        let queue = match Queue::open(store.clone(), session).await {
            Ok(queue) => queue,
            Err(error) => {
                manager.tell(format!("The prompts that wait could not be read: {error}"));
                Queue::empty(store)
            }
        };
        if let Err(error) = shim.watch().await {
            tracing::debug!(%session, "watching the session: {error}");
        }
        let signals = shim.signals();
        let status = Status::default();
        let (file, refused_at) = (None, None);
        Self {
            manager,
            session,
            shim,
            agent,
            record,
            signals,
            file,
            status,
            queue,
            refused_at,
            live,
        }
    }

    async fn run(mut self, mut inbox: mpsc::Receiver<Order>) {
        let mut delivery: Option<Delivery> = None;
        let mut busy = false;
        loop {
            self.weigh();
            if delivery.is_none() {
                delivery = self.next().await;
            }
            let due = self.due();
            tokio::select! {
                changed = self.record.changed() => if changed.is_err() { break },
                changed = self.signals.changed() => {
                    if changed.is_err() {
                        break;
                    }
                    let now = self.signals.borrow_and_update().busy;
                    if now != busy {
                        busy = now;
                        self.read_file().await;
                    }
                }
                outcome = arrived(&mut delivery) => {
                    if let Some(done) = delivery.take() {
                        self.delivered(done, outcome).await;
                    }
                }
                Some(order) = inbox.recv() => match order {
                    Order::Send { prompt, queue, receipt } => {
                        self.on_send(prompt, queue, receipt, &mut delivery).await;
                    }
                    Order::Seen => self.status.seen(now_millis()),
                    Order::List { reply } => drop(reply.send(self.queue.prompts().to_vec())),
                    Order::Edit { id, text, reply } => {
                        let typed = delivery.as_ref().map(|delivery| delivery.prompt.id);
                        let done = self.edit(id, text, typed).await;
                        reply.send(done).ok();
                    }
                },
                () = sleep(due.unwrap_or_default()), if due.is_some() => {}
            }
        }
        if let Some(Delivery { prompt, queued: false, .. }) = delivery {
            let reason = "the session's shim ended while the prompt was typed".to_owned();
            self.say(prompt.receipt(ReceiptState::Timeout, Some(reason)));
        }
    }

    /// Brings the status up to date and tells it.
    fn weigh(&mut self) {
        let (record, signals) = (self.record.borrow().clone(), self.signals.borrow().clone());
        let known = Known {
            record: &record,
            rules: &self.agent.status,
            signals: self.shim.observes().then_some(&signals),
            file: self.file.as_ref(),
            now: now_millis(),
        };
        let changed = self.status.weigh(&known);
        let queued = u32::try_from(self.queue.prompts().len()).unwrap_or(u32::MAX);
        let recounted = self.live.borrow().queued != queued;
        self.live.send_replace(Live {
            status: self.status.current().clone(),
            evidence: self.status.evidence().to_vec(),
            signals: known.signals.cloned(),
            draft: self.status.has_draft(&signals),
            queued,
        });
        if changed || recounted {
            self.manager.changed();
        }
    }

    /// How long until the status may change by itself.
    fn due(&self) -> Option<Duration> {
        let record = self.record.borrow();
        let now = now_millis();
        let due = self.status.due(&record, now)?;
        Some(Duration::from_millis(due.saturating_sub(now).max(1)))
    }

    /// What the agent's own file says, when there is nothing better.
    async fn read_file(&mut self) {
        let Some(read) = self.agent.file_status else { return };
        if !self.signals.borrow().reports.is_empty() {
            self.file = None;
            return;
        }
        let record = self.record.borrow().clone();
        let read = tokio::task::spawn_blocking(move || read(&record));
        self.file = read.await.ok().flatten();
    }

    async fn on_send(
        &mut self,
        prompt: Prompt,
        queue: bool,
        receipt: oneshot::Sender<Receipt>,
        delivery: &mut Option<Delivery>,
    ) {
        let refusal = refusal(&self.live.borrow(), &prompt, self.is_shell());
        let is_hopeless = refusal.as_ref().is_some_and(|refusal| !may_wait(refusal.state));
        let answer = if let Some(Outcome { state, reason, .. }) =
            refusal.filter(|_| is_hopeless || !queue)
        {
            prompt.receipt(state, reason)
        } else if queue {
            match self.queue.add(prompt.clone()).await {
                Ok(()) => prompt.receipt(ReceiptState::Queued, None),
                Err(error) => prompt.receipt(ReceiptState::Refused, Some(error.message)),
            }
        } else if delivery.is_some() || !self.queue.prompts().is_empty() {
            let reason = "other prompts wait for it".to_owned();
            prompt.receipt(ReceiptState::NotReady, Some(reason))
        } else {
            *delivery = Some(self.deliver(prompt.clone(), false));
            prompt.receipt(ReceiptState::Queued, None)
        };
        // Whoever asked may have given up; what becomes of it is told all the same.
        receipt.send(answer).ok();
    }

    /// Begins to bring the queue's first prompt, if its time has come.
    async fn next(&mut self) -> Option<Delivery> {
        let moment = {
            let live = self.live.borrow();
            (live.signals.as_ref()?.revision, live.status.state, live.draft)
        };
        let is_ready = matches!(moment.1, StatusState::Idle | StatusState::Done);
        if !is_ready {
            // When it is ready again, things are different, although they may look the same.
            self.refused_at = None;
        }
        if !is_ready || self.refused_at == Some(moment) {
            return None;
        }
        let prompt = match self.queue.begin().await {
            Ok(prompt) => prompt?,
            Err(error) => {
                self.refused_at = Some(moment);
                self.manager.tell(format!("A prompt that waits cannot be sent: {error}"));
                return None;
            }
        };
        self.refused_at = Some(moment);
        Some(self.deliver(prompt, true))
    }

    /// Whether what is typed runs as commands.
    fn is_shell(&self) -> bool {
        self.agent.kind == AgentType::Terminal
    }

    fn deliver(&self, prompt: Prompt, queued: bool) -> Delivery {
        let courier = Courier {
            shim: self.shim.clone(),
            live: self.live.subscribe(),
            delivery: self.agent.delivery,
            shell: self.is_shell(),
        };
        let (manager, brought) = (self.manager.clone(), prompt.clone());
        let outcome = Box::pin(async move {
            let tell = |state| manager.say(Event::DispatchReceipt(brought.receipt(state, None)));
            courier.deliver(&brought, tell).await
        });
        Delivery { prompt, queued, outcome }
    }

    async fn delivered(&mut self, delivery: Delivery, outcome: Outcome) {
        let Delivery { prompt, queued, .. } = delivery;
        if queued && !outcome.typed && may_wait(outcome.state) {
            // It waits on, until something is different.
            if let Err(error) = self.queue.put_back(&prompt).await {
                tracing::warn!(session = %self.session, "putting a prompt back: {error}");
            }
            return;
        }
        if !outcome.typed {
            // Nothing was typed, so nothing will change; the next one may go all the same.
            self.refused_at = None;
        }
        if queued && let Err(error) = self.queue.remove(prompt.id).await {
            self.manager.tell(format!(
                "A prompt that was sent could not be forgotten. It is held until it is taken out: \
                 {error}"
            ));
        }
        self.say(prompt.receipt(outcome.state, outcome.reason));
    }

    async fn edit(
        &mut self,
        id: u32,
        text: Option<String>,
        typed: Option<u32>,
    ) -> Result<bool, WireError> {
        if typed == Some(id) {
            return Err(being_typed());
        }
        self.refused_at = None;
        let Some(text) = text else {
            let removed = self.queue.remove(id).await?;
            if let Some(prompt) = &removed {
                self.say(prompt.receipt(ReceiptState::Withdrawn, None));
            }
            return Ok(removed.is_some());
        };
        self.queue.edit(id, text).await
    }

    fn say(&self, receipt: Receipt) {
        self.manager.say(Event::DispatchReceipt(receipt));
    }
}

/// Whether what became of a prompt may be otherwise later.
fn may_wait(state: ReceiptState) -> bool {
    matches!(state, ReceiptState::NotReady | ReceiptState::Blocked | ReceiptState::Exited)
}

/// The outcome of what is being brought; never when nothing is.
async fn arrived(delivery: &mut Option<Delivery>) -> Outcome {
    match delivery {
        Some(delivery) => delivery.outcome.as_mut().await,
        None => std::future::pending().await,
    }
}

/// Whether a session's program can be attended: what has ended says so by its record.
pub(super) fn without_shim(record: &SessionRecord) -> Live {
    let mut status = Status::default();
    let rules = crate::status::StatusRules::default();
    let is_known = record.state != SessionState::Running;
    if is_known {
        let now = now_millis();
        let known = Known { record, rules: &rules, signals: None, file: None, now };
        status.weigh(&known);
    }
    Live { status: status.current().clone(), ..Live::default() }
}
