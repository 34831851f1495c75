//! Counters that order changes: versions of resources, epochs of owners. Never timestamps.

use crate::time::Timestamp;

macro_rules! counter {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(i64);

        impl $name {
            /// Where counting starts.
            pub const FIRST: Self = Self(1);

            /// Takes a stored counter.
            #[must_use]
            pub const fn from_row(value: i64) -> Self {
                Self(value)
            }

            /// The stored number.
            #[must_use]
            pub const fn get(self) -> i64 {
                self.0
            }

            /// The one after this.
            #[must_use]
            pub const fn next(self) -> Self {
                Self(self.0.saturating_add(1))
            }
        }
    };
}

counter!(
    /// `meta.versionId` of a resource: raised by every change of it.
    Version
);
counter!(
    /// A client's or user's epoch. Raising it ends every session opened under an earlier one.
    Epoch
);
counter!(
    /// A session's generation: raised by every change of it, compared by every commit.
    Generation
);

/// What the server keeps about a resource beside its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// `meta.versionId`.
    pub version: Version,
    /// See [`Epoch`].
    pub epoch: Epoch,
    /// When it was first written.
    pub created: Timestamp,
    /// `meta.lastUpdated`.
    pub updated: Timestamp,
}

impl Stamp {
    /// The stamp of something that is written for the first time.
    #[must_use]
    pub const fn first(now: Timestamp) -> Self {
        Self {
            version: Version::FIRST,
            epoch: Epoch::FIRST,
            created: now,
            updated: now,
        }
    }

    /// The stamp of what there is, or of what is written for the first time at `now`.
    #[must_use]
    pub fn kept(current: Option<Self>, now: Timestamp) -> Self {
        current.unwrap_or(Self::first(now))
    }

    /// The stamp after a change at `now`.
    #[must_use]
    pub const fn touched(self, now: Timestamp) -> Self {
        Self {
            version: self.version.next(),
            updated: now,
            ..self
        }
    }

    /// The same stamp with its epoch raised.
    #[must_use]
    pub const fn in_next_epoch(self) -> Self {
        Self {
            epoch: self.epoch.next(),
            ..self
        }
    }
}

/// Under which condition a caller wants a resource written or removed (RFC 9110 §13.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Condition {
    /// No condition.
    #[default]
    Any,
    /// Only if it does not exist (`If-None-Match: *`).
    Absent,
    /// Only if it exists (`If-Match: *`).
    Present,
    /// Only if it is at this version (`If-Match: W/"n"`).
    Version(Version),
}

impl Condition {
    /// Whether something at `current` (or absent) meets the condition.
    #[must_use]
    pub fn is_met_by(self, current: Option<Version>) -> bool {
        match self {
            Self::Any => true,
            Self::Absent => current.is_none(),
            Self::Present => current.is_some(),
            Self::Version(version) => current == Some(version),
        }
    }
}
