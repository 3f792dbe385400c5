//! A desktop that shows notifications to nobody: it takes them on the session bus, prints each as
//! a line of JSON, `{ id, title, body, actions }`, and clicks the one whose id is written to it,
//! a line each. The first line that it prints is `"ready"`. It ends with its standard input.

#![expect(
    clippy::used_underscore_binding,
    clippy::needless_pass_by_value,
    clippy::unused_self,
    reason = "the desktop's interface says what each method takes, and its macro passes it on"
)]

use serde_json::json;
use std::{
    collections::HashMap,
    io::{self, BufRead, Write},
    process::ExitCode,
};
use zbus::{connection, interface, object_server::SignalEmitter, wire::OwnedVariant};

const NAME: &str = "org.freedesktop.Notifications";
const PLACE: &str = "/org/freedesktop/Notifications";

#[derive(Debug, Default)]
struct Desktop {
    shown: u32,
}

#[interface(name = "org.freedesktop.Notifications")]
impl Desktop {
    #[expect(clippy::too_many_arguments, reason = "the desktop's interface has as many")]
    fn notify(
        &mut self,
        _app_name: &str,
        _replaces_id: u32,
        _app_icon: &str,
        summary: &str,
        body: &str,
        actions: Vec<String>,
        _hints: HashMap<String, OwnedVariant>,
        _expire_timeout: i32,
    ) -> u32 {
        self.shown += 1;
        let id = self.shown;
        say(&json!({ "id": id, "title": summary, "body": body, "actions": actions }));
        id
    }

    fn close_notification(&self, _id: u32) {}

    fn get_capabilities(&self) -> Vec<String> {
        ["actions", "body", "body-markup"].map(str::to_owned).to_vec()
    }

    fn get_server_information(&self) -> (&str, &str, &str, &str) {
        ("synk-fake-desktop", "Synk", env!("CARGO_PKG_VERSION"), "1.2")
    }

    #[zbus(signal)]
    async fn action_invoked(
        emitter: &SignalEmitter<'_>,
        id: u32,
        action_key: &str,
    ) -> zbus::Result<()>;
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            writeln!(io::stderr(), "synk-fake-desktop: {why}").ok();
            ExitCode::from(2)
        }
    }
}

async fn run() -> Result<(), Box<dyn std::error::Error>> {
    let connection = connection::Builder::session()
        .serve_at(PLACE, Desktop::default())
        .name(NAME)
        .build()
        .await?;
    say(&json!("ready"));
    let emitter = SignalEmitter::new(&connection, PLACE)?;
    // The bus is served by a thread of zbus's own meanwhile.
    for line in io::stdin().lock().lines() {
        Desktop::action_invoked(&emitter, line?.trim().parse()?, "default").await?;
    }
    Ok(())
}

fn say(line: &serde_json::Value) {
    // Nobody is left to tell when this fails.
    writeln!(io::stdout(), "{line}").ok();
}
