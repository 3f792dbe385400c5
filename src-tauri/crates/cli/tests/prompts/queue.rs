//! Prompts that wait for their session.

use synk_protocol::{
    AgentType, EditQueued, ErrorCode, ListQueue, ReceiptState, SendPrompt, SessionId, StatusState,
};

use super::{Desk, prompt, states};

fn queued(session: SessionId, text: &str) -> SendPrompt {
    SendPrompt { queue: Some(true), ..prompt(&[session], text) }
}

async fn waiting(desk: &Desk, session_id: SessionId) -> Vec<String> {
    let waiting = desk.daemon.call(ListQueue { session_id }).await.unwrap();
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
        receipts.extend(desk.daemon.call(queued(session, text)).await.unwrap());
    }
    assert_eq!(states(&receipts), [ReceiptState::Queued; 3]);
    assert_eq!(waiting(&desk, session).await, ["one", "two", "three"]);
    desk.until(session, |one| one.queued_prompts == 3).await;
    let not_ready = desk.send(&[session], "now").await;
    assert_eq!(states(&not_ready), [ReceiptState::Blocked]);

    let edit =
        |prompt_id, text: Option<&str>| EditQueued { prompt_id, text: text.map(str::to_owned) };
    desk.daemon.call(edit(receipts[1].prompt_id, Some("two, better"))).await.unwrap();
    desk.daemon.call(edit(receipts[2].prompt_id, None)).await.unwrap();
    let error = desk.daemon.call(edit(receipts[2].prompt_id, None)).await.unwrap_err();
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
    desk.daemon.call(queued(session, "later")).await.unwrap();
    let mut desk = desk.again().await;
    desk.until_state(session, StatusState::Waiting).await;
    desk.until(session, |one| one.queued_prompts == 1).await;
    assert_eq!(waiting(&desk, session).await, ["later"]);
    desk.press(session, "y").await;
    desk.until(session, |one| one.queued_prompts == 0).await;
    let prompts = desk.home.find_in_agent_log("the prompt", |_| {
        Some(desk.home.prompts(session)).filter(|prompts| prompts.len() == 2)
    });
    assert_eq!(prompts[1], b"later");
}

#[tokio::test]
async fn what_was_being_typed_when_the_daemon_went_down_is_not_typed_again() {
    let mut desk = Desk::new().await;
    // It reads nothing for a while, so that a large prompt is under way when the daemon goes.
    let session = desk.agent(AgentType::ClaudeCode, "--work 20").await;
    desk.until_state(session, StatusState::Idle).await;
    desk.send(&[session], "!slow-read 2000\n!work 1").await;
    desk.until(session, |one| one.status.state == StatusState::Working).await;
    desk.daemon.call(queued(session, &"large ".repeat(50_000))).await.unwrap();
    desk.until(session, |one| one.queued_prompts == 1).await;
    let mut desk = desk.again().await;
    desk.until(session, |one| {
        matches!(one.status.state, StatusState::Idle | StatusState::Done | StatusState::Working)
    })
    .await;
    // Typed whole, or held, or still to come: never twice, never in part.
    desk.until(session, |one| matches!(one.status.state, StatusState::Idle | StatusState::Done))
        .await;
    let list = desk.daemon.call(ListQueue { session_id: session }).await.unwrap();
    let large = |prompt: &&Vec<u8>| prompt.len() == 6 * 50_000;
    let whole = desk.home.prompts(session).iter().filter(large).count();
    assert!(whole <= 1);
    assert!(whole == 1 || list.len() == 1, "it is nowhere");
}
