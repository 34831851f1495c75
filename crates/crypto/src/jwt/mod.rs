//! JWTs as Grantor writes them: header, claims, signature (RFC 7515 §3.1, RFC 9068).

mod claims;
mod encode;
mod header;
mod verify;

pub(crate) use encode::encode;
pub(crate) use header::Header;
pub(crate) use verify::verify;
