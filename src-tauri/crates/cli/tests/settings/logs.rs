//! What is kept of the sessions' output.

use std::fs;
use synk_log::usage;
use synk_protocol::{SessionId, SessionInfo};
use synk_testkit::{Home, wait_for};

use super::home;

const MIB: u64 = 1 << 20;
const DAY_MILLIS: u64 = 24 * 60 * 60 * 1000;

fn closed(home: &Home) -> SessionId {
    let session = home.create(&["--", "echo", "last words"]).session_id;
    home.wait_screen(session, "last words");
    home.ok(&["kill", &session.to_string()]);
    session
}

#[test]
fn logs_of_sessions_that_were_closed_long_ago_go() {
    let home = home("");
    let (old, new) = (closed(&home), closed(&home));
    home.ok(&["stop"]);
    home.wait_for_silence();
    let mut record = home.record(old);
    record.closed_at = record.closed_at.map(|at| at - 3 * DAY_MILLIS);
    fs::write(home.places().record(old), serde_json::to_vec(&record).unwrap()).unwrap();
    let ids = || {
        let all: Vec<SessionInfo> =
            serde_json::from_str(&home.ok(&["ls", "--all", "--json"])).unwrap();
        all.into_iter().map(|session| session.session_id).collect::<Vec<_>>()
    };
    assert_eq!(ids(), [old, new], "by default they are kept");
    home.ok(&["settings", "set", "logs.closedDays", "2"]);
    wait_for("the old one to go", || (ids() == [new]).then_some(()));
    assert!(!home.places().session(old).exists());
    assert!(home.places().session(new).join("console.log").exists());
}

#[test]
fn one_log_stays_within_its_limit_also_when_that_changes() {
    let home = home("[logs]\nsessionLimitMib = 4\n");
    let session = home.create(&["--", "sh", "-c", "seq 1 3000000; cat"]).session_id;
    home.wait_screen(session, "3000000");
    let folder = home.places().session(session);
    let is_within = |limit: u64| usage(&folder).is_ok_and(|bytes| bytes <= limit).then_some(());
    // What is being written is not cut; it ends with the next output.
    home.send(session, "one more line");
    wait_for("the limit to be kept", || is_within(4 * MIB));
    assert!(usage(&folder).unwrap() > MIB);
    home.ok(&["settings", "set", "logs.sessionLimitMib", "1"]);
    wait_for("the lower limit to be kept", || {
        home.send(session, "and more");
        is_within(MIB)
    });
}

#[test]
fn all_logs_together_stay_within_their_limit() {
    let home = home("");
    let print = "seq 1 3000000; echo the e''nd; exec cat";
    // One after the other, so that each has the machine to itself.
    let sessions = [1, 2].map(|_| {
        let session = home.create(&["--", "sh", "-c", print]).session_id;
        home.wait_screen(session, "the end");
        session
    });
    let [first, second] = sessions;
    home.ok(&["kill", &first.to_string()]);
    let folders = sessions.map(|session| home.places().session(session));
    let is_long = |folder| usage(folder).is_ok_and(|bytes| bytes > 16 * MIB);
    wait_for("the logs", || folders.iter().all(|folder| is_long(folder)).then_some(()));
    home.ok(&["settings", "set", "logs.totalLimitMib", "16"]);
    wait_for("room to be made", || {
        let used = usage(&folders[1]).is_ok_and(|bytes| bytes <= 16 * MIB);
        (!folders[0].exists() && used).then_some(())
    });
    home.wait_screen(second, "the end");
}
