//! From configuration to a server: the one place where a port meets its adapter.

use std::sync::Arc;

use grantor_crypto::{
    HashPool, HashPoolOptions, HmacSealer, KeyRing, KeyRingSettings, MasterKey, RuleJudge,
    TokenSealer,
};
use grantor_domain::AuthorizationServer;
use grantor_domain::audit::Chain;
use grantor_domain::policy::Policy;
use grantor_domain::ports::{Clock, Randomness};
use grantor_domain::server::Ports;
use grantor_domain::time::Lifetime;
use grantor_http_api::{PageLinkKey, WirePortraits};
use grantor_persistence::{DatabaseOptions, Persistence};
use grantor_policies::CedarEngine;
use zeroize::Zeroizing;

use crate::awaited::AwaitedSessions;
use crate::config::{Config, DatabaseConfig, MasterKeySource, secret_file};
use crate::counted_log::CountedLog;
use crate::failure::Failure;
use crate::system::{SystemClock, SystemRandomness};

/// What the program takes from its machine, so that tests can bring their own.
#[derive(Clone)]
pub struct Machine {
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness.
    pub randomness: Arc<dyn Randomness>,
}

impl Default for Machine {
    fn default() -> Self {
        Self {
            clock: Arc::new(SystemClock),
            randomness: Arc::new(SystemRandomness),
        }
    }
}

/// Every part, connected.
pub struct Wired {
    /// The authorization server.
    pub server: AuthorizationServer,
    /// Its store.
    pub persistence: Persistence,
    /// Its keys.
    pub keys: Arc<KeyRing>,
    /// Its hash pool.
    pub hashes: Arc<HashPool>,
    /// What signs the links between pages of a search.
    pub page_key: PageLinkKey,
}

/// Opens the store. The schema is left as it is.
///
/// # Errors
/// [`Failure`] when the URL is wrong or the store does not answer.
pub fn connect(config: &DatabaseConfig) -> Result<Persistence, Failure> {
    let options = DatabaseOptions {
        url: config.url.to_string(),
        pool_size: config.pool_size,
        connection_timeout: config.connection_timeout,
    };
    Persistence::connect(&options).map_err(|error| Failure::new("cannot open the store", error))
}

/// Connects every part over a store whose schema is current.
///
/// # Errors
/// [`Failure`] when a part cannot start.
pub fn wire(
    config: &Config,
    persistence: Persistence,
    machine: &Machine,
) -> Result<Wired, Failure> {
    let keys = Arc::new(open_keys(config, &persistence, machine)?);
    // The master key exists by now, on every replica the same.
    let master = master_key(&config.keys.master_key, machine)?;
    let page_key = PageLinkKey(master.derive("page links"));
    let options = HashPoolOptions {
        m_cost: config.passwords.argon2_m_cost,
        t_cost: config.passwords.argon2_t_cost,
        p_cost: config.passwords.argon2_p_cost,
        threads: config.passwords.hash_threads,
        queue: config.passwords.queue,
        max_wait: config.passwords.max_wait,
    };
    let hashes = HashPool::start(&options, Arc::clone(&machine.randomness))
        .map_err(|error| Failure::new("cannot start the hash pool", error))?;
    let hashes = Arc::new(hashes);
    let ports = Ports {
        sessions: Arc::new(AwaitedSessions::new(
            persistence.sessions(),
            grantor_http_api::is_given_up,
        )),
        notes: persistence.notes(),
        note_sealer: Arc::new(TokenSealer::new(&master)),
        clients: persistence.clients(),
        users: persistence.users(),
        roles: persistence.roles(),
        policies: persistence.policies(),
        policy_engine: Arc::new(CedarEngine),
        portraits: Arc::new(WirePortraits),
        resources: persistence.resources(),
        throttle: persistence.throttle(),
        events: Arc::new(CountedLog::new(persistence.events())),
        hasher: hashes.clone(),
        password_judge: Arc::new(RuleJudge::new(config.passwords.rules)),
        signer: keys.clone(),
        keys: keys.clone(),
        clock: Arc::clone(&machine.clock),
        randomness: Arc::clone(&machine.randomness),
    };
    let server = config.grants.iter().fold(
        AuthorizationServer::new(ports, policy(config)),
        |server, grant_type| server.enable_grant_type(*grant_type),
    );
    Ok(Wired {
        server,
        persistence,
        keys,
        hashes,
        page_key,
    })
}

/// The chain of the events in a store.
///
/// # Errors
/// [`Failure`] when the master key is missing or wrong.
pub fn chain(
    config: &Config,
    persistence: &Persistence,
    machine: &Machine,
) -> Result<Chain, Failure> {
    let master = master_key(&config.keys.master_key, machine)?;
    let log = Arc::new(CountedLog::new(persistence.events()));
    Ok(Chain::new(log, Arc::new(HmacSealer::new(&master))))
}

/// Opens the signing keys; the first are made when there are none.
///
/// # Errors
/// [`Failure`] when the master key is missing or wrong, or the store does not answer.
pub fn open_keys(
    config: &Config,
    persistence: &Persistence,
    machine: &Machine,
) -> Result<KeyRing, Failure> {
    let master = master_key(&config.keys.master_key, machine)?;
    // Another replica may sign with a superseded key until it has read the keys again.
    let unread = u32::try_from(config.sessions.reap_interval.as_secs()).unwrap_or(u32::MAX);
    let longest = config
        .tokens
        .longest_lifetime
        .as_seconds()
        .saturating_add(unread);
    let settings = KeyRingSettings {
        algorithm: config.tokens.signing_algorithm,
        publish_lead: config.keys.publish_lead,
        longest_lifetime: Lifetime::from_seconds(longest),
    };
    let (clock, randomness) = (Arc::clone(&machine.clock), Arc::clone(&machine.randomness));
    KeyRing::open(
        persistence.signing_keys(),
        &master,
        settings,
        clock,
        randomness,
    )
    .map_err(|error| Failure::new("cannot open the signing keys", error))
}

fn policy(config: &Config) -> Policy {
    Policy {
        access_token_lifetime: config.tokens.access_token_lifetime,
        refresh_token_lifetime: config.tokens.refresh_token_lifetime,
        longest_lifetime: config.tokens.longest_lifetime,
        browser_idle: config.sessions.browser_idle,
        browser_lifetime: config.sessions.browser_lifetime,
        session_retention: config.sessions.retention,
        throttle: config.throttle,
        rehash_on_login: config.passwords.rehash_on_login,
        compat_cid: config.tokens.compat_cid,
        ..Policy::new(issuer(config))
    }
}

/// The issuer that was configured, or the address served on.
fn issuer(config: &Config) -> String {
    let scheme = if config.server.tls.is_some() {
        "https"
    } else {
        "http"
    };
    config
        .server
        .issuer
        .clone()
        .unwrap_or_else(|| format!("{scheme}://{}", config.server.bind))
}

fn master_key(source: &MasterKeySource, machine: &Machine) -> Result<MasterKey, Failure> {
    let text = match source {
        MasterKeySource::Given(text) => text.clone(),
        MasterKeySource::Beside(path) if path.exists() => secret_file::read(path)
            .map_err(|error| Failure::new("cannot read the master key", error))?,
        MasterKeySource::Beside(path) => {
            let key = generate_master_key(machine)?;
            secret_file::create(path, &key)
                .map_err(|error| Failure::new("cannot write the master key", error))?;
            key
        }
        MasterKeySource::Missing => return Err(Failure::say("there is no master key")),
    };
    MasterKey::parse(&text).map_err(|error| Failure::new("the master key is not usable", error))
}

fn generate_master_key(machine: &Machine) -> Result<Zeroizing<String>, Failure> {
    let mut bytes = Zeroizing::new([0; 32]);
    machine
        .randomness
        .fill(bytes.as_mut())
        .map_err(|error| Failure::new("cannot make a master key", error))?;
    Ok(MasterKey::from_bytes(*bytes).to_text())
}
