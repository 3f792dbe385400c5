use std::{path::Path, sync::Arc};
use synk_client::Places;

use super::*;
use crate::{process_pool::cold::Spacing, settings::Settings};

/// The owner of a pool of one shell at most `max_age_minutes` old, which starts none.
fn owner(home: &Path, max_age_minutes: u32) -> Owner {
    let places = Places::under(home);
    places.prepare().unwrap();
    let settings = format!("[pool]\nmaxAgeMinutes = {max_age_minutes}\n");
    fs::write(places.settings(), settings).unwrap();
    let pool = ProcessPool {
        settings: Settings::open(places.settings()),
        places,
        binary: PathBuf::new(),
        owner: mpsc::channel(1).0,
        status: tokio::sync::watch::Sender::default(),
        spacing: Arc::new(Spacing::default()),
    };
    Owner::new(pool, Login::new(), Box::new(drop))
}

#[tokio::test]
async fn a_shell_that_is_too_old_makes_room() {
    let home = tempfile::tempdir().unwrap();
    let mut owner = owner(home.path(), 2);
    let mut keepers = Vec::new();
    for (id, minutes) in [(0, 3), (1, 1)] {
        let (keeper, kept) = oneshot::channel();
        keepers.push(kept);
        let since = Instant::now().checked_sub(Duration::from_mins(minutes)).unwrap();
        let state = State::Idle { keeper, pids: [0, 0] };
        owner.entries.push_back(Entry { id, state, since, files: StartupFiles::default() });
    }
    owner.tick();
    assert_eq!(owner.entries.iter().map(|entry| entry.id).collect::<Vec<_>>(), [1]);
    // Letting go of its keeper is what ends it.
    assert!(matches!(keepers[0].try_recv(), Err(oneshot::error::TryRecvError::Closed)));
}
