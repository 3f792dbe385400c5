//! The text of the file: what it says, where it is wrong, and values that are put into it
//! beside what people wrote.

use serde::{Deserialize as _, de::IntoDeserializer as _};
use serde_json::{Map, Value};
use std::{fmt, path::Path};
use synk_protocol::{SynkSettings, WireError};
use toml_edit::{Array, Document, DocumentMut, InlineTable, Item, Table, TableLike};

use super::{check, machine};

/// Reads and checks; the error names line and reason.
pub(super) fn parse(path: &Path, text: &str) -> Result<(DocumentMut, SynkSettings), WireError> {
    let wrong = |error: &dyn fmt::Display| {
        WireError::invalid(format!("{}: {error}", path.display()).trim_end().to_owned())
    };
    let document = Document::parse(text).map_err(|error| wrong(&error))?;
    let mut settings: SynkSettings =
        toml_edit::de::from_str(text).map_err(|error| wrong(&error))?;
    machine::decide(&document, &mut settings.pool);
    if let Err(check::Wrong { at, what }) = check::check(&settings) {
        let line = line(&document, text, &at).map(|line| format!("line {line}: "));
        return Err(wrong(&format!("{}{what}", line.unwrap_or_default())));
    }
    Ok((document.into_mut(), settings))
}

/// The line in which a setting stands, counted from one; of what it is in when it is in none
/// of its own.
fn line(document: &Document<&str>, text: &str, at: &[String]) -> Option<usize> {
    let mut item: &Item = document.as_item();
    let mut span = None;
    for name in at {
        let Some(table) = item.as_table_like() else { break };
        let Some((key, found)) = table.get_key_value(name) else { break };
        span = key.span().or_else(|| found.span()).or(span);
        item = found;
    }
    let before = text.get(..span?.start)?;
    Some(before.bytes().filter(|byte| *byte == b'\n').count() + 1)
}

/// Puts values into their groups, leaving what is around them as it is.
///
/// # Errors
/// When that is no group or no value.
pub(super) fn put(document: &mut DocumentMut, changes: &Value) -> Result<(), WireError> {
    let invalid = |what: String| WireError::invalid(format!("settings:set: {what}"));
    let groups =
        changes.as_object().ok_or_else(|| invalid("the settings are no object".to_owned()))?;
    for (group, values) in groups {
        let values = values
            .as_object()
            .ok_or_else(|| invalid(format!("“{group}” is no group of settings")))?;
        let table = document.entry(group).or_insert_with(|| Item::Table(Table::new()));
        let table = table
            .as_table_like_mut()
            .ok_or_else(|| invalid(format!("“{group}” is not a table in the file")))?;
        for (name, value) in values {
            let put = match value {
                // Nothing in it is what a map has by itself.
                Value::Object(entries) if entries.is_empty() => {
                    table.remove(name);
                    Ok(())
                }
                value => put_one(table, name, value),
            };
            put.map_err(|why| invalid(format!("{group}.{name}: {why}")))?;
        }
    }
    Ok(())
}

/// Puts one value into its table. What is there already and the same is not touched, with
/// all that people wrote beside it.
fn put_one(table: &mut dyn TableLike, name: &str, value: &Value) -> Result<(), String> {
    let Some(old) = table.get_mut(name) else {
        table.insert(name, item_of(value)?);
        return Ok(());
    };
    let Value::Object(entries) = value else {
        if !is_same(old, value) {
            let mut new = value_of(value)?;
            if let Some(old) = old.as_value() {
                *new.decor_mut() = old.decor().clone();
            }
            *old = Item::Value(new);
        }
        return Ok(());
    };
    let Some(old) = old.as_table_like_mut() else {
        table.remove(name);
        table.insert(name, item_of(value)?);
        return Ok(());
    };
    let is_gone = |name: &&str| !entries.contains_key(*name);
    let gone: Vec<_> =
        old.iter().map(|(name, _)| name).filter(is_gone).map(str::to_owned).collect();
    for name in &gone {
        old.remove(name);
    }
    entries.iter().try_for_each(|(name, value)| put_one(old, name, value))
}

/// Whether a value in the file says just that.
fn is_same(item: &Item, value: &Value) -> bool {
    let Some(old) = item.as_value() else { return false };
    Value::deserialize(old.clone().into_deserializer()).is_ok_and(|old| old == *value)
}

/// What is new: a map becomes a table with a header of its own, for people to read.
fn item_of(value: &Value) -> Result<Item, String> {
    let Value::Object(entries) = value else { return value_of(value).map(Item::Value) };
    let mut table = Table::new();
    for (name, value) in entries {
        table.insert(name, item_of(value)?);
    }
    // One that only holds others needs no header.
    table.set_implicit(!entries.is_empty() && entries.values().all(Value::is_object));
    Ok(Item::Table(table))
}

fn value_of(value: &Value) -> Result<toml_edit::Value, String> {
    Ok(match value {
        Value::Null => return Err("this is no value".to_owned()),
        Value::Bool(value) => (*value).into(),
        Value::String(value) => value.into(),
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(whole), _) => whole.into(),
            (None, Some(number)) => number.into(),
            (None, None) => return Err(format!("{number} is too large")),
        },
        Value::Array(values) => values.iter().map(value_of).collect::<Result<Array, _>>()?.into(),
        Value::Object(entries) => inline(entries)?.into(),
    })
}

fn inline(entries: &Map<String, Value>) -> Result<InlineTable, String> {
    let mut table = InlineTable::new();
    for (name, value) in entries {
        table.insert(name, value_of(value)?);
    }
    Ok(table)
}
