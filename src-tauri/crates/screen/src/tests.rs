//! The screen as its users see it.

use crate::{Scope, Screen};

#[test]
fn shows_what_was_written() {
    let mut screen = Screen::new(20, 4, 100);
    screen.feed(b"hello \x1b[31mred\x1b[m\r\n\r\nx  ");
    assert_eq!(screen.text(), "hello red\n\nx");
    let snapshot = screen.snapshot(Scope::Scrollback);
    let mut copy = Screen::new(20, 4, 100);
    copy.feed(&snapshot);
    assert_eq!(copy.text(), screen.text());
}
