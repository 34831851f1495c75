//! A user as a resource that is kept: what it becomes, and its password.

use crate::error::Error;
use crate::event::EventKind;
use crate::fault::Fault;
use crate::id::UserId;
use crate::ports::{Import, PasswordCheck, Registry};
use crate::resources::{
    Drafted, IndexEntry, Parameter, Resource, ResourceKind, SessionOwner, Wanted, WrittenResource,
    differing,
};
use crate::revision::Stamp;
use crate::secret::{Password, PasswordHash};
use crate::server::{AuthorizationServer, Ports};
use crate::sessions::SessionQuery;
use crate::time::Timestamp;
use crate::violation::Violation;

use super::{User, UserSettings, login_names};

/// What a caller wants a user to be.
#[derive(Clone, Debug)]
pub struct UserDraft {
    /// All attributes but the password; they replace what was there.
    pub settings: UserSettings,
    /// What becomes of the password.
    pub password: PasswordChange,
}

/// What becomes of a user's password.
#[derive(Clone, Debug)]
pub enum PasswordChange {
    /// As it was.
    Keep,
    /// None any more: the user cannot log in with a password.
    Remove,
    /// This one; a hash made elsewhere is taken as it is ([`Import`]).
    Set(Password),
    /// This one, which somebody is to type: a hash made elsewhere is refused.
    Choose(Password),
}

impl PasswordChange {
    const fn password(&self) -> Option<&Password> {
        match self {
            Self::Set(password) | Self::Choose(password) => Some(password),
            Self::Keep | Self::Remove => None,
        }
    }
}

/// What becomes of the stored hash, once a new password has been hashed.
#[derive(Clone, Debug)]
pub enum HashChange {
    /// It stays.
    Keep,
    /// It goes.
    Remove,
    /// This takes its place.
    Set(PasswordHash),
}

const PARAMETERS: [Parameter; 6] = [
    Parameter::text("userName"),
    Parameter::text("email"),
    Parameter::text("name"),
    Parameter::token("identifier"),
    Parameter::token("inactive"),
    Parameter::token("roleName"),
];

impl Resource for User {
    const KIND: ResourceKind = ResourceKind::User;
    type Id = UserId;
    type Draft = UserDraft;
    type Ready = HashChange;

    fn id(&self) -> &UserId {
        &self.id
    }

    fn stamp(&self) -> Stamp {
        self.stamp
    }

    fn at(self, stamp: Stamp) -> Self {
        Self { stamp, ..self }
    }

    fn without_secrets(self) -> Self {
        Self {
            password: None,
            reset: None,
            ..self
        }
    }

    fn index(&self) -> Vec<IndexEntry> {
        let settings = &self.settings;
        let several = [
            ("userName", settings.user_name.as_slice()),
            ("email", settings.email.as_slice()),
            ("name", settings.names.as_slice()),
            ("identifier", settings.identifiers.as_slice()),
            ("roleName", settings.roles.as_slice()),
        ];
        let mut entries = vec![IndexEntry::new("inactive", settings.inactive.to_string())];
        for (parameter, values) in several {
            let values = values.iter();
            entries.extend(values.map(|value| IndexEntry::new(parameter, value.as_str())));
        }
        entries
    }

    fn parameters() -> &'static [Parameter] {
        &PARAMETERS
    }

    fn registry(ports: &Ports) -> &dyn Registry<Self> {
        &*ports.users
    }

    fn make_ready(
        server: &AuthorizationServer,
        id: &UserId,
        draft: &UserDraft,
    ) -> Result<Drafted<HashChange>, Fault> {
        let mut violations = violations(id, draft);
        let imported = draft
            .password
            .password()
            .map_or(Import::NoHash, |password| {
                server.ports.hasher.import(password.expose())
            });
        match (&imported, &draft.password) {
            (Import::NoHash, _) | (Import::Hash(_), PasswordChange::Set(_)) => {}
            (Import::Refused(problem), PasswordChange::Set(_)) => {
                violations.push(Violation::new("password", problem.as_str()));
            }
            _ => violations.push(Violation::new(
                "password",
                "is the hash of a password; the password itself is needed",
            )),
        }
        if !violations.is_empty() {
            return Ok(Err(violations));
        }
        Ok(Ok(match (imported, &draft.password) {
            (Import::Hash(hash), _) => HashChange::Set(hash),
            (_, PasswordChange::Keep) => HashChange::Keep,
            (_, PasswordChange::Remove) => HashChange::Remove,
            (_, PasswordChange::Set(password) | PasswordChange::Choose(password)) => {
                HashChange::Set(server.ports.hasher.hash(password)?)
            }
        }))
    }

    fn ready_as_it_is(
        server: &AuthorizationServer,
        current: Option<&Self>,
        draft: &UserDraft,
    ) -> Result<Option<HashChange>, Fault> {
        let (Some(password), Some(current)) = (draft.password.password(), current) else {
            return Ok(None);
        };
        let Some(stored) = &current.password else {
            return Ok(None);
        };
        if !violations(&current.id, draft).is_empty() {
            return Ok(None);
        }
        let check = server.ports.hasher.verify(password, Some(stored))?;
        Ok((check != PasswordCheck::Wrong).then_some(HashChange::Keep))
    }

    fn next(
        _server: &AuthorizationServer,
        current: Option<&Self>,
        wanted: Wanted<'_, Self>,
        now: Timestamp,
    ) -> Result<Drafted<WrittenResource<Self>>, Error> {
        let known = current.and_then(|user| user.password.clone());
        let password = match wanted.ready {
            HashChange::Set(hash) => Some(hash.clone()),
            HashChange::Remove => None,
            HashChange::Keep => known.clone(),
        };
        let reset = current.and_then(|user| user.reset);
        let next = Self {
            id: wanted.id.clone(),
            stamp: Stamp::kept(current.map(Self::stamp), now),
            reset: reset.filter(|_| password == known),
            password,
            settings: wanted.draft.settings.clone(),
        };
        Ok(Ok(next.into()))
    }

    fn ends_sessions(current: &Self, next: &Self, _now: Timestamp) -> bool {
        is_disabled(current, next) || current.password != next.password
    }

    fn side_events(current: Option<&Self>, next: &Self) -> Vec<EventKind> {
        let Some(current) = current else {
            return Vec::new();
        };
        let mut kinds = Vec::new();
        if is_disabled(current, next) {
            kinds.push(EventKind::UserDisabled);
        }
        if current.password != next.password {
            kinds.push(EventKind::UserPasswordChanged);
        }
        kinds
    }

    fn changes(current: &Self, next: &Self) -> Vec<&'static str> {
        differing!(current, next; "password": password, "userName": settings.user_name,
            "email": settings.email, "inactive": settings.inactive, "roles": settings.roles,
            "profile": settings.profile)
    }
}

impl SessionOwner for User {
    const SESSIONS_ENDED: EventKind = EventKind::UserSessionsEnded;

    fn live_sessions(id: &UserId, now: Timestamp) -> SessionQuery {
        SessionQuery::of_user(id.clone(), now)
    }
}

fn is_disabled(current: &User, next: &User) -> bool {
    !current.settings.inactive && next.settings.inactive
}

fn violations(id: &UserId, draft: &UserDraft) -> Vec<Violation> {
    let mut found = Vec::new();
    let settings = &draft.settings;
    let names = [
        ("userName", &settings.user_name),
        ("email", &settings.email),
    ];
    for (path, name) in names {
        if let Some(name) = name
            && let Err(invalid) = super::LoginName::parse(name)
        {
            found.push(Violation::new(path, invalid.to_string()));
        }
    }
    if found.is_empty()
        && let Err(invalid) = login_names(id, settings)
    {
        found.push(Violation::new("id", invalid.to_string()));
    }
    if let Some(password) = draft.password.password()
        && !(1..=Password::LONGEST).contains(&password.expose().len())
    {
        let longest = Password::LONGEST;
        found.push(Violation::new(
            "password",
            format!("must have 1 to {longest} bytes"),
        ));
    }
    found
}

#[cfg(test)]
mod tests;
