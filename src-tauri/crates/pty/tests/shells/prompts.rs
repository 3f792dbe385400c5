//! The marks, and the users' prompts that they must not disturb.

use std::fs;

use synk_pty::Claim;

use crate::session::{
    ALL, BASH, DASH, FISH, Home, LOGIN_BASH, LOGIN_ZSH, Session, Shell, ZSH, folder,
};

/// The OSC 133 and OSC 7 sequences of an output, and what is left of it without them.
fn split(output: &str) -> (Vec<String>, String) {
    let (mut marks, mut rest) = (Vec::new(), String::new());
    let mut parts = output.split("\x1b]");
    rest.push_str(parts.next().unwrap());
    for part in parts {
        let (body, after) = part.split_once('\x07').unwrap_or((part, ""));
        if body.starts_with("133;") || body.starts_with("7;") {
            marks.push(body.trim_start_matches("133;").to_owned());
        } else {
            rest.push_str("\x1b]");
            rest.push_str(body);
            rest.push('\x07');
        }
        rest.push_str(after);
    }
    (marks, rest)
}

/// Claims a shell, runs the lines one after the other, and returns the marks.
fn marks_of(shell: Shell, home: &Home, lines: &[&str]) -> Vec<String> {
    let project = folder(home, "the project ü%");
    let mut session = Session::claimed(shell, home, &project);
    session.expect("ready> ");
    for line in lines {
        session.type_in(&format!("{line}\r"));
        session.expect("ready> ");
    }
    // The end of the prompt's mark comes after its text.
    session.type_in("exit\r");
    session.exit_code();
    let host = fs::read_to_string("/proc/sys/kernel/hostname").unwrap().trim().to_owned();
    split(&session.text())
        .0
        .into_iter()
        .map(|mark| mark.replace(&host, "HOST").replace(home.path().to_str().unwrap(), "~"))
        .collect()
}

#[test]
fn marks_tell_prompt_command_code_and_directory() {
    for shell in ALL {
        let home = Home::with(shell, "");
        let fail = if shell.name == "fish" { "sh -c 'exit 3'" } else { "(exit 3)" };
        let marks = marks_of(shell, &home, &[fail, "", "cd /"]);
        let at = "7;file://HOST~/the%20project%20%C3%BC%25";
        let root = "7;file://HOST/";
        let expected: Vec<&str> = match shell.name {
            // An empty line is no command.
            "fish" => vec![at, "A", "C", "D;3", at, "A", at, "A", "C", "D;0", root, "A", "C"],
            "dash" => vec![
                "D;0",
                "7;file://~/the%20project%20%C3%BC%25",
                "A",
                "B",
                "D;3",
                "7;file://~/the%20project%20%C3%BC%25",
                "A",
                "B",
                "D;3",
                "7;file://~/the%20project%20%C3%BC%25",
                "A",
                "B",
                "D;0",
                "7;file:///",
                "A",
                "B",
            ],
            _ => vec![
                at, "A", "B", "C", "D;3", at, "A", "B", at, "A", "B", "C", "D;0", root, "A", "B",
                "C",
            ],
        };
        assert_eq!(marks, expected, "{shell:?}");
    }
}

#[test]
fn marks_of_the_shells_own_are_enough() {
    for (shell, lines) in [
        (BASH, r"PS1='\[\e]133;A\a\]ready> '"),
        (BASH, r"mine() { printf '\e]133;D\a\e]133;A\a'; }; PROMPT_COMMAND='true; mine'"),
        (BASH, r"mine() { printf '\e]133;D\a\e]133;A\a'; }; PROMPT_COMMAND=(true mine)"),
        (ZSH, r"PS1=$'%{\e]133;A\a%}ready> '"),
        (ZSH, r"mine() { print -n '\e]133;A\a'; }; precmd_functions+=(mine)"),
        (ZSH, r"precmd() { print -n '\e]133;A\a'; }"),
        (DASH, r#"PS1="$(printf '\033]133;A\007ready> ')""#),
    ] {
        let home = Home::with(shell, lines);
        let marks = marks_of(shell, &home, &["true"]);
        let count = marks.iter().filter(|mark| *mark == "A").count();
        assert_eq!(count, 2, "{lines}: {marks:?}");
    }
}

/// What the user sees is, byte for byte, what a plain shell would have written, for a prompt
/// that takes several lines, has a right-hand side, or is wider than the terminal.
#[test]
fn the_prompt_is_drawn_as_without_marks() {
    let long = "x".repeat(50);
    let cases: Vec<(Shell, String)> = vec![
        (BASH, r"PS1='\n\[\e[32m\]two 漢字 lines\[\e[0m\]\nready> '".into()),
        (BASH, format!(r"PS1='\[\e[1m\]{long}\[\e[0m\] ready> '")),
        (BASH, r"PS1='$(echo sub) \$? $? \\ \w ready> '; PS0='run\n'; PS2='more> '".into()),
        (ZSH, "PROMPT=$'%F{green}two 漢字 lines%f\\nready> '; RPROMPT='%~ right'".into()),
        (ZSH, format!("PROMPT='%B{long}%b ready> '; RPROMPT=right")),
        (ZSH, "setopt prompt_subst; PROMPT='$(echo sub) %(?.ok.bad) ready> '; setopt transient_rprompt".into()),
        (ZSH, "setopt no_prompt_percent; PROMPT='100% ready> '".into()),
        (FISH, "function fish_prompt; set_color green; echo -s (prompt_pwd) 漢字; echo 'ready> '; end; function fish_right_prompt; echo right; end".into()),
        (DASH, format!("PS1='{long}\nready> '")),
    ];
    for (shell, lines) in cases {
        let home = Home::with(shell, &lines);
        let run = |mut session: Session| {
            session.expect("ready> ");
            let wide = "echo 漢字 a line that is wider than the terminal is";
            for line in [wide, "false", "cd /"] {
                session.type_in(&format!("{line}\r"));
                session.expect("ready> ");
            }
            session.type_in("exit\r");
            session.exit_code();
            split(&session.text()).1
        };
        let plain = run(Session::plain_of_width(40, shell, &home));
        // It learns of its width while it is parked.
        let mut claimed = Session::parked(shell, &home);
        claimed.resize(40);
        claimed
            .claim(&Claim { working_dir: home.path(), set: &[], unset: &[], exec: &[] })
            .unwrap();
        let claimed = run(claimed);
        assert_eq!(claimed, plain, "{shell:?} {lines}");
    }
}

/// A prompt that is set anew each time, as starship does it: from PROMPT_COMMAND and from
/// `precmd`, with the exit code and the time that the command took.
#[test]
fn a_prompt_made_by_a_program() {
    let bash = r#"
READY=true
prompt() { CODE=$?; if [[ -n ${START-} ]]; then TOOK=yes; unset START; else TOOK=no; fi; PS1="[$CODE $TOOK] ready> "; }
PS0='${READY:$((START=1,0)):0}'
PROMPT_COMMAND="prompt"
"#;
    let trap = r#"
before() { if [ "$READY" = true ]; then READY=false; START=1; fi; : "$1"; }
prompt() { CODE=$?; if [[ -n ${START-} ]]; then TOOK=yes; unset START; else TOOK=no; fi; PS1="[$CODE $TOOK] ready> "; READY=true; }
trap 'before "$_"' DEBUG
PROMPT_COMMAND="prompt"
"#;
    let zsh = r#"
before() { START=1 }
prompt_now() { CODE=$?; if [[ -n ${START-} ]] { TOOK=yes; unset START } else { TOOK=no }; PROMPT="[$CODE $TOOK] ready> " }
precmd_functions+=(prompt_now)
preexec_functions+=(before)
"#;
    for (shell, lines) in
        [(BASH, bash), (LOGIN_BASH, bash), (BASH, trap), (ZSH, zsh), (LOGIN_ZSH, zsh)]
    {
        let home = Home::with(shell, lines);
        let run = |mut session: Session| {
            session.expect("[0 ");
            for (line, code) in [("(exit 4)", "[4 "), ("", "[4 "), ("true", "[0 ")] {
                session.expect("ready> ");
                session.type_in(&format!("{line}\r"));
                session.expect(code);
            }
            session.expect("ready> ");
            session
        };
        let plain = run(Session::plain(shell, &home, home.path()));
        let session = run(Session::claimed(shell, &home, home.path()));
        let (marks, text) = split(&session.text());
        // The end of the last prompt may not have been taken from the terminal yet.
        let length = plain.text().len().min(text.len());
        assert!(plain.text()[..length] == text[..length], "{lines}: {:?} {text:?}", plain.text());
        let marks: Vec<&str> = marks
            .iter()
            .filter(|mark| !mark.starts_with("7;"))
            .map(|mark| &**mark)
            .filter(|mark| *mark != "B")
            .collect();
        assert_eq!(marks, ["A", "C", "D;4", "A", "A", "C", "D;0", "A"], "{lines}");
    }
}

#[test]
fn prompt_command_in_every_form() {
    for lines in [
        "one() { LAST=$?; }; PROMPT_COMMAND=one",
        "one() { LAST=$?; }; PROMPT_COMMAND='one;'",
        "one() { LAST=$?; }; PROMPT_COMMAND=$'one\\n'",
        "one() { LAST=$?; }; PROMPT_COMMAND=(one true)",
        "one() { LAST=$?; }; export PROMPT_COMMAND='one; true'",
        "one() { LAST=$?; }; PROMPT_COMMAND='one; (exit 9)'",
        "one() { LAST=$?; }; PROMPT_COMMAND='one'; trap 'DEBUGGED=1' DEBUG",
        "one() { LAST=$?; }; PROMPT_COMMAND='one'; shopt -u promptvars",
        "one() { LAST=$?; }; PROMPT_COMMAND='one'; set -u",
    ] {
        let home = Home::with(BASH, lines);
        let mut session = Session::claimed(BASH, &home, home.path());
        session.expect("ready> ");
        session.type_in("(exit 5)\r");
        session.expect("ready> ");
        session.type_in("echo \"last=$LAST\"\r");
        session.expect("last=5");
        session.expect("ready> ");
        let (marks, _) = split(&session.text());
        assert!(marks.contains(&"D;5".to_owned()), "{lines}: {marks:?}");
    }
}

/// A DEBUG trap that takes the time between the first command after a prompt and the prompt,
/// and one in the manner of bash-preexec, which knows a user's command by the DEBUG trap and
/// must not take a command of ours for one.
#[test]
fn debug_traps_see_the_users_commands() {
    let timer = r"
timer_start() { timer=${timer:-$BASH_COMMAND}; }
timer_stop() { took=$timer; unset timer; }
trap 'timer_start' DEBUG
PROMPT_COMMAND=timer_stop
";
    let home = Home::with(BASH, timer);
    let mut session = Session::claimed(BASH, &home, home.path());
    session.expect("ready> ");
    session.type_in("true a\r");
    session.expect("ready> ");
    session.type_in("echo took=$took\r");
    session.expect("took=true a");

    let preexec = r#"
bash_preexec_imported=defined
precmd_functions=() preexec_functions=()
__bp_interactive=
__bp_precmd() {
  local code=$? one
  for one in "${precmd_functions[@]}"; do (exit $code); "$one"; done
}
__bp_interactive_mode() { __bp_interactive=on; }
__bp_preexec() {
  [[ $__bp_interactive ]] || return
  if [[ $PROMPT_COMMAND == *"$BASH_COMMAND"* || ${PROMPT_COMMAND[*]} == *"$BASH_COMMAND"* ]]; then __bp_interactive=; return; fi
  __bp_interactive=
  local one
  for one in "${preexec_functions[@]}"; do "$one" "$BASH_COMMAND"; done
}
__bp_install() {
  PROMPT_COMMAND=$'__bp_precmd\n__bp_interactive_mode'
  trap '__bp_preexec' DEBUG
  __bp_precmd
  __bp_interactive_mode
}
PROMPT_COMMAND='__bp_install'
seen() { SEEN+="($1)"; }
preexec_functions+=(seen)
"#;
    let home = Home::with(BASH, preexec);
    let mut session = Session::claimed(BASH, &home, home.path());
    for line in ["true one", "(exit 6)", "false two"] {
        session.expect("ready> ");
        session.type_in(&format!("{line}\r"));
    }
    session.expect("ready> ");
    session.type_in("echo \"seen=$SEEN\"\r");
    session.expect("\x07seen=");
    let seen = session.expect("\r");
    assert!(seen.starts_with("(true one)") && seen.contains("(false two)"), "{seen}");
    assert!(!seen.contains("__"), "{seen}");
    session.expect("ready> ");
    let (marks, _) = split(&session.text());
    assert!(marks.contains(&"D;6".to_owned()), "{marks:?}");
}

/// zsh's own folder of start-up files, wherever the user says that it is.
#[test]
fn zdotdir_is_the_users() {
    for shell in [ZSH, LOGIN_ZSH] {
        let file = |name: &str| format!("print -r -- {name} ${{ZDOTDIR-none}} >>$HOME/order\n");
        let prompt =
            format!("PS1='ready> '; HISTFILE=${{ZDOTDIR:-$HOME}}/.history\n{}", file("zshrc"));
        let at_home: Vec<(&str, String)> = vec![
            (".zshenv", file("zshenv")),
            (".zprofile", file("zprofile")),
            (".zshrc", prompt.clone()),
            (".zlogin", file("zlogin")),
        ];
        let moved = |first: &str| -> Vec<(String, String)> {
            vec![
                (".zshenv".into(), format!("{first}\n{}", file("zshenv"))),
                ("dots/.zshenv".into(), file("dots-zshenv")),
                ("dots/.zprofile".into(), file("zprofile")),
                ("dots/.zshrc".into(), prompt.clone()),
                ("dots/.zlogin".into(), file("zlogin")),
            ]
        };
        let at_home = at_home.into_iter().map(|(name, text)| (name.to_owned(), text)).collect();
        let cases: Vec<(Vec<(String, String)>, bool)> = vec![
            (at_home, false),
            (moved("ZDOTDIR=~/dots"), false),
            (moved("export ZDOTDIR=~/dots"), false),
            (moved(""), true),
            (moved("setopt no_global_rcs; ZDOTDIR=~/dots"), false),
        ];
        for (files, in_environment) in cases {
            let found = [true, false].map(|plain| {
                let files: Vec<(&str, &str)> =
                    files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
                let mut home = Home::new(&files);
                if in_environment {
                    let dots = home.path().join("dots");
                    home.set("ZDOTDIR", dots.to_str().unwrap());
                }
                let mut session = if plain {
                    Session::plain(shell, &home, home.path())
                } else {
                    Session::claimed(shell, &home, home.path())
                };
                session.expect("ready> ");
                let out = home.path().join("out");
                session.type_in(&format!(
                    "(env | grep ZDOTDIR; typeset -p ZDOTDIR HISTFILE; setopt; [[ -o globalrcs ]]; print $?) >{} 2>&1; print do''ne\r",
                    out.display()
                ));
                session.expect("done");
                [home.path().join("order"), out]
                    .map(|file| fs::read_to_string(file).unwrap().replace(home.path().to_str().unwrap(), "~"))
            });
            assert_eq!(found[0], found[1], "{shell:?} {files:?}");
        }
    }
}

/// An arrangement as large frameworks make it: hooks added and sorted, prompts expanded when
/// they are shown, a theme that asks for the directory, and completion set up.
#[test]
fn a_framework_in_zsh() {
    let lines = r#"
autoload -Uz add-zsh-hook vcs_info compinit
compinit -D
setopt prompt_subst auto_cd auto_pushd pushd_ignore_dups extended_history share_history
HISTFILE=~/.zsh_history HISTSIZE=1000 SAVEHIST=1000
theme_precmd() { vcs_info; DIRECTORY=$PWD }
theme_preexec() { print -n "\e]2;$1\a" }
add-zsh-hook precmd theme_precmd
add-zsh-hook preexec theme_preexec
PROMPT='%{$fg_bold[green]%}%(?:%{➜ %}:%{✗ %}) ${DIRECTORY:t} ready> '
zle-line-init() { :; }; zle -N zle-line-init
"#;
    for shell in [ZSH, LOGIN_ZSH] {
        let home = Home::with(shell, lines);
        let project = folder(&home, "project");
        let mut session = Session::claimed(shell, &home, &project);
        session.expect("project ready> ");
        session.type_in("cd ..; dirs -v | wc -l; print -r -- $precmd_functions\r");
        session.expect("2\r\n");
        session.expect("theme_precmd __synk_precmd\r\n");
        session.expect("ready> ");
    }
}
