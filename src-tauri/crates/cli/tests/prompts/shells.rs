//! Prompts for shells are commands.

use std::sync::Arc;
use synk_protocol::{CreateSession, ReceiptState, SendPrompt, SessionId, StatusState};
use synk_testkit::wait_for;

use super::{Desk, prompt, states};

async fn shell(desk: &mut Desk, shell: &str) -> SessionId {
    let env = [("SHELL".to_owned(), format!("/usr/bin/{shell}"))].into();
    let args = CreateSession { env: Some(env), ..CreateSession::default() };
    let session = desk.create(args).await;
    desk.until_state(session, StatusState::Idle).await;
    session
}

#[tokio::test]
async fn a_command_is_typed_at_the_prompt_and_seen_to_run() {
    for name in ["bash", "zsh", "fish", "dash"] {
        let mut desk = Desk::new().await;
        let session = shell(&mut desk, name).await;
        let command = "echo ran > ran; sh -c 'echo up-$((1+1)); exec cat'";
        let receipts = desk.send(&[session], command).await;
        assert_eq!(states(&receipts), [ReceiptState::Working], "{name}: {receipts:?}");
        desk.until_state(session, StatusState::Working).await;
        // Another has to wait for the first.
        let receipts = desk.send(&[session], "echo no").await;
        assert_eq!(states(&receipts), [ReceiptState::NotReady], "{name}: {receipts:?}");
        // Before it has the terminal, a shell may keep the key to itself.
        desk.home.wait_screen(session, "up-2");
        desk.press(session, "\u{3}").await;
        desk.until_state(session, StatusState::Idle).await;
        let ran = std::fs::read_to_string(desk.home.work().join("ran")).unwrap();
        assert_eq!(ran, "ran\n", "{name}");
    }
}

#[tokio::test]
async fn several_lines_run_only_when_that_is_confirmed() {
    let mut desk = Desk::new().await;
    let session = shell(&mut desk, "bash").await;
    let lines = "echo one >> lines\necho two >> lines";
    let receipts = desk.send(&[session], lines).await;
    assert_eq!(states(&receipts), [ReceiptState::Unconfirmed]);
    let confirmed = SendPrompt { confirmed: Some(true), ..prompt(&[session], lines) };
    let receipts = desk.send_as(confirmed).await;
    assert_eq!(states(&receipts), [ReceiptState::Working]);
    let path = desk.home.work().join("lines");
    wait_for("both lines", || {
        std::fs::read_to_string(&path).ok().filter(|text| text == "one\ntwo\n")
    });
}

/// What stands at the prompt, `echo half`, keeps others away until it is taken back.
async fn is_not_mixed_with_a_prompt(desk: &mut Desk, session: SessionId) {
    let receipts = desk.send(&[session], "echo other").await;
    assert_eq!(states(&receipts), [ReceiptState::NotReady], "{receipts:?}");
    desk.press(session, "\u{15}").await;
    let receipts = desk.send_when_ready(&[session], "echo other-$((1+1))").await;
    assert_eq!(states(&receipts), [ReceiptState::Working], "{receipts:?}");
    let screen = desk.home.wait_screen(session, "other-2");
    assert!(!screen.contains("half other"), "{screen}");
}

#[tokio::test]
async fn what_somebody_is_typing_is_not_mixed_with_a_prompt() {
    let mut desk = Desk::new().await;
    let session = shell(&mut desk, "bash").await;
    desk.press(session, "echo half").await;
    desk.home.wait_screen(session, "echo half");
    is_not_mixed_with_a_prompt(&mut desk, session).await;
}

#[tokio::test]
async fn what_somebody_is_typing_outlives_that_its_prompt_is_drawn_again() {
    let mut desk = Desk::new().await;
    let session = shell(&mut desk, "bash").await;
    desk.press(session, "echo half").await;
    desk.home.log_with(session, "half");
    let home = Arc::clone(&desk.home);
    let prompts = || String::from_utf8_lossy(&home.log(session)).matches("\u{1b}]133;A").count();
    let before = prompts();
    let resize = synk_protocol::ResizeSession { session_id: session, cols: 100, rows: 30 };
    desk.call(resize).await.unwrap();
    wait_for("the prompt to be drawn again", || (prompts() > before).then_some(()));
    is_not_mixed_with_a_prompt(&mut desk, session).await;
}

#[tokio::test]
async fn what_synk_typed_without_enter_is_not_mixed_with_the_next_prompt() {
    let mut desk = Desk::new().await;
    let session = shell(&mut desk, "bash").await;
    let without_enter = SendPrompt { submit: Some(false), ..prompt(&[session], "echo half") };
    let receipts = desk.send_as(without_enter).await;
    assert_eq!(states(&receipts), [ReceiptState::Draft], "{receipts:?}");
    is_not_mixed_with_a_prompt(&mut desk, session).await;
}

#[tokio::test]
async fn one_that_cannot_be_typed_does_not_hold_up_those_behind_it() {
    let mut desk = Desk::new().await;
    let session = shell(&mut desk, "bash").await;
    desk.send(&[session], "cat").await;
    desk.until_state(session, StatusState::Working).await;
    let queue = |text: &str| SendPrompt { queue: Some(true), ..prompt(&[session], text) };
    let mut receipts = desk.call(queue("echo a\necho b")).await.unwrap();
    receipts.extend(desk.call(queue("echo behind-$((1+1))")).await.unwrap());
    assert_eq!(states(&receipts), [ReceiptState::Queued; 2]);
    desk.press(session, "\u{4}").await;
    let receipts = desk.until_final(receipts).await;
    assert_eq!(states(&receipts), [ReceiptState::Unconfirmed, ReceiptState::Working]);
    desk.home.wait_screen(session, "behind-2");
}

#[tokio::test]
async fn what_a_program_said_that_was_killed_is_not_believed_of_the_next_command() {
    let mut desk = Desk::new().await;
    let session = shell(&mut desk, "bash").await;
    let program = "sh -c 'printf \"\\033]7501;state=idle\\007up\"; kill -9 $$'";
    desk.send(&[session], program).await;
    desk.home.wait_screen(session, "up");
    let receipts = desk.send_when_ready(&[session], "echo there; cat").await;
    assert_eq!(states(&receipts), [ReceiptState::Working], "{receipts:?}");
    desk.home.wait_screen(session, "\nthere");
    desk.until_state(session, StatusState::Working).await;
    let receipts = desk.send(&[session], "not for cat").await;
    assert_eq!(states(&receipts), [ReceiptState::NotReady], "{receipts:?}");
}

#[tokio::test]
async fn a_program_that_says_nothing_is_not_typed_to() {
    let mut desk = Desk::new().await;
    let command = Some(vec!["cat".to_owned()]);
    let session = desk.create(CreateSession { command, ..CreateSession::default() }).await;
    let receipts = desk.send(&[session], "hello").await;
    assert_eq!(states(&receipts), [ReceiptState::NotReady]);
    assert_eq!(desk.home.screen(session).trim(), "");
}
