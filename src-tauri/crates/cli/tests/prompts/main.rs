//! Prompts and status through the real program, with scripted agents on real terminals.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "in a test a panic is how it fails"
)]

mod broadcast;
mod composer;
mod exact;
mod queue;
mod random;
mod shells;
mod status;

use std::{
    collections::{BTreeMap, HashMap},
    pin::pin,
    sync::Arc,
    time::Duration,
};
use synk_client::Daemon;
use synk_protocol::{
    AgentType, Call, CreateSession, Event, ListSessions, Receipt, ReceiptState, SendPrompt,
    SessionId, SessionInfo, StatusState, WireError,
};
use synk_testkit::{Home, fake_agent::OPTIONS_VARIABLE};
use tokio::{sync::mpsc, time::timeout};

const PATIENCE: Duration = Duration::from_secs(30);

/// A daemon with scripted agents, and its events.
struct Desk {
    home: Arc<Home>,
    daemon: Daemon,
    events: mpsc::Receiver<Event>,
    /// Every session as it was last told.
    sessions: Vec<SessionInfo>,
    /// What was told of prompts and not asked for yet, by their ids.
    receipts: HashMap<u32, Receipt>,
}

impl Desk {
    async fn new() -> Self {
        let home = Home::new(env!("CARGO_BIN_EXE_synk"));
        home.install_agents("");
        Self::open(home).await
    }

    async fn open(home: Home) -> Self {
        Self::at(Arc::new(home)).await
    }

    /// Somebody else who works in the same home.
    async fn another_hand(&self) -> Self {
        Self::at(Arc::clone(&self.home)).await
    }

    async fn at(home: Arc<Home>) -> Self {
        home.ok(&["ls"]);
        let (daemon, events) = Daemon::connect(&home.places(), true).await.unwrap();
        Self { home, daemon, events, sessions: Vec::new(), receipts: HashMap::new() }
    }

    /// The same after the daemon was killed.
    async fn again(self) -> Self {
        let Self { home, daemon, events, .. } = self;
        synk_testkit::processes::kill(home.daemon_pid());
        drop((daemon, events));
        Self::at(home).await
    }

    /// Starts an agent with these options.
    async fn agent(&mut self, agent_type: AgentType, options: &str) -> SessionId {
        let env = BTreeMap::from([(OPTIONS_VARIABLE.to_owned(), options.to_owned())]);
        self.create(CreateSession { agent_type, env: Some(env), ..CreateSession::default() }).await
    }

    async fn create(&mut self, args: CreateSession) -> SessionId {
        let project_path = self.home.work().display().to_string();
        let args = CreateSession { project_path, ..args };
        self.call(args).await.unwrap().session_id
    }

    /// Hears events until a session is as wanted.
    async fn until(&mut self, session: SessionId, wanted: impl Fn(&SessionInfo) -> bool) {
        let heard = async {
            loop {
                if self.sessions.iter().any(|one| one.session_id == session && wanted(one)) {
                    return;
                }
                self.hear().await;
            }
        };
        let late = timeout(PATIENCE, heard).await.is_err();
        let is = self.sessions.iter().find(|one| one.session_id == session);
        assert!(!late, "waited {PATIENCE:?} in vain: {:?}", is.map(|one| &one.status));
    }

    async fn until_state(&mut self, session: SessionId, state: StatusState) {
        self.until(session, |one| one.status.state == state).await;
    }

    /// Calls a command, and hears events meanwhile: who does not read them gets no answers.
    async fn call<C: Call>(&mut self, args: C) -> Result<C::Reply, WireError> {
        let daemon = self.daemon.clone();
        let mut answer = pin!(daemon.call(args));
        loop {
            tokio::select! {
                answer = &mut answer => return answer,
                event = self.events.recv() => self.take(&event.expect("a daemon that goes on")),
            }
        }
    }

    /// The next event; what it says is kept.
    async fn hear(&mut self) -> Event {
        let event = self.events.recv().await.expect("a daemon that goes on");
        self.take(&event);
        event
    }

    fn take(&mut self, event: &Event) {
        match event {
            Event::SessionsChanged(changed) => self.sessions.clone_from(&changed.sessions),
            Event::DispatchReceipt(receipt) => {
                self.receipts.insert(receipt.prompt_id, receipt.clone());
            }
            _ => {}
        }
    }

    /// Sends a prompt and hears what becomes of it in each session.
    async fn send(&mut self, sessions: &[SessionId], text: &str) -> Vec<Receipt> {
        self.send_as(prompt(sessions, text)).await
    }

    /// The same, as soon as they are ready for it.
    async fn send_when_ready(&mut self, sessions: &[SessionId], text: &str) -> Vec<Receipt> {
        self.send_as(SendPrompt { queue: Some(true), ..prompt(sessions, text) }).await
    }

    async fn send_as(&mut self, prompt: SendPrompt) -> Vec<Receipt> {
        let receipts = self.call(prompt).await.unwrap();
        self.until_final(receipts).await
    }

    async fn until_final(&mut self, mut receipts: Vec<Receipt>) -> Vec<Receipt> {
        self.note(&mut receipts);
        while !receipts.iter().all(|receipt| receipt.state.is_final()) {
            let event = timeout(PATIENCE, self.hear()).await;
            assert!(event.is_ok(), "waited {PATIENCE:?} in vain: {receipts:?}");
            self.note(&mut receipts);
        }
        receipts
    }

    /// Brings receipts up to date with what was told.
    fn note(&mut self, receipts: &mut [Receipt]) {
        for receipt in receipts {
            if let Some(newer) = self.receipts.remove(&receipt.prompt_id) {
                *receipt = newer;
            }
        }
    }

    fn note_receipts(&mut self, waiting: &mut [(Receipt, String)]) {
        for (receipt, _) in waiting {
            self.note(std::slice::from_mut(receipt));
        }
    }

    /// Presses keys in a session, as a person does.
    async fn press(&mut self, session_id: SessionId, keys: &str) {
        let data = keys.to_owned();
        let write = synk_protocol::WriteSession { session_id, data, binary: None };
        self.call(write).await.unwrap();
    }

    async fn list(&mut self) -> Vec<SessionInfo> {
        self.call(ListSessions::default()).await.unwrap()
    }
}

fn prompt(sessions: &[SessionId], text: &str) -> SendPrompt {
    SendPrompt {
        session_ids: sessions.to_vec(),
        text: text.to_owned(),
        submit: None,
        queue: None,
        confirmed: None,
    }
}

fn states(receipts: &[Receipt]) -> Vec<ReceiptState> {
    receipts.iter().map(|receipt| receipt.state).collect()
}
