//! What a shim observes of its program besides the screen: the raw material of a status. The
//! shim judges none of it.
//!
//! All text in here is the program's and is not trusted: the shim takes out control and
//! bidirectional characters and bounds its length.

use serde::{Deserialize, Serialize};

/// The most reports of one program that are kept at once, by their `id`.
pub const MAX_PROGRAM_REPORTS: usize = 16;
/// The longest text in a signal, in characters.
pub const MAX_SIGNAL_CHARS: usize = 256;

/// What a shim observes of its program. Times are milliseconds since 1970, UTC.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(clippy::struct_excessive_bools, reason = "facts that have nothing to do with one another")]
pub struct Signals {
    /// Counts every change of what says whether the program can be typed to: its reports, its
    /// hooks, its prompts, its terminal's modes, its start, and what others type. Guards
    /// [`crate::ShimRequest::Type`].
    pub revision: u64,
    /// The program's reports of itself (OSC 7501), at most [`MAX_PROGRAM_REPORTS`].
    pub reports: Vec<ProgramReport>,
    /// The newest report of a hook.
    pub hook: Option<HookReport>,
    /// The terminal's title.
    pub title: Option<String>,
    /// When the title was last set, also to what it was.
    pub title_at: Option<u64>,
    /// The newest of the shell's marks (OSC 133).
    pub shell: Option<ShellMark>,
    /// A paste is to be bracketed (mode 2004).
    pub bracketed_paste: bool,
    /// When that last changed.
    pub bracketed_paste_at: Option<u64>,
    /// The program shows the alternate screen.
    pub alternate_screen: bool,
    /// The name of the process that has the terminal.
    pub foreground: Option<String>,
    /// It has put something out within the last second and a half.
    pub busy: bool,
    /// Since when it is busy or is not.
    pub busy_at: Option<u64>,
    /// Somebody has typed and not pressed Enter since. What is typed while the program reports
    /// that it is blocked answers that, and changes nothing here.
    pub draft: bool,
    /// When somebody last typed: later than all else that was noted before, and no later than what
    /// was noted after.
    pub typed_at: Option<u64>,
    /// A prompt that Synk has typed stands in the composer without Enter.
    pub prompt_unsent: bool,
    /// When the bell last rang.
    pub bell_at: Option<u64>,
}

/// One report in the Program Status Protocol (OSC 7501), which replaces the one before with
/// the same `id` whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProgramReport {
    /// Which part of the program; empty for the program itself.
    #[serde(default)]
    pub id: String,
    /// `idle`, `working`, `blocked`, `done`, `error`, or a word of a later version.
    pub state: String,
    /// With `blocked`: `permission`, `question`, `auth`, or a word of a later version.
    #[serde(default)]
    pub kind: Option<String>,
    /// What the program calls itself.
    #[serde(default)]
    pub app: Option<String>,
    /// 0 to 100.
    #[serde(default)]
    pub progress: Option<u8>,
    /// What it says.
    #[serde(default)]
    pub message: Option<String>,
    /// When it said so.
    pub at: u64,
}

/// What an agent's hook was called for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HookReport {
    /// The agent's own name for it: `Stop`, `BeforeAgent`.
    pub event: String,
    /// What it is about: a tool's name, the kind of a notification.
    #[serde(default)]
    pub subject: Option<String>,
    /// What the agent says.
    #[serde(default)]
    pub message: Option<String>,
    /// What the agent calls its conversation.
    #[serde(default)]
    pub conversation: Option<String>,
    /// The file that it writes its conversation to.
    #[serde(default)]
    pub transcript: Option<String>,
    /// When the shim got it.
    #[serde(default)]
    pub at: u64,
}

/// Where a shell is between prompt and command.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShellMark {
    /// Where it is.
    pub place: ShellPlace,
    /// How the last command ended, where the shell says so.
    #[serde(default)]
    pub exit_code: Option<i32>,
    /// Since when.
    pub at: u64,
}

/// See [`ShellMark`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShellPlace {
    /// It shows its prompt and reads a line.
    Prompt,
    /// It runs a command.
    Command,
}

/// What has to be so for bytes to be typed; see [`crate::ShimRequest::Type`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Expected {
    /// [`Signals::revision`].
    pub revision: u64,
    /// [`Signals::title`], where the title is what says that the program is ready.
    #[serde(default)]
    pub title: Option<String>,
}
