//! The Synk window: a web view that shows the grid, and the bridge between it and Synk's
//! client. No session lives here and none ends with it; this and what is below `commands`
//! is the only code that names `tauri`.

mod commands;
mod events;

use anyhow::Context;
use std::process::ExitCode;
use synk_client::{Places, Synk, daemon_binary, journal};
use tauri::{App, Theme, WebviewUrl, WebviewWindowBuilder, window::Color};

/// The background of each theme, so that nothing flashes before the page is there: the same
/// as `--canvas` in the page's tokens.
const DARK_BACKGROUND: Color = Color(11, 13, 16, 255);
const LIGHT_BACKGROUND: Color = Color(255, 255, 255, 255);
/// Where the window has room for a 4 × 3 grid of readable terminals.
const SIZE: (f64, f64) = (1280.0, 800.0);
/// Below this the bars and a single terminal no longer fit.
const MIN_SIZE: (f64, f64) = (560.0, 360.0);

/// Opens the window and returns when it is closed.
pub fn run() -> ExitCode {
    journal::to_file("window");
    match open() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            #[expect(clippy::print_stderr, reason = "there is no window to show it in")]
            {
                eprintln!("synk-desktop: {error:#}");
            }
            ExitCode::FAILURE
        }
    }
}

fn open() -> anyhow::Result<()> {
    let places = Places::from_env()?;
    let binary = daemon_binary()?;
    tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .invoke_handler(commands::handle)
        .setup(move |app| Ok(set_up(app, &places, binary)?))
        .run(tauri::generate_context!())
        .context("running the window")
}

fn set_up(app: &App, places: &Places, binary: std::path::PathBuf) -> anyhow::Result<()> {
    use tauri::Manager;
    let sink = events::sink(app.handle().clone());
    // Starting needs the runtime that the client's tasks will run on.
    let synk = tauri::async_runtime::block_on(async { Synk::start(places.clone(), binary, sink) });
    app.manage(synk);
    let window = WebviewWindowBuilder::new(app, "main", WebviewUrl::default())
        .title("Synk")
        .inner_size(SIZE.0, SIZE.1)
        .min_inner_size(MIN_SIZE.0, MIN_SIZE.1)
        .background_color(DARK_BACKGROUND)
        .data_directory(places.web_view())
        .build()
        .context("opening the window")?;
    if without_desktop() {
        window.set_theme(Some(Theme::Dark)).context("setting the theme")?;
    } else if window.theme().is_ok_and(|theme| theme == Theme::Light) {
        window.set_background_color(Some(LIGHT_BACKGROUND)).context("setting the background")?;
    }
    Ok(())
}

/// Whether there is no desktop whose theme could be followed; then the theme is dark.
fn without_desktop() -> bool {
    cfg!(target_os = "linux")
        && std::env::var_os("XDG_CURRENT_DESKTOP").is_none_or(|name| name.is_empty())
}
