//! What the terminal can be told to do, and what it answers. Every answer is an object; one
//! that has an `error` says what did not happen.

use rustix::process::{Pid, WaitOptions, waitpid};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    error::Error,
    fs::{File, OpenOptions},
    hash::{DefaultHasher, Hash, Hasher},
    io::{Read, Write},
    path::PathBuf,
    thread,
    time::Duration,
};

use crate::terminal::Terminal;

/// How long anything that is waited for may take unless the order says otherwise.
const LIMIT_MS: u64 = 30_000;
/// What is typed to be echoed: nothing that escape sequences are made of, in turn, so that no
/// key is taken for the one before it.
const KEYS: &[u8] = b"!#$%&*+=";
/// After so many keys the cursor goes back to its column, so that nothing wraps.
const KEYS_IN_A_ROW: usize = 60;

const fn limit() -> u64 {
    LIMIT_MS
}

/// One line of standard input. Times in milliseconds.
#[derive(Debug, Deserialize)]
#[serde(tag = "do", rename_all = "camelCase")]
pub(crate) enum Order {
    /// Type, or write into a FIFO instead. From here on time is counted.
    Type {
        text: String,
        into: Option<PathBuf>,
    },
    /// Answer when `text` came: `{ us }`.
    Wait {
        text: String,
        #[serde(default = "limit")]
        limit: u64,
    },
    /// Answer when a line came out of a FIFO: `{ us }`.
    Report {
        from: PathBuf,
    },
    /// Type keys, with a pause between them, and answer when each came back: `{ us: [] }`.
    Echo {
        count: usize,
        pause: u64,
    },
    /// Answer when nothing has come for so long: `{ us, bytes }` of the last that came, since
    /// the program was started or something was typed.
    Quiet {
        pause: u64,
        #[serde(default = "limit")]
        limit: u64,
    },
    /// As `quiet`, but `us` is when the last came that changed a cell of the screen; only
    /// before anything is typed.
    Settle {
        pause: u64,
    },
    /// Answer how much came in all: `{ bytes }`.
    Bytes,
    /// Stop reading, and go on. One block may come in between.
    Pause,
    Resume,
    /// Only keep what comes, and answer no questions of the program, until `screen` is asked for.
    Hold,
    /// What is on the screen: `{ rows, cells }`, a number for each cell.
    Screen,
    /// Wait until the program has ended: `{ us, code }`.
    End,
}

/// Does as told, and answers.
pub(crate) fn follow(terminal: &mut Terminal, order: Order) -> Result<Value, Box<dyn Error>> {
    Ok(match order {
        Order::Type { text, into } => {
            let mut fifo =
                into.map(|path| OpenOptions::new().write(true).open(path)).transpose()?;
            terminal.begin();
            match &mut fifo {
                Some(fifo) => fifo.write_all(text.as_bytes())?,
                None => terminal.press(text.as_bytes())?,
            }
            json!({})
        }
        Order::Wait { text, limit } => {
            json!({ "us": terminal.wait_for(text.as_bytes(), milliseconds(limit))? })
        }
        Order::Report { from } => {
            File::open(from)?.read_exact(&mut [0])?;
            json!({ "us": terminal.elapsed() })
        }
        Order::Echo { count, pause } => json!({ "us": echo(terminal, count, pause)? }),
        Order::Quiet { pause, limit } => {
            let (us, bytes) = terminal.quiet(milliseconds(pause), milliseconds(limit))?;
            json!({ "us": us, "bytes": bytes })
        }
        Order::Settle { pause } => {
            let (_, bytes) = terminal.quiet(milliseconds(pause), milliseconds(LIMIT_MS))?;
            json!({ "us": terminal.settled(), "bytes": bytes })
        }
        Order::Bytes => json!({ "bytes": terminal.bytes() }),
        Order::Pause => {
            terminal.pause(true);
            json!({})
        }
        Order::Resume => {
            terminal.pause(false);
            json!({})
        }
        Order::Hold => {
            terminal.hold();
            json!({})
        }
        Order::Screen => {
            let (text, cells) = terminal.screen();
            let rows: Vec<&str> = text.lines().collect();
            let cells: Vec<u32> = cells.iter().map(|cell| digest(cell)).collect();
            json!({ "rows": rows, "cells": cells })
        }
        Order::End => {
            let pid = i32::try_from(terminal.pid()).ok().and_then(Pid::from_raw);
            let status = waitpid(pid, WaitOptions::empty())?.map(|(_, status)| status);
            let us = terminal.elapsed();
            let code = status.and_then(rustix::process::WaitStatus::exit_status);
            json!({ "us": us, "code": code })
        }
    })
}

const fn milliseconds(count: u64) -> Duration {
    Duration::from_millis(count)
}

fn echo(terminal: &mut Terminal, count: usize, pause: u64) -> Result<Vec<u64>, Box<dyn Error>> {
    let mut times = Vec::with_capacity(count);
    for number in 0..count {
        if number % KEYS_IN_A_ROW == 0 {
            terminal.press(b"\r")?;
        }
        // A person's pause; nothing is waited for.
        thread::sleep(milliseconds(pause));
        let key = [KEYS[number % KEYS.len()]];
        terminal.begin();
        terminal.press(&key)?;
        times.push(terminal.wait_for(&key, milliseconds(LIMIT_MS))?);
    }
    Ok(times)
}

fn digest(cell: &[u8]) -> u32 {
    let mut hasher = DefaultHasher::new();
    cell.hash(&mut hasher);
    u32::try_from(hasher.finish() >> 32).unwrap_or_default()
}
