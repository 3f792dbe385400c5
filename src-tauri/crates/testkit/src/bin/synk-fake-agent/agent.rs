//! What the agent does: from its start through dialogs and prompts to its end. Every byte that
//! was typed goes through `take`; every change of state through `become_state`, which writes it down
//! before it tells the terminal, the hooks and the files.

use std::{
    collections::VecDeque,
    io,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use synk_testkit::fake_agent::{AgentEvent, AgentState, Typed};
use tokio::{
    signal::unix::{SignalKind, signal},
    time::{Instant, sleep_until},
};

use crate::{
    hooks::{Hooks, Moment},
    input::{Input, Parser},
    log::Log,
    options::{Options, Personality, Reports},
    screen::{Screen, excerpt},
    script::{self, Step},
    terminal::Terminal,
    transcript::{self, Transcript},
    voice::{ASKS, Voice},
};

/// An Escape that nothing follows for so long is the key.
const ESCAPE: Duration = Duration::from_millis(50);
/// A terminal that has not said what it is by then does not listen either; a dozen that start at
/// once have to wait for one another.
const ANSWER: Duration = Duration::from_secs(10);
/// How often it has something else to say while it chatters.
const NEWS: Duration = Duration::from_millis(50);
/// Prompts that wait while one is worked on.
const QUEUE: usize = 64;

pub(crate) struct Agent {
    options: Options,
    terminal: Terminal,
    log: Log,
    screen: Screen,
    voice: Voice,
    hooks: Hooks,
    transcript: Option<Transcript>,
    state: AgentState,
    parser: Parser,
    /// What stands in the composer, and when it last grew.
    draft: Vec<u8>,
    typed_at: Option<Instant>,
    /// What is worked on, and what is left to do for it.
    prompt: Vec<u8>,
    steps: VecDeque<Step>,
    silent: bool,
    queue: VecDeque<Vec<u8>>,
    /// It has asked whether it is heard and has had no answer.
    asking: bool,
    /// When it is ready, when a step is done, when there is news and how much
    /// there was, when it reads again, when an Escape is one.
    ready_at: Option<Instant>,
    step_until: Option<Instant>,
    news_at: Option<Instant>,
    news: u32,
    deaf_until: Option<Instant>,
    escape_at: Option<Instant>,
    started_at: Instant,
    ended: Option<i32>,
}

impl Agent {
    /// Takes the terminal and begins.
    pub(crate) fn start(options: Options) -> Result<Self, String> {
        let said = |error: io::Error| error.to_string();
        let mut log = Log::open(options.log.as_deref()).map_err(said)?;
        log.write(AgentEvent::Started { arguments: options.arguments.clone() }).map_err(said)?;
        let conversation = options.conversation.clone().unwrap_or_else(new_conversation);
        let hooks = Hooks::read(&options, &conversation, transcript::path(&conversation))?;
        let transcript = if options.transcript {
            Some(Transcript::open(&conversation).map_err(said)?)
        } else {
            None
        };
        let terminal = Terminal::enter(options.alternate_screen).map_err(said)?;
        Ok(Self {
            voice: Voice::new(options.personality, options.reports),
            asking: options.reports == Reports::Asked,
            options,
            terminal,
            log,
            screen: Screen::default(),
            hooks,
            transcript,
            state: AgentState::Starting,
            parser: Parser::default(),
            draft: Vec::new(),
            typed_at: None,
            prompt: Vec::new(),
            steps: VecDeque::new(),
            silent: false,
            queue: VecDeque::new(),
            ready_at: None,
            step_until: None,
            news_at: None,
            news: 0,
            deaf_until: None,
            escape_at: None,
            started_at: Instant::now(),
            ended: None,
        })
    }

    /// Runs until it ends; answers its exit code.
    pub(crate) async fn run(mut self) -> io::Result<i32> {
        let mut resized = signal(SignalKind::window_change())?;
        self.begin()?;
        while self.ended.is_none() {
            let deadline = self.deadline();
            tokio::select! {
                read = self.terminal.read(), if self.deaf_until.is_none() => match read {
                    Some(bytes) => self.take(&bytes)?,
                    // The terminal is gone, and nobody is left to tell.
                    None => return Ok(129),
                },
                () = sleep_until(deadline.unwrap_or(self.started_at)), if deadline.is_some() => {
                    self.on_deadline()?;
                }
                _ = resized.recv() => self.draw()?,
            }
        }
        let code = self.ended.unwrap_or_default();
        self.call(Moment::Ends)?;
        self.terminal.write(&self.voice.last_words())?;
        self.terminal.leave()?;
        if let Some(transcript) = &self.transcript {
            transcript.close()?;
        }
        self.log.write(AgentEvent::Exited { code })?;
        Ok(code)
    }

    fn begin(&mut self) -> io::Result<()> {
        self.log.write(AgentEvent::State { state: self.state })?;
        if self.asks_for_brackets_first() {
            self.terminal.write("\x1b[?2004h")?;
        }
        let answered_by = if self.asking {
            self.terminal.write(&format!("{ASKS}\x1b[c"))?;
            ANSWER
        } else {
            Duration::ZERO
        };
        self.ready_at = Some(self.started_at + self.options.start_delay.max(answered_by));
        self.draw()
    }

    /// Gemini CLI asks for brackets late, and calls its first hook after that.
    fn asks_for_brackets_first(&self) -> bool {
        matches!(self.options.personality, Personality::Claude | Personality::Codex)
    }

    fn deadline(&self) -> Option<Instant> {
        let all = [self.ready_at, self.step_until, self.news_at, self.deaf_until, self.escape_at];
        all.into_iter().flatten().min()
    }

    fn on_deadline(&mut self) -> io::Result<()> {
        let now = Instant::now();
        let due = |at: &mut Option<Instant>| at.take_if(|at| *at <= now).is_some();
        due(&mut self.deaf_until);
        if due(&mut self.ready_at) {
            self.asking = false;
            self.ready()?;
        }
        if due(&mut self.escape_at)
            && let Some(input) = self.parser.give_up()
        {
            self.input(input, now)?;
        }
        if due(&mut self.step_until) {
            self.news_at = None;
            self.go_on(now)?;
        }
        if due(&mut self.news_at) {
            // Its screen stays as it is.
            return self.chatter(now);
        }
        self.draw()
    }

    fn ready(&mut self) -> io::Result<()> {
        if !self.asks_for_brackets_first() {
            self.terminal.write("\x1b[?2004h")?;
        }
        if self.options.trust_dialog {
            self.become_state(AgentState::Trust)
        } else {
            self.show_composer()
        }
    }

    fn show_composer(&mut self) -> io::Result<()> {
        self.call(Moment::Started)?;
        self.become_state(AgentState::Idle)
    }

    /// Takes what came from the terminal.
    fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        let now = Instant::now();
        for input in self.parser.feed(bytes) {
            self.input(input, now)?;
        }
        self.escape_at = self.parser.waits().then_some(now + ESCAPE);
        self.draw()
    }

    fn input(&mut self, input: Input, now: Instant) -> io::Result<()> {
        match &input {
            Input::Listens(answer) => {
                // It listens who says the same words, before it says what it is.
                if self.asking && answer == ASKS.as_bytes() {
                    self.voice.is_heard();
                }
                return Ok(());
            }
            Input::Attributes => {
                if std::mem::take(&mut self.asking) {
                    self.ready_at = Some(self.started_at + self.options.start_delay);
                }
                return Ok(());
            }
            Input::Told => return Ok(()),
            _ => {}
        }
        if !self.state.takes_prompt() {
            let bytes = Typed(raw(&input));
            self.log.write(AgentEvent::Disturbed { state: self.state, bytes })?;
        }
        match self.state {
            AgentState::Starting => Ok(()),
            state if state.is_dialog() => match answer(&input) {
                Some(allowed) => self.answered(allowed, now),
                None => Ok(()),
            },
            AgentState::Done | AgentState::Failed
                if self.options.personality == Personality::Codex =>
            {
                self.become_state(AgentState::Idle)?;
                self.compose(input, now)
            }
            _ => self.compose(input, now),
        }
    }

    fn compose(&mut self, input: Input, now: Instant) -> io::Result<()> {
        let works = self.state == AgentState::Working;
        match input {
            Input::Text(bytes) | Input::Paste(bytes) => {
                self.draft.extend(bytes);
                self.typed_at = Some(now);
            }
            Input::Enter => {
                let soon = |typed| now.duration_since(typed) < self.options.eat_enter;
                if self.typed_at.is_some_and(soon) {
                    self.draft.push(b'\n');
                    return self.log.write(AgentEvent::EnterEaten);
                }
                if !self.draft.is_empty() && self.queue.len() < QUEUE {
                    let prompt = std::mem::take(&mut self.draft);
                    return self.submit(prompt, now);
                }
            }
            Input::Escape | Input::Interrupt if works => return self.interrupt(now),
            Input::Interrupt if self.draft.is_empty() => self.ended = Some(0),
            Input::Interrupt | Input::Clear => self.draft.clear(),
            Input::Backspace => {
                let last = |byte: &u8| !matches!(byte, 0x80..=0xbf);
                let length = self.draft.iter().rposition(last).unwrap_or(0);
                self.draft.truncate(length);
            }
            _ => {}
        }
        Ok(())
    }

    fn submit(&mut self, prompt: Vec<u8>, now: Instant) -> io::Result<()> {
        let queued = self.state == AgentState::Working;
        self.log.write(AgentEvent::Prompt { text: Typed(prompt.clone()), queued })?;
        if !queued {
            return self.work_on(prompt, now);
        }
        if self.options.personality == Personality::Codex {
            // It is told to the model with the next that is said to it.
            self.steps.extend(script::read(&prompt, self.options.work).steps);
            self.screen.print(&format!("› {}", excerpt(&script::words(&prompt))));
        } else {
            self.queue.push_back(prompt);
        }
        Ok(())
    }

    fn work_on(&mut self, prompt: Vec<u8>, now: Instant) -> io::Result<()> {
        let script = script::read(&prompt, self.options.work);
        self.steps = script.steps.into();
        self.silent = script.silent;
        self.screen.print(&format!("› {}", excerpt(&script::words(&prompt))));
        self.call(Moment::Prompt(&prompt))?;
        if let Some(transcript) = &mut self.transcript {
            transcript.prompt(&prompt)?;
        }
        self.prompt = prompt;
        self.become_state(AgentState::Working)?;
        self.go_on(now)
    }

    /// Does what is left to do, up to what takes time or an answer.
    fn go_on(&mut self, now: Instant) -> io::Result<()> {
        while let Some(step) = self.steps.pop_front() {
            match step {
                Step::Work(time) => {
                    self.step_until = Some(now + time);
                    return Ok(());
                }
                Step::Chatter(time) => {
                    self.step_until = Some(now + time);
                    return self.chatter(now);
                }
                Step::Say(line) => self.screen.print(&line),
                Step::Ask(dialog) => {
                    self.become_state(dialog)?;
                    return self.call(Moment::Asks(dialog));
                }
                Step::Use(usage) => {
                    if let Some(transcript) = &mut self.transcript {
                        transcript.usage(&usage)?;
                    }
                }
                Step::SlowRead(time) => self.deaf_until = Some(now + time),
                Step::Fail => {
                    self.steps.clear();
                    self.screen.print("• It failed.");
                    return self.become_state(AgentState::Failed);
                }
                Step::Exit(code) => {
                    self.ended = Some(code);
                    return Ok(());
                }
            }
        }
        self.screen.print("• Done.");
        self.call(Moment::Finished)?;
        self.next_or(AgentState::Done, now)
    }

    /// Says something else of what it does.
    fn chatter(&mut self, now: Instant) -> io::Result<()> {
        self.news += 1;
        self.news_at = Some(now + NEWS);
        self.terminal.write(&self.voice.news(self.state, self.news))
    }

    /// Works on what was submitted meanwhile, or rests.
    fn next_or(&mut self, state: AgentState, now: Instant) -> io::Result<()> {
        let Some(next) = self.queue.pop_front() else { return self.become_state(state) };
        if self.options.personality == Personality::Gemini {
            self.become_state(state)?;
        }
        self.work_on(next, now)
    }

    fn answered(&mut self, allowed: bool, now: Instant) -> io::Result<()> {
        let dialog = self.state;
        self.log.write(AgentEvent::Answered { dialog, allowed })?;
        match (dialog, allowed) {
            (AgentState::Trust, true) => self.show_composer(),
            (AgentState::Trust, false) => {
                self.ended = Some(1);
                Ok(())
            }
            (_, true) => {
                self.become_state(AgentState::Working)?;
                if dialog == AgentState::Permission {
                    self.call(Moment::Allowed)?;
                }
                self.go_on(now)
            }
            (_, false) => self.interrupt(now),
        }
    }

    fn interrupt(&mut self, now: Instant) -> io::Result<()> {
        self.steps.clear();
        self.step_until = None;
        self.news_at = None;
        self.silent = false;
        self.screen.print("• Interrupted.");
        let prompt = std::mem::take(&mut self.prompt);
        if self.options.personality == Personality::Claude && self.draft.is_empty() {
            self.draft = prompt;
        }
        self.next_or(AgentState::Idle, now)
    }

    fn become_state(&mut self, state: AgentState) -> io::Result<()> {
        self.state = state;
        if let Some(transcript) = &self.transcript {
            transcript.state(state)?;
        }
        // After the record: who has read of a state in the log finds it there as well.
        self.log.write(AgentEvent::State { state })?;
        if self.silent {
            return Ok(());
        }
        let message = if state.is_dialog() { "approve Bash: touch x" } else { "" };
        self.terminal.write(&self.voice.say(state, message))
    }

    fn call(&mut self, moment: Moment<'_>) -> io::Result<()> {
        if self.silent {
            return Ok(());
        }
        let called = self.hooks.call(moment);
        called
            .into_iter()
            .try_for_each(|(name, exit_code)| self.log.write(AgentEvent::Hook { name, exit_code }))
    }

    fn draw(&self) -> io::Result<()> {
        self.terminal.write(&self.screen.draw(self.terminal.size(), self.state, &self.draft))
    }
}

/// What answers a dialog: its keys, wherever in what was typed they stand.
fn answer(input: &Input) -> Option<bool> {
    match input {
        Input::Enter => Some(true),
        Input::Escape | Input::Interrupt => Some(false),
        Input::Text(text) => text.iter().find_map(|key| match key {
            b'y' | b'1' => Some(true),
            b'n' | b'2' => Some(false),
            _ => None,
        }),
        _ => None,
    }
}

/// The bytes that this was.
fn raw(input: &Input) -> Vec<u8> {
    match input {
        Input::Text(bytes) | Input::Key(bytes) | Input::Listens(bytes) => bytes.clone(),
        Input::Paste(bytes) => [b"\x1b[200~", &**bytes, b"\x1b[201~"].concat(),
        Input::Enter => vec![b'\r'],
        Input::Escape => vec![0x1b],
        Input::Interrupt => vec![0x03],
        Input::Backspace => vec![0x7f],
        Input::Clear => vec![0x15],
        Input::Attributes | Input::Told => Vec::new(),
    }
}

/// A name that no other has: its form is that of a UUID.
fn new_conversation() -> String {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let number = since.as_nanos();
    let high = (number >> 48) & 0xffff_ffff;
    let low = number & 0xffff_ffff_ffff;
    format!("{high:08x}-0000-4000-8{:03x}-{low:012x}", std::process::id() & 0xfff)
}
