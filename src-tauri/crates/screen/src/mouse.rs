//! Which mouse events a program wants, where viewers know more than the terminal model, and
//! agree on less: one mode at a time, and taking any away takes all away.

use alacritty_terminal::vte::ansi::{Handler, NamedPrivateMode, PrivateMode};

use crate::model::Model;

/// The two facts that the terminal model has no flag for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Mouse {
    /// Mode 9: presses alone are reported.
    pub(crate) presses_only: bool,
    /// Mode 1016: positions are told in pixels.
    pub(crate) pixels: bool,
}

const REPORTS: [NamedPrivateMode; 3] = [
    NamedPrivateMode::ReportMouseClicks,
    NamedPrivateMode::ReportCellMouseMotion,
    NamedPrivateMode::ReportAllMouseMotion,
];

impl Model {
    /// Takes a mode that is about the mouse; false when it is about something else, or when
    /// the terminal model is to take it too.
    pub(crate) fn mouse_mode(&mut self, mode: PrivateMode, on: bool) -> bool {
        match mode {
            PrivateMode::Unknown(9) => {
                self.report_nothing();
                self.mouse.presses_only = on;
                true
            }
            PrivateMode::Named(named) if REPORTS.contains(&named) => {
                self.report_nothing();
                !on
            }
            PrivateMode::Unknown(1016) => {
                self.term.unset_private_mode(NamedPrivateMode::SgrMouse.into());
                self.mouse.pixels = on;
                true
            }
            PrivateMode::Named(NamedPrivateMode::SgrMouse) => {
                self.mouse.pixels = false;
                false
            }
            _ => false,
        }
    }

    fn report_nothing(&mut self) {
        self.mouse.presses_only = false;
        for mode in REPORTS {
            self.term.unset_private_mode(mode.into());
        }
    }
}
