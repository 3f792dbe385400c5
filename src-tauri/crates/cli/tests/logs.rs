//! The log of real sessions: read, followed, recorded, and written to a disk that is full.
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

use base64::{Engine, engine::general_purpose::STANDARD as BASE64};
use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read, Write},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};
use synk_client::{Daemon, Shim};
use synk_log::{Event, Events, screen_at, usage};
use synk_protocol::{
    FoundText, ReplaySession, ResizeSession, SessionChanges, SessionId, TerminalSize,
};
use synk_screen::Screen;
use synk_testkit::{Console, Home, processes, wait_for};

const MIB: u64 = 1 << 20;

fn home() -> Home {
    Home::new(env!("CARGO_BIN_EXE_synk"))
}

fn exited(home: &Home, session: SessionId) {
    wait_for("the program's end", || home.session(session).exit_code);
}

#[test]
fn a_log_of_many_segments_is_whole_and_brings_back_the_last_screen() {
    let home = home();
    let session = home.create(&["--", "seq", "1", "3000000"]).session_id;
    exited(&home, session);
    let folder = home.places().session(session);
    wait_for("the end of the log", || home.log(session).ends_with(b"3000000\r\n").then_some(()));
    let expected = (1..=3_000_000).fold(String::new(), |all, n: u32| all + &n.to_string() + "\r\n");
    assert!(home.log(session) == expected.as_bytes(), "every number, in order");
    let segments = fs::read_dir(&folder).unwrap().filter(|entry| {
        let path = entry.as_ref().unwrap().path();
        path.extension().is_some_and(|extension| extension == "snapshot")
    });
    assert!(segments.count() >= 2);
    let past = screen_at(&folder, None, 5000).unwrap();
    assert!(!past.incomplete);
    assert_eq!(past.offset, expected.len() as u64);
    assert_eq!(past.screen.text(), home.screen(session).trim_end());
    assert_eq!(home.ok(&["logs", &session.to_string(), "--lines", "2"]), "2999999\r\n3000000\r\n");
    home.ok(&["kill", &session.to_string()]);
    assert_eq!(home.ok(&["logs", &session.to_string(), "--lines", "1"]), "3000000\r\n");
}

#[test]
fn a_log_is_followed_to_its_end_across_segments() {
    let home = home();
    let script = "echo ready; read line; seq 1 2000000";
    let session = home.create(&["--", "sh", "-c", script]).session_id;
    let mut follow = home.command(&["logs", &session.to_string(), "--follow"]);
    let mut follow = follow.stdout(Stdio::piped()).spawn().unwrap();
    let mut output = BufReader::new(follow.stdout.take().unwrap());
    let mut line = String::new();
    let mut read_to = |wanted: &str| {
        while line.trim_end() != wanted {
            line.clear();
            assert!(output.read_line(&mut line).unwrap() > 0);
        }
    };
    // From here on it follows; what was put out before is only its last hundred lines.
    read_to("ready");
    home.send(session, "go");
    read_to("1");
    for number in 2..=2_000_000 {
        line.clear();
        output.read_line(&mut line).unwrap();
        assert_eq!(line.trim_end().parse(), Ok(number));
    }
    home.ok(&["kill", &session.to_string()]);
    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "");
    assert!(follow.wait().unwrap().success());
}

#[test]
fn what_is_asked_for_ends_although_the_session_has_no_end() {
    let home = home();
    let session = home.create(&["--name", "flood", "--", "yes", "on and on"]);
    wait_for("some of it", || {
        home.synk(&["logs", "flood", "--lines", "5"]).stdout.contains("on and on").then_some(())
    });
    let lines = home.ok(&["logs", "flood", "--lines", "100000"]).lines().count();
    assert!(lines >= 5, "{lines}");
    let cast = home.work().join("flood.cast");
    home.ok(&["export", "flood", "--asciicast", cast.to_str().unwrap()]);
    home.ok(&["kill", "--force", &session.session_id.to_string()]);
}

#[tokio::test]
async fn the_cap_can_be_changed_while_a_session_runs() {
    let home = home();
    let session = home.create(&["--", "sh", "-c", "seq 1 3000000; cat"]).session_id;
    home.wait_screen(session, "3000000");
    let folder = home.places().session(session);
    assert!(usage(&folder).unwrap() > 16 * MIB);
    let (shim, _output) = Shim::connect(&home.places().shim_socket(session)).await.unwrap();
    let changes = SessionChanges { log_limit_bytes: Some(4 * MIB), ..SessionChanges::default() };
    shim.update(changes).await.unwrap();
    // What is being written is not cut; it ends with the next output.
    home.send(session, "one more line");
    wait_for("the log to be cut", || (usage(&folder).ok()? <= 4 * MIB).then_some(()));
    home.send(session, "and another");
    wait_for("the last line", || home.log(session).ends_with(b"and another\r\n").then_some(()));
    let past = screen_at(&folder, None, 100).unwrap();
    assert_eq!(past.screen.text(), home.screen(session).trim_end());
}

/// A recording as a player shows it.
fn played(home: &Home, cast: &Path, cols: u16, rows: u16) -> String {
    let command = ["asciinema", "cat", cast.to_str().unwrap()].map(str::to_owned);
    let console = Console::start(&command, &home.environment(), cols, rows);
    assert_eq!(console.exit_code(), 0, "{}", console.shown());
    let mut screen = Screen::new(cols, rows, 0);
    screen.feed(console.shown().as_bytes());
    screen.text()
}

#[tokio::test]
async fn a_recording_plays_to_the_same_screen() {
    let home = home();
    let script = "printf '\\033[1;31mred\\033[0m \\346\\274'; sleep 0.2; printf '\\242 \\377\\n'; \
                  read line; printf '\\033[5;10Hhere 😀'; read line; exit 3";
    let session = home.create(&["--name", "show", "--", "sh", "-c", script]).session_id;
    home.wait_screen(session, "red 漢");
    let (shim, _output) = Shim::connect(&home.places().shim_socket(session)).await.unwrap();
    let size = TerminalSize { cols: 100, rows: 30 };
    shim.attach(Some(size), true, None).await.unwrap();
    // Answered after that.
    shim.screen().await.unwrap();
    wait_for("the size", || (home.session(session).cols == 100).then_some(()));
    home.send(session, "on");
    home.wait_screen(session, "here");
    home.send(session, "end");
    exited(&home, session);
    let screen = home.screen(session);
    let cast = home.work().join("show.cast");
    let path = cast.to_str().unwrap();
    home.ok(&["export", "show", "--asciicast", path]);
    assert_eq!(played(&home, &cast, 100, 30), screen.trim_end());
    assert_eq!(fs::metadata(&cast).unwrap().permissions().mode() & 0o777, 0o600);

    let text = fs::read_to_string(&cast).unwrap();
    let mut lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    let header: serde_json::Value = lines.next().unwrap();
    assert_eq!((&header["version"], &header["title"]), (&2.into(), &"show".into()));
    let events: Vec<(f64, String, String)> =
        lines.map(|line| serde_json::from_value(line).unwrap()).collect();
    assert!(events.is_sorted_by(|a, b| a.0 <= b.0));
    let of = |kind| events.iter().filter(move |event| event.1 == kind);
    assert_eq!(of("r").map(|event| event.2.as_str()).collect::<Vec<_>>(), ["100x30"]);
    assert_eq!(of("m").count(), 1, "the program's start");
    let wide = of("o").find(|event| event.2.contains('漢')).unwrap();
    let red = of("o").find(|event| event.2.contains("red")).unwrap();
    assert!(wide.0 - red.0 >= 0.15, "{red:?} {wide:?}");

    let again = home.synk(&["export", "show", "--asciicast", path]);
    assert_eq!(again.code, 2);
    assert!(again.stderr.contains("--force"), "{}", again.stderr);
    home.ok(&["restart", "show"]);
    home.wait_screen(session, "red 漢");
    home.ok(&["export", "show", "--asciicast", path, "--force"]);
    assert_eq!(played(&home, &cast, 100, 30), home.screen(session).trim_end());
    home.ok(&["kill", "show", "--force"]);
    let gone = home.ok(&["export", &session.to_string(), "--asciicast", "-"]);
    assert!(gone.starts_with(&fs::read_to_string(&cast).unwrap()));
    assert_eq!(home.synk(&["export", "show", "--asciicast", "-"]).code, 3);
}

#[test]
fn a_recording_whose_beginning_is_gone_starts_with_the_screen_that_was() {
    let home = home();
    let session = home.create(&["--", "sh", "-c", "printf '\\033[31m'; seq 1 3000000; cat"]);
    let session = session.session_id;
    home.wait_screen(session, "3000000");
    let folder = home.places().session(session);
    assert!(synk_log::remove_oldest(&folder, 1).unwrap() > 0);
    let cast = home.work().join("late.cast");
    home.ok(&["export", &session.to_string(), "--asciicast", cast.to_str().unwrap()]);
    let info = home.session(session);
    assert_eq!(played(&home, &cast, info.cols, info.rows), home.screen(session).trim_end());
}

#[test]
fn a_log_that_cannot_be_read_hides_nothing_that_is_in_others() {
    let home = home();
    let [closed, open] = ["closed", "open"].map(|name| {
        let command = ["--name", name, "--", "sh", "-c", "echo a needle; exec cat"];
        let session = home.create(&command).session_id;
        home.log_with(session, "a needle");
        session
    });
    home.ok(&["kill", "closed"]);
    let folder = home.places().session(closed);
    fs::create_dir(folder.join("console.00000000000000000000.log")).unwrap();
    let found = home.ok(&["search", "a needle", "--json"]);
    let found: FoundText = serde_json::from_str(&found).unwrap();
    let sessions: Vec<_> = found.hits.iter().map(|hit| hit.session_id).collect();
    assert_eq!((sessions, found.more), (vec![open], true));
    let asked_for = home.synk(&["search", "a needle", "--session", &closed.to_string()]);
    assert_ne!(asked_for.code, 0);
    assert!(asked_for.stderr.contains("reading the log"), "{}", asked_for.stderr);
}

#[tokio::test]
async fn a_past_screen_with_more_colours_than_an_answer_holds_comes_without_history() {
    let home = home();
    // Each cell has a foreground and a background of its own.
    let script = r#"read go; awk 'BEGIN { for (line = 0; line < 1100; line++) {
        for (cell = 100; cell < 220; cell++)
            printf "\033[38;2;%d;100;%d;48;2;%d;100;%dmx", 100 + line % 100, cell, cell, cell
        print "\033[0m" } }'; echo the end; exec cat"#;
    let session_id = home.create(&["--", "sh", "-c", script]).session_id;
    let (daemon, _events) = Daemon::connect(&home.places(), false).await.unwrap();
    daemon.call(ResizeSession { session_id, cols: 120, rows: 24 }).await.unwrap();
    wait_for("the size", || (home.session(session_id).cols == 120).then_some(()));
    home.send(session_id, "go");
    home.wait_screen(session_id, "the end");
    wait_for("the log", || home.log(session_id).ends_with(b"the end\r\n").then_some(()));
    let past = daemon.call(ReplaySession { session_id, offset: u64::MAX }).await.unwrap();
    assert_eq!((past.cols, past.rows, past.incomplete), (120, 24, false));
    let mut screen = Screen::new(past.cols, past.rows, 0);
    screen.feed(&BASE64.decode(past.data_b64).unwrap());
    assert_eq!(screen.text(), home.screen(session_id).trim_end());
}

/// A file system of its own, that can be filled up. `None` where there is no root.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: &Path, size: &str) -> Option<Self> {
        let options = format!("size={size},mode=700");
        let arguments = ["-t", "tmpfs", "-o", &options, "synk-test"];
        let mounted = Command::new("mount").args(arguments).arg(at).stderr(Stdio::null()).status();
        mounted.is_ok_and(|status| status.success()).then(|| Self(at.to_owned()))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: what still uses it lets go soon.
        Command::new("umount").arg("-l").arg(&self.0).status().unwrap();
    }
}

#[test]
fn a_full_disk_ends_no_session_and_is_told_once() {
    let home = home();
    let session = home.create(&["--", "sh"]).session_id;
    home.assert_answers(session);
    // A session's folder on a disk of its own; its shim is brought back in it.
    let folder = home.places().session(session);
    home.ok(&["stop"]);
    let shim = home.shim_pid(session);
    processes::kill(shim);
    wait_for("the shim's end", || (!processes::runs(shim)).then_some(()));
    let kept: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name(), fs::read(entry.path()).unwrap()))
        .collect();
    let Some(disk) = SmallDisk::mount(&folder, "12m") else {
        println!("no mounts here: a folder that is gone stands for it, in synk-log's tests");
        return;
    };
    for (name, content) in kept {
        let path = folder.join(name);
        fs::write(&path, content).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    }
    home.ok(&["restart", &session.to_string()]);
    home.assert_answers(session);

    let filler = folder.join("filler");
    {
        let mut file = File::create(&filler).unwrap();
        while file.write_all(&[0; 4096]).is_ok() {}
    }
    home.send(session, "seq 1 3000000; echo flood-$((1+1))");
    home.wait_screen(session, "flood-2");
    home.assert_answers(session);
    let told = || {
        let logs = fs::read_dir(home.places().logs()).unwrap();
        let text: String = logs
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with("shim."))
            .map(|path| fs::read_to_string(path).unwrap())
            .collect();
        let count = |what| text.matches(what).count();
        (count("the log cannot be written: the disk is full"), count("the log is written again"))
    };
    wait_for("the loss to be told", || (told() == (1, 0)).then_some(()));

    fs::remove_file(filler).unwrap();
    // The next output finds out.
    wait_for("the log to be written again", || {
        home.send(session, "echo here-$((6*7))");
        (told() == (1, 1)).then_some(())
    });
    home.send(session, "echo end-$((40+2))");
    home.wait_screen(session, "end-42");
    let mut lost = 0;
    let (mut end, mut gaps) = (0, 0);
    let mut events = Events::from(&folder, 0);
    wait_for("the last line", || {
        while let Some(entry) = events.next().unwrap() {
            match entry.event {
                Event::Output { bytes } => end = entry.offset + bytes.len() as u64,
                Event::Gap { lost: bytes, why } => {
                    assert_eq!((entry.offset - end, why.as_str()), (bytes, "the disk was full"));
                    lost += bytes;
                    gaps += 1;
                }
                _ => {}
            }
        }
        home.ok(&["logs", &session.to_string()]).contains("end-42").then_some(())
    });
    assert!(gaps >= 1 && lost > 1000, "{gaps} {lost}");
    let printed = home.ok(&["logs", &session.to_string(), "--lines", "100000000"]);
    assert!(printed.contains(" bytes are missing here: the disk was full]\r\n"));
    assert!(printed.contains("here-42"));
    let past = screen_at(&folder, None, 100).unwrap();
    assert!(!past.incomplete, "the log begins anew with the screen");
    assert_eq!(past.screen.text(), home.screen(session).trim_end());
    let notices = told();
    assert_eq!(notices, (1, 1));
    home.ok(&["stop", "--all"]);
    drop(disk);
}
