//! Notifications on the desktop, and what happens when one is clicked. When and about what is
//! the page's business.

use notify_rust::{Notification, NotificationHandle};
use serde_json::json;
use std::sync::Arc;
use synk_protocol::{SessionId, WireError, plain_text};
use tauri::{AppHandle, Emitter, Manager, Runtime};
use tokio::sync::Semaphore;

use crate::frame::MAIN;

/// Told to the page, with the session, when a notification about it is clicked.
const CLICKED: &str = "window:notification_clicked";
/// Notifications that can be listened to at one time: each takes a thread until it is gone.
/// One more is shown, and a click on it does nothing.
const MAX_LISTENED: usize = 16;
/// The longest texts, in characters.
const MAX_TITLE: usize = 80;
const MAX_BODY: usize = 300;

/// Shows a notification about a session.
pub(super) async fn show<R: Runtime>(
    app: &AppHandle<R>,
    session: SessionId,
    title: &str,
    body: &str,
) -> Result<(), WireError> {
    static LISTENED: std::sync::OnceLock<Arc<Semaphore>> = std::sync::OnceLock::new();
    let listened = LISTENED.get_or_init(|| Arc::new(Semaphore::new(MAX_LISTENED)));
    let permit = Arc::clone(listened).try_acquire_owned().ok();
    let (title, body) = (plain_text(title, MAX_TITLE), plain_text(body, MAX_BODY));
    let app = app.clone();
    let (shown, outcome) = tokio::sync::oneshot::channel();
    // Both showing and listening wait for another program.
    tokio::task::spawn_blocking(move || {
        let notification = notification(&title, &body).show();
        match notification {
            Ok(handle) => {
                shown.send(Ok(())).ok();
                if permit.is_some() {
                    listen(handle, &app, session);
                }
            }
            Err(error) => drop(shown.send(Err(error.to_string()))),
        }
    });
    let failed =
        |why: &str| WireError::unavailable(format!("this desktop shows no notifications: {why}"));
    match outcome.await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(why)) => Err(failed(&why)),
        Err(_) => Err(failed("asking it failed")),
    }
}

fn notification(title: &str, body: &str) -> Notification {
    let mut notification = Notification::new();
    notification.appname("Synk").summary(title).body(&as_text(body));
    #[cfg(target_os = "linux")]
    notification.icon("synk").action("default", "Show");
    notification
}

/// Text for a body that may be read as markup.
fn as_text(body: &str) -> String {
    #[cfg(target_os = "linux")]
    if notify_rust::get_capabilities().is_ok_and(|all| all.iter().any(|one| one == "body-markup")) {
        return body.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    }
    body.to_owned()
}

/// Waits until the notification is clicked or gone.
#[cfg(target_os = "linux")]
fn listen<R: Runtime>(handle: NotificationHandle, app: &AppHandle<R>, session: SessionId) {
    handle.wait_for_action(|action| {
        if action != "default" {
            return;
        }
        if let Some(window) = app.get_webview_window(MAIN)
            && let Err(error) = window.unminimize().and_then(|()| window.set_focus())
        {
            tracing::warn!("bringing the window to the front: {error}");
        }
        if let Err(error) = app.emit(CLICKED, json!({ "sessionId": session })) {
            tracing::warn!("telling the page of a click: {error}");
        }
    });
}

/// Elsewhere a click brings the window to the front by itself and says nothing.
#[cfg(not(target_os = "linux"))]
fn listen<R: Runtime>(handle: NotificationHandle, app: &AppHandle<R>, session: SessionId) {
    drop((handle, app, session, CLICKED));
}
