//! Prompts that wait for their session.

use synk_protocol::{
    AgentType, EditQueued, ErrorCode, ListQueue, ReceiptState, SendPrompt, SessionId, StatusState,
};

use synk_testkit::processes;

use super::{Desk, prompt, states};

fn queued(session: SessionId, text: &str) -> SendPrompt {
    SendPrompt { queue: Some(true), ..prompt(&[session], text) }
}

async fn waiting(desk: &mut Desk, session_id: SessionId) -> Vec<String> {
    let waiting = desk.call(ListQueue { session_id }).await.unwrap();
    waiting.into_iter().map(|prompt| prompt.text).collect()
}

#[tokio::test]
async fn what_cannot_go_now_waits_in_order_and_goes_when_it_can() {
    let mut desk = Desk::new().await;
    let session = desk.agent(AgentType::ClaudeCode, "--work 20").await;
    desk.until_state(session, StatusState::Idle).await;
    desk.send(&[session], "!permission").await;
    desk.until_state(session, StatusState::Waiting).await;
    let mut receipts = Vec::new();
    for text in ["one", "two", "three"] {
        receipts.extend(desk.call(queued(session, text)).await.unwrap());
    }
    assert_eq!(states(&receipts), [ReceiptState::Queued; 3]);
    assert_eq!(waiting(&mut desk, session).await, ["one", "two", "three"]);
    desk.until(session, |one| one.queued_prompts == 3).await;
    let not_ready = desk.send(&[session], "now").await;
    assert_eq!(states(&not_ready), [ReceiptState::Blocked]);

    let edit =
        |prompt_id, text: Option<&str>| EditQueued { prompt_id, text: text.map(str::to_owned) };
    desk.call(edit(receipts[1].prompt_id, Some("two, better"))).await.unwrap();
    desk.call(edit(receipts[2].prompt_id, None)).await.unwrap();
    let error = desk.call(edit(receipts[2].prompt_id, None)).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NotFound);

    desk.press(session, "y").await;
    let receipts = desk.until_final(receipts).await;
    let expected = [ReceiptState::Working, ReceiptState::Working, ReceiptState::Withdrawn];
    assert_eq!(states(&receipts), expected);
    assert_eq!(desk.home.prompts(session), [&b"!permission"[..], b"one", b"two, better"]);
    desk.until(session, |one| one.queued_prompts == 0).await;
}

#[tokio::test]
async fn a_queue_outlives_the_daemon() {
    let mut desk = Desk::new().await;
    let session = desk.agent(AgentType::Codex, "--work 20").await;
    desk.until_state(session, StatusState::Idle).await;
    desk.send(&[session], "!question").await;
    desk.until_state(session, StatusState::Waiting).await;
    desk.call(queued(session, "later")).await.unwrap();
    let mut desk = desk.again().await;
    desk.until_state(session, StatusState::Waiting).await;
    desk.until(session, |one| one.queued_prompts == 1).await;
    assert_eq!(waiting(&mut desk, session).await, ["later"]);
    desk.press(session, "y").await;
    desk.until(session, |one| one.queued_prompts == 0).await;
    let prompts = desk.home.find_in_agent_log("the prompt", |_| {
        Some(desk.home.prompts(session)).filter(|prompts| prompts.len() == 2)
    });
    assert_eq!(prompts[1], b"later");
}

#[tokio::test]
async fn what_was_being_typed_when_the_daemon_went_down_is_held() {
    let mut desk = Desk::new().await;
    let session = desk.agent(AgentType::ClaudeCode, "--work 20").await;
    desk.until_state(session, StatusState::Idle).await;
    let pid = desk.sessions.iter().find(|one| one.session_id == session).unwrap().pid.unwrap();
    // It reads nothing, so that a large prompt is under way when the daemon goes.
    processes::freeze(pid);
    desk.call(queued(session, &"large ".repeat(50_000))).await.unwrap();
    desk.until(session, |one| one.queued_prompts == 1).await;
    let socket = desk.home.places().shim_socket(session);
    let (shim, _output) = synk_client::Shim::connect(&socket).await.unwrap();
    shim.watch().await.unwrap();
    shim.signals().wait_for(|signals| signals.draft).await.unwrap();
    let mut desk = desk.again().await;
    processes::thaw(pid);
    desk.until(session, |one| one.queued_prompts == 1).await;
    // It gets the text and no Enter, and nobody types it again.
    desk.home.wait_screen(session, "[Pasted text of 300000 bytes]");
    let list = desk.call(ListQueue { session_id: session }).await.unwrap();
    assert!(list[0].held);
    let receipts = desk.send(&[session], "another").await;
    assert_eq!(states(&receipts), [ReceiptState::NotReady], "{receipts:?}");
    assert_eq!(desk.home.prompts(session).len(), 0);
    let withdrawn = EditQueued { prompt_id: list[0].prompt_id, text: None };
    desk.call(withdrawn).await.unwrap();
    desk.until(session, |one| one.queued_prompts == 0).await;
}
