//! Which command, and which exit code.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;
use grantor_app::commands::CommandLine;

fn main() -> ExitCode {
    match CommandLine::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let _nowhere_else_to_say_it = writeln!(std::io::stderr(), "grantor: {failure}");
            ExitCode::from(failure.exit_code())
        }
    }
}
