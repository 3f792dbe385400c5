//! How the agent is to behave: from the name it was called by, from the environment and from its
//! arguments, the last word counting. Arguments that it does not know are another agent's, which
//! it stands in for, and are skipped.

use std::{env, path::PathBuf, time::Duration};
use synk_testkit::fake_agent::{LOG_VARIABLE, OPTIONS_VARIABLE};

/// Whose manners it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Personality {
    /// Asks whether reports are heard; queues what is submitted while it works; puts an
    /// interrupted prompt back into its composer.
    Claude,
    /// Reports unasked; takes what is submitted while it works at once; is idle again with the
    /// first key.
    Codex,
    /// Reports nothing, and says by its title what it does; queues as Claude does.
    Gemini,
    /// Says nothing at all, as a program that nobody has heard of; queues as well.
    Plain,
}

/// How it tells what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reports {
    /// By OSC 7501, when the terminal says that it listens.
    Asked,
    /// By OSC 7501.
    Unasked,
    /// By its title alone.
    Titles,
    /// Not at all.
    Nothing,
}

/// All of it.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "switches that have nothing to do with another")]
pub(crate) struct Options {
    /// `--as claude|codex|gemini|plain`; by default the name it was called by.
    pub(crate) personality: Personality,
    /// `--reports asked|unasked|titles|nothing`; by default as its personality does.
    pub(crate) reports: Reports,
    /// `--start-delay MS`: takes no input for so long.
    pub(crate) start_delay: Duration,
    /// `--trust-dialog`: asks before its composer is there, with the dangerous answer chosen.
    pub(crate) trust_dialog: bool,
    /// `--eat-enter MS`: an Enter so soon after text is a part of it; for Gemini CLI 30 unless
    /// said otherwise, for the others 0.
    pub(crate) eat_enter: Duration,
    /// `--work MS`: how long a prompt takes that does not say.
    pub(crate) work: Duration,
    /// `--alternate-screen`: draws there.
    pub(crate) alternate_screen: bool,
    /// `--transcript`: writes a transcript and a record of its process as Claude Code does.
    pub(crate) transcript: bool,
    /// `--log FILE`, or [`LOG_VARIABLE`].
    pub(crate) log: Option<PathBuf>,
    /// `--settings FILE|JSON`, as of Claude Code: its hooks are called.
    pub(crate) settings: Option<String>,
    /// `--session-id UUID` or `--resume UUID`, as of Claude Code.
    pub(crate) conversation: Option<String>,
    /// `--version`: says which it is, and ends.
    pub(crate) version: bool,
    /// As they came.
    pub(crate) arguments: Vec<String>,
}

impl Options {
    /// Those of this process.
    pub(crate) fn of_process() -> Result<Self, String> {
        let mut words = env::args_os().map(|word| {
            word.into_string().map_err(|odd| format!("{} is not UTF-8", odd.display()))
        });
        let called = words.next().unwrap_or_else(|| Ok(String::new()))?;
        let arguments = words.collect::<Result<Vec<_>, _>>()?;
        let preset = env::var(OPTIONS_VARIABLE).unwrap_or_default();
        let mut options = Self::read(&called, &preset, arguments)?;
        if options.log.is_none() {
            options.log = env::var_os(LOG_VARIABLE).map(PathBuf::from);
        }
        Ok(options)
    }

    fn read(called: &str, preset: &str, arguments: Vec<String>) -> Result<Self, String> {
        let name = called.rsplit('/').next().unwrap_or_default();
        let mut options = Self {
            personality: personality(name).unwrap_or(Personality::Plain),
            reports: Reports::Nothing,
            start_delay: Duration::ZERO,
            trust_dialog: false,
            eat_enter: Duration::ZERO,
            work: Duration::from_millis(20),
            alternate_screen: false,
            transcript: false,
            log: None,
            settings: None,
            conversation: None,
            version: false,
            arguments: arguments.clone(),
        };
        let mut reports = None;
        let mut eat_enter = None;
        let preset = preset.split_whitespace().map(str::to_owned);
        let mut words = preset.chain(arguments);
        while let Some(option) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{option} needs a value"));
            match option.as_str() {
                "--as" => {
                    let name = value()?;
                    options.personality =
                        personality(&name).ok_or_else(|| format!("there is no agent {name:?}"))?;
                }
                "--reports" => reports = Some(value().and_then(|word| read_reports(&word))?),
                "--start-delay" => options.start_delay = value().and_then(|word| time(&word))?,
                "--eat-enter" => eat_enter = Some(value().and_then(|word| time(&word))?),
                "--work" => options.work = value().and_then(|word| time(&word))?,
                "--trust-dialog" => options.trust_dialog = true,
                "--alternate-screen" => options.alternate_screen = true,
                "--transcript" => options.transcript = true,
                "--log" => options.log = Some(value()?.into()),
                "--settings" => options.settings = Some(value()?),
                "--session-id" | "--resume" => options.conversation = Some(value()?),
                "--version" => options.version = true,
                _ => {}
            }
        }
        options.reports = reports.unwrap_or(match options.personality {
            Personality::Claude => Reports::Asked,
            Personality::Codex => Reports::Unasked,
            Personality::Gemini => Reports::Titles,
            Personality::Plain => Reports::Nothing,
        });
        let fast = if options.personality == Personality::Gemini { 30 } else { 0 };
        options.eat_enter = eat_enter.unwrap_or(Duration::from_millis(fast));
        Ok(options)
    }
}

fn personality(name: &str) -> Option<Personality> {
    match name {
        "claude" => Some(Personality::Claude),
        "codex" => Some(Personality::Codex),
        "gemini" => Some(Personality::Gemini),
        "plain" => Some(Personality::Plain),
        _ => None,
    }
}

fn read_reports(word: &str) -> Result<Reports, String> {
    match word {
        "asked" => Ok(Reports::Asked),
        "unasked" => Ok(Reports::Unasked),
        "titles" => Ok(Reports::Titles),
        "nothing" => Ok(Reports::Nothing),
        _ => Err(format!("there is no way to report {word:?}")),
    }
}

fn time(word: &str) -> Result<Duration, String> {
    let number = word.parse().map_err(|_| format!("{word:?} is no number of milliseconds"))?;
    Ok(Duration::from_millis(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(called: &str, preset: &str, arguments: &str) -> Result<Options, String> {
        let arguments = arguments.split_whitespace().map(str::to_owned).collect();
        Options::read(called, preset, arguments)
    }

    #[test]
    fn a_name_chooses_and_options_change() {
        let options = read("/bin/codex", "--work 5 --trust-dialog", "-c a=b --work 7").unwrap();
        assert_eq!((options.personality, options.reports), (Personality::Codex, Reports::Unasked));
        assert_eq!((options.work, options.trust_dialog), (Duration::from_millis(7), true));
        let options = read("synk-fake-agent", "", "--as claude --reports titles").unwrap();
        assert_eq!((options.personality, options.reports), (Personality::Claude, Reports::Titles));
        assert_eq!(read("aider", "", "").unwrap().reports, Reports::Nothing);
        for odd in ["--as nobody", "--work", "--work soon", "--reports loudly"] {
            read("claude", "", odd).unwrap_err();
        }
    }
}
