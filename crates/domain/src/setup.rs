//! The first administrators: from secrets the operator wrote down, or by a one-time setup token.
//! There is no default password.

use crate::bundle::{BundleEntry, BundleOutcome};
use crate::caller::Caller;
use crate::clients::{ClientDraft, ClientSettings, SecretChange};
use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::fault::Fault;
use crate::grants::GrantType;
use crate::id::{ClientId, UserId};
use crate::ports::{Expect, Written};
use crate::reason::Reason;
use crate::revision::{Condition, Stamp};
use crate::secret::{ClientSecret, Password, TokenHash, TokenValue, base64url};
use crate::server::AuthorizationServer;
use crate::time::{Lifetime, Timestamp};
use crate::users::{PasswordChange, User, UserDraft, UserSettings};

/// The id of the administrating client.
pub const ROOT_CLIENT: &str = "root";
/// The id of the administrating user.
pub const ADMIN_USER: &str = "admin";

const SETUP_TOKEN_LIFETIME: Lifetime = Lifetime::from_seconds(15 * 60);

/// The stored form of a setup token.
#[derive(Clone, Copy, Debug)]
pub struct SetupToken {
    hash: TokenHash,
    expires: Timestamp,
}

/// How an attempt to set the server up ended.
#[derive(Clone, Debug, PartialEq)]
pub enum SetUp {
    /// The administrator exists now.
    Done(Box<User>),
    /// Somebody was quicker, or there is an administrator already.
    AlreadyDone,
}

impl AuthorizationServer {
    /// Whether an administrator made by [`AuthorizationServer::bootstrap`] or by a setup token exists.
    ///
    /// # Errors
    /// [`Error::Fault`] when the store is away.
    pub fn has_administrator(&self) -> Result<bool, Error> {
        let client = self.ports.clients.find(&root_client())?;
        let user = self.ports.users.find(&admin_user())?;
        Ok(client.is_some_and(|client| client.administrator)
            || user.is_some_and(|user| user.administrator))
    }

    /// Makes client `root` and user `admin` from the operator's secrets. Doing it again with the
    /// same secrets changes nothing.
    ///
    /// # Errors
    /// [`Error::Fault`] when the store is away.
    pub fn bootstrap(
        &self,
        secret: Option<ClientSecret>,
        password: Option<Password>,
    ) -> Result<BundleOutcome, Error> {
        let mut entries = Vec::new();
        if let Some(secret) = secret {
            let settings = ClientSettings {
                name: Some("Root administrator".to_owned()),
                first_party: true,
                grant_types: vec![GrantType::Basic, GrantType::ClientCredentials],
                ..ClientSettings::default()
            };
            entries.push(BundleEntry::Client {
                id: root_client(),
                draft: Box::new(ClientDraft {
                    settings,
                    secret: SecretChange::Set(secret),
                }),
                condition: Condition::Any,
                administrator: true,
            });
        }
        if let Some(password) = password {
            entries.push(BundleEntry::User {
                id: admin_user(),
                draft: Box::new(UserDraft {
                    settings: UserSettings::default(),
                    password: PasswordChange::Set(password),
                }),
                condition: Condition::Any,
                administrator: true,
            });
        }
        self.apply_bundle(&Caller::operator(), &entries)
    }

    /// Makes a setup token: what is printed, and what the server is given.
    ///
    /// # Errors
    /// [`Error::Fault`] when there is no randomness.
    pub fn make_setup_token(&self) -> Result<(TokenValue, SetupToken), Error> {
        let mut random = [0; 32];
        self.ports.randomness.fill(&mut random)?;
        let value = TokenValue::new(format!("gst_{}", base64url(&random)));
        let expires = self.ports.clock.now().plus(SETUP_TOKEN_LIFETIME);
        let hash = TokenHash::of(&value);
        Ok((value, SetupToken { hash, expires }))
    }

    /// Makes user `admin` with this password, for whoever shows the setup token. Of several at
    /// once, one succeeds.
    ///
    /// # Errors
    /// [`Reason::InvalidBearerToken`] for a wrong or late token; [`Reason::PasswordTooLong`];
    /// [`Error::Fault`] when the store is away.
    pub fn set_up(&self, token: &TokenValue, password: &Password) -> Result<SetUp, Error> {
        let now = self.ports.clock.now();
        let expected = self.setup_token.filter(|expected| now < expected.expires);
        if expected.is_none_or(|expected| expected.hash != TokenHash::of(token)) {
            return Err(Reason::InvalidBearerToken.into());
        }
        if password.expose().len() > Password::LONGEST {
            return Err(Reason::PasswordTooLong.into());
        }
        if self.has_administrator()? {
            return Ok(SetUp::AlreadyDone);
        }
        let user = User {
            id: admin_user(),
            stamp: Stamp::first(now),
            administrator: true,
            password: Some(self.ports.hasher.hash(password)?),
            settings: UserSettings::default(),
        };
        let event = Event::new(EventKind::UserCreated, now).user(&user.id);
        match self.ports.users.put(&user, Expect::Absent, &[event])? {
            Written::Done(stamp) => Ok(SetUp::Done(Box::new(User { stamp, ..user }))),
            Written::Stale | Written::NameTaken => Ok(SetUp::AlreadyDone),
            Written::ReadOnly => {
                Err(Fault::Unavailable("the user directory cannot be written".into()).into())
            }
        }
    }
}

fn root_client() -> ClientId {
    ClientId::from_row(ROOT_CLIENT.to_owned())
}

fn admin_user() -> UserId {
    UserId::from_row(ADMIN_USER.to_owned())
}
