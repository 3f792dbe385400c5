//! A delayed start: a shim whose shell has read its start-up files and waits, until it is
//! told which session it is for. Then it is a shim as any other.
//!
//! It lives by the pipes to whoever started it. When its input ends while it waits, it ends
//! the shell and itself, so a daemon that dies leaves nothing behind.

mod typed;

use bytes::Bytes;
use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};
use synk_protocol::{ErrorCode, ParkedClaim, ParkedSpec, ShimReady, TerminalSize, WireError};
use synk_pty::{
    Claim, Ending, Integration, Mark, MarkScanner, Piece, PromptPattern, Refusal, Spawn, Step,
};
use synk_screen::Screen;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader, Lines, Take},
    net::unix::pipe,
    time::{Instant, sleep, timeout_at},
};

use crate::{
    MAX_SPEC_BYTES, report,
    session::{Claimed, Session, Sources, now_millis, running_on},
    terminal::{Chunk, FIRST_GENERATION, Input, InputFrom, Terminal},
    unreadable,
};
use typed::Typed;

/// How long a claimed shell may take to say that it is what it was told to be. It takes less
/// than a millisecond; a machine that is short of memory may have to fetch it first.
const CLAIM_LIMIT: Duration = Duration::from_secs(2);
/// How long the last output of a shell that has ended may take. It takes less than a millisecond,
/// unless something that it started holds the terminal open.
const LAST_WORDS: Duration = Duration::from_secs(1);
/// A line that looks like a prompt and that nothing follows for so long is one.
const PROMPT_QUIET: Duration = Duration::from_millis(150);
/// What start-up files may print. It is kept for the session's log; more is a fault of
/// theirs that somebody should see.
const MAX_PRINTED_BYTES: usize = 1 << 20;
/// Of that, what is kept for the screen until the session says how much it keeps.
const MAX_PRINTED_LINES: usize = 5000;

/// What the shim is told, line by line.
type Orders = Lines<BufReader<Take<pipe::Receiver>>>;

/// Starts a shell and waits for its session; `None` when there will be none.
pub(crate) async fn wait_for_session() -> Result<Option<Session>, WireError> {
    let mut orders = orders().map_err(|error| unreadable(&error))?;
    let Some(spec) = next(&mut orders).await? else { return Ok(None) };
    let mut parked = Box::new(Parked::start(spec)?);
    let result = parked.wait(&mut orders).await;
    let claim = match result {
        Ok(Some(claim)) => claim,
        Ok(None) => {
            parked.end().await;
            return Ok(None);
        }
        Err(error) => {
            parked.end().await;
            return Err(error);
        }
    };
    match parked.claim(&claim).await {
        Ok(()) => Box::pin(parked.into_session(claim)).await.map(Some),
        Err(error) => {
            parked.end().await;
            Err(error)
        }
    }
}

pub(crate) fn orders() -> io::Result<Orders> {
    // A descriptor of its own: the standard one is closed by itself, once the shim serves.
    let input = pipe::Receiver::from_owned_fd(rustix::io::fcntl_dupfd_cloexec(io::stdin(), 3)?)?;
    Ok(BufReader::new(input.take(2 * MAX_SPEC_BYTES)).lines())
}

/// The next order; `None` when whoever gave them is gone.
pub(crate) async fn next<T: serde::de::DeserializeOwned>(
    orders: &mut Orders,
) -> Result<Option<T>, WireError> {
    let line = orders.next_line().await.map_err(|error| unreadable(&error))?;
    line.map(|line| serde_json::from_str(&line).map_err(|error| unreadable(&error))).transpose()
}

/// A shell that reads its start-up files or waits.
struct Parked {
    spec: ParkedSpec,
    sources: Sources,
    terminal: Terminal,
    screen: Screen,
    started_at: u64,
    way: Way,
    /// What the shell last said of itself.
    mark: Option<Mark>,
    /// All that was printed.
    printed: Vec<u8>,
    /// How much of it before the claim.
    before: usize,
    /// Something was printed after the claim was taken.
    spoke: bool,
    ended: Option<i32>,
    _channel: Channel,
}

/// How the shell is told what to become.
enum Way {
    Integration(Box<Integration>, Option<MarkScanner>),
    Typing(PromptPattern, Typed),
}

/// The folder of the shell's channel. It goes with its owner.
struct Channel(PathBuf);

impl Drop for Channel {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            tracing::warn!("removing {}: {error}", self.0.display());
        }
    }
}

impl Parked {
    fn start(spec: ParkedSpec) -> Result<Self, WireError> {
        let channel = Channel(spec.channel_dir.clone());
        let shell = synk_pty::shell(&spec.env);
        let integration = Integration::for_shell(&shell, spec.login, &spec.channel_dir, &spec.env)
            .map_err(|error| spawn_failed(&error))?;
        let plain = if spec.login { Vec::new() } else { vec![shell.clone()] };
        let (command, env, way) = if let Some(integration) = integration {
            let scanner = Some(integration.marks());
            let (command, env) = (integration.command().to_vec(), integration.env().to_vec());
            (command, env, Way::Integration(Box::new(integration), scanner))
        } else {
            let pattern = PromptPattern::new(spec.prompt_pattern.as_deref())
                .map_err(|error| WireError::invalid(error.to_string()))?;
            (plain, spec.env.clone(), Way::Typing(pattern, Typed::for_shell(&shell)?))
        };
        let TerminalSize { cols, rows } = spec.size;
        let sources = Sources::new()?;
        let program = Spawn { command: &command, cwd: &spec.working_dir, env: &env, cols, rows };
        let (output, taken) = (sources.output_in.clone(), sources.taken_in.clone());
        let terminal = Terminal::spawn(&program, FIRST_GENERATION, output, taken)
            .map_err(|error| spawn_failed(&error))?;
        Ok(Self {
            sources,
            terminal,
            screen: Screen::new(cols, rows, MAX_PRINTED_LINES),
            started_at: now_millis(),
            way,
            mark: None,
            printed: Vec::new(),
            before: 0,
            spoke: false,
            ended: None,
            _channel: channel,
            spec,
        })
    }

    /// Waits until the shell waits, and then for its session; `None` when there will be none.
    async fn wait(&mut self, orders: &mut Orders) -> Result<Option<ParkedClaim>, WireError> {
        let limit = Instant::now() + Duration::from_millis(self.spec.limit_ms);
        let mut quiet_at = None;
        let mut parked = false;
        loop {
            let due = if parked { None } else { Some(quiet_at.unwrap_or(limit).min(limit)) };
            tokio::select! {
                biased;
                order = next(orders) => return order,
                _ = self.sources.terminate.recv() => return Ok(None),
                _ = self.sources.child_ended.recv() => self.reap(),
                Some(_) = self.sources.taken.recv() => {}
                Some(chunk) = self.sources.output.recv() => {
                    self.heard(chunk);
                    quiet_at = self.looks_like_a_prompt().then(|| Instant::now() + PROMPT_QUIET);
                }
                () = sleep_until(due), if due.is_some() => {
                    if quiet_at.is_none() {
                        return Err(self.not_parked());
                    }
                    self.mark = Some(Mark::Parked);
                    quiet_at = None;
                }
            }
            if let Some(code) = self.ended {
                self.hear_last_words().await;
                return Err(self.has_ended(code));
            }
            if self.printed.len() > MAX_PRINTED_BYTES {
                return Err(failed(format!(
                    "its start-up files print more than {} KiB",
                    MAX_PRINTED_BYTES >> 10
                )));
            }
            if !parked && self.mark == Some(Mark::Parked) {
                parked = true;
                let integrated = matches!(self.way, Way::Integration(..));
                let pid = self.terminal.pty.pid();
                if report(&ShimReady::Parked { pid, integrated }).is_err() {
                    return Ok(None);
                }
            }
        }
    }

    /// Tells the shell what to become, and waits until it is.
    async fn claim(&mut self, claim: &ParkedClaim) -> Result<(), WireError> {
        let record = &claim.spec.record;
        let limit = Instant::now() + CLAIM_LIMIT;
        self.before = self.printed.len();
        self.mark = None;
        if (record.cols, record.rows) != (self.spec.size.cols, self.spec.size.rows) {
            self.screen.resize(record.cols, record.rows);
            self.terminal.pty.resize(record.cols, record.rows).map_err(|e| spawn_failed(&e))?;
        }
        match &mut self.way {
            Way::Integration(integration, _) => {
                let text = |(name, value): &(String, String)| (name.into(), value.into());
                let set: Vec<(OsString, OsString)> = claim.set.iter().map(text).collect();
                let exec: Vec<OsString> = record.command.iter().map(OsString::from).collect();
                let working_dir = Path::new(&record.working_dir);
                integration
                    .claim(&Claim { working_dir, set: &set, unset: &[], exec: &exec })
                    .map_err(|error| failed(error.to_string()))?;
            }
            Way::Typing(_, typed) => {
                let line = typed.line(&record.working_dir, &claim.set, &record.command)?;
                let input = Input { from: InputFrom::Screen, bytes: Bytes::from(line) };
                self.terminal.write(input);
            }
        }
        loop {
            match self.mark {
                Some(Mark::Claimed) => return Ok(()),
                Some(Mark::Refused(why)) => return Err(refused(why, record.command.first())),
                Some(Mark::Parked) | None => {}
            }
            let step = async {
                tokio::select! {
                    biased;
                    Some(chunk) = self.sources.output.recv() => Some(chunk),
                    _ = self.sources.child_ended.recv() => None,
                }
            };
            match timeout_at(limit, step).await {
                Ok(Some(chunk)) if chunk.bytes.is_none() => {
                    // The terminal goes a moment before the shell has ended.
                    self.reap();
                    while self.ended.is_none()
                        && timeout_at(limit, self.sources.child_ended.recv()).await.is_ok()
                    {
                        self.reap();
                    }
                    return Err(self.has_ended(self.ended.unwrap_or(-1)));
                }
                Ok(Some(chunk)) => self.heard(chunk),
                Ok(None) => self.reap(),
                Err(_) => return Err(failed("it did not take its claim in time".to_owned())),
            }
        }
    }

    /// Takes what was printed.
    fn heard(&mut self, chunk: Chunk) {
        let Some(bytes) = chunk.bytes else { return };
        let Self { way, screen, printed, mark, spoke, .. } = self;
        let mut put_out = |bytes: &[u8]| {
            screen.feed(bytes);
            printed.extend_from_slice(bytes);
        };
        match way {
            Way::Integration(_, Some(scanner)) => {
                let mut claimed = *mark == Some(Mark::Claimed);
                scanner.scan(&bytes, |piece| match piece {
                    Piece::Output(bytes) => {
                        *spoke |= claimed;
                        put_out(bytes);
                    }
                    // Whatever comes after the claim is the session's own.
                    Piece::Mark(_) if claimed => {}
                    Piece::Mark(said) => {
                        claimed = said == Mark::Claimed;
                        *mark = Some(said);
                    }
                });
            }
            Way::Integration(_, None) => {
                *spoke |= !bytes.is_empty();
                put_out(&bytes);
            }
            Way::Typing(_, typed) => {
                if let Some(rest) = typed.scan(&bytes) {
                    // The echo of what was typed goes, and the screen begins anew.
                    put_out(b"\x1b[H\x1b[2J\x1b[3J");
                    put_out(&rest);
                    *spoke = !rest.is_empty();
                    *mark = Some(Mark::Claimed);
                } else if !typed.waits() {
                    put_out(&bytes);
                }
            }
        }
        let replies = self.screen.take_replies();
        if !replies.is_empty() {
            self.terminal.write(Input { from: InputFrom::Screen, bytes: replies.into() });
        }
    }

    fn looks_like_a_prompt(&self) -> bool {
        match &self.way {
            Way::Integration(..) => false,
            Way::Typing(pattern, _) => {
                self.mark.is_none() && pattern.is_prompt(&self.screen.text_before_cursor())
            }
        }
    }

    fn reap(&mut self) {
        let pid = self.terminal.pty.pid();
        let ended = synk_pty::reap().into_iter().find(|exited| exited.pid == pid);
        self.ended = self.ended.or(ended.map(|exited| exited.code));
    }

    async fn into_session(mut self: Box<Self>, claim: ParkedClaim) -> Result<Session, WireError> {
        if let Way::Integration(_, scanner) = &mut self.way
            && let Some(mut scanner) = scanner.take()
        {
            let bytes = Some(scanner.take().into());
            self.heard(Chunk { generation: FIRST_GENERATION, bytes });
        }
        let pid = self.terminal.pty.pid();
        let since = self.printed.split_off(self.before);
        let Self { terminal, screen, started_at, spec, printed, sources, spoke, ended, .. } = *self;
        let claimed = Box::new(Claimed {
            terminal,
            screen,
            started_at,
            size: spec.size,
            before: printed,
            since,
            spoke,
            ended,
        });
        let started = Session::start(claim.spec, sources, Some(claimed)).await;
        if started.is_err() {
            end(Some(pid)).await;
        }
        started
    }

    async fn end(self: Box<Self>) {
        let pid = self.terminal.pty.pid();
        // It is hung up, and nobody reads what it has to say about that.
        drop(self);
        end(Some(pid)).await;
    }

    fn not_parked(&self) -> WireError {
        let text = self.screen.text();
        let last = text.lines().last().map(str::trim).unwrap_or_default();
        let last: String = last.chars().take(80).collect();
        let seconds = Duration::from_millis(self.spec.limit_ms).as_secs_f32();
        let shows =
            if last.is_empty() { String::new() } else { format!("; it shows “{last}”") };
        failed(match self.way {
            Way::Integration(..) => format!(
                "its start-up files were not through after {seconds} s: they wait for \
                 something, or start another shell{shows}"
            ),
            Way::Typing(..) => format!(
                "it showed no prompt after {seconds} s{shows}; the setting pool.promptPattern \
                 says what its prompt looks like"
            ),
        })
    }

    /// Takes what a shell that has ended printed last, of which its end may be heard first.
    async fn hear_last_words(&mut self) {
        let limit = Instant::now() + LAST_WORDS;
        while self.printed.len() <= MAX_PRINTED_BYTES {
            match timeout_at(limit, self.sources.output.recv()).await {
                Ok(Some(chunk)) if chunk.bytes.is_some() => self.heard(chunk),
                _ => return,
            }
        }
    }

    fn has_ended(&self, code: i32) -> WireError {
        let text = self.screen.text();
        let last: String = text.lines().last().unwrap_or_default().chars().take(80).collect();
        let said = if last.is_empty() { String::new() } else { format!(", saying “{last}”") };
        failed(format!("its start-up files ended it with exit code {code}{said}"))
    }
}

/// Ends all that this process has started, as far as it can be ended.
pub(crate) async fn end(leader: Option<u32>) {
    let mut ending = Ending::new(leader);
    loop {
        synk_pty::reap();
        match ending.step(Instant::now().into_std()) {
            Step::Again(after) => sleep(after).await,
            Step::Over(left) => {
                if !left.is_empty() {
                    tracing::warn!("{}", running_on("a shell", &left));
                }
                return;
            }
        }
    }
}

async fn sleep_until(at: Option<Instant>) {
    if let Some(at) = at {
        tokio::time::sleep_until(at).await;
    }
}

fn failed(why: String) -> WireError {
    WireError::new(ErrorCode::SpawnFailed, why)
}

fn spawn_failed(error: &dyn std::fmt::Display) -> WireError {
    failed(error.to_string())
}

fn refused(why: Refusal, program: Option<&String>) -> WireError {
    failed(match why {
        Refusal::Directory => "the shell cannot enter the folder".to_owned(),
        Refusal::Environment => "a start-up file protects a variable that is to be set".to_owned(),
        Refusal::Program => {
            format!("the shell does not find {}", program.map_or("the program", String::as_str))
        }
    })
}
