//! What only the window's machine can do. Kept apart from the command table, since a page
//! that reaches Synk over a network has a browser for this.

use serde_json::Value;
use synk_protocol::WireError;
use tauri::{AppHandle, Runtime};
use tauri_plugin_clipboard_manager::ClipboardExt;
use tauri_plugin_dialog::DialogExt;
use tauri_plugin_opener::OpenerExt;
use tokio::sync::oneshot;

/// Every name.
pub(super) const NAMES: &[&str] =
    &["window:read_clipboard", "window:write_clipboard", "window:open_url", "window:pick_folder"];

/// Answers one of [`NAMES`].
pub(super) async fn answer<R: Runtime>(
    app: &AppHandle<R>,
    name: &str,
    args: Value,
) -> Result<Value, WireError> {
    match name {
        // A clipboard that holds no text, or nothing, is an empty one.
        "window:read_clipboard" => {
            Ok(Value::String(app.clipboard().read_text().unwrap_or_default()))
        }
        "window:write_clipboard" => app
            .clipboard()
            .write_text(text(&args, name, "text")?)
            .map(|()| Value::Null)
            .map_err(|error| WireError::internal(format!("writing to the clipboard: {error}"))),
        "window:open_url" => open_url(app, text(&args, name, "url")?),
        "window:pick_folder" => pick_folder(app).await,
        _ => Err(WireError::invalid(format!("there is no command “{name}”"))),
    }
}

fn text<'a>(args: &'a Value, name: &str, field: &str) -> Result<&'a str, WireError> {
    args.get(field)
        .and_then(Value::as_str)
        .ok_or_else(|| WireError::invalid(format!("{name}: missing field `{field}`")))
}

/// Opens a link in the browser. Links come out of terminals, so only the web is opened: a
/// `file:` or an application's own scheme could do anything.
fn open_url<R: Runtime>(app: &AppHandle<R>, url: &str) -> Result<Value, WireError> {
    if !url.starts_with("https://") && !url.starts_with("http://") {
        return Err(WireError::invalid("only http and https links are opened"));
    }
    app.opener()
        .open_url(url, None::<&str>)
        .map(|()| Value::Null)
        .map_err(|error| WireError::internal(format!("opening the link: {error}")))
}

/// Asks for a folder; `null` when none was chosen.
async fn pick_folder<R: Runtime>(app: &AppHandle<R>) -> Result<Value, WireError> {
    let (sender, chosen) = oneshot::channel();
    app.dialog().file().pick_folder(move |folder| {
        // The page may be gone.
        sender.send(folder).ok();
    });
    let folder = chosen.await.ok().flatten();
    let Some(folder) = folder else { return Ok(Value::Null) };
    let path = folder
        .into_path()
        .map_err(|error| WireError::invalid(format!("that folder cannot be used: {error}")))?;
    Ok(Value::String(path.display().to_string()))
}
