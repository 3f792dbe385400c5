//! The settings, as `settings:get` answers them. Their file is `settings.toml`; reading and
//! checking it is the daemon's.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use std::collections::BTreeMap;

use crate::session::MAX_PANES;

/// Every setting.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct SynkSettings {
    /// Closing the window, and what is saved by itself.
    pub general: GeneralSettings,
    /// How the window and its terminals look.
    pub appearance: AppearanceSettings,
    /// How terminals behave.
    pub terminal: TerminalSettings,
    /// Which keys do what.
    pub keyboard: KeyboardSettings,
    /// What is kept of the sessions' output.
    pub logs: LogSettings,
    /// How sessions behave.
    pub sessions: SessionSettings,
    /// Shells that are started before they are asked for.
    pub pool: PoolSettings,
    /// Which agents there are, and how they are started.
    pub agents: AgentSettings,
    /// What is told on the desktop.
    pub notifications: NotificationSettings,
    /// The worktrees that Synk makes.
    pub worktrees: WorktreeSettings,
    /// What models cost.
    pub prices: PriceSettings,
}

/// Closing the window, and what is saved by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct GeneralSettings {
    /// What happens to sessions that run when the window is closed.
    pub closing: Closing,
    /// Save the layout by itself, for after a crash.
    pub auto_save: bool,
    /// How often it is saved while something changes, in seconds, from 5 to 3,600.
    pub auto_save_seconds: u32,
}

impl Default for GeneralSettings {
    fn default() -> Self {
        Self { closing: Closing::Ask, auto_save: true, auto_save_seconds: 30 }
    }
}

/// What happens to sessions that run when the window is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Closing {
    /// The person is asked.
    #[default]
    Ask,
    /// They run on.
    Keep,
    /// The layout is saved, and they are ended.
    SaveAndStop,
    /// They are ended.
    Stop,
}

/// How the window and its terminals look.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct AppearanceSettings {
    /// The colours of the window.
    pub theme: Theme,
    /// The colours of the terminals: a name in `palettes`. Empty for those of the theme.
    pub palette: String,
    /// Palettes by name, of 1 to 64 characters; at most 500.
    pub palettes: BTreeMap<String, Palette>,
    /// The terminals' font; empty for the one that ships with Synk.
    pub font_family: String,
    /// Its size, in pixels, from 6 to 40.
    pub font_size: u32,
    /// The height of a line, in percent of the font's, from 100 to 200.
    pub line_height: u32,
    /// The terminals' cursor, where a program has not chosen another.
    pub cursor: CursorShape,
    /// It blinks.
    pub cursor_blink: bool,
    /// How many lines above the screen a terminal keeps, from 100 to 50,000. What is older is
    /// in the log. For sessions that are started from then on.
    pub scrollback: u32,
    /// The size of everything in the window, in percent, from 50 to 200.
    pub zoom: u32,
    /// Nothing moves: no fades, no pulse.
    pub reduce_motion: ReduceMotion,
}

impl Default for AppearanceSettings {
    fn default() -> Self {
        Self {
            theme: Theme::System,
            palette: String::new(),
            palettes: BTreeMap::new(),
            font_family: String::new(),
            font_size: 13,
            line_height: 100,
            cursor: CursorShape::Block,
            cursor_blink: true,
            scrollback: 5000,
            zoom: 100,
            reduce_motion: ReduceMotion::System,
        }
    }
}

/// The colours of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    /// As the desktop says; dark without a desktop.
    #[default]
    System,
    /// Dark.
    Dark,
    /// Light.
    Light,
    /// Dark, with the strongest contrast.
    HighContrast,
}

/// The shape of a cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CursorShape {
    /// A filled cell.
    #[default]
    Block,
    /// A line left of the cell.
    Bar,
    /// A line below the cell.
    Underline,
}

/// Whether motion is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReduceMotion {
    /// As the desktop says.
    #[default]
    System,
    /// Nothing moves.
    Always,
    /// Things move.
    Never,
}

/// The colours of a terminal, each as `#rrggbb`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct Palette {
    /// Behind the text.
    pub background: String,
    /// The text.
    pub foreground: String,
    /// The cursor; as `foreground` when empty.
    pub cursor: String,
    /// Behind what is selected; made from the others when empty.
    pub selection: String,
    /// The sixteen colours of the terminal: black, red, green, yellow, blue, magenta, cyan,
    /// white, and the bright ones in the same order.
    pub colors: Vec<String>,
}

/// How terminals behave.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct TerminalSettings {
    /// The shell: an absolute path. Empty for the user's login shell. For terminals that are
    /// started from then on; agents keep the login shell and its environment.
    pub shell: String,
    /// What is selected is copied at once.
    pub copy_on_select: bool,
    /// What the bell does in a terminal.
    pub bell: Bell,
    /// What draws the terminals.
    pub renderer: Renderer,
    /// A screen reader is told what is in the terminals, which costs speed.
    pub screen_reader: bool,
}

/// What the bell does in a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Bell {
    /// The pane's header lights up for a moment.
    #[default]
    Visual,
    /// A short tone.
    Sound,
    /// Nothing.
    Off,
}

/// What draws the terminals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Renderer {
    /// WebGL where the machine has it, else the page.
    #[default]
    Auto,
    /// WebGL, also where it is slow.
    Webgl,
    /// The page: slower, and without a graphics driver.
    Dom,
}

/// Which keys do what.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct KeyboardSettings {
    /// Keys by action, such as `"pane.zoom" = ["Ctrl+Shift+Z"]`: Ctrl, Alt, Shift and Meta, each
    /// once, and then one key; at most four of 64 characters each; none for an action without
    /// keys. Actions that are not named keep their own. At most 500.
    pub bindings: BTreeMap<String, Vec<String>>,
}

/// What is kept of the sessions' output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct LogSettings {
    /// The most that one session's log may take, in MiB, from 1 to 65,536. The oldest goes
    /// first.
    pub session_limit_mib: u32,
    /// The most that all logs together may take, in MiB, from 16 to 1,048,576. Sessions that
    /// were closed go first, then the oldest parts of the others.
    pub total_limit_mib: u32,
    /// How long the log of a session that was closed is kept, in days, from 0 to 3,650; 0 for
    /// as long as the limits allow.
    pub closed_days: u32,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { session_limit_mib: 64, total_limit_mib: 2048, closed_days: 0 }
    }
}

/// How sessions behave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct SessionSettings {
    /// Run the sessions that were lost, to a reboot for example, again by themselves. By
    /// default each waits for Enter.
    pub run_lost: bool,
}

/// Shells that are started before they are asked for, so that a pane opens at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PoolSettings {
    /// How many shells wait, from 0 to 8. 0 turns the pool off. When nobody has set it the
    /// machine decides: 2, from 16 GB and 8 cores on 3, from 32 GB and 12 cores on 4.
    pub initial_size: u32,
    /// The most that wait, from `initialSize` to 8: closed shells are replaced up to here.
    /// When nobody has set it: 3, then 4, then 6, as above.
    pub max_size: u32,
    /// Panes in the grid, from 1 to 12. Background sessions do not count.
    pub max_active: u32,
    /// Replace a shell that is closed by a fresh one, up to `maxSize`.
    pub recycle: bool,
    /// How old a waiting shell becomes before another takes its place, in minutes, from 1
    /// to 1,440.
    pub max_age_minutes: u32,
    /// How long after a start the next shell is warmed up, in milliseconds, from 0 to 10,000.
    pub warmup_delay_ms: u32,
    /// Shells are login shells.
    pub login_shell: bool,
    /// What the prompt of a shell without integration looks like: a regular expression for
    /// the text of its line up to the cursor. Empty for Synk's own.
    pub prompt_pattern: String,
    /// The least time between two starts that the pool cannot serve, in milliseconds, from 0
    /// to 10,000.
    pub stagger_ms: u32,
}

impl Default for PoolSettings {
    fn default() -> Self {
        Self {
            initial_size: 2,
            max_size: 3,
            max_active: MAX_PANES,
            recycle: true,
            max_age_minutes: 30,
            warmup_delay_ms: 100,
            login_shell: true,
            prompt_pattern: String::new(),
            stagger_ms: 100,
        }
    }
}

/// Which agents there are, and how they are started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct AgentSettings {
    /// Pass hooks to agents at their start, by which they tell what they do. The agents' own
    /// configuration is not touched.
    pub hooks: bool,
    /// Arguments for each start of an agent that Synk knows, by its name on the wire, such as
    /// `claude_code = ["--model", "opus"]`: at most 64 of 4,096 bytes together.
    pub arguments: BTreeMap<String, Vec<String>>,
    /// Agents that Synk does not know, by the name that `session:create` takes: 1 to 32
    /// lower-case letters, digits, `-` and `_`.
    pub custom: BTreeMap<String, CustomAgent>,
}

impl Default for AgentSettings {
    fn default() -> Self {
        Self { hooks: true, arguments: BTreeMap::new(), custom: BTreeMap::new() }
    }
}

/// An agent that Synk does not know, as data.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct CustomAgent {
    /// What people call it; by default its name.
    pub label: String,
    /// The program: looked up in the login environment's `PATH`, or an absolute path.
    pub command: String,
    /// Its arguments.
    pub args: Vec<String>,
    /// Its arguments when it is to say its version; nothing asks it when there are none.
    pub version_args: Vec<String>,
    /// How to install it, as one shell command.
    pub install: String,
    /// What says that it is ready for a prompt.
    pub ready_when: ReadyWhen,
    /// Regular expressions for its terminal's title while it works, waits for a person and is
    /// ready. Empty ones are not looked for.
    pub working_title: String,
    /// See `workingTitle`.
    pub waiting_title: String,
    /// See `workingTitle`.
    pub idle_title: String,
}

/// What says that an agent is ready for a prompt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReadyWhen {
    /// The agent itself: by its reports (OSC 7501) or its title.
    #[default]
    Reported,
    /// It asks for pastes to be bracketed, as programs do that read one line at a time.
    Paste,
    /// It has put out nothing for two seconds. A guess, and the person's own.
    Silent,
}

/// What is told on the desktop, about panes that nobody looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct NotificationSettings {
    /// An agent waits for a person.
    pub waiting: bool,
    /// An agent has finished.
    pub done: bool,
}

impl Default for NotificationSettings {
    fn default() -> Self {
        Self { waiting: true, done: true }
    }
}

/// What a project runs in its worktrees, as commands for `sh`: the `worktree` table of the
/// `synk.toml` in its top folder.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ProjectScripts {
    /// In a new one, before anybody works there; nothing when empty.
    pub setup: String,
    /// In one that is to be removed; nothing when empty.
    pub teardown: String,
}

/// The worktrees that Synk makes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct WorktreeSettings {
    /// Which files that git ignores come along into a new worktree, as patterns in the way of
    /// `.gitignore`; besides those that the project's `.worktreeinclude` names.
    pub copy: Vec<String>,
    /// How many worktrees are kept ready for each project that has had one, from 0 to 4.
    pub prepared: u32,
    /// How long what was removed can be had back, in days, from 1 to 3,650.
    pub trash_days: u32,
    /// What projects may run in their new worktrees and before those are removed, by the top
    /// folder of their checkout: as it was when the user agreed to it.
    pub scripts: BTreeMap<String, ProjectScripts>,
    /// Projects whose own programs (hooks, filters, drivers) git may run for Synk: the top
    /// folders of their checkouts.
    pub trusted: Vec<String>,
}

impl Default for WorktreeSettings {
    fn default() -> Self {
        Self {
            copy: vec![".env*".to_owned()],
            prepared: 0,
            trash_days: 30,
            scripts: BTreeMap::new(),
            trusted: Vec::new(),
        }
    }
}

/// What models cost, on top of the table that ships with Synk.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PriceSettings {
    /// By the model's name, as the agent's transcript has it.
    pub models: BTreeMap<String, ModelPrice>,
}

/// What one model costs, in US dollars for a million tokens, as decimal numbers in text:
/// `"2.50"`, so that sums are exact.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ModelPrice {
    /// Input at full price.
    pub input: String,
    /// Output.
    pub output: String,
    /// Input from a cache; as `input` when empty.
    pub cache_read: String,
    /// Input into a cache; as `input` when empty.
    pub cache_write: String,
}

/// Arguments of `settings:get`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct GetSettings {}

/// Arguments of `settings:set`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct SetSettings {
    /// The settings to change, in the shape of [`SynkSettings`], with only those named that
    /// change. A map is replaced as a whole. Who asks is sent `settings:changed` before the
    /// answer.
    #[ts(type = "{ [Group in keyof SynkSettings]?: Partial<SynkSettings[Group]> }")]
    pub settings: serde_json::Value,
}

/// Arguments of `settings:import_palette`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportPalette {
    /// A theme file of Ghostty, Alacritty (TOML) or iTerm2 (`.itermcolors`): an absolute path.
    pub path: String,
}

/// Reply of `settings:import_palette`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImportedPalette {
    /// What it is called in `appearance.palettes`: the file's name without its ending. One of
    /// that name is replaced. It is not chosen by that.
    pub name: String,
}
