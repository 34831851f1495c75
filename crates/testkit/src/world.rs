//! An authorization server over the in-memory adapters, ready to be asked.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use grantor_domain::access::{Link, PolicySettings, Rule};
use grantor_domain::caller::Caller;
use grantor_domain::clients::{
    ClientAuthMethod, ClientCredentials, ClientDraft, ClientSettings, PasswordSettings,
    SecretChange,
};
use grantor_domain::error::Error;
use grantor_domain::grants::{Grant, GrantType, TokenRequest};
use grantor_domain::id::{ClientId, PolicyId, UserId};
use grantor_domain::origin::Origin;
use grantor_domain::policy::Policy;
use grantor_domain::ports::Randomness;
use grantor_domain::resources::{Identifier, Resource, WrittenResource};
use grantor_domain::revision::Condition;
use grantor_domain::secret::{ClientSecret, Password, TokenValue};
use grantor_domain::server::AuthorizationServer;
use grantor_domain::tokens::TokenResponse;
use grantor_domain::users::{PasswordChange, UserDraft, UserSettings};
use grantor_domain::violation::PutOutcome;

use crate::{ManualClock, Memory, SeededRandomness};

/// The seeds' client (`myapp` / `verysecret`, password and refresh on) and user (`user` / `password`)
/// on a server whose clock stands still.
#[derive(Debug)]
pub struct World {
    /// The server.
    pub server: AuthorizationServer,
    /// Its store.
    pub memory: Memory,
    /// Its clock.
    pub clock: Arc<ManualClock>,
}

impl Default for World {
    fn default() -> Self {
        let world = Self::empty(Policy::new("https://auth.example"));
        world.put_client("myapp", Some("verysecret"), password_client());
        world.put_user(
            "user",
            "password",
            UserSettings {
                email: Some("user@mail.com".to_owned()),
                ..UserSettings::default()
            },
        );
        world
    }
}

/// The settings of the seeds' client, with refresh tokens.
#[must_use]
pub fn password_client() -> ClientSettings {
    ClientSettings {
        grant_types: vec![GrantType::Password],
        password: PasswordSettings {
            refresh_token: true,
            ..PasswordSettings::default()
        },
        ..ClientSettings::default()
    }
}

/// How a client shows itself in a test: in the body, with or without a secret.
#[must_use]
pub fn credentials(id: &str, secret: Option<&str>) -> ClientCredentials {
    ClientCredentials {
        method: if secret.is_some() {
            ClientAuthMethod::Post
        } else {
            ClientAuthMethod::None
        },
        id: id.to_owned(),
        secret: secret.map(|secret| ClientSecret::new(secret.to_owned())),
    }
}

impl World {
    /// A server with every grant and nobody in it.
    #[must_use]
    pub fn empty(policy: Policy) -> Self {
        let memory = Memory::default();
        let clock = Arc::new(ManualClock::default());
        let randomness: Arc<dyn Randomness> = Arc::new(SeededRandomness::default());
        let ports = memory.ports(clock.clone(), randomness);
        let server = GrantType::ALL.into_iter().fold(
            AuthorizationServer::new(ports, policy),
            AuthorizationServer::enable_grant_type,
        );
        Self {
            server,
            memory,
            clock,
        }
    }

    /// Writes a resource as the operator.
    ///
    /// # Panics
    /// When the server does not take it.
    #[expect(clippy::panic, reason = "a world that cannot be made fails its test")]
    pub fn put<I: Identifier>(
        &self,
        id: &I,
        draft: &<I::Resource as Resource>::Draft,
    ) -> WrittenResource<I::Resource> {
        let outcome = self
            .server
            .put(&Caller::operator(), id, draft, Condition::Any);
        match outcome {
            Ok(PutOutcome::Created(written) | PutOutcome::Updated(written)) => written,
            other => panic!("{id} was not written: {other:?}"),
        }
    }

    /// Writes a client.
    pub fn put_client(&self, id: &str, secret: Option<&str>, settings: ClientSettings) {
        let secret = secret.map_or(SecretChange::Keep, |secret| {
            SecretChange::Set(ClientSecret::new(secret.to_owned()))
        });
        let draft = ClientDraft::new(settings, secret);
        self.put(&ClientId::from_row(id.to_owned()), &draft);
    }

    /// Writes a user.
    pub fn put_user(&self, id: &str, password: &str, settings: UserSettings) {
        let password = PasswordChange::Set(Password::new(password.to_owned()));
        let draft = UserDraft { settings, password };
        self.put(&UserId::from_row(id.to_owned()), &draft);
    }

    /// Writes a policy that lets these do everything.
    pub fn allow(&self, links: Vec<Link>) {
        let settings = PolicySettings {
            description: None,
            links,
            role_name: None,
            rule: Rule::Allow,
        };
        self.put(&PolicyId::from_row("allow".to_owned()), &settings);
    }

    /// A token request from `myapp`, as its seed makes it.
    #[must_use]
    pub fn request(grant: Grant) -> TokenRequest {
        TokenRequest {
            client: Some(credentials("myapp", Some("verysecret"))),
            origin: Origin {
                address: Some(IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1))),
                user_agent: Some("test".to_owned()),
                request_id: None,
            },
            scope: None,
            audience: Vec::new(),
            grant,
        }
    }

    /// The password grant of `username` through `myapp`.
    ///
    /// # Errors
    /// Those of the workflow.
    pub fn log_in(&self, username: &str, password: &str) -> Result<TokenResponse, Error> {
        self.server.token(&Self::request(Grant::Password {
            username: username.to_owned(),
            password: Password::new(password.to_owned()),
        }))
    }

    /// The refresh grant through `myapp`.
    ///
    /// # Errors
    /// Those of the workflow.
    pub fn refresh(&self, refresh_token: &TokenValue) -> Result<TokenResponse, Error> {
        let refresh_token = refresh_token.clone();
        self.server
            .token(&Self::request(Grant::RefreshToken { refresh_token }))
    }
}
