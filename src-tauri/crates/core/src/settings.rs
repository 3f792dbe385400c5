//! The settings and their file, `settings.toml`. People edit that file too: what they wrote
//! beside the values stays when a value is changed from elsewhere.
//!
//! What a setting means is the business of whoever reads it; here its range is checked.

use serde_json::{Map, Value};
use std::{
    fs, io,
    ops::RangeInclusive,
    path::PathBuf,
    sync::{Arc, Mutex, OnceLock, PoisonError},
    thread,
};
use synk_protocol::{MAX_PANES, PoolSettings, SynkSettings, WireError};
use toml_edit::{DocumentMut, Item, Table};

use crate::{agents, cost};

/// See [`synk_protocol::LogSettings`].
const SESSION_LIMIT_MIB: RangeInclusive<u32> = 1..=65_536;
const TOTAL_LIMIT_MIB: RangeInclusive<u32> = 16..=1_048_576;
/// See [`synk_protocol::PoolSettings`].
const POOL_SIZE: RangeInclusive<u32> = 0..=8;
const MAX_AGE_MINUTES: RangeInclusive<u32> = 1..=1440;
const DELAY_MS: RangeInclusive<u32> = 0..=10_000;
/// See [`synk_protocol::WorktreeSettings`].
const PREPARED: RangeInclusive<u32> = 0..=4;
const TRASH_DAYS: RangeInclusive<u32> = 1..=3650;
/// No settings are longer; whoever puts such a file there means harm or another file.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// The settings. A clone shares everything.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    path: PathBuf,
    /// The newest that were right.
    current: Arc<Mutex<SynkSettings>>,
}

impl Settings {
    /// Reads the file, if there is one. Settings that cannot be read are said, second, and
    /// the defaults are used.
    pub(crate) fn open(path: PathBuf) -> (Self, Option<WireError>) {
        let settings = Self { path, current: Arc::default() };
        let problem = settings.read().err();
        (settings, problem)
    }

    /// As they are now.
    pub(crate) fn current(&self) -> SynkSettings {
        self.lock().clone()
    }

    /// As the file says now. When it is wrong, the settings stay as they were.
    ///
    /// # Errors
    /// What is wrong with the file, and in which line.
    pub(crate) fn read(&self) -> Result<SynkSettings, WireError> {
        let (_, settings) = self.parse(&self.text()?)?;
        self.lock().clone_from(&settings);
        Ok(settings)
    }

    /// Changes what `changes` names, in the shape of [`SynkSettings`], and answers all.
    ///
    /// # Errors
    /// For a setting that does not exist or a value out of range, and when the file is
    /// wrong already or cannot be written. Nothing is changed then.
    pub(crate) fn change(&self, changes: &Value) -> Result<SynkSettings, WireError> {
        let invalid = |what: String| WireError::invalid(format!("settings:set: {what}"));
        let (mut document, _) = self.parse(&self.text()?)?;
        let groups =
            changes.as_object().ok_or_else(|| invalid("the settings are no object".to_owned()))?;
        for (group, values) in groups {
            let values = values
                .as_object()
                .ok_or_else(|| invalid(format!("“{group}” is no group of settings")))?;
            put(&mut document, group, values).map_err(invalid)?;
        }
        let text = document.to_string();
        let (_, settings) = self.parse(&text).map_err(|error| invalid(error.message))?;
        synk_socket::write_private(&self.path, text.as_bytes()).map_err(|error| {
            WireError::internal(format!("writing {}: {error}", self.path.display()))
        })?;
        self.lock().clone_from(&settings);
        Ok(settings)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, SynkSettings> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn text(&self) -> Result<String, WireError> {
        let failed = |why: String| {
            WireError::invalid(format!("{} cannot be read: {why}", self.path.display()))
        };
        match fs::metadata(&self.path) {
            Ok(found) if found.len() > MAX_FILE_BYTES => {
                Err(failed(format!("it has more than {MAX_FILE_BYTES} bytes")))
            }
            Ok(_) => fs::read_to_string(&self.path).map_err(|error| failed(error.to_string())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            Err(error) => Err(failed(error.to_string())),
        }
    }

    /// Reads and checks; the error names line and reason.
    fn parse(&self, text: &str) -> Result<(DocumentMut, SynkSettings), WireError> {
        let wrong = |error: &dyn std::fmt::Display| {
            WireError::invalid(format!("{}: {error}", self.path.display()))
        };
        let document: DocumentMut = text.parse().map_err(|error| wrong(&error))?;
        let mut settings: SynkSettings = toml_edit::de::from_str(text).map_err(|e| wrong(&e))?;
        size_for_this_machine(&document, &mut settings.pool);
        check(&settings).map_err(|why| wrong(&why))?;
        Ok((document, settings))
    }
}

/// Puts values into their group, leaving what is around them as it is.
fn put(document: &mut DocumentMut, group: &str, values: &Map<String, Value>) -> Result<(), String> {
    let table = document.entry(group).or_insert_with(|| Item::Table(Table::new()));
    let table =
        table.as_table_like_mut().ok_or_else(|| format!("“{group}” is not a table in the file"))?;
    for (name, value) in values {
        let new = toml_edit::ser::to_document(&Map::from_iter([(name.clone(), value.clone())]))
            .map_err(|error| format!("{group}.{name}: {error}"))?;
        let Some(new) = new.get(name).and_then(Item::as_value) else {
            return Err(format!("{group}.{name}: this is no value"));
        };
        let mut new = new.clone();
        if let Some(old) = table.get(name).and_then(Item::as_value) {
            *new.decor_mut() = old.decor().clone();
        }
        table.insert(name, Item::Value(new));
    }
    Ok(())
}

fn check(settings: &SynkSettings) -> Result<(), String> {
    let in_range = |name: &str, value: u32, range: RangeInclusive<u32>| {
        if range.contains(&value) {
            return Ok(());
        }
        let (least, most) = range.into_inner();
        Err(format!("{name} is {value}; it goes from {least} to {most}"))
    };
    in_range("logs.sessionLimitMib", settings.logs.session_limit_mib, SESSION_LIMIT_MIB)?;
    in_range("logs.totalLimitMib", settings.logs.total_limit_mib, TOTAL_LIMIT_MIB)?;
    let pool = &settings.pool;
    in_range("pool.initialSize", pool.initial_size, POOL_SIZE)?;
    in_range("pool.maxSize", pool.max_size, pool.initial_size..=*POOL_SIZE.end())?;
    in_range("pool.maxActive", pool.max_active, 1..=MAX_PANES)?;
    in_range("pool.maxAgeMinutes", pool.max_age_minutes, MAX_AGE_MINUTES)?;
    in_range("pool.warmupDelayMs", pool.warmup_delay_ms, DELAY_MS)?;
    let worktrees = &settings.worktrees;
    in_range("worktrees.prepared", worktrees.prepared, PREPARED)?;
    in_range("worktrees.trashDays", worktrees.trash_days, TRASH_DAYS)?;
    if let Some(relative) = worktrees.trusted.iter().find(|path| !path.starts_with('/')) {
        return Err(format!("worktrees.trusted: “{relative}” is not an absolute path"));
    }
    in_range("pool.staggerMs", pool.stagger_ms, DELAY_MS)?;
    for (name, agent) in &settings.agents.custom {
        agents::check(name, agent)?;
    }
    cost::check_prices(&settings.prices)?;
    if pool.prompt_pattern.is_empty() {
        return Ok(());
    }
    // As the shim reads it.
    regex::Regex::new(&pool.prompt_pattern)
        .map(drop)
        .map_err(|error| format!("pool.promptPattern is no regular expression: {error}"))
}

/// What the machine decides where nobody has: spec section 22.4. The sizes that are set stay.
fn size_for_this_machine(document: &DocumentMut, pool: &mut PoolSettings) {
    let is_set = |name| document.get("pool").and_then(|pool| pool.get(name)).is_some();
    let (initial, most) = pool_size(machine());
    match (is_set("initialSize"), is_set("maxSize")) {
        (false, false) => (pool.initial_size, pool.max_size) = (initial, most),
        (true, false) => pool.max_size = most.max(pool.initial_size),
        (false, true) => pool.initial_size = initial.min(pool.max_size),
        (true, true) => {}
    }
}

/// How many shells wait at least and at most, with so many gigabytes and cores. A machine that
/// is called a 16 GB one has a little less.
fn pool_size((gigabytes, cores): (u64, usize)) -> (u32, u32) {
    match (gigabytes, cores) {
        (30.., 12..) => (4, 6),
        (15.., 8..) => (3, 4),
        _ => (2, 3),
    }
}

/// This machine's memory, in gigabytes, and its cores.
fn machine() -> (u64, usize) {
    static MACHINE: OnceLock<(u64, usize)> = OnceLock::new();
    *MACHINE.get_or_init(|| {
        let memory = sysinfo::System::new().map_or(0, |mut system| {
            system.refresh_memory();
            system.total_memory()
        });
        (memory >> 30, thread::available_parallelism().map_or(1, Into::into))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn settings(text: Option<&str>) -> (tempfile::TempDir, Settings, Option<WireError>) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        if let Some(text) = text {
            fs::write(&path, text).unwrap();
        }
        let (settings, problem) = Settings::open(path);
        (folder, settings, problem)
    }

    #[test]
    fn no_file_means_the_defaults() {
        let (_folder, settings, problem) = settings(None);
        assert_eq!(problem, None);
        let current = settings.current();
        let (initial_size, max_size) = pool_size(machine());
        let pool = PoolSettings { initial_size, max_size, ..PoolSettings::default() };
        assert_eq!(current, SynkSettings { pool, ..SynkSettings::default() });
    }

    #[test]
    fn the_machine_decides_the_pools_size_where_nobody_has() {
        let sizes = [(0, 1), (7, 4), (15, 8), (64, 8), (31, 12), (16, 64)].map(pool_size);
        assert_eq!(sizes, [(2, 3), (2, 3), (3, 4), (3, 4), (4, 6), (3, 4)]);
        let (_folder, settings, problem) = settings(Some("[pool]\ninitialSize = 8\n"));
        assert_eq!((settings.current().pool.max_size, problem), (8, None));
        let (_folder, settings, _) = self::settings(Some("[pool]\nmaxSize = 1\n"));
        assert_eq!(settings.current().pool.initial_size, 1);
    }

    #[test]
    fn a_change_keeps_what_people_wrote() {
        let text = "# mine\n[logs]\nsessionLimitMib = 32 # small disk\n\n[sessions] # lost ones\n";
        let (_folder, settings, problem) = settings(Some(text));
        assert_eq!(problem, None);
        let changed = settings
            .change(&json!({ "logs": { "sessionLimitMib": 16 }, "sessions": { "runLost": true } }))
            .unwrap();
        assert_eq!((changed.logs.session_limit_mib, changed.sessions.run_lost), (16, true));
        assert_eq!(
            fs::read_to_string(&settings.path).unwrap(),
            "# mine\n[logs]\nsessionLimitMib = 16 # small disk\n\n[sessions] # lost ones\n\
             runLost = true\n"
        );
        assert_eq!(settings.read(), Ok(changed));
    }

    #[test]
    fn what_is_wrong_is_said_and_changes_nothing() {
        for (text, part) in [
            ("[logs]\nsessionLimitMib = 0\n", "goes from 1 to 65536"),
            ("[logs]\nsessionLimitMib = \"much\"\n", "line 2"),
            ("[logs]\nsessionLimitMibs = 3\n", "sessionLimitMibs"),
            ("[logs\n", "line 1"),
            ("[pool]\ninitialSize = 4\nmaxSize = 3\n", "goes from 4 to 8"),
            ("[pool]\npromptPattern = \"(\"\n", "pool.promptPattern"),
            ("[prices.models.m]\ninput = \"1\"\noutput = \"free\"\n", "prices.models.m.output"),
            ("[prices.models.m]\ninput = 1\noutput = \"1\"\n", "line 2"),
        ] {
            let (_folder, settings, problem) = settings(Some(text));
            let problem = problem.unwrap();
            assert!(problem.message.contains(part), "{text:?}: {problem}");
            assert_eq!(settings.current(), SynkSettings::default());
        }
        let (_folder, settings, _) = settings(None);
        for wrong in [
            json!(3),
            json!({ "logs": 3 }),
            json!({ "logs": { "totalLimitMib": 1 } }),
            json!({ "logs": { "colour": "red" } }),
            json!({ "logs": { "totalLimitMib": null } }),
        ] {
            settings.change(&wrong).unwrap_err();
        }
        assert!(!settings.path.exists());
    }

    #[test]
    fn a_file_that_breaks_leaves_the_last_good_settings() {
        let (_folder, settings, _) = settings(Some("[logs]\nsessionLimitMib = 8\n"));
        fs::write(&settings.path, "nonsense").unwrap();
        settings.read().unwrap_err();
        assert_eq!(settings.current().logs.session_limit_mib, 8);
    }
}
