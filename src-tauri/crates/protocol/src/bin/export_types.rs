//! Writes the TypeScript types, or with `--check` says whether the file is up to date.
//!
//! `export-types PATH [--check]`

use anyhow::{Context, bail};
use std::{env, fs};

fn main() -> anyhow::Result<()> {
    let mut args = env::args().skip(1);
    let path = args.next().context("usage: export-types PATH [--check]")?;
    let check = args.next().as_deref() == Some("--check");
    let wanted = synk_protocol::typescript();
    if !check {
        return fs::write(&path, wanted).with_context(|| format!("writing {path}"));
    }
    let found = fs::read_to_string(&path).with_context(|| format!("reading {path}"))?;
    if found != wanted {
        bail!("{path} is not what the Rust types say; run `npm run types` and commit it");
    }
    Ok(())
}
