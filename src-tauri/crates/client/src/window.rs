//! The one window: whoever starts another, and `synk open`, reach the one that is open by a
//! socket of its own. The socket is there for as long as the window is; the lock only keeps two
//! that start at once from both becoming the one.
//!
//! What the window shows is not decided here.

use serde::{Deserialize, Serialize};
use std::time::Duration;
use synk_protocol::{ErrorCode, Frame, SessionId, WireError};
use synk_socket::{Connection, Listener, Lock, Places, connect};
use tokio::time::{sleep, timeout};

/// How long the other side may take: the window answers without looking at anything.
const PATIENCE: Duration = Duration::from_secs(5);
/// Before accepting again after the system refused, for example for want of descriptors.
const ACCEPT_AGAIN: Duration = Duration::from_millis(100);

/// What is asked of the window: to come to the front.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ShowWindow {
    /// And to go to this session.
    pub session_id: Option<SessionId>,
}

/// Says that this process is the one that has the window. Until the process ends.
#[derive(Debug)]
pub struct OpenWindow {
    listener: Listener,
}

impl OpenWindow {
    /// Becomes the one with the window; when another is that already, it is asked to show
    /// itself, and the answer is `None`.
    ///
    /// # Errors
    /// When Synk's folders cannot be used, or the other one does not answer.
    pub async fn claim(places: &Places, show: ShowWindow) -> Result<Option<Self>, WireError> {
        places.prepare()?;
        let lock = places.window_lock();
        let starting = tokio::task::spawn_blocking(move || Lock::wait(&lock)).await;
        let _starting =
            starting.map_err(|error| WireError::internal(format!("locking: {error}")))??;
        if show_window(places, show).await? {
            return Ok(None);
        }
        Ok(Some(Self { listener: Listener::bind(&places.window_socket())? }))
    }

    /// The next request. What is no request is noted in the log.
    pub async fn next(&self) -> ShowWindow {
        loop {
            match self.listener.accept().await {
                Ok(stream) => match read(Connection::new(stream)).await {
                    Ok(show) => return show,
                    Err(error) => tracing::warn!("{error}"),
                },
                Err(error) => {
                    tracing::error!("accepting a connection: {error}");
                    sleep(ACCEPT_AGAIN).await;
                }
            }
        }
    }
}

/// Reads a request and says that it was heard.
async fn read(mut connection: Connection) -> Result<ShowWindow, WireError> {
    let frame = timeout(PATIENCE, connection.receiver.next()).await;
    let Ok(Ok(Some(Frame::Control(json)))) = frame else {
        return Err(WireError::invalid("another window asked for nothing"));
    };
    let show: ShowWindow = Frame::parse(&json)?;
    connection.sender.send(&Frame::control(&show)?).await?;
    Ok(show)
}

/// Asks the window that is open to show itself, and answers whether there is one.
///
/// # Errors
/// When there is one that does not answer.
pub async fn show_window(places: &Places, show: ShowWindow) -> Result<bool, WireError> {
    let mut connection = match connect(&places.window_socket()).await {
        Ok(stream) => Connection::new(stream),
        Err(error) if error.code == ErrorCode::Unavailable => return Ok(false),
        Err(error) => return Err(error),
    };
    connection.sender.send(&Frame::control(&show)?).await?;
    match timeout(PATIENCE, connection.receiver.next()).await {
        Ok(Ok(Some(_))) => Ok(true),
        // It ended in that moment.
        Ok(_) => Ok(false),
        Err(_) => Err(WireError::unavailable(
            "a window of Synk is open and does not answer; end the process synk-desktop, the \
             sessions go on",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_second_shows_the_first() {
        let home = tempfile::tempdir().unwrap();
        let places = Places::under(home.path());
        assert!(!show_window(&places, ShowWindow::default()).await.unwrap());
        let first = OpenWindow::claim(&places, ShowWindow::default()).await.unwrap().unwrap();
        let asked = ShowWindow { session_id: Some(SessionId(7)) };
        let (second, heard) = tokio::join!(OpenWindow::claim(&places, asked), first.next());
        assert!(second.unwrap().is_none());
        assert_eq!(heard, asked);
        drop(first);
        assert!(OpenWindow::claim(&places, asked).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn of_many_that_start_at_once_one_is_the_one() {
        let home = tempfile::tempdir().unwrap();
        let places = Places::under(home.path());
        let mut starts = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let places = places.clone();
            starts.spawn(async move {
                let one = OpenWindow::claim(&places, ShowWindow::default()).await.unwrap();
                let Some(one) = one else { return 0 };
                for _ in 0..7 {
                    one.next().await;
                }
                1
            });
        }
        assert_eq!(starts.join_all().await.iter().sum::<i32>(), 1);
    }

    #[tokio::test]
    async fn what_was_left_by_one_that_died_is_no_window() {
        let home = tempfile::tempdir().unwrap();
        let places = Places::under(home.path());
        places.prepare().unwrap();
        let dead = Listener::bind(&places.window_socket()).unwrap();
        std::fs::rename(places.window_socket(), home.path().join("kept")).unwrap();
        drop(dead);
        std::fs::rename(home.path().join("kept"), places.window_socket()).unwrap();
        assert!(OpenWindow::claim(&places, ShowWindow::default()).await.unwrap().is_some());
    }
}
