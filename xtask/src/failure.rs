//! Why a command ended without success, in words that say what to do.

use std::fmt;

/// A message for the person at the terminal, and the exit code that goes with it.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    exit_code: u8,
}

impl Failure {
    /// Something could not be done.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            exit_code: 1,
        }
    }

    /// The command line was not understood.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            exit_code: 2,
        }
    }

    /// A program that was started on somebody's behalf failed; its exit code becomes ours.
    pub(crate) fn of_program(message: impl Into<String>, exit_code: Option<i32>) -> Self {
        let exit_code = exit_code
            .and_then(|code| u8::try_from(code).ok())
            .filter(|code| *code != 0);
        Self {
            message: message.into(),
            exit_code: exit_code.unwrap_or(1),
        }
    }

    pub(crate) fn exit_code(&self) -> u8 {
        self.exit_code
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

/// Says what was being tried when an error came up.
pub(crate) trait Context<T> {
    fn context(self, doing: impl fmt::Display) -> Result<T, Failure>;
}

impl<T, E: fmt::Display> Context<T> for Result<T, E> {
    fn context(self, doing: impl fmt::Display) -> Result<T, Failure> {
        self.map_err(|error| Failure::new(format!("{doing}: {error}")))
    }
}
