//! What a shown token stands for.

use crate::caller::{Call, Caller, Subject};
use crate::clients::ClientCredentials;
use crate::error::Error;
use crate::fault::Fault;
use crate::grants::GrantType;
use crate::ports::{Change, Found, SessionKey};
use crate::reason::Reason;
use crate::scope::Scope;
use crate::secret::{TokenHash, TokenValue};
use crate::server::AuthorizationServer;
use crate::sessions::access_liveness;
use crate::time::Timestamp;

use super::{TokenKind, is_well_formed};

/// Longest token that is looked at, in bytes.
const LONGEST_TOKEN: usize = 8192;

/// What a request shows of its caller.
#[derive(Clone, Debug)]
pub enum CallerCredentials {
    /// An access token (RFC 6750 §2.1).
    Bearer(TokenValue),
    /// A client's id and secret, for clients with grant type `basic`.
    Basic(ClientCredentials),
    /// What a browser holds since its user signed in.
    Browser(TokenValue),
}

impl AuthorizationServer {
    /// Who calls. Without credentials nobody does, which every workflow of resources refuses.
    ///
    /// # Errors
    /// [`Reason::MissingCredentials`], [`Reason::InvalidBearerToken`] or those of client
    /// authentication; [`Error::Fault`] when the store is away.
    pub fn identify(
        &self,
        shown: Option<&CallerCredentials>,
        call: &Call,
    ) -> Result<Caller, Error> {
        match shown {
            None => Err(Reason::MissingCredentials.into()),
            Some(CallerCredentials::Bearer(token)) => {
                let now = self.ports.clock.now();
                let key = self.access_key(token, now)?;
                let key = key.ok_or(Reason::InvalidBearerToken)?;
                let found = self.live_access(&key, now)?;
                Ok(caller_of(found.ok_or(Reason::InvalidBearerToken)?, call))
            }
            Some(CallerCredentials::Browser(token)) => {
                let now = self.ports.clock.now();
                let found = self.browser_session(token, now)?;
                Ok(caller_of(found.ok_or(Reason::InvalidBearerToken)?, call))
            }
            Some(CallerCredentials::Basic(credentials)) => {
                let now = self.ports.clock.now();
                let origin = &call.origin;
                let authenticated = self.authenticate_client(Some(credentials), origin, now)?;
                authenticated.must_be_proven()?;
                let client = authenticated.client;
                if !client.may_use(GrantType::Basic) {
                    return Err(Reason::GrantTypeNotAllowed.into());
                }
                Ok(Caller {
                    subject: Subject::Client(client.id.clone()),
                    client: Some(client.id),
                    session: None,
                    scope: Scope::default(),
                    call: call.clone(),
                })
            }
        }
    }

    /// The session of an access token that lives. Its use confirms the pair: the refresh token
    /// before it can no longer be replayed.
    pub(crate) fn live_access(
        &self,
        key: &SessionKey,
        now: Timestamp,
    ) -> Result<Option<Found>, Fault> {
        let found = self.ports.sessions.find(key)?;
        let live = found.filter(|found| access_liveness(found, now).is_ok());
        if let Some(found) = &live {
            self.confirm(found, now);
        }
        Ok(live)
    }

    /// Where a live access token would be found; `None` for what cannot be one.
    pub(crate) fn access_key(
        &self,
        token: &TokenValue,
        now: Timestamp,
    ) -> Result<Option<SessionKey>, Fault> {
        let key = self.session_key(token, now)?;
        Ok(key.filter(|key| matches!(key, SessionKey::Access(_))))
    }

    /// Where a token's session would be found. Shape, checksum and signature are judged before
    /// anything is looked up.
    pub(crate) fn session_key(
        &self,
        token: &TokenValue,
        now: Timestamp,
    ) -> Result<Option<SessionKey>, Fault> {
        let text = token.expose();
        let kind = if text.len() > LONGEST_TOKEN {
            None
        } else if is_well_formed(TokenKind::Access, token) {
            Some(TokenKind::Access)
        } else if is_well_formed(TokenKind::Refresh, token) {
            Some(TokenKind::Refresh)
        } else if text.bytes().filter(|b| *b == b'.').count() == 2 {
            self.ports.signer.verify(token, now)?.and_then(|verified| {
                (verified.claims.issuer == self.policy.issuer).then_some(verified.kind)
            })
        } else {
            None
        };
        Ok(kind.map(|kind| match kind {
            TokenKind::Access => SessionKey::Access(TokenHash::of(token)),
            TokenKind::Refresh => SessionKey::Refresh(TokenHash::of(token)),
        }))
    }

    /// Writes down that the live pair is used. A store that only reads (a full disk) must not stop
    /// introspection, so a failure is no answer to the caller: until the next use writes it, the
    /// previous refresh token can still be replayed, which kills this pair instead of closing its session.
    fn confirm(&self, found: &Found, now: Timestamp) {
        if let Some(session) = found.session.confirm(now) {
            let change = Change {
                session,
                seen: found.session.generation,
                minted: None,
            };
            let _lost_to_a_newer_change_or_to_a_store_without_writes =
                self.ports.sessions.commit(&change, &[]);
        }
    }
}

fn caller_of(found: Found, call: &Call) -> Caller {
    let session = found.session;
    let client = session.client.id;
    let subject = session.user.map_or_else(
        || Subject::Client(client.clone()),
        |user| Subject::User(user.id),
    );
    Caller {
        subject,
        client: Some(client),
        session: Some(session.id),
        scope: session.access.scope,
        call: call.clone(),
    }
}
