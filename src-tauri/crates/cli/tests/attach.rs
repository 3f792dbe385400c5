//! `synk attach`, on a real terminal.

use std::{fs, process::Command};
use synk_protocol::SessionState;
use synk_testkit::{Console, Home, processes, wait_for};

fn home() -> Home {
    Home::new(env!("CARGO_BIN_EXE_synk"))
}

/// A shell on a terminal of 90×30 that runs `script`, in which `synk` is the program.
fn console(home: &Home, script: &str) -> Console {
    let script = script.replace("synk", &format!("'{}'", env!("CARGO_BIN_EXE_synk")));
    let script = format!("cd '{}'; {script}", home.work().display());
    Console::start(&["sh".into(), "-c".into(), script], &home.environment(), 90, 30)
}

#[test]
fn it_shows_the_screen_passes_keys_on_and_gives_the_terminal_back() {
    let home = home();
    let session = home.create(&[]).session_id;
    home.send(session, "echo before-$((1+1))");
    home.wait_screen(session, "before-2");
    let mut console = console(
        &home,
        "stty -g > before; synk attach 1; echo code-$?; stty -g > after; echo over-$((1+1)); cat",
    );
    console.wait_for("before-2");
    console.press("echo typed-$((20+1))\r");
    console.wait_for("typed-21");
    home.wait_screen(session, "typed-21");
    console.press("stty size\r");
    console.wait_for("30 90");
    // The first is held back until the next key is known.
    console.press("echo one\x1c");
    console.press("\x1c");
    console.wait_for("[detached from shell; `synk attach shell` returns]\r\n");
    console.wait_for("code-0");
    console.wait_for("over-2");
    let settings = |name| fs::read_to_string(home.work().join(name)).unwrap();
    assert_eq!(settings("before"), settings("after"));
    console.press("now it is the console's\r");
    console.wait_for("console's\r\nnow it is");
    home.wait_screen(session, "echo one");
    assert_eq!(home.session(session).state, SessionState::Running);
    wait_for("the detaching", || (home.session(session).attached_clients == 0).then_some(()));
}

#[test]
fn told_to_end_by_others_it_gives_the_terminal_back() {
    let home = home();
    let session = home.create(&[]).session_id;
    let console =
        console(&home, "stty -g > before; synk attach 1; echo code-$?; stty -g > after; echo over");
    wait_for("the viewer", || (home.session(session).attached_clients == 1).then_some(()));
    let viewer =
        home.processes().into_iter().find(|(_, command)| command.ends_with("synk attach 1 "));
    let pid = viewer.unwrap().0.to_string();
    assert!(Command::new("kill").arg(pid).status().unwrap().success());
    console.wait_for("told to end; the session goes on");
    console.wait_for("code-1");
    console.wait_for("over");
    let settings = |name| fs::read_to_string(home.work().join(name)).unwrap();
    assert_eq!(settings("before"), settings("after"));
    home.assert_answers(session);
}

#[test]
fn a_paste_that_nobody_reads_stops_neither_output_nor_leaving() {
    let home = home();
    let go = home.work().join("go");
    let script = format!(
        "stty raw -echo; echo deaf; until [ -e '{}' ]; do sleep 0.05; done; echo still-there; \
         exec sleep 1000",
        go.display()
    );
    home.create(&["--", "sh", "-c", &script]);
    let mut console = console(&home, "synk attach 1; echo code-$?");
    console.wait_for("deaf");
    console.press(&"paste ".repeat(200_000));
    fs::write(go, "").unwrap();
    console.wait_for("still-there");
    console.press("\x1c\x1c");
    console.wait_for("[detached from sh;");
    console.wait_for("code-0");
}

#[test]
fn the_size_of_the_window_is_that_of_the_session() {
    let home = home();
    let session = home.create(&[]).session_id;
    let mut console = console(&home, "synk attach 1");
    wait_for("the first size", || (home.session(session).cols == 90).then_some(()));
    console.resize(101, 41);
    wait_for("the next size", || (home.session(session).cols == 101).then_some(()));
    console.press("stty size\r");
    console.wait_for("41 101");
    console.press("\x1c\x1c");
    assert_eq!(console.exit_code(), 0);
}

#[test]
fn the_end_of_the_program_ends_it() {
    let home = home();
    home.create(&["--name", "job"]);
    let mut console = console(&home, "synk attach job");
    console.press("echo last-$((1+1)); exit 3\r");
    console.wait_for("last-2");
    console.wait_for("[job exited with code 3]\r\n");
    assert_eq!(console.exit_code(), 0);
}

#[test]
fn a_program_that_had_ended_still_shows_its_last_screen() {
    let home = home();
    let session = home.create(&["--name", "job", "--", "sh", "-c", "echo last words; exit 4"]);
    wait_for("the end", || home.session(session.session_id).exit_code);
    let console = console(&home, "synk attach job");
    console.wait_for("[job exited with code 4]");
    assert!(console.shown().contains("last words"), "{}", console.shown());
    assert_eq!(console.exit_code(), 0);
}

#[test]
fn the_end_of_the_session_ends_it() {
    let home = home();
    home.create(&["--name", "job", "--", "cat"]);
    let mut console = console(&home, "synk attach job");
    console.press("here\r");
    console.wait_for("here\r\nhere");
    home.ok(&["kill", "--force", "job"]);
    wait_for("a farewell", || {
        let shown = console.shown();
        (shown.contains("[job was ended]") || shown.contains("[job exited")).then_some(())
    });
    assert_eq!(console.exit_code(), 0);
}

#[test]
fn without_a_terminal_it_is_refused() {
    let home = home();
    home.create(&[]);
    let refused = home.synk(&["attach", "1"]);
    assert_eq!(refused.code, 2);
    assert!(refused.stderr.contains("needs a terminal"), "{}", refused.stderr);
}

#[test]
fn a_programs_questions_are_answered_once_and_not_by_this_terminal() {
    let home = home();
    let session = home.create(&[]).session_id;
    let mut console = console(&home, "synk attach 1");
    wait_for("the attaching", || (home.session(session).attached_clients == 1).then_some(()));
    // The answers are read as keys would be, up to the end of the second.
    console.press("stty raw -echo; printf 'ask\\033[c\\033[6n'; dd bs=1 count=13 2>/dev/null | od -c; stty sane; echo done-$((1+1))\r");
    console.wait_for("done-2");
    let shown = console.shown();
    assert!(shown.contains("ask"), "{shown:?}");
    for question in ["\u{1b}[c", "\u{1b}[6n"] {
        assert!(!shown.contains(question), "{question:?} in {shown:?}");
    }
    assert!(shown.contains("[   ?   1   ;   2   c"), "the shim's own answer: {shown:?}");
}

#[test]
fn a_lost_session_shows_its_last_screen_and_enter_runs_it_again() {
    let home = home();
    let session = home.create(&["--name", "build"]).session_id;
    home.send(session, "echo words-$((1+1))");
    home.wait_screen(session, "words-2");
    home.log_with(session, "words-2");
    let mut console = console(&home, "synk attach build");
    console.wait_for("words-2");
    processes::kill(home.shim_pid(session));
    let offer = "[build was lost just now; Enter runs it again, Ctrl-\\ Ctrl-\\ leaves]";
    console.wait_for(offer);
    let shown = console.shown();
    assert!(shown.split_once(offer).unwrap().0.matches("words-2").count() >= 2, "{shown:?}");
    console.press("not for a program");
    console.press("\r");
    wait_for("it to run again", || {
        (home.session(session).state == SessionState::Running).then_some(())
    });
    console.press("echo again-$((1+1))\r");
    console.wait_for("again-2");
    assert!(!home.screen(session).contains("not for a program"));
    console.press("\x1c\x1c");
    console.wait_for("[detached from build");
    assert_eq!(console.exit_code(), 0);
}

#[test]
fn a_lost_session_can_be_left() {
    let home = home();
    let session = home.create(&["--name", "build"]).session_id;
    home.assert_answers(session);
    processes::kill(home.shim_pid(session));
    wait_for("the loss", || (home.session(session).state == SessionState::Lost).then_some(()));
    let mut console = console(&home, "synk attach build");
    console.wait_for("Enter runs it again");
    console.press("\x1c\x1c");
    console.wait_for("[detached from build; `synk attach build` returns]");
    assert_eq!(console.exit_code(), 0);
    assert_eq!(home.session(session).state, SessionState::Lost);
}
