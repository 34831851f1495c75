//! The rules an authorization server is given: plain values, from whoever embeds it.

use crate::time::Lifetime;

/// Issuer, lifetimes, budgets. It knows no file and no environment.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The issuer identifier (RFC 8414 §2): the `iss` of every token, without a trailing slash.
    pub issuer: String,
    /// Lifetime of an access token when its client says nothing.
    pub access_token_lifetime: Lifetime,
    /// Absolute lifetime of a refresh token when its client says nothing.
    pub refresh_token_lifetime: Lifetime,
    /// The longest lifetime a client may ask for. Signing keys are kept this long after their last use.
    pub longest_lifetime: Lifetime,
    /// How long a user who signed in with a browser may do nothing before having to sign in again.
    pub browser_idle: Lifetime,
    /// How long a user who signed in with a browser stays so at most.
    pub browser_lifetime: Lifetime,
    /// How long an ended session stays searchable.
    pub session_retention: Lifetime,
    /// Budgets for guesses; `None` switches throttling off.
    pub throttle: Option<Budgets>,
    /// Whether a login whose stored hash has weaker parameters than today's writes a new one.
    pub rehash_on_login: bool,
    /// Whether JWT access tokens carry `cid`, ts-oauth2-server's name for the client.
    pub compat_cid: bool,
}

impl Policy {
    /// The defaults for an issuer.
    #[must_use]
    pub fn new(issuer: impl Into<String>) -> Self {
        Self {
            issuer: issuer.into(),
            access_token_lifetime: Lifetime::from_seconds(3600),
            refresh_token_lifetime: Lifetime::from_days(30),
            longest_lifetime: Lifetime::from_days(366),
            browser_idle: Lifetime::from_seconds(30 * 60),
            browser_lifetime: Lifetime::from_seconds(12 * 3600),
            session_retention: Lifetime::from_days(30),
            throttle: Some(Budgets::default()),
            rehash_on_login: true,
            compat_cid: false,
        }
    }
}

/// How many failed tries are borne, and how fast they are forgiven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Tries that may be made at once.
    pub burst: u32,
    /// Tries given back per minute.
    pub per_minute: u32,
}

/// The budgets a password check debits before it hashes. A success gives its debit back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budgets {
    /// For one account name from one network.
    pub account: Budget,
    /// For everything from one network.
    pub network: Budget,
    /// For everything through one client.
    pub client: Budget,
}

impl Default for Budgets {
    fn default() -> Self {
        Self {
            account: Budget {
                burst: 60,
                per_minute: 5,
            },
            network: Budget {
                burst: 120,
                per_minute: 30,
            },
            client: Budget {
                burst: 1200,
                per_minute: 600,
            },
        }
    }
}
