//! What an agent says on its screen that its session costs: the last resort, for agents that
//! Synk does not know. aider prints `Cost: $0.02 message, $0.05 session.` after each answer.

use regex::Regex;
use std::sync::OnceLock;

use super::prices::decimal;

/// Digits before and after the point. More would be no dollars.
const MAX_DIGITS: (usize, usize) = (6, 9);

/// What the session costs by the newest line that says so, in billionths of a US dollar. The
/// agent breaks its lines where its terminal ends.
pub(super) fn session_cost(screen: &str) -> Option<u64> {
    static SAYS: OnceLock<Option<Regex>> = OnceLock::new();
    let says = SAYS.get_or_init(|| {
        Regex::new(r"\bCost: \$[0-9.,]+ message, \$([0-9][0-9.,]*) session\b").ok()
    });
    let words: Vec<_> = screen.split_whitespace().collect();
    let text = words.join(" ");
    let said = says.as_ref()?.captures_iter(&text).last()?;
    decimal(&said[1].replace(',', ""), MAX_DIGITS)
}

#[cfg(test)]
mod tests {
    use super::session_cost;

    #[test]
    fn the_newest_line_that_says_it_counts() {
        for (screen, cost) in [
            (
                "Tokens: 2.3k sent, 1.1k received. Cost: $0.02 message, $0.05 session.",
                Some(50_000_000),
            ),
            (
                "Cost: $0.02 message, $0.05 session.\n> more\nCost: $0.0071 message, $0.0571 session.\n> ",
                Some(57_100_000),
            ),
            (
                "Tokens: 2.3k sent. Cost: $1.10\nmessage, $1,234.56\nsession.\n> ",
                Some(1_234_560_000_000),
            ),
            ("Cost: $0 message, $12 session.", Some(12_000_000_000)),
            ("Cost: $0.02 message, $0.05", None),
            ("Cost: $0.02 message, $0.05 sessions", None),
            ("Cost: $0.02 message, $99999999999999999999 session.", None),
            ("Cost: $0.02 message, $1.2.3 session.", None),
            ("The cost of a session is $5.", None),
            ("", None),
        ] {
            assert_eq!(session_cost(screen), cost, "{screen:?}");
        }
    }
}
