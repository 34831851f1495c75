//! The refresh token grant (RFC 6749 §6; rotation and reuse by RFC 9700 §4.14).

use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::ports::{Change, Found, SessionKey};
use crate::reason::Reason;
use crate::secret::{TokenHash, TokenValue};
use crate::server::AuthorizationServer;
use crate::sessions::{Decision, RefreshDecision, RefreshState, Session, closing, liveness};
use crate::tokens::{AccessGrant, TokenResponse};

use super::{Asked, Proved, must_be_within};

impl AuthorizationServer {
    /// Carries a session on. The commit is part of the decision, so it is made here.
    pub(super) fn prove_refresh(
        &self,
        asked: &Asked<'_>,
        token: &TokenValue,
    ) -> Result<Proved, Error> {
        let key = self.session_key(token, asked.now)?;
        let Some(key @ SessionKey::Refresh(_)) = key else {
            return Err(Reason::UnknownRefreshToken.into());
        };
        let response = self.settle(&key, |found| self.decide_refresh(asked, token, found))?;
        Ok(Proved::Continued(Box::new(response)))
    }

    fn decide_refresh(
        &self,
        asked: &Asked<'_>,
        token: &TokenValue,
        found: Option<Found>,
    ) -> Result<Decision<TokenResponse>, Error> {
        let found = found.ok_or(Reason::UnknownRefreshToken)?;
        if found.session.client.id != asked.client.id {
            return Err(Reason::RefreshTokenOfAnotherClient.into());
        }
        liveness(&found, asked.now)?;
        if found
            .session
            .refresh_ends()
            .is_none_or(|ends| ends <= asked.now)
        {
            return Err(Reason::SessionExpired.into());
        }
        let shown = found.session.shown(&TokenHash::of(token));
        let decision = Session::refresh(shown, asked.client.settings.password.refresh_policy);
        if let RefreshDecision::CloseFamily(reason) = decision {
            return Ok(close_family(asked, found, reason));
        }
        must_be_within(asked.scope, &found.session.scope)?;
        self.carry_on(asked, token, &found.session, decision)
    }

    fn carry_on(
        &self,
        asked: &Asked<'_>,
        token: &TokenValue,
        session: &Session,
        decision: RefreshDecision,
    ) -> Result<Decision<TokenResponse>, Error> {
        let audience = requested_audience(asked, session)?;
        let access = self.issue_access(AccessGrant {
            session: &session.id,
            client: asked.client,
            user: session.user.as_ref().map(|user| &user.id),
            scope: asked.scope.unwrap_or(&session.scope).clone(),
            audience: &audience,
            kind: session.kind,
            now: asked.now,
        })?;
        let refresh = session
            .refresh
            .as_ref()
            .ok_or(Reason::UnknownRefreshToken)?;
        let (refresh, refresh_token, minted) = if decision == RefreshDecision::Keep {
            // The live token is in use: the one before it, from a time of rotation, is spent.
            let kept = RefreshState {
                previous: None,
                ..refresh.clone()
            };
            (kept, token.clone(), None)
        } else {
            let format = asked.client.settings.password.refresh_token_format;
            let value = self.issue_refresh(session, format, refresh.expires, asked.now)?;
            let hash = TokenHash::of(&value);
            let reissued = decision == RefreshDecision::Reissue;
            let previous = if reissued {
                refresh.previous
            } else {
                Some(refresh.hash)
            };
            (
                RefreshState {
                    hash,
                    previous,
                    ..refresh.clone()
                },
                value,
                Some(hash),
            )
        };
        let next = Session {
            access: access.state,
            refresh: Some(refresh),
            generation: session.generation.next(),
            last_used: asked.now,
            updated: asked.now,
            ..session.clone()
        };
        let response = TokenResponse {
            access_token: access.value,
            expires_in: access.lifetime,
            refresh_token: Some(refresh_token),
            scope: next.access.scope.clone(),
            userinfo: None,
            reissued: decision == RefreshDecision::Reissue,
        };
        let event = about(EventKind::TokenRefreshed, asked, session);
        let change = Box::new(Change {
            session: next,
            seen: session.generation,
            minted,
        });
        Ok(Decision::Commit {
            change,
            events: vec![event],
            then: Ok(response),
        })
    }
}

/// RFC 8707 §2.2: a refresh may ask for less of the audience, never for more.
fn requested_audience(asked: &Asked<'_>, session: &Session) -> Result<Vec<String>, Error> {
    if asked.audience.is_empty() {
        return Ok(session.audience.clone());
    }
    if asked
        .audience
        .iter()
        .all(|audience| session.audience.contains(audience))
    {
        Ok(asked.audience.to_vec())
    } else {
        Err(Reason::AudienceNotAllowed.into())
    }
}

fn close_family(asked: &Asked<'_>, found: Found, reason: Reason) -> Decision<TokenResponse> {
    let event = about(EventKind::TokenReuseDetected, asked, &found.session).because(reason);
    match closing(found, asked.now, |event| event) {
        Decision::Answer(_) => Decision::Answer(Err(reason.into())),
        Decision::Commit {
            change, mut events, ..
        } => {
            events.push(event);
            Decision::Commit {
                change,
                events,
                then: Err(reason.into()),
            }
        }
    }
}

fn about(kind: EventKind, asked: &Asked<'_>, session: &Session) -> Event {
    let mut event = Event::new(kind, asked.now)
        .session(&session.id)
        .client(&session.client.id)
        .from(asked.origin);
    event.user = session.user.as_ref().map(|user| user.id.clone());
    event
}

#[cfg(test)]
mod tests;
