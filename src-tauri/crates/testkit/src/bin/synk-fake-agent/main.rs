//! A coding agent that is told by its prompts what to do. It stands where Claude Code, Codex and
//! Gemini CLI stand, on a terminal, and has their manners as far as they matter to who types to
//! them: how they say what they do, when they are deaf, what eats a key. It needs no model, no
//! network and no time. It is no agent: it runs nothing that a prompt says.
//!
//! What a prompt can say stands in `script`, what the command line can in `options`, and what it
//! writes down for a test in [`synk_testkit::fake_agent`].

mod agent;
mod hooks;
mod input;
mod log;
mod options;
mod screen;
mod script;
mod terminal;
mod transcript;
mod voice;

use std::{
    io::{self, Write},
    process::ExitCode,
};

use agent::Agent;
use options::{Options, Personality};

fn main() -> ExitCode {
    match run() {
        Ok(code) => ExitCode::from(u8::try_from(code).unwrap_or(u8::MAX)),
        Err(why) => {
            writeln!(io::stderr(), "synk-fake-agent: {why}").ok();
            ExitCode::from(2)
        }
    }
}

#[tokio::main(flavor = "current_thread")]
async fn run() -> Result<i32, String> {
    let options = Options::of_process()?;
    if options.version {
        writeln!(io::stdout(), "{}", version(options.personality)).map_err(|e| e.to_string())?;
        return Ok(0);
    }
    Agent::start(options)?.run().await.map_err(|error| error.to_string())
}

/// As the agent says it whose manners it has.
fn version(personality: Personality) -> String {
    let version = env!("CARGO_PKG_VERSION");
    match personality {
        Personality::Claude => format!("{version} (Claude Code)"),
        Personality::Codex => format!("codex-cli {version}"),
        Personality::Gemini => version.to_owned(),
        Personality::Plain => format!("synk-fake-agent {version}"),
    }
}
