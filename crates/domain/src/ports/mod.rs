//! What the domain needs from outside: one trait a file, each with its contract in words.
//!
//! Ports are synchronous and used as `Arc<dyn …>`. `Err` from a port means "we do not know";
//! everything that is known, absence and staleness included, is a value.

mod browser_notes;
mod clock;
mod event_log;
mod event_sealer;
mod familiar_networks;
#[cfg(any(test, feature = "mocks"))]
mod mocks;
mod note_sealer;
mod password_hasher;
mod password_judge;
mod policy_engine;
mod policy_store;
mod portraits;
mod randomness;
mod registry;
mod resource_changes;
mod role_store;
mod session_store;
mod signing_key_store;
mod signing_keys;
mod throttle;
mod token_signer;
mod user_directory;

pub use browser_notes::BrowserNotes;
pub use clock::Clock;
pub use event_log::EventLog;
pub use event_sealer::EventSealer;
pub use familiar_networks::{FamiliarNetworks, Place};
pub use note_sealer::NoteSealer;
pub use password_hasher::{Import, PasswordCheck, PasswordHasher};
pub use password_judge::PasswordJudge;
pub use policy_engine::{Judge, PolicyEngine};
pub use policy_store::PolicyStore;
pub use portraits::Portraits;
pub use randomness::Randomness;
pub use registry::Registry;
pub use resource_changes::{Applied, ChangeOf, ResourceChange, ResourceChanges};
pub use role_store::RoleStore;
pub use session_store::{Change, Committed, Found, Page, SessionKey, SessionStore, Standing};
pub use signing_key_store::SigningKeyStore;
pub use signing_keys::SigningKeys;
pub use throttle::{Debit, Debited, Throttle};
pub use token_signer::{TokenSigner, VerifiedToken};
pub use user_directory::UserDirectory;

#[cfg(any(test, feature = "mocks"))]
pub use self::{
    browser_notes::MockBrowserNotes,
    clock::MockClock,
    event_log::MockEventLog,
    event_sealer::MockEventSealer,
    familiar_networks::MockFamiliarNetworks,
    mocks::{MockClientRegistry, MockPolicyStore, MockRoleStore, MockUserDirectory},
    note_sealer::MockNoteSealer,
    password_hasher::MockPasswordHasher,
    password_judge::MockPasswordJudge,
    policy_engine::{MockJudge, MockPolicyEngine},
    portraits::MockPortraits,
    randomness::MockRandomness,
    registry::MockRegistry,
    resource_changes::MockResourceChanges,
    session_store::MockSessionStore,
    signing_key_store::MockSigningKeyStore,
    signing_keys::MockSigningKeys,
    throttle::MockThrottle,
    token_signer::MockTokenSigner,
};

use crate::revision::{Stamp, Version};

/// What a writer knows about the stored version of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// It does not exist.
    Absent,
    /// It is still at this version.
    Version(Version),
}

/// How a write of a resource ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Written {
    /// Durable. The stamp is the one stored: a removed id that is used again goes on
    /// counting versions and epochs where it stopped.
    Done(Stamp),
    /// The expectation does not hold (any more).
    Stale,
    /// Another user has one of its names.
    NameTaken,
    /// This directory cannot be written.
    ReadOnly,
}

/// How a removal ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removed {
    /// Durable.
    Done,
    /// It is not at the version given (any more).
    Stale,
    /// This directory cannot be written.
    ReadOnly,
}
