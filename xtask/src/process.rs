//! Starting other programs.

use std::io::{BufRead, BufReader, Write as _};
use std::process::{Command, ExitStatus, Stdio};

use crate::failure::{Context as _, Failure};

/// Runs a program in the foreground; an exit code other than 0 is a failure that carries it.
pub(crate) fn run(command: &mut Command) -> Result<(), Failure> {
    let status = command
        .status()
        .context(format_args!("cannot start `{}`", shown(command)))?;
    outcome(command, status)
}

/// Runs a program in the foreground and shows every line of its stdout to `look` as it passes through.
pub(crate) fn run_looking(
    command: &mut Command,
    mut look: impl FnMut(&str),
) -> Result<(), Failure> {
    let mut terminal = std::io::stdout();
    run_reading(command, |line| {
        look(line);
        // With stdout closed there is nobody left to tell.
        let _ = writeln!(terminal, "{line}");
    })
}

/// Runs a program and gives `take` every line of its stdout at once.
pub(crate) fn run_reading(
    command: &mut Command,
    mut take: impl FnMut(&str),
) -> Result<(), Failure> {
    let mut child = command
        .stdout(Stdio::piped())
        .spawn()
        .context(format_args!("cannot start `{}`", shown(command)))?;
    for line in child
        .stdout
        .take()
        .map(BufReader::new)
        .into_iter()
        .flat_map(BufRead::lines)
    {
        let line = line.context(format_args!("cannot read from `{}`", shown(command)))?;
        take(&line);
    }
    let status = child
        .wait()
        .context(format_args!("cannot wait for `{}`", shown(command)))?;
    outcome(command, status)
}

/// Runs a program and returns what it wrote to stdout; stderr goes through to the terminal.
pub(crate) fn capture(command: &mut Command) -> Result<String, Failure> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context(format_args!("cannot start `{}`", shown(command)))?;
    outcome(command, output.status)?;
    String::from_utf8(output.stdout).context(format_args!(
        "the output of `{}` is not UTF-8",
        shown(command)
    ))
}

/// Runs a program without a sound and returns its trimmed stdout, or nothing when it is absent or refuses.
pub(crate) fn ask(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .ok()?;
    let answer = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| answer.trim().to_owned())
}

fn outcome(command: &Command, status: ExitStatus) -> Result<(), Failure> {
    if status.success() {
        return Ok(());
    }
    Err(Failure::of_program(
        format!("`{}` ended with {status}", shown(command)),
        status.code(),
    ))
}

/// The command line as a person would type it.
fn shown(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let program = program.rsplit('/').next().unwrap_or(&program).to_owned();
    let arguments = command
        .get_args()
        .map(|argument| argument.to_string_lossy().into_owned());
    std::iter::once(program)
        .chain(arguments)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The program a command was given to run, behind `--`.
pub(crate) fn given(command: &str, arguments: &[String]) -> Result<Command, Failure> {
    let arguments = arguments
        .strip_prefix(&["--".to_owned()])
        .unwrap_or(arguments);
    let Some((program, rest)) = arguments.split_first() else {
        return Err(Failure::usage(format!(
            "cargo xtask {command} -- <program> [arguments]: no program given"
        )));
    };
    let mut given = Command::new(program);
    given.args(rest);
    Ok(given)
}
