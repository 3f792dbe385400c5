//! The window around the page: where it is on the screen and how it looks before the page is
//! there, as it was left; and how it is closed. What is asked before that is the page's business.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    fs, io,
    path::PathBuf,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use synk_client::{ShowWindow, write_private};
use synk_protocol::WireError;
use tauri::{
    AppHandle, Emitter, LogicalPosition, LogicalSize, Manager, Runtime, Theme, WebviewUrl,
    WebviewWindow, WebviewWindowBuilder, Window, WindowEvent, window::Color,
};
use tokio::sync::Notify;

/// The window's name, as the permissions have it.
pub(crate) const MAIN: &str = "main";
/// Told to the page when a person wants to close the window.
const CLOSE_ASKED: &str = "window:close_asked";
/// Told to the page, with the session, when something outside of the window wants it shown.
const OPENED: &str = "window:opened";
/// Where the window has room for a 4 × 3 grid of readable terminals.
const SIZE: (u32, u32) = (1280, 800);
/// Below this the bars and a single terminal no longer fit.
const MIN_SIZE: (u32, u32) = (560, 360);
/// Larger is no screen.
const MAX_SIDE: u32 = 32_768;
/// The size of the page, in percent.
const ZOOM: std::ops::RangeInclusive<u64> = 50..=200;
/// How long the window must have rested before its place is written down.
const REST: Duration = Duration::from_millis(500);

/// What is kept of the window from one start to the next: `window.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Place {
    /// In logical pixels, when it is not maximized.
    width: u32,
    height: u32,
    /// The corner, where the system says where windows are.
    position: Option<(i32, i32)>,
    maximized: bool,
    /// The theme of its frame: `dark`, `light`, or absent for the desktop's.
    theme: Option<String>,
    /// The size of the page, in percent.
    zoom: u64,
}

impl Default for Place {
    fn default() -> Self {
        Self {
            width: SIZE.0,
            height: SIZE.1,
            position: None,
            maximized: false,
            theme: None,
            zoom: 100,
        }
    }
}

/// The window's frame. Managed by the app.
#[derive(Debug)]
pub(crate) struct Frame {
    path: PathBuf,
    place: Mutex<Place>,
    changed: Notify,
    /// The page listens.
    ready: AtomicBool,
    /// The page was told that a person wants to close the window, and has not heard it yet.
    unheard: AtomicBool,
    /// What the page is to show once it listens.
    pending: Mutex<Option<ShowWindow>>,
}

impl Frame {
    /// As it was left. A file that cannot be read is no reason for no window.
    pub(crate) fn new(path: PathBuf, pending: ShowWindow) -> Self {
        let place = match fs::read(&path) {
            Ok(json) => serde_json::from_slice(&json).unwrap_or_else(|error| {
                tracing::warn!("{}: {error}; the window opens as at first", path.display());
                Place::default()
            }),
            Err(error) => {
                if error.kind() != io::ErrorKind::NotFound {
                    tracing::warn!("{}: {error}; the window opens as at first", path.display());
                }
                Place::default()
            }
        };
        Self {
            path,
            place: Mutex::new(place),
            changed: Notify::new(),
            ready: AtomicBool::new(false),
            unheard: AtomicBool::new(false),
            pending: Mutex::new(Some(pending)),
        }
    }

    fn place(&self) -> MutexGuard<'_, Place> {
        self.place.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Place)) {
        let mut place = self.place();
        let before = place.clone();
        change(&mut place);
        if *place != before {
            self.changed.notify_one();
        }
    }

    /// Writes the place down whenever it has changed and rests. Ends with the app.
    pub(crate) async fn keep(&self) {
        loop {
            self.changed.notified().await;
            while tokio::time::timeout(REST, self.changed.notified()).await.is_ok() {}
            self.write();
        }
    }

    fn write(&self) {
        let place = self.place().clone();
        let written = serde_json::to_vec_pretty(&place)
            .map_err(Into::into)
            .and_then(|json| write_private(&self.path, &json));
        if let Err(error) = written {
            tracing::warn!("{}: {error}", self.path.display());
        }
    }

    /// Opens the window where it was, and as it was.
    pub(crate) fn open<R: Runtime, M: Manager<R>>(
        &self,
        app: &M,
        web_view: PathBuf,
    ) -> tauri::Result<WebviewWindow<R>> {
        let place = self.place().clone();
        let side = |side: u32, least: u32| f64::from(side.clamp(least, MAX_SIDE));
        let (width, height) = (side(place.width, MIN_SIZE.0), side(place.height, MIN_SIZE.1));
        let theme = theme_of(place.theme.as_deref());
        let window = WebviewWindowBuilder::new(app, MAIN, WebviewUrl::default())
            .title("Synk")
            .inner_size(width, height)
            .min_inner_size(MIN_SIZE.0.into(), MIN_SIZE.1.into())
            .maximized(place.maximized)
            .background_color(background(theme.unwrap_or(Theme::Dark)))
            .data_directory(web_view)
            .build()?;
        if let Some(theme) = theme {
            window.set_theme(Some(theme))?;
        } else if let Ok(theme) = window.theme() {
            window.set_background_color(Some(background(theme)))?;
        }
        if place.zoom != 100 {
            window.set_zoom(scale(place.zoom))?;
        }
        if let Some((x, y)) = place.position
            && is_on_a_screen(&window, x, y)
        {
            window.set_position(LogicalPosition::new(x, y))?;
        }
        Ok(window)
    }

    /// Follows what happens to the window.
    pub(crate) fn follow<R: Runtime>(&self, window: &Window<R>, event: &WindowEvent) {
        match event {
            WindowEvent::Resized(_) | WindowEvent::Moved(_) => self.remember(window),
            WindowEvent::CloseRequested { api, .. } => {
                // A page that is not there, or that has not even heard the last time, decides
                // nothing. The sessions go on in any case.
                let heard = !self.unheard.swap(true, Ordering::Relaxed);
                if self.ready.load(Ordering::Relaxed)
                    && heard
                    && window.emit(CLOSE_ASKED, Value::Null).is_ok()
                {
                    api.prevent_close();
                }
            }
            WindowEvent::Destroyed => self.write(),
            _ => {}
        }
    }

    fn remember<R: Runtime>(&self, window: &Window<R>) {
        // A window that is being made or taken away says nothing of itself.
        let (Ok(scale), Ok(size)) = (window.scale_factor(), window.inner_size()) else { return };
        let maximized = window.is_maximized().unwrap_or(false);
        if window.is_minimized().unwrap_or(false) || window.is_fullscreen().unwrap_or(false) {
            return;
        }
        let size: LogicalSize<u32> = size.to_logical(scale);
        let position = window.outer_position().ok().map(|at| at.to_logical::<i32>(scale));
        self.change(|place| {
            place.maximized = maximized;
            if !maximized {
                (place.width, place.height) = (size.width, size.height);
                place.position = position.map(|at| (at.x, at.y));
            }
        });
    }

    /// The page listens from now on.
    pub(crate) fn page_is_ready<R: Runtime>(&self, app: &AppHandle<R>) {
        self.ready.store(true, Ordering::Relaxed);
        self.unheard.store(false, Ordering::Relaxed);
        let pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(show) = pending {
            tell_opened(app, show);
        }
    }

    /// The page has heard that somebody wants to close the window.
    pub(crate) fn close_was_heard(&self) {
        self.unheard.store(false, Ordering::Relaxed);
    }

    /// Brings the window to the front, and the page to what is to be seen.
    pub(crate) fn show<R: Runtime>(&self, app: &AppHandle<R>, show: ShowWindow) {
        if let Some(window) = app.get_webview_window(MAIN) {
            let shown = window.unminimize().and_then(|()| window.show());
            if let Err(error) = shown.and_then(|()| window.set_focus()) {
                tracing::warn!("bringing the window to the front: {error}");
            }
        }
        if self.ready.load(Ordering::Relaxed) {
            tell_opened(app, show);
        } else {
            *self.pending.lock().unwrap_or_else(PoisonError::into_inner) = Some(show);
        }
    }

    /// Sets the theme of the frame and what is behind the page.
    pub(crate) fn set_theme<R: Runtime>(
        &self,
        window: &WebviewWindow<R>,
        args: &Value,
    ) -> Result<(), WireError> {
        let failed = |error| WireError::internal(format!("setting the theme: {error}"));
        let theme = args.get("theme").and_then(Value::as_str);
        if !matches!(theme, Some("system" | "dark" | "light")) {
            return Err(WireError::invalid("window:set_theme: the theme is system, dark or light"));
        }
        let theme = theme.filter(|theme| *theme != "system");
        window.set_theme(theme_of(theme)).map_err(failed)?;
        if let Ok(theme) = window.theme() {
            window.set_background_color(Some(background(theme))).map_err(failed)?;
        }
        self.change(|place| place.theme = theme.map(str::to_owned));
        Ok(())
    }

    /// Sets the size of the page.
    pub(crate) fn set_zoom<R: Runtime>(
        &self,
        window: &WebviewWindow<R>,
        args: &Value,
    ) -> Result<(), WireError> {
        let percent = args.get("percent").and_then(Value::as_u64);
        let percent = percent.filter(|percent| ZOOM.contains(percent)).ok_or_else(|| {
            WireError::invalid("window:set_zoom: the percentage goes from 50 to 200")
        })?;
        window
            .set_zoom(scale(percent))
            .map_err(|error| WireError::internal(format!("setting the zoom: {error}")))?;
        self.change(|place| place.zoom = percent);
        Ok(())
    }
}

fn tell_opened<R: Runtime>(app: &AppHandle<R>, show: ShowWindow) {
    let Some(session) = show.session_id else { return };
    if let Err(error) = app.emit(OPENED, json!({ "sessionId": session })) {
        tracing::warn!("telling the page what to show: {error}");
    }
}

/// The theme of the frame; none for the desktop's. Without a desktop it is dark.
fn theme_of(name: Option<&str>) -> Option<Theme> {
    match name {
        Some("light") => Some(Theme::Light),
        Some("dark") => Some(Theme::Dark),
        _ => without_desktop().then_some(Theme::Dark),
    }
}

/// Whether there is no desktop whose theme could be followed.
fn without_desktop() -> bool {
    cfg!(target_os = "linux")
        && std::env::var_os("XDG_CURRENT_DESKTOP").is_none_or(|name| name.is_empty())
}

#[expect(clippy::cast_precision_loss, reason = "it is a percentage")]
fn scale(percent: u64) -> f64 {
    percent as f64 / 100.0
}

/// What is behind the page, so that nothing flashes before that is there: the same as `--canvas`
/// in the page's tokens.
fn background(theme: Theme) -> Color {
    match theme {
        Theme::Light => Color(255, 255, 255, 255),
        _ => Color(11, 13, 16, 255),
    }
}

/// Whether a window whose corner is there could be taken hold of: the screen may be gone.
fn is_on_a_screen<R: Runtime>(window: &WebviewWindow<R>, x: i32, y: i32) -> bool {
    let screens = window.available_monitors().unwrap_or_default();
    screens.iter().any(|screen| {
        let scale = screen.scale_factor();
        let corner: LogicalPosition<i32> = screen.position().to_logical(scale);
        let size: LogicalSize<i32> = screen.size().to_logical(scale);
        (corner.x..corner.x + size.width).contains(&(x + 100))
            && (corner.y..corner.y + size.height).contains(&(y + 10))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_damaged_file_opens_the_window_as_at_first() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("window.json");
        for text in ["", "{", "[]", r#"{"width": -1}"#] {
            fs::write(&path, text).unwrap();
            let frame = Frame::new(path.clone(), ShowWindow::default());
            assert_eq!(*frame.place(), Place::default(), "{text}");
        }
        fs::write(&path, r#"{"width": 900, "later": 1}"#).unwrap();
        let frame = Frame::new(path.clone(), ShowWindow::default());
        assert_eq!(frame.place().width, 900);
        frame.change(|place| place.zoom = 110);
        frame.write();
        assert_eq!(*Frame::new(path, ShowWindow::default()).place(), *frame.place());
    }
}
