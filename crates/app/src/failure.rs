//! Why a command did not do what it was asked.

use std::error::Error;
use std::fmt;

use crate::config::ConfigError;

/// A failure in words for the operator, and the exit code that goes with it.
#[derive(Debug)]
pub struct Failure {
    message: String,
    exit_code: u8,
}

impl Failure {
    /// What was attempted, and why it failed, causes included.
    pub fn new(attempt: &str, cause: impl Error) -> Self {
        let mut message = format!("{attempt}: {cause}");
        let mut next = cause.source();
        while let Some(cause) = next {
            let text = cause.to_string();
            if !message.contains(&text) {
                message.push_str(": ");
                message.push_str(&text);
            }
            next = cause.source();
        }
        Self {
            message,
            exit_code: 1,
        }
    }

    /// A plain statement.
    pub fn say(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            exit_code: 1,
        }
    }

    /// 1, or 2 for a wrong configuration.
    #[must_use]
    pub const fn exit_code(&self) -> u8 {
        self.exit_code
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Self {
            message: error.to_string(),
            exit_code: 2,
        }
    }
}
