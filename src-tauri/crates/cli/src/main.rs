//! The `synk` program: the command line, the daemon and the shim in one binary. It needs no
//! display. Each verb is a file under `verbs`.

mod output;
mod verbs;

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use std::{process::ExitCode, time::Duration};
use synk_client::journal;
use synk_shim::Purpose;
use verbs::{
    attach, clean, completions, cost, daemon, diff, export, hook, kill, layout, logs, ls, merge,
    new, open, pool, rename, restart, screen, search, send, settings, status, stop, trash, wait,
    worktree,
};

/// Many coding agents and shells at once, each in a session that outlives its window.
#[derive(Debug, Parser)]
#[command(name = "synk", version, after_help = AFTER_HELP, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

const AFTER_HELP: &str = "\
Examples:
  synk new --name build -- make -j8     run a command in a session of its own
  synk new --agent claude --pane        start Claude Code in the window's grid
  synk open ~/web                       the window, with a shell in that folder
  synk attach build                     look at it from here; Ctrl-\\ Ctrl-\\ detaches
  synk send claude 'fix the build'      give an agent a prompt, and see that it was taken
  synk wait claude --for idle           return once it is done
  synk screen build                     print what is on its screen
  synk search 'panicked at'             find it in all that any session put out
  synk export build --asciicast b.cast  write it down so that asciinema can play it
  synk new --agent codex --branch fix   an agent on a branch, in a worktree of its own
  synk diff codex                       what it has changed there
  synk merge codex --strategy squash    bring that into the branch it began from
  synk cost --since 2026-11-01          what the agents used, by day, project and model
  synk settings set logs.closedDays 30  forget closed sessions after a month
  synk layout save review               keep which sessions are in which pane
  synk stop --all                       end every session and the daemon

The daemon starts by itself when a verb needs it. A session is named by its id or its name.

Exit codes:
  0  done                    4  no room for another session
  1  a fault of Synk's own   5  the name is taken, others are attached, a daemon runs, a branch
  2  wrong arguments            is in use or in conflict, or changes are in no commit
  3  no such session         6  the program could not be started
                             7  the daemon or session cannot be reached
                             8  a file or socket is not yours alone
                             9  a prompt was not taken

Environment:
  SYNK_HOME  a folder for all of Synk's files
  SYNK_LOG   what is logged: error, warn, info, debug, trace. The daemon logs info to its
             file unless told otherwise; a verb logs nothing to standard error";

#[derive(Debug, Subcommand)]
enum Verb {
    New(new::Args),
    Open(open::Args),
    Ls(ls::Args),
    Attach(attach::Args),
    Send(send::Args),
    Status(status::Args),
    Wait(wait::Args),
    Screen(screen::Args),
    Logs(logs::Args),
    Export(export::Args),
    Search(search::Args),
    Rename(rename::Args),
    Restart(restart::Args),
    Kill(kill::Args),
    Diff(diff::Args),
    Merge(merge::Args),
    Worktree(worktree::Args),
    Trash(trash::Args),
    Layout(layout::Args),
    Clean(clean::Args),
    Cost(cost::Args),
    Pool(pool::Args),
    Settings(settings::Args),
    Stop(stop::Args),
    Daemon(daemon::Args),
    Completions(completions::Args),
    /// Passes on what an agent's hook is called for. Started by agents.
    #[command(hide = true)]
    Hook,
    /// One session's owner. Started by the daemon.
    #[command(hide = true)]
    Shim(ShimArgs),
}

/// What the daemon starts a shim for, other than a session.
#[derive(Debug, clap::Args)]
struct ShimArgs {
    /// Start the shell now and wait for its session.
    #[arg(long)]
    parked: bool,
    /// Read the environment that the login shell sets up.
    #[arg(long, conflicts_with = "parked")]
    environment: bool,
}

impl ShimArgs {
    fn purpose(&self) -> Purpose {
        match self {
            Self { parked: true, .. } => Purpose::Parked,
            Self { environment: true, .. } => Purpose::Environment,
            _ => Purpose::Session,
        }
    }
}

impl Verb {
    /// Whether this process goes on when whoever started it is gone.
    fn outlives_its_starter(&self) -> bool {
        match self {
            Self::Shim(_) => true,
            Self::Daemon(args) => args.is_detached(),
            _ => false,
        }
    }
}

fn main() -> ExitCode {
    let verb = Cli::parse().verb;
    if verb.outlives_its_starter() {
        synk_shim::close_inherited();
    }
    match verb {
        // A shim is single-threaded and reports in its own way.
        Verb::Shim(args) => {
            journal::to_file("shim");
            synk_shim::run(args.purpose())
        }
        Verb::Completions(args) => {
            completions::run(&args);
            ExitCode::SUCCESS
        }
        // An agent waits for it, and must not be disturbed by what fails here.
        Verb::Hook => hook::run(),
        verb => output::report(run(verb)),
    }
}

/// How long a thread may go on with what it is at, as a merge, once everything else has ended. One
/// that waits for a disk that does not answer never comes back.
const LAST_WORK: Duration = Duration::from_secs(10);

/// Whoever is attached waits for each key's echo, which must not go from thread to thread; the
/// daemon has work for all processors.
fn run(verb: Verb) -> anyhow::Result<()> {
    let mut runtime = match verb {
        Verb::Daemon(_) => tokio::runtime::Builder::new_multi_thread(),
        _ => tokio::runtime::Builder::new_current_thread(),
    };
    let runtime = runtime.enable_all().build().context("starting the event loop")?;
    // A task, since whatever wakes the first future of a runtime makes a system call for that.
    let answered: anyhow::Result<()> =
        runtime.block_on(async { tokio::spawn(answer(verb)).await? });
    runtime.shutdown_timeout(LAST_WORK);
    answered
}

async fn answer(verb: Verb) -> anyhow::Result<()> {
    match &verb {
        Verb::Daemon(_) => {}
        _ => journal::to_stderr(),
    }
    match verb {
        Verb::New(args) => new::run(args).await,
        Verb::Open(args) => open::run(args).await,
        Verb::Ls(args) => ls::run(&args).await,
        Verb::Attach(args) => attach::run(&args).await,
        Verb::Send(args) => send::run(args).await,
        Verb::Status(args) => status::run(&args).await,
        Verb::Wait(args) => wait::run(&args).await,
        Verb::Screen(args) => screen::run(&args).await,
        Verb::Logs(args) => logs::run(&args).await,
        Verb::Export(args) => export::run(&args).await,
        Verb::Search(args) => search::run(&args).await,
        Verb::Rename(args) => rename::run(args).await,
        Verb::Restart(args) => restart::run(&args).await,
        Verb::Kill(args) => kill::run(&args).await,
        Verb::Diff(args) => diff::run(args).await,
        Verb::Merge(args) => merge::run(args).await,
        Verb::Worktree(args) => worktree::run(args).await,
        Verb::Trash(args) => trash::run(args).await,
        Verb::Layout(args) => layout::run(args).await,
        Verb::Clean(args) => clean::run(&args).await,
        Verb::Cost(args) => cost::run(&args).await,
        Verb::Pool(args) => pool::run(&args).await,
        Verb::Settings(args) => settings::run(args).await,
        Verb::Stop(args) => stop::run(&args).await,
        Verb::Daemon(args) => daemon::run(&args).await,
        // Answered in `main`, before there is a runtime.
        Verb::Completions(_) | Verb::Shim(_) | Verb::Hook => Ok(()),
    }
}
