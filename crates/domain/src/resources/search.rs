//! Searching resources: by what each type says it can be searched by, and by nothing else.

use crate::access::Interaction;
use crate::caller::Caller;
use crate::error::Error;
use crate::ports::Page;
use crate::revision::Stamp;
use crate::server::AuthorizationServer;
use crate::time::Timestamp;
use crate::violation::Violation;
use crate::window::{Position, Window};

use super::{Resource, ResourceKind};

/// Longest value that is searched by, in bytes: Postgres indexes rows of at most 2,704.
const LONGEST: usize = 1024;
/// Most values that one resource is searched by.
const MOST_ENTRIES: usize = 2048;

/// A parameter of a search (FHIR R4 search, §3.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Whether it is a text, of which a beginning in any case is enough, or a token, which is whole.
    pub is_text: bool,
}

impl Parameter {
    /// A text: people's words.
    #[must_use]
    pub const fn text(name: &'static str) -> Self {
        let is_text = true;
        Self { name, is_text }
    }

    /// A token: a word of ours, or an identifier.
    #[must_use]
    pub const fn token(name: &'static str) -> Self {
        let is_text = false;
        Self { name, is_text }
    }
}

/// One value that finds a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexEntry {
    /// Under which parameter.
    pub parameter: &'static str,
    /// The value, as it stands in the resource.
    pub value: String,
    /// What it finds, when that is another resource: a role finds its user.
    pub finds: Option<(ResourceKind, String)>,
}

impl IndexEntry {
    /// A value under a parameter.
    #[must_use]
    pub fn new(parameter: &'static str, value: impl Into<String>) -> Self {
        Self {
            parameter,
            value: value.into(),
            finds: None,
        }
    }

    /// The same value, finding another resource.
    #[must_use]
    pub fn finding(self, kind: ResourceKind, id: &str) -> Self {
        Self {
            finds: Some((kind, id.to_owned())),
            ..self
        }
    }

    /// The value as it is compared where case does not matter.
    #[must_use]
    pub fn folded(&self) -> String {
        folded(&self.value)
    }
}

/// What cannot be found again: texts longer than a database indexes, and more of them than one
/// resource should cost.
pub(super) fn unsearchable(entries: &[IndexEntry]) -> Vec<Violation> {
    let long = entries.iter().find(|entry| entry.value.len() > LONGEST);
    let surplus = entries.get(MOST_ENTRIES);
    let too_long = |entry: &IndexEntry| {
        let says = format!("has a text of more than {LONGEST} bytes");
        Violation::new(entry.parameter, says)
    };
    let too_many = |entry: &IndexEntry| Violation::new(entry.parameter, "has too many values");
    let long = long.map(too_long).into_iter();
    long.chain(surplus.map(too_many)).collect()
}

/// A text as it is compared where case does not matter.
#[must_use]
pub fn folded(text: &str) -> String {
    text.to_lowercase()
}

/// One condition of a search. Different conditions are "and".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// On which parameter.
    pub parameter: &'static str,
    /// What it demands.
    pub test: Test,
}

/// What a condition demands. Lists are "any of".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// A value is one of these (`:exact`, and tokens).
    Is(Vec<String>),
    /// No value is one of these (`:not`).
    IsNot(Vec<String>),
    /// A value begins with one of these, in any case.
    Begins(Vec<String>),
    /// A value contains one of these, in any case (`:contains`).
    Contains(Vec<String>),
    /// There is no value (`:missing=true`), or there is one.
    Missing(bool),
}

/// What resources can be sorted by: an allow-list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ResourceSort {
    /// `_id`.
    Id,
    /// `_lastUpdated`.
    LastUpdated,
    /// `_created`: `meta.createdAt`.
    Created,
}

impl ResourceSort {
    /// Where a resource stands in this order.
    #[must_use]
    pub fn position<R: Resource>(self, resource: &R) -> Position {
        let Stamp {
            created, updated, ..
        } = resource.stamp();
        let keys = match self {
            Self::Id => Vec::new(),
            Self::LastUpdated => vec![updated.as_micros()],
            Self::Created => vec![created.as_micros()],
        };
        Position {
            keys,
            id: resource.id().to_string(),
        }
    }
}

/// What a caller asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResourceQuery {
    /// `_id`: any of these.
    pub ids: Vec<String>,
    /// Conditions; all must hold.
    pub filters: Vec<Filter>,
    /// `_lastUpdated`: from and before, each when given; all must hold.
    pub updated: Vec<(Option<Timestamp>, Option<Timestamp>)>,
    /// By what they are sorted; ties are broken by id.
    pub sort: ResourceSort,
    /// Largest first.
    pub descending: bool,
    /// Which page.
    pub window: Window,
}

impl ResourceQuery {
    /// Everything, by id.
    #[must_use]
    pub const fn all(window: Window) -> Self {
        Self {
            ids: Vec::new(),
            filters: Vec::new(),
            updated: Vec::new(),
            sort: ResourceSort::Id,
            descending: false,
            window,
        }
    }
}

impl AuthorizationServer {
    /// The resources of a type that match.
    ///
    /// # Errors
    /// [`Error::Refused`] unless a policy permits it; [`Error::Fault`] when the store is away.
    pub fn search<R: Resource>(
        &self,
        caller: &Caller,
        query: &ResourceQuery,
    ) -> Result<Page<R>, Error> {
        self.permit(caller, Interaction::Search, R::KIND, None)?;
        Ok(R::registry(&self.ports).search(query)?)
    }
}
