//! A member that is written and not read back.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A secret or password in a body. `null` is something else than nothing.
#[derive(Default)]
pub(crate) enum WriteOnly {
    /// Not mentioned: it stays as it is.
    #[default]
    Absent,
    /// `null`: it is removed.
    Null,
    /// A new one, or in an answer the generated one.
    Text(String),
}

impl WriteOnly {
    /// Whether there is nothing to show.
    pub(crate) const fn is_hidden(&self) -> bool {
        !matches!(self, Self::Text(_))
    }
}

impl fmt::Debug for WriteOnly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WriteOnly([redacted])")
    }
}

impl<'de> Deserialize<'de> for WriteOnly {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Option::deserialize(deserializer)?;
        Ok(text.map_or(Self::Null, Self::Text))
    }
}

impl Serialize for WriteOnly {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Absent | Self::Null => serializer.serialize_none(),
        }
    }
}
