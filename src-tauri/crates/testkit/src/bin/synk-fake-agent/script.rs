//! What a prompt has the agent do. A prompt is a script of lines; a line that begins with `!` is
//! a step, and every other is only text. Without `!work` or
//! `!chatter` it works for as long as it was told.
//!
//! | line | what it does |
//! |---|---|
//! | `!work MS` | works for so long |
//! | `!chatter MS` | works for so long, and says something else of it again and again |
//! | `!say TEXT` | shows a line, of what an agent says |
//! | `!permission`, `!question`, `!auth` | shows that dialog; a no ends the prompt |
//! | `!usage NAME=N …` | notes what it used; see [`Usage`] |
//! | `!slow-read MS` | reads nothing for so long, and goes on with the script |
//! | `!silent` | says nothing of this prompt: no report, no title, no hook |
//! | `!fail` | cannot answer |
//! | `!exit CODE` | ends |

use std::time::Duration;
use synk_testkit::fake_agent::AgentState;

/// One step of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// Works.
    Work(Duration),
    /// Works, and has news all the time.
    Chatter(Duration),
    /// Shows a line.
    Say(String),
    /// Shows a dialog.
    Ask(AgentState),
    /// Notes in its transcript what it used.
    Use(Usage),
    /// Reads nothing for so long.
    SlowRead(Duration),
    /// Cannot answer.
    Fail,
    /// Ends.
    Exit(i32),
}

/// What `!usage` says was used: `input`, `output`, `cache_read` and `cache_write` tokens, the
/// `model` if not the usual one, how many `lines` of the transcript say so, and whether a
/// sub-agent used it (`agent=NAME`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) input: u64,
    pub(crate) output: u64,
    pub(crate) cache_read: u64,
    pub(crate) cache_write: u64,
    pub(crate) model: String,
    pub(crate) lines: u64,
    pub(crate) agent: Option<String>,
}

/// A prompt, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Script {
    pub(crate) steps: Vec<Step>,
    pub(crate) silent: bool,
}

/// Reads a prompt. What is no step as above is text.
pub(crate) fn read(prompt: &[u8], usual_work: Duration) -> Script {
    let text = String::from_utf8_lossy(prompt);
    let lines = text.lines().map(str::trim).filter_map(|line| line.strip_prefix('!'));
    let mut script = Script { steps: Vec::new(), silent: false };
    for line in lines {
        let (name, rest) = line.split_once(' ').unwrap_or((line, ""));
        script.silent |= name == "silent";
        script.steps.extend(step(name, rest.trim()));
    }
    if !script.steps.iter().any(|step| matches!(step, Step::Work(_) | Step::Chatter(_))) {
        script.steps.insert(0, Step::Work(usual_work));
    }
    script
}

/// What a prompt says beside its steps; all of it when it has nothing else.
pub(crate) fn words(prompt: &[u8]) -> Vec<u8> {
    let is_step = |line: &&[u8]| line.trim_ascii_start().starts_with(b"!");
    let words: Vec<_> = prompt.split(|byte| *byte == b'\n').filter(|line| !is_step(line)).collect();
    if words.is_empty() { prompt.to_vec() } else { words.join(&b'\n') }
}

fn step(name: &str, rest: &str) -> Option<Step> {
    let time = || rest.parse().ok().map(Duration::from_millis);
    match name {
        "work" => time().map(Step::Work),
        "say" => Some(Step::Say(rest.to_owned())),
        "chatter" => time().map(Step::Chatter),
        "slow-read" => time().map(Step::SlowRead),
        "permission" => Some(Step::Ask(AgentState::Permission)),
        "question" => Some(Step::Ask(AgentState::Question)),
        "auth" => Some(Step::Ask(AgentState::Auth)),
        "usage" => Some(Step::Use(usage(rest))),
        "fail" => Some(Step::Fail),
        "exit" => rest.parse().ok().map(Step::Exit),
        _ => None,
    }
}

fn usage(words: &str) -> Usage {
    let value = |wanted: &str| {
        let mut pairs = words.split_whitespace().filter_map(|word| word.split_once('='));
        pairs.find(|(name, _)| *name == wanted).map(|(_, value)| value.to_owned())
    };
    let number = |name: &str| value(name).and_then(|value| value.parse().ok());
    Usage {
        input: number("input").unwrap_or(0),
        output: number("output").unwrap_or(0),
        cache_read: number("cache_read").unwrap_or(0),
        cache_write: number("cache_write").unwrap_or(0),
        model: value("model").unwrap_or_else(|| "claude-opus-5-5".to_owned()),
        lines: number("lines").unwrap_or(1),
        agent: value("agent"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USUAL: Duration = Duration::from_millis(20);

    #[test]
    fn lines_with_a_mark_are_steps_and_all_else_is_text() {
        let script = read(b"Do it.\n!permission\n !work 5 \nand then\n!exit 3\n!no such", USUAL);
        assert_eq!(
            script.steps,
            [
                Step::Ask(AgentState::Permission),
                Step::Work(Duration::from_millis(5)),
                Step::Exit(3)
            ]
        );
        assert!(!script.silent);
        assert_eq!(read(b"hello", USUAL).steps, [Step::Work(USUAL)]);
        assert_eq!(read(b"!work soon\n\xff\0", USUAL).steps, [Step::Work(USUAL)]);
        assert!(read(b"!silent", USUAL).silent);
        assert_eq!(words(b"Do it.\n !work 5\nand then"), b"Do it.\nand then");
        assert_eq!(words(b"!work 5\n!fail"), b"!work 5\n!fail");
    }

    #[test]
    fn what_was_used_is_said_by_name() {
        let usage = usage("input=5 cache_write=7 lines=2 agent=a model=m odd output=x");
        assert_eq!((usage.input, usage.output, usage.cache_read, usage.cache_write), (5, 0, 0, 7));
        assert_eq!((usage.lines, usage.agent.as_deref(), &*usage.model), (2, Some("a"), "m"));
    }
}
