//! Start-up files that do what start-up files should not: the shell parks, ends, or says
//! nothing, and whatever happens is what happens without the integration.

use std::fs;
use std::thread;

use synk_pty::{Claim, Mark};

use crate::session::{ALL, Home, Session, Shell, folder, os};

fn for_shell(shell: Shell, posix: &'static str, fish: &'static str) -> &'static str {
    if shell.name == "fish" { fish } else { posix }
}

/// Claims a shell with such start-up files, and sees that it works.
fn parks(shell: Shell, lines: &str) -> Session {
    eprintln!("{shell:?}: {lines}");
    let home = Home::with(shell, lines);
    let project = folder(&home, "project");
    let mut session = Session::parked(shell, &home);
    let set = [(os("GIVEN"), os("a value"))];
    session.claim(&Claim { working_dir: &project, set: &set, unset: &[], exec: &[] }).unwrap();
    assert_eq!(session.mark(), Some(Mark::Claimed), "{shell:?} {lines}: {}", session.text());
    session.expect("ready> ");
    session
        .type_in("/usr/bin/env | /usr/bin/grep '^GIVEN'; /usr/bin/pwd -P; /usr/bin/echo do''ne\r");
    session.expect("GIVEN=a value");
    session.expect(&format!("{}\r\n", project.display()));
    session.expect("done");
    session.expect("ready> ");
    session
}

#[test]
fn changes_of_the_environment() {
    for shell in ALL {
        parks(shell, "cd /usr");
        parks(shell, for_shell(shell, "unset PATH", "set -e PATH"));
        parks(shell, for_shell(shell, "PATH=", "set -gx PATH"));
        parks(shell, for_shell(shell, "unset HOME", "set -e HOME"));
        parks(shell, for_shell(shell, "IFS=abcdeilpsy/", ""));
        parks(shell, for_shell(shell, "umask 777", "umask 777"));
        parks(shell, for_shell(shell, "ulimit -f 0", "ulimit -c 0"));
        parks(shell, for_shell(shell, "LC_ALL=xx_YY; export LC_ALL", "set -gx LC_ALL xx_YY"));
        parks(shell, for_shell(shell, "TMOUT=1", ""));
        parks(shell, for_shell(shell, "CDPATH=/usr:/tmp", "set -g CDPATH /usr /tmp"));
    }
}

#[test]
fn options() {
    for shell in ALL {
        if shell.name == "fish" {
            continue;
        }
        for option in [
            "set -u", "set -e", "set -eu", "set -f", "set -C", "set -a", "set -x", "set -v",
            "set -b",
        ] {
            parks(shell, option);
        }
        let own: &[&str] = match shell.name {
            "bash" => &[
                "set -o pipefail -o errtrace -o functrace",
                "set -o posix",
                "shopt -s extdebug nullglob failglob",
                "shopt -u expand_aliases promptvars",
                "shopt -s compat44 extglob nocasematch",
                "set -o nounset -o errexit; false || true",
                "readonly TMOUT=1",
                "set -k",
            ],
            "zsh" => &[
                "setopt ksh_arrays sh_word_split glob_subst",
                "setopt extended_glob null_glob",
                "setopt err_exit no_unset",
                "setopt err_return rc_quotes",
                "setopt no_rcs",
                "setopt auto_pushd cd_silent pushd_ignore_dups chase_links",
                "setopt no_clobber no_bg_nice",
                "setopt prompt_subst",
                "setopt no_prompt_percent",
                "setopt posix_builtins",
                "setopt ignore_braces",
                "emulate ksh",
                "setopt warn_create_global",
                "setopt all_export",
                "setopt no_multios no_exec; setopt exec",
                "setopt no_global_rcs",
                "setopt csh_junkie_quotes csh_nullcmd",
                "setopt no_short_loops interactive_comments",
            ],
            _ => &[],
        };
        for option in own {
            parks(shell, option);
        }
    }
}

#[test]
fn other_meanings_of_commands() {
    let names = [
        "cd", "read", "eval", "exec", "printf", "builtin", "command", "source", "local", "export",
        "print", "test", "echo", "true", "exit",
    ];
    for shell in ALL {
        match shell.name {
            "fish" => {
                for name in ["cd", "printf", "echo", "exit", "type", "pwd"] {
                    parks(shell, &format!("function {name}; end"));
                }
            }
            "dash" => {
                // dash cannot be told to pass over a function by the name of `command`.
                for name in names
                    .iter()
                    .filter(|name| !["command", "eval", "exec", "export", "exit"].contains(name))
                {
                    parks(shell, &format!("{name}() {{ :; }}"));
                }
                for name in names {
                    parks(shell, &format!("alias {name}=false"));
                }
            }
            _ => {
                for name in names {
                    let session = parks(shell, &format!("{name}() {{ false; }}"));
                    drop(session);
                    parks(shell, &format!("alias {name}=false"));
                }
            }
        }
    }
}

#[test]
fn a_redefined_command_is_still_there() {
    for shell in ALL {
        if ["fish", "dash"].contains(&shell.name) {
            continue;
        }
        let home = Home::with(shell, "builtin() { echo mine \"$@\"; }; cd() { echo gone; }");
        let mut session = Session::claimed(shell, &home, home.path());
        session.expect("ready> ");
        session.type_in("builtin x; cd /\r");
        session.expect("mine x\r\n");
        session.expect("gone");
    }
}

#[test]
fn traps_and_jobs() {
    for shell in ALL {
        if shell.name == "fish" {
            parks(
                shell,
                "function f --on-signal INT; end\nfunction g --on-event fish_prompt; end\nsleep 1000 &",
            );
            continue;
        }
        parks(shell, "trap 'echo left' EXIT");
        parks(shell, "trap : INT TERM QUIT CHLD; (exit 3) &");
        parks(shell, "trap '' HUP INT TERM TSTP");
        parks(shell, "sleep 1000 &");
        if shell.name != "dash" {
            parks(shell, "trap 'false' ERR DEBUG");
        }
    }
}

#[test]
fn closed_descriptors() {
    for shell in ALL {
        if shell.name != "fish" {
            parks(shell, "exec 3<&- 4>&- 7>/dev/null 9</dev/null");
        }
        // A shell that reads no terminal is not interactive any more, with or without us.
        if shell.name == "bash" || shell.name == "zsh" {
            let home = Home::with(shell, "exec 1>&-");
            let mut session = Session::parked(shell, &home);
            session
                .claim(&Claim { working_dir: home.path(), set: &[], unset: &[], exec: &[] })
                .unwrap();
            assert_eq!(session.mark(), Some(Mark::Claimed), "{shell:?}");
        }
    }
}

#[test]
fn errors_in_start_up_files() {
    for shell in ALL {
        if shell.name == "dash" {
            parks(shell, "no_such_command; ./nor_this");
            continue;
        }
        parks(
            shell,
            for_shell(
                shell,
                "no_such_command; . /no/such/file; cd /no/where",
                "no_such_command; cd /no/where",
            ),
        );
        // Only the lines before the error can be known to have been read.
        parks(shell, for_shell(shell, "return 3", "return 3"));
        if shell.name != "fish" {
            parks(shell, "if then fi (");
        }
        parks(shell, for_shell(shell, "echo ${x?gone}", "no_such_command $argv[0]"));
    }
}

#[test]
fn an_end_is_an_end() {
    for shell in ALL {
        // `exit` in a start-up file means nothing to fish.
        if shell.name != "fish" {
            let home = Home::with(shell, "echo before; exit 7");
            let mut session = Session::integrated(shell, &home);
            assert_eq!(session.mark(), None, "{shell:?}");
            assert_eq!(session.exit_code(), 7, "{shell:?}");
            assert_eq!(session.text(), "before\r\n", "{shell:?}");
        }

        let home = Home::with(shell, "exec sh -c 'echo instead; exit 9'");
        let mut session = Session::integrated(shell, &home);
        assert_eq!(session.mark(), None, "{shell:?}");
        assert_eq!(session.exit_code(), 9, "{shell:?}");
        assert_eq!(session.text(), "instead\r\n", "{shell:?}");
    }
}

#[test]
fn what_start_up_prints_comes_before_the_mark() {
    for shell in ALL {
        let count = 3_000_000;
        let home =
            Home::with(shell, &format!("head -c {count} /dev/zero | tr '\\0' x; echo; echo last"));
        let mut session = Session::parked(shell, &home);
        let text = session.text();
        assert!(text.ends_with("last\r\n"), "{shell:?}: {:?}", &text[text.len() - 20..]);
        assert!(text.len() > count, "{shell:?}");
        session
            .claim(&Claim { working_dir: home.path(), set: &[], unset: &[], exec: &[] })
            .unwrap();
        session.expect("ready> ");
    }
}

/// A file that never ends leaves a shell that is not parked, and that its owner can end.
#[test]
fn a_hang_is_not_parked() {
    for shell in ALL {
        let home = Home::with(shell, "echo waiting; cat");
        let mut session = Session::integrated(shell, &home);
        session.expect("waiting");
        let claim = Claim { working_dir: home.path(), set: &[], unset: &[], exec: &[] };
        assert!(session.claim(&claim).is_err(), "{shell:?}");
        assert!(!session.is_parked(), "{shell:?}");
    }
}

#[test]
fn a_parked_shell_ends_with_its_owner() {
    for shell in ALL {
        for lines in ["", for_shell(shell, "trap '' HUP TERM", "function f --on-signal HUP; end")] {
            eprintln!("{shell:?}: {lines}");
            let home = Home::with(shell, lines);
            // Of its terminal's end, or of its channel's when it does not hear of the former.
            let mut session = Session::parked(shell, &home);
            session.integration = None;
            assert_eq!(session.exit_code(), 1, "{shell:?} {lines}");
        }
        let home = Home::with(shell, "");
        let mut session = Session::parked(shell, &home);
        session.hang_up();
        let code = session.exit_code();
        // Of the signal, or because of it.
        assert!([129, 1].contains(&code), "{shell:?}: {code}");
    }
}

/// The user's own files may be started from several shells at once.
#[test]
fn many_at_once() {
    let threads: Vec<_> = (0..12)
        .map(|index| {
            thread::spawn(move || {
                let shell = ALL[index % ALL.len()];
                let home = Home::with(shell, "");
                let mut session = Session::claimed(shell, &home, home.path());
                session.expect("ready> ");
            })
        })
        .collect();
    for thread in threads {
        thread.join().unwrap();
    }
}

#[test]
fn the_channel_is_private_and_goes_away() {
    use std::os::unix::fs::PermissionsExt as _;
    for shell in ALL {
        let home = Home::with(shell, "");
        let mut session = Session::parked(shell, &home);
        let files = session.channel_files();
        assert!(files.len() >= 2, "{shell:?}: {files:?}");
        for file in files {
            let mode = fs::metadata(&file).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{shell:?} {}", file.display());
        }
        session.integration = None;
        assert_eq!(session.channel_files(), Vec::<std::path::PathBuf>::new(), "{shell:?}");
    }
}
