//! Waiting for an event.

use std::time::Duration;
use synk_protocol::Event;
use tokio::{sync::mpsc, time::timeout};

/// How long an event may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// Reads events until one is what is looked for, and fails the test when none came in time.
pub async fn find_event<T>(
    events: &mut mpsc::Receiver<Event>,
    mut wanted: impl FnMut(&Event) -> Option<T>,
) -> T {
    let found = async {
        loop {
            let event = events.recv().await.expect("a daemon that goes on");
            if let Some(found) = wanted(&event) {
                return found;
            }
        }
    };
    timeout(PATIENCE, found).await.expect("an event in time")
}

/// The message of the next `app:error`.
pub async fn next_notice(events: &mut mpsc::Receiver<Event>) -> String {
    find_event(events, |event| match event {
        Event::AppError(error) => Some(error.message.clone()),
        _ => None,
    })
    .await
}
