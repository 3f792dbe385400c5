//! What the command line prints: results on standard output, everything else on standard
//! error, and an exit code that scripts can use.

use anyhow::Context;
use std::{
    error::Error,
    fmt,
    io::{self, Write},
    process::ExitCode,
};
use synk_protocol::WireError;

/// Prints a result. A reader that went away, as in `synk ls | head -1`, is no error.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("writing to standard output"),
    }
}

/// Prints a value as JSON, on lines of its own.
pub(crate) fn print_json(value: &impl serde::Serialize) -> anyhow::Result<()> {
    let json = serde_json::to_string_pretty(value).context("writing JSON")?;
    print(&format!("{json}\n"))
}

/// Rows as lines, each column as wide as its widest cell; those from the `numbers`th on stand
/// to the right.
pub(crate) fn table<const N: usize>(rows: &[[String; N]], numbers: usize) -> String {
    let widths: [usize; N] = std::array::from_fn(|column| {
        rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0)
    });
    let lines = rows.iter().map(|row| {
        let cells = row.iter().zip(widths).enumerate();
        let cells: Vec<_> = cells
            .map(|(column, (cell, width))| {
                if column < numbers { format!("{cell:<width$}") } else { format!("{cell:>width$}") }
            })
            .collect();
        format!("{}\n", cells.join("  ").trim_end())
    });
    lines.collect()
}

/// Whether whoever read the output went away.
pub(crate) fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// What was hoped for did not happen, and nothing went wrong either.
#[derive(Debug)]
pub(crate) struct NotTaken {
    /// For so many sessions…
    pub(crate) failed: usize,
    /// …of so many.
    pub(crate) of: usize,
}

impl NotTaken {
    const EXIT_CODE: u8 = 9;
}

impl fmt::Display for NotTaken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not so in {} of {} sessions", self.failed, self.of)
    }
}

impl Error for NotTaken {}

/// Says what went wrong, and turns it into the exit code.
pub(crate) fn report(result: anyhow::Result<()>) -> ExitCode {
    let Err(error) = result else { return ExitCode::SUCCESS };
    // Without standard error there is nobody to tell.
    writeln!(io::stderr().lock(), "synk: {error:#}").ok();
    let code = if error.is::<NotTaken>() {
        NotTaken::EXIT_CODE
    } else {
        error.downcast_ref::<WireError>().map_or(1, |error| error.code.exit_code())
    };
    ExitCode::from(code)
}
