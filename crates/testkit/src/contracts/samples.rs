//! Values to store: every member set, so that none can be lost unnoticed.

#![expect(
    clippy::missing_panics_doc,
    clippy::unwrap_used,
    reason = "a sample that cannot be made fails its test"
)]

use std::net::{IpAddr, Ipv6Addr};

use grantor_domain::access::{AccessPolicy, Link, PolicySettings, Rule};
use grantor_domain::caller::Subject;
use grantor_domain::clients::{
    Client, ClientCredentialsSettings, ClientSettings, FurtherSecret, PasswordSettings,
    RefreshPolicy, WebOrigin,
};
use grantor_domain::document::Document;
use grantor_domain::event::{Event, EventKind};
use grantor_domain::grants::GrantType;
use grantor_domain::id::{ClientId, PolicyId, RoleId, SessionId, TokenId, UserId};
use grantor_domain::origin::Origin;
use grantor_domain::reason::Reason;
use grantor_domain::resources::ResourceKind;
use grantor_domain::revision::{Epoch, Generation, Stamp};
use grantor_domain::roles::{Role, RoleSettings};
use grantor_domain::scope::Scope;
use grantor_domain::secret::{ClientSecret, PasswordHash, SecretHash, TokenHash, TokenValue};
use grantor_domain::sessions::{
    AccessState, Bond, RefreshState, Session, SessionState, SessionType,
};
use grantor_domain::time::{Lifetime, Timestamp};
use grantor_domain::tokens::TokenFormat;
use grantor_domain::users::{PasswordReset, User, UserSettings};

/// The instant samples are made at: 2026-01-01T00:00:00.000001Z, so that a lost microsecond shows.
pub const NOW: Timestamp = Timestamp::from_micros(1_767_225_600_000_001);

/// `seconds` after [`NOW`].
#[must_use]
pub fn after(seconds: u32) -> Timestamp {
    NOW.plus(Lifetime::from_seconds(seconds))
}

/// The hash of a made-up token.
#[must_use]
pub fn token(name: &str) -> TokenHash {
    TokenHash::of(&TokenValue::new(name.to_owned()))
}

/// A client id.
#[must_use]
pub fn client_id(id: &str) -> ClientId {
    ClientId::parse(id).unwrap()
}

/// A user id.
#[must_use]
pub fn user_id(id: &str) -> UserId {
    UserId::parse(id).unwrap()
}

/// A session id.
#[must_use]
pub fn session_id(id: &str) -> SessionId {
    SessionId::parse(id).unwrap()
}

fn document() -> Document {
    let object =
        r#"{"nested": {"list": [1, -2.5, null, true], "text": "é\u0000\n"}, "z": 1, "a": ""}"#;
    Document::new(serde_json::from_str(object).unwrap())
}

fn secret(text: &str) -> SecretHash {
    SecretHash::of(&ClientSecret::new(text.to_owned()))
}

/// A client with no member at its default.
#[must_use]
pub fn client(id: &str) -> Client {
    Client {
        id: client_id(id),
        stamp: Stamp::first(NOW),
        secret: Some(secret("secret")),
        secrets: vec![
            FurtherSecret {
                id: "second".to_owned(),
                hash: secret("second"),
                created: NOW,
                expires: Some(after(3600)),
            },
            FurtherSecret {
                id: "third".to_owned(),
                hash: secret("third"),
                created: after(1),
                expires: None,
            },
        ],
        settings: ClientSettings {
            name: Some("An app".to_owned()),
            description: Some("For \"tests\"".to_owned()),
            kind: Some("web".to_owned()),
            first_party: true,
            active: true,
            grant_types: GrantType::ALL.to_vec(),
            scope: Scope::parse("read write").unwrap(),
            default_scope: Scope::parse("read").unwrap(),
            allowed_ips: vec![
                "192.0.2.7/32".parse().unwrap(),
                "2001:db8::/32".parse().unwrap(),
            ],
            allowed_origins: vec![WebOrigin::parse("https://app.example").unwrap()],
            password: PasswordSettings {
                token_format: TokenFormat::Jwt,
                access_token_expiration: Some(Lifetime::from_seconds(61)),
                refresh_token: true,
                refresh_token_expiration: Some(Lifetime::from_seconds(62)),
                refresh_token_idle: Some(Lifetime::from_seconds(63)),
                refresh_token_format: TokenFormat::Jwt,
                secret_required: Some(false),
                audience: vec!["https://api.example".to_owned()],
                refresh_policy: RefreshPolicy::Static,
                userinfo: false,
                sunset: Some(after(64)),
            },
            client_credentials: ClientCredentialsSettings {
                token_format: TokenFormat::Jwt,
                access_token_expiration: Some(Lifetime::from_seconds(65)),
                audience: vec!["https://other.example".to_owned()],
            },
            introspect_any: true,
            details: document(),
        },
    }
}

/// A user with no member at its default but `inactive`; it logs in with its id, `<id>-name` and
/// `<id>@example.com`.
#[must_use]
pub fn user(id: &str) -> User {
    User {
        id: user_id(id),
        stamp: Stamp::first(NOW),
        password: Some(PasswordHash::new("$hash$".to_owned())),
        reset: Some(PasswordReset {
            hash: token("reset"),
            expires: after(900),
        }),
        settings: UserSettings {
            user_name: Some(format!("{id}-Name")),
            email: Some(format!("{id}@example.com")),
            inactive: false,
            roles: vec!["clerk".to_owned()],
            names: vec!["Amy Example".to_owned()],
            identifiers: vec!["1".to_owned(), "urn:x|1".to_owned()],
            profile: document(),
        },
    }
}

/// A live session of client `app` and user `amy`, with every member set. Its tokens are named
/// `access-<id>`, `refresh-<id>` and, the one before it, `previous-<id>`.
#[must_use]
pub fn session(id: &str) -> Session {
    Session {
        id: session_id(id),
        kind: SessionType::Password,
        client: Bond {
            id: client_id("app"),
            epoch: Epoch::FIRST,
        },
        user: Some(Bond {
            id: user_id("amy"),
            epoch: Epoch::FIRST,
        }),
        scope: Scope::parse("read write").unwrap(),
        audience: vec!["https://api.example".to_owned(), "b".to_owned()],
        access: AccessState {
            hash: token(&format!("access-{id}")),
            id: TokenId::parse("jti-1").unwrap(),
            scope: Scope::parse("read").unwrap(),
            audience: vec!["https://api.example".to_owned()],
            issued: NOW.floor_second(),
            expires: after(3600).floor_second(),
        },
        refresh: Some(RefreshState {
            hash: token(&format!("refresh-{id}")),
            previous: Some(token(&format!("previous-{id}"))),
            expires: after(86_400),
            idle: Some(Lifetime::from_seconds(7200)),
        }),
        state: SessionState::Open,
        generation: Generation::FIRST,
        start: NOW,
        last_used: after(1),
        updated: after(2),
        origin: Origin {
            address: Some(IpAddr::V6(Ipv6Addr::LOCALHOST)),
            user_agent: Some("Mozilla/5.0 (é)".to_owned()),
            request_id: None,
        },
    }
}

/// The next generation of a session, as a refresh makes it: a new pair named after `name`.
#[must_use]
pub fn refreshed(session: &Session, name: &str) -> Session {
    let refresh = session.refresh.as_ref().map(|refresh| RefreshState {
        hash: token(&format!("refresh-{name}")),
        previous: Some(refresh.hash),
        ..refresh.clone()
    });
    Session {
        access: AccessState {
            hash: token(&format!("access-{name}")),
            ..session.access.clone()
        },
        refresh,
        generation: session.generation.next(),
        ..session.clone()
    }
}

/// An event with every member set.
#[must_use]
pub fn event() -> Event {
    let origin = Origin {
        address: Some(IpAddr::V6(Ipv6Addr::LOCALHOST)),
        user_agent: None,
        request_id: Some("request-1".to_owned()),
    };
    let mut event = Event::new(EventKind::SessionEnded, NOW)
        .because(Reason::SessionClosed)
        .client(&client_id("app"))
        .user(&user_id("amy"))
        .session(&session_id("s1"))
        .from(&origin)
        .about(ResourceKind::Role, "r1");
    event.actor = Some(Subject::Client(client_id("root")));
    event.changes = vec!["name", "secret"];
    event
}

/// A role with no member at its default.
#[must_use]
pub fn role(id: &str, user: &str, name: &str) -> Role {
    Role {
        id: RoleId::parse(id).unwrap(),
        stamp: Stamp::first(NOW),
        settings: RoleSettings {
            name: name.to_owned(),
            description: Some("A role".to_owned()),
            user: user_id(user),
            links: document(),
            context: document(),
        },
    }
}

/// A policy with no member at its default.
#[must_use]
pub fn policy(id: &str) -> AccessPolicy {
    AccessPolicy {
        id: PolicyId::parse(id).unwrap(),
        stamp: Stamp::first(NOW),
        settings: PolicySettings {
            description: Some("A policy".to_owned()),
            links: vec![
                Link::User(user_id("amy")),
                Link::Client(client_id("the app/%")),
                Link::Role(RoleId::parse("r1").unwrap()),
            ],
            role_name: Some("clerk".to_owned()),
            rule: Rule::All(vec![
                Rule::Allow,
                Rule::Any(vec![
                    Rule::Matcho(document()),
                    Rule::Cedar("permit".to_owned()),
                ]),
            ]),
        },
    }
}
