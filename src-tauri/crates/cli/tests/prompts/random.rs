//! A thousand prompts for agents in every state: none is lost, doubled, cut, or typed into a
//! dialog.

use std::collections::{HashMap, HashSet};
use synk_protocol::{AgentType, Receipt, ReceiptState, SendPrompt, SessionId, StatusState};
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
        let long = "x".repeat(3000);
        let filling = match self.below(5) {
            0 => "plain",
            1 => "two\nlines",
            2 => "a\ttab",
            3 => "漢字 🚀",
            _ => &long,
        };
        format!("prompt {number}: {filling}{step}")
    }
}

/// Answers dialogs, each once, as a person does.
#[derive(Default)]
struct Person {
    answered: HashSet<u64>,
}

impl Person {
    async fn answer(&mut self, desk: &mut Desk, session: SessionId) {
        let list = desk.list().await;
        let status = list.iter().find(|one| one.session_id == session).map(|one| &one.status);
        let dialog = status.filter(|status| status.state == StatusState::Waiting);
        if let Some(dialog) = dialog
            && self.answered.insert(dialog.since)
        {
            desk.press(session, "y").await;
        }
    }
}

/// What became of one session's prompts.
#[derive(Default)]
struct Sent {
    worked_on: Vec<String>,
    counts: HashMap<ReceiptState, u32>,
}

impl Sent {
    fn note(&mut self, receipt: &Receipt, text: String) {
        *self.counts.entry(receipt.state).or_default() += 1;
        match receipt.state {
            ReceiptState::Working => self.worked_on.push(text),
            ReceiptState::Blocked | ReceiptState::NotReady => {}
            other => panic!("{other:?}: {receipt:?}"),
        }
    }
}

/// Sends so many prompts to one session, some of which wait in its queue.
async fn drive(mut desk: Desk, session: SessionId, seed: u64, prompts: u32) -> Sent {
    let (mut numbers, mut person) = (Numbers(seed), Person::default());
    let (mut sent, mut waiting) = (Sent::default(), Vec::new());
    for number in 0..prompts {
        let text = numbers.text(number);
        let queue = numbers.below(4) == 0 && waiting.len() < 32;
        let request = SendPrompt { queue: Some(queue), ..prompt(&[session], &text) };
        let receipt = desk.call(request).await.unwrap().remove(0);
        if queue && !receipt.state.is_final() {
            waiting.push((receipt, text));
        } else {
            let receipt = desk.until_final(vec![receipt]).await.remove(0);
            sent.note(&receipt, text);
        }
        // Those that wait are heard of in between, and dialogs are answered now and then.
        desk.note_receipts(&mut waiting);
        if numbers.below(3) == 0 {
            person.answer(&mut desk, session).await;
        }
        waiting.retain(|(receipt, text)| {
            if receipt.state.is_final() {
                sent.note(receipt, text.clone());
            }
            !receipt.state.is_final()
        });
    }
    while let Some((receipt, text)) = waiting.pop() {
        let mut receipts = vec![receipt];
        while !receipts[0].state.is_final() {
            person.answer(&mut desk, session).await;
            desk.hear().await;
            desk.note_receipts(&mut waiting);
            desk.note(&mut receipts);
        }
        sent.note(&receipts[0], text);
    }
    sent
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_prompts_in_random_states() {
    let mut desk = Desk::new().await;
    let kinds = [
        (AgentType::ClaudeCode, ""),
        (AgentType::Codex, ""),
        (AgentType::GeminiCli, ""),
        (AgentType::ClaudeCode, "--start-delay 300"),
        (AgentType::Codex, "--eat-enter 20"),
        (AgentType::ClaudeCode, "--alternate-screen"),
        (AgentType::GeminiCli, "--start-delay 500"),
        (AgentType::Codex, "--alternate-screen"),
    ];
    let prompts = rounds(1000).div_ceil(8);
    let mut driven = Vec::new();
    for (seed, (agent_type, options)) in (0x5eed_cafe_f00d_0001..).zip(kinds) {
        let session = desk.agent(agent_type, options).await;
        let mut hand = desk.another_hand().await;
        driven.push((
            session,
            tokio::spawn(async move {
                hand.until_state(session, StatusState::Idle).await;
                drive(hand, session, seed, prompts).await
            }),
        ));
    }
    let mut counts: HashMap<ReceiptState, u32> = HashMap::new();
    for (session, driven) in driven {
        let mut sent = driven.await.unwrap();
        for (state, count) in sent.counts {
            *counts.entry(state).or_default() += count;
        }
        let taken = desk.home.prompts(session).into_iter();
        let mut taken: Vec<_> = taken.map(|text| String::from_utf8(text).unwrap()).collect();
        taken.sort();
        sent.worked_on.sort();
        assert_eq!(taken, sent.worked_on, "what session {session} took is not what it was sent");
    }
    println!("{counts:?}");
    for entry in desk.home.agent_log() {
        if let AgentEvent::Disturbed { state, bytes } = &entry.event {
            let is_answer = state.is_dialog() && bytes.0 == b"y";
            assert!(is_answer, "{bytes:?} was typed while it was {state:?}");
        }
    }
}
