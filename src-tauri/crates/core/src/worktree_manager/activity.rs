//! What happens in the sessions' repositories.

use jiff::{Span, Timestamp};
use std::{collections::BTreeMap, path::PathBuf};
use synk_git::{Activity, Happening, activity, project_of};
use synk_protocol::{GitEvent, GitEventKind, ListActivity, SessionInfo, WireError};

use super::{WorktreeManager, blocking};

/// How far back is looked when nobody says.
const HOURS: i64 = 24;
/// The longest answer.
const MAX_EVENTS: usize = 1000;

impl WorktreeManager {
    /// What has happened in the sessions' repositories, newest first.
    ///
    /// # Errors
    /// [`synk_protocol::ErrorCode::Invalid`] for what is no time.
    pub(crate) async fn activity(
        &self,
        sessions: Vec<SessionInfo>,
        args: ListActivity,
    ) -> Result<Vec<GitEvent>, WireError> {
        let since: Timestamp = match args.since {
            Some(since) => since.parse().map_err(|_| {
                WireError::invalid(format!(
                    "{since:?} is no time; write it as 2026-11-26T09:00:00Z"
                ))
            })?,
            None => Timestamp::now().saturating_sub(Span::new().hours(HOURS)).unwrap_or_default(),
        };
        blocking(move || {
            let mut events = Vec::new();
            for (project, sessions) in by_project(sessions) {
                // One that is gone since has nothing to tell.
                let happened = activity(&project, since.as_second()).unwrap_or_default();
                events.extend(happened.into_iter().filter_map(|one| event(one, &sessions)));
            }
            events.sort_by(|one, other| other.timestamp.cmp(&one.timestamp));
            events.truncate(MAX_EVENTS);
            Ok(events)
        })
        .await
    }
}

/// The sessions by the repository that they work in.
pub(super) fn by_project(sessions: Vec<SessionInfo>) -> BTreeMap<PathBuf, Vec<SessionInfo>> {
    let mut projects: BTreeMap<PathBuf, Vec<SessionInfo>> = BTreeMap::new();
    for session in sessions.into_iter().filter(|session| session.branch.is_some()) {
        if let Ok(project) = project_of(session.working_dir.as_ref()) {
            projects.entry(project).or_default().push(session);
        }
    }
    projects
}

/// Something that happened, as the event of the session that works on the branch, or else of
/// one that works in the repository.
pub(super) fn event(activity: Activity, sessions: &[SessionInfo]) -> Option<GitEvent> {
    let on_branch = sessions.iter().find(|one| one.branch.as_ref() == Some(&activity.branch));
    let session = on_branch.or(sessions.first())?;
    Some(GitEvent {
        kind: match activity.happening {
            Happening::Commit => GitEventKind::Commit,
            Happening::Created => GitEventKind::BranchCreated,
            Happening::Merge => GitEventKind::Merge,
        },
        session_id: session.session_id,
        branch: activity.branch,
        details: activity.subject,
        timestamp: Timestamp::from_second(activity.at).unwrap_or_default().to_string(),
    })
}
