//! Shells that nobody has started beforehand: they read their start-up files in the pane, and
//! whatever those do happens there, to be seen and typed to.

use std::fs;
use synk_client::Daemon;
use synk_protocol::{SessionId, SessionState};
use synk_testkit::{Home, next_notice, processes, wait_for};

use super::{Pooled, SHELLS};

/// A home whose shell starts when it is asked for.
fn cold(shell: &'static str, lines: &str) -> Pooled {
    let pooled = Pooled { home: Home::without_pool(env!("CARGO_BIN_EXE_synk")), shell };
    pooled.write_startup(lines);
    pooled.start();
    pooled
}

fn for_shell(shell: &str, posix: &'static str, fish: &'static str) -> &'static str {
    if shell == "fish" { fish } else { posix }
}

/// Presses keys in a session.
#[track_caller]
fn press(home: &Home, session: SessionId, keys: &str) {
    home.ok(&["send", "--raw", "--no-enter", &session.to_string(), keys]);
}

/// The session's shell is at its prompt and does as it is told.
#[track_caller]
fn assert_works(home: &Home, session: SessionId) {
    home.wait_screen(session, "ready>");
    home.send(session, "echo work''ing");
    home.wait_screen(session, "working");
    let log = home.log_with(session, "working");
    assert!(!log.contains("7733"), "{log:?}");
}

#[test]
fn a_question_at_start_up_is_answered_in_the_pane() {
    for shell in SHELLS {
        let pooled = cold(
            shell,
            for_shell(
                shell,
                "printf 'Who is there? '; read -r who; echo \"hello $who\"",
                "read -P 'Who is there? ' who; echo hello $who",
            ),
        );
        let home = &pooled.home;
        let session = home.create(&[]).session_id;
        home.wait_screen(session, "Who is there?");
        home.send(session, "somebody");
        home.wait_screen(session, "hello somebody");
        assert_works(home, session);
    }
}

#[test]
fn start_up_that_hangs_holds_up_its_pane_alone_and_is_interrupted_there() {
    for shell in SHELLS {
        let pooled = cold(shell, "echo hanging; sleep 1000");
        let home = &pooled.home;
        let session = home.create(&[]).session_id;
        home.wait_screen(session, "hanging");
        let other = home.create(&["--", "cat"]).session_id;
        home.send(other, "unhindered");
        home.wait_screen(other, "unhindered");
        // A plain dash ends when its start-up is interrupted.
        if shell != "dash" {
            press(home, session, "\u{3}");
            home.send(session, "echo work''ing");
            home.wait_screen(session, "working");
        }
        home.ok(&["kill", &session.to_string()]);
        // Whoever looks for the login environment reads the same files.
        let own = processes::with_variable(&format!("SYNK_SESSION={session}"));
        let left = home.processes().into_iter().find(|process| own.contains(process));
        assert_eq!(left, None, "{shell}");
    }
}

#[test]
fn another_shell_that_start_up_starts_has_the_pane() {
    for shell in SHELLS {
        let pooled = cold(shell, "exec /usr/bin/env PS1='another> ' dash");
        let home = &pooled.home;
        let session = home.create(&[]).session_id;
        home.wait_screen(session, "another>");
        home.assert_answers(session);
        home.send(session, "exit 6");
        wait_for("its end", || (home.session(session).exit_code == Some(6)).then_some(()));
        // The next one starts as the first did.
        home.ok(&["restart", &session.to_string()]);
        home.wait_screen(session, "another>");
        home.assert_answers(session);
    }
}

#[test]
fn start_up_that_ends_the_shell_ends_the_session_and_says_why() {
    for shell in SHELLS {
        // `exit` in a start-up file means nothing to fish.
        let end =
            for_shell(shell, "echo no such luck; exit 3", "echo no such luck; exec sh -c 'exit 3'");
        let pooled = cold(shell, end);
        let home = &pooled.home;
        let session = home.create(&[]).session_id;
        wait_for("its end", || (home.session(session).exit_code == Some(3)).then_some(()));
        assert_eq!(home.screen(session), "no such luck\n", "{shell}");
        assert!(!home.places().session(session).join("shell").exists(), "{shell}");
        // Mended, it is started again in the same pane.
        pooled.write_startup("");
        home.ok(&["restart", &session.to_string()]);
        assert_works(home, session);
    }
}

#[test]
fn what_start_up_prints_is_all_there_however_much() {
    const BYTES: usize = 3_000_000;
    for shell in SHELLS {
        let pooled = cold(
            shell,
            &format!("head -c {BYTES} /dev/zero | tr '\\0' x; echo; printf 'la'; echo 'st line'"),
        );
        let home = &pooled.home;
        let session = home.create(&[]).session_id;
        home.wait_screen(session, "last line");
        assert_works(home, session);
        let log = home.log(session);
        assert_eq!(log.iter().take_while(|byte| **byte == b'x').count(), BYTES, "{shell}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder_that_is_removed_meanwhile_is_said() {
    for shell in SHELLS {
        // Whoever looks for the login environment reads the same file, for no session.
        let remove = for_shell(
            shell,
            "[ -z \"$SYNK_SESSION\" ] || rmdir ~/project",
            "test -z \"$SYNK_SESSION\"; or rmdir ~/project",
        );
        let pooled = cold(shell, remove);
        let home = &pooled.home;
        fs::create_dir(home.work().join("project")).unwrap();
        let (_daemon, mut events) = Daemon::connect(&home.places(), true).await.unwrap();
        let session = home.create(&["--cwd", "project", "--name", "mine"]).session_id;
        let said = next_notice(&mut events).await;
        assert!(said.contains("folder of “mine” was removed"), "{shell}: {said}");
        assert_works(home, session);
        home.send(session, "echo \"[$PWD]\"");
        home.wait_screen(session, "[/]");
        assert_eq!(home.session(session).state, SessionState::Running);
    }
}

#[test]
fn a_shell_is_a_login_shell_or_not_as_the_settings_say() {
    for shell in SHELLS {
        let pooled = cold(shell, "");
        let home = &pooled.home;
        let login = match shell {
            "bash" => "shopt -q login_shell && echo is-lo''gin || echo no-lo''gin",
            "zsh" => "[[ -o login ]] && echo is-lo''gin || echo no-lo''gin",
            "fish" => "status is-login; and echo is-lo''gin; or echo no-lo''gin",
            _ => "[ \"$FROM_PROFILE\" ] && echo is-lo''gin || echo no-lo''gin",
        };
        fs::write(home.work().join(".bashrc"), "PS1='ready> '\n").unwrap();
        fs::write(home.work().join(".shrc"), "PS1='ready> '\n").unwrap();
        if shell == "dash" {
            fs::write(home.work().join(".profile"), "PS1='ready> ' FROM_PROFILE=1\n").unwrap();
        }
        let shrc = format!("ENV={}/.shrc", home.work().display());
        let session = home.create(&["--env", &shrc]).session_id;
        home.wait_screen(session, "ready>");
        home.send(session, login);
        home.wait_screen(session, "is-login");
        let settings = "[pool]\ninitialSize = 0\nloginShell = false\n";
        fs::write(home.places().settings(), settings).unwrap();
        home.ok(&["stop"]);
        pooled.start();
        let session = home.create(&["--env", &shrc]).session_id;
        home.wait_screen(session, "ready>");
        home.send(session, login);
        home.wait_screen(session, "no-login");
        // And so when it is started again.
        home.ok(&["restart", &session.to_string()]);
        home.wait_screen(session, "ready>");
        home.send(session, login);
        home.wait_screen(session, "no-login");
    }
}

/// A bash that is to be like POSIX has no integration, and is started by its name.
#[test]
fn a_shell_without_integration_is_a_login_shell_or_not_as_well() {
    let pooled = cold("bash", "");
    let home = &pooled.home;
    fs::write(home.work().join(".profile"), "PS1='ready> '\n").unwrap();
    let posix = ["--env", "POSIXLY_CORRECT=1", "--env", "PS1=ready> "];
    for (setting, name) in [("true", "[-bash]"), ("false", "[/usr/bin/bash]")] {
        let settings = format!("[pool]\ninitialSize = 0\nloginShell = {setting}\n");
        fs::write(home.places().settings(), settings).unwrap();
        home.ok(&["stop"]);
        pooled.start();
        let session = home.create(&posix).session_id;
        home.send(session, "echo \"[$0]\"");
        home.wait_screen(session, name);
    }
}
