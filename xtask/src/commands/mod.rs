//! One file a command.

pub(crate) mod bench;
pub(crate) mod browser;
pub(crate) mod ci;
pub(crate) mod clients;
pub(crate) mod demo;
pub(crate) mod deny;
pub(crate) mod drill;
pub(crate) mod fuzz;
pub(crate) mod generate;
pub(crate) mod postgres;
pub(crate) mod redis;
pub(crate) mod reproduce;
pub(crate) mod sbom;
pub(crate) mod test;
pub(crate) mod upgrade;
