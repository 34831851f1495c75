//! Searching sessions. A query cannot be made without saying whose sessions it reaches.

use crate::access::Interaction;
use crate::caller::Caller;
use crate::error::Error;
use crate::id::{ClientId, SessionId, UserId};
use crate::ports::{Found, Page};
use crate::resources::ResourceKind;
use crate::server::AuthorizationServer;
use crate::time::Timestamp;
use crate::window::{Position, Window};

use super::{Session, SessionType};

/// Whose sessions a query can reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Owner {
    /// Everybody's: of callers that a policy permits it.
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

/// One sort key and its direction. [`SortKey::Id`] comes last, for nothing is sorted beyond it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SessionSort {
    /// By what.
    pub key: SortKey,
    /// Largest first.
    pub descending: bool,
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
    /// Which page.
    pub window: Window,
}

/// A request bound to what its caller may see, at an instant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionQuery {
    owner: Owner,
    now: Timestamp,
    request: SearchRequest,
}

impl SessionQuery {
    /// Binds a request to whose sessions it reaches.
    #[must_use]
    pub const fn new(owner: Owner, request: SearchRequest, now: Timestamp) -> Self {
        Self {
            owner,
            now,
            request,
        }
    }

    /// The live sessions of a client.
    #[must_use]
    pub fn of_client(id: ClientId, now: Timestamp) -> Self {
        let request = SearchRequest {
            clients: vec![id],
            active: Some(true),
            ..SearchRequest::default()
        };
        Self::new(Owner::Anyone, request, now)
    }

    /// The live sessions of a user.
    #[must_use]
    pub fn of_user(id: UserId, now: Timestamp) -> Self {
        let request = SearchRequest {
            active: Some(true),
            ..SearchRequest::default()
        };
        Self::new(Owner::User(id), request, now)
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

impl Session {
    /// Where the session stands in an order of at most one date, and its id.
    #[must_use]
    pub fn position(&self, sort: &[SessionSort]) -> Position {
        let keys = sort.iter().filter_map(|sort| match sort.key {
            SortKey::Id => None,
            SortKey::Date(DateField::Start) => Some(self.start.as_micros()),
            SortKey::Date(DateField::Exp) => Some(self.access.expires.as_micros()),
            SortKey::Date(DateField::LastUpdated) => Some(self.updated.as_micros()),
        });
        Position {
            keys: keys.collect(),
            id: self.id.to_string(),
        }
    }
}

impl AuthorizationServer {
    /// The sessions a caller asks for and may see: all that a policy lets it search, or a user's own.
    ///
    /// # Errors
    /// [`Error::Refused`] when the caller may see none at all; [`Error::Fault`] when the store is away.
    pub fn search_sessions(
        &self,
        caller: &Caller,
        request: SearchRequest,
    ) -> Result<Page<Found>, Error> {
        let kind = ResourceKind::Session;
        let owner = match caller.user() {
            _ if self.may(caller, Interaction::Search, kind, None)? => Owner::Anyone,
            Some(user) => Owner::User(user.clone()),
            None => return Err(self.denied(caller, kind, None)),
        };
        let query = SessionQuery::new(owner, request, self.ports.clock.now());
        Ok(self.ports.sessions.search(&query)?)
    }

    pub(crate) fn count_live(&self, query: &SessionQuery) -> Result<u64, Error> {
        Ok(self.ports.sessions.count(query)?)
    }
}
