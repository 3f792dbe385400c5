//! The newest of the lines that were found, each once. Lines come oldest first, and of a line that
//! comes again the last one counts.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    hash::{DefaultHasher, Hash, Hasher},
};

/// A line that was found.
pub(super) struct Candidate {
    /// Its place among those found.
    number: u64,
    pub(super) hash: u64,
    pub(super) end: u64,
    pub(super) line: Vec<u8>,
}

/// Keeps the newest lines of those that are pushed, each once.
pub(super) struct Newest<'a> {
    limit: usize,
    /// Found in newer segments already.
    seen: &'a HashSet<u64>,
    lines: VecDeque<Candidate>,
    /// The last number that each had.
    numbers: HashMap<u64, u64>,
    next: u64,
    pub(super) overflown: bool,
}

impl<'a> Newest<'a> {
    pub(super) fn new(limit: usize, seen: &'a HashSet<u64>) -> Self {
        let (lines, numbers) = (VecDeque::new(), HashMap::new());
        Self { limit, seen, lines, numbers, next: 0, overflown: false }
    }

    pub(super) fn push(&mut self, line: &[u8], end: u64) {
        let line = line.trim_ascii();
        let mut hasher = DefaultHasher::new();
        line.hash(&mut hasher);
        let hash = hasher.finish();
        if self.seen.contains(&hash) {
            return;
        }
        let number = self.next;
        self.next += 1;
        self.numbers.insert(hash, number);
        self.lines.push_back(Candidate { number, hash, end, line: line.to_vec() });
        while self.numbers.len() > self.limit {
            let Some(oldest) = self.lines.pop_front() else { break };
            if self.numbers.get(&oldest.hash) == Some(&oldest.number) {
                self.numbers.remove(&oldest.hash);
                self.overflown = true;
            }
        }
        if self.lines.len() > 2 * self.limit + 64 {
            let numbers = &self.numbers;
            self.lines.retain(|line| numbers.get(&line.hash) == Some(&line.number));
        }
    }

    /// Newest first.
    pub(super) fn finish(self) -> Vec<Candidate> {
        let numbers = self.numbers;
        let is_last = |line: &Candidate| numbers.get(&line.hash) == Some(&line.number);
        self.lines.into_iter().rev().filter(is_last).collect()
    }
}
