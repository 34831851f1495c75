//! Everything that can go wrong with a request, and the only place that writes a failing status.
//!
//! Handlers and extractors end with a [`Failure`]; [`respond`] turns it into bytes when the
//! request is known: its endpoint's dialect (RFC 6749 §5.2 or `OperationOutcome`) and its format.

mod respond;
mod status;

pub(crate) use respond::{
    ErrorReply, failure_of, outcome, respond, respond_without_request, translate,
};
pub(crate) use status::{Family, reason_status};

use std::borrow::Cow;
use std::fmt;

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use grantor_domain::violation::Violation;
use grantor_domain::{Error, Fault, Reason};

/// Why a request has no good answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// It cannot be read.
    Unreadable(Problem),
    /// Its body is larger than this many bytes.
    TooLarge(usize),
    /// Its headers are.
    HeadersTooLarge,
    /// Its body is of a type that is not read here.
    UnsupportedMediaType(&'static str),
    /// Its body did not arrive in time.
    TooSlow,
    /// A rule says no.
    Refused(Reason),
    /// We do not know.
    Fault(Fault),
    /// A workflow panicked.
    Panicked,
    /// There is nothing here that the caller may see.
    NotFound,
    /// There was something here, and it was removed.
    Gone,
    /// The path is known and the method is not; these are.
    MethodNotAllowed(String),
    /// It collides with something that exists.
    Conflict(&'static str),
    /// Its `If-Match` or `If-None-Match` does not hold.
    ConditionFailed,
    /// The resource was read and breaks rules.
    Unprocessable(Vec<Problem>),
    /// The password somebody has chosen is not good enough: what would have to change.
    UnfitPassword(Vec<String>),
    /// The directory behind the server cannot be written.
    ReadOnly,
    /// An entry of a Bundle, at this place, has no good answer.
    InEntry(usize, Box<Self>),
    /// The API has refused what a page asked of it.
    Relayed(Relayed),
}

/// A refusal of the API, as a page passes it on.
#[derive(Debug)]
pub(crate) struct Relayed {
    /// Its status.
    pub(crate) status: StatusCode,
    /// What it said.
    pub(crate) says: String,
    /// Seconds until it is worth trying again.
    pub(crate) retry_after: Option<u32>,
}

/// One thing wrong with a request, in words of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    /// The member it is about, when it is about one.
    pub(crate) at: Option<String>,
    /// What is wrong and what would be right.
    pub(crate) says: Cow<'static, str>,
}

impl Problem {
    pub(crate) fn new(says: impl Into<Cow<'static, str>>) -> Self {
        Self {
            at: None,
            says: says.into(),
        }
    }

    pub(crate) fn at(at: impl Into<String>, says: impl Into<Cow<'static, str>>) -> Self {
        Self {
            at: Some(at.into()),
            says: says.into(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.at {
            Some(at) => write!(f, "{at}: {}", self.says),
            None => f.write_str(&self.says),
        }
    }
}

impl From<Violation> for Problem {
    fn from(violation: Violation) -> Self {
        Self::at(violation.path, violation.problem)
    }
}

impl Failure {
    /// Somebody else is found under a name that a user was to have.
    pub(crate) const NAME_TAKEN: Self = Self::Conflict("Another User has one of these names");

    /// What is wrong, wherever it is.
    pub(crate) fn cause(&self) -> &Self {
        match self {
            Self::InEntry(_, failure) => failure.cause(),
            other => other,
        }
    }

    /// A request that cannot be read, in a few words.
    pub(crate) fn unreadable(says: impl Into<Cow<'static, str>>) -> Self {
        Self::Unreadable(Problem::new(says))
    }

    /// A request that cannot be read, because of one member.
    pub(crate) fn unreadable_at(at: impl Into<String>, says: impl Into<Cow<'static, str>>) -> Self {
        Self::Unreadable(Problem::at(at, says))
    }

    /// A resource that breaks one rule.
    pub(crate) fn invalid(at: impl Into<String>, says: impl Into<Cow<'static, str>>) -> Self {
        Self::Unprocessable(vec![Problem::at(at, says)])
    }

    /// The same failure, with each place told as seen from further out.
    pub(crate) fn seen_from_outside(
        self,
        place: impl Fn(Option<String>) -> Option<String>,
    ) -> Self {
        let retold = |problem: Problem| Problem {
            at: place(problem.at),
            ..problem
        };
        match self {
            Self::Unreadable(problem) => Self::Unreadable(retold(problem)),
            Self::Unprocessable(problems) => {
                Self::Unprocessable(problems.into_iter().map(retold).collect())
            }
            other => other,
        }
    }
}

impl From<Vec<Violation>> for Failure {
    fn from(violations: Vec<Violation>) -> Self {
        Self::Unprocessable(violations.into_iter().map(Problem::from).collect())
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(reason) => Self::Refused(reason),
            Error::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Reason> for Failure {
    fn from(reason: Reason) -> Self {
        Self::Refused(reason)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.description())
    }
}

/// What actix needs to carry a failure to [`respond`], which replaces this answer.
impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        self.status(Family::OAuth)
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

#[cfg(test)]
mod tests;
