//! Where the last lines of a log begin, found from its end, without reading the rest of it.

use std::{io, os::unix::fs::FileExt, path::Path};

use crate::segment::{Segment, segments};

/// How much is looked through at once, in bytes.
const BLOCK_BYTES: u64 = 64 * 1024;

/// The offset from which the log holds its last `lines` lines; an unfinished last line counts.
/// The first byte that is still there when there are fewer, and the end when none are wanted.
///
/// # Errors
/// The system's reason for not letting a file be read. Files that are gone are none.
pub fn last_lines(session_dir: &Path, lines: usize) -> io::Result<u64> {
    let segments = segments(session_dir)?;
    let mut start = segments.last().map_or(0, Segment::end);
    if lines == 0 {
        return Ok(start);
    }
    let mut wanted = lines;
    // The line break that ends the last line begins no other.
    let mut is_last_byte = true;
    let mut block = vec![0; usize::try_from(BLOCK_BYTES).unwrap_or(0)];
    for segment in segments.iter().rev() {
        // What is gone, or is another segment by now, is no longer the end of this log.
        let Some(file) = segment.open(session_dir)? else { break };
        let mut end = segment.len;
        while end > 0 {
            let begin = end.saturating_sub(BLOCK_BYTES);
            let part = &mut block[..usize::try_from(end - begin).unwrap_or(0)];
            file.read_exact_at(part, begin)?;
            for at in memchr::memrchr_iter(b'\n', part) {
                let behind = begin + at as u64 + 1;
                if std::mem::take(&mut is_last_byte) && behind == segment.len {
                    continue;
                }
                wanted -= 1;
                if wanted == 0 {
                    return Ok(segment.first + behind);
                }
            }
            is_last_byte = false;
            end = begin;
        }
        start = segment.first;
    }
    Ok(start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Size, Writer};

    #[test]
    fn the_last_lines_of_one_segment_or_many() {
        for (bytes, lines, expected) in [
            ("", 3, ""),
            ("a\nb\nc\n", 2, "b\nc\n"),
            ("a\nb\nc", 2, "b\nc"),
            ("a\nb\n", 9, "a\nb\n"),
            ("a\n\n\n", 2, "\n\n"),
            ("a\nb\n", 0, ""),
            ("\n", 1, "\n"),
        ] {
            for split in [false, true] {
                let dir = tempfile::tempdir().unwrap();
                let mut log = Writer::open(dir.path(), Size::default(), 1 << 20, 0).unwrap();
                for byte in bytes.bytes() {
                    if split {
                        log.begin_segment(0, Size::default(), b"");
                    }
                    log.append(0, &[byte]);
                }
                let start = last_lines(dir.path(), lines).unwrap();
                let start = usize::try_from(start).unwrap();
                assert_eq!(&bytes[start..], expected, "{bytes:?} {lines} {split}");
            }
        }
    }

    #[test]
    fn a_long_log_is_not_read_whole_and_lines_may_be_longer_than_a_block() {
        let dir = tempfile::tempdir().unwrap();
        let mut log = Writer::open(dir.path(), Size::default(), 1 << 30, 0).unwrap();
        let line = [vec![b'x'; 200_000], b"\n".to_vec()].concat();
        for _ in 0..10 {
            log.append(0, &line);
        }
        assert_eq!(last_lines(dir.path(), 3).unwrap(), 7 * line.len() as u64);
    }
}
