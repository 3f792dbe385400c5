//! The Synk window: a web view that shows the grid, and the bridge between it and Synk's
//! client. No session lives here and none ends with it; this and what is below `commands`
//! is the only code that names `tauri`.

mod commands;
mod events;
mod frame;

use anyhow::Context;
use std::{env, path::PathBuf, process::ExitCode};
use synk_client::{OpenWindow, Places, ShowWindow, Synk, daemon_binary, journal};
use synk_protocol::SessionId;
use tauri::{App, AppHandle, Manager};

use frame::Frame;

/// Opens the window and returns when it is closed. When one is open already, that one is shown
/// instead.
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
    let show = arguments(env::args().skip(1))?;
    let places = Places::from_env()?;
    let binary = daemon_binary()?;
    let claimed = tauri::async_runtime::block_on(OpenWindow::claim(&places, show))?;
    let Some(only) = claimed else { return Ok(()) };
    tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .plugin(tauri_plugin_opener::init())
        .manage(Frame::new(places.window(), show))
        .invoke_handler(commands::handle)
        .on_window_event(|window, event| window.state::<Frame>().follow(window, event))
        .setup(move |app| Ok(set_up(app, &places, binary, only)?))
        .run(tauri::generate_context!())
        .context("running the window")
}

/// `--session ID`: the session to go to, which `synk open` has made.
fn arguments(mut given: impl Iterator<Item = String>) -> anyhow::Result<ShowWindow> {
    const USAGE: &str = "usage: synk-desktop [--session ID]";
    let mut show = ShowWindow::default();
    while let Some(name) = given.next() {
        anyhow::ensure!(name == "--session", "“{name}” is not known; {USAGE}");
        let id = given.next().and_then(|id| id.parse().ok()).context(USAGE)?;
        show.session_id = Some(SessionId(id));
    }
    Ok(show)
}

fn set_up(app: &App, places: &Places, binary: PathBuf, only: OpenWindow) -> anyhow::Result<()> {
    let sink = events::sink(app.handle().clone());
    // Starting needs the runtime that the client's tasks will run on.
    let synk = tauri::async_runtime::block_on(async { Synk::start(places.clone(), binary, sink) });
    app.manage(synk);
    app.state::<Frame>().open(app, places.web_view()).context("opening the window")?;
    // Both end with the process, and what they hold with it.
    let handle = app.handle().clone();
    tauri::async_runtime::spawn(async move { handle.state::<Frame>().keep().await });
    tauri::async_runtime::spawn(show_when_asked(app.handle().clone(), only));
    Ok(())
}

/// Brings the window to the front whenever somebody starts another.
async fn show_when_asked(app: AppHandle, only: OpenWindow) {
    loop {
        let show = only.next().await;
        app.state::<Frame>().show(&app, show);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_name_a_session_and_nothing_else() {
        let read = |args: &[&str]| arguments(args.iter().map(|&arg| arg.to_owned()));
        assert_eq!(read(&[]).unwrap(), ShowWindow::default());
        assert_eq!(read(&["--session", "7"]).unwrap().session_id, Some(SessionId(7)));
        for wrong in [&["--session"][..], &["--session", "x"], &["--fast"], &["7"]] {
            assert!(read(wrong).unwrap_err().to_string().contains("usage"), "{wrong:?}");
        }
    }
}
