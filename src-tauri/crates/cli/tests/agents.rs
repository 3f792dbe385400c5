//! The scripted agent in the product: found by name where a login shell would find it, started
//! by the daemon, typed to by a verb and by a broadcast.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

use std::{
    collections::BTreeMap,
    thread,
    time::{Duration, Instant},
};
use synk_client::Daemon;
use synk_protocol::{Event, Receipt, ReceiptState, SendPrompt, SessionId, StatusState};
use synk_testkit::{
    Home,
    fake_agent::{AgentEvent, AgentState},
    find_event, wait_for,
};
use tokio::sync::mpsc;

/// No real agent calls a hook sooner after its start, and the hook needs the session's socket.
const START: &str = "--start-delay 500";

/// Waits until a session's agent has been at this.
fn wait_state(home: &Home, session: SessionId, state: AgentState) {
    home.find_in_agent_log(&format!("{state:?} of session {session}"), |log| {
        let wanted = AgentEvent::State { state };
        log.iter().any(|one| one.session == Some(session) && one.event == wanted).then_some(())
    });
}

#[test]
fn each_is_started_by_its_name_and_takes_a_prompt() {
    let home = Home::new(env!("CARGO_BIN_EXE_synk"));
    home.install_agents("--work 0 --eat-enter 0");
    let sessions =
        ["claude", "codex", "gemini"].map(|name| home.create(&["--agent", name]).session_id);
    for session in sessions {
        wait_state(&home, session, AgentState::Idle);
        home.send(session, "hello");
        wait_state(&home, session, AgentState::Done);
        assert_eq!(home.prompts(session), [b"hello"]);
    }
}

#[test]
fn a_session_can_have_options_of_its_own() {
    let home = Home::new(env!("CARGO_BIN_EXE_synk"));
    home.install_agents("--work 0");
    let options = ["--agent", "codex", "--env", "SYNK_FAKE_AGENT=--trust-dialog"];
    let session = home.create(&options).session_id;
    wait_state(&home, session, AgentState::Trust);
    home.send(session, "hello");
    wait_state(&home, session, AgentState::Idle);
    assert!(home.prompts(session).is_empty());
}

/// Twelve agents, four of each kind, once all of them say that they are ready.
fn twelve(home: &Home) -> Vec<SessionId> {
    let sessions: Vec<_> = thread::scope(|scope| {
        let names = ["claude", "codex", "gemini"].into_iter().cycle().take(12);
        let created: Vec<_> = names
            .map(|name| scope.spawn(move || home.create(&["--agent", name]).session_id))
            .collect();
        created.into_iter().map(|one| one.join().unwrap()).collect()
    });
    wait_statuses(home, &sessions, StatusState::Idle);
    sessions
}

/// Waits until all of these sessions are at this.
fn wait_statuses(home: &Home, sessions: &[SessionId], state: StatusState) {
    for session in sessions {
        wait_for(&format!("session {session} to be {state:?}"), || {
            let status = home.session(*session).status;
            (status.state == state).then_some(())
        });
    }
}

/// Sends a prompt and answers the last that becomes of it in each session.
async fn send(
    daemon: &Daemon,
    events: &mut mpsc::Receiver<Event>,
    sessions: &[SessionId],
    text: &str,
) -> BTreeMap<SessionId, Receipt> {
    let prompt = SendPrompt {
        session_ids: sessions.to_vec(),
        text: text.to_owned(),
        submit: None,
        queue: None,
        confirmed: None,
    };
    let first = daemon.call(prompt).await.unwrap();
    let mut receipts: BTreeMap<_, _> = first.into_iter().map(|one| (one.session_id, one)).collect();
    while receipts.values().any(|receipt| !receipt.state.is_final()) {
        let receipt = find_event(events, |event| match event {
            Event::DispatchReceipt(receipt) => Some(receipt.clone()),
            _ => None,
        })
        .await;
        if receipts[&receipt.session_id].prompt_id == receipt.prompt_id {
            receipts.insert(receipt.session_id, receipt);
        }
    }
    receipts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broadcast_reaches_twelve_within_a_second() {
    let home = Home::new(env!("CARGO_BIN_EXE_synk"));
    home.install_agents(&format!("--work 3000 {START}"));
    let sessions = twelve(&home);
    let (daemon, mut events) = Daemon::connect(&home.places(), true).await.unwrap();
    let began = Instant::now();
    let receipts = send(&daemon, &mut events, &sessions, "one\n\tand all 👩‍👩‍👧").await;
    let took = began.elapsed();
    assert!(receipts.values().all(|one| one.state == ReceiptState::Working), "{receipts:#?}");
    assert!(took < Duration::from_secs(1), "it took {took:?}");
    for session in sessions {
        assert_eq!(home.prompts(session), ["one\n\tand all 👩‍👩‍👧".as_bytes()]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broadcast_types_nothing_into_dialogs_and_says_who_is_gone() {
    let home = Home::new(env!("CARGO_BIN_EXE_synk"));
    home.install_agents(&format!("--work 0 {START}"));
    let sessions = twelve(&home);
    let (daemon, mut events) = Daemon::connect(&home.places(), true).await.unwrap();
    let [asking, gone] = [&sessions[..2], &sessions[2..3]];
    send(&daemon, &mut events, asking, "!permission").await;
    wait_statuses(&home, asking, StatusState::Waiting);
    send(&daemon, &mut events, gone, "!exit 0").await;
    wait_statuses(&home, gone, StatusState::Exited);

    let receipts = send(&daemon, &mut events, &sessions, "for all").await;
    for session in &sessions {
        let expected = match session {
            one if asking.contains(one) => ReceiptState::Blocked,
            one if gone.contains(one) => ReceiptState::Exited,
            _ => ReceiptState::Working,
        };
        assert_eq!(receipts[session].state, expected, "{:?}", receipts[session]);
        let took = home.prompts(*session).contains(&b"for all".to_vec());
        assert_eq!(took, expected == ReceiptState::Working, "{session}");
    }
    let log = home.agent_log();
    let disturbed = log.iter().find(|one| matches!(one.event, AgentEvent::Disturbed { .. }));
    assert_eq!(disturbed, None);
}
