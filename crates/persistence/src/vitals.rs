//! How a database keeps what it acknowledges, as it says itself.

use grantor_domain::time::Timestamp;

/// A setting that decides whether an acknowledged write can be lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name, as the database has it.
    pub name: &'static str,
    /// What it is on a connection of ours.
    pub value: String,
    /// Whether it is as it must be.
    pub is_safe: bool,
}

/// What a database says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vitals {
    /// What durability depends on.
    pub settings: Vec<Setting>,
    /// What is wrong with the file, where a database looks for that itself.
    pub damage: Option<String>,
    /// Whether it takes no writes.
    pub read_only: bool,
    /// Whether it is asked over a network, without TLS.
    pub in_the_clear: bool,
    /// Its time, when it has a clock of its own.
    pub now: Option<Timestamp>,
}
