//! What somebody has typed into an agent's composer is not mixed with a prompt.

use synk_protocol::{AgentType, ReceiptState, SessionId, StatusState};

use super::{Desk, states};

/// What stands in the composer keeps others away until it is taken back.
async fn is_left_alone(desk: &mut Desk, session: SessionId) {
    let taken = desk.home.prompts(session);
    let receipts = desk.send(&[session], "other").await;
    assert_eq!(states(&receipts), [ReceiptState::NotReady], "{receipts:?}");
    assert_eq!(desk.home.prompts(session), taken);
    desk.press(session, "\u{15}").await;
    let receipts = desk.send_when_ready(&[session], "other").await;
    assert_eq!(states(&receipts), [ReceiptState::Working], "{receipts:?}");
    assert_eq!(desk.home.prompts(session).last().unwrap(), b"other");
}

#[tokio::test]
async fn what_is_typed_while_an_agent_says_again_that_it_works() {
    let mut desk = Desk::new().await;
    // Ctrl-J adds a line.
    for keys in ["half", "half\n"] {
        let session = desk.agent(AgentType::ClaudeCode, "").await;
        desk.until_state(session, StatusState::Idle).await;
        desk.send(&[session], "!chatter 1500").await;
        desk.press(session, keys).await;
        desk.until_state(session, StatusState::Done).await;
        is_left_alone(&mut desk, session).await;
    }
}

#[tokio::test]
async fn what_is_typed_before_an_agent_asks_something() {
    let mut desk = Desk::new().await;
    for (agent_type, options, answer) in [
        (AgentType::ClaudeCode, "", "y"),
        (AgentType::ClaudeCode, "", "\r"),
        (AgentType::Codex, "", "y"),
        // By its hooks and its own file, where the shim knows of no dialog.
        (AgentType::ClaudeCode, "--reports nothing --transcript", "y"),
        (AgentType::ClaudeCode, "--reports nothing --transcript", "\r"),
    ] {
        let session = desk.agent(agent_type, options).await;
        desk.until_state(session, StatusState::Idle).await;
        // At once, so that the rest is in the composer before there is a dialog.
        let keys = "\u{1b}[200~!work 300\n!permission\u{1b}[201~\rhalf";
        desk.press(session, keys).await;
        desk.until_state(session, StatusState::Waiting).await;
        desk.press(session, answer).await;
        desk.until_state(session, StatusState::Done).await;
        is_left_alone(&mut desk, session).await;
    }
}
