//! Sealing events into a chain.

#![cfg_attr(
    any(test, feature = "mocks"),
    expect(
        clippy::ref_option_ref,
        reason = "the mock keeps the Option of a reference as it finds it"
    )
)]

/// Makes the seal that ties an event to all before it. Only who knows its key can make one.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait EventSealer: Send + Sync {
    /// The seal of an event's canonical bytes after the previous seal; `None` for the first.
    /// The same input makes the same seal, on every replica.
    fn seal<'a>(&self, previous: Option<&'a [u8; 32]>, event: &'a [u8]) -> [u8; 32];
}
