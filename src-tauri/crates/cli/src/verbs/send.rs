//! `synk send`

use std::{
    collections::HashMap,
    io::{self, Read},
};
use synk_client::{Daemon, connect_or_start, daemon_binary};
use synk_protocol::{
    Event, ListSessions, MAX_PROMPT_BYTES, Receipt, ReceiptState, SendPrompt, SessionId,
    SessionInfo, SessionState, WireError, WriteSession,
};
use tokio::sync::mpsc;

use super::{find, places, wait};
use crate::output::{NotTaken, print, print_json};

/// Give a prompt to an agent, or a command to a shell, and see that it was taken
///
/// The text is typed as one paste, Enter by itself, and only into a program that has said that it
/// is ready: never into one that works, waits for a permission, or is being typed to. Prints
/// what became of it. Several lines for a shell run as commands only with --yes.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  synk send claude 'fix the build'
  synk send --all --queue 'commit what you have'
  synk send --wait claude 'write the tests' && synk send codex 'review them'
  synk send build - < prompt.md
  synk send --raw build y")]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct Args {
    /// The session's id or name; with --all left out
    #[arg(value_name = "ID|NAME", allow_hyphen_values = true)]
    session: String,
    /// What to type; `-` reads it from standard input
    #[arg(allow_hyphen_values = true, required_unless_present = "all")]
    text: Option<String>,
    /// To every session with a pane whose program runs
    #[arg(long)]
    all: bool,
    /// Do not press Enter
    #[arg(long)]
    no_enter: bool,
    /// What cannot go now waits and goes when the program is ready
    #[arg(long)]
    queue: bool,
    /// Run several lines as commands
    #[arg(long)]
    yes: bool,
    /// Wait until it is done, or waits for a person
    #[arg(long)]
    wait: bool,
    /// Type it as it is, whatever the program does
    #[arg(long, conflicts_with_all = ["all", "queue", "yes", "wait"])]
    raw: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<()> {
    let places = places()?;
    // What becomes of the prompt is heard from before it is sent.
    let (daemon, events) = connect_or_start(&places, &daemon_binary()?, !args.raw).await?;
    let (sessions, text) = match &args.text {
        Some(_) if args.all => {
            return Err(WireError::invalid("with --all no session is named, only the text").into());
        }
        Some(text) => (vec![find(&daemon, &args.session).await?], text),
        None => (running_panes(&daemon).await?, &args.session),
    };
    let text = if text == "-" { read_standard_input()? } else { text.clone() };
    if args.raw {
        return type_raw(&daemon, sessions[0].session_id, text, !args.no_enter).await;
    }
    let request = SendPrompt {
        session_ids: sessions.iter().map(|session| session.session_id).collect(),
        text,
        submit: Some(!args.no_enter),
        queue: Some(args.queue),
        confirmed: Some(args.yes),
    };
    let receipts = daemon.call(request).await?;
    let receipts = until_final(receipts, events, args.queue).await?;
    if args.json {
        print_json(&receipts)?;
    } else {
        print(&lines(&receipts, &sessions))?;
    }
    let wanted = |state| match state {
        ReceiptState::Working => true,
        ReceiptState::Queued => args.queue,
        ReceiptState::Draft => args.no_enter,
        _ => false,
    };
    let failed = receipts.iter().filter(|receipt| !wanted(receipt.state)).count();
    if failed > 0 {
        return Err(NotTaken { failed, of: receipts.len() }.into());
    }
    if args.wait {
        wait::until(&places, &request_ids(&receipts), wait::turn_is_over, None).await?;
    }
    Ok(())
}

fn request_ids(receipts: &[Receipt]) -> Vec<SessionId> {
    receipts.iter().map(|receipt| receipt.session_id).collect()
}

async fn running_panes(daemon: &Daemon) -> anyhow::Result<Vec<SessionInfo>> {
    let mut sessions = daemon.call(ListSessions::default()).await?;
    sessions.retain(|one| one.pane_index.is_some() && one.state == SessionState::Running);
    if sessions.is_empty() {
        return Err(WireError::invalid("no session with a pane runs").into());
    }
    sessions.sort_by_key(|session| session.pane_index);
    Ok(sessions)
}

fn read_standard_input() -> anyhow::Result<String> {
    let mut text = String::new();
    // One byte more than is allowed is enough to be refused.
    let most = MAX_PROMPT_BYTES as u64 + 2;
    io::stdin().lock().take(most).read_to_string(&mut text).map_err(|error| {
        WireError::invalid(format!("standard input cannot be read as text: {error}"))
    })?;
    // The end of the last line is the file's, not the prompt's.
    Ok(text.strip_suffix('\n').map(str::to_owned).unwrap_or(text))
}

async fn type_raw(
    daemon: &Daemon,
    session_id: SessionId,
    text: String,
    enter: bool,
) -> anyhow::Result<()> {
    daemon.call(WriteSession { session_id, data: text, binary: None }).await?;
    if enter {
        // A write of its own: programs take an Enter that arrives with text for a paste.
        daemon.call(WriteSession { session_id, data: "\r".to_owned(), binary: None }).await?;
    }
    Ok(())
}

/// Hears what becomes of the prompts until nothing more does. One that waits in a queue is let
/// be, where that is what was asked for.
async fn until_final(
    mut receipts: Vec<Receipt>,
    mut events: mpsc::Receiver<Event>,
    queue: bool,
) -> Result<Vec<Receipt>, WireError> {
    let mut newer: HashMap<u32, Receipt> = HashMap::new();
    loop {
        for receipt in &mut receipts {
            if let Some(newer) = newer.remove(&receipt.prompt_id) {
                *receipt = newer;
            }
        }
        let waits = |receipt: &Receipt| receipt.state == ReceiptState::Queued && queue;
        if receipts.iter().all(|receipt| receipt.state.is_final() || waits(receipt)) {
            return Ok(receipts);
        }
        match events.recv().await {
            Some(Event::DispatchReceipt(receipt)) => {
                newer.insert(receipt.prompt_id, receipt);
            }
            Some(_) => {}
            None => {
                return Err(WireError::unavailable(
                    "the daemon was lost before the prompt was taken; look at the session",
                ));
            }
        }
    }
}

fn lines(receipts: &[Receipt], sessions: &[SessionInfo]) -> String {
    let name = |id: SessionId| {
        let session = sessions.iter().find(|session| session.session_id == id);
        session.map_or_else(|| id.to_string(), |session| session.name.clone())
    };
    let line = |receipt: &Receipt| {
        let reason = receipt.reason.as_ref().map_or_else(String::new, |why| format!(" ({why})"));
        format!("{}: {}{reason}\n", name(receipt.session_id), word(receipt.state))
    };
    receipts.iter().map(line).collect()
}

/// A receipt's state in words.
fn word(state: ReceiptState) -> &'static str {
    match state {
        ReceiptState::Queued => "queued",
        ReceiptState::Sent => "sent",
        ReceiptState::Accepted => "accepted",
        ReceiptState::Working => "working",
        ReceiptState::Blocked => "blocked",
        ReceiptState::NotReady => "not ready",
        ReceiptState::Exited => "exited",
        ReceiptState::Draft => "typed, not sent",
        ReceiptState::Timeout => "sent, and not taken as far as is known",
        ReceiptState::Unconfirmed => "not run without --yes",
        ReceiptState::Refused => "refused",
        ReceiptState::Withdrawn => "withdrawn",
    }
}
