//! Searching sessions. A query can only be made from a caller, so none runs without its owner filter.

use crate::caller::Caller;
use crate::error::Error;
use crate::id::{ClientId, SessionId, UserId};
use crate::ports::{Found, Page};
use crate::reason::Reason;
use crate::server::AuthorizationServer;
use crate::time::Timestamp;

use super::SessionType;

/// Whose sessions a query can reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Everybody's: administrators only.
    Anyone,
    /// One user's.
    User(UserId),
}

/// A date of a session that can be searched and sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DateField {
    /// `start`.
    Start,
    /// `exp`: the end of the access token.
    Exp,
    /// `_lastUpdated`.
    LastUpdated,
}

/// `from <= field < until`; an open side is `None`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeRange {
    /// Which date.
    pub field: DateField,
    /// The first instant that matches.
    pub from: Option<Timestamp>,
    /// The first instant that no longer matches.
    pub until: Option<Timestamp>,
}

/// What sessions can be sorted by: an allow-list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SortKey {
    /// `_id`; ids are made in order of time.
    Id,
    /// One of the dates.
    Date(DateField),
}

/// One sort key and its direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionSort {
    /// By what.
    pub key: SortKey,
    /// Largest first.
    pub descending: bool,
}

/// Whether the number of all matches is wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Total {
    /// Count them.
    #[default]
    Accurate,
    /// Do not count them.
    None,
}

/// What a caller asks for. Lists are "any of"; different members are "and".
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct SearchRequest {
    /// `_id`.
    pub ids: Vec<SessionId>,
    /// `user`.
    pub users: Vec<UserId>,
    /// `client`.
    pub clients: Vec<ClientId>,
    /// `type`.
    pub kinds: Vec<SessionType>,
    /// `active`: whether the session lives now.
    pub active: Option<bool>,
    /// Ranges of dates; all must hold.
    pub ranges: Vec<TimeRange>,
    /// Sort keys; ties are broken by id.
    pub sort: Vec<SessionSort>,
    /// Matches per page.
    pub count: u32,
    /// Matches before the page.
    pub offset: u64,
    /// Whether to count all matches.
    pub total: Total,
}

/// A request bound to what its caller may see, at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionQuery {
    owner: Owner,
    now: Timestamp,
    request: SearchRequest,
}

impl SessionQuery {
    /// Binds a request to its caller.
    ///
    /// # Errors
    /// [`Reason::NotAllowed`] when the caller may see no sessions at all.
    pub fn new(caller: &Caller, request: SearchRequest, now: Timestamp) -> Result<Self, Error> {
        let owner = match caller.user() {
            _ if caller.is_administrator() => Owner::Anyone,
            Some(user) => Owner::User(user.clone()),
            None => return Err(Reason::NotAllowed.into()),
        };
        Ok(Self {
            owner,
            now,
            request,
        })
    }

    /// The live sessions of a client.
    ///
    /// # Errors
    /// Those of [`SessionQuery::new`].
    pub fn of_client(caller: &Caller, id: ClientId, now: Timestamp) -> Result<Self, Error> {
        let request = SearchRequest {
            clients: vec![id],
            active: Some(true),
            ..SearchRequest::default()
        };
        Self::new(caller, request, now)
    }

    /// The live sessions of a user.
    ///
    /// # Errors
    /// Those of [`SessionQuery::new`].
    pub fn of_user(caller: &Caller, id: UserId, now: Timestamp) -> Result<Self, Error> {
        let request = SearchRequest {
            users: vec![id],
            active: Some(true),
            ..SearchRequest::default()
        };
        Self::new(caller, request, now)
    }

    /// Whose sessions it can reach.
    #[must_use]
    pub const fn owner(&self) -> &Owner {
        &self.owner
    }

    /// The instant that "active" speaks of.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// What was asked.
    #[must_use]
    pub const fn request(&self) -> &SearchRequest {
        &self.request
    }
}

impl AuthorizationServer {
    /// The sessions a caller asks for and may see, with the instant their liveness was judged at.
    ///
    /// # Errors
    /// [`Error::Refused`] when the caller may see none at all; [`Error::Fault`] when the store is away.
    pub fn search_sessions(
        &self,
        caller: &Caller,
        request: SearchRequest,
    ) -> Result<Page<Found>, Error> {
        let query = SessionQuery::new(caller, request, self.ports.clock.now())?;
        Ok(self.ports.sessions.search(&query)?)
    }

    pub(crate) fn count_live(&self, query: &SessionQuery) -> Result<u64, Error> {
        Ok(self.ports.sessions.count(query)?)
    }
}
