//! What is known of agents, and from where.

use std::time::Instant;
use synk_protocol::{
    AgentType, CreateSession, Event, GetStatus, MarkSeen, ReceiptState, SessionId, StatusSource,
    StatusState, WaitingFor,
};

use super::{Desk, states};

/// Hears events until a session has passed through these states, in this order and no other.
async fn passes(desk: &mut Desk, session: SessionId, expected: &[StatusState]) {
    let mut passed: Vec<_> = desk
        .sessions
        .iter()
        .filter(|one| one.session_id == session)
        .map(|one| one.status.state)
        .collect();
    while passed.last() != expected.last() || passed.len() < expected.len() {
        let heard = tokio::time::timeout(super::PATIENCE, desk.hear()).await;
        let Ok(event) = heard else { panic!("it passed only {passed:?}") };
        let Event::SessionsChanged(changed) = event else { continue };
        let one = changed.sessions.iter().find(|one| one.session_id == session).unwrap();
        if passed.last() != Some(&one.status.state) {
            passed.push(one.status.state);
        }
        assert!(expected.starts_with(&passed), "{passed:?} is not the beginning of {expected:?}");
    }
}

#[tokio::test]
async fn every_agent_works_waits_works_on_and_is_done() {
    use StatusState::{Done, Idle, Waiting, Working};
    let mut desk = Desk::new().await;
    for (agent_type, options, source) in [
        (AgentType::ClaudeCode, "", StatusSource::Program),
        (AgentType::Codex, "", StatusSource::Program),
        // By its hooks and its own file, where there are no reports.
        (AgentType::ClaudeCode, "--reports nothing --transcript", StatusSource::Hook),
    ] {
        let session = desk.agent(agent_type.clone(), options).await;
        desk.until_state(session, Idle).await;
        // Lists come at most every 50 ms, and later on a busy machine; each state is to be in one.
        let text = "!work 1500\n!permission\n!work 1500";
        let receipts = desk.call(super::prompt(&[session], text)).await.unwrap();
        passes(&mut desk, session, &[Idle, Working, Waiting]).await;
        // Its file may say so before its hook does.
        desk.until(session, |one| one.status.source == source).await;
        let waiting = desk.call(GetStatus { session_id: session }).await.unwrap();
        assert_eq!(waiting.status.waiting_for, Some(WaitingFor::Permission), "{agent_type}");
        assert_eq!(waiting.status.source, source, "{agent_type}: {waiting:?}");
        let decides: Vec<_> = waiting.evidence.iter().filter(|one| one.decides).collect();
        assert_eq!(decides.len(), 1);
        desk.press(session, "y").await;
        passes(&mut desk, session, &[Waiting, Working, Done]).await;
        assert_eq!(states(&receipts), [ReceiptState::Queued]);
        desk.call(MarkSeen { session_ids: vec![session] }).await.unwrap();
        desk.until_state(session, Idle).await;
    }
}

#[tokio::test]
async fn an_agent_that_asks_before_it_is_ready_is_waited_for() {
    let mut desk = Desk::new().await;
    let session = desk.agent(AgentType::ClaudeCode, "--trust-dialog").await;
    desk.until_state(session, StatusState::Waiting).await;
    let receipts = desk.send(&[session], "hello").await;
    assert_eq!(states(&receipts), [ReceiptState::Blocked]);
    let starting = desk.agent(AgentType::Codex, "--start-delay 60000").await;
    let receipts = desk.send(&[starting], "hello").await;
    assert_eq!(states(&receipts), [ReceiptState::NotReady]);
    assert_eq!(desk.home.prompts(session).len() + desk.home.prompts(starting).len(), 0);
}

#[tokio::test]
async fn what_is_known_of_an_agent_outlives_the_daemon() {
    let mut desk = Desk::new().await;
    let session = desk.agent(AgentType::ClaudeCode, "").await;
    desk.until_state(session, StatusState::Idle).await;
    desk.send(&[session], "!auth").await;
    desk.until_state(session, StatusState::Waiting).await;
    let mut desk = desk.again().await;
    desk.until_state(session, StatusState::Waiting).await;
    let session_id = session;
    let report = desk.call(GetStatus { session_id }).await.unwrap();
    assert_eq!(report.status.waiting_for, Some(WaitingFor::Auth));
}

#[tokio::test]
async fn agents_of_ones_own_are_data() {
    let home = synk_testkit::Home::new(env!("CARGO_BIN_EXE_synk"));
    home.install_agents("");
    home.places().prepare().unwrap();
    let program = synk_testkit::fake_agent::program().display().to_string();
    let settings = format!(
        "[agents.custom.helper]\nlabel = \"My Helper\"\ncommand = \"{program}\"\n\
         args = [\"--as\", \"gemini\"]\nversionArgs = [\"--version\"]\n\
         workingTitle = \"^✦\"\nidleTitle = \"^◇\"\nwaitingTitle = \"^✋\"\n"
    );
    std::fs::write(home.places().settings(), settings).unwrap();
    let mut desk = Desk::open(home).await;
    let helper: AgentType = "helper".parse().unwrap();
    let agents = desk.call(synk_protocol::ListAgents {}).await.unwrap();
    let found = agents.iter().find(|agent| agent.agent_type == helper).unwrap();
    assert_eq!((found.name.as_str(), found.path.is_some()), ("My Helper", true));
    // The version is asked for in the background.
    let version = synk_testkit::find_event(&mut desk.events, |event| match event {
        Event::AgentsChanged(changed) => {
            changed.agents.iter().find(|agent| agent.agent_type == helper)?.version.clone()
        }
        _ => None,
    })
    .await;
    assert_eq!(version, env!("CARGO_PKG_VERSION"));
    let session =
        desk.create(CreateSession { agent_type: helper.clone(), ..CreateSession::default() }).await;
    desk.until_state(session, StatusState::Idle).await;
    assert_eq!(desk.list().await[0].agent_type, helper);
    let report = desk.call(GetStatus { session_id: session }).await.unwrap();
    assert_eq!(report.status.source, StatusSource::Title);
    // Its titles are all that is known of it, and a busy machine misses a short one.
    let receipts = desk.send(&[session], "!work 1500\nhello").await;
    assert_eq!(states(&receipts), [ReceiptState::Working], "{receipts:?}");
    assert_eq!(desk.home.prompts(session), [b"!work 1500\nhello"]);
    let unknown =
        CreateSession { agent_type: "nobody".parse().unwrap(), ..CreateSession::default() };
    let project_path = desk.home.work().display().to_string();
    let error = desk.call(CreateSession { project_path, ..unknown }).await.unwrap_err();
    assert!(error.message.contains("helper"), "{error}");
}

/// What a session's agent says that it does: "step 7".
fn step(desk: &Desk, session: SessionId) -> u32 {
    let one = desk.sessions.iter().find(|one| one.session_id == session).unwrap();
    let message = one.status.message.as_deref().unwrap_or_default();
    message.strip_prefix("step ").and_then(|step| step.parse().ok()).unwrap_or(0)
}

#[tokio::test]
async fn agents_that_chatter_fill_no_more_than_twenty_lists_a_second() {
    let mut desk = Desk::new().await;
    let mut sessions = Vec::new();
    for _ in 0..4 {
        sessions.push(desk.agent(AgentType::Codex, "").await);
    }
    for session in &sessions {
        desk.until_state(*session, StatusState::Idle).await;
    }
    desk.send(&sessions, "!chatter 3600000").await;
    while step(&desk, sessions[3]) == 0 {
        desk.hear().await;
    }
    // A busy machine holds lists up and then has several at once, so that one of a few looks counts.
    let mut looks = Vec::new();
    for _ in 0..5 {
        let (began, first) = (Instant::now(), step(&desk, sessions[0]));
        let mut lists = 0;
        // Each has some twenty things to say in a second.
        while step(&desk, sessions[0]) < first + 40 {
            lists += u128::from(matches!(desk.hear().await, Event::SessionsChanged(_)));
        }
        let most = began.elapsed().as_millis() / 50 + 2;
        if (10..=most).contains(&lists) {
            return;
        }
        looks.push((lists, most));
    }
    panic!("lists, and how many are the most: {looks:?}");
}
