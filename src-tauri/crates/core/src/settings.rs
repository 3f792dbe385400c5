//! The settings and their file, `settings.toml`. People edit that file too: what they wrote
//! beside the values stays when a value is changed from elsewhere, and what they change is
//! followed at once ([`watch`]).
//!
//! What a setting means is the business of whoever reads it; here its range is checked
//! ([`check`]).

mod check;
mod file;
mod machine;
mod palette;
#[cfg(test)]
mod tests;
pub(crate) mod watch;

pub(crate) use check::shell_runs;

use serde_json::{Value, json};
use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};
use synk_protocol::{ImportedPalette, SettingsChanged, SynkSettings, WireError};
use tokio::sync::watch as channel;

/// No settings are longer; whoever puts such a file there means harm or another file.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// The settings. A clone shares everything.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    path: PathBuf,
    /// The newest that were right, and what is wrong with the file since.
    state: channel::Sender<SettingsChanged>,
    /// Held from reading the file until it is published, so that nobody publishes what was
    /// there before.
    file: Arc<Mutex<()>>,
}

impl Settings {
    /// Reads the file, if there is one. When it is wrong the defaults are used, and what is
    /// wrong is part of [`Settings::changes`].
    pub(crate) fn open(path: PathBuf) -> Self {
        let settings = Self { path, state: channel::Sender::default(), file: Arc::default() };
        if let Err(error) = settings.read() {
            tracing::warn!("{error}. The defaults are used.");
        }
        settings
    }

    /// As they are now.
    pub(crate) fn current(&self) -> SynkSettings {
        SynkSettings::clone(&self.state.borrow().settings)
    }

    /// The settings, and what is wrong with their file, now and whenever either changes.
    pub(crate) fn changes(&self) -> channel::Receiver<SettingsChanged> {
        self.state.subscribe()
    }

    /// As the file says now. When it is wrong, the settings stay as they were.
    ///
    /// # Errors
    /// What is wrong with the file, and in which line.
    pub(crate) fn read(&self) -> Result<SynkSettings, WireError> {
        let _held = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let parsed = self.text().and_then(|text| file::parse(&self.path, &text));
        match parsed {
            Ok((_, settings)) => {
                self.publish(&settings, None);
                Ok(settings)
            }
            Err(error) => {
                self.publish(&self.current(), Some(error.message.clone()));
                Err(error)
            }
        }
    }

    /// Changes what `changes` names, in the shape of [`SynkSettings`], and answers all. A map
    /// is replaced by the one that is given.
    ///
    /// # Errors
    /// For a setting that does not exist or a value out of range, and when the file is
    /// wrong already or cannot be written. Nothing is changed then.
    pub(crate) fn change(&self, changes: &Value) -> Result<SynkSettings, WireError> {
        if let Some(shell) = changes.pointer("/terminal/shell").and_then(Value::as_str) {
            shell_runs(shell).map_err(|why| WireError::invalid(format!("settings:set: {why}")))?;
        }
        self.edit(|_| changes.clone())
    }

    /// The same, with changes that are made from the settings in the file.
    ///
    /// # Errors
    /// See [`Settings::change`].
    pub(crate) fn edit(
        &self,
        changes: impl FnOnce(&SynkSettings) -> Value,
    ) -> Result<SynkSettings, WireError> {
        let _held = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut document, settings) = file::parse(&self.path, &self.text()?)?;
        file::put(&mut document, &changes(&settings))?;
        let text = document.to_string();
        let (_, settings) = file::parse(&self.path, &text)
            .map_err(|error| WireError::invalid(format!("settings:set: {}", error.message)))?;
        if text.len() as u64 > MAX_FILE_BYTES {
            return Err(WireError::invalid(format!(
                "settings:set: the settings would have more than {MAX_FILE_BYTES} bytes"
            )));
        }
        // Somebody may keep the file elsewhere and have a link to it here.
        let path = fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        synk_socket::write_private(&path, text.as_bytes()).map_err(|error| {
            WireError::internal(format!("writing {}: {error}", self.path.display()))
        })?;
        self.publish(&settings, None);
        Ok(settings)
    }

    /// Adds the palette of a theme file, by the file's name; one of that name is replaced.
    ///
    /// # Errors
    /// What the file lacks or has too much. Nothing is changed then; see also
    /// [`Settings::change`].
    pub(crate) fn import_palette(&self, path: &Path) -> Result<ImportedPalette, WireError> {
        let (name, palette) = palette::read(path)?;
        self.edit(|now| {
            let mut palettes = now.appearance.palettes.clone();
            palettes.insert(name.clone(), palette);
            json!({ "appearance": { "palettes": palettes } })
        })?;
        Ok(ImportedPalette { name })
    }

    fn publish(&self, settings: &SynkSettings, problem: Option<String>) {
        let new = SettingsChanged { settings: Box::new(settings.clone()), problem };
        self.state.send_if_modified(|current| {
            let changed = *current != new;
            *current = new;
            changed
        });
    }

    fn text(&self) -> Result<String, WireError> {
        let failed = |why: String| {
            WireError::invalid(format!("{} cannot be read: {why}", self.path.display()))
        };
        match fs::metadata(&self.path) {
            Ok(found) if found.len() > MAX_FILE_BYTES => {
                Err(failed(format!("it has more than {MAX_FILE_BYTES} bytes")))
            }
            // A pipe of that name would never come to its end.
            Ok(found) if !found.is_file() => Err(failed("it is no file".to_owned())),
            Ok(_) => fs::read_to_string(&self.path).map_err(|error| failed(error.to_string())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            Err(error) => Err(failed(error.to_string())),
        }
    }
}
