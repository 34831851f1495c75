//! Asking the world's server, and reading its answers.

use grantor_domain::Error;
use grantor_domain::access::{Link, PolicySettings, Rule};
use grantor_domain::caller::{Call, Caller};
use grantor_domain::clients::{ClientCredentials, ClientSettings, PasswordSettings};
use grantor_domain::document::Document;
use grantor_domain::event::EventKind;
use grantor_domain::grants::{Grant, GrantType, TokenRequest};
use grantor_domain::id::{ClientId, PolicyId, RoleId, SessionId, UserId};
use grantor_domain::ports::Registry;
use grantor_domain::reason::Reason;
use grantor_domain::revision::{Condition, Stamp};
use grantor_domain::roles::RoleSettings;
use grantor_domain::scope::Scope;
use grantor_domain::secret::{ClientSecret, Password, TokenValue};
use grantor_domain::time::Lifetime;
use grantor_domain::tokens::{ActiveToken, CallerCredentials, Introspection, TokenResponse};
use grantor_domain::users::{User, UserSettings};
use grantor_testkit::World;
use grantor_testkit::world::{credentials, password_client};

/// The world of the seeds, with a second client (`other` / `othersecret`) and a second user (`amy` / `amypass`).
pub(crate) fn world() -> World {
    let world = World::default();
    world.put_client("other", Some("othersecret"), password_client());
    world.put_user("amy", "amypass", UserSettings::default());
    world
}

/// The seeds' world whose client has other `auth.password` settings.
pub(crate) fn world_with(password: PasswordSettings) -> World {
    let world = world();
    world.put_client("myapp", Some("verysecret"), with_password(password));
    world
}

/// Client settings with the password grant and these `auth.password` settings.
pub(crate) fn with_password(password: PasswordSettings) -> ClientSettings {
    ClientSettings {
        password,
        ..password_client()
    }
}

pub(crate) fn scoped(scope: &str, default_scope: &str) -> ClientSettings {
    ClientSettings {
        scope: Scope::parse(scope).unwrap(),
        default_scope: Scope::parse(default_scope).unwrap(),
        ..password_client()
    }
}

pub(crate) fn password_grant(username: &str, password: &str) -> Grant {
    Grant::Password {
        username: username.into(),
        password: Password::new(password.into()),
    }
}

pub(crate) fn refresh_grant(refresh_token: &TokenValue) -> Grant {
    let refresh_token = refresh_token.clone();
    Grant::RefreshToken { refresh_token }
}

/// The right password grant, from `myapp` for `user`.
pub(crate) fn login() -> TokenRequest {
    World::request(password_grant("user", "password"))
}

/// The same request from another client.
pub(crate) fn from_client(request: TokenRequest, id: &str, secret: Option<&str>) -> TokenRequest {
    TokenRequest {
        client: Some(credentials(id, secret)),
        ..request
    }
}

pub(crate) fn asking_for(request: TokenRequest, scope: &str) -> TokenRequest {
    TokenRequest {
        scope: Some(Scope::parse(scope).unwrap()),
        ..request
    }
}

pub(crate) fn for_audience(request: TokenRequest, audience: &[&str]) -> TokenRequest {
    TokenRequest {
        audience: audience.iter().map(|&a| a.to_owned()).collect(),
        ..request
    }
}

/// The refresh token of an answer.
pub(crate) fn refresh_of(response: &TokenResponse) -> TokenValue {
    response.refresh_token.clone().unwrap()
}

pub(crate) fn myapp() -> ClientCredentials {
    credentials("myapp", Some("verysecret"))
}

pub(crate) fn other() -> ClientCredentials {
    credentials("other", Some("othersecret"))
}

/// What an asker learns of a token.
pub(crate) fn introspect(
    world: &World,
    shown: &CallerCredentials,
    token: &TokenValue,
) -> Result<Introspection, Error> {
    world
        .server
        .introspect(Some(shown), token, &Call::default())
}

pub(crate) fn introspect_as(
    world: &World,
    shown: ClientCredentials,
    token: &TokenValue,
) -> Option<ActiveToken> {
    let shown = CallerCredentials::Basic(shown);
    match introspect(world, &shown, token).unwrap() {
        Introspection::Active(active) => Some(*active),
        Introspection::Inactive => None,
    }
}

/// What `myapp` learns of a token.
pub(crate) fn active(world: &World, token: &TokenValue) -> Option<ActiveToken> {
    introspect_as(world, myapp(), token)
}

pub(crate) fn is_active(world: &World, token: &TokenValue) -> bool {
    active(world, token).is_some()
}

/// Whether the tokens of an answer both live.
pub(crate) fn lives(world: &World, pair: &TokenResponse) -> bool {
    let access = is_active(world, &pair.access_token);
    let refresh = is_active(world, &refresh_of(pair));
    assert_eq!(
        access, refresh,
        "one token of the pair lives without the other"
    );
    access
}

pub(crate) fn session_of(world: &World, token: &TokenValue) -> SessionId {
    active(world, token).unwrap().session.id
}

pub(crate) fn bearer(response: &TokenResponse) -> CallerCredentials {
    CallerCredentials::Bearer(response.access_token.clone())
}

/// A user who calls with an access token.
pub(crate) fn caller(world: &World, username: &str, password: &str) -> Caller {
    let response = world.log_in(username, password).unwrap();
    identify(world, &bearer(&response)).unwrap()
}

/// Who calls with these credentials.
pub(crate) fn identify(world: &World, shown: &CallerCredentials) -> Result<Caller, Error> {
    world.server.identify(Some(shown), &Call::default())
}

/// A client without rights that calls with its id and secret.
pub(crate) fn client_caller(world: &World) -> Caller {
    let settings = ClientSettings {
        grant_types: vec![GrantType::Basic],
        ..ClientSettings::default()
    };
    world.put_client("backend", Some("backendsecret"), settings);
    let shown = CallerCredentials::Basic(credentials("backend", Some("backendsecret")));
    identify(world, &shown).unwrap()
}

/// The user `admin`, made from the operator's password, calling through `myapp`.
pub(crate) fn administrator(world: &World) -> Caller {
    let password = Password::new("adminpass".into());
    let secret = ClientSecret::new("rootsecret".into());
    world
        .server
        .bootstrap(Some(secret), Some(password))
        .unwrap();
    caller(world, "admin", "adminpass")
}

/// Whether a caller may read a client and write a role: nobody may without a policy.
pub(crate) fn administers(world: &World, caller: &Caller) -> bool {
    let reads = world.server.read(caller, &client_id("myapp")).is_ok();
    let draft = role("probe", "amy");
    let written = world
        .server
        .put(caller, &role_id("probe"), &draft, Condition::Any);
    assert_eq!(
        reads,
        written.is_ok(),
        "it may read and not write, or write and not read"
    );
    reads
}

/// A user as it is stored.
pub(crate) fn find_user(world: &World, id: &str) -> Option<User> {
    Registry::<User>::find(&world.memory, &user_id(id)).unwrap()
}

/// What a policy is to be.
pub(crate) fn policy(links: Vec<Link>, role_name: Option<&str>, rule: Rule) -> PolicySettings {
    PolicySettings {
        description: None,
        links,
        role_name: role_name.map(str::to_owned),
        rule,
    }
}

/// The link of a policy to a user.
pub(crate) fn of_user(id: &str) -> Vec<Link> {
    vec![Link::User(user_id(id))]
}

/// A rule in words: see `PlainPolicyEngine`.
pub(crate) fn cedar(text: &str) -> Rule {
    Rule::Cedar(text.into())
}

/// Writes a policy as the operator.
pub(crate) fn put_policy(world: &World, id: &str, draft: &PolicySettings) -> Stamp {
    world.put(&policy_id(id), draft).resource.stamp
}

/// What a role is to be.
pub(crate) fn role(name: &str, user: &str) -> RoleSettings {
    RoleSettings {
        name: name.into(),
        description: None,
        user: user_id(user),
        links: Document::default(),
        context: Document::default(),
    }
}

/// Gives a role to a user as the operator.
pub(crate) fn put_role(world: &World, id: &str, draft: &RoleSettings) -> Stamp {
    world.put(&role_id(id), draft).resource.stamp
}

pub(crate) fn advance(world: &World, seconds: u32) {
    world.clock.advance(Lifetime::from_seconds(seconds));
}

/// The kinds of all events since `seen` were counted.
pub(crate) fn events_since(world: &World, seen: usize) -> Vec<EventKind> {
    let events = world.memory.events();
    events[seen..].iter().map(|event| event.kind).collect()
}

/// The reason of a refusal.
pub(crate) fn refused<T>(answer: Result<T, Error>) -> Reason {
    match answer {
        Err(Error::Refused(reason)) => reason,
        Err(Error::Fault(fault)) => panic!("a fault, not a refusal: {fault}"),
        Ok(_) => panic!("not refused"),
    }
}

pub(crate) fn client_id(text: &str) -> ClientId {
    ClientId::parse(text).unwrap()
}

pub(crate) fn role_id(text: &str) -> RoleId {
    RoleId::parse(text).unwrap()
}

pub(crate) fn policy_id(text: &str) -> PolicyId {
    PolicyId::parse(text).unwrap()
}

pub(crate) fn user_id(text: &str) -> UserId {
    UserId::parse(text).unwrap()
}
