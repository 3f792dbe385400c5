//! `synk completions`

use clap::CommandFactory;
use clap_complete::Shell;
use std::io;

/// Print completions for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  synk completions bash > ~/.local/share/bash-completion/completions/synk
  synk completions zsh > \"${fpath[1]}/_synk\"
  synk completions fish > ~/.config/fish/completions/synk.fish")]
pub(crate) struct Args {
    shell: Shell,
}

pub(crate) fn run(args: &Args) {
    clap_complete::generate(args.shell, &mut crate::Cli::command(), "synk", &mut io::stdout());
}
