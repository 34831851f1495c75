//! Open content that crosses the domain unread.

/// A JSON object that belongs to its owner (`User.data`, `Client.details`, SCIM members without a rule).
/// The domain stores and returns it and never looks into it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document(serde_json::Map<String, serde_json::Value>);

impl Document {
    /// Wraps an object.
    #[must_use]
    pub const fn new(object: serde_json::Map<String, serde_json::Value>) -> Self {
        Self(object)
    }

    /// The object, for the adapters that write it.
    #[must_use]
    pub const fn as_object(&self) -> &serde_json::Map<String, serde_json::Value> {
        &self.0
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
