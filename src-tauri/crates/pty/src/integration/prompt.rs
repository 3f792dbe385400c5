//! Whether a shell without integration shows its prompt, judged by how its line looks. A
//! guess by nature, and used for nothing else.

use regex::Regex;

/// The usual last characters of a prompt. Those that text does not end in count with or
/// without a space behind them; the others, which also end percentages, markup and
/// headlines, with exactly one, as shells and themes write them.
const DEFAULT: &str = r"[$❯❱➜›»λ▶⟩]\s*$|[#%>] $";

/// The pattern that was set is not one.
#[derive(Debug, thiserror::Error)]
#[error("the prompt pattern {pattern:?} is not a regular expression: {reason}")]
pub struct PatternError {
    /// The pattern.
    pub pattern: String,
    /// What is wrong with it.
    pub reason: String,
}

/// What a prompt looks like.
#[derive(Clone, Debug)]
pub struct PromptPattern(Regex);

impl PromptPattern {
    /// Takes a regular expression, or the default for `None`. It is matched in time that
    /// grows with the line and not worse, whatever the expression.
    pub fn new(pattern: Option<&str>) -> Result<Self, PatternError> {
        let pattern = pattern.unwrap_or(DEFAULT);
        Regex::new(pattern).map(Self).map_err(|error| PatternError {
            pattern: pattern.to_owned(),
            reason: error.to_string(),
        })
    }

    /// Whether `line`, the text from the beginning of the cursor's line up to the cursor,
    /// is a prompt. What is behind the cursor, as a right-hand prompt, does not belong to it;
    /// blanks in front of the cursor do.
    pub fn is_prompt(&self, line: &str) -> bool {
        self.0.is_match(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_knows_the_usual_prompts() {
        let pattern = PromptPattern::new(None).unwrap();
        for prompt in [
            "$ ",
            "# ",
            "% ",
            "> ",
            "❯ ",
            "user@host:~/code$ ",
            "root@web01:/# ",
            "web01% ",
            "~/code> ",
            "➜  ",
            "λ ",
            "[nix-shell:~]$ ",
            "bash-5.2$ ",
            "PS C:\\> ",
            "❯",
            "me $",
        ] {
            assert!(pattern.is_prompt(prompt), "{prompt:?}");
        }
        for other in [
            "",
            "45%",
            " 100.0%",
            "<html>",
            "Password: ",
            "Continue? [y/N] ",
            "loading...",
            "#",
            "done >",
            "total 5  ",
        ] {
            assert!(!pattern.is_prompt(other), "{other:?}");
        }
    }

    #[test]
    fn a_pattern_is_a_setting() {
        let pattern = PromptPattern::new(Some("^ready>$")).unwrap();
        assert!(pattern.is_prompt("ready>") && !pattern.is_prompt("$ "));
        let error = PromptPattern::new(Some("(")).unwrap_err();
        assert!(error.to_string().contains("\"(\""), "{error}");
    }
}
