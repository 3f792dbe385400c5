//! From the client's events to the page's.

use synk_protocol::Event;
use tauri::{AppHandle, Emitter, Runtime};

/// A sink that emits each event under its own name. Emitting posts to the page and does not
/// wait for it; how much can be on its way is bounded by what the page has acknowledged.
pub(crate) fn sink<R: Runtime>(app: AppHandle<R>) -> impl Fn(Event) + Send + Sync + 'static {
    move |event| {
        let name = event.name();
        let emitted = match &event {
            // The one that is large and frequent goes without a detour.
            Event::SessionOutput(output) => app.emit(name, output),
            event => {
                event.payload().map_err(Into::into).and_then(|payload| app.emit(name, payload))
            }
        };
        if let Err(error) = emitted {
            tracing::warn!("telling the page of {name}: {error}");
        }
    }
}
