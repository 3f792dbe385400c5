//! The scripted agent in the product: found by name where a login shell would find it, started
//! by the daemon, typed to by a verb.

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
