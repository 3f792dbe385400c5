//! What the commands about one viewer's output take.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::session::SessionId;

/// Arguments of `session:attach`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AttachSession {
    /// Which session.
    pub session_id: SessionId,
    /// The viewer's columns; the terminal takes this size.
    pub cols: u32,
    /// The viewer's rows.
    pub rows: u32,
    /// The colours that the viewer draws with, told to programs that ask. The viewer that
    /// attached last is the one believed.
    #[serde(default)]
    #[ts(optional)]
    pub palette: Option<TerminalPalette>,
}

/// A colour as red, green, blue.
pub type Rgb = [u8; 3];

/// The colours of a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TerminalPalette {
    /// Text without a colour of its own.
    pub foreground: Rgb,
    /// Cells without a colour of their own.
    pub background: Rgb,
    /// The cursor.
    pub cursor: Rgb,
    /// The sixteen named colours: eight normal, then eight bright.
    pub ansi: [Rgb; 16],
}

/// Arguments of `session:detach`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct DetachSession {
    /// Which session.
    pub session_id: SessionId,
}

/// Arguments of `session:ack`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Acknowledge {
    /// Which session.
    pub session_id: SessionId,
    /// The `offset` of the last `session:output` that is parsed.
    #[ts(type = "number")]
    pub offset: u64,
}
