//! That no setting is without effect: each has its line here, with the test that shows what it
//! does. One that is new fails this until it has one too.

use serde_json::Value;
use std::{collections::BTreeSet, fs, path::Path};
use synk_protocol::{CustomAgent, ModelPrice, Palette, ProjectScripts, SynkSettings};

/// Where an effect is shown.
enum Shown {
    /// By a test, in a file below the crates' folder.
    By(&'static str, &'static str),
    /// In the window, which alone reads it, by the page's own table of effects.
    InTheWindow,
    /// In the window, by a test that is called so.
    InThePage(&'static str, &'static str),
}
use Shown::{By, InThePage, InTheWindow};

/// The page's table.
const TABLE: &str = "src/app/settings-effects.test.tsx";

/// Every setting; `*` is any entry of a map.
const EFFECTS: &[(&str, Shown)] = &[
    ("general.closing", InThePage("src/app/closing.test.tsx", "asks no more once that was chosen")),
    (
        "general.autoSave",
        By(
            "cli/tests/layouts/auto.rs",
            "what_changes_is_saved_in_a_while_and_an_empty_grid_takes_nothings_place",
        ),
    ),
    (
        "general.autoSaveSeconds",
        By(
            "cli/tests/layouts/auto.rs",
            "what_changes_is_saved_in_a_while_and_an_empty_grid_takes_nothings_place",
        ),
    ),
    ("appearance.theme", InTheWindow),
    ("appearance.palette", InTheWindow),
    ("appearance.palettes.*.background", InTheWindow),
    ("appearance.palettes.*.foreground", InTheWindow),
    ("appearance.palettes.*.cursor", InTheWindow),
    ("appearance.palettes.*.selection", InTheWindow),
    ("appearance.palettes.*.colors", InTheWindow),
    ("appearance.fontFamily", InTheWindow),
    ("appearance.fontSize", InTheWindow),
    ("appearance.lineHeight", InTheWindow),
    ("appearance.cursor", InTheWindow),
    ("appearance.cursorBlink", InTheWindow),
    (
        "appearance.scrollback",
        By("cli/tests/settings/sessions.rs", "a_session_keeps_as_many_lines_as_the_settings_say"),
    ),
    ("appearance.zoom", InTheWindow),
    ("appearance.reduceMotion", InTheWindow),
    (
        "terminal.shell",
        By(
            "cli/tests/settings/sessions.rs",
            "terminals_have_the_shell_of_the_settings_and_agents_that_of_the_login",
        ),
    ),
    ("terminal.copyOnSelect", InTheWindow),
    ("terminal.bell", InTheWindow),
    ("terminal.renderer", InTheWindow),
    ("terminal.screenReader", InTheWindow),
    ("keyboard.bindings.*", InTheWindow),
    (
        "logs.sessionLimitMib",
        By("cli/tests/settings/logs.rs", "one_log_stays_within_its_limit_also_when_that_changes"),
    ),
    (
        "logs.totalLimitMib",
        By("cli/tests/settings/logs.rs", "all_logs_together_stay_within_their_limit"),
    ),
    (
        "logs.closedDays",
        By("cli/tests/settings/logs.rs", "logs_of_sessions_that_were_closed_long_ago_go"),
    ),
    (
        "sessions.runLost",
        By("cli/tests/lost.rs", "lost_sessions_run_again_by_themselves_when_the_setting_says_so"),
    ),
    (
        "pool.initialSize",
        By("cli/tests/pool/startup.rs", "a_change_of_the_settings_changes_those_that_wait"),
    ),
    (
        "pool.maxSize",
        By("cli/tests/pool/startup.rs", "a_change_of_the_settings_changes_those_that_wait"),
    ),
    (
        "pool.maxActive",
        By("cli/tests/worktrees/sessions.rs", "nothing_is_made_for_a_session_that_cannot_be"),
    ),
    (
        "pool.recycle",
        By("cli/tests/settings/pool.rs", "a_closed_shell_is_not_replaced_when_the_settings_say_so"),
    ),
    (
        "pool.maxAgeMinutes",
        By("core/src/process_pool/owner/tests.rs", "a_shell_that_is_too_old_makes_room"),
    ),
    (
        "pool.warmupDelayMs",
        By("cli/tests/settings/pool.rs", "a_start_is_warmed_up_for_so_long_after_the_one_before"),
    ),
    (
        "pool.loginShell",
        By("cli/tests/pool/cold.rs", "a_shell_is_a_login_shell_or_not_as_the_settings_say"),
    ),
    (
        "pool.promptPattern",
        By("cli/tests/settings/pool.rs", "what_a_prompt_looks_like_is_taken_from_the_settings"),
    ),
    (
        "pool.staggerMs",
        By("cli/tests/settings/pool.rs", "starts_at_once_are_spaced_as_the_settings_say"),
    ),
    (
        "agents.hooks",
        By(
            "cli/tests/settings/sessions.rs",
            "agents_are_started_with_the_arguments_and_hooks_of_the_settings",
        ),
    ),
    (
        "agents.arguments.*",
        By(
            "cli/tests/settings/sessions.rs",
            "agents_are_started_with_the_arguments_and_hooks_of_the_settings",
        ),
    ),
    ("agents.custom.*.label", By("cli/tests/prompts/status.rs", "agents_of_ones_own_are_data")),
    ("agents.custom.*.command", By("cli/tests/prompts/status.rs", "agents_of_ones_own_are_data")),
    ("agents.custom.*.args", By("cli/tests/prompts/status.rs", "agents_of_ones_own_are_data")),
    (
        "agents.custom.*.versionArgs",
        By("cli/tests/prompts/status.rs", "agents_of_ones_own_are_data"),
    ),
    (
        "agents.custom.*.install",
        By(
            "cli/tests/settings/sessions.rs",
            "an_agent_of_ones_own_that_is_not_installed_says_how_to_install_it",
        ),
    ),
    (
        "agents.custom.*.readyWhen",
        By("core/src/status/tests.rs", "a_person_decides_what_says_that_an_unknown_agent_is_ready"),
    ),
    (
        "agents.custom.*.workingTitle",
        By("cli/tests/prompts/status.rs", "agents_of_ones_own_are_data"),
    ),
    (
        "agents.custom.*.waitingTitle",
        By("core/src/agents/custom.rs", "each_title_says_what_it_is_for"),
    ),
    ("agents.custom.*.idleTitle", By("cli/tests/prompts/status.rs", "agents_of_ones_own_are_data")),
    (
        "notifications.waiting",
        InThePage("src/features/attention/attention.test.ts", "is told only what the settings say"),
    ),
    (
        "notifications.done",
        InThePage("src/features/attention/attention.test.ts", "is told only what the settings say"),
    ),
    (
        "worktrees.copy",
        By(
            "cli/tests/settings/worktrees.rs",
            "files_that_git_ignores_come_along_as_the_settings_say",
        ),
    ),
    ("worktrees.prepared", By("cli/tests/settings/worktrees.rs", "so_many_are_kept_ready")),
    (
        "worktrees.trashDays",
        By("cli/tests/settings/worktrees.rs", "the_trash_is_kept_for_so_many_days"),
    ),
    (
        "worktrees.scripts.*.setup",
        By(
            "cli/tests/worktrees/scripts.rs",
            "what_a_project_wants_to_run_is_shown_first_and_runs_when_agreed_to",
        ),
    ),
    (
        "worktrees.scripts.*.teardown",
        By(
            "cli/tests/worktrees/scripts.rs",
            "what_a_project_wants_to_run_is_shown_first_and_runs_when_agreed_to",
        ),
    ),
    (
        "worktrees.trusted",
        By("cli/tests/settings/worktrees.rs", "a_project_that_is_trusted_has_its_hooks_run"),
    ),
    ("prices.models.*.input", By("core/src/cost/prices.rs", "the_user_knows_better")),
    ("prices.models.*.output", By("core/src/cost/prices.rs", "the_user_knows_better")),
    ("prices.models.*.cacheRead", By("core/src/cost/prices.rs", "the_user_knows_better")),
    ("prices.models.*.cacheWrite", By("core/src/cost/prices.rs", "the_user_knows_better")),
];

/// All that there is to set, with one entry in each map.
fn everything() -> SynkSettings {
    let name = || "*".to_owned();
    let mut all = SynkSettings::default();
    all.appearance.palettes.insert(name(), Palette::default());
    all.keyboard.bindings.insert(name(), Vec::new());
    all.agents.arguments.insert(name(), Vec::new());
    all.agents.custom.insert(name(), CustomAgent::default());
    all.worktrees.scripts.insert(name(), ProjectScripts::default());
    all.prices.models.insert(name(), ModelPrice::default());
    all
}

fn names(value: &Value, before: &str, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(entries) => {
            for (name, value) in entries {
                self::names(value, &format!("{before}.{name}"), names);
            }
        }
        _ => drop(names.insert(before.trim_start_matches('.').to_owned())),
    }
}

#[test]
fn every_setting_has_an_effect_and_a_test_of_it() {
    let mut all = BTreeSet::new();
    names(&serde_json::to_value(everything()).unwrap(), "", &mut all);
    let listed: BTreeSet<_> = EFFECTS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(listed, all, "left are those of this table, right those of the settings");
    assert_eq!(listed.len(), EFFECTS.len(), "each is listed once");
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let page = crates.join("../..");
    for (name, shown) in EFFECTS {
        let group_and_name = name.splitn(3, '.').take(2).collect::<Vec<_>>().join(".");
        let (path, words) = match shown {
            By(file, test) => (crates.join(file), format!("fn {test}(")),
            InTheWindow => (page.join(TABLE), format!("'{group_and_name}': {{")),
            InThePage(file, test) => (page.join(file), format!("it('{test}'")),
        };
        let text = fs::read_to_string(&path).unwrap_or_default();
        assert!(text.contains(&words), "{name}: {} has no {words}", path.display());
    }
}
