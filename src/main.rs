//! The `dateline` program: reads the arguments, runs the command, gives its exit status.

use std::process::ExitCode;

use clap::Parser as _;
use dateline::{cli::Cli, command};

// Many small strings on all cores: the measured load of 100,000 front matters takes a quarter of the time with it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    command::run(Cli::parse())
}
