//! A claimed shell is the shell that a plain start in that directory would have been.

use std::collections::BTreeSet;
use std::fs;

use crate::session::{ALL, Home, Session, Shell, folder};

/// What differs from one shell to the next, or is the integration's by its description.
fn expected(shell: Shell, line: &str) -> bool {
    // `NAME=value`, `declare -x NAME=value`, `$NAME[1]: |value|`, or a bare name.
    let name = line
        .split(' ')
        .find(|word| !["declare", "typeset", "export"].contains(word) && !word.starts_with('-'))
        .and_then(|word| word.trim_start_matches('$').split(['=', '[', ':']).next())
        .unwrap_or_default();
    let marks: &[&str] = match shell.name {
        "bash" => &["PS0", "PS1", "PROMPT_COMMAND"],
        // Loading zsh/parameter makes its tables variables.
        "zsh" => &[
            "PS1",
            "PROMPT",
            "prompt",
            "precmd_functions",
            "preexec_functions",
            "commands",
            "functions",
            "dirstack",
        ],
        "dash" => &["PS1"],
        _ => &[],
    };
    let passing = [
        "_",
        "BASHPID",
        "PPID",
        "RANDOM",
        "SRANDOM",
        "SECONDS",
        "EPOCHSECONDS",
        "EPOCHREALTIME",
        "TTY",
        "TTYIDLE",
        "last_pid",
        "fish_pid",
        "CMD_DURATION",
    ];
    name.starts_with("__synk_") || marks.contains(&name) || passing.contains(&name)
}

/// Lines that print everything a shell knows about itself. It lists its descriptors without
/// starting a program, for which it would open some.
fn inventory(shell: Shell) -> &'static str {
    match shell.name {
        "bash" => {
            "env -0 | sort -z | tr '\\0' '\\n'; set -o; shopt; alias; trap; umask; ulimit -a; pwd; dirs; \
             declare -p; declare -F; echo \"$- $0 $SHLVL\"; shopt login_shell; history; jobs; \
             printf '%s\\n' /proc/$$/fd/*"
        }
        "zsh" => {
            "env -0 | sort -z | tr '\\0' '\\n'; setopt; unsetopt; alias -L; trap; umask; ulimit -a; pwd; dirs; \
             typeset -p; print -l ${(k)functions}; echo \"$- $0 $SHLVL\"; fc -l 1; jobs; zmodload; bindkey -L; \
             hash -d; printf '%s\\n' /proc/$$/fd/*"
        }
        "fish" => {
            "env -0 | sort -z | tr '\\0' '\\n'; set --show | string match -rv '\\[1\\]: .*(tmp|/proc)'; functions -a -n; umask; ulimit -a; pwd; \
             status is-login; echo $status; abbr --show; bind; complete | sort; jobs; ls /proc/$fish_pid/fd"
        }
        _ => {
            "env -0 | sort -z | tr '\\0' '\\n'; set; set -o; alias; trap; umask; ulimit -a; pwd; \
             echo \"$- $SHLVL\"; jobs; printf '%s\\n' /proc/$$/fd/*"
        }
    }
}

fn ordinary(shell: Shell) -> Home {
    let lines = match shell.name {
        "fish" => {
            "set -gx EDITOR vi\nset -g plain 'a  b'\nalias ll='ls -l'\nfunction greet; echo hello; end\numask 027\nabbr -a gs git status\n"
        }
        "zsh" => {
            "export EDITOR=vi\nplain='a  b'\nalias ll='ls -l'\ngreet() { echo hello; }\numask 027\nsetopt auto_pushd extended_glob\nHISTFILE=~/.history\nHISTSIZE=500\nSAVEHIST=500\nbindkey -e\ntrap 'true' USR1\nulimit -S -n 512"
        }
        "bash" => {
            "export EDITOR=vi\nplain='a  b'\nalias ll='ls -l'\ngreet() { echo hello; }\numask 027\nshopt -s cdspell autocd histappend\nset -o vi\nHISTCONTROL=ignoreboth\ntrap 'true' USR1\nulimit -S -n 512\nlist=(1 '2 3')\ndeclare -A map=([k]=v)\nfalse"
        }
        _ => {
            "export EDITOR=vi\nplain='a  b'\nalias ll='ls -l'\ngreet() { echo hello; }\numask 027\ntrap 'true' USR1\nset -C\nulimit -S -n 512\n"
        }
    };
    let home = Home::with(shell, lines);
    // A fish without a history of its own takes over bash's.
    for name in [".bash_history", ".history"].iter().filter(|_| shell.name != "fish") {
        fs::write(home.path().join(name), "echo one\necho two\n").unwrap();
    }
    home
}

#[test]
fn nothing_but_the_documented_names_differs() {
    for shell in ALL {
        let home = ordinary(shell);
        let project = folder(&home, "the project");
        let script = home.path().join("inventory");
        fs::write(&script, inventory(shell)).unwrap();
        let mut plain = Session::plain(shell, &home, &project);
        plain.expect("ready> ");
        let mut claimed = Session::claimed(shell, &home, &project);
        claimed.expect("ready> ");
        let [plain, claimed] = [&mut plain, &mut claimed].map(|session| {
            let file = home.path().join("answer");
            let line = format!(". {} >|{} 2>&1; echo do''ne\r", script.display(), file.display());
            let line = if shell.name == "fish" { line.replace(">|", ">") } else { line };
            session.type_in(&line);
            session.expect("done");
            session.expect("ready> ");
            let text = fs::read(&file).unwrap();
            String::from_utf8_lossy(&text).replace(&format!("/proc/{}/", session.pid()), "")
        });
        let lines = |text: &str| -> BTreeSet<String> {
            text.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
        };
        let (plain, claimed) = (lines(&plain), lines(&claimed));
        let differences: Vec<&String> =
            plain.symmetric_difference(&claimed).filter(|line| !expected(shell, line)).collect();
        assert!(plain.len() > 50, "{shell:?}: {plain:?}");
        assert!(
            differences.is_empty(),
            "{shell:?}: {differences:#?}, of which claimed {:#?}",
            claimed.difference(&plain).collect::<Vec<_>>()
        );
    }
}
