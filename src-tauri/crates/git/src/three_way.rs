//! Whether two changes of one file can both be had: the rules of a three-way merge, for one
//! path at a time and without making anything of it.

use git2::{MergeFileInput, merge_file};

use crate::{
    GitError,
    lines::too_many,
    store::{Entry, Store},
    text::{Merging, Text},
};

/// Whether both sides' changes of a file that both have would be in conflict; `None` as `old`
/// when both have added it.
pub(crate) fn conflicts(
    store: &Store,
    text: &Text<'_>,
    path: &[u8],
    old: Option<&Entry>,
    one: &Entry,
    other: &Entry,
) -> Result<bool, GitError> {
    if one.is(other) {
        return Ok(false);
    }
    // Git brings two new files of one name together line by line too, but from nothing: what is
    // not the same is in conflict.
    let Some(old) = old else { return Ok(true) };
    if one.is(old) || other.is(old) {
        return Ok(false);
    }
    if one.kind() != other.kind() {
        return Ok(true);
    }
    let modes = one.mode != other.mode && one.mode != old.mode && other.mode != old.mode;
    if modes {
        return Ok(true);
    }
    if one.id == other.id || one.id == old.id || other.id == old.id {
        return Ok(false);
    }
    let lines = old.is_file() && one.is_file() && [old, one, other].iter().all(|it| it.held);
    if !lines {
        return Ok(true);
    }
    let (base, mine, theirs) = (store.read(old)?, store.read(one)?, store.read(other)?);
    let whole = |content: &Vec<u8>| text.is_binary(path, content) || too_many(content);
    if [&base, &mine, &theirs].into_iter().any(whole) {
        return Ok(true);
    }
    match text.merging(path) {
        Merging::Whole => return Ok(true),
        Merging::Union => return Ok(false),
        Merging::Lines => {}
    }
    let [mut before, mut ours, mut others] = std::array::from_fn(|_| MergeFileInput::new());
    before.content(&base);
    ours.content(&mine);
    others.content(&theirs);
    Ok(!merge_file(&before, &ours, &others, None)?.is_automergeable())
}
