//! Starting a program, its bytes, its size and its exit.

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use rustix::process::{Pid, Signal, kill_process};
use synk_pty::reap;

use crate::terminal::{Terminal, end, environment, exists, exit_code};

pub(crate) fn exit_codes_and_signals() {
    for (script, code) in
        [("exit 0", 0), ("exit 7", 7), ("kill -TERM $$", 143), ("kill -9 $$", 137)]
    {
        let terminal = Terminal::start(&["sh", "-c", script]);
        assert_eq!(exit_code(terminal.pty.pid()), code, "{script}");
    }
    assert_eq!(reap(), []);
}

pub(crate) fn resize() {
    // bash hears no signal that comes while it acts on the one before, or just before it waits for
    // what runs beside it: so it acts later, and nothing runs beside it.
    let script = "trap 'winch=1' WINCH; stty size; echo ready
        while :; do
            if [ $winch ]; then winch=; stty size; echo winch; fi
            sleep 0.1
        done";
    let mut terminal = Terminal::start(&["bash", "-c", script]);
    terminal.expect("24 80\r\n");
    terminal.expect("ready");
    terminal.pty.resize(132, 43).unwrap();
    terminal.expect("43 132\r\nwinch");
    // Nothing smaller than one cell, whatever is asked for.
    terminal.pty.resize(0, 0).unwrap();
    terminal.expect("1 1\r\nwinch");
    end(Some(terminal.pty.pid()));
}

pub(crate) fn dropped_writer() {
    let mut terminal = Terminal::start(&["sh", "-c", "echo ready; cat; echo ended"]);
    terminal.expect("ready");
    drop(terminal.pty.writer().unwrap());
    // An end of input typed by the drop would come before this line.
    terminal.type_in("still there\n");
    terminal.expect("still there\r\n");
    assert_eq!(terminal.expect("still there\r\n"), "");
    terminal.type_in("\x04");
    terminal.expect("ended");
    assert_eq!(exit_code(terminal.pty.pid()), 0);
}

pub(crate) fn login_shell() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join(".bash_profile"), "echo profile-$((6*7)); PS1='prompt> '\n")
        .unwrap();
    let env = environment(&[("SHELL", "/bin/bash"), ("HOME", &home.path().display().to_string())]);
    let mut terminal = Terminal::start_in(&[], home.path(), &env);
    terminal.expect("profile-42");
    terminal.expect("prompt> ");
    terminal.type_in("echo \"$0 $- $PWD\"\n");
    terminal.expect("-bash h");
    terminal.expect(&home.path().display().to_string());
    terminal.type_in("exit 3\n");
    assert_eq!(exit_code(terminal.pty.pid()), 3);
}

fn environment_of(env: &[(String, String)]) -> Vec<String> {
    let mut terminal = Terminal::start_in(&["env"], Path::new("/"), env);
    let pid = terminal.pty.pid();
    let mut lines: Vec<String> = terminal.rest().lines().map(str::to_owned).collect();
    lines.sort();
    exit_code(pid);
    lines
}

pub(crate) fn whole_environment() {
    let path = ("PATH".to_owned(), "/usr/bin:/bin".to_owned());
    let env = [
        path.clone(),
        ("SHELL".to_owned(), "/bin/sh".to_owned()),
        ("ONLY".to_owned(), "a=b ü".to_owned()),
        ("EMPTY".to_owned(), String::new()),
        ("TWICE".to_owned(), "first".to_owned()),
        ("TWICE".to_owned(), "last".to_owned()),
    ];
    assert_eq!(
        environment_of(&env),
        ["EMPTY=", "ONLY=a=b ü", "PATH=/usr/bin:/bin", "SHELL=/bin/sh", "TWICE=last"]
    );
    let lines = environment_of(&[path]);
    assert!(lines.len() == 2 && lines[1].starts_with("SHELL=/"), "{lines:?}");
}

pub(crate) fn lookup() {
    let folder = tempfile::tempdir().unwrap();
    let bin = folder.path().join("bin");
    fs::create_dir(&bin).unwrap();
    let program = bin.join("greet");
    fs::write(&program, "#!/bin/sh\necho \"hello from $0 in $PWD\"\n").unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    // A directory by the program's name that comes first is passed over, as a file is that
    // cannot be run.
    let decoy = folder.path().join("decoy");
    fs::create_dir_all(decoy.join("greet")).unwrap();
    let plain = folder.path().join("plain");
    fs::create_dir(&plain).unwrap();
    fs::write(plain.join("greet"), "text").unwrap();
    let path = format!("{}:{}:{}", decoy.display(), plain.display(), bin.display());
    let env = environment(&[("PATH", &path)]);
    let absolute = program.display().to_string();
    for (name, cwd) in [
        ("greet", Path::new("/")),
        (absolute.as_str(), Path::new("/")),
        ("./greet", bin.as_path()),
        ("bin/greet", folder.path()),
    ] {
        let mut terminal = Terminal::start_in(&[name], cwd, &env);
        terminal.expect("hello from ");
        terminal.expect(&format!(" in {}", cwd.display()));
        assert_eq!(exit_code(terminal.pty.pid()), 0, "{name}");
    }
}

pub(crate) fn descriptors() {
    let first = Terminal::start(&["sleep", "1000"]);
    let _writer = first.pty.writer().unwrap();
    let mut second = Terminal::start(&["sh", "-c", "ls /proc/$$/fd"]);
    assert_eq!(second.rest().split_whitespace().collect::<Vec<_>>(), ["0", "1", "2"]);
    end(Some(first.pty.pid()));
}

pub(crate) fn long_write() {
    let script = "stty raw -echo; echo ready; head -c 3000000 | cksum";
    let mut terminal = Terminal::start(&["sh", "-c", script]);
    terminal.expect("ready");
    let text: Vec<u8> = (0..3_000_000_u32).map(|at| (at % 251) as u8).collect();
    terminal.pty.writer().unwrap().write_all(&text).unwrap();
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(&text).unwrap();
    let output = std::process::Command::new("sh")
        .args(["-c", "cksum < \"$0\"", &file.path().display().to_string()])
        .output()
        .unwrap();
    terminal.expect(String::from_utf8(output.stdout).unwrap().trim());
    end(Some(terminal.pty.pid()));
}

pub(crate) fn end_of_output() {
    // The output ends while the program lives on.
    let mut terminal = Terminal::start(&["sh", "-c", "echo bye; exec sleep 1000 <&- >&- 2>&-"]);
    let pid = terminal.pty.pid();
    assert_eq!(terminal.rest(), "bye\r\n");
    assert_eq!(reap(), []);
    assert!(exists(pid));
    kill_process(Pid::from_raw(i32::try_from(pid).unwrap()).unwrap(), Signal::TERM).unwrap();
    assert_eq!(exit_code(pid), 143);
    // The program ends while another holds its terminal.
    let script = "trap '' HUP; sleep 1000 & echo left=$!; exit 5";
    let mut terminal = Terminal::start(&["sh", "-c", script]);
    let left = terminal.number("left");
    assert_eq!(exit_code(terminal.pty.pid()), 5);
    assert!(exists(left));
    kill_process(Pid::from_raw(i32::try_from(left).unwrap()).unwrap(), Signal::TERM).unwrap();
}

pub(crate) fn folder() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().canonicalize().unwrap().join("a b");
    let script = format!(
        "mkdir '{0}'; cd '{0}'; echo there; read line; rmdir '{0}'; echo gone; read line",
        folder.display()
    );
    let mut terminal = Terminal::start(&["sh", "-c", &script]);
    terminal.expect("there");
    assert_eq!(synk_pty::current_dir(terminal.pty.pid()), Some(folder));
    terminal.type_in("\n");
    terminal.expect("gone");
    assert_eq!(synk_pty::current_dir(terminal.pty.pid()), None);
}
