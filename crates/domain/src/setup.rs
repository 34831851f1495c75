//! The first administrators: from secrets the operator wrote down, or by a one-time setup token.
//! There is no default password.

use crate::access::{Link, PolicySettings, Rule};
use crate::bundle::{
    BundleEntry, BundleMode, BundleOutcome, Entry, EntryOutcome, EntryRefusal, Settled,
};
use crate::caller::Caller;
use crate::clients::{ClientDraft, ClientSettings, SecretChange};
use crate::error::Error;
use crate::event::{Event, EventKind};
use crate::grants::GrantType;
use crate::id::{ClientId, PolicyId, UserId};
use crate::reason::Reason;
use crate::revision::Condition;
use crate::secret::{ClientSecret, Password, TokenHash, TokenValue, base64url};
use crate::server::AuthorizationServer;
use crate::time::{Lifetime, Timestamp};
use crate::users::{PasswordChange, User, UserDraft, UserSettings, must_not_be_too_long};
use crate::violation::Violation;

/// The id of the administrating client.
pub const ROOT_CLIENT: &str = "root";
/// The id of the administrating user.
pub const ADMIN_USER: &str = "admin";
/// The id of the policy that lets both do everything.
pub const ADMINISTRATORS: &str = "administrators";

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
    /// The password cannot be one.
    Invalid(Vec<Violation>),
}

impl AuthorizationServer {
    /// Whether somebody administers the server: the policy of [`AuthorizationServer::bootstrap`], or
    /// one made by a setup token, is there and what it is linked to as well.
    ///
    /// # Errors
    /// [`Error::Fault`] when the store is away.
    pub fn has_administrator(&self) -> Result<bool, Error> {
        let Some(policy) = self.ports.policies.find(&administrators())? else {
            return Ok(false);
        };
        for link in &policy.settings.links {
            let is_there = match link {
                Link::Client(id) => self.ports.clients.find(id)?.is_some(),
                Link::User(id) => self.ports.users.find(id)?.is_some(),
                Link::Role(id) => self.ports.roles.find(id)?.is_some(),
            };
            if is_there {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Makes client `root` and user `admin` from the operator's secrets, and the policy that lets
    /// them do everything. Doing it again with the same secrets changes nothing.
    ///
    /// # Errors
    /// [`Error::Fault`] when the store is away.
    pub fn bootstrap(
        &self,
        secret: Option<ClientSecret>,
        password: Option<Password>,
    ) -> Result<BundleOutcome, Error> {
        let mut entries = Vec::new();
        let mut links = Vec::new();
        if let Some(secret) = secret {
            let settings = ClientSettings {
                name: Some("Root administrator".to_owned()),
                first_party: true,
                grant_types: vec![GrantType::Basic, GrantType::ClientCredentials],
                ..ClientSettings::default()
            };
            links.push(Link::Client(root_client()));
            entries.push(BundleEntry::Client(Box::new(Entry {
                id: root_client(),
                draft: Some(ClientDraft::new(settings, SecretChange::Set(secret))),
                condition: Condition::Any,
            })));
        }
        if let Some(password) = password {
            links.push(Link::User(admin_user()));
            entries.push(administrator(password, Condition::Any));
        }
        // A policy that is linked to nobody would concern everybody.
        if !links.is_empty() {
            entries.push(self.administrators_policy(links)?);
        }
        let operator = Caller::operator();
        let event = Event::new(EventKind::AdminBootstrap, self.ports.clock.now()).by(&operator);
        self.apply_remembering(&operator, &entries, BundleMode::State, Some(&event))
    }

    /// The policy of the administrators, linked to these beside those it has.
    fn administrators_policy(&self, links: Vec<Link>) -> Result<BundleEntry, Error> {
        let id = administrators();
        let known = self.ports.policies.find(&id)?;
        let mut settings = known.map_or_else(
            || PolicySettings {
                description: Some("Whoever administers this server may do everything".to_owned()),
                links: Vec::new(),
                role_name: None,
                rule: Rule::Allow,
            },
            |policy| policy.settings,
        );
        for link in links {
            if !settings.links.contains(&link) {
                settings.links.push(link);
            }
        }
        Ok(BundleEntry::Policy(Box::new(Entry {
            id,
            draft: Some(settings),
            condition: Condition::Any,
        })))
    }

    /// Makes a setup token: what is printed, and what the server is given.
    ///
    /// # Errors
    /// [`Error::Fault`] when there is no randomness.
    pub fn make_setup_token(&self) -> Result<(TokenValue, SetupToken), Error> {
        let random: [u8; 32] = self.random()?;
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
        must_not_be_too_long(password)?;
        if self.has_administrator()? {
            return Ok(SetUp::AlreadyDone);
        }
        let entries = [
            administrator(password.clone(), Condition::Absent),
            self.administrators_policy(vec![Link::User(admin_user())])?,
        ];
        let event = Event::new(EventKind::AdminBootstrap, now).user(&admin_user());
        let outcome = self.apply_remembering(
            &Caller::operator(),
            &entries,
            BundleMode::Transaction,
            Some(&event),
        )?;
        let done = match outcome {
            BundleOutcome::Applied(done) => done,
            BundleOutcome::Refused(_, EntryRefusal::Invalid(violations)) => {
                return Ok(SetUp::Invalid(violations));
            }
            BundleOutcome::Refused(..) => return Ok(SetUp::AlreadyDone),
        };
        let made = done.into_iter().find_map(|entry| match entry {
            EntryOutcome::User(settled) => match *settled {
                Settled::Created(user) => Some(user),
                _ => None,
            },
            _ => None,
        });
        Ok(made.map_or(SetUp::AlreadyDone, |user| {
            SetUp::Done(Box::new(user.resource))
        }))
    }
}

/// The id of the policy that lets administrators do everything.
fn administrators() -> PolicyId {
    PolicyId::from_row(ADMINISTRATORS.to_owned())
}

/// User `admin` with this password.
fn administrator(password: Password, condition: Condition) -> BundleEntry {
    BundleEntry::User(Box::new(Entry {
        id: admin_user(),
        draft: Some(UserDraft {
            settings: UserSettings::default(),
            password: PasswordChange::Choose(password),
        }),
        condition,
    }))
}

fn root_client() -> ClientId {
    ClientId::from_row(ROOT_CLIENT.to_owned())
}

fn admin_user() -> UserId {
    UserId::from_row(ADMIN_USER.to_owned())
}

#[cfg(test)]
mod tests;
