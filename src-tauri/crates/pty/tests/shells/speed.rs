//! What parking is for: how long a claim takes to the first prompt, and what waiting costs.

use std::fs;
use std::time::{Duration, Instant};

use synk_pty::Claim;

use crate::session::{ALL, BASH, FISH, Home, LOGIN_BASH, LOGIN_ZSH, Session, ZSH};

/// Claims of each shell.
const CLAIMS: usize = 50;

fn show(times: &mut [Duration]) -> (Duration, Duration) {
    times.sort();
    (times[times.len() / 2], times[times.len() * 95 / 100])
}

#[test]
fn a_claim_is_much_faster_than_a_start() {
    for shell in [BASH, LOGIN_BASH, ZSH, LOGIN_ZSH, FISH] {
        let home = Home::with(shell, "sleep 0.2");
        let (mut cold, mut claimed) = (Vec::new(), Vec::new());
        for _ in 0..CLAIMS {
            let mut session = Session::parked(shell, &home);
            let begun = Instant::now();
            session
                .claim(&Claim { working_dir: home.path(), set: &[], unset: &[], exec: &[] })
                .unwrap();
            session.expect("\x1b]133;A");
            claimed.push(begun.elapsed());
            if cold.len() < CLAIMS / 5 {
                let begun = Instant::now();
                let mut session = Session::plain(shell, &home, home.path());
                session.expect("ready> ");
                cold.push(begun.elapsed());
            }
        }
        let (middle, high) = show(&mut claimed);
        let (cold_middle, cold_high) = show(&mut cold);
        println!(
            "{shell:?}: claim to first prompt {middle:?} (95th percentile {high:?}), \
             a cold start {cold_middle:?} ({cold_high:?})"
        );
        assert!(middle * 4 < cold_middle, "{shell:?}: {middle:?} of {cold_middle:?}");
    }
}

#[test]
fn a_parked_shell_uses_no_time() {
    let homes = ALL.map(|shell| Home::with(shell, ""));
    let mut sessions: Vec<Session> =
        ALL.iter().zip(&homes).map(|(shell, home)| Session::parked(*shell, home)).collect();
    let used = |session: &Session| -> u64 {
        let stat = fs::read_to_string(format!("/proc/{}/stat", session.pid())).unwrap();
        let fields: Vec<&str> = stat.rsplit_once(") ").unwrap().1.split(' ').collect();
        // In user and kernel mode, in ticks of the clock.
        [fields[11], fields[12]].iter().map(|field| field.parse::<u64>().unwrap()).sum()
    };
    let switches = |session: &Session| -> String {
        let status = fs::read_to_string(format!("/proc/{}/status", session.pid())).unwrap();
        status.lines().filter(|line| line.contains("ctxt_switches")).collect()
    };
    // The mark is printed just before a shell blocks.
    for session in &sessions {
        session.wait_until_asleep();
    }
    let before: Vec<(u64, String)> =
        sessions.iter().map(|one| (used(one), switches(one))).collect();
    let silent = sessions[0].is_silent_for(Duration::from_secs(10));
    let after: Vec<(u64, String)> = sessions.iter().map(|one| (used(one), switches(one))).collect();
    assert!(silent);
    assert_eq!(before, after);
    for session in &mut sessions {
        assert_eq!(session.text(), "");
    }
}
