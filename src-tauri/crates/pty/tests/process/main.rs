//! Real programs on real terminals. Adopting orphans, reaping and ending a tree concern a
//! whole process, so every case runs in a process of its own: this one starts itself once
//! per case and reports.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::missing_panics_doc,
    reason = "a test, though not one of the standard harness"
)]

mod ending;
mod errors;
mod spawning;
mod terminal;

use std::process::{Child, Command, ExitCode, Stdio};

/// Names the case a started process is to run.
const CASE: &str = "SYNK_PTY_CASE";

const CASES: &[(&str, fn())] = &[
    ("exit codes and signals are told", spawning::exit_codes_and_signals),
    ("a resize reaches stty and the program", spawning::resize),
    ("a dropped writer types nothing", spawning::dropped_writer),
    ("no command is a login shell", spawning::login_shell),
    ("the environment is the given one", spawning::whole_environment),
    ("programs are found as a shell finds them", spawning::lookup),
    ("nothing but the terminal is inherited", spawning::descriptors),
    ("a long write arrives whole", spawning::long_write),
    ("the end of the output is not the exit", spawning::end_of_output),
    ("what cannot start says why", errors::refusals),
    ("the shell is the one named", errors::shells),
    ("orphans come back and are reaped", ending::orphans),
    ("a polite tree ends politely", ending::polite),
    ("a whole tree ends, however stubborn", ending::stubborn),
    ("a tree that keeps growing ends", ending::growing),
    ("an exited leader's tree ends", ending::leaderless),
    ("without adoption the session counts", ending::session),
    ("the tree is only what is below", ending::below),
    ("what another process started is ended when it is certain", ending::former),
    ("what may not be signalled is let be and named", ending::foreign),
    ("the folder of a process is where it went", spawning::folder),
];

fn main() -> ExitCode {
    if let Ok(name) = std::env::var(CASE) {
        let (_, case) = CASES.iter().find(|(case, _)| *case == name).unwrap();
        case();
        return ExitCode::SUCCESS;
    }
    let filter = std::env::args().skip(1).find(|argument| !argument.starts_with('-'));
    let chosen: Vec<_> = CASES
        .iter()
        .filter(|(name, _)| filter.as_ref().is_none_or(|filter| name.contains(filter.as_str())))
        .map(|(name, _)| (name, start(name), bystander()))
        .collect();
    let mut failed = 0;
    for (name, case, mut bystander) in chosen {
        let output = case.wait_with_output().unwrap();
        // A process beside the case's own, of which ending must have kept clear.
        let spared = bystander.try_wait().unwrap().is_none();
        bystander.kill().unwrap();
        bystander.wait().unwrap();
        if output.status.success() && spared {
            println!("test {name} ... ok");
        } else {
            failed += 1;
            println!("test {name} ... FAILED ({}, bystander spared: {spared})", output.status);
            println!("{}", String::from_utf8_lossy(&output.stdout));
            println!("{}", String::from_utf8_lossy(&output.stderr));
        }
    }
    println!("test result: {failed} failed");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn start(case: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .env(CASE, case)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn bystander() -> Child {
    Command::new("sleep").arg("1000").spawn().unwrap()
}
