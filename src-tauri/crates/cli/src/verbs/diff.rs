//! `synk diff`

use std::fmt::Write as _;
use synk_protocol::{FileChange, FileDiff, GetDiff, LineChange};

use super::{Which, connect, find};
use crate::output::{print, print_json, table};

/// Print what a session has changed
///
/// Against the branch that its worktree began from, with what is in no commit; outside of a
/// worktree of Synk's, against the last commit.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  synk diff claude                what it has changed, as a patch
  synk diff claude --stat         only which files
  synk diff claude src/main.rs    only in this file")]
pub(crate) struct Args {
    #[command(flatten)]
    which: Which,
    /// Only these files, by their paths in the repository
    #[arg(value_name = "PATH")]
    paths: Vec<String>,
    /// Compare with this branch
    #[arg(long, value_name = "BRANCH")]
    base: Option<String>,
    /// Only say which files, and how many lines
    #[arg(long)]
    stat: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(args: Args) -> anyhow::Result<()> {
    let (_places, daemon) = connect().await?;
    let session = find(&daemon, &args.which.session).await?.session_id;
    let request = GetDiff {
        session_id: Some(session),
        base_branch: args.base,
        paths: Some(args.paths).filter(|paths| !paths.is_empty()),
        lines: Some(!args.stat),
        ..GetDiff::default()
    };
    let files = daemon.call(request).await?;
    if args.json {
        print_json(&files)
    } else if args.stat {
        print(&stat(&files))
    } else {
        print(&files.iter().map(patch).collect::<String>())
    }
}

fn stat(files: &[FileDiff]) -> String {
    let rows: Vec<_> = files
        .iter()
        .map(|file| {
            let lines = if file.binary || file.too_large {
                format!("{} bytes", file.new_bytes)
            } else {
                format!("+{} -{}", file.additions, file.deletions)
            };
            [letter(file.change).to_owned(), shown(&file.path), lines]
        })
        .collect();
    table(&rows, 2)
}

fn letter(change: FileChange) -> &'static str {
    match change {
        FileChange::Added => "A",
        FileChange::Deleted => "D",
        FileChange::Modified => "M",
        FileChange::Renamed => "R",
        FileChange::TypeChanged => "T",
        FileChange::Conflicted => "U",
    }
}

/// A path on one line, whatever is in it.
fn shown(path: &str) -> String {
    if path.chars().any(char::is_control) { format!("{path:?}") } else { path.to_owned() }
}

/// In the form that git and every tool for patches knows. What a file says is a terminal's
/// business as little as its name is: control characters but the tab are shown as U+FFFD.
fn patch(file: &FileDiff) -> String {
    let (old, new) = (shown(file.old_path.as_ref().unwrap_or(&file.path)), shown(&file.path));
    let mut text = format!("diff --git a/{old} b/{new}\n");
    let mut line = |words: std::fmt::Arguments<'_>| {
        // Writing to a string does not fail.
        text.write_fmt(words).ok();
        text.push('\n');
    };
    match (&file.old_mode, &file.new_mode) {
        (None, Some(mode)) => line(format_args!("new file mode {mode}")),
        (Some(mode), None) => line(format_args!("deleted file mode {mode}")),
        (Some(before), Some(now)) if before != now => {
            line(format_args!("old mode {before}"));
            line(format_args!("new mode {now}"));
        }
        _ => {}
    }
    if file.change == FileChange::Renamed {
        line(format_args!("rename from {old}"));
        line(format_args!("rename to {new}"));
    }
    if file.binary || file.too_large {
        let why = if file.binary { "Binary" } else { "Large" };
        line(format_args!("{why} files a/{old} and b/{new} differ"));
    }
    let hunks = file.hunks.iter().flatten();
    for (number, hunk) in hunks.enumerate() {
        if number == 0 {
            let before = file.old_mode.as_ref().map_or("/dev/null".into(), |_| format!("a/{old}"));
            let now = file.new_mode.as_ref().map_or("/dev/null".into(), |_| format!("b/{new}"));
            line(format_args!("--- {before}"));
            line(format_args!("+++ {now}"));
        }
        let heading =
            if hunk.heading.is_empty() { String::new() } else { format!(" {}", hunk.heading) };
        line(format_args!(
            "@@ -{},{} +{},{} @@{}",
            hunk.old_start,
            hunk.old_lines,
            hunk.new_start,
            hunk.new_lines,
            visible(&heading)
        ));
        for one in &hunk.lines {
            let sign = match one.change {
                LineChange::Context => ' ',
                LineChange::Added => '+',
                LineChange::Deleted => '-',
            };
            line(format_args!("{sign}{}", visible(&one.text)));
            if one.unterminated {
                line(format_args!("\\ No newline at end of file"));
            }
        }
    }
    text
}

fn visible(text: &str) -> String {
    let plain = |letter: char| {
        if letter.is_control() && letter != '\t' && letter != '\r' { '\u{fffd}' } else { letter }
    };
    text.chars().map(plain).collect()
}
