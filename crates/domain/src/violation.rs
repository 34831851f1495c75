//! What is wrong with something a caller wants to write.

/// One broken invariant of a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The attribute, as a path of the resource (`auth.password.sunset`).
    pub path: &'static str,
    /// What is wrong with it and what would be right.
    pub problem: String,
}

impl Violation {
    /// A violation at a path.
    #[must_use]
    pub fn new(path: &'static str, problem: impl Into<String>) -> Self {
        Self {
            path,
            problem: problem.into(),
        }
    }
}

/// How writing a resource ended. Everything in it is known; what is not known is a fault.
#[derive(Clone, Debug, PartialEq)]
pub enum PutOutcome<T> {
    /// It did not exist and does now.
    Created(T),
    /// It existed and is changed (or was already as asked).
    Updated(T),
    /// The condition of the request does not hold.
    ConditionFailed,
    /// Another user has this name, e-mail address or id.
    NameTaken,
    /// It breaks invariants.
    Invalid(Vec<Violation>),
    /// The directory behind the port cannot be written.
    ReadOnly,
}

impl<T> PutOutcome<T> {
    /// The same outcome of another view of the resource.
    pub fn map<U>(self, view: impl FnOnce(T) -> U) -> PutOutcome<U> {
        match self {
            Self::Created(resource) => PutOutcome::Created(view(resource)),
            Self::Updated(resource) => PutOutcome::Updated(view(resource)),
            Self::ConditionFailed => PutOutcome::ConditionFailed,
            Self::NameTaken => PutOutcome::NameTaken,
            Self::Invalid(violations) => PutOutcome::Invalid(violations),
            Self::ReadOnly => PutOutcome::ReadOnly,
        }
    }
}

/// How removing a resource ended.
#[derive(Clone, Debug, PartialEq)]
pub enum RemoveOutcome<T> {
    /// It is gone; this was its last state.
    Removed(T),
    /// There was nothing to remove.
    Absent,
    /// The condition of the request does not hold.
    ConditionFailed,
    /// The directory behind the port cannot be written.
    ReadOnly,
}

impl<T> RemoveOutcome<T> {
    /// The same outcome of another view of the resource.
    pub fn map<U>(self, view: impl FnOnce(T) -> U) -> RemoveOutcome<U> {
        match self {
            Self::Removed(resource) => RemoveOutcome::Removed(view(resource)),
            Self::Absent => RemoveOutcome::Absent,
            Self::ConditionFailed => RemoveOutcome::ConditionFailed,
            Self::ReadOnly => RemoveOutcome::ReadOnly,
        }
    }
}
