//! Which of the files that are gone have come back under another name: git's own rules
//! (diffcore-rename), since those of libgit2 measure likeness in another way and would not
//! agree with what `git diff` says. Identical content first, then files of the same name in
//! another folder, then the most alike of all, from half of the content on.

use git2::Oid;
use std::{
    cmp::{Ordering, Reverse},
    collections::{BTreeMap, HashMap, HashSet},
};

use crate::{
    GitError,
    change::Change,
    store::{Entry, Store},
    text::Text,
};

/// Alike as git counts it: from nothing to all.
const ALL: u64 = 60_000;
/// From here on it is a rename: 50 %.
const ENOUGH: u64 = 30_000;
/// For a file that kept its name and changed its folder, found without comparing all: 75 %.
const ENOUGH_FOR_NAME: u64 = 45_000;
/// No more than that many times as many files are compared each with each (diff.renameLimit).
const LIMIT: usize = 1000;
/// Of the files that are alike, so many are remembered for each new one.
const CANDIDATES: usize = 4;
/// Of so many identical files that are gone one is chosen.
const IDENTICAL: usize = 100;

/// Joins what is gone and what is new to renames. The order stays that of the paths.
pub(crate) fn find(
    store: &Store,
    text: &Text<'_>,
    changes: Vec<Change>,
) -> Result<Vec<Change>, GitError> {
    let mut search =
        Search { store, text, gone: Vec::new(), new: Vec::new(), known: HashMap::new() };
    for change in changes.iter().filter(|change| !change.conflicted) {
        match (change.old, change.new) {
            (Some(old), None) => search.gone.push(File::new(&change.path, old)),
            (None, Some(new)) => search.new.push(File::new(&change.path, new)),
            _ => {}
        }
    }
    if search.gone.is_empty() || search.new.is_empty() {
        return Ok(changes);
    }
    search.identical();
    search.same_name()?;
    search.alike()?;
    let mut renames = BTreeMap::new();
    for file in &search.new {
        if let Some(gone) = file.joined.and_then(|it| search.gone.get(it)) {
            renames.insert(file.path.to_vec(), (gone.path.to_vec(), gone.entry));
        }
    }
    let moved: HashSet<_> = renames.values().map(|(path, _)| path.clone()).collect();
    let join = |mut change: Change| {
        if change.new.is_none() && moved.contains(&change.path) {
            return None;
        }
        if change.old.is_none()
            && let Some((path, entry)) = renames.remove(&change.path)
        {
            change.from = Some(path);
            change.old = Some(entry);
        }
        Some(change)
    };
    Ok(changes.into_iter().filter_map(join).collect())
}

struct File<'change> {
    path: &'change [u8],
    entry: Entry,
    /// Which of the other side it is joined to.
    joined: Option<usize>,
}

impl<'change> File<'change> {
    fn new(path: &'change [u8], entry: Entry) -> Self {
        Self { path, entry, joined: None }
    }

    /// What comes after the last `/`.
    fn name(&self) -> &'change [u8] {
        self.path.rsplit(|byte| *byte == b'/').next().unwrap_or(self.path)
    }
}

struct Search<'a> {
    store: &'a Store,
    text: &'a Text<'a>,
    gone: Vec<File<'a>>,
    new: Vec<File<'a>>,
    known: HashMap<(Oid, bool), Chunks>,
}

impl Search<'_> {
    fn join(&mut self, gone: usize, new: usize) {
        self.gone[gone].joined = Some(new);
        self.new[new].joined = Some(gone);
    }

    fn identical(&mut self) {
        let mut by_content: HashMap<Oid, Vec<usize>> = HashMap::new();
        for (index, file) in self.gone.iter().enumerate() {
            by_content.entry(file.entry.id).or_default().push(index);
        }
        for new in 0..self.new.len() {
            let target = &self.new[new];
            let same = by_content.get(&target.entry.id).into_iter().flatten().copied();
            let mut best = None;
            for gone in same.filter(|it| self.gone[*it].joined.is_none()).take(IDENTICAL) {
                let source = &self.gone[gone];
                let files = source.entry.is_file() && target.entry.is_file();
                if !files && source.entry.mode != target.entry.mode {
                    continue;
                }
                if source.name() == target.name() {
                    best = Some(gone);
                    break;
                }
                best = best.or(Some(gone));
            }
            if let Some(gone) = best {
                self.join(gone, new);
            }
        }
    }

    /// A name that only one file of either side has.
    fn same_name(&mut self) -> Result<(), GitError> {
        let gone = only_ones(&self.gone);
        let new = only_ones(&self.new);
        let mut pairs: Vec<_> =
            gone.into_iter().filter_map(|(name, gone)| Some((gone?, (*new.get(name)?)?))).collect();
        pairs.sort_unstable();
        for (gone, new) in pairs {
            if self.alikeness(gone, new)? >= ENOUGH_FOR_NAME {
                self.join(gone, new);
            }
        }
        Ok(())
    }

    fn alike(&mut self) -> Result<(), GitError> {
        let gone: Vec<_> =
            (0..self.gone.len()).filter(|it| self.gone[*it].joined.is_none()).collect();
        let new: Vec<_> = (0..self.new.len()).filter(|it| self.new[*it].joined.is_none()).collect();
        if gone.len().saturating_mul(new.len()) > LIMIT * LIMIT {
            return Ok(());
        }
        // The most alike first; of those equally so, one that kept its name.
        let rank = |it: &(u64, bool, usize, usize)| Reverse((it.0, it.1));
        let mut all = Vec::new();
        for new in new {
            let mut best: Vec<(u64, bool, usize, usize)> = Vec::new();
            for gone in &gone {
                let score = self.alikeness(*gone, new)?;
                if score >= ENOUGH {
                    let name = self.gone[*gone].name() == self.new[new].name();
                    best.push((score, name, *gone, new));
                }
            }
            best.sort_by_key(rank);
            best.truncate(CANDIDATES);
            all.extend(best);
        }
        all.sort_by_key(rank);
        for (_, _, gone, new) in all {
            if self.gone[gone].joined.is_none() && self.new[new].joined.is_none() {
                self.join(gone, new);
            }
        }
        Ok(())
    }

    /// How much of the larger one is in both.
    fn alikeness(&mut self, gone: usize, new: usize) -> Result<u64, GitError> {
        let (source, target) = (&self.gone[gone], &self.new[new]);
        let (old, now) = (source.entry, target.entry);
        let larger = old.size.max(now.size);
        let more = larger - old.size.min(now.size);
        let comparable = old.is_file() && now.is_file() && old.held && now.held;
        if !comparable || larger == 0 || larger * (ALL - ENOUGH) < more * ALL {
            return Ok(0);
        }
        let (source, target) = (source.path, target.path);
        let before = self.chunks(source, &old)?;
        let after = self.chunks(target, &now)?;
        let (before, after) = (self.known.get(&before), self.known.get(&after));
        let (Some(before), Some(after)) = (before, after) else { return Ok(0) };
        let both = shared(before, after);
        Ok(both * ALL / larger)
    }

    fn chunks(&mut self, path: &[u8], entry: &Entry) -> Result<(Oid, bool), GitError> {
        let content = |store: &Store| store.read(entry);
        let key = (entry.id, true);
        if self.known.contains_key(&key) {
            return Ok(key);
        }
        let key = (entry.id, false);
        if self.known.contains_key(&key) {
            return Ok(key);
        }
        let content = content(self.store)?;
        let key = (entry.id, !self.text.is_binary(path, &content));
        self.known.insert(key, chunks(&content, key.1));
        Ok(key)
    }
}

/// By name the one file that has it; `None` when several do.
fn only_ones<'change>(files: &[File<'change>]) -> BTreeMap<&'change [u8], Option<usize>> {
    let mut ones = BTreeMap::new();
    for (index, file) in files.iter().enumerate().filter(|(_, file)| file.joined.is_none()) {
        ones.entry(file.name()).and_modify(|it| *it = None).or_insert(Some(index));
    }
    ones
}

/// How many bytes of a file are in chunks of which hash, by hash.
type Chunks = Vec<(u32, u64)>;

/// Chunks are lines, or 64 bytes of a longer one; what hashes to the same is one chunk.
fn chunks(content: &[u8], text: bool) -> Chunks {
    let mut all = Chunks::new();
    let (mut high, mut low, mut bytes) = (0_u32, 0_u32, 0_u64);
    let hash = |high: u32, low: u32| high.wrapping_add(low.wrapping_mul(0x61)) % 107_927;
    let mut rest = content.iter().copied().peekable();
    while let Some(byte) = rest.next() {
        if text && byte == b'\r' && rest.peek() == Some(&b'\n') {
            continue;
        }
        let before = high;
        high = (high << 7) ^ (low >> 25);
        low = (low << 7) ^ (before >> 25);
        high = high.wrapping_add(u32::from(byte));
        bytes += 1;
        if bytes < 64 && byte != b'\n' {
            continue;
        }
        all.push((hash(high, low), bytes));
        (high, low, bytes) = (0, 0, 0);
    }
    if bytes > 0 {
        all.push((hash(high, low), bytes));
    }
    all.sort_unstable();
    let mut chunks = Chunks::new();
    for (hash, bytes) in all {
        match chunks.last_mut() {
            Some((last, sum)) if *last == hash => *sum += bytes,
            _ => chunks.push((hash, bytes)),
        }
    }
    chunks
}

/// How many bytes two files have in common.
fn shared(one: &[(u32, u64)], other: &[(u32, u64)]) -> u64 {
    let (mut one, mut other) = (one.iter().peekable(), other.iter().peekable());
    let mut both = 0;
    while let (Some((hash, bytes)), Some((another, more))) = (one.peek(), other.peek()) {
        match hash.cmp(another) {
            Ordering::Less => drop(one.next()),
            Ordering::Greater => drop(other.next()),
            Ordering::Equal => {
                both += *bytes.min(more);
                one.next();
                other.next();
            }
        }
    }
    both
}
