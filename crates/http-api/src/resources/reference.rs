//! References between resources, in the two spellings of the two mounts.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which mount a request came through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// `/`.
    Plain,
    /// `/fhir`.
    Fhir,
}

impl Dialect {
    /// The dialect of a path.
    pub(crate) fn of(path: &str) -> Self {
        if path == "/fhir" || path.starts_with("/fhir/") {
            Self::Fhir
        } else {
            Self::Plain
        }
    }

    /// What paths begin with.
    pub(crate) const fn prefix(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Fhir => "/fhir",
        }
    }
}

/// A reference: `resourceType` and `id` at `/`, `reference` under `/fhir`.
#[derive(Debug, Serialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Reference {
    /// Aidbox's spelling.
    Plain {
        /// The type of the resource.
        #[serde(rename = "resourceType")]
        #[schema(example = "User")]
        resource_type: &'static str,
        /// Its id.
        #[schema(example = "user")]
        id: String,
    },
    /// FHIR's spelling.
    Fhir {
        /// Type and id.
        #[schema(example = "User/user")]
        reference: String,
    },
}

impl Reference {
    /// A reference to a resource.
    pub(crate) fn new(dialect: Dialect, resource_type: &'static str, id: &str) -> Self {
        match dialect {
            Dialect::Plain => Self::Plain {
                resource_type,
                id: id.to_owned(),
            },
            Dialect::Fhir => Self::Fhir {
                reference: format!("{resource_type}/{id}"),
            },
        }
    }
}

/// An id as it stands in a path: Client ids may hold anything visible.
pub(crate) fn in_path(id: &str) -> String {
    let mut path = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            path.push(char::from(byte));
        } else {
            path.push('%');
            for half in [byte >> 4, byte & 15] {
                let digit = char::from_digit(u32::from(half), 16).unwrap_or('0');
                path.push(digit.to_ascii_uppercase());
            }
        }
    }
    path
}

/// A reference in a body: either spelling, on either mount.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReferenceBody {
    #[serde(rename = "resourceType")]
    resource_type: Option<String>,
    id: Option<String>,
    reference: Option<String>,
    #[expect(
        dead_code,
        reason = "FHIR lets a reference be described; nothing depends on it"
    )]
    display: Option<String>,
}

impl ReferenceBody {
    /// The id, when it refers to a resource of this type and says so once.
    pub(crate) fn id_of(&self, resource_type: &str) -> Option<String> {
        match (&self.resource_type, &self.id, &self.reference) {
            (Some(kind), Some(id), None) if kind == resource_type => Some(id.clone()),
            (None, None, Some(reference)) => {
                let (kind, id) = reference.split_once('/')?;
                (kind == resource_type).then(|| id.to_owned())
            }
            _ => None,
        }
    }
}
