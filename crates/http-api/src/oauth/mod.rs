//! The OAuth endpoints: one endpoint a file.

pub(crate) mod introspect;
pub(crate) mod jwks;
pub(crate) mod metadata;
pub(crate) mod request;
pub(crate) mod revoke;
pub(crate) mod setup;
pub(crate) mod token;
pub(crate) mod userinfo;
