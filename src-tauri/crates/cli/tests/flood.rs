//! A program that floods its terminal, and what else there is.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "in a test a panic is how it fails")]

use std::fs;
use synk_client::Shim;
use synk_testkit::{Home, wait_for};

/// The niceness of a shim's share of the processor; none where the system shares in another way.
fn niceness(pid: u32) -> Option<i32> {
    let path = format!("/proc/{pid}/autogroup");
    let group = fs::exists(&path).unwrap().then(|| fs::read_to_string(&path).unwrap())?;
    Some(group.rsplit(' ').next().unwrap().trim().parse().unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_gives_way_until_it_is_over() {
    let home = Home::new(env!("CARGO_BIN_EXE_synk"));
    let script = "trap 'echo calm' INT; echo ready; cat > /dev/null; yes; exec cat";
    let session = home.create(&["--", "sh", "-c", script]).session_id;
    home.wait_screen(session, "ready");
    let pid = home.shim_pid(session);
    let Some(usual) = niceness(pid) else {
        eprintln!("this system has no groups whose share could be lowered");
        return;
    };
    assert_eq!(usual, 0);
    let (shim, _output) = Shim::connect(&home.places().shim_socket(session)).await.unwrap();
    shim.write("\x04").await.unwrap();
    wait_for("the flood to give way", || niceness(pid).filter(|nice| *nice > 0));
    shim.write("\x03").await.unwrap();
    wait_for("its usual share", || niceness(pid).filter(|nice| *nice == 0));
}
