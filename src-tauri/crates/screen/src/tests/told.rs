//! What programs tell of themselves, and that it stays small.

use crate::{Screen, Told};

fn told(output: &[u8]) -> Vec<Told> {
    let mut screen = Screen::new(80, 24, 0);
    screen.feed(output);
    screen.take_told()
}

#[test]
fn it_is_handed_on_once_and_in_order() {
    let mut screen = Screen::new(80, 24, 0);
    screen.feed(b"\x1b]133;A\x07$ \x1b]7501;state=working:app=x\x1b\\\x1bc\x1b]133;D;3\x07");
    assert_eq!(
        screen.take_told(),
        [
            Told::Shell(b"A".to_vec()),
            Told::Report(b"state=working:app=x".to_vec()),
            Told::Reset,
            Told::Shell(b"D;3".to_vec()),
        ]
    );
    assert_eq!(screen.take_told(), []);
}

#[test]
fn a_program_cannot_fill_memory_with_it() {
    let long = format!("\x1b]7501;{}\x07\x1b]7501;state=idle\x07", "x".repeat(5000));
    assert_eq!(told(long.as_bytes()), [Told::Report(b"state=idle".to_vec())]);
    let many = "\x1b]7501;state=idle\x07".repeat(10_000) + "\x1b]7501;state=done\x07";
    let kept = told(many.as_bytes());
    assert_eq!(kept.len(), 256);
    assert_eq!(kept.last(), Some(&Told::Report(b"state=done".to_vec())));
}
