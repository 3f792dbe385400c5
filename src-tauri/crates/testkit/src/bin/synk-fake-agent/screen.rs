//! What the agent shows: a transcript, and below it a composer or a dialog. Drawn whole each
//! time; nothing of it is remembered by the terminal.

use std::collections::VecDeque;
use synk_testkit::fake_agent::AgentState;

/// Lines of the transcript that are kept.
const KEPT: usize = 200;
/// Lines that a composer takes at the most.
const COMPOSER: usize = 4;
/// A longer draft is named and not shown.
const SHOWN_BYTES: usize = 2000;

/// The transcript so far.
#[derive(Debug, Default)]
pub(crate) struct Screen {
    lines: VecDeque<String>,
}

impl Screen {
    /// Adds to the transcript.
    pub(crate) fn print(&mut self, text: &str) {
        for line in text.lines() {
            if self.lines.len() == KEPT {
                self.lines.pop_front();
            }
            self.lines.push_back(line.chars().filter(|c| !c.is_control()).collect());
        }
    }

    /// All of it for a terminal of that size.
    pub(crate) fn draw(&self, size: (usize, usize), state: AgentState, draft: &[u8]) -> String {
        let (cols, rows) = size;
        let below = if state.is_dialog() { dialog(state) } else { composer(state, draft) };
        let below = &below[below.len().saturating_sub(rows)..];
        let above = rows - below.len();
        let shown = self.lines.iter().skip(self.lines.len().saturating_sub(above));
        let numbered = (1..).zip(shown).chain((above + 1..).zip(below));
        let lines = numbered.map(|(row, line)| format!("\x1b[{row};1H{}", cut(line, cols)));
        format!("\x1b[?25l\x1b[H\x1b[2J{}\x1b[?25h", lines.collect::<String>())
    }
}

/// As one line of a prompt is shown in the transcript, and a long one is named.
pub(crate) fn excerpt(text: &[u8]) -> String {
    if text.len() > SHOWN_BYTES {
        return format!("[Pasted text of {} bytes]", text.len());
    }
    String::from_utf8_lossy(text).into_owned()
}

fn composer(state: AgentState, draft: &[u8]) -> Vec<String> {
    let text = excerpt(draft);
    let mut lines: Vec<_> = text.split('\n').map(|line| line.replace('\t', "    ")).collect();
    lines.drain(..lines.len().saturating_sub(COMPOSER));
    let first = lines.first_mut().map(std::mem::take).unwrap_or_default();
    let mut drawn = vec!["─".repeat(20), format!("› {first}")];
    drawn.extend(lines.into_iter().skip(1).map(|line| format!("  {line}")));
    drawn.push(
        match state {
            AgentState::Starting => "starting",
            AgentState::Working => "working · esc to interrupt",
            AgentState::Failed => "failed",
            _ => "ready",
        }
        .to_owned(),
    );
    drawn
}

fn dialog(state: AgentState) -> Vec<String> {
    let question = match state {
        AgentState::Trust => "Do you trust this folder?",
        AgentState::Question => "Which of these?",
        AgentState::Auth => "Sign in to go on?",
        _ => "Do you want to proceed?",
    };
    [question, "❯ 1. Yes (y)", "  2. No (n, esc)"].map(str::to_owned).to_vec()
}

/// As much of a line as fits, counted in characters: nothing here is wide.
fn cut(line: &str, cols: usize) -> String {
    line.chars().filter(|c| !c.is_control()).take(cols.saturating_sub(1)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_fits_any_terminal() {
        let mut screen = Screen::default();
        for number in 0..500 {
            screen.print(&format!("line {number}\nand\x1b[2J more"));
        }
        for size in [(1, 1), (2, 3), (80, 24), (300, 100)] {
            for state in [AgentState::Idle, AgentState::Permission] {
                let drawn = screen.draw(size, state, "a\nb\nc\nd\ne\tf".as_bytes());
                assert_eq!(drawn.matches("\x1b[2J").count(), 1);
                assert!(drawn.matches(";1H").count() <= size.1, "{size:?}");
            }
        }
        assert!(screen.draw((80, 24), AgentState::Idle, b"draft").contains("› draft"));
    }
}
