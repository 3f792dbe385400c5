//! What sessions are started with.

use std::{fs, os::unix::fs::symlink, time::Duration};
use synk_client::Shim;
use synk_protocol::SessionId;
use synk_screen::Screen;
use synk_testkit::{Home, fake_agent::AgentEvent, wait_for};
use tokio::time::timeout;

use super::{home, pooled::Pooled};

/// How many lines a viewer is sent of what a session has put out. The last of them is there.
async fn lines(home: &Home, session: SessionId, last: &str) -> usize {
    home.wait_screen(session, last);
    let (shim, mut output) = Shim::connect(&home.places().shim_socket(session)).await.unwrap();
    shim.attach(None, true, None).await.unwrap();
    let mut screen = Screen::new(80, 24, 60_000);
    loop {
        let part = timeout(Duration::from_secs(30), output.recv()).await.unwrap().unwrap();
        screen.feed(&part.bytes);
        // The last part alone moves the offset.
        if part.offset > 0 {
            break;
        }
    }
    let mut count = 0;
    // Made higher, a screen takes lines from above, as many as there are.
    for rows in [24, 1000] {
        screen.resize(80, rows);
        count = screen.text().lines().filter(|line| line.starts_with("line-")).count();
    }
    count
}

const PRINT: &str = "seq -f line-%g 1 900; echo the e''nd";

#[tokio::test]
async fn a_session_keeps_as_many_lines_as_the_settings_say() {
    let home = home("[appearance]\nscrollback = 100\n");
    let shell = |home: &Home| home.create(&["--", "sh", "-c", &format!("{PRINT}; cat")]).session_id;
    let few = shell(&home);
    // The screen has 24, and two of them are the end and the cursor's.
    assert_eq!(lines(&home, few, "the end").await, 122);
    home.ok(&["settings", "set", "appearance.scrollback", "600"]);
    let more = shell(&home);
    assert_eq!(lines(&home, more, "the end").await, 622);
    home.ok(&["restart", &few.to_string()]);
    assert_eq!(lines(&home, few, "the end").await, 122, "a session keeps what it began with");
    // But for one that is brought back, from its log.
    synk_testkit::processes::kill(home.shim_pid(few));
    wait_for("it to be back", || {
        (home.session(few).state == synk_protocol::SessionState::Lost).then_some(())
    });
    assert_eq!(lines(&home, few, "the end").await, 622);
}

#[tokio::test]
async fn a_shell_that_waited_keeps_them_too() {
    let pooled = Pooled::new("dash", "");
    let home = &pooled.home;
    for (scrollback, expected) in [("100", 122), ("50000", 900)] {
        home.ok(&["settings", "set", "appearance.scrollback", scrollback]);
        pooled.wait_full();
        let session = pooled.claim(&[]);
        home.wait_screen(session, "ready>");
        home.send(session, PRINT);
        let found = lines(home, session, "the end").await;
        assert_eq!(found, expected, "{scrollback}");
    }
}

#[test]
fn terminals_have_the_shell_of_the_settings_and_agents_that_of_the_login() {
    let pooled = Pooled::new("bash", "");
    let home = &pooled.home;
    fs::write(home.work().join(".zshrc"), "PS1='ready> '\n").unwrap();
    let before = pooled.idle();
    let custom = r#"{ command = "/bin/sh", args = ["-c", "echo \"agent's $SHELL\"; cat"] }"#;
    home.ok(&["settings", "set", "agents.custom.teller", custom]);
    home.ok(&["settings", "set", "terminal.shell", "/usr/bin/zsh"]);
    wait_for("other shells", || {
        let now = pooled.idle();
        (now.len() == 2 && now.iter().all(|one| !before.contains(one))).then_some(())
    });
    pooled.wait_full();
    let ask = "echo \"[${ZSH_VERSION:+zsh} $SHELL]\"";
    let asked = |session| {
        home.wait_screen(session, "ready>");
        home.send(session, ask);
        home.wait_screen(session, "[zsh /usr/bin/zsh]");
    };
    let waited = pooled.claim(&[]);
    asked(waited);
    // And one that has to start from the beginning.
    let cold = home.create(&["--env", "XDG_DATA_HOME=/nowhere"]).session_id;
    asked(cold);
    home.ok(&["restart", &cold.to_string()]);
    asked(cold);
    let agent = home.create(&["--agent", "teller"]).session_id;
    home.wait_screen(agent, "agent's /usr/bin/bash");
}

#[test]
fn a_shell_that_is_gone_is_said_when_a_terminal_starts() {
    let home = home("");
    let shell = home.work().join("my-shell");
    symlink("/bin/sh", &shell).unwrap();
    let path = shell.display().to_string();
    home.ok(&["settings", "set", "terminal.shell", &path]);
    let session = home.create(&[]).session_id;
    home.send(session, "echo \"[$SHELL]\"");
    home.wait_screen(session, &format!("[{path}]"));
    fs::remove_file(&shell).unwrap();
    let refused = home.synk(&["new"]);
    assert_eq!(refused.code, 6, "{}", refused.stderr);
    let said = format!("terminal.shell is {path}, which is no program that can be run");
    assert!(refused.stderr.contains(&said), "{}", refused.stderr);
    // Everything else goes on.
    home.create(&["--", "true"]);
    home.ok(&["settings", "set", "logs.closedDays", "3"]);
    let wrong = home.synk(&["settings", "set", "terminal.shell", "/no/such/shell"]);
    assert_eq!(wrong.code, 2, "{}", wrong.stderr);
    home.ok(&["settings", "set", "terminal.shell", ""]);
    home.create(&[]);
}

/// What the agents of a session were started with so far.
fn started(home: &Home, session: SessionId) -> Vec<Vec<String>> {
    let arguments = |entry: synk_testkit::fake_agent::AgentEntry| match entry.event {
        AgentEvent::Started { arguments } if entry.session == Some(session) => Some(arguments),
        _ => None,
    };
    home.agent_log().into_iter().filter_map(arguments).collect()
}

#[test]
fn agents_are_started_with_the_arguments_and_hooks_of_the_settings() {
    let home = home("[agents.arguments]\nclaude_code = [\"--model\", \"opus x\"]\n");
    home.install_agents("--work 0");
    let claude = home.create(&["--agent", "claude"]).session_id;
    let codex = home.create(&["--agent", "codex"]).session_id;
    let nth = |session, count: usize| {
        wait_for("the agent", || started(&home, session).get(count).cloned())
    };
    let first = nth(claude, 0);
    assert!(first.ends_with(&["--model".to_owned(), "opus x".to_owned()]), "{first:?}");
    assert!(first.contains(&"--settings".to_owned()), "{first:?}");
    assert!(!nth(codex, 0).contains(&"--model".to_owned()));
    // Each start has those that the settings have then.
    home.ok(&["settings", "set", "agents.arguments.codex", r#"["--model", "five"]"#]);
    home.ok(&["settings", "set", "agents.arguments.claude_code", "[]"]);
    home.ok(&["settings", "set", "agents.hooks", "false"]);
    for session in [claude, codex] {
        home.ok(&["restart", &session.to_string()]);
    }
    let (claude_again, codex_again) = (nth(claude, 1), nth(codex, 1));
    assert!(!claude_again.iter().any(|word| word == "--model" || word == "--settings"));
    assert!(codex_again.ends_with(&["--model".to_owned(), "five".to_owned()]), "{codex_again:?}");
    let new = home.create(&["--agent", "codex"]).session_id;
    assert_eq!(nth(new, 0), codex_again);
}

#[test]
fn an_agent_of_ones_own_that_is_not_installed_says_how_to_install_it() {
    let home = home(
        "[agents.custom.helper]\nlabel = 'My Helper'\ncommand = 'no-such-helper'\n\
         install = 'fetch the-helper'\n",
    );
    let refused = home.synk(&["new", "--agent", "helper"]);
    assert_eq!(refused.code, 6, "{}", refused.stderr);
    for part in ["My Helper", "fetch the-helper"] {
        assert!(refused.stderr.contains(part), "{}", refused.stderr);
    }
}
