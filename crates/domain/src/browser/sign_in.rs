//! Signing in: name and password for a session.

use crate::caller::Caller;
use crate::clients::{Client, ClientDraft, ClientSettings, SecretChange};
use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::fault::Fault;
use crate::id::{ClientId, SessionId};
use crate::origin::Origin;
use crate::reason::Reason;
use crate::revision::{Condition, Generation};
use crate::scope::Scope;
use crate::secret::{Password, TokenHash, TokenValue};
use crate::server::AuthorizationServer;
use crate::sessions::{AccessState, Bond, Session, SessionState, SessionType};
use crate::time::Timestamp;
use crate::users::{Login, User};
use crate::violation::PutOutcome;

use super::{CONSOLE_CLIENT, token};

/// What somebody who signs in shows.
#[derive(Debug)]
pub struct SignIn<'a> {
    /// The name, as it was typed.
    pub username: &'a str,
    /// The password.
    pub password: &'a Password,
    /// Where it comes from.
    pub origin: &'a Origin,
    /// What the browser held before: that session ends, so that nobody who knew it is let in.
    pub before: Option<&'a TokenValue>,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// What the browser is to hold, and nobody else.
    pub token: TokenValue,
    /// The session it stands for.
    pub session: Session,
}

impl AuthorizationServer {
    /// Signs a user in. The password is checked at the price and under the budgets of a password
    /// grant, through client [`CONSOLE_CLIENT`].
    ///
    /// # Errors
    /// [`Reason::ClientDisabled`] when signing in is switched off; those of a login;
    /// [`Error::Fault`] when the store is away or the hash queue is full.
    pub fn sign_in(&self, shown: &SignIn<'_>) -> Result<SignedIn, Error> {
        let now = self.ports.clock.now();
        let client = self.console_client()?;
        let user = self.verify_password(&Login {
            username: shown.username,
            password: shown.password,
            client: &client.id,
            at_its_client: false,
            origin: shown.origin,
            now,
        })?;
        if let Some(before) = shown.before {
            self.sign_out(before, shown.origin)?;
        }
        let token = token::mint(&self.random()?);
        let id = SessionId::from_row(self.uuid(now)?);
        let access = self.access(&token, now)?;
        let session = opened(id, access, (&client, &user), shown.origin, now);
        let created = Event::new(EventKind::SessionCreated, now)
            .session(&session.id)
            .client(&client.id)
            .user(&user.id)
            .from(shown.origin);
        let signed_in = Event {
            kind: EventKind::LoginOk,
            ..created.clone()
        };
        self.ports.sessions.open(&session, &[signed_in, created])?;
        Ok(SignedIn { token, session })
    }

    fn access(&self, token: &TokenValue, now: Timestamp) -> Result<AccessState, Error> {
        let policy = &self.policy;
        let issued = now.floor_second();
        Ok(AccessState {
            hash: TokenHash::of(token),
            id: self.token_id()?,
            scope: Scope::default(),
            audience: Vec::new(),
            issued,
            expires: issued.plus(policy.browser_idle.min(policy.browser_lifetime)),
        })
    }

    /// The client of browsers, made when it is not there.
    fn console_client(&self) -> Result<Client, Error> {
        let id = ClientId::from_row(CONSOLE_CLIENT.to_owned());
        let client = match self.ports.clients.find(&id)? {
            Some(client) => client,
            None => self.make_console_client(&id)?,
        };
        if client.settings.active {
            Ok(client)
        } else {
            Err(Reason::ClientDisabled.into())
        }
    }

    fn make_console_client(&self, id: &ClientId) -> Result<Client, Error> {
        let settings = ClientSettings {
            name: Some("Grantor console".to_owned()),
            description: Some("Sessions of users who signed in with a browser".to_owned()),
            first_party: true,
            ..ClientSettings::default()
        };
        let draft = ClientDraft::new(settings, SecretChange::Keep);
        match self.put(&Caller::operator(), id, &draft, Condition::Absent)? {
            PutOutcome::Created(made) => Ok(made.resource),
            // Somebody else signed in for the first time, at the same time.
            _ => Ok(self.ports.clients.find(id)?.ok_or(Fault::Contended)?),
        }
    }
}

/// The session that begins when a user signs in.
fn opened(
    id: SessionId,
    access: AccessState,
    (client, user): (&Client, &User),
    origin: &Origin,
    now: Timestamp,
) -> Session {
    Session {
        id,
        kind: SessionType::Console,
        client: Bond {
            id: client.id.clone(),
            epoch: client.stamp.epoch,
        },
        user: Some(Bond {
            id: user.id.clone(),
            epoch: user.stamp.epoch,
        }),
        scope: Scope::default(),
        audience: Vec::new(),
        access,
        refresh: None,
        state: SessionState::Open,
        generation: Generation::FIRST,
        start: now,
        last_used: now,
        updated: now,
        origin: origin.clone(),
    }
}
