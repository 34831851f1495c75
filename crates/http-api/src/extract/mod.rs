//! What a request shows of its sender.

pub(crate) mod authorization;
pub(crate) mod bearer;
pub(crate) mod caller;
pub(crate) mod client_credentials;
pub(crate) mod peer;
