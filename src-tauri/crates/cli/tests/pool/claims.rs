//! What a claimed shell is: the user's own, where and with what it was asked for, and with no
//! trace of how it came there.

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf};
use synk_client::Shim;
use synk_testkit::{Home, wait_for};

use super::{Pooled, SHELLS};

#[test]
fn a_shell_that_waited_is_where_it_was_asked_for_with_what_it_was_given() {
    for shell in SHELLS {
        let hello =
            if shell == "fish" { "set -gx FROM_STARTUP yes" } else { "export FROM_STARTUP=yes" };
        let pooled = Pooled::new(shell, &format!("{hello}\necho message-of-the-day"));
        let home = &pooled.home;
        let folder = home.work().join("it's a folder, ü");
        fs::create_dir(&folder).unwrap();
        let session = pooled.claim(&[
            "--cwd",
            "it's a folder, ü",
            "--env",
            "GREETING=a 'b' \"c\" \\ $HOME `x` *",
            "--env",
            "EMPTY=",
        ]);
        let screen = home.wait_screen(session, "ready>");
        assert!(screen.starts_with("message-of-the-day\n"), "{shell}: {screen}");
        home.send(session, r#"printf '<%s>' "$GREETING" "$EMPTY" "$FROM_STARTUP" "$SYNK_SESSION""#);
        let expected = format!("<a 'b' \"c\" \\ $HOME `x` *><><yes><{session}>");
        wait_for("what it was given", || {
            home.screen(session).replace('\n', "").contains(&expected).then_some(())
        });
        home.send(session, "pwd; printf '[%s]\\n' \"$SYNK_PROJECT\"");
        let last = format!("[{}]", folder.display());
        home.wait_screen(session, &last);
        let record = home.record(session);
        assert_eq!(record.working_dir, folder.display().to_string());
        let log = home.log_with(session, &last);
        assert!(log.starts_with("message-of-the-day\r\n"), "{shell}: {log:?}");
        assert!(!log.contains("7733"), "{shell}: {log:?}");
    }
}

#[test]
fn nothing_of_the_claim_is_left_in_history_environment_or_process_list() {
    for shell in SHELLS {
        let pooled = Pooled::new(shell, "");
        let home = &pooled.home;
        let session = pooled.claim(&["--env", "SECRET=hush-4711"]);
        home.wait_screen(session, "ready>");
        for pid in [home.session(session).pid.unwrap(), home.shim_pid(session)] {
            let called = fs::read(format!("/proc/{pid}/cmdline")).unwrap();
            assert!(!String::from_utf8_lossy(&called).contains("hush"), "{shell}");
        }
        assert!(!home.screen(session).contains("hush"), "{shell}");
        home.send(session, "env | grep -c -e SECRET=hush; env | grep -ci __synk; echo done");
        home.wait_screen(session, "\n1\n0\ndone\n");
        if shell != "dash" {
            home.send(session, "history | grep -c 'hu[s]h-'; echo counted");
            home.wait_screen(session, "\n0\ncounted\n");
        }
        let pool = home.places().pool();
        let left: Vec<_> =
            fs::read_dir(pool).unwrap().flatten().map(|entry| entry.path()).collect();
        for folder in left {
            assert!(!folder.join("claim").exists(), "{shell}: {folder:?}");
        }
    }
}

#[test]
fn an_agent_takes_the_place_of_a_shell_and_is_found_where_start_up_says() {
    let pooled = Pooled::new("bash", "export PATH=$HOME/tools:$PATH");
    let home = &pooled.home;
    let program = install_gemini(home, "echo agent-in-$PWD-$SYNK_SESSION; exec cat");
    let shells: Vec<_> = pooled.idle().iter().map(|(_, shell)| *shell).collect();
    let session = pooled.claim(&["--agent", "gemini"]);
    home.wait_screen(session, &format!("agent-in-{}-{session}", home.work().display()));
    let info = home.session(session);
    assert!(shells.contains(&info.pid.unwrap()), "it is the shell's process");
    assert_eq!(info.command[0], program.display().to_string());
    assert!(!home.screen(session).contains("ready>"));
}

/// A program of that name in `tools`.
fn install_gemini(home: &Home, script: &str) -> PathBuf {
    let tools = home.work().join("tools");
    fs::create_dir(&tools).unwrap();
    let program = tools.join("gemini");
    fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    program
}

#[tokio::test]
async fn what_start_up_printed_was_not_put_out_by_the_agent() {
    let startup = "export PATH=$HOME/tools:$PATH\necho message-of-the-day";
    let pooled = Pooled::new("bash", startup);
    let home = &pooled.home;
    install_gemini(home, "read line; echo $line; exec cat");
    let session = pooled.claim(&["--agent", "gemini"]);
    home.wait_screen(session, "message-of-the-day");
    let (shim, _output) = Shim::connect(&home.places().shim_socket(session)).await.unwrap();
    shim.watch().await.unwrap();
    let mut signals = shim.signals();
    let told = signals.wait_for(|signals| signals.revision > 0).await.unwrap().clone();
    assert_eq!((told.busy, told.busy_at), (false, None));
    home.send(session, "hello");
    signals.wait_for(|signals| signals.busy_at.is_some()).await.unwrap();
}

#[test]
fn a_command_gets_the_environment_that_the_login_shell_sets_up() {
    for shell in SHELLS {
        let set = if shell == "fish" { "set -gx TOOL here" } else { "export TOOL=here" };
        let pooled = Pooled::new(shell, &format!("echo noise\n{set}"));
        let session =
            pooled.home.create(&["--", "sh", "-c", "echo tool-is-$TOOL; exec cat"]).session_id;
        pooled.home.wait_screen(session, "tool-is-here");
    }
}

#[test]
fn what_start_up_would_have_looked_at_starts_cold() {
    let pooled = Pooled::new("bash", "echo home-is-$HOME");
    let home = &pooled.home;
    let other = home.work().join("other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join(".bash_profile"), "echo other-home; PS1='ready> '\n").unwrap();
    let session = home.create(&["--env", &format!("HOME={}", other.display())]).session_id;
    home.wait_screen(session, "other-home");
    let session = home.create(&["--env", "SHELL=/bin/dash"]).session_id;
    home.send(session, "echo shell-$0-");
    home.wait_screen(session, "shell-/bin/dash-");
    assert_eq!(pooled.status().idle, 2, "nobody was claimed");
}

#[test]
fn a_pool_that_gives_refills_itself_and_gives_in_order() {
    let pooled = Pooled::new("dash", "");
    for _ in 0..5 {
        let oldest = *pooled.idle().iter().min().unwrap();
        let session = pooled.claim(&[]);
        assert_eq!(pooled.home.session(session).shim_pid, oldest.0);
        pooled.wait_idle(2);
    }
    let status = pooled.status();
    assert_eq!((status.active, status.total, &status.problem), (5, 7, &None));
    assert!(status.memory_bytes > 500_000, "{status:?}");
}

#[test]
fn a_closed_shell_is_replaced_up_to_the_most_that_wait() {
    let pooled = Pooled::new("dash", "");
    let sessions = [(); 3].map(|()| pooled.home.create(&[]).session_id.to_string());
    pooled.wait_idle(2);
    for session in &sessions {
        pooled.home.ok(&["kill", session]);
    }
    // Three of two, and none of those that were closed, once all of them have gone.
    wait_for("three that wait, and no other", || {
        let status = pooled.status();
        assert!(status.idle + status.warming <= 3, "{status:?}");
        ((status.idle, status.total) == (3, 3)).then_some(())
    });
}
