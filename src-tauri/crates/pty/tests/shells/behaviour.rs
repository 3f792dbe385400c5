//! A claimed shell in use: history, jobs, signals, its end.

use std::fs;

use synk_pty::{Claim, Mark};

use crate::session::{
    ALL, BASH, DASH, FISH, Home, LOGIN_BASH, LOGIN_DASH, LOGIN_ZSH, Session, ZSH, folder, os,
};

#[test]
fn interrupts_and_jobs() {
    for shell in ALL {
        let home = Home::with(shell, "");
        let mut session = Session::claimed(shell, &home, home.path());
        session.expect("ready> ");
        session.type_in("sh -c \"echo be''gun; exec sleep 1000\"\r");
        session.expect("begun");
        session.type_in("\x03");
        session.expect("ready> ");
        session.type_in(if shell.name == "fish" {
            "echo code=$status\r"
        } else {
            "echo code=$?\r"
        });
        session.expect("code=130");
        session.expect("ready> ");
        // A half-typed line is given up.
        session.type_in("echo not");
        session.expect("not");
        session.wait_until_reading();
        session.type_in("\x03");
        session.expect("ready> ");
        session.type_in("sh -c \"echo be''gun; exec sleep 1000\"\r");
        session.expect("begun");
        session.type_in("\x1a");
        session.expect("ready> ");
        // Waited for, or it still is a job when the shell is told to exit.
        session.type_in("bg; jobs; kill %1; wait; echo en''ded\r");
        session.expect("ended");
        session.expect("ready> ");
        session.type_in("exit 5\r");
        assert_eq!(session.exit_code(), 5, "{shell:?}");
    }
}

#[test]
fn history_has_what_was_typed() {
    for shell in [BASH, LOGIN_BASH, ZSH, LOGIN_ZSH, FISH] {
        let lines = match shell.name {
            "zsh" => "HISTFILE=~/.bash_history HISTSIZE=100 SAVEHIST=100",
            _ => "",
        };
        let home = Home::with(shell, lines);
        let file = match shell.name {
            "fish" => ".local/share/fish/fish_history",
            _ => ".bash_history",
        };
        let path = home.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut session = Session::parked(shell, &home);
        // Another session writes its history while this one is parked.
        let line = if shell.name == "fish" {
            "- cmd: echo earlier\n  when: 1\n"
        } else {
            "echo earlier\n"
        };
        fs::write(&path, line).unwrap();
        let set = [(os("SECRET"), os("of the claim"))];
        session
            .claim(&Claim { working_dir: home.path(), set: &set, unset: &[], exec: &[] })
            .unwrap();
        assert_eq!(session.mark(), Some(Mark::Claimed));
        session.expect("ready> ");
        session.type_in("echo to''day\r");
        session.expect("today");
        session.expect("ready> ");
        session.type_in("exit\r");
        session.exit_code();
        let history = fs::read_to_string(&path).unwrap();
        let commands: Vec<&str> = history
            .lines()
            .filter(|line| !line.trim_start().starts_with("when:"))
            .map(|line| line.trim_start_matches("- cmd: "))
            .collect();
        assert_eq!(commands, ["echo earlier", "echo to''day", "exit"], "{shell:?}");
    }
}

#[test]
fn a_login_shell_is_one() {
    for (shell, line, file) in [
        (LOGIN_BASH, "shopt -q login_shell && echo lo''gin $0 $SHLVL", ".bash_logout"),
        (LOGIN_ZSH, "[[ -o login ]] && echo lo''gin $0 $SHLVL", ".zlogout"),
    ] {
        let home = Home::with(shell, "");
        fs::write(home.path().join(file), "echo good bye\n").unwrap();
        let mut session = Session::claimed(shell, &home, home.path());
        session.expect("ready> ");
        session.type_in(&format!("{line}\r"));
        session.expect(&format!("login -{} 1", shell.name));
        session.expect("ready> ");
        session.type_in("logout\r");
        session.expect("good bye");
        assert_eq!(session.exit_code(), 0);
    }
}

/// Which of a login shell's files is read, and that it is the only one.
#[test]
fn a_login_bash_reads_the_first_of_three() {
    for (present, read) in [
        (&[".bash_profile", ".bash_login", ".profile"][..], ".bash_profile"),
        (&[".bash_login", ".profile"], ".bash_login"),
        (&[".profile"], ".profile"),
    ] {
        let text = |name: &str| format!("PS1='ready> '; echo read {name}\n");
        let files: Vec<(&str, String)> =
            present.iter().chain(&[".bashrc"]).map(|name| (*name, text(name))).collect();
        let files: Vec<(&str, &str)> =
            files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let session = Session::parked(LOGIN_BASH, &Home::new(&files));
        assert_eq!(session.text(), format!("read {read}\r\n"));
    }
}

#[test]
fn the_status_of_start_up_shows() {
    for shell in [BASH, LOGIN_BASH, ZSH, LOGIN_ZSH] {
        let home = Home::with(shell, "(exit 6)");
        for mut session in
            [Session::plain(shell, &home, home.path()), Session::claimed(shell, &home, home.path())]
        {
            session.expect("ready> ");
            session.type_in("echo code=$?\r");
            session.expect("code=6");
        }
    }
}

/// Hooks for a changed directory run at the claim, as a directory's versions and variables
/// hang on them.
#[test]
fn the_claims_directory_is_a_change_of_directory() {
    for (shell, lines) in [
        (ZSH, "chpwd_functions+=(went); went() { WENT=$PWD }"),
        (FISH, "function went --on-variable PWD; set -g WENT $PWD; end"),
    ] {
        let home = Home::with(shell, lines);
        let project = folder(&home, "project");
        let mut session = Session::claimed(shell, &home, &project);
        session.expect("ready> ");
        session.type_in("echo went=$WENT\r");
        session.expect(&format!("went={}", project.display()));
    }
}

/// A POSIX shell's own ENV is read whoever sets it, and what it says is expanded.
#[test]
fn the_users_env_file_is_read() {
    let home = Home::new(&[
        (".profile", "ENV='$HOME/.own'; export ENV\n"),
        (".own", "PS1='ready> '; OWN=yes\n"),
        (".shrc", "PS1='wrong> '\n"),
    ]);
    let mut session = Session::claimed(LOGIN_DASH, &home, home.path());
    session.expect("ready> ");
    session.type_in("echo own=$OWN env=$ENV\r");
    session.expect("own=yes env=$HOME/.own");
    let mut home = Home::new(&[]);
    home.remove("ENV");
    let mut session = Session::claimed(DASH, &home, home.path());
    session.expect("# ");
    session.type_in("echo env=${ENV-none}\r");
    session.expect("env=none");
}

/// bash by the name of `sh`, with its marks where its line editor counts no width.
#[test]
fn a_bash_called_sh() {
    let home = Home::new(&[(".shrc", "PS1='ready> '\n"), (".profile", "read_it=yes\n")]);
    let sh = home.path().join("sh");
    std::os::unix::fs::symlink("/bin/bash", &sh).unwrap();
    let mut session = Session::of_program(sh.to_str().unwrap(), true, &home);
    assert_eq!(session.mark(), Some(Mark::Parked), "{}", session.text());
    session.claim(&Claim { working_dir: home.path(), set: &[], unset: &[], exec: &[] }).unwrap();
    session.expect("\x1b]133;A\x07ready> ");
    session.expect("\x1b]133;B\x07");
    session.type_in("echo read=$read_it $SHELLOPTS\r");
    session.expect("read=yes");
    session.expect("posix");
}

/// Without files of its own a home is as good as any.
#[test]
fn no_start_up_files_at_all() {
    for shell in ALL {
        let home = Home::new(&[]);
        let mut session = Session::claimed(shell, &home, home.path());
        session.expect(if shell.name == "dash" { "# " } else { "\x1b]133;A" });
    }
}
