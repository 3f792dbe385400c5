//! Every prompt arrives as it is.

use synk_protocol::{AgentType, MAX_PROMPT_BYTES, ReceiptState, StatusState};
use synk_testkit::fake_agent::{AgentEvent, AgentState};

use super::{Desk, states};

#[tokio::test]
async fn prompts_of_every_kind_arrive_byte_for_byte() {
    let mut desk = Desk::new().await;
    let long = "0123456789abcdef 漢字 🚀\n".repeat(40_000);
    let long = &long[..long.floor_char_boundary(MAX_PROMPT_BYTES)];
    let texts = [
        "x",
        "two\nlines",
        "a\ttab\tand  spaces ",
        "emoji 🚀🔥✅ 👩‍👩‍👧 é e\u{301} 漢字 العربية",
        "[201~ without its escape, and $(touch x) `y` \"z\" \\",
        "\n\nleading and trailing\n\n",
        long,
    ];
    for agent_type in [AgentType::ClaudeCode, AgentType::Codex, AgentType::GeminiCli] {
        let session = desk.agent(agent_type.clone(), "--work 5").await;
        desk.until_state(session, StatusState::Idle).await;
        for (count, text) in texts.iter().enumerate() {
            let receipts = desk.send_when_ready(&[session], text).await;
            assert_eq!(states(&receipts), [ReceiptState::Working], "{agent_type}: {receipts:?}");
            let prompts = desk.home.find_in_agent_log("the prompt", |_| {
                Some(desk.home.prompts(session)).filter(|all| all.len() == count + 1)
            });
            assert!(prompts[count] == text.as_bytes(), "{agent_type}: prompt {count} differs");
        }
    }
}

#[tokio::test]
async fn nothing_is_chosen_in_a_menu_that_a_command_has_opened() {
    let mut desk = Desk::new().await;
    let session = desk.agent(AgentType::ClaudeCode, "").await;
    desk.until_state(session, StatusState::Idle).await;
    // Nothing says that it is open: all looks as if Enter was not taken.
    let receipts = desk.send(&[session], "/menu\n!silent\n!question").await;
    assert_eq!(states(&receipts), [ReceiptState::Draft], "{receipts:?}");
    desk.home.find_in_agent_log("the menu", |log| {
        let open = AgentEvent::State { state: AgentState::Question };
        log.iter().any(|entry| entry.event == open).then_some(())
    });
    let log = desk.home.agent_log();
    let was_answered = log.iter().any(|entry| matches!(entry.event, AgentEvent::Answered { .. }));
    assert!(!was_answered, "{log:?}");
}
