//! The contract as one TypeScript file, made from the Rust types.

use std::any::TypeId;
use std::collections::BTreeMap;
use std::fmt::Write;
use ts_rs::{Config, TS, TypeVisitor};

use crate::{command, error::WireError, event, session, settings::SynkSettings};

/// Receives each command of a table.
pub(crate) trait VisitCommand {
    fn command<C: command::Call>(&mut self);
}

/// Receives each event.
pub(crate) trait VisitEvent {
    fn event<P: TS + 'static>(&mut self, name: &'static str);
}

/// All that goes into the file.
struct Module {
    config: Config,
    /// Declarations by name, so that the file has one order.
    declarations: BTreeMap<String, String>,
    seen: std::collections::HashSet<TypeId>,
    commands: String,
    events: String,
}

impl Module {
    fn add<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
        // Only types with a file of their own are declared; `Vec<T>` and `u32` are written
        // in place.
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            let declaration = format!("{docs}export {}\n", T::decl_concrete(&self.config));
            self.declarations.insert(T::ident(&self.config), declaration);
        }
    }
}

impl TypeVisitor for Module {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        self.add::<T>();
    }
}

impl VisitCommand for Module {
    fn command<C: command::Call>(&mut self) {
        self.add::<C>();
        self.add::<C::Reply>();
        let (args, reply) = (C::name(&self.config), <C::Reply as TS>::name(&self.config));
        // Writing to a `String` cannot fail.
        writeln!(self.commands, "  '{}': {{ args: {args}; reply: {reply} }};", C::NAME).ok();
    }
}

impl VisitEvent for Module {
    fn event<P: TS + 'static>(&mut self, name: &'static str) {
        self.add::<P>();
        writeln!(self.events, "  '{name}': {};", P::name(&self.config)).ok();
    }
}

/// The contract: every type, the map of commands, the map of events, the limits, and the settings
/// of somebody who has set nothing.
pub fn typescript() -> String {
    let mut module = Module {
        config: Config::default(),
        declarations: BTreeMap::new(),
        seen: std::collections::HashSet::new(),
        commands: String::new(),
        events: String::new(),
    };
    command::for_each_daemon_command(&mut module);
    command::for_each_viewer_command(&mut module);
    event::for_each_event(&mut module);
    module.add::<WireError>();
    let declarations: Vec<_> = module.declarations.into_values().collect();
    // Settings have only text for keys, so writing them cannot fail.
    let settings = serde_json::to_string_pretty(&SynkSettings::default()).unwrap_or_default();
    format!(
        "// Made from src-tauri/crates/protocol by `npm run types`. Do not edit.\n\n{}\n\
         /** Every command: what it takes and what it answers. */\n\
         export interface Commands {{\n{}}}\n\n\
         /** Every event and its payload. */\n\
         export interface Events {{\n{}}}\n\n\
         /** Panes in one grid. */\n\
         export const MAX_PANES = {};\n\n\
         /** Every setting as it is when nobody has set it. */\n\
         export const DEFAULT_SETTINGS: SynkSettings = {};\n",
        declarations.join("\n"),
        module.commands,
        module.events,
        session::MAX_PANES,
        settings,
    )
}
