//! What a claim carries arrives as it is, or is refused.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::{OsStrExt as _, OsStringExt as _};
use std::path::Path;

use synk_pty::{Claim, ClaimError, Mark, Refusal};

use crate::session::{ALL, Home, Session, folder, os};

/// Texts that mean something to some shell, and bytes that mean nothing to anybody.
fn hostile() -> Vec<OsString> {
    let mut texts: Vec<OsString> = [
        "",
        " ",
        "plain",
        "two  words",
        "-n",
        "--",
        "it's",
        "''",
        "'\\''",
        "\"$HOME\"",
        "$(touch broken)",
        "`touch broken`",
        "a\nb\n",
        "\n",
        "tab\tcr\r",
        "\\",
        "\\\\'",
        "a\\",
        "*",
        "~",
        "!!",
        "!$",
        "{a,b}",
        "#no",
        "a;b|c&d>e<f",
        "%n%~",
        "ünïcödé 漢字 🙂",
        "\u{1}\u{7f}\u{80}\u{88}\u{f600}",
        "=ls",
        "^a^b",
        "\x1b[31m\x07",
    ]
    .map(os)
    .to_vec();
    texts.push(OsString::from_vec(b"\xff\xfe \x80 \xc3( \x83\x9f' \x81\"".to_vec()));
    texts.push(OsString::from_vec((1..=255).collect()));
    texts
}

fn program(lines: &str, home: &Home) -> OsString {
    use std::os::unix::fs::PermissionsExt as _;
    let path = home.path().join("program");
    fs::write(&path, format!("#!/bin/sh\n{lines}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path.into()
}

/// The variables that a program, in place of the shell, finds.
fn environment(file: &Path) -> Vec<(OsString, OsString)> {
    let bytes = fs::read(file).unwrap();
    bytes
        .split(|byte| *byte == 0)
        .filter_map(|one| {
            let at = one.iter().position(|byte| *byte == b'=')?;
            let text = |bytes| OsStr::from_bytes(bytes).to_owned();
            Some((text(&one[..at]), text(&one[at + 1..])))
        })
        .collect()
}

#[test]
fn every_byte_arrives() {
    for shell in ALL {
        let home = Home::with(shell, "");
        let out = home.path().join("out");
        let program = program(
            &format!(
                "env -0 >{0}.env; printf '%s\\0' \"$@\" >{0}.args; pwd >{0}.pwd",
                out.display()
            ),
            &home,
        );
        let set: Vec<(OsString, OsString)> = hostile()
            .into_iter()
            .enumerate()
            .map(|(index, value)| (os(&format!("VALUE_{index}")), value))
            .collect();
        let exec: Vec<OsString> = [program].into_iter().chain(hostile()).collect();
        let unset = [os("LANG"), os("NOT_SET")];
        // A name that is a text, which is all that a directory cannot be.
        let name = "it's $(a) \"dir\" `b`\nü\\ *";
        let project = folder(&home, name);
        let mut session = Session::parked(shell, &home);
        session
            .claim(&Claim { working_dir: &project, set: &set, unset: &unset, exec: &exec })
            .unwrap();
        assert_eq!(session.mark(), Some(Mark::Claimed), "{shell:?}: {}", session.text());
        assert_eq!(session.exit_code(), 0, "{shell:?}: {}", session.text());
        let found = environment(&out.with_extension("env"));
        for (variable, value) in &set {
            let found = found.iter().find(|(one, _)| one == variable).map(|(_, value)| value);
            assert_eq!(found, Some(value), "{shell:?}");
        }
        let names: Vec<&OsStr> = found.iter().map(|(name, _)| name.as_os_str()).collect();
        assert!(!names.contains(&OsStr::new("LANG")), "{shell:?}");
        assert!(!names.iter().any(|name| name.as_bytes().starts_with(b"__synk")), "{shell:?}");
        let mut arguments: Vec<u8> = Vec::new();
        for argument in &exec[1..] {
            arguments.extend(argument.as_bytes());
            arguments.push(0);
        }
        assert_eq!(fs::read(out.with_extension("args")).unwrap(), arguments, "{shell:?}");
        let pwd = fs::read(out.with_extension("pwd")).unwrap();
        assert_eq!(pwd, [project.as_os_str().as_bytes(), b"\n"].concat(), "{shell:?}");
        assert!(!project.join("broken").exists() && !home.path().join("broken").exists());
        // Nothing was printed, and nothing typed was echoed.
        assert_eq!(session.text(), "", "{shell:?}");
    }
}

#[test]
fn a_large_claim_arrives_whole() {
    for shell in ALL {
        let home = Home::with(shell, "");
        let set: Vec<(OsString, OsString)> =
            (0..20).map(|one| (os(&format!("LARGE_{one}")), os(&"ä'$x ".repeat(4000)))).collect();
        let mut session = Session::parked(shell, &home);
        let begun = std::time::Instant::now();
        let exec = [os("sh"), os("-c"), os("env | grep ^LARGE | wc -c")];
        session
            .claim(&Claim { working_dir: home.path(), set: &set, unset: &[], exec: &exec })
            .unwrap();
        let took = begun.elapsed();
        session.exit_code();
        let bytes: usize = set.iter().map(|(name, value)| name.len() + value.len() + 2).sum();
        assert_eq!(session.text().trim(), bytes.to_string(), "{shell:?}");
        // Half a megabyte; the write is a file's, whatever the shell does meanwhile.
        eprintln!("{shell:?}: {bytes} bytes handed over in {took:?}");
    }
}

#[test]
fn what_cannot_be_is_refused() {
    for shell in ALL {
        let lines = match shell.name {
            "fish" => "",
            _ => "readonly FIXED=1",
        };
        let home = Home::with(shell, lines);
        // A name that is nearly right is not right.
        folder(&home, "projects");
        let gone = home.path().join("project");
        let set = [(os("KEPT"), os("no"))];
        let mut session = Session::parked(shell, &home);
        session.claim(&Claim { working_dir: &gone, set: &set, unset: &[], exec: &[] }).unwrap();
        assert_eq!(session.mark(), Some(Mark::Refused(Refusal::Directory)), "{shell:?}");
        assert_eq!(session.mark(), Some(Mark::Parked), "{shell:?}");
        // It is as it was, and can be claimed again.
        let exec = [os("sh"), os("-c"), os("pwd; echo kept=$KEPT")];
        session
            .claim(&Claim { working_dir: home.path(), set: &[], unset: &[], exec: &exec })
            .unwrap();
        assert_eq!(session.mark(), Some(Mark::Claimed), "{shell:?}");
        session.exit_code();
        assert_eq!(session.text(), format!("{}\r\nkept=\r\n", home.path().display()), "{shell:?}");

        for program in ["no-such-program", "./no-such-program", "/"] {
            let mut session = Session::parked(shell, &home);
            let exec = [os(program)];
            session
                .claim(&Claim { working_dir: home.path(), set: &[], unset: &[], exec: &exec })
                .unwrap();
            assert_eq!(
                session.mark(),
                Some(Mark::Refused(Refusal::Program)),
                "{shell:?} {program}"
            );
            assert_eq!(session.exit_code(), 1, "{shell:?}");
        }
        if shell.name != "fish" {
            for (set, unset) in
                [(vec![(os("FIXED"), os("2"))], vec![]), (vec![], vec![os("FIXED")])]
            {
                let mut session = Session::parked(shell, &home);
                session
                    .claim(&Claim { working_dir: home.path(), set: &set, unset: &unset, exec: &[] })
                    .unwrap();
                assert_eq!(session.mark(), Some(Mark::Refused(Refusal::Environment)), "{shell:?}");
                assert_eq!(session.exit_code(), 1, "{shell:?}");
            }
        }
    }
}

#[test]
fn a_shell_that_is_not_parked_cannot_be_claimed() {
    for shell in ALL {
        let mut home = Home::with(shell, "read answer");
        home.set("ANSWER", "");
        let mut session = Session::integrated(shell, &home);
        let cwd = home.path().to_owned();
        let claim = Claim { working_dir: &cwd, set: &[], unset: &[], exec: &[] };
        assert!(matches!(session.claim(&claim), Err(ClaimError::NotParked)), "{shell:?}");
        session.type_in("yes\r");
        assert_eq!(session.mark(), Some(Mark::Parked), "{shell:?}");
        session.claim(&claim).unwrap();
        session.expect("ready> ");
        assert!(matches!(session.claim(&claim), Err(ClaimError::NotParked)), "{shell:?}");
        session.type_in("exit 3\r");
        assert_eq!(session.exit_code(), 3, "{shell:?}");
        assert!(matches!(session.claim(&claim), Err(ClaimError::NotParked)), "{shell:?}");
    }
}

#[test]
fn what_no_shell_can_be_told_is_an_error() {
    let home = Home::new(&[]);
    let mut session = Session::integrated(ALL[0], &home);
    let cwd = home.path();
    let nothing = Claim { working_dir: cwd, set: &[], unset: &[], exec: &[] };
    let relative = Claim { working_dir: Path::new("here"), ..nothing };
    assert!(matches!(session.claim(&relative), Err(ClaimError::NotAbsolute(_))));
    for name in ["", "1a", "a b", "a=b", "ä", "a$(b)"] {
        let (set, unset) = ([(os(name), os(""))], [os(name)]);
        for claim in [Claim { set: &set, ..nothing }, Claim { unset: &unset, ..nothing }] {
            assert!(matches!(session.claim(&claim), Err(ClaimError::InvalidName(_))), "{name:?}");
        }
    }
    for (set, exec) in [
        (vec![(os("A"), os("a\0b"))], vec![]),
        (vec![], vec![os("ls"), os("\0")]),
        (vec![], vec![os("-c")]),
        (vec![], vec![os("")]),
    ] {
        let claim = Claim { set: &set, exec: &exec, ..nothing };
        assert!(matches!(session.claim(&claim), Err(ClaimError::InvalidText(_))));
    }
}

/// What the replaced shell leaves to the program: nothing of its own.
#[test]
fn a_program_in_place_of_the_shell_finds_a_plain_terminal() {
    // A program that starts no other, which would change what is looked at.
    let script = "for my $file (qw(status stat)) { open F, \"/proc/self/$file\"; \
                  print grep { $file eq 'stat' || /^(Pid|SigBlk|SigIgn)/ } <F>; close F } \
                  print join(' ', sort map { s/.*\\///r } glob '/proc/self/fd/*'), qq(\\n)";
    let exec = [os("perl"), os("-e"), os(script)];
    let home = Home::new(&[]);
    let command: Vec<String> = exec.iter().map(|word| word.to_str().unwrap().to_owned()).collect();
    let mut session = Session::program(&command, &home);
    session.exit_code();
    let signals = session.text();
    for shell in ALL {
        let lines = match shell.name {
            "fish" => "function perl; echo function; end",
            "dash" => "alias perl='echo alias'",
            _ => "perl() { echo function; }; alias perl='echo alias'",
        };
        let home = Home::with(shell, lines);
        let mut session = Session::parked(shell, &home);
        session
            .claim(&Claim { working_dir: home.path(), set: &[], unset: &[], exec: &exec })
            .unwrap();
        session.exit_code();
        let text = session.text();
        let pid = session.pid();
        let mut lines = text.lines();
        assert_eq!(lines.next(), Some(&*format!("Pid:\t{pid}")), "{shell:?}: {text}");
        for (found, plain) in lines.by_ref().take(2).zip(signals.lines().skip(1)) {
            assert_eq!(found, plain, "{shell:?}: {text}");
        }
        let stat = lines.next().unwrap().rsplit_once(") ").unwrap().1;
        let stat: Vec<&str> = stat.split(' ').collect();
        // Its process group, its session and the terminal's foreground group.
        assert_eq!([stat[2], stat[3], stat[5]], [&*pid.to_string(); 3], "{shell:?}: {text}");
        // The fourth is the folder that it lists.
        assert_eq!(lines.next(), Some("0 1 2 3"), "{shell:?}: {text}");
    }
}
