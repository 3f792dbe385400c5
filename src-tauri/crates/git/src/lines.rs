//! The lines in which a file differs.

use git2::{DiffLineType, DiffOptions, Patch};

use crate::{
    GitError,
    change::Change,
    diff::{DiffHunk, DiffLine, LineChange, shown},
    store::{Entry, MAX_FILE, Store},
    text::Text,
    working::as_path,
};

/// A file with more lines than this on a side is not compared: with few different lines among
/// very many, that takes as long as one likes.
const MAX_COMPARED: usize = 200_000;

/// Whether a content has more lines than are compared.
pub(crate) fn too_many(content: &[u8]) -> bool {
    count(content) > MAX_COMPARED
}

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

/// Compares the two sides of a change. Without `lines` they are only counted.
pub(crate) fn of(
    store: &Store,
    text: &Text<'_>,
    change: &Change,
    lines: bool,
) -> Result<Lines, GitError> {
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
    let sides = Compare { store, text, lines };
    let mut found = Found::default();
    match (change.old, change.new) {
        (None, _) => whole(&new, LineChange::Added, lines, &mut found),
        (_, None) => whole(&old, LineChange::Deleted, lines, &mut found),
        // As git does it: the one is gone, the other is new.
        (Some(one), Some(other)) if one.kind() != other.kind() => {
            whole(&old, LineChange::Deleted, lines, &mut found);
            whole(&new, LineChange::Added, lines, &mut found);
        }
        (Some(one), Some(other)) if one.id == other.id => {}
        _ if too_many(&old) || too_many(&new) => {
            return Ok(Lines::TooLarge);
        }
        _ => sides.run((&old, old_path), (&new, &change.path), &mut found)?,
    }
    let Found { additions, deletions, hunks } = found;
    Ok(Lines::Text { additions, deletions, hunks })
}

#[derive(Default)]
struct Found {
    additions: u32,
    deletions: u32,
    hunks: Vec<DiffHunk>,
}

/// All lines of a file that has only one side.
fn whole(content: &[u8], change: LineChange, lines: bool, found: &mut Found) {
    if content.is_empty() {
        return;
    }
    let count = u32::try_from(count(content)).unwrap_or(u32::MAX);
    let (start, none) = ((1, count), (0, 0));
    let (old, new) = match change {
        LineChange::Added => (none, start),
        _ => (start, none),
    };
    found.additions += new.1;
    found.deletions += old.1;
    if lines {
        found.hunks.push(DiffHunk {
            old_start: old.0,
            old_lines: old.1,
            new_start: new.0,
            new_lines: new.1,
            heading: String::new(),
            lines: split(content).map(|content| line(change, content)).collect(),
        });
    }
}

fn split(content: &[u8]) -> impl Iterator<Item = &[u8]> {
    content.split_inclusive(|byte| *byte == b'\n')
}

fn count(content: &[u8]) -> usize {
    split(content).count()
}

fn line(change: LineChange, content: &[u8]) -> DiffLine {
    let text = content.strip_suffix(b"\n");
    let unterminated = text.is_none();
    DiffLine { change, text: shown(text.unwrap_or(content)), unterminated }
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

struct Compare<'a> {
    store: &'a Store,
    text: &'a Text<'a>,
    lines: bool,
}

impl Compare<'_> {
    fn run(
        &self,
        (old, old_path): (&[u8], &[u8]),
        (new, new_path): (&[u8], &[u8]),
        found: &mut Found,
    ) -> Result<(), GitError> {
        let mut options = DiffOptions::new();
        options.context_lines(3).interhunk_lines(0).indent_heuristic(true).force_text(true);
        let before = as_path(old_path);
        let after = as_path(new_path);
        let (before, after) = (Some(before.as_path()), Some(after.as_path()));
        if self.text.has_pattern(new_path) || self.text.has_pattern(old_path) {
            let patch = Patch::from_buffers(old, before, new, after, Some(&mut options))?;
            return self.take(&patch, found);
        }
        // By way of an object, since that has a repository, and that has the attributes which
        // say what a heading is in which language.
        let blob = self.store.repository().find_blob(self.store.hold(old)?)?;
        let patch = Patch::from_blob_and_buffer(&blob, before, new, after, Some(&mut options))?;
        self.take(&patch, found)
    }

    fn take(&self, patch: &Patch<'_>, found: &mut Found) -> Result<(), GitError> {
        let (_, additions, deletions) = patch.line_stats()?;
        found.additions += u32::try_from(additions).unwrap_or(u32::MAX);
        found.deletions += u32::try_from(deletions).unwrap_or(u32::MAX);
        let hunks = if self.lines { patch.num_hunks() } else { 0 };
        for index in 0..hunks {
            let (hunk, lines) = patch.hunk(index)?;
            let mut kept = Vec::with_capacity(lines);
            for number in 0..lines {
                let it = patch.line_in_hunk(index, number)?;
                let change = match it.origin_value() {
                    DiffLineType::Context => LineChange::Context,
                    DiffLineType::Addition => LineChange::Added,
                    DiffLineType::Deletion => LineChange::Deleted,
                    // That the file ends without a line feed is said by the line itself.
                    _ => continue,
                };
                kept.push(line(change, it.content()));
            }
            found.hunks.push(DiffHunk {
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
}

fn heading(header: &[u8]) -> String {
    let header = shown(header);
    let rest = header.splitn(3, "@@").nth(2).unwrap_or_default();
    rest.strip_prefix(' ').unwrap_or(rest).trim_end_matches('\n').to_owned()
}
