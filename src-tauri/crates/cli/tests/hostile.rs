//! Bad input gets a clear error and loses nothing: on the command line, on the daemon's
//! socket and on a session's.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

use serde_json::{Value, json};
use std::{
    fs::{self, Permissions},
    os::unix::{fs::PermissionsExt, net::UnixListener},
    path::PathBuf,
    thread,
};
use synk_protocol::{Frame, Hello, INPUT_WINDOW_BYTES, MAX_FRAME_BYTES, Role, SessionId};
use synk_testkit::{Home, RawSocket, processes};

/// A home with one session, which must be as well after everything as it was before.
fn home_with_session() -> (Home, SessionId) {
    let home = Home::new(env!("CARGO_BIN_EXE_synk"));
    let session = home.create(&["--name", "victim"]).session_id;
    (home, session)
}

/// A request on the daemon's socket, and the error it gets.
fn refused(daemon: &mut RawSocket, command: &str, args: &Value) -> (String, String) {
    let request = json!({ "id": 7, "command": command, "args": args });
    daemon.send_text(&request.to_string()).unwrap();
    let answer = daemon.find_json(|message| (message["id"] == 7).then(|| message.clone()));
    let text = |field: &str| answer["error"][field].as_str().unwrap_or_default().to_owned();
    assert!(answer.get("error").is_some(), "{command} {args}: {answer}");
    (text("code"), text("message"))
}

/// An error that was sent without being asked for.
fn complaint(socket: &mut RawSocket) -> String {
    socket.find_json(|message| Some(message["error"]["message"].as_str()?.to_owned()))
}

#[test]
fn every_verb_says_what_is_wrong_and_its_exit_code_says_which_kind() {
    let (home, session) = home_with_session();
    fs::write(home.work().join("file"), "").unwrap();
    fs::write(home.work().join("not-executable"), "#!/bin/sh\n").unwrap();
    let long = "x".repeat(300);
    let shell = format!("SHELL={}", home.work().join("not-executable").display());
    let missing_shell = "SHELL=/does/not/exist";
    let cases: &[(&[&str], i32, &str)] = &[
        (&["screen", "nobody"], 3, "there is no session “nobody”"),
        (&["screen", "99"], 3, "there is no session “99”"),
        (&["send", "99", "x"], 3, "there is no session"),
        (&["kill", "99"], 3, "there is no session"),
        (&["rename", "99", "x"], 3, "there is no session"),
        (&["logs", "99"], 3, "there is no session"),
        (&["new", "--agent", "emacs"], 6, "there is no agent “emacs”"),
        (&["new", "--cwd", "missing"], 2, "missing cannot be used: No such file"),
        (&["new", "--cwd", "file"], 2, "file is not a folder"),
        (&["new", "--env", &shell], 6, "it is not executable"),
        (&["new", "--env", missing_shell], 6, "\"/does/not/exist\" was not found"),
        (&["new", "--env", "=x"], 2, "its name is empty"),
        (&["new", "--env", "NAME"], 2, "NAME=VALUE"),
        (&["new", "--", "no-such-program"], 6, "\"no-such-program\" was not found"),
        (&["new", "--", ""], 2, "the command is empty"),
        (&["new", "--name", "a/b"], 2, "it contains a slash"),
        (&["new", "--name", &long], 2, "it has 300 characters"),
        (&["new", "--name", "a\u{1b}[31mb"], 2, "it contains a control character"),
        (&["new", "--name", "12"], 2, "it is a number"),
        (&["new", "--name", ""], 2, "it is empty"),
        (&["new", "--name", "victim"], 5, "another session is called “victim”"),
        (&["rename", "victim", "a/b"], 2, "it contains a slash"),
        (&["rename", "victim", "12"], 2, "it is a number"),
        (&["fly"], 2, "unrecognized subcommand 'fly'"),
        (&["logs", "victim", "--lines=-1"], 2, "invalid value '-1'"),
    ];
    for (arguments, code, part) in cases {
        let output = home.synk(arguments);
        assert_eq!(output.code, *code, "{arguments:?}: {}", output.stderr);
        assert!(output.stderr.contains(part), "{arguments:?}: {}", output.stderr);
        assert_eq!(output.stdout, "", "{arguments:?}");
        assert!(!output.stderr.contains('\u{1b}'), "{arguments:?}: {:?}", output.stderr);
        home.assert_answers(session);
    }
    assert_eq!(home.sessions().len(), 1, "nothing half made is left");
}

#[test]
fn an_agent_that_is_not_installed_says_how_to_install_it() {
    let home = Home::new(env!("CARGO_BIN_EXE_synk"));
    let started = home.command(&["ls"]).env("PATH", "/nowhere").output().unwrap();
    assert!(started.status.success());
    let output = home.synk(&["new", "--agent", "codex"]);
    assert_eq!(output.code, 6);
    assert!(output.stderr.contains("npm install -g @openai/codex"), "{}", output.stderr);
}

#[test]
fn the_daemon_refuses_what_it_cannot_use_and_goes_on_with_the_connection() {
    let (home, session) = home_with_session();
    fs::write(home.work().join("file"), "").unwrap();
    let work = home.work().display().to_string();
    let create = |more: Value| {
        let mut args = json!({ "agentType": "terminal", "projectPath": work });
        args.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        ("session:create", args)
    };
    let resize = |cols: i64, rows: i64| {
        ("session:resize", json!({ "sessionId": 1, "cols": cols, "rows": rows }))
    };
    let (mut daemon, _hello) = RawSocket::introduced(&home.places().daemon_socket());
    for ((command, args), code, part) in [
        (("session:fly", json!({})), "invalid", "there is no command “session:fly”"),
        (("session:write", json!({ "sessionId": 99, "data": "" })), "not_found", "session 99"),
        (("session:write", json!({ "sessionId": "1", "data": "" })), "invalid", "invalid type"),
        (("session:write", json!({ "sessionId": -1, "data": "" })), "invalid", "-1"),
        (("session:write", json!({ "sessionId": 1 })), "invalid", "missing field `data`"),
        (
            ("session:write", json!({ "sessionId": 1, "data": "日", "binary": true })),
            "invalid",
            "U+00FF",
        ),
        (("session:list", json!([1])), "invalid", "session:list"),
        (("session:list", json!("all")), "invalid", "invalid type"),
        (("session:destroy", json!({ "sessionId": 4_294_967_295_u32 })), "not_found", "no session"),
        (("session:restart", json!({ "sessionId": 99 })), "not_found", "no session"),
        (("session:show", json!({ "sessionId": 99 })), "not_found", "no session"),
        (("session:rename", json!({ "sessionId": 1, "name": "a\u{0}" })), "invalid", "control"),
        (resize(0, 0), "invalid", "0×0 cells is not possible"),
        (resize(100_000, 100_000), "invalid", "100000×100000 cells is not possible"),
        (resize(-80, 24), "invalid", "-80"),
        (create(json!({ "cols": 0, "rows": 0 })), "invalid", "0×0"),
        (create(json!({ "agentType": "emacs" })), "agent_not_found", "no agent “emacs”"),
        (create(json!({ "env": { "A=B": "x" } })), "invalid", "its name contains “=”"),
        (create(json!({ "env": { "A\u{0}B": "x" } })), "invalid", "its name contains a NUL"),
        (create(json!({ "env": { "A": "x\u{0}" } })), "invalid", "its value contains a NUL"),
        (create(json!({ "env": { "": "x" } })), "invalid", "its name is empty"),
        (create(json!({ "env": { "A": 1 } })), "invalid", "invalid type"),
        (create(json!({ "projectPath": "relative" })), "invalid", "not an absolute path"),
        (create(json!({ "projectPath": "/does/not/exist" })), "invalid", "cannot be used"),
        (create(json!({ "workingDir": format!("{work}/file") })), "invalid", "is not a folder"),
        (create(json!({ "command": [] })), "invalid", "the command is empty"),
        (create(json!({ "command": ["sh", "a\u{0}"] })), "invalid", "NUL"),
        (create(json!({ "branch": "main" })), "invalid", "is not in a git repository"),
        (create(json!({ "agentType": "codex", "command": ["sh"] })), "invalid", "not for an agent"),
    ] {
        let (found, message) = refused(&mut daemon, command, &args);
        assert_eq!(found, code, "{command} {args}: {message}");
        assert!(message.contains(part), "{command} {args}: {message}");
        home.assert_answers(session);
    }
    for text in ["{", "", "null", "[]", "\"x\"", "{\"id\":-1}", "{\"command\":\"session:list\"}"] {
        daemon.send_text(text).unwrap();
        let why = complaint(&mut daemon);
        assert!(why.starts_with("the message could not be read"), "{text:?}: {why}");
    }
    daemon.send(&Frame::Unknown(200)).unwrap();
    daemon.send_text(r#"{"id":8,"command":"session:list"}"#).unwrap();
    let sessions = daemon.find_json(|message| message["ok"].as_array().cloned());
    assert_eq!(sessions.len(), 1);
}

/// What can be wrong with bytes before anything in them is read, on either socket.
#[test]
fn bytes_that_are_no_frames_end_their_connection_and_nothing_else() {
    let (home, session) = home_with_session();
    let sockets = [home.places().daemon_socket(), home.places().shim_socket(session)];
    let ten_megabytes = [&10_000_000_u32.to_be_bytes()[..], &vec![b'x'; 10_000_000]].concat();
    let too_large = format!("a frame of more than {MAX_FRAME_BYTES} bytes");
    let garbage = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for socket in &sockets {
        for (bytes, part) in [
            (&ten_megabytes[..], too_large.as_str()),
            (&[0; 4], "an empty frame"),
            (garbage, too_large.as_str()),
            (b"\x00\x00\x00\x01\x02", "too short for its offset"),
        ] {
            let (mut raw, _hello) = RawSocket::introduced(socket);
            // It may be turned away before all of it is sent.
            raw.send_bytes(bytes).ok();
            let why = complaint(&mut raw);
            assert!(why.contains(part), "{why}");
            raw.wait_for_end();
            home.assert_answers(session);
        }
    }
}

#[test]
fn who_does_not_introduce_itself_properly_is_turned_away() {
    let (home, session) = home_with_session();
    let sockets = [home.places().daemon_socket(), home.places().shim_socket(session)];
    for socket in &sockets {
        for (first, part) in [
            (Frame::Control("{".into()), "could not be read"),
            (Frame::Control("{}".into()), "missing field"),
            (Frame::Input("ls\r".into()), "was not a handshake"),
            (Frame::control(&json!({ "id": 1, "command": "session:list" })).unwrap(), "missing"),
        ] {
            let mut raw = RawSocket::open(socket);
            raw.send(&first).unwrap();
            let why = complaint(&mut raw);
            assert!(why.contains(part), "{why}");
            raw.wait_for_end();
        }
        let mut raw = RawSocket::open(socket);
        raw.send_bytes(b"\xff\xff\xff\xff garbage").unwrap();
        raw.wait_for_end();
        for major in [0, 2] {
            let other = Hello { major, version: "9.9.9".into(), ..Hello::new(Role::Client) };
            let (mut raw, _hello) = RawSocket::introduced_as(socket, &other);
            let (code, why) = raw.find_json(|message| {
                let error = message.get("error")?;
                Some((error["code"].clone(), error["message"].to_string()))
            });
            assert_eq!(code, "version_mismatch");
            assert!(why.contains("Synk 9.9.9") && why.contains("synk stop"), "{why}");
            raw.wait_for_end();
        }
        home.assert_answers(session);
    }
    // Those who say nothing at all are in nobody's way, and are turned away in the end.
    let mut silent: Vec<_> = sockets.iter().map(|socket| RawSocket::open(socket)).collect();
    home.assert_answers(session);
    for raw in &mut silent {
        raw.wait_for_end();
    }
    home.assert_answers(session);
}

#[test]
fn a_session_refuses_what_it_cannot_use() {
    let (home, session) = home_with_session();
    let (mut shim, _hello) = RawSocket::introduced(&home.places().shim_socket(session));
    for (text, part) in [
        ("{", "could not be read"),
        ("[]", "could not be read"),
        (r#"{"type":"fly"}"#, "too old for that request"),
        (r#"{"type":"screen"}"#, "missing field"),
        (r#"{"type":"ack","offset":-1}"#, "could not be read"),
        (r#"{"type":"resize","size":{"cols":0,"rows":0}}"#, "0×0"),
        (r#"{"type":"resize","size":{"cols":1001,"rows":1}}"#, "1001×1"),
        (r#"{"type":"resize","size":{"cols":100000,"rows":100000}}"#, "could not be read"),
        (r#"{"type":"resize","size":{"cols":-1,"rows":5}}"#, "could not be read"),
        (r#"{"type":"attach","scrollback":true,"size":{"cols":0,"rows":9}}"#, "0×9"),
        (r#"{"type":"update","id":1,"changes":{"name":"a/b"}}"#, "it contains a slash"),
    ] {
        shim.send_text(text).unwrap();
        let why = complaint(&mut shim);
        assert!(why.contains(part), "{text}: {why}");
        home.assert_answers(session);
    }
    // An acknowledgement of what was never sent, and frames of the other direction.
    shim.send_text(r#"{"type":"ack","offset":9007199254740991}"#).unwrap();
    shim.send(&Frame::Output { offset: 1, bytes: "x".into() }).unwrap();
    shim.send_text(r#"{"type":"screen","id":3}"#).unwrap();
    shim.find_json(|message| (message["id"] == 3).then_some(()));

    // More input than a program that reads nothing may have waiting.
    let deaf = home.create(&["--", "sh", "-c", "stty raw -echo; echo ready; exec sleep 1000"]);
    home.wait_screen(deaf.session_id, "ready");
    let (mut shim, _hello) = RawSocket::introduced(&home.places().shim_socket(deaf.session_id));
    while shim.send(&Frame::Input(vec![b'x'; 16 * 1024].into())).is_ok() {}
    let why = complaint(&mut shim);
    assert!(why.contains(&format!("{INPUT_WINDOW_BYTES} bytes of input")), "{why}");
    let memory = processes::resident_bytes(home.shim_pid(deaf.session_id));
    assert!(memory < 80 << 20, "{memory} bytes");
    home.assert_answers(session);
}

#[test]
fn a_second_daemon_is_refused_and_the_first_goes_on() {
    let (home, session) = home_with_session();
    let first = home.daemon_pid();
    let second = home.synk(&["daemon"]);
    assert_eq!(second.code, 5, "{}", second.stderr);
    assert!(second.stderr.contains("a daemon is running already"), "{}", second.stderr);
    assert_eq!(home.daemon_pid(), first);
    home.assert_answers(session);
}

#[test]
fn a_daemon_of_another_version_is_left_alone_and_named() {
    let home = Home::new(env!("CARGO_BIN_EXE_synk"));
    home.ok(&["ls"]);
    home.ok(&["stop"]);
    let socket = home.places().daemon_socket();
    let listener = UnixListener::bind(&socket).unwrap();
    fs::set_permissions(&socket, Permissions::from_mode(0o600)).unwrap();
    let other = thread::spawn(move || {
        let mut raw = RawSocket::from(listener.accept().unwrap().0);
        let old = Hello { major: 0, version: "0.0.1".into(), ..Hello::new(Role::Daemon) };
        raw.send(&Frame::control(&old).unwrap()).unwrap();
        raw.wait_for_end();
    });
    let output = home.synk(&["ls"]);
    assert_eq!(output.code, 7, "{}", output.stderr);
    assert!(output.stderr.contains("the running daemon is Synk 0.0.1"), "{}", output.stderr);
    other.join().unwrap();
    fs::remove_file(socket).unwrap();
    assert!(home.sessions().is_empty());
}

#[test]
fn homes_that_cannot_be_used_are_refused_with_a_way_out() {
    let home = Home::new(env!("CARGO_BIN_EXE_synk"));
    let file = home.work().join("file");
    fs::write(&file, "").unwrap();
    let long = home.work().join("x".repeat(120));
    for (value, code, part) in [
        (PathBuf::from("relative"), 2, "it must be an absolute path"),
        (long, 2, "set SYNK_HOME to a shorter folder"),
        (file.join("home"), 8, "set SYNK_HOME to a folder that you can write to"),
        (PathBuf::from("/proc/synk"), 8, "cannot be made"),
    ] {
        for verb in [&["ls"][..], &["new"], &["daemon"]] {
            let output = home.command(verb).env("SYNK_HOME", &value).output().unwrap();
            let stderr = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(code), "{value:?} {verb:?}: {stderr}");
            assert!(stderr.contains(part), "{value:?} {verb:?}: {stderr}");
        }
    }
}
