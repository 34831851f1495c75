//! What each type of resource says of its JSON, so that what is done with them is written once.

use grantor_domain::id::InvalidId;
use grantor_domain::resources::{Identifier as _, Resource, Revision};
use serde_json::Value;

use crate::body::Members;
use crate::error::{Failure, Problem};

use super::meta::Meta;
use super::reference::{Dialect, in_path};

/// A resource that has a JSON form.
pub(crate) trait Wire: Resource {
    /// Members that are written and never shown.
    const WRITE_ONLY: &'static [&'static str];

    /// Reads an id.
    ///
    /// # Errors
    /// Those of its grammar.
    fn parse_id(text: &str) -> Result<Self::Id, InvalidId>;

    /// What the caller wants the resource `id` (or any, when it is new) to be, with the id its
    /// members name.
    ///
    /// # Errors
    /// 400 for a member of the wrong type, 422 with everything else that is wrong.
    fn read(members: Members, id: Option<&str>) -> Result<(Option<String>, Self::Draft), Failure>;

    /// Its members, but for `meta`.
    fn members(&self, dialect: Dialect) -> Members;

    /// The resource as it is shown.
    fn shown(&self, dialect: Dialect) -> Members {
        let members = self.members(dialect);
        let is_first = |name: &str| matches!(name, "resourceType" | "id");
        let (first, rest): (Vec<_>, Vec<_>) =
            members.into_iter().partition(|(name, _)| is_first(name));
        let meta = ("meta".to_owned(), meta(Meta::from(self.stamp())));
        first.into_iter().chain([meta]).chain(rest).collect()
    }

    /// Where it can be read, below the mount.
    fn path(id: &Self::Id) -> String {
        format!("{}/{}", Self::KIND.as_str(), in_path(id.text()))
    }
}

fn meta(meta: Meta) -> Value {
    serde_json::to_value(meta).unwrap_or_default()
}

/// A version as it is shown; a removed one has nothing but its id.
pub(crate) fn revision<R: Wire>(revision: &Revision<R>, dialect: Dialect) -> Option<Members> {
    revision.resource.as_ref().map(|then| then.shown(dialect))
}

/// An id in a path or a body.
///
/// # Errors
/// 422 naming `id`.
pub(crate) fn id<R: Wire>(text: &str) -> Result<R::Id, Failure> {
    R::parse_id(text).map_err(|invalid| Failure::invalid("id", invalid.rule))
}

/// What is wrong with the members that say which resource a body is.
pub(crate) fn identity_problems<R: Wire>(
    resource_type: Option<&str>,
    own: Option<&str>,
    id: Option<&str>,
    has_meta: bool,
) -> Vec<Problem> {
    let kind = R::KIND.as_str();
    let mut problems = Vec::new();
    if resource_type.is_some_and(|name| name != kind) {
        problems.push(Problem::at("resourceType", format!("must be {kind}")));
    }
    if own.is_some() && id.is_some() && own != id {
        problems.push(Problem::at("id", "must be the id in the path"));
    }
    if has_meta {
        problems.push(Problem::at("meta", "is kept by the server"));
    }
    problems
}
