//! Real programs' output, cut in many places: at each, the model, a second model and xterm.js
//! that were given a snapshot show the same, and go on alike. See `tests/recordings/README.md`.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use super::properties::HISTORY;
use super::streams::Happening;
use super::viewer::compare;
use crate::Screen;

/// Places in each recording at which it is cut.
const CUTS: usize = 24;

/// One recording.
pub(super) struct Recording {
    pub(super) name: String,
    pub(super) size: (u16, u16),
    /// Before how many bytes the size changed, and to what.
    pub(super) resizes: Vec<(usize, (u16, u16))>,
    pub(super) bytes: Vec<u8>,
}

/// All of them, read once.
pub(super) fn all() -> &'static [Recording] {
    static ALL: OnceLock<Vec<Recording>> = OnceLock::new();
    ALL.get_or_init(read_all)
}

fn read_all() -> Vec<Recording> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings");
    let mut recordings: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rec"))
        .map(|path| read(&path))
        .collect();
    recordings.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(!recordings.is_empty(), "the folder of recordings is empty");
    recordings
}

fn read(path: &Path) -> Recording {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let content = fs::read(path).unwrap();
    let end = content.iter().position(|byte| *byte == b'\n').expect(&name);
    let head = str::from_utf8(&content[..end]).expect(&name);
    let size = |text: &str| {
        let (cols, rows) = text.split_once('x').expect(&name);
        (cols.parse().expect(&name), rows.parse().expect(&name))
    };
    let mut items = head.split(' ');
    Recording {
        size: size(items.next().expect(&name)),
        resizes: items
            .map(|item| {
                let (at, to) = item.split_once(':').expect(&name);
                (at.parse().expect(&name), size(to))
            })
            .collect(),
        bytes: content[end + 1..].to_vec(),
        name,
    }
}

impl Recording {
    /// The first `end` bytes, with the resizes among them.
    pub(super) fn happenings(&self, end: usize) -> Vec<Happening> {
        let mut happenings = Vec::new();
        let mut from = 0;
        for &(at, (cols, rows)) in self.resizes.iter().filter(|(at, _)| *at <= end) {
            happenings.push(Happening::Output(self.bytes[from..at].to_vec()));
            happenings.push(Happening::Resize(cols, rows));
            from = at;
        }
        happenings.push(Happening::Output(self.bytes[from..end].to_vec()));
        happenings
    }

    fn play(&self, end: usize) -> Screen {
        super::properties::live(&self.happenings(end), &mut self.size.clone())
    }
}

#[test]
fn a_snapshot_of_any_moment_is_exact() {
    for recording in all() {
        let step = (recording.bytes.len() / CUTS).max(1);
        // Not a round number, so that cuts fall inside sequences and characters as well.
        let ends = (0..recording.bytes.len()).step_by(step | 1).chain([recording.bytes.len()]);
        for end in ends {
            let mut screen = recording.play(end);
            if let Err(difference) = compare(&mut screen, b"\x1b[?1049l\x1b[2J\x1b[m\x1b[Hback") {
                panic!("{} at {end}: {difference}", recording.name);
            }
        }
    }
}

#[test]
fn a_model_that_joined_anywhere_ends_where_the_first_one_does() {
    for recording in all() {
        // After the last resize, since two histories of different length wrap differently.
        let from = recording.resizes.last().map_or(0, |(at, _)| *at);
        let step = ((recording.bytes.len() - from) / CUTS).max(1);
        let mut whole = recording.play(recording.bytes.len());
        whole.flush_sync();
        for cut in (from..recording.bytes.len()).step_by(step | 1) {
            let mut screen = recording.play(cut);
            let snapshot = screen.snapshot(crate::Scope::Scrollback);
            let (cols, rows) = recording.resizes.last().map_or(recording.size, |(_, size)| *size);
            let mut joined = Screen::new(cols, rows, HISTORY);
            joined.feed(&snapshot);
            joined.feed(&recording.bytes[cut..]);
            joined.flush_sync();
            assert_eq!(joined.text(), whole.text(), "{} joined at {cut}", recording.name);
        }
    }
}
