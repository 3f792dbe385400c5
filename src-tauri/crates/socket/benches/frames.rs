//! Frames from one end of a socket to the other: what the way of a byte costs between two
//! processes, without what either makes of it.
#![allow(missing_docs, reason = "criterion's macros write functions without")]
#![expect(clippy::unwrap_used, reason = "in a measurement a panic is how it fails")]

use bytes::Bytes;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use synk_protocol::Frame;
use synk_socket::Connection;
use tokio::{net::UnixStream, runtime::Builder};

/// Frames of one measurement.
const FRAMES: usize = 256;

fn frames(criterion: &mut Criterion) {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let (mut here, mut there) = runtime.block_on(async {
        let (here, there) = UnixStream::pair().unwrap();
        (Connection::new(here), Connection::new(there))
    });
    let kinds = [
        ("an echo", Frame::Output { offset: 1, bytes: Bytes::from_static(b"x") }),
        ("a read", Frame::Output { offset: 1, bytes: Bytes::from(vec![b'x'; 4096]) }),
        ("a batch", Frame::Output { offset: 1, bytes: Bytes::from(vec![b'x'; 64 * 1024]) }),
        ("control", Frame::Control(Bytes::from_static(br#"{"type":"ack","offset":123456789}"#))),
    ];
    let mut group = criterion.benchmark_group("frames");
    for (name, frame) in kinds {
        group.throughput(Throughput::Elements(FRAMES as u64));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                runtime.block_on(async {
                    let sending = async {
                        for _ in 0..FRAMES {
                            here.sender.send(&frame).await.unwrap();
                        }
                    };
                    let receiving = async {
                        for _ in 0..FRAMES {
                            there.receiver.next().await.unwrap();
                        }
                    };
                    tokio::join!(sending, receiving)
                })
            });
        });
    }
    group.finish();
}

criterion_group!(benches, frames);
criterion_main!(benches);
