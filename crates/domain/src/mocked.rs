//! A server over mocks, for rules about what must and what must not happen. A mock without an
//! expectation fails its test when it is called.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use crate::Fault;
use crate::caller::Caller;
use crate::clients::{
    Client, ClientAuthMethod, ClientCredentials, ClientSettings, PasswordSettings,
};
use crate::error::Error;
use crate::grants::{Grant, GrantType, TokenRequest};
use crate::id::{ClientId, SessionId, TokenId, UserId};
use crate::origin::Origin;
use crate::policy::Policy;
use crate::ports::{
    Debited, Found, MockBrowserNotes, MockClientRegistry, MockClock, MockEventLog,
    MockFamiliarNetworks, MockNoteSealer, MockPasswordHasher, MockPasswordJudge, MockPolicyEngine,
    MockPolicyStore, MockPortraits, MockRandomness, MockResourceChanges, MockRoleStore,
    MockSessionStore, MockSigningKeys, MockThrottle, MockTokenSigner, MockUserDirectory, Standing,
};
use crate::reason::Reason;
use crate::revision::{Epoch, Generation, Stamp};
use crate::scope::Scope;
use crate::secret::{ClientSecret, Password, PasswordHash, SecretHash, TokenHash, TokenValue};
use crate::server::{AuthorizationServer, Ports};
use crate::sessions::{AccessState, Bond, RefreshState, Session, SessionState, SessionType};
use crate::time::{Lifetime, Timestamp};
use crate::tokens::{TokenKind, mint};
use crate::users::{User, UserSettings};

/// When everything happens.
pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_767_225_600);

/// The one answer of a store that is away.
pub(crate) fn away() -> Fault {
    Fault::Unavailable("the store is away".into())
}

/// Every port as a mock. The clock stands at [`NOW`] and randomness is all sevens; nothing else
/// expects to be called.
pub(crate) struct Mocked {
    pub(crate) sessions: MockSessionStore,
    pub(crate) clients: MockClientRegistry,
    pub(crate) users: MockUserDirectory,
    pub(crate) roles: MockRoleStore,
    pub(crate) policies: MockPolicyStore,
    pub(crate) policy_engine: MockPolicyEngine,
    pub(crate) portraits: MockPortraits,
    pub(crate) resources: MockResourceChanges,
    pub(crate) throttle: MockThrottle,
    pub(crate) familiar: MockFamiliarNetworks,
    pub(crate) events: MockEventLog,
    pub(crate) hasher: MockPasswordHasher,
    pub(crate) signer: MockTokenSigner,
}

impl Mocked {
    pub(crate) fn new() -> Self {
        Self {
            sessions: MockSessionStore::new(),
            clients: MockClientRegistry::new(),
            users: MockUserDirectory::new(),
            roles: MockRoleStore::new(),
            policies: MockPolicyStore::new(),
            policy_engine: MockPolicyEngine::new(),
            portraits: MockPortraits::new(),
            resources: MockResourceChanges::new(),
            throttle: MockThrottle::new(),
            familiar: MockFamiliarNetworks::new(),
            events: MockEventLog::new(),
            hasher: MockPasswordHasher::new(),
            signer: MockTokenSigner::new(),
        }
    }

    /// With a client in the registry.
    pub(crate) fn knows_client(mut self, client: Client) -> Self {
        self.clients
            .expect_find()
            .returning(move |id| Ok((*id == client.id).then(|| client.clone())));
        self
    }

    /// With budgets that have room.
    pub(crate) fn has_budget(mut self) -> Self {
        self.throttle
            .expect_debit()
            .returning(|_, _| Ok(Debited::Granted));
        self.comes_from(None)
    }

    /// With a last success from wherever it is asked.
    pub(crate) fn comes_from(mut self, last_success: Option<Timestamp>) -> Self {
        self.familiar
            .expect_last_success()
            .returning(move |_| Ok(last_success));
        self
    }

    /// With a user behind every name.
    pub(crate) fn knows_user(mut self, user: Option<User>) -> Self {
        self.users
            .expect_find_by_name()
            .returning(move |_| Ok(user.clone()));
        self
    }

    /// With a log that takes so many entries.
    pub(crate) fn logs(mut self, times: usize) -> Self {
        self.events
            .expect_append()
            .times(times)
            .returning(|_| Ok(()));
        self
    }

    /// With a session behind every key.
    pub(crate) fn finds(mut self, found: Option<Found>) -> Self {
        self.sessions
            .expect_find()
            .returning(move |_| Ok(found.clone()));
        self
    }

    /// The server that is tested, with every grant.
    pub(crate) fn server(self) -> AuthorizationServer {
        let mut clock = MockClock::new();
        clock.expect_now().return_const(NOW);
        let mut randomness = MockRandomness::new();
        randomness.expect_fill().returning(|bytes| {
            bytes.fill(7);
            Ok(())
        });
        let ports = Ports {
            sessions: Arc::new(self.sessions),
            notes: Arc::new(MockBrowserNotes::new()),
            note_sealer: Arc::new(MockNoteSealer::new()),
            clients: Arc::new(self.clients),
            users: Arc::new(self.users),
            roles: Arc::new(self.roles),
            policies: Arc::new(self.policies),
            policy_engine: Arc::new(self.policy_engine),
            portraits: Arc::new(self.portraits),
            password_judge: Arc::new(MockPasswordJudge::new()),
            resources: Arc::new(self.resources),
            throttle: Arc::new(self.throttle),
            familiar: Arc::new(self.familiar),
            events: Arc::new(self.events),
            hasher: Arc::new(self.hasher),
            signer: Arc::new(self.signer),
            keys: Arc::new(MockSigningKeys::new()),
            clock: Arc::new(clock),
            randomness: Arc::new(randomness),
        };
        GrantType::ALL.into_iter().fold(
            AuthorizationServer::new(ports, Policy::new("https://auth.example")),
            AuthorizationServer::enable_grant_type,
        )
    }
}

/// `myapp` with secret `verysecret`, the password grant and refresh tokens.
pub(crate) fn client() -> Client {
    Client {
        id: ClientId::from_row("myapp".into()),
        stamp: Stamp::first(NOW),
        secret: Some(SecretHash::of(&ClientSecret::new("verysecret".into()))),
        secrets: Vec::new(),
        settings: ClientSettings {
            grant_types: vec![GrantType::Password],
            password: PasswordSettings {
                refresh_token: true,
                ..PasswordSettings::default()
            },
            ..ClientSettings::default()
        },
    }
}

pub(crate) fn user() -> User {
    User {
        id: UserId::from_row("user".into()),
        stamp: Stamp::first(NOW),
        password: Some(PasswordHash::new("stored".into())),
        reset: None,
        settings: UserSettings::default(),
    }
}

pub(crate) fn credentials() -> ClientCredentials {
    ClientCredentials {
        method: ClientAuthMethod::Basic,
        id: "myapp".into(),
        secret: Some(ClientSecret::new("verysecret".into())),
    }
}

fn request(grant: Grant) -> TokenRequest {
    TokenRequest {
        client: Some(credentials()),
        origin: Origin {
            address: Some(IpAddr::V4(Ipv4Addr::LOCALHOST)),
            ..Origin::default()
        },
        scope: None,
        audience: Vec::new(),
        grant,
    }
}

pub(crate) fn password_request(username: &str, password: &str) -> TokenRequest {
    request(Grant::Password {
        username: username.into(),
        password: Password::new(password.into()),
    })
}

pub(crate) fn refresh_request(refresh_token: TokenValue) -> TokenRequest {
    request(Grant::RefreshToken { refresh_token })
}

pub(crate) fn access_token(number: u8) -> TokenValue {
    mint(TokenKind::Access, &[number; 32])
}

pub(crate) fn refresh_token(number: u8) -> TokenValue {
    mint(TokenKind::Refresh, &[number; 32])
}

/// A live session of `myapp` and `user` at pair 2: its access token is number 2, its refresh token
/// number 2, and number 1 is the previous one.
pub(crate) fn session() -> Session {
    Session {
        id: SessionId::from_row("session-1".into()),
        kind: SessionType::Password,
        client: Bond {
            id: ClientId::from_row("myapp".into()),
            epoch: Epoch::FIRST,
        },
        user: Some(Bond {
            id: UserId::from_row("user".into()),
            epoch: Epoch::FIRST,
        }),
        scope: Scope::default(),
        audience: Vec::new(),
        access: AccessState {
            hash: TokenHash::of(&access_token(2)),
            id: TokenId::from_row("token-2".into()),
            scope: Scope::default(),
            audience: Vec::new(),
            issued: NOW,
            expires: NOW.plus(Lifetime::from_seconds(3600)),
        },
        refresh: Some(RefreshState {
            hash: TokenHash::of(&refresh_token(2)),
            previous: Some(TokenHash::of(&refresh_token(1))),
            expires: NOW.plus(Lifetime::from_days(30)),
            idle: None,
        }),
        state: SessionState::Open,
        generation: Generation::FIRST.next(),
        start: NOW,
        last_used: NOW,
        updated: NOW,
        origin: Origin::default(),
    }
}

/// A session whose client and user stand as they did.
pub(crate) fn found(session: Session) -> Found {
    let standing = Standing {
        epoch: Epoch::FIRST,
        active: true,
        user_name: None,
    };
    Found {
        session,
        client: Some(standing.clone()),
        user: Some(standing),
    }
}

/// The reason of a refusal.
pub(crate) fn refused<T>(answer: Result<T, Error>) -> Reason {
    match answer {
        Err(Error::Refused(reason)) => reason,
        Err(Error::Fault(fault)) => panic!("a fault, not a refusal: {fault}"),
        Ok(_) => panic!("not refused"),
    }
}

/// The fault of an outside failure.
pub(crate) fn fault<T>(answer: Result<T, Error>) -> Fault {
    match answer {
        Err(Error::Fault(fault)) => fault,
        Err(Error::Refused(reason)) => panic!("a refusal, not a fault: {reason:?}"),
        Ok(_) => panic!("no fault"),
    }
}

/// Somebody who may do everything.
pub(crate) fn operator() -> Caller {
    Caller::operator()
}
