//! The files of layouts: whose they are, what they are called, and what is no layout.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::Path,
};
use synk_protocol::{DeleteSaved, ErrorCode, ListWorkspaces, RenameSaved};

use super::{connect, home, json, load, panes, save, saved};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn a_layout_is_saved_listed_renamed_and_deleted() {
    let home = home();
    let daemon = connect(&home).await;
    home.create(&["--pane"]);
    let path = save(&daemon, "übers Eck").await.unwrap();
    assert_eq!(path, home.places().layouts().join("übers Eck.json"));
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    let error = save(&daemon, "übers Eck").await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Conflict);
    let printed = home.ok(&["layout", "save", "übers Eck", "--replace"]);
    assert_eq!(printed.trim_end(), path.to_str().unwrap());
    let unnamed = home.ok(&["layout", "save"]);
    assert!(unnamed.contains(".json"), "{unnamed}");
    let list = saved(&daemon).await;
    assert_eq!(list.len(), 2);
    let ours = list.iter().find(|one| one.name == "übers Eck").unwrap();
    assert_eq!((ours.automatic, ours.workspaces, ours.agents.len()), (false, 1, 1));
    assert_eq!(ours.projects, [home.work().display().to_string()]);
    assert_eq!(ours.problem, None);
    assert!(ours.saved_at > 0);
    assert!(home.ok(&["layout", "list"]).contains("übers Eck"));

    let to = home.ok(&["layout", "rename", "übers Eck", "plain"]);
    assert!(to.ends_with("plain.json\n") && !path.exists());
    let path = home.places().layouts().join("plain.json");
    assert_eq!(json(&path)["name"], "plain");
    let other = save(&daemon, "other").await.unwrap();
    let rename =
        |name: &str| RenameSaved { path: other.display().to_string(), name: name.to_owned() };
    let error = daemon.call(rename("plain")).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Conflict);
    for wrong in
        ["", "a/b", "..", ".hidden", "a\u{7}", "autosave", "AutoSave", " a", &"x".repeat(65)]
    {
        assert_eq!(
            daemon.call(rename(wrong)).await.unwrap_err().code,
            ErrorCode::Invalid,
            "{wrong}"
        );
        assert_eq!(save(&daemon, wrong).await.unwrap_err().code, ErrorCode::Invalid, "{wrong}");
    }
    home.ok(&["layout", "delete", "plain"]);
    assert!(!path.exists());
    assert_eq!(home.synk(&["layout", "load", "plain"]).code, 3);
    assert_eq!(home.synk(&["layout", "delete", "plain"]).code, 3);
    assert_eq!(panes(&daemon).await.len(), 1, "no session was touched");
}

#[tokio::test]
async fn what_is_no_layout_changes_nothing() {
    let home = home();
    let daemon = connect(&home).await;
    home.create(&["--pane"]);
    let good = save(&daemon, "good").await.unwrap();
    let folder = home.places().layouts();
    let text = fs::read_to_string(&good).unwrap();
    let with = |from: &str, to: &str| {
        assert!(text.contains(from), "{from}");
        text.replace(from, to)
    };
    let second_pane = {
        let mut file = json(&good);
        let mut pane = file["workspaces"][0]["panes"][0].clone();
        pane["sessionId"] = 77.into();
        file["workspaces"][0]["panes"].as_array_mut().unwrap().push(pane);
        file.to_string()
    };
    let files = [
        ("newer", with("\"schemaVersion\": 1", "\"schemaVersion\": 2"), "later version"),
        ("cut", text[..text.len() / 2].to_owned(), "damaged"),
        ("empty", String::new(), "damaged"),
        ("other", "{\"schemaVersion\": 1}".to_owned(), "damaged"),
        ("huge", " ".repeat((4 << 20) + 1), "4194304 bytes"),
        ("pane", with("\"paneIndex\": 0", "\"paneIndex\": 12"), "pane 12"),
        ("twice", second_pane, "one pane"),
        ("shown", with("\"shown\": 1", "\"shown\": 5"), "workspace"),
        ("name", with("\"name\": \"shell\"", "\"name\": \"a/b\""), "slash"),
        ("agent", with("\"agentType\": \"terminal\"", "\"agentType\": \"A B\""), "damaged"),
    ];
    for (name, content, _) in &files {
        fs::write(folder.join(format!("{name}.json")), content).unwrap();
    }
    let outside = home.work().join("outside.json");
    fs::copy(&good, &outside).unwrap();
    symlink(&outside, folder.join("link.json")).unwrap();
    symlink(home.work(), folder.join("inner")).unwrap();
    fs::create_dir(folder.join("folder.json")).unwrap();
    fs::copy(&good, folder.join(".hidden.json")).unwrap();
    fs::copy(&good, folder.join("layout.txt")).unwrap();

    let before = (panes(&daemon).await, daemon.call(ListWorkspaces {}).await.unwrap());
    let list = saved(&daemon).await;
    for (name, _, part) in &files {
        let path = folder.join(format!("{name}.json"));
        let error = load(&daemon, &path).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Invalid, "{name}");
        assert!(error.message.contains(part), "{name}: {error}");
        let problem = list.iter().find(|one| one.name == *name).unwrap().problem.clone().unwrap();
        assert!(problem.contains(part), "{name}: {problem}");
    }
    let names: Vec<_> = list.iter().map(|one| one.name.as_str()).collect();
    assert!(!names.contains(&".hidden") && !names.contains(&"layout"), "{names:?}");
    let link = list.iter().find(|one| one.name == "link").unwrap();
    assert!(link.problem.as_ref().unwrap().contains("link"), "{link:?}");
    let paths = [
        outside.clone(),
        folder.join("link.json"),
        folder.join("folder.json"),
        folder.join(".hidden.json"),
        folder.join("layout.txt"),
        folder.join("../settings.toml"),
        folder.join("inner/outside.json"),
        folder.join("../../../work/outside.json"),
        "good.json".into(),
        "/".into(),
        String::new().into(),
    ];
    for path in paths {
        let text = path.display().to_string();
        let error = load(&daemon, path).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::Invalid, "{text}: {error}");
        let deleted = daemon.call(DeleteSaved { path: text.clone() }).await;
        assert_eq!(deleted.unwrap_err().code, ErrorCode::Invalid, "{text}");
        let renamed = daemon.call(RenameSaved { path: text.clone(), name: "stolen".to_owned() });
        assert_eq!(renamed.await.unwrap_err().code, ErrorCode::Invalid, "{text}");
    }
    let missing = load(&daemon, folder.join("missing.json")).await.unwrap_err();
    assert_eq!(missing.code, ErrorCode::NotFound);
    let after = (panes(&daemon).await, daemon.call(ListWorkspaces {}).await.unwrap());
    assert_eq!(before, after);
    assert!(outside.exists() && home.places().settings().exists());
    home.ok(&["layout", "delete", "cut"]);
    assert!(!folder.join("cut.json").exists(), "what is damaged can be deleted");
}
