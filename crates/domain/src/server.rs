//! The authorization server: its ports and its policy. Its workflows are `impl` blocks in their own files.

use std::fmt;
use std::sync::Arc;

use crate::access::JudgedPolicies;
use crate::clients::Client;
use crate::fault::Fault;
use crate::grants::GrantType;
use crate::policy::Policy;
use crate::ports::{
    BrowserNotes, Clock, EventLog, FamiliarNetworks, NoteSealer, PasswordHasher, PasswordJudge,
    PolicyEngine, PolicyStore, Portraits, Randomness, Registry, ResourceChanges, RoleStore,
    SessionStore, SigningKeys, Throttle, TokenSigner, UserDirectory,
};
use crate::pseudonym::Pseudonyms;
use crate::setup::SetupToken;
use crate::users::InFlight;

/// How often a workflow looks again when somebody else was quicker.
pub(crate) const TRIES: usize = 3;

/// Everything outside that an authorization server needs.
#[derive(Clone)]
pub struct Ports {
    /// Where sessions are kept.
    pub sessions: Arc<dyn SessionStore>,
    /// Where the notes of browsers are kept.
    pub notes: Arc<dyn BrowserNotes>,
    /// Sealing them.
    pub note_sealer: Arc<dyn NoteSealer>,
    /// Where clients are kept.
    pub clients: Arc<dyn Registry<Client>>,
    /// Where users are kept.
    pub users: Arc<dyn UserDirectory>,
    /// Where roles are kept.
    pub roles: Arc<dyn RoleStore>,
    /// Where access policies are kept.
    pub policies: Arc<dyn PolicyStore>,
    /// Reading and asking access policies.
    pub policy_engine: Arc<dyn PolicyEngine>,
    /// How clients and users look to policies.
    pub portraits: Arc<dyn Portraits>,
    /// Several resource changes at once.
    pub resources: Arc<dyn ResourceChanges>,
    /// Budgets for guesses.
    pub throttle: Arc<dyn Throttle>,
    /// Networks that accounts have proved themselves from.
    pub familiar: Arc<dyn FamiliarNetworks>,
    /// Events of refusals.
    pub events: Arc<dyn EventLog>,
    /// Hashing passwords.
    pub hasher: Arc<dyn PasswordHasher>,
    /// Judging passwords that people choose.
    pub password_judge: Arc<dyn PasswordJudge>,
    /// Signing and verifying JWTs.
    pub signer: Arc<dyn TokenSigner>,
    /// Looking after the keys it signs with.
    pub keys: Arc<dyn SigningKeys>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub randomness: Arc<dyn Randomness>,
}

/// An OAuth 2.0 authorization server (RFC 6749 §1.1) over its ports.
///
/// Grants are enabled by name; one that is not does not exist.
#[derive(Clone)]
pub struct AuthorizationServer {
    pub(crate) ports: Ports,
    pub(crate) policy: Policy,
    pub(crate) setup_token: Option<SetupToken>,
    pub(crate) judged: JudgedPolicies,
    pub(crate) pseudonyms: Pseudonyms,
    pub(crate) in_flight: InFlight,
    grants: Vec<GrantType>,
}

impl AuthorizationServer {
    /// A server without any grant.
    #[must_use]
    pub fn new(ports: Ports, policy: Policy) -> Self {
        Self {
            ports,
            policy,
            setup_token: None,
            judged: JudgedPolicies::default(),
            pseudonyms: Pseudonyms::default(),
            in_flight: InFlight::default(),
            grants: Vec::new(),
        }
    }

    /// The same server with a grant type enabled.
    #[must_use]
    pub fn enable_grant_type(mut self, grant_type: GrantType) -> Self {
        if !self.is_enabled(grant_type) {
            self.grants.push(grant_type);
        }
        self
    }

    /// The same server, to be set up with a one-time token.
    #[must_use]
    pub fn with_setup_token(mut self, token: SetupToken) -> Self {
        self.setup_token = Some(token);
        self
    }

    /// The same server with a key for the hashes that stand for names and networks in budgets. Replicas
    /// share it; without one, who reads the budgets can try names against them.
    #[must_use]
    pub fn with_pseudonym_key(mut self, key: [u8; 32]) -> Self {
        self.pseudonyms = Pseudonyms::new(key);
        self
    }

    /// The grant types that are enabled.
    #[must_use]
    pub fn grant_types(&self) -> &[GrantType] {
        &self.grants
    }

    /// The rules it was given.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Its ports, for the adapters that show keys and probe readiness.
    #[must_use]
    pub const fn ports(&self) -> &Ports {
        &self.ports
    }

    pub(crate) fn random<const N: usize>(&self) -> Result<[u8; N], Fault> {
        let mut bytes = [0; N];
        self.ports.randomness.fill(&mut bytes)?;
        Ok(bytes)
    }

    pub(crate) fn is_enabled(&self, grant_type: GrantType) -> bool {
        self.grants.contains(&grant_type)
    }
}

impl fmt::Debug for AuthorizationServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationServer")
            .field("policy", &self.policy)
            .field("grants", &self.grants)
            .finish_non_exhaustive()
    }
}
