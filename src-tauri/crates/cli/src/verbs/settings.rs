//! `synk settings`

use anyhow::Context as _;
use serde::{Deserialize as _, de::IntoDeserializer as _};
use serde_json::{Value, json};
use synk_protocol::{GetSettings, SetSettings, WireError};
use toml_edit::Key;

use super::{connect, places};
use crate::output::{print, print_json};

/// Show and change the settings
///
/// They are in a file that you can edit as well; a change counts at once, wherever it is made.
/// A name is that in the file, such as logs.closedDays or keyboard.bindings."pane.zoom".
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Option<Verb>,
}

#[derive(Debug, clap::Subcommand)]
enum Verb {
    /// Print all settings, as in the file, or one of them
    Get {
        /// Only this one, or this group
        name: Option<String>,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Change one
    Set {
        /// Which, with its group
        name: String,
        /// As in the file, such as true or 12; in the shell a list needs quotes around it. What is
        /// no TOML is text
        #[arg(allow_hyphen_values = true)]
        value: String,
    },
    /// Print where the file is
    Path,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<()> {
    match args.verb.unwrap_or(Verb::Get { name: None, json: false }) {
        Verb::Get { name, json } => {
            let (_, value) = find(name.as_deref().unwrap_or_default()).await?;
            if json { print_json(&value) } else { print(&text(&value)?) }
        }
        Verb::Set { name, value } => set(&name, &value).await,
        Verb::Path => print(&format!("{}\n", places()?.settings().display())),
    }
}

/// A setting's name in parts, and its value.
async fn find(name: &str) -> anyhow::Result<(Vec<String>, Value)> {
    let parts = parts(name)?;
    let (_places, daemon) = connect().await?;
    let mut value = serde_json::to_value(daemon.call(GetSettings {}).await?)?;
    for part in &parts {
        let found = value.get_mut(part).map(Value::take);
        value = found.ok_or_else(|| WireError::invalid(format!("there is no setting “{name}”")))?;
    }
    Ok((parts, value))
}

async fn set(name: &str, text: &str) -> anyhow::Result<()> {
    let mut inner = parts(name)?;
    if inner.len() < 2 {
        let why = format!("“{name}” is a group; name one setting, as in logs.closedDays");
        return Err(WireError::invalid(why).into());
    }
    let entry = inner.split_off(2);
    let mut value = value(text)?;
    if !entry.is_empty() {
        // A map is set as a whole.
        let setting = format!("{}.{}", inner[0], inner[1]);
        let (_, mut map) = find(&setting).await?;
        let mut place = &mut map;
        for part in &entry {
            // Another entry.
            if place.is_null() {
                *place = json!({});
            }
            place = place
                .as_object_mut()
                .ok_or_else(|| WireError::invalid(format!("there is no setting “{name}”")))?
                .entry(part.clone())
                .or_insert(Value::Null);
        }
        *place = value;
        value = map;
    }
    let (_places, daemon) = connect().await?;
    let settings = json!({ &inner[0]: { &inner[1]: value } });
    daemon.call(SetSettings { settings }).await?;
    Ok(())
}

/// A name's parts, written as in the file. None of an empty one.
fn parts(name: &str) -> anyhow::Result<Vec<String>> {
    if name.is_empty() {
        return Ok(Vec::new());
    }
    let keys = Key::parse(name)
        .map_err(|_| WireError::invalid(format!("“{name}” cannot be the name of a setting")))?;
    Ok(keys.iter().map(|key| key.get().to_owned()).collect())
}

/// A value, written as in the file.
fn value(text: &str) -> anyhow::Result<Value> {
    match text.trim().parse::<toml_edit::Value>() {
        Ok(value) => Value::deserialize(value.into_deserializer()).context("reading the value"),
        // Nobody quotes a word twice. What begins like more than a word is a mistake.
        Err(error) if text.trim_start().starts_with(['[', '{', '"', '\'']) => {
            Err(WireError::invalid(format!("the value is not as in the file: {error}")).into())
        }
        Err(_) => Ok(text.into()),
    }
}

/// As people write it.
fn text(value: &Value) -> anyhow::Result<String> {
    match value {
        Value::String(text) => Ok(format!("{text}\n")),
        Value::Object(_) => toml_edit::ser::to_string_pretty(value).context("writing the settings"),
        value => Ok(format!("{value}\n")),
    }
}
