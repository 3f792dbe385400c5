//! A thousand prompts for agents in every state: none is lost, doubled, cut, or typed into a
//! dialog.

use std::collections::{HashMap, HashSet};
use synk_protocol::{AgentType, ReceiptState, SendPrompt, SessionId, StatusState};
use synk_testkit::{fake_agent::AgentEvent, rounds};

use super::{Desk, prompt};

/// Numbers that look random and are the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        // xorshift64, by Marsaglia.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    fn text(&mut self, number: u32) -> String {
        let step = match self.below(10) {
            0 => "\n!permission",
            1 => "\n!question",
            2 => "\n!work 30\n!permission\n!work 5",
            3 => "\n!fail",
            4 => "\n!work 60",
            _ => "\n!work 3",
        };
        let filling = ["plain", "two\nlines", "a\ttab", "漢字 🚀", "x".repeat(3000).leak()];
        let filling = filling[usize::try_from(self.below(5)).unwrap()];
        format!("prompt {number}: {filling}{step}")
    }
}

#[tokio::test]
async fn a_thousand_prompts_in_random_states() {
    let mut desk = Desk::new().await;
    let mut sessions = Vec::new();
    for (agent_type, options) in [
        (AgentType::ClaudeCode, ""),
        (AgentType::Codex, ""),
        (AgentType::GeminiCli, ""),
        (AgentType::ClaudeCode, "--reports titles"),
        (AgentType::Codex, "--eat-enter 20"),
        (AgentType::ClaudeCode, "--alternate-screen"),
    ] {
        sessions.push(desk.agent(agent_type, options).await);
    }
    for session in &sessions {
        desk.until_state(*session, StatusState::Idle).await;
    }
    let mut numbers = Numbers(0x5eed_cafe_f00d_0001);
    let mut sent: HashMap<SessionId, Vec<String>> = HashMap::new();
    let mut person = Person::default();
    let mut waiting = Vec::new();
    let mut counts: HashMap<ReceiptState, u32> = HashMap::new();
    for number in 0..rounds(1000) {
        let session = sessions[usize::try_from(numbers.below(6)).unwrap()];
        let text = numbers.text(number);
        let queue = numbers.below(4) == 0;
        let request = SendPrompt { queue: Some(queue), ..prompt(&[session], &text) };
        let receipt = desk.daemon.call(request).await.unwrap().remove(0);
        if queue && !receipt.state.is_final() {
            waiting.push((receipt, text));
        } else {
            let receipt = desk.until_final(vec![receipt]).await.remove(0);
            *counts.entry(receipt.state).or_default() += 1;
            match receipt.state {
                ReceiptState::Working => sent.entry(session).or_default().push(text),
                ReceiptState::Blocked | ReceiptState::NotReady => {}
                other => panic!("{other:?}: {receipt:?}"),
            }
        }
        // A person answers the dialogs now and then.
        if numbers.below(3) == 0 {
            person.answer(&desk).await;
        }
    }
    // Those that wait are answered until all have gone.
    for (receipt, text) in waiting {
        let mut receipts = vec![receipt];
        while !receipts[0].state.is_final() {
            person.answer(&desk).await;
            let done = tokio::time::timeout(
                std::time::Duration::from_millis(100),
                desk.until_final(receipts.clone()),
            );
            if let Ok(done) = done.await {
                receipts = done;
            }
        }
        assert_eq!(receipts[0].state, ReceiptState::Working, "{:?}", receipts[0]);
        sent.entry(receipts[0].session_id).or_default().push(text);
    }
    println!("{counts:?}");
    for session in &sessions {
        let mut taken: Vec<String> = desk
            .home
            .prompts(*session)
            .into_iter()
            .map(|prompt| String::from_utf8(prompt).unwrap())
            .collect();
        let mut sent = sent.remove(session).unwrap_or_default();
        taken.sort();
        sent.sort();
        assert_eq!(taken, sent, "what session {session} took is not what it was sent");
    }
    for entry in desk.home.agent_log() {
        if let AgentEvent::Disturbed { state, bytes } = &entry.event {
            let is_answer = state.is_dialog() && bytes.0 == b"y";
            assert!(is_answer, "{bytes:?} was typed while it was {state:?}");
        }
    }
}

/// Answers dialogs, each once, as a person does.
#[derive(Default)]
struct Person {
    answered: HashSet<(SessionId, u64)>,
}

impl Person {
    async fn answer(&mut self, desk: &Desk) {
        for one in desk.list().await {
            let dialog = (one.session_id, one.status.since);
            if one.status.state == StatusState::Waiting && self.answered.insert(dialog) {
                desk.press(one.session_id, "y").await;
            }
        }
    }
}
