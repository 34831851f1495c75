//! A session as a row, and as what it is.

use diesel::prelude::*;
use grantor_domain::id::{ClientId, SessionId, TokenId, UserId};
use grantor_domain::origin::Origin;
use grantor_domain::ports::{Found, Standing};
use grantor_domain::revision::{Epoch, Generation};
use grantor_domain::scope::Scope;
use grantor_domain::secret::TokenHash;
use grantor_domain::sessions::{
    AccessState, Bond, RefreshState, Session, SessionState, SessionType,
};
use grantor_domain::time::{Lifetime, Timestamp};

use crate::fault::Failure;
use crate::schema::{app_user, client, session};

use super::Backend;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(
    table_name = session,
    check_for_backend(Backend),
    // Else every insert is another statement to Diesel, and parsed anew.
    treat_none_as_default_value = false
)]
pub(crate) struct SessionRow {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) client_id: String,
    pub(crate) client_epoch: i64,
    pub(crate) user_id: Option<String>,
    pub(crate) user_epoch: Option<i64>,
    pub(crate) scope: String,
    pub(crate) audience: serde_json::Value,
    pub(crate) access_hash: Vec<u8>,
    pub(crate) access_id: String,
    pub(crate) access_scope: String,
    pub(crate) access_audience: serde_json::Value,
    pub(crate) access_issued: i64,
    pub(crate) access_expires: i64,
    pub(crate) refresh_hash: Option<Vec<u8>>,
    pub(crate) previous_hash: Option<Vec<u8>>,
    pub(crate) refresh_expires: Option<i64>,
    pub(crate) refresh_idle: Option<i64>,
    pub(crate) closed_at: Option<i64>,
    pub(crate) generation: i64,
    pub(crate) start: i64,
    pub(crate) last_used: i64,
    pub(crate) updated: i64,
    pub(crate) ends: i64,
    pub(crate) address: Option<String>,
    pub(crate) user_agent: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = client, check_for_backend(Backend))]
pub(super) struct ClientStanding {
    epoch: i64,
    deleted: bool,
    active: bool,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = app_user, check_for_backend(Backend))]
pub(super) struct UserStanding {
    epoch: i64,
    deleted: bool,
    inactive: bool,
    user_name: Option<String>,
}

/// A session beside its client and user, which may both be missing.
#[derive(Queryable, Selectable)]
#[diesel(table_name = session, check_for_backend(Backend))]
pub(super) struct FoundRow {
    #[diesel(embed)]
    session: SessionRow,
    #[diesel(embed)]
    client: Option<ClientStanding>,
    #[diesel(embed)]
    user: Option<UserStanding>,
}

impl FoundRow {
    pub(super) fn read(self) -> Result<Found, Failure> {
        let client = self.client.filter(|client| !client.deleted);
        let user = self.user.filter(|user| !user.deleted);
        Ok(Found {
            session: self.session.read()?,
            client: client.map(|client| Standing {
                epoch: Epoch::from_row(client.epoch),
                active: client.active,
                user_name: None,
            }),
            user: user.map(|user| Standing {
                epoch: Epoch::from_row(user.epoch),
                active: !user.inactive,
                user_name: user.user_name,
            }),
        })
    }
}

impl From<&Session> for SessionRow {
    fn from(session: &Session) -> Self {
        let refresh = session.refresh.as_ref();
        Self {
            id: session.id.as_str().to_owned(),
            kind: session.kind.as_str().to_owned(),
            client_id: session.client.id.as_str().to_owned(),
            client_epoch: session.client.epoch.get(),
            user_id: session
                .user
                .as_ref()
                .map(|user| user.id.as_str().to_owned()),
            user_epoch: session.user.as_ref().map(|user| user.epoch.get()),
            scope: session.scope.to_string(),
            audience: session.audience.as_slice().into(),
            access_hash: session.access.hash.as_bytes().to_vec(),
            access_id: session.access.id.as_str().to_owned(),
            access_scope: session.access.scope.to_string(),
            access_audience: session.access.audience.as_slice().into(),
            access_issued: session.access.issued.as_micros(),
            access_expires: session.access.expires.as_micros(),
            refresh_hash: refresh.map(|refresh| refresh.hash.as_bytes().to_vec()),
            previous_hash: refresh
                .and_then(|refresh| refresh.previous)
                .map(|hash| hash.as_bytes().to_vec()),
            refresh_expires: refresh.map(|refresh| refresh.expires.as_micros()),
            refresh_idle: refresh
                .and_then(|refresh| refresh.idle)
                .map(|idle| idle.as_seconds().into()),
            closed_at: match session.state {
                SessionState::Open => None,
                SessionState::Closed { at } => Some(at.as_micros()),
            },
            generation: session.generation.get(),
            start: session.start.as_micros(),
            last_used: session.last_used.as_micros(),
            updated: session.updated.as_micros(),
            ends: session.ends().as_micros(),
            address: session.origin.address.map(|address| address.to_string()),
            user_agent: session.origin.user_agent.clone(),
        }
    }
}

impl SessionRow {
    fn read(self) -> Result<Session, Failure> {
        let scope = |text: &str| Scope::parse(text).map_err(|_| self.corrupt("a scope is invalid"));
        let address = self.address.as_deref().map(str::parse).transpose();
        Ok(Session {
            kind: SessionType::parse(&self.kind).ok_or_else(|| self.corrupt("kind is unknown"))?,
            client: Bond {
                id: ClientId::from_row(self.client_id.clone()),
                epoch: Epoch::from_row(self.client_epoch),
            },
            user: self.user()?,
            scope: scope(&self.scope)?,
            audience: self.list(&self.audience)?,
            access: AccessState {
                hash: self.hash(&self.access_hash)?,
                id: TokenId::from_row(self.access_id.clone()),
                scope: scope(&self.access_scope)?,
                audience: self.list(&self.access_audience)?,
                issued: Timestamp::from_micros(self.access_issued),
                expires: Timestamp::from_micros(self.access_expires),
            },
            refresh: self.refresh()?,
            state: self
                .closed_at
                .map_or(SessionState::Open, |at| SessionState::Closed {
                    at: Timestamp::from_micros(at),
                }),
            generation: Generation::from_row(self.generation),
            start: Timestamp::from_micros(self.start),
            last_used: Timestamp::from_micros(self.last_used),
            updated: Timestamp::from_micros(self.updated),
            origin: Origin {
                address: address.map_err(|_| self.corrupt("address is no IP address"))?,
                user_agent: self.user_agent.clone(),
                request_id: None,
            },
            id: SessionId::from_row(self.id),
        })
    }

    fn user(&self) -> Result<Option<Bond<UserId>>, Failure> {
        match (&self.user_id, self.user_epoch) {
            (None, None) => Ok(None),
            (Some(id), Some(epoch)) => Ok(Some(Bond {
                id: UserId::from_row(id.clone()),
                epoch: Epoch::from_row(epoch),
            })),
            _ => Err(self.corrupt("user_id and user_epoch do not go together")),
        }
    }

    fn refresh(&self) -> Result<Option<RefreshState>, Failure> {
        let (live, expires) = match (&self.refresh_hash, self.refresh_expires) {
            (None, None) => return Ok(None),
            (Some(live), Some(expires)) => (live, expires),
            _ => return Err(self.corrupt("refresh_hash and refresh_expires do not go together")),
        };
        let idle = self.refresh_idle.map(u32::try_from).transpose();
        Ok(Some(RefreshState {
            hash: self.hash(live)?,
            previous: self
                .previous_hash
                .as_deref()
                .map(|hash| self.hash(hash))
                .transpose()?,
            expires: Timestamp::from_micros(expires),
            idle: idle
                .map_err(|_| self.corrupt("refresh_idle is no lifetime"))?
                .map(Lifetime::from_seconds),
        }))
    }

    fn hash(&self, bytes: &[u8]) -> Result<TokenHash, Failure> {
        let bytes = bytes.try_into().map(TokenHash::from_bytes);
        bytes.map_err(|_| self.corrupt("a token hash is not 32 bytes"))
    }

    fn list(&self, audience: &serde_json::Value) -> Result<Vec<String>, Failure> {
        serde_json::from_value(audience.clone())
            .map_err(|_| self.corrupt("an audience is no list of strings"))
    }

    fn corrupt(&self, what: &'static str) -> Failure {
        Failure::corrupt("session", &self.id, what)
    }
}
