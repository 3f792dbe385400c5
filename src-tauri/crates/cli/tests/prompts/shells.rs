//! Prompts for shells are commands.

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

#[tokio::test]
async fn what_somebody_is_typing_is_not_mixed_with_a_prompt() {
    let mut desk = Desk::new().await;
    let session = shell(&mut desk, "bash").await;
    desk.press(session, "echo half").await;
    desk.home.wait_screen(session, "echo half");
    let receipts = desk.send(&[session], "echo other").await;
    assert_eq!(states(&receipts), [ReceiptState::NotReady]);
    desk.press(session, "\u{15}").await;
    let receipts = desk.send_when_ready(&[session], "echo other-$((1+1))").await;
    assert_eq!(states(&receipts), [ReceiptState::Working], "{receipts:?}");
    let screen = desk.home.wait_screen(session, "other-2");
    assert!(!screen.contains("half other"), "{screen}");
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
