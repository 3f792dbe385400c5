//! The first protocol between shims and their clients, for as long as it is kept: a session
//! may be weeks older than all that looks at it. A conversation of then, recorded with both
//! its sides, is held against today's shim and today's client.
#![expect(clippy::unwrap_used, clippy::panic, reason = "in a test a panic is how it fails")]

use serde_json::{Map, Value};
use std::{
    fs::{self, DirBuilder, Permissions},
    io::Write,
    os::unix::{
        fs::{DirBuilderExt, PermissionsExt},
        net::UnixListener,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::{self, JoinHandle},
};
use synk_client::{Output, Shim, introduced};
use synk_protocol::{ErrorCode, Frame, Hello, Role, SessionChanges, SessionState, TerminalSize};
use synk_screen::Screen;
use synk_testkit::{RawSocket, wait_for};
use tempfile::TempDir;

/// The conversation of protocol 1.0; how it is written is said in it.
const RECORDED: &str = include_str!("fixtures/shim-1.0.json");
/// What a record says that does not change with the time and the machine.
const LASTING: &[&str] =
    &["name", "state", "exitCode", "cols", "rows", "attachedClients", "paneIndex", "command"];

fn recorded() -> Value {
    serde_json::from_str(RECORDED).unwrap()
}

fn conversation() -> Vec<Map<String, Value>> {
    let all = recorded()["conversation"].as_array().unwrap().clone();
    all.into_iter().map(|entry| entry.as_object().unwrap().clone()).collect()
}

/// Fails unless all that was there is still there, and of the same type. What was `null` is
/// something that may be anything.
#[track_caller]
fn assert_shape(then: &Value, now: &Value) {
    match (then, now) {
        (Value::Null, _)
        | (Value::Bool(_), Value::Bool(_))
        | (Value::Number(_), Value::Number(_))
        | (Value::String(_), Value::String(_)) => {}
        (Value::Array(then), Value::Array(now)) => {
            then.iter().zip(now).for_each(|(then, now)| assert_shape(then, now));
        }
        (Value::Object(then), Value::Object(now)) => {
            for (key, then) in then {
                let Some(now) = now.get(key) else { panic!("{key} is gone from {now:?}") };
                assert_shape(then, now);
            }
        }
        _ => panic!("{then} has become {now}"),
    }
}

/// Where a shim or somebody who plays one is.
struct Place {
    folder: TempDir,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::Builder::new().prefix("synk-").tempdir_in("/tmp").unwrap() }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn socket(&self) -> PathBuf {
        self.path("1.sock")
    }

    /// Starts today's `synk shim` as the daemon of then did.
    fn start_shim(&self) -> Child {
        for name in ["work", "session"] {
            DirBuilder::new().mode(0o700).create(self.path(name)).unwrap();
        }
        let spec = recorded()["spec"]
            .to_string()
            .replace("$WORK", self.path("work").to_str().unwrap())
            .replace("$SESSION_DIR", self.path("session").to_str().unwrap())
            .replace("$SOCKET", self.socket().to_str().unwrap());
        let mut shim = Command::new(env!("CARGO_BIN_EXE_synk"))
            .arg("shim")
            .env("SYNK_HOME", self.path("home"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        shim.stdin.take().unwrap().write_all(spec.as_bytes()).unwrap();
        let ready = std::io::read_to_string(shim.stdout.take().unwrap()).unwrap();
        assert_eq!(ready, format!("{}\n", recorded()["ready"]));
        wait_for("the program's first words", || {
            let log = fs::read(self.path("session").join("console.log")).ok()?;
            log.ends_with(b"hello\r\n").then_some(())
        });
        shim
    }

    /// A socket that a shim could listen at.
    fn listen(&self) -> UnixListener {
        let listener = UnixListener::bind(self.socket()).unwrap();
        fs::set_permissions(self.socket(), Permissions::from_mode(0o600)).unwrap();
        listener
    }
}

/// What today's shim has said since the client last spoke.
#[derive(Default)]
struct Said {
    control: Vec<Value>,
    output: (u64, String),
    snapshots: Vec<(u64, Vec<u8>)>,
    closed: bool,
}

impl Said {
    fn add(&mut self, frame: Option<Frame>) {
        match frame {
            None => self.closed = true,
            Some(Frame::Control(json)) => self.control.push(serde_json::from_slice(&json).unwrap()),
            Some(Frame::Output { offset, bytes }) => {
                self.output.0 = offset;
                self.output.1.push_str(str::from_utf8(&bytes).unwrap());
            }
            Some(Frame::Snapshot { offset, bytes }) => {
                self.snapshots.push((offset, bytes.to_vec()));
            }
            Some(other) => panic!("{other:?} is not of then"),
        }
    }

    /// Whether it has said what its forebear did.
    fn has(&self, then: &Map<String, Value>) -> bool {
        if let Some(control) = then.get("control") {
            let same = |now: &&Value| match control["type"].as_str() {
                Some("record") => {
                    LASTING.iter().all(|field| control["record"][field] == now["record"][field])
                }
                _ => ["type", "id", "role"].iter().all(|key| control[key] == now[key]),
            };
            return self.control.iter().find(same).is_some_and(|now| {
                assert_shape(control, now);
                true
            });
        }
        if let Some(output) = then.get("output") {
            return self.output.1.contains(output["text"].as_str().unwrap())
                && output["offset"] == self.output.0;
        }
        if let Some(snapshot) = then.get("snapshot") {
            let text = shown(snapshot["text"].as_str().unwrap().as_bytes());
            return self
                .snapshots
                .iter()
                .any(|(offset, bytes)| snapshot["offset"] == *offset && shown(bytes) == text);
        }
        self.closed
    }
}

/// What a snapshot shows.
fn shown(snapshot: &[u8]) -> String {
    let mut screen = Screen::new(100, 30, 100);
    screen.feed(snapshot);
    screen.text()
}

#[test]
fn todays_shim_answers_a_client_of_then() {
    let place = Place::new();
    let mut shim = place.start_shim();
    let mut client = RawSocket::open(&place.socket());
    let mut said = Said::default();
    for entry in conversation() {
        if entry["from"] == "shim" {
            while !said.has(&entry) {
                assert!(!said.closed, "closed before it said {entry:?}");
                said.add(client.next_frame());
            }
            continue;
        }
        said = Said::default();
        match entry.get("input") {
            Some(input) => {
                let input = input.as_str().unwrap().as_bytes().to_vec();
                client.send(&Frame::Input(input.into())).unwrap();
            }
            None => client.send_text(&entry["control"].to_string()).unwrap(),
        }
    }
    assert!(said.closed);
    wait_for("the shim's end", || shim.try_wait().unwrap());
}

/// Plays the shim of then to the next client, checking that the client speaks as then.
fn play(listener: UnixListener) -> JoinHandle<()> {
    thread::spawn(move || {
        let mut client = RawSocket::from(listener.accept().unwrap().0);
        // The requests of today's client have ids of its own.
        let mut id = Value::Null;
        for entry in conversation() {
            let from_client = entry["from"] == "client";
            if let Some(control) = entry.get("control") {
                // Today's client only leaves by going.
                if control["type"] == "detach" {
                    continue;
                }
                if from_client {
                    let now = client.next_json();
                    assert_eq!(now["type"], control["type"]);
                    assert_shape(control, &now);
                    id = now["id"].clone();
                } else {
                    let mut control = control.clone();
                    if control.get("id").is_some() {
                        control["id"] = id.clone();
                    }
                    client.send_text(&control.to_string()).unwrap();
                }
            } else if let Some(input) = entry.get("input") {
                let Some(Frame::Input(bytes)) = client.next_frame() else { panic!("no input") };
                assert_eq!(bytes, input.as_str().unwrap().as_bytes());
            } else {
                for kind in ["output", "snapshot"] {
                    let Some(frame) = entry.get(kind) else { continue };
                    let offset = frame["offset"].as_u64().unwrap();
                    let bytes = frame["text"].as_str().unwrap().as_bytes().to_vec().into();
                    let frame = match kind {
                        "output" => Frame::Output { offset, bytes },
                        _ => Frame::Snapshot { offset, bytes },
                    };
                    client.send(&frame).unwrap();
                }
            }
        }
    })
}

#[tokio::test]
async fn todays_client_uses_a_shim_of_then() {
    let place = Place::new();
    let shim_of_then = play(place.listen());
    let (shim, mut output) = Shim::connect(&place.socket()).await.unwrap();
    let mut record = shim.record();
    assert_eq!((record.borrow().name.as_str(), record.borrow().closed_at), ("old", None));
    shim.attach(Some(TerminalSize { cols: 80, rows: 24 }), true, None).await.unwrap();
    let Output { bytes, offset, snapshot } = output.recv().await.unwrap();
    assert!(snapshot && shown(&bytes) == "hello", "{bytes:?}");
    shim.acknowledge(offset).await.unwrap();
    shim.write("ping\r").await.unwrap();
    let echo = output.recv().await.unwrap();
    assert_eq!((&echo.bytes[..], echo.snapshot), (&b"ping\r\nping\r\n"[..], false));
    shim.acknowledge(echo.offset).await.unwrap();
    shim.resize(TerminalSize { cols: 100, rows: 30 }).await.unwrap();
    record.wait_for(|record| record.cols == 100).await.unwrap();
    assert_eq!(shim.screen().await.unwrap(), "hello\nping\nping");
    let rename = |name: &str| SessionChanges { name: Some(name.into()), ..Default::default() };
    shim.update(rename("renamed")).await.unwrap();
    assert_eq!(record.borrow().name, "renamed");
    assert_eq!(shim.update(rename("a/b")).await.unwrap_err().code, ErrorCode::Invalid);
    shim.restart(None).await.unwrap();
    assert!(output.recv().await.unwrap().snapshot);
    let last = output.recv().await.unwrap();
    assert_eq!(last.bytes, "hello\r\n");
    shim.acknowledge(last.offset).await.unwrap();
    shim.destroy(None).await.unwrap();
    let ended = (record.borrow().state, record.borrow().exit_code);
    assert_eq!(ended, (SessionState::Exited, Some(129)));
    while record.changed().await.is_ok() {}
    shim_of_then.join().unwrap();
}

/// Somebody of a protocol that is still to come.
fn of_the_future(role: Role) -> Hello {
    Hello { major: 7, version: "9.9.9".to_owned(), ..Hello::new(role) }
}

#[test]
fn a_client_of_another_major_version_is_refused_and_the_session_left_alone() {
    let place = Place::new();
    let mut shim = place.start_shim();
    let (mut stranger, hello) =
        RawSocket::introduced_as(&place.socket(), &of_the_future(Role::Client));
    assert_eq!(hello.role, Role::Shim);
    let refused = stranger.next_json();
    assert_eq!(refused["error"]["code"], "version_mismatch");
    let message = refused["error"]["message"].as_str().unwrap();
    assert!(message.contains("9.9.9 and speaks protocol 7"), "{message}");
    // Whatever else it says is not heard.
    stranger.send_text(r#"{"type":"destroy","id":1}"#).ok();
    stranger.wait_for_end();

    let (mut client, _hello) = RawSocket::introduced(&place.socket());
    client.send_text(r#"{"type":"screen","id":1}"#).unwrap();
    assert_eq!(client.find_json(|one| one["text"].as_str().map(str::to_owned)), "hello");
    client.send_text(r#"{"type":"destroy","id":2}"#).unwrap();
    client.wait_for_end();
    wait_for("the shim's end", || shim.try_wait().unwrap());
}

#[tokio::test]
async fn a_shim_of_another_major_version_is_refused_and_says_which_it_is() {
    let place = Place::new();
    let listener = place.listen();
    let shim = thread::spawn(move || {
        for _ in 0..2 {
            let mut client = RawSocket::from(listener.accept().unwrap().0);
            let hello = serde_json::to_string(&of_the_future(Role::Shim)).unwrap();
            client.send_text(&hello).unwrap();
            client.next_json();
            client.wait_for_end();
        }
    });
    let socket: &Path = &place.socket();
    let refused = Shim::connect(socket).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::VersionMismatch);
    assert!(refused.message.contains("this session's shim is Synk 9.9.9"), "{refused}");
    assert_eq!(introduced(socket).await.unwrap(), of_the_future(Role::Shim));
    shim.join().unwrap();
}
