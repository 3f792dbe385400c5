//! `synk pool`

use synk_protocol::GetPoolStatus;

use super::connect;
use crate::output::{print, print_json};

/// Show the shells that wait for a session
///
/// A shell that has read its start-up files before it is asked for opens a pane at once. How
/// many wait is a setting, in the group `pool`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: &Args) -> anyhow::Result<()> {
    let (_places, daemon) = connect().await?;
    let pool = daemon.call(GetPoolStatus {}).await?;
    if args.json {
        return print_json(&pool);
    }
    let memory = pool.memory_bytes.div_ceil(1 << 20);
    let mut text = format!(
        "{} waiting ({memory} MiB), {} starting, {} sessions running\n",
        pool.idle, pool.warming, pool.active
    );
    if let Some(problem) = pool.problem {
        text += &problem;
        text.push('\n');
    }
    print(&text)
}
