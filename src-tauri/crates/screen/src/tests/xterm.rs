//! The viewer itself: one long-lived `node` that runs `@xterm/headless` as the page runs
//! xterm.js, and is asked what it holds after any bytes.

use std::io::{Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

/// A running viewer process. Each request gets a fresh terminal.
pub(super) struct Xterm {
    _child: Child,
    requests: ChildStdin,
    responses: ChildStdout,
}

impl Xterm {
    /// The one of this test process, started at first use. It ends when the pipe does.
    pub(super) fn shared() -> MutexGuard<'static, Self> {
        static SHARED: OnceLock<Mutex<Xterm>> = OnceLock::new();
        let shared = SHARED.get_or_init(|| Mutex::new(Self::start()));
        shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start() -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/src/tests/xterm.mjs");
        let mut child = Command::new("node")
            .arg(script)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the screen is compared with xterm.js: install Node 20 and put `node` on PATH");
        let (requests, responses) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self { _child: child, requests, responses }
    }

    /// What a fresh terminal holds after each of `parts`, fed one after the other.
    pub(super) fn show(
        &mut self,
        (cols, rows): (u16, u16),
        scrollback: usize,
        parts: &[&[u8]],
    ) -> Vec<String> {
        let scrollback = u32::try_from(scrollback).unwrap();
        let count = u32::try_from(parts.len()).unwrap();
        let mut request = Vec::new();
        for number in [u32::from(cols), u32::from(rows), scrollback, count] {
            request.extend_from_slice(&number.to_le_bytes());
        }
        parts
            .iter()
            .map(|part| {
                request.extend_from_slice(&u32::try_from(part.len()).unwrap().to_le_bytes());
                request.extend_from_slice(part);
                self.requests.write_all(&request).expect(GONE);
                request.clear();
                let mut head = [0; 4];
                self.responses.read_exact(&mut head).expect(GONE);
                let mut text = vec![0; u32::from_le_bytes(head) as usize];
                self.responses.read_exact(&mut text).expect(GONE);
                String::from_utf8(text).unwrap()
            })
            .collect()
    }
}

const GONE: &str = "the node process with xterm.js ended; what it printed says why \
    (is `npm install` done?)";

/// The first line in which two descriptions differ, both ways.
pub(super) fn difference(model: &str, xterm: &str) -> Option<String> {
    if model == xterm {
        return None;
    }
    let mut pairs = model.lines().zip(xterm.lines()).enumerate();
    Some(match pairs.find(|(_, (model, xterm))| model != xterm) {
        Some((line, (model, xterm))) => {
            format!("line {line}\nmodel: {model:?}\nxterm: {xterm:?}")
        }
        None => format!("{} lines, not {}", xterm.lines().count(), model.lines().count()),
    })
}
