//! What only the window's machine can do. Kept apart from the command table, since a page
//! that reaches Synk over a network has a browser for this.

use arboard::Clipboard;
use serde_json::Value;
use std::{
    path::Path,
    sync::{Mutex, PoisonError},
};
use synk_protocol::{SessionId, WireError};
use tauri::{AppHandle, Manager, Runtime, WebviewWindow};
use tauri_plugin_dialog::DialogExt;
use tauri_plugin_opener::OpenerExt;
use tokio::sync::oneshot;

use super::notification;
use crate::frame::{Frame, MAIN};

/// Every name.
pub(super) const NAMES: &[&str] = &[
    "window:read_clipboard",
    "window:write_clipboard",
    "window:open_url",
    "window:pick_folder",
    "window:pick_file",
    "window:save_text",
    "window:notify",
    "window:ready",
    "window:interactive",
    "window:has_gpu",
    "window:set_theme",
    "window:set_zoom",
    "window:close_heard",
    "window:close",
];
/// The longest text that is saved, in bytes: a page that asks for more has gone wrong.
const MAX_TEXT_BYTES: usize = 64 << 20;

/// Answers one of [`NAMES`].
pub(super) async fn answer<R: Runtime>(
    app: &AppHandle<R>,
    name: &str,
    args: Value,
) -> Result<Value, WireError> {
    let frame = app.state::<Frame>();
    match name {
        "window:read_clipboard" => clipboard(read_clipboard).await.map(Value::String),
        "window:write_clipboard" => {
            let text = text(&args, name, "text")?.to_owned();
            clipboard(|clipboard| clipboard.set_text(text)).await.map(|()| Value::Null)
        }
        "window:open_url" => open_url(app, text(&args, name, "url")?),
        "window:pick_folder" => pick(app, Pick::Folder).await,
        "window:pick_file" => pick(app, Pick::File).await,
        "window:save_text" => {
            save_text(app, text(&args, name, "name")?, text(&args, name, "text")?).await
        }
        "window:notify" => {
            let session = args.get("sessionId").and_then(Value::as_u64);
            let session = session.and_then(|id| u32::try_from(id).ok()).map(SessionId);
            let session = session
                .ok_or_else(|| WireError::invalid(format!("{name}: missing field `sessionId`")))?;
            let (title, body) = (text(&args, name, "title")?, text(&args, name, "body")?);
            notification::show(app, session, title, body).await.map(|()| Value::Null)
        }
        "window:ready" => {
            frame.page_is_ready(app);
            Ok(Value::Null)
        }
        "window:interactive" => {
            tracing::info!("the page can be used");
            Ok(Value::Null)
        }
        "window:has_gpu" => Ok(Value::Bool(has_gpu())),
        "window:set_theme" => frame.set_theme(&main_window(app)?, &args).map(|()| Value::Null),
        "window:set_zoom" => frame.set_zoom(&main_window(app)?, &args).map(|()| Value::Null),
        "window:close_heard" => {
            frame.close_was_heard();
            Ok(Value::Null)
        }
        "window:close" => close(app).map(|()| Value::Null),
        _ => Err(WireError::invalid(format!("there is no command “{name}”"))),
    }
}

/// Whether anything but the processor can draw. The page cannot learn it: WebKit says of every
/// machine that its WebGL is fast. A machine of which this is not known has one.
fn has_gpu() -> bool {
    // Mesa and NVIDIA's own driver on Linux; WSL lends the one of Windows.
    let devices = ["/dev/dri", "/dev/nvidiactl", "/dev/dxg"];
    !cfg!(target_os = "linux") || devices.iter().any(|path| Path::new(path).exists())
}

/// Works with the clipboard. The one handle lives as long as the window: on X11 and Wayland
/// what was copied is served by whoever copied it.
async fn clipboard<T: Send + 'static>(
    work: impl FnOnce(&mut Clipboard) -> Result<T, arboard::Error> + Send + 'static,
) -> Result<T, WireError> {
    static CLIPBOARD: Mutex<Option<Clipboard>> = Mutex::new(None);
    let failed = |error: &dyn std::fmt::Display| {
        WireError::internal(format!("the clipboard cannot be used: {error}"))
    };
    // Asking another program for its clipboard blocks until that program answers.
    let worked = tokio::task::spawn_blocking(move || {
        let mut held = CLIPBOARD.lock().unwrap_or_else(PoisonError::into_inner);
        let clipboard = match &mut *held {
            Some(clipboard) => clipboard,
            none => none.insert(Clipboard::new()?),
        };
        work(clipboard)
    });
    worked.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))
}

fn read_clipboard(clipboard: &mut Clipboard) -> Result<String, arboard::Error> {
    match clipboard.get_text() {
        // One that holds nothing, or no text, is an empty one.
        Err(arboard::Error::ContentNotAvailable) => Ok(String::new()),
        read => read,
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

/// Asks where to keep a text, and keeps it there; `null` when no place was chosen.
async fn save_text<R: Runtime>(
    app: &AppHandle<R>,
    name: &str,
    text: &str,
) -> Result<Value, WireError> {
    if text.len() > MAX_TEXT_BYTES {
        return Err(WireError::invalid(format!(
            "a text of {} bytes is not saved; {MAX_TEXT_BYTES} is the most",
            text.len()
        )));
    }
    let (sender, chosen) = oneshot::channel();
    app.dialog().file().set_file_name(name).save_file(move |path| {
        // The page may be gone.
        sender.send(path).ok();
    });
    let Some(path) = chosen.await.ok().flatten() else { return Ok(Value::Null) };
    let failed = |error: &dyn std::fmt::Display| {
        WireError::invalid(format!("the text cannot be kept there: {error}"))
    };
    let path = path.into_path().map_err(|error| failed(&error))?;
    tokio::fs::write(&path, text).await.map_err(|error| failed(&error))?;
    Ok(Value::String(path.display().to_string()))
}

/// What a person is asked to choose.
enum Pick {
    File,
    Folder,
}

/// Asks for a file or a folder; `null` when none was chosen.
async fn pick<R: Runtime>(app: &AppHandle<R>, what: Pick) -> Result<Value, WireError> {
    let (sender, chosen) = oneshot::channel();
    // The page may be gone.
    let answer = move |path| drop(sender.send(path));
    match what {
        Pick::File => app.dialog().file().pick_file(answer),
        Pick::Folder => app.dialog().file().pick_folder(answer),
    }
    let Some(path) = chosen.await.ok().flatten() else { return Ok(Value::Null) };
    let path = path
        .into_path()
        .map_err(|error| WireError::invalid(format!("that cannot be used: {error}")))?;
    Ok(Value::String(path.display().to_string()))
}

fn main_window<R: Runtime>(app: &AppHandle<R>) -> Result<WebviewWindow<R>, WireError> {
    app.get_webview_window(MAIN).ok_or_else(|| WireError::unavailable("the window is closed"))
}

fn close<R: Runtime>(app: &AppHandle<R>) -> Result<(), WireError> {
    main_window(app)?
        .destroy()
        .map_err(|error| WireError::internal(format!("closing the window: {error}")))
}
