//! What a project runs in its worktrees.

use std::{fs, path::PathBuf};
use synk_client::Daemon;
use synk_protocol::{Event, SessionInfo};
use synk_testkit::find_event;

use super::world::{git, home, project};

#[test]
fn what_a_project_wants_to_run_is_shown_first_and_runs_when_agreed_to() {
    let home = home();
    let project = project(&home, "app");
    let scripts = |setup: &str| {
        let text = format!(
            "[worktree]\nsetup = {setup:?}\nteardown = 'echo $SYNK_WORKTREE >>$SYNK_PROJECT/gone'\n"
        );
        fs::write(project.join("synk.toml"), text).unwrap();
        git(&project, &["add", "--all"]);
        git(&project, &["commit", "--quiet", "--message", "scripts"]);
    };
    scripts("echo set up in $PWD; touch made; echo ran >>$SYNK_PROJECT/ran");
    let ran = || fs::read_to_string(project.join("ran")).unwrap_or_default().lines().count();
    let new = |branch: &str, more: &[&str]| {
        let args = ["new", "--json", "--project", project.to_str().unwrap(), "--branch", branch];
        home.synk(&[&args[..], more].concat())
    };
    let asked = new("one", &[]);
    assert_eq!(asked.code, 8, "{}", asked.stderr);
    for words in ["echo set up in $PWD", "echo $SYNK_WORKTREE", "--set-up"] {
        assert!(asked.stderr.contains(words), "{}", asked.stderr);
    }
    assert_eq!((ran(), home.sessions().len()), (0, 0));
    let one = new("one", &["--set-up", "yes"]);
    let one: SessionInfo = serde_json::from_str(&one.stdout).unwrap();
    let place = PathBuf::from(one.worktree.unwrap());
    assert!(place.join("made").exists());
    let said = place.with_file_name("one.setup.log");
    assert!(fs::read_to_string(&said).unwrap().starts_with("set up in /"));
    assert_eq!(ran(), 1);
    // Agreed to: for the next as well, and not twice for the same.
    home.ok(&["kill", &one.session_id.to_string()]);
    for branch in ["one", "two"] {
        assert_eq!(new(branch, &[]).code, 0);
    }
    assert_eq!(ran(), 2);
    assert_eq!(new("three", &["--set-up", "no"]).code, 0);
    assert_eq!(ran(), 2);
    // Other words are another question.
    scripts("echo changed; exit 3");
    assert_eq!(new("four", &[]).code, 8);
    assert_eq!(new("four", &["--set-up", "yes"]).code, 0, "it is usable all the same");
    for session in home.sessions() {
        home.ok(&["kill", &session.session_id.to_string()]);
    }
    fs::remove_file(project.join("gone")).ok();
    for branch in ["one", "three"] {
        home.ok(&["worktree", "rm", branch]);
    }
    // The words of the one are agreed to no more, and the other was never set up.
    assert!(!project.join("gone").exists());
    assert!(!said.exists());
    git(&project, &["revert", "--no-edit", "HEAD"]);
    assert_eq!(new("five", &["--set-up", "yes"]).code, 0);
    home.ok(&["kill", &home.sessions()[0].session_id.to_string()]);
    home.ok(&["worktree", "rm", "five"]);
    let gone = fs::read_to_string(project.join("gone")).unwrap();
    assert!(gone.trim_end().ends_with("/five"), "{gone}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_says_too_much_while_setting_up_is_ended() {
    let home = home();
    let project = project(&home, "app");
    let flood = "head -c 70000000 /dev/zero; echo enough; exec sleep 1000";
    fs::write(project.join("synk.toml"), format!("[worktree]\nsetup = {flood:?}\n")).unwrap();
    git(&project, &["add", "--all"]);
    git(&project, &["commit", "--quiet", "--message", "scripts"]);
    home.ok(&["ls"]);
    let (_daemon, mut events) = Daemon::connect(&home.places(), true).await.unwrap();
    let in_project = ["--project", project.to_str().unwrap(), "--branch", "one"];
    home.create(&[&in_project[..], &["--set-up", "yes"]].concat());
    let told = find_event(&mut events, |event| match event {
        Event::AppError(error) => Some(error.message.clone()).filter(|told| told.contains("MiB")),
        _ => None,
    });
    let told = told.await;
    assert!(told.contains("it said more than 64 MiB") && told.contains("enough"), "{told}");
}
