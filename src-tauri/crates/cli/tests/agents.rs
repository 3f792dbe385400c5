//! The scripted agent in the product: found by name where a login shell would find it, started
//! by the daemon, typed to by a verb.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

use std::{io::Write, process::Stdio};
use synk_client::Shim;
use synk_protocol::SessionId;
use synk_testkit::{
    Home,
    fake_agent::{AgentEvent, AgentState},
};

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

/// Calls Synk's hook in a session.
fn call_hook(home: &Home, session: SessionId, by_a_tool: bool, told: &str) {
    let mut hook = home.command(&["hook"]);
    hook.env("SYNK_SESSION", session.to_string()).stdin(Stdio::piped());
    if by_a_tool {
        hook.env("GEMINI_CLI", "1");
    }
    let mut hook = hook.spawn().unwrap();
    hook.stdin.take().unwrap().write_all(told.as_bytes()).unwrap();
    assert!(hook.wait().unwrap().success());
}

#[tokio::test]
async fn what_an_agents_tool_has_started_does_not_speak_for_the_session() {
    let home = Home::new(env!("CARGO_BIN_EXE_synk"));
    let session = home.create(&["--", "cat"]).session_id;
    let (shim, _output) = Shim::connect(&home.places().shim_socket(session)).await.unwrap();
    shim.watch().await.unwrap();
    let inner = r#"{"hook_event_name":"AfterAgent","session_id":"inner"}"#;
    call_hook(&home, session, true, inner);
    // What was told of the conversation before stays known.
    call_hook(&home, session, false, r#"{"hook_event_name":"BeforeAgent"}"#);
    let mut signals = shim.signals();
    let told = signals.wait_for(|signals| signals.hook.is_some()).await.unwrap();
    let hook = told.hook.as_ref().unwrap();
    assert_eq!((hook.event.as_str(), hook.conversation.as_deref()), ("BeforeAgent", None));
}
