//! The lines in which a file differs.

use git2::{DiffLineType, DiffOptions, Patch};
use std::path::Path;

use crate::{
    GitError,
    diff::{DiffHunk, DiffLine, LineChange, shown},
    store::{Entry, MAX_FILE, Store},
    text::Text,
    working::{Change, as_path},
};

/// What there is to say of a file's lines.
pub(crate) enum Lines {
    /// It is too large to be looked at.
    TooLarge,
    /// It has none.
    Binary,
    /// These.
    Text {
        /// Lines that are new.
        additions: u32,
        /// Lines that are gone.
        deletions: u32,
        /// What differs.
        hunks: Vec<DiffHunk>,
    },
}

/// Compares the two sides of a change.
pub(crate) fn of(store: &Store, text: &Text<'_>, change: &Change) -> Result<Lines, GitError> {
    let sides = [change.old.as_ref(), change.new.as_ref()];
    let unread = |it: &&Entry| !it.is_submodule() && (!it.held || it.size > MAX_FILE);
    if sides.into_iter().flatten().any(|it| unread(&it)) {
        return Ok(Lines::TooLarge);
    }
    let old_path = change.from.as_deref().unwrap_or(&change.path);
    let old = content(store, change.old.as_ref())?;
    let new = content(store, change.new.as_ref())?;
    let binary = |side: Option<&Entry>, path: &[u8], content: &[u8]| match side {
        // Attributes are of files; a link and a submodule are what they are.
        Some(side) if side.is_file() => text.is_binary(path, content),
        _ => false,
    };
    if binary(change.old.as_ref(), old_path, &old)
        || binary(change.new.as_ref(), &change.path, &new)
    {
        return Ok(Lines::Binary);
    }
    let (path, before) = (as_path(&change.path), as_path(old_path));
    let mut hunks = Vec::new();
    match (change.old, change.new) {
        // As git does it: the one is gone, the other is new.
        (Some(one), Some(other)) if one.kind() != other.kind() => {
            compare(store, (&old, &before), (b"", &before), &mut hunks)?;
            compare(store, (b"", &path), (&new, &path), &mut hunks)?;
        }
        (Some(one), Some(other)) if one.id == other.id => {}
        _ => compare(store, (&old, &before), (&new, &path), &mut hunks)?,
    }
    let count = |change| {
        let lines = hunks.iter().flat_map(|hunk| &hunk.lines);
        u32::try_from(lines.filter(|line| line.change == change).count()).unwrap_or(u32::MAX)
    };
    let (additions, deletions) = (count(LineChange::Added), count(LineChange::Deleted));
    Ok(Lines::Text { additions, deletions, hunks })
}

fn content(store: &Store, side: Option<&Entry>) -> Result<Vec<u8>, GitError> {
    match side {
        None => Ok(Vec::new()),
        Some(side) if side.is_submodule() => {
            Ok(format!("Subproject commit {}\n", side.id).into_bytes())
        }
        Some(side) => store.read(side),
    }
}

fn compare(
    store: &Store,
    (old, old_path): (&[u8], &Path),
    (new, new_path): (&[u8], &Path),
    hunks: &mut Vec<DiffHunk>,
) -> Result<(), GitError> {
    if old == new {
        return Ok(());
    }
    let mut options = DiffOptions::new();
    options.context_lines(3).interhunk_lines(0).indent_heuristic(true).force_text(true);
    // By way of an object, since that has a repository, and that has the attributes which
    // say what a heading is in which language.
    let blob = store.repository().find_blob(store.hold(old)?)?;
    let patch = Patch::from_blob_and_buffer(
        &blob,
        Some(old_path),
        new,
        Some(new_path),
        Some(&mut options),
    )?;
    for index in 0..patch.num_hunks() {
        let (hunk, lines) = patch.hunk(index)?;
        let mut kept = Vec::with_capacity(lines);
        for line in 0..lines {
            let line = patch.line_in_hunk(index, line)?;
            let change = match line.origin_value() {
                DiffLineType::Context => LineChange::Context,
                DiffLineType::Addition => LineChange::Added,
                DiffLineType::Deletion => LineChange::Deleted,
                // That the file ends without a line feed is said by the line itself.
                _ => continue,
            };
            let content = line.content();
            let text = content.strip_suffix(b"\n");
            let unterminated = text.is_none();
            let text = String::from_utf8_lossy(text.unwrap_or(content)).into_owned();
            kept.push(DiffLine { change, text, unterminated });
        }
        hunks.push(DiffHunk {
            old_start: hunk.old_start(),
            old_lines: hunk.old_lines(),
            new_start: hunk.new_start(),
            new_lines: hunk.new_lines(),
            heading: heading(hunk.header()),
            lines: kept,
        });
    }
    Ok(())
}

fn heading(header: &[u8]) -> String {
    let header = shown(header);
    let rest = header.splitn(3, "@@").nth(2).unwrap_or_default();
    rest.strip_prefix(' ').unwrap_or(rest).trim_end_matches('\n').to_owned()
}
