//! What differs between the types of resources.

use serde_json::Value;

use crate::console::edit::Group;
use crate::console::member;
use crate::console::page::Section;
use crate::console::show::{Instant, encoded};
use crate::error::Failure;

use super::cell::Column;
use super::{clients, policies, roles, users};

/// A type of resource, as the console shows it.
#[derive(Debug)]
pub(crate) struct Described {
    pub(crate) section: Section,
    /// The segment of its pages' paths.
    pub(crate) path: &'static str,
    /// What the API calls it.
    pub(crate) api: &'static str,
    pub(crate) title: &'static str,
    pub(crate) one: &'static str,
    pub(crate) many: &'static str,
    pub(crate) says: &'static str,
    /// What its form has.
    pub(crate) table: &'static [Group],
    pub(crate) criteria: &'static [Criterion],
    /// Members that name it to people: the first that is there.
    pub(crate) called: &'static [&'static str],
    pub(crate) columns: &'static [Column],
    /// The member that says whether it is on, and what it is then.
    pub(crate) switch: Option<(&'static str, bool)>,
    /// The search parameter by which its sessions are found.
    pub(crate) sessions: Option<&'static str>,
    /// What is lost with it.
    pub(crate) removal: &'static str,
}

/// A parameter of its search.
#[derive(Debug)]
pub(crate) struct Criterion {
    pub(crate) name: &'static str,
    pub(crate) label: &'static str,
    pub(crate) placeholder: &'static str,
    /// The values there are, with words; none: any text.
    pub(crate) options: &'static [(&'static str, &'static str)],
}

impl Criterion {
    /// Any text.
    pub(super) const fn text(name: &'static str, label: &'static str) -> Self {
        Self {
            name,
            label,
            placeholder: "",
            options: &[],
        }
    }

    /// One of these.
    pub(super) const fn one_of(
        name: &'static str,
        label: &'static str,
        options: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self {
            options,
            ..Self::text(name, label)
        }
    }

    /// With an example.
    pub(super) const fn placeholder(self, placeholder: &'static str) -> Self {
        Self {
            placeholder,
            ..self
        }
    }
}

const ALL: [&Described; 4] = [
    &clients::DESCRIBED,
    &users::DESCRIBED,
    &roles::DESCRIBED,
    &policies::DESCRIBED,
];

/// The type with pages at this path.
pub(super) fn described(path: &str) -> Result<&'static Described, Failure> {
    let mut all = ALL.into_iter();
    all.find(|kind| kind.path == path).ok_or(Failure::NotFound)
}

impl Described {
    /// Where the API has one.
    pub(super) fn target(&self, id: &str) -> String {
        format!("/{}/{}", self.api, encoded(id))
    }

    /// Where the console has one, below the issuer.
    pub(super) fn page(&self, id: &str) -> String {
        format!("/console/{}/{}", self.path, encoded(id))
    }

    /// Whether one is on, where it can be off.
    pub(super) fn is_on(&self, resource: &Value) -> Option<bool> {
        let (member, when_on) = self.switch?;
        let default = member == "active";
        let value = resource.get(member).and_then(Value::as_bool);
        Some(value.unwrap_or(default) == when_on)
    }
}

/// The version of a resource.
pub(super) fn version(resource: &Value) -> &str {
    member::text(resource, "meta.versionId").unwrap_or_default()
}

/// When a resource was last changed.
pub(super) fn updated(resource: &Value) -> Option<Instant> {
    let at = member::text(resource, "meta.lastUpdated")?;
    Some(Instant(at.to_owned()))
}
