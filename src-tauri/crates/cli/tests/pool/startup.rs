//! Start-up files that change, and those that never come to an end.

use std::fs;
use synk_testkit::wait_for;

use super::Pooled;

#[test]
fn shells_that_have_read_other_start_up_files_are_replaced() {
    for shell in ["bash", "zsh", "fish"] {
        let pooled = Pooled::new(shell, "echo old-files");
        let before = pooled.idle();
        pooled.write_startup("echo new-files, which are longer");
        // The next session asks, and finds that those that wait are out of date.
        let session = pooled.home.create(&[]).session_id;
        let screen = pooled.home.wait_screen(session, "ready>");
        assert!(screen.contains("new-files"), "{shell}: {screen}");
        pooled.wait_idle(2);
        assert!(pooled.idle().iter().all(|one| !before.contains(one)), "{shell}");
        let session = pooled.claim(&[]);
        assert!(pooled.home.wait_screen(session, "ready>").contains("new-files"));
    }
}

#[test]
fn a_change_of_the_settings_changes_those_that_wait() {
    let pooled = Pooled::new("dash", "");
    let settings = pooled.home.places().settings();
    let before = pooled.idle();
    fs::write(&settings, "[pool]\ninitialSize = 1\nmaxSize = 1\n").unwrap();
    // Read within the time in which the shells are looked at.
    pooled.wait_idle(1);
    assert!(before.contains(&pooled.idle()[0]), "one of them stays");
    fs::write(&settings, "[pool]\ninitialSize = 1\nmaxSize = 1\nloginShell = false\n").unwrap();
    wait_for("another", || {
        let idle = pooled.idle();
        (idle.len() == 1 && !before.contains(&idle[0])).then_some(())
    });
}

#[track_caller]
fn wedged(shell: &'static str, lines: &str, said: &str) {
    let pooled = Pooled::filling(shell, lines);
    pooled.wait_problem(said);
    // The login environment, which is asked for as well, may have said it first.
    wait_for("it to rest", || {
        let status = pooled.status();
        (status.idle + status.warming == 0).then_some(())
    });
    // Whoever wants a session gets one, as slow or strange as it is.
    let command = pooled.home.create(&["--", "sh", "-c", "echo works; exec cat"]).session_id;
    pooled.home.wait_screen(command, "works");
    // The daemon, and the session's shim and program.
    wait_for("no other process", || (pooled.home.processes().len() == 3).then_some(()));
    // Once it is mended the pool goes on by itself.
    pooled.write_startup("echo mended");
    pooled.home.create(&[]);
    pooled.wait_idle(2);
    wait_for("no problem", || pooled.status().problem.is_none().then_some(()));
}

#[test]
fn start_up_that_hangs_wedges_nothing() {
    wedged("bash", "sleep 1000", "not through after 5 s");
}

#[test]
fn start_up_that_asks_wedges_nothing() {
    wedged("zsh", "printf 'Update now? [Y/n] '; read answer </dev/tty", "Update now? [Y/n]");
}

#[test]
fn start_up_that_ends_the_shell_wedges_nothing() {
    wedged("bash", "echo no such luck; exit 3", "exit code 3, saying “no such luck”");
}

#[test]
fn start_up_that_starts_another_shell_wedges_nothing() {
    wedged("bash", "exec dash", "start another shell");
}

#[test]
fn start_up_that_prints_without_end_wedges_nothing() {
    wedged("dash", "yes", "print more than 1024 KiB");
}

#[test]
fn start_up_that_changes_a_file_each_time_wedges_nothing() {
    wedged("bash", "date +%N >~/.bash_aliases", "change a file each time");
}

#[test]
fn a_shell_without_integration_is_claimed_at_its_prompt() {
    let pooled = Pooled::filling("bash", "echo hello");
    // A bash that is to be like POSIX has none.
    pooled.home.ok(&["stop", "--all"]);
    let mut command = pooled.home.command(&["pool"]);
    command.envs([("SHELL", "/usr/bin/bash"), ("POSIXLY_CORRECT", "1"), ("ENV", "")]);
    assert!(command.output().unwrap().status.success());
    pooled.wait_idle(2);
    let session = pooled.claim(&["--env", "GREETING=it's $HOME"]);
    pooled.home.send(session, "echo \"[$GREETING] $SYNK_SESSION $PWD\"");
    let screen = pooled.home.wait_screen(session, "[it's $HOME] 1 ");
    assert!(!screen.contains("7733") && !screen.contains("export"), "{screen}");
}
