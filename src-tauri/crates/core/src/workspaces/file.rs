//! The file of the workspaces.

use serde::{Deserialize, Serialize};
use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
};
use synk_protocol::Workspaces;

use super::{check_shares, check_title, check_window, id};
use crate::time::now_millis;

/// What this build writes.
const SCHEMA_VERSION: u32 = 1;
/// Two dozen workspaces are far smaller; whoever puts such a file there means another one.
const MAX_FILE_BYTES: u64 = 1 << 20;

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    /// Readers refuse a later one.
    schema_version: u32,
    next_id: u32,
    #[serde(flatten)]
    list: Workspaces,
}

/// Reads the workspaces and the id that the next one gets; nothing when there is no file. One
/// that is of no use is set aside, which is said second.
pub(super) fn read(path: &Path) -> (Option<(Workspaces, u32)>, Option<String>) {
    let problem = match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return (None, None),
        Err(error) => error.to_string(),
        Ok(found) if found.len() > MAX_FILE_BYTES => {
            format!("it has more than {MAX_FILE_BYTES} bytes")
        }
        Ok(_) => {
            match fs::read(path).map_err(|error| error.to_string()).and_then(|json| parse(&json)) {
                Ok(read) => return (Some(read), None),
                Err(problem) => problem,
            }
        }
    };
    let kept = match set_aside(path) {
        Ok(aside) => format!("the file is kept as {}", aside.display()),
        Err(error) => format!("the file could not be set aside: {error}"),
    };
    let notice = format!(
        "The list of workspaces, {}, cannot be used: {problem}. The workspaces were made again \
         from the sessions in them, without their names and sizes; {kept}.",
        path.display()
    );
    (None, Some(notice))
}

fn parse(json: &[u8]) -> Result<(Workspaces, u32), String> {
    let File { schema_version, next_id, mut list } =
        serde_json::from_slice(json).map_err(|error| error.to_string())?;
    if schema_version > SCHEMA_VERSION {
        return Err("it was written by a later version of Synk".to_owned());
    }
    let ids: HashSet<_> = list.workspaces.iter().map(id).collect();
    if list.workspaces.is_empty() || ids.len() < list.workspaces.len() {
        return Err("it names no workspace, or one twice".to_owned());
    }
    for workspace in &list.workspaces {
        check_title("a workspace", &workspace.name)
            .and_then(|()| check_shares(&workspace.column_shares))
            .and_then(|()| check_shares(&workspace.row_shares))
            .map_err(|error| error.message)?;
    }
    if !ids.contains(&list.shown) {
        list.shown = list.workspaces.first().map(id).unwrap_or_default();
    }
    list.window = list.window.filter(|window| check_window(*window).is_ok());
    let highest = ids.iter().map(|workspace| workspace.0).max().unwrap_or(0);
    Ok((list, next_id.max(highest.saturating_add(1))))
}

/// Writes the workspaces, and waits for the disk.
pub(super) async fn write(path: &Path, list: Workspaces, next_id: u32) -> io::Result<()> {
    let path = path.to_owned();
    let written = tokio::task::spawn_blocking(move || {
        let file = File { schema_version: SCHEMA_VERSION, next_id, list };
        synk_socket::write_private(&path, &serde_json::to_vec_pretty(&file)?)
    });
    written.await.unwrap_or_else(|error| Err(io::Error::other(error)))
}

fn set_aside(path: &Path) -> io::Result<PathBuf> {
    let mut aside = path.as_os_str().to_owned();
    aside.push(format!(".damaged-{}", now_millis() / 1000));
    fs::rename(path, &aside)?;
    Ok(aside.into())
}
