//! One prompt for many agents.

use std::time::{Duration, Instant};
use synk_protocol::{AgentType, ReceiptState, StatusState};
use synk_testkit::fake_agent::AgentEvent;

use super::{Desk, prompt, states};

const KINDS: [AgentType; 3] = [AgentType::ClaudeCode, AgentType::Codex, AgentType::GeminiCli];

#[tokio::test]
async fn twelve_agents_take_one_prompt_within_a_second() {
    let mut desk = Desk::new().await;
    let mut sessions = Vec::new();
    for index in 0..12 {
        sessions.push(desk.agent(KINDS[index % 3].clone(), "--work 3000").await);
    }
    for session in &sessions {
        desk.until_state(*session, StatusState::Idle).await;
    }
    let begin = Instant::now();
    let receipts = desk.send(&sessions, "commit what you have").await;
    let took = begin.elapsed();
    assert_eq!(states(&receipts), [ReceiptState::Working; 12], "{receipts:?}");
    println!("12 receipts in {took:?}");
    assert!(took < Duration::from_secs(1), "it took {took:?}");
    for session in sessions {
        assert_eq!(desk.home.prompts(session), [b"commit what you have"]);
    }
}

#[tokio::test]
async fn who_shows_a_dialog_or_has_ended_says_so_and_gets_nothing() {
    let mut desk = Desk::new().await;
    let mut sessions = Vec::new();
    for index in 0..12 {
        let options = if index < 2 { "--work 60000" } else { "--work 2000" };
        sessions.push(desk.agent(KINDS[index % 3].clone(), options).await);
    }
    for session in &sessions {
        desk.until_state(*session, StatusState::Idle).await;
    }
    let dialogs = [sessions[3], sessions[4]];
    let ended = sessions[5];
    desk.send(&dialogs, "!permission").await;
    desk.send(&[ended], "!exit 3").await;
    for session in dialogs {
        desk.until_state(session, StatusState::Waiting).await;
    }
    desk.until_state(ended, StatusState::Exited).await;
    let before = desk.home.agent_log().len();

    let receipts = desk.send(&sessions, "go on").await;
    for receipt in &receipts {
        let expected = match receipt.session_id {
            session if dialogs.contains(&session) => ReceiptState::Blocked,
            session if session == ended => ReceiptState::Exited,
            _ => ReceiptState::Working,
        };
        assert_eq!(receipt.state, expected, "{receipt:?}");
        assert_eq!(receipt.reason.is_some(), expected != ReceiptState::Working, "{receipt:?}");
    }
    let log = desk.home.agent_log();
    let typed = log[before..].iter().filter(|entry| {
        matches!(entry.event, AgentEvent::Disturbed { .. } | AgentEvent::Answered { .. })
    });
    assert_eq!(typed.count(), 0, "{log:?}");
    for session in dialogs {
        assert_eq!(desk.home.prompts(session), [b"!permission"]);
    }
}

#[tokio::test]
async fn a_prompt_that_makes_no_sense_is_for_nobody() {
    let mut desk = Desk::new().await;
    let session = desk.agent(AgentType::Codex, "").await;
    for (wrong, part) in [
        (prompt(&[], "x"), "1 to 256 sessions"),
        (prompt(&[session, session], "x"), "named twice"),
        (prompt(&[session], ""), "empty"),
        (prompt(&[session], "a\u{1b}[201~b"), "U+001B"),
    ] {
        let error = desk.call(wrong).await.unwrap_err();
        assert!(error.message.contains(part), "{error}");
    }
}
