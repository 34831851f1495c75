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
    /// Tries given back per day, one after another.
    pub per_day: u32,
}

impl Budget {
    /// Minutes of a day.
    pub const MINUTES: u32 = 24 * 60;

    /// A budget that regains so many tries per minute.
    #[must_use]
    pub const fn per_minute(burst: u32, tries: u32) -> Self {
        Self {
            burst,
            per_day: tries.saturating_mul(Self::MINUTES),
        }
    }

    /// A budget that regains so many tries per day.
    #[must_use]
    pub const fn per_day(burst: u32, tries: u32) -> Self {
        Self {
            burst,
            per_day: tries,
        }
    }

    /// Microseconds until one try is given back.
    #[must_use]
    pub fn interval(self) -> i64 {
        const DAY_MICROS: i64 = 86_400_000_000;
        DAY_MICROS / i64::from(self.per_day.max(1))
    }
}

/// What a budget belongs to, as counted by metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BudgetScope {
    /// One account or name.
    Account,
    /// One network.
    Network,
    /// One client.
    Client,
    /// The whole server.
    Global,
}

impl BudgetScope {
    /// The stable name: a label of metrics, the detail of events.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Network => "network",
            Self::Client => "client",
            Self::Global => "global",
        }
    }
}

/// The budgets a password check debits before it hashes. A success gives its debit back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budgets {
    /// For one name from one network: how fast it is guessed.
    pub account: Budget,
    /// For one name from one network: how often in a day.
    pub account_day: Budget,
    /// For one account from all the networks that are not familiar to it, together.
    pub account_total: Budget,
    /// For everything from one network.
    pub network: Budget,
    /// For everything from one site, of which one subscriber may hold all networks (an IPv6 /48).
    pub site: Budget,
    /// For everything through one client, except from familiar networks.
    pub client: Budget,
    /// For everything, except from familiar networks.
    pub global: Budget,
    /// How long a network stays familiar to an account after its last success there.
    pub familiar_for: Lifetime,
}

impl Budgets {
    /// The same budget for everything.
    #[must_use]
    pub const fn alike(budget: Budget) -> Self {
        Self {
            account: budget,
            account_day: budget,
            account_total: budget,
            network: budget,
            site: budget,
            client: budget,
            global: budget,
            familiar_for: Lifetime::from_days(90),
        }
    }
}

impl Default for Budgets {
    /// One account bears at most 100 guesses a day from strangers, and one network makes at most 30 a
    /// minute. Two networks cannot use up what strangers have together. A name from one network bears
    /// 32 a day, so that an account with its three names bears fewer than 100 from a familiar one.
    fn default() -> Self {
        Self {
            account: Budget::per_minute(20, 5),
            account_day: Budget::per_day(20, 12),
            account_total: Budget::per_day(50, 50),
            network: Budget::per_minute(20, 10),
            site: Budget::per_minute(60, 30),
            client: Budget::per_minute(1200, 600),
            global: Budget::per_minute(6000, 3000),
            familiar_for: Lifetime::from_days(90),
        }
    }
}
