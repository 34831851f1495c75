//! Where sessions are kept.

use crate::event::Event;
use crate::fault::Fault;
use crate::hour::Hour;
use crate::id::SessionId;
use crate::revision::{Epoch, Generation};
use crate::secret::TokenHash;
use crate::sessions::{Census, Session, SessionQuery};
use crate::time::Timestamp;

/// How to look a session up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionKey {
    /// By its current access token.
    Access(TokenHash),
    /// By any refresh token it ever issued.
    Refresh(TokenHash),
    /// By its id.
    Id(SessionId),
}

/// A client or user as far as its sessions depend on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Its epoch.
    pub epoch: Epoch,
    /// Whether it is switched on.
    pub active: bool,
    /// A user's `userName`.
    pub user_name: Option<String>,
}

/// A session with what its life depends on, read in one statement.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// The session.
    pub session: Session,
    /// Its client; `None` when removed.
    pub client: Option<Standing>,
    /// Its user; `None` when removed, or when the session has none.
    pub user: Option<Standing>,
}

/// A change of one session.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// The session after the change, one generation on.
    pub session: Session,
    /// The generation the decision was made on.
    pub seen: Generation,
    /// A refresh token that comes into being with the change.
    pub minted: Option<TokenHash>,
}

/// How a commit ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Committed {
    /// Durable.
    Done,
    /// The session has changed since it was read: read and decide again.
    Stale,
}

/// A page of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The matches on this page, in the order asked for.
    pub items: Vec<T>,
    /// How many match in all, when it was counted.
    pub total: Option<u64>,
    /// Whether there is more beyond it, in the direction it was read. A page of no matches is asked
    /// for to count, and nothing is beyond it.
    pub more: bool,
}

impl<T> Default for Page<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            total: None,
            more: false,
        }
    }
}

/// Sessions. Every change is one atomic, durable compare-and-set on the generation.
#[cfg_attr(any(test, feature = "mocks"), mockall::automock)]
pub trait SessionStore: Send + Sync {
    /// Writes a new session and its events, or nothing. Durable when it returns.
    ///
    /// # Errors
    /// [`Fault`] when it is not known whether it was written.
    fn open(&self, session: &Session, events: &[Event]) -> Result<(), Fault>;

    /// The session a key belongs to, with its client's and user's standing. One statement.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot answer.
    fn find(&self, key: &SessionKey) -> Result<Option<Found>, Fault>;

    /// Applies the change and its events if the session is still at `change.seen`, or nothing.
    /// Durable when it returns [`Committed::Done`].
    ///
    /// # Errors
    /// [`Fault`] when it is not known whether it was applied.
    fn commit(&self, change: &Change, events: &[Event]) -> Result<Committed, Fault>;

    /// The sessions a query matches, and nothing beyond its owner filter.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot answer.
    fn search(&self, query: &SessionQuery) -> Result<Page<Found>, Fault>;

    /// How many sessions a query matches, whatever page it asks for.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot answer.
    fn count(&self, query: &SessionQuery) -> Result<u64, Fault>;

    /// Keeps a census, unless one of its hour is kept. A store that keeps none has no plot of its past.
    ///
    /// # Errors
    /// [`Fault`] when it may not have been kept.
    fn keep_census(&self, census: &Census) -> Result<(), Fault> {
        let _ = census;
        Ok(())
    }

    /// The censuses from `from` and before `until`, in order.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot answer.
    fn censuses(&self, from: Hour, until: Hour) -> Result<Vec<Census>, Fault> {
        let _ = (from, until);
        Ok(Vec::new())
    }

    /// Forgets up to `limit` sessions that ended before `before`, with their refresh tokens.
    /// Answers how many.
    ///
    /// # Errors
    /// [`Fault`] when the store cannot answer.
    fn reap(&self, before: Timestamp, limit: u32) -> Result<u32, Fault>;
}
