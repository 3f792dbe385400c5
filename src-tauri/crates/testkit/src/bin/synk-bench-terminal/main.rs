//! A terminal for measurements: one without a window, that runs a program and takes all that it
//! puts out as fast as it comes. It is told what to do by lines of JSON on its standard input,
//! in order, and answers each with one on its standard output. Times are taken in here, in
//! microseconds, so that whoever gives the orders may be as slow as it likes. It judges nothing.
//!
//! `synk-bench-terminal COLS ROWS PROGRAM [ARGUMENT…]`; it ends, and hangs up the program, with
//! its standard input.

mod orders;
mod output;
mod terminal;

use std::{
    error::Error,
    io::{self, BufRead, Write},
    process::ExitCode,
};

use orders::Order;
use terminal::Terminal;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            writeln!(io::stderr(), "synk-bench-terminal: {why}").ok();
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [cols, rows, command @ ..] = arguments.as_slice() else {
        return Err("say columns, rows and what to run".into());
    };
    let mut terminal = Terminal::open(cols.parse()?, rows.parse()?, command)?;
    for line in io::stdin().lock().lines() {
        let order: Order = serde_json::from_str(&line?)?;
        let answer = orders::follow(&mut terminal, order)
            .unwrap_or_else(|why| serde_json::json!({ "error": why.to_string() }));
        let mut answers = io::stdout().lock();
        writeln!(answers, "{answer}")?;
        answers.flush()?;
    }
    Ok(())
}
