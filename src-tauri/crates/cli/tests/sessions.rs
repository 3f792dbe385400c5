//! A session's life as the command line shows it: creating, finding, typing, reading,
//! renaming, restarting, ending.

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    process::Stdio,
};
use synk_client::Daemon;
use synk_protocol::{RestartSession, SessionId, SessionState};
use synk_testkit::{Home, processes, repository, wait_for};

fn home() -> Home {
    Home::new(env!("CARGO_BIN_EXE_synk"))
}

fn wait_for_exit(home: &Home, session: SessionId) -> Option<i32> {
    wait_for("the program's end", || {
        let session = home.session(session);
        (session.state == SessionState::Exited).then_some(session.exit_code)
    })
}

#[test]
fn a_session_is_created_listed_typed_into_read_and_ended() {
    let home = home();
    assert_eq!(home.ok(&["new"]), "1 shell\n");
    let listed = home.sessions();
    assert_eq!(listed.len(), 1);
    let session = &listed[0];
    assert_eq!((session.session_id, session.name.as_str()), (SessionId(1), "shell"));
    assert_eq!((session.state, session.pane_index), (SessionState::Running, None));
    assert_eq!(session.working_dir, home.work().display().to_string());
    let table = home.ok(&["ls"]);
    assert!(table.contains("shell") && table.contains("running") && table.contains("80×24"));
    home.send(session.session_id, "echo hello-$((6*7))");
    home.wait_screen(session.session_id, "hello-42");
    assert!(processes::runs(session.pid.unwrap()));
    home.ok(&["kill", "1"]);
    assert!(home.sessions().is_empty());
    assert!(!processes::runs(session.pid.unwrap()));
    assert!(home.ok(&["logs", "1"]).contains("hello-42"), "its log is kept");
}

#[test]
fn names_by_default_are_numbered_and_say_what_runs() {
    let home = home();
    let names = [&["--"][..], &[], &["--", "cat"], &["--", "/bin/cat", "-u"], &[]]
        .map(|arguments| home.create(arguments).name);
    assert_eq!(names, ["shell", "shell-2", "cat", "cat-2", "shell-3"]);
}

#[test]
fn a_name_is_as_good_as_an_id() {
    let home = home();
    let build = home.create(&["--name", "the build"]).session_id;
    let other = home.create(&["--name", "other"]).session_id;
    home.ok(&["send", "--raw", "the build", "echo by-name-$((1+1))"]);
    home.wait_screen(build, "by-name-2");
    assert!(home.ok(&["screen", "the build"]).contains("by-name-2"));
    // The log comes after the screen.
    wait_for("the log", || home.ok(&["logs", "the build"]).contains("by-name-2").then_some(()));
    assert!(!home.screen(other).contains("by-name"));

    home.ok(&["rename", "the build", "release"]);
    assert_eq!(home.session(build).name, "release");
    assert_eq!(home.record(build).session_id, build);
    assert_eq!(home.synk(&["screen", "the build"]).code, 3, "the old name is nobody's");
    let taken = home.synk(&["rename", "release", "other"]);
    assert_eq!(
        (taken.code, taken.stderr.as_str()),
        (5, "synk: another session is called “other”\n")
    );
    let taken = home.synk(&["new", "--name", "other"]);
    assert_eq!(taken.code, 5, "{}", taken.stderr);
    home.ok(&["rename", "release", "release"]);

    home.ok(&["kill", "release"]);
    assert_eq!(home.sessions().len(), 1);
    home.assert_answers(other);
}

#[test]
fn text_is_typed_without_enter_when_asked() {
    let home = home();
    let session = home.create(&["--", "cat"]).session_id;
    home.ok(&["send", "--raw", "--no-enter", "1", "half "]);
    home.ok(&["send", "--raw", "1", "-whole"]);
    wait_for("the line and its echo", || {
        (home.screen(session).matches("half -whole").count() == 2).then_some(())
    });
}

#[test]
fn a_log_is_printed_by_lines_and_followed_to_the_end() {
    let home = home();
    let session = home.create(&["--", "sh", "-c", "seq 1 50; echo ready; exec cat"]).session_id;
    home.wait_screen(session, "ready");
    wait_for("the log", || home.log(session).ends_with(b"ready\r\n").then_some(()));
    assert_eq!(home.ok(&["logs", "1", "--lines", "3"]), "49\r\n50\r\nready\r\n");
    assert_eq!(home.ok(&["logs", "1", "--lines", "0"]), "");
    assert_eq!(home.ok(&["logs", "1"]).lines().count(), 51);

    let mut follow = home
        .command(&["logs", "1", "--lines", "1", "--follow"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut followed = BufReader::new(follow.stdout.take().unwrap());
    let mut line = String::new();
    followed.read_line(&mut line).unwrap();
    assert_eq!(line, "ready\r\n");
    home.send(session, "later");
    line.clear();
    followed.read_line(&mut line).unwrap();
    assert_eq!(line, "later\r\n");
    home.ok(&["kill", "1"]);
    let mut rest = String::new();
    followed.read_to_string(&mut rest).unwrap();
    assert!(rest.starts_with("later\r\n"), "cat's own answer: {rest:?}");
    assert!(follow.wait().unwrap().success());
}

#[test]
fn a_command_gets_its_arguments_its_variables_and_its_folder() {
    let home = home();
    let folder = home.work().join("a folder, ü");
    fs::create_dir(&folder).unwrap();
    let script = r#"printf '<%s>' "$GREETING" "$EMPTY" "$PWD" "$@"; exec cat"#;
    let session = home.create(&[
        "--env",
        "GREETING=a b=c",
        "--env",
        "EMPTY=",
        "--cwd",
        "a folder, ü",
        "--",
        "sh",
        "-c",
        script,
        "sh",
        "one",
        "two words",
        "$HOME",
    ]);
    let expected = format!("<a b=c><><{}><one><two words><$HOME>", folder.display());
    wait_for("what it was given", || {
        home.screen(session.session_id).replace('\n', "").contains(&expected).then_some(())
    });
    assert_eq!(session.working_dir, folder.display().to_string());
    assert_eq!(session.command[..2], ["sh", "-c"]);
}

#[test]
fn a_shell_is_a_login_shell_and_knows_nothing_of_the_terminal_that_started_the_daemon() {
    let home = home();
    let started = home
        .command(&["ls"])
        .envs([
            ("TMUX", "/tmp/tmux"),
            ("VTE_VERSION", "1"),
            ("SYNK_SESSION", "99"),
            ("TERM", "dumb"),
        ])
        .output()
        .unwrap();
    assert!(started.status.success());
    let folder = home.work().join("here");
    fs::create_dir(&folder).unwrap();
    fs::write(home.work().join(".profile"), "FROM_PROFILE=read\n").unwrap();
    let session = home.create(&["--cwd", "here"]).session_id;
    home.send(
        session,
        r#"echo "[$FROM_PROFILE] [$TERM] [$SYNK_SESSION] [$TMUX$VTE_VERSION] [${PWD##*/}]""#,
    );
    home.wait_screen(session, "[read] [xterm-256color] [1] [] [here]");
    home.send(session, "synk_home=$SYNK_HOME; tty; echo [$synk_home]");
    let screen = home.wait_screen(session, &format!("[{}]", home.path().display()));
    assert!(!screen.contains("not a tty"), "{screen}");
}

#[test]
fn an_exit_code_is_shown_and_the_screen_stays_until_the_session_is_killed() {
    let home = home();
    let code = home.create(&["--", "sh", "-c", "echo last words; exit 7"]).session_id;
    let signal = home.create(&["--", "sh", "-c", "kill -KILL $$"]).session_id;
    assert_eq!(wait_for_exit(&home, code), Some(7));
    assert_eq!(wait_for_exit(&home, signal), Some(128 + 9));
    assert!(home.ok(&["ls"]).contains("exited 7"));
    let info = home.session(code);
    assert_eq!(info.pid, None);
    assert_eq!(home.screen(code), "last words\n");
    home.ok(&["send", "--raw", "1", "nobody reads this"]);
    assert_eq!(home.screen(code), "last words\n");
    home.ok(&["kill", "1"]);
    assert_eq!(home.synk(&["screen", "1"]).code, 3);
}

#[test]
fn a_session_in_a_repository_shows_its_branch() {
    let home = home();
    let folder = home.work().join("project");
    fs::create_dir(&folder).unwrap();
    repository(&folder, "feat/login");
    let session = home.create(&["--cwd", "project"]);
    assert_eq!(session.branch.as_deref(), Some("feat/login"));
    assert_eq!(home.create(&[]).branch, None);
    for branch in ["feat/logout", "main"] {
        fs::write(folder.join(".git/HEAD"), format!("ref: refs/heads/{branch}\n")).unwrap();
        assert_eq!(home.session(session.session_id).branch.as_deref(), Some(branch), "at once");
    }
}

#[tokio::test]
async fn an_exited_session_restarts_in_its_place() {
    let home = home();
    let script = "echo run-$$; stty size; exit 3";
    let before = home.create(&["--pane", "--name", "again", "--", "sh", "-c", script]);
    assert_eq!(wait_for_exit(&home, before.session_id), Some(3));
    let first = home.screen(before.session_id);
    let (daemon, _events) = Daemon::connect(&home.places(), false).await.unwrap();
    daemon.call(RestartSession { session_id: before.session_id, when_idle: None }).await.unwrap();
    let second = wait_for("the second run", || {
        let screen = home.screen(before.session_id);
        (screen.contains("24 80") && screen != first).then_some(screen)
    });
    assert_eq!(second.matches("run-").count(), 1, "a fresh screen: {second}");
    wait_for_exit(&home, before.session_id);
    let after = home.session(before.session_id);
    assert_eq!((after.name, after.pane_index), (before.name, before.pane_index));
    wait_for("one log of both runs", || {
        let log = String::from_utf8(home.log(before.session_id)).unwrap();
        (log.matches("run-").count() == 2).then_some(())
    });
}

#[tokio::test]
async fn a_running_session_restarts_and_what_it_ran_is_gone() {
    let home = home();
    let before = home.create(&[]);
    let old = before.pid.unwrap();
    home.send(before.session_id, "sleep 1000 & echo started-$((1+1))");
    home.wait_screen(before.session_id, "started-2");
    let child = processes::children(old)[0];
    let shim = home.shim_pid(before.session_id);
    let (daemon, _events) = Daemon::connect(&home.places(), false).await.unwrap();
    daemon.call(RestartSession { session_id: before.session_id, when_idle: None }).await.unwrap();
    assert!(!processes::runs(old) && !processes::runs(child));
    let new =
        wait_for("the new shell", || home.session(before.session_id).pid.filter(|new| *new != old));
    assert_eq!(processes::find(new).unwrap().parent, shim, "the same shim holds it");
    home.assert_answers(before.session_id);
    assert!(!home.screen(before.session_id).contains("started"));
}
