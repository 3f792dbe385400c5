//! Joining what a terminal's reads bring for the viewers: what each read costs besides the
//! screen model.
#![allow(missing_docs, reason = "criterion's macros write functions without")]

// The crate keeps it to itself. Its tests are no part of a measurement.
#[allow(unused_imports, reason = "what its tests import is of no use without them")]
#[path = "../src/batch.rs"]
mod batch;

use batch::Batch;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use std::{hint::black_box, time::Duration};
use tokio::time::Instant;

/// Reads of one measurement.
const READS: u64 = 1024;
/// Between two reads of a flood, and between two keys.
const FLOOD: Duration = Duration::from_micros(100);
const KEYS: Duration = Duration::from_millis(100);

/// Pushes as many reads, so far apart, and takes what is to leave.
fn joined(read: &[u8], apart: Duration) {
    let mut now = Instant::now();
    let mut batch = Batch::new(now);
    for _ in 0..READS {
        now += apart;
        let due = batch.deadline().is_some_and(|deadline| deadline <= now);
        if batch.push(black_box(read), now) || due {
            black_box(batch.take(now));
        }
    }
}

fn batches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("batcher");
    for (name, read, apart) in [("a flood", &[b'x'; 4096][..], FLOOD), ("keys", &b"x"[..], KEYS)] {
        group.throughput(Throughput::Elements(READS));
        group.bench_function(name, |bencher| bencher.iter(|| joined(read, apart)));
    }
    group.finish();
}

criterion_group!(benches, batches);
criterion_main!(benches);
