//! Security events as values. A change carries its events into the same commit.

use std::net::IpAddr;

use crate::caller::{Caller, Subject};
use crate::id::{ClientId, SessionId, UserId};
use crate::origin::Origin;
use crate::reason::Reason;
use crate::resources::{Lifecycle, ResourceKind};
use crate::time::Timestamp;

/// What happened: a closed list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EventKind {
    /// A session was opened by a token request.
    SessionCreated,
    /// A session was closed.
    SessionEnded,
    /// A token pair was rotated or issued again.
    TokenRefreshed,
    /// A token was revoked by its client.
    TokenRevoked,
    /// A spent refresh token came back; its session was closed.
    TokenReuseDetected,
    /// A token request was refused.
    TokenRefused,
    /// A password was right and the session was opened for its user.
    LoginOk,
    /// A password or a user name was wrong, or the user is inactive.
    LoginFailed,
    /// A password check was refused before it was made.
    LoginThrottled,
    /// No policy permits what a caller wanted.
    AuthorizationDenied,
    /// A user was written for the first time.
    UserCreated,
    /// A user was written again.
    UserChanged,
    /// A user was removed.
    UserRemoved,
    /// A user was switched off.
    UserDisabled,
    /// A user has another password, or none any more.
    UserPasswordChanged,
    /// A user must choose another password; a link was issued.
    UserPasswordReset,
    /// All sessions of a user were ended.
    UserSessionsEnded,
    /// A client was written for the first time.
    ClientCreated,
    /// A client was written again.
    ClientChanged,
    /// A client was removed.
    ClientRemoved,
    /// A client was switched off.
    ClientDisabled,
    /// A client has other secrets.
    ClientSecretRotated,
    /// All sessions of a client were ended.
    ClientSessionsEnded,
    /// A role was given.
    RoleCreated,
    /// A role was changed.
    RoleChanged,
    /// A role was taken away.
    RoleRemoved,
    /// An access policy was written for the first time.
    PolicyCreated,
    /// An access policy was written again.
    PolicyChanged,
    /// An access policy was removed.
    PolicyRemoved,
    /// A signing key was made.
    KeyCreated,
    /// A signing key was told to end.
    KeyRetired,
    /// The first administrators were made.
    AdminBootstrap,
    /// The program started with its configuration.
    ConfigLoaded,
    /// The schema was migrated.
    MigrationApplied,
    /// The chain of events was verified.
    AuditVerified,
    /// A backup of the store was taken.
    BackupTaken,
    /// The store was made of a backup.
    BackupRestored,
    /// All that is sealed under the master key was sealed under another one.
    KeysRewrapped,
    /// The store was moved here from another database.
    StoreMoved,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 39] = [
        Self::SessionCreated,
        Self::SessionEnded,
        Self::TokenRefreshed,
        Self::TokenRevoked,
        Self::TokenReuseDetected,
        Self::TokenRefused,
        Self::LoginOk,
        Self::LoginFailed,
        Self::LoginThrottled,
        Self::AuthorizationDenied,
        Self::UserCreated,
        Self::UserChanged,
        Self::UserRemoved,
        Self::UserDisabled,
        Self::UserPasswordChanged,
        Self::UserPasswordReset,
        Self::UserSessionsEnded,
        Self::ClientCreated,
        Self::ClientChanged,
        Self::ClientRemoved,
        Self::ClientDisabled,
        Self::ClientSecretRotated,
        Self::ClientSessionsEnded,
        Self::RoleCreated,
        Self::RoleChanged,
        Self::RoleRemoved,
        Self::PolicyCreated,
        Self::PolicyChanged,
        Self::PolicyRemoved,
        Self::KeyCreated,
        Self::KeyRetired,
        Self::AdminBootstrap,
        Self::ConfigLoaded,
        Self::MigrationApplied,
        Self::AuditVerified,
        Self::BackupTaken,
        Self::BackupRestored,
        Self::KeysRewrapped,
        Self::StoreMoved,
    ];

    /// The stable name of the event.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::SessionCreated => "session.created",
            Self::SessionEnded => "session.ended",
            Self::TokenRefreshed => "token.refreshed",
            Self::TokenRevoked => "token.revoked",
            Self::TokenReuseDetected => "token.reuse_detected",
            Self::TokenRefused => "token.refused",
            Self::LoginOk => "login.ok",
            Self::LoginFailed => "login.failed",
            Self::LoginThrottled => "login.throttled",
            Self::AuthorizationDenied => "authz.denied",
            Self::UserCreated => "user.created",
            Self::UserChanged => "user.changed",
            Self::UserRemoved => "user.removed",
            Self::UserDisabled => "user.disabled",
            Self::UserPasswordChanged => "user.password_changed",
            Self::UserPasswordReset => "user.password_reset",
            Self::UserSessionsEnded => "user.sessions_ended",
            Self::ClientCreated => "client.created",
            Self::ClientChanged => "client.changed",
            Self::ClientRemoved => "client.removed",
            Self::ClientDisabled => "client.disabled",
            Self::ClientSecretRotated => "client.secret_rotated",
            Self::ClientSessionsEnded => "client.sessions_ended",
            Self::RoleCreated => "role.created",
            Self::RoleChanged => "role.changed",
            Self::RoleRemoved => "role.removed",
            Self::PolicyCreated => "policy.created",
            Self::PolicyChanged => "policy.changed",
            Self::PolicyRemoved => "policy.removed",
            Self::KeyCreated => "key.created",
            Self::KeyRetired => "key.retired",
            Self::AdminBootstrap => "admin.bootstrap",
            Self::ConfigLoaded => "config.loaded",
            Self::MigrationApplied => "migration.applied",
            Self::AuditVerified => "audit.verified",
            Self::BackupTaken => "backup.taken",
            Self::BackupRestored => "backup.restored",
            Self::KeysRewrapped => "keys.rewrapped",
            Self::StoreMoved => "store.moved",
        }
    }

    /// Whether it tells of something that was refused.
    #[must_use]
    pub const fn is_refusal(self) -> bool {
        matches!(
            self,
            Self::TokenReuseDetected
                | Self::TokenRefused
                | Self::LoginFailed
                | Self::LoginThrottled
                | Self::AuthorizationDenied
        )
    }

    /// The kind with this name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// A resource's being written or removed. Sessions, events and keys are not written like that.
    pub(crate) const fn of(kind: ResourceKind, lifecycle: Lifecycle) -> Self {
        use Lifecycle::{Changed, Created, Removed};
        use ResourceKind as Kind;
        match (kind, lifecycle) {
            (Kind::Client, Created) => Self::ClientCreated,
            (Kind::Client, Changed) => Self::ClientChanged,
            (Kind::Client, Removed) => Self::ClientRemoved,
            (Kind::User, Created) => Self::UserCreated,
            (Kind::User, Changed) => Self::UserChanged,
            (Kind::User, Removed) => Self::UserRemoved,
            (Kind::Role, Created) => Self::RoleCreated,
            (Kind::Role, Changed) => Self::RoleChanged,
            (Kind::Role, Removed) => Self::RoleRemoved,
            (Kind::AccessPolicy, Created) => Self::PolicyCreated,
            (Kind::AccessPolicy, Changed) => Self::PolicyChanged,
            (Kind::AccessPolicy, Removed) => Self::PolicyRemoved,
            (Kind::Session | Kind::AuditEvent, Created) => Self::SessionCreated,
            (Kind::Session | Kind::AuditEvent, Changed | Removed) => Self::SessionEnded,
            (Kind::SigningKey, Created) => Self::KeyCreated,
            (Kind::SigningKey, Changed | Removed) => Self::KeyRetired,
        }
    }
}

/// One security event. It never holds a secret, and an address only as its network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// What.
    pub kind: EventKind,
    /// Why it was refused, when it was.
    pub reason: Option<Reason>,
    /// Who did it, where that is known and somebody else than the client and user below.
    pub actor: Option<Subject>,
    /// The client it concerns or came through.
    pub client: Option<ClientId>,
    /// The user it concerns.
    pub user: Option<UserId>,
    /// The session it concerns.
    pub session: Option<SessionId>,
    /// The resource it concerns, when that is neither client, user nor session.
    pub target: Option<(ResourceKind, String)>,
    /// The network it came from.
    pub network: Option<IpAddr>,
    /// The request's id in the log.
    pub request_id: Option<String>,
    /// The members that were changed, by name.
    pub changes: Vec<&'static str>,
    /// What it concerns where that is no resource: the id of a key, the name of a migration, a version.
    pub detail: Option<String>,
}

impl Event {
    /// An event about nothing yet.
    #[must_use]
    pub const fn new(kind: EventKind, at: Timestamp) -> Self {
        Self {
            at,
            kind,
            reason: None,
            actor: None,
            client: None,
            user: None,
            session: None,
            target: None,
            network: None,
            request_id: None,
            changes: Vec::new(),
            detail: None,
        }
    }

    /// With the reason of a refusal.
    #[must_use]
    pub const fn because(mut self, reason: Reason) -> Self {
        self.reason = Some(reason);
        self
    }

    /// About or through a client.
    #[must_use]
    pub fn client(mut self, id: &ClientId) -> Self {
        self.client = Some(id.clone());
        self
    }

    /// About a user.
    #[must_use]
    pub fn user(mut self, id: &UserId) -> Self {
        self.user = Some(id.clone());
        self
    }

    /// About a session.
    #[must_use]
    pub fn session(mut self, id: &SessionId) -> Self {
        self.session = Some(id.clone());
        self
    }

    /// About a resource.
    #[must_use]
    pub fn about(mut self, kind: ResourceKind, id: &str) -> Self {
        let id = id.to_owned();
        match kind {
            ResourceKind::Client => self.client = Some(ClientId::from_row(id)),
            ResourceKind::User => self.user = Some(UserId::from_row(id)),
            ResourceKind::Session => self.session = Some(SessionId::from_row(id)),
            ResourceKind::Role
            | ResourceKind::AccessPolicy
            | ResourceKind::AuditEvent
            | ResourceKind::SigningKey => {
                self.target = Some((kind, id));
            }
        }
        self
    }

    /// About something that is no resource.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// From somewhere.
    #[must_use]
    pub fn from(mut self, origin: &Origin) -> Self {
        self.network = origin.network();
        self.request_id.clone_from(&origin.request_id);
        self
    }

    /// Done by somebody.
    #[must_use]
    pub fn by(self, caller: &Caller) -> Self {
        Self {
            actor: Some(caller.subject().clone()),
            ..self.from(&caller.call().origin)
        }
    }
}
