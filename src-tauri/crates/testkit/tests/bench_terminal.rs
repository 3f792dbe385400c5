//! The terminal for measurements, told what to do as the benchmarks do.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

struct Terminal {
    process: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

impl Terminal {
    fn open(script: &str) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_synk-bench-terminal"))
            .args(["80", "4", "sh", "-c", script])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let orders = process.stdin.take();
        let answers = BufReader::new(process.stdout.take().unwrap());
        Self { process, orders, answers }
    }

    fn tell(&mut self, order: &Value) -> Value {
        writeln!(self.orders.as_mut().unwrap(), "{order}").unwrap();
        let mut answer = String::new();
        self.answers.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap()
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.orders = None;
        self.process.wait().unwrap();
    }
}

#[test]
fn echoes_are_timed_one_by_one() {
    let mut terminal = Terminal::open("stty raw -echo; printf go; exec cat");
    assert!(terminal.tell(&json!({ "do": "wait", "text": "go" }))["us"].is_u64());
    let answer = terminal.tell(&json!({ "do": "echo", "count": 70, "pause": 1 }));
    assert_eq!(answer["us"].as_array().unwrap().len(), 70, "{answer}");
    let rows = terminal.tell(&json!({ "do": "screen" }))["rows"].clone();
    assert!(rows[0].as_str().unwrap().starts_with("&*+=!#$%&*$%&*"), "{rows}");
}

#[test]
fn the_screen_is_that_of_all_that_came_also_of_what_was_held() {
    let script = "printf 'one\\n'; read -r _; printf '\\033[2Jtwo\\033[6n'; read -r _";
    let mut terminal = Terminal::open(&format!("stty -echo; {script}"));
    terminal.tell(&json!({ "do": "wait", "text": "one" }));
    terminal.tell(&json!({ "do": "hold" }));
    terminal.tell(&json!({ "do": "type", "text": "\n" }));
    terminal.tell(&json!({ "do": "wait", "text": "two" }));
    let quiet = terminal.tell(&json!({ "do": "quiet", "pause": 20 }));
    assert_eq!(quiet["bytes"], 11);
    let screen = terminal.tell(&json!({ "do": "screen" }));
    assert_eq!(screen["rows"], json!(["", "two"]));
    assert_eq!(screen["cells"].as_array().unwrap().len(), 320);
    assert_eq!(terminal.tell(&json!({ "do": "bytes" }))["bytes"], 16);
    terminal.tell(&json!({ "do": "type", "text": "\n" }));
    assert_eq!(terminal.tell(&json!({ "do": "end" }))["code"], 0);
}

#[test]
fn what_changes_nothing_comes_after_the_screen_has_settled() {
    let mut terminal =
        Terminal::open("stty -echo; printf a; sleep 0.2; printf '\\033[6n'; exec cat");
    terminal.tell(&json!({ "do": "wait", "text": "\u{1b}[6n" }));
    let settled = terminal.tell(&json!({ "do": "settle", "pause": 50 }));
    let last = terminal.tell(&json!({ "do": "quiet", "pause": 50 }));
    assert!(settled["us"].as_u64().unwrap() < last["us"].as_u64().unwrap(), "{settled} {last}");
    assert_eq!(settled["bytes"], 5);
}

#[test]
fn a_stopped_terminal_stops_who_writes() {
    let folder = tempfile::tempdir().unwrap();
    let fifo = folder.path().join("report");
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let script = format!("read -r _; yes | head -c 1000000; echo > {}", fifo.display());
    let mut terminal = Terminal::open(&script);
    terminal.tell(&json!({ "do": "pause" }));
    terminal.tell(&json!({ "do": "type", "text": "\n" }));
    let late = terminal.tell(&json!({ "do": "wait", "text": "nothing", "limit": 100 }));
    assert!(late["error"].as_str().unwrap().contains("in vain"), "{late}");
    assert!(terminal.tell(&json!({ "do": "bytes" }))["bytes"].as_u64().unwrap() < 200_000);
    terminal.tell(&json!({ "do": "resume" }));
    assert!(terminal.tell(&json!({ "do": "report", "from": fifo }))["us"].is_u64());
}
