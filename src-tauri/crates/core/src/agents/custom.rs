//! An agent from the settings. What is wrong with one is found when the settings are read.

use regex::Regex;
use synk_protocol::{
    AgentType, CustomAgent, ReadyWhen,
    StatusState::{Idle, Waiting, Working},
};

use super::Agent;
use crate::status::{StatusRules, TitleRule};

pub(super) fn agent(name: &str, custom: &CustomAgent) -> Agent {
    let texts = |texts: &[String]| texts.iter().cloned().map(Into::into).collect();
    let label = if custom.label.is_empty() { name } else { &custom.label };
    Agent {
        kind: AgentType::Custom(name.into()),
        name: label.to_owned().into(),
        short_name: name.to_owned().into(),
        command: custom.command.clone().into(),
        arguments: texts(&custom.args),
        version_arguments: texts(&custom.version_args),
        install: (!custom.install.is_empty()).then(|| custom.install.clone().into()),
        status: StatusRules {
            reports: custom.ready_when == ReadyWhen::Reported,
            titles: titles(custom),
            ready_when: custom.ready_when,
            ..StatusRules::default()
        },
        ..Agent::default()
    }
}

fn titles(custom: &CustomAgent) -> Vec<TitleRule> {
    let rules = [
        (&custom.waiting_title, Waiting),
        (&custom.working_title, Working),
        (&custom.idle_title, Idle),
    ];
    let rule = |(pattern, state): (&String, _)| {
        let pattern = Regex::new(pattern).ok()?;
        Some(TitleRule { pattern, state, waiting_for: None })
    };
    rules.into_iter().filter(|(pattern, _)| !pattern.is_empty()).filter_map(rule).collect()
}

/// What is wrong with an agent in the settings.
pub(crate) fn check(name: &str, custom: &CustomAgent) -> Result<(), String> {
    let at = format!("agents.custom.{name}");
    match name.parse::<AgentType>() {
        Ok(AgentType::Custom(_)) => {}
        Ok(_) => return Err(format!("{at}: Synk knows an agent of that name already")),
        Err(error) => return Err(format!("{at}: {error}")),
    }
    if custom.command.trim().is_empty() {
        return Err(format!("{at}.command is empty; it is the program to start"));
    }
    let words = [&custom.command].into_iter().chain(&custom.args).chain(&custom.version_args);
    if words.clone().any(|word| word.contains('\0')) {
        return Err(format!("{at} contains a NUL byte"));
    }
    for (field, pattern) in [
        ("workingTitle", &custom.working_title),
        ("waitingTitle", &custom.waiting_title),
        ("idleTitle", &custom.idle_title),
    ] {
        Regex::new(pattern)
            .map_err(|error| format!("{at}.{field} is no regular expression: {error}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_title_says_what_it_is_for() {
        let custom = CustomAgent {
            command: "aider".to_owned(),
            ready_when: ReadyWhen::Paste,
            working_title: "^w".to_owned(),
            waiting_title: "^q".to_owned(),
            idle_title: "^i".to_owned(),
            ..CustomAgent::default()
        };
        let status = agent("aider", &custom).status;
        for (title, state) in [("work", Working), ("question", Waiting), ("idle", Idle)] {
            let rule = status.titles.iter().find(|rule| rule.pattern.is_match(title)).unwrap();
            assert_eq!(rule.state, state, "{title}");
        }
        assert_eq!((status.reports, status.ready_when), (false, ReadyWhen::Paste));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let aider = CustomAgent { command: "aider".to_owned(), ..CustomAgent::default() };
        assert_eq!(check("aider", &aider), Ok(()));
        for (name, custom, part) in [
            ("codex", aider.clone(), "already"),
            ("My Agent", aider.clone(), "lower-case"),
            ("aider", CustomAgent::default(), "command is empty"),
            ("aider", CustomAgent { idle_title: "(".to_owned(), ..aider }, "idleTitle"),
        ] {
            let error = check(name, &custom).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }
}
