//! From configuration to a server: the one place where a port meets its adapter.

use std::path::Path;
use std::sync::Arc;

use grantor_crypto::{
    DerivedKeys, HashPool, HashPoolOptions, HmacSealer, KeyRing, KeyRingSettings, MasterKey,
    MasterKeys, RuleJudge, TokenSealer,
};
use grantor_domain::AuthorizationServer;
use grantor_domain::audit::Chain;
use grantor_domain::policy::Policy;
use grantor_domain::ports::{Clock, Randomness, Throttle};
use grantor_domain::server::Ports;
use grantor_domain::time::Lifetime;
use grantor_http_api::{PageLinkKey, WirePortraits};
use grantor_persistence::{DatabaseOptions, Persistence};
use grantor_policies::CedarEngine;
use zeroize::Zeroizing;

use crate::awaited::AwaitedSessions;
use crate::config::{
    BudgetStore, Config, DatabaseConfig, KeysConfig, MasterKeySource, secret_file,
};
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
    /// The chain of its events.
    pub chain: Chain,
    /// Its keys.
    pub keys: Arc<KeyRing>,
    /// Its hash pool.
    pub hashes: Arc<HashPool>,
    /// What signs the links between pages of a search.
    pub page_key: PageLinkKey,
}

/// Which store, and how to speak to it.
#[must_use]
pub fn database_options(config: &DatabaseConfig) -> DatabaseOptions {
    DatabaseOptions {
        url: config.url.to_string(),
        pool_size: config.pool_size,
        connection_timeout: config.connection_timeout,
    }
}

/// Opens the store. The schema is left as it is.
///
/// # Errors
/// [`Failure`] when the URL is wrong or the store does not answer.
pub fn connect(config: &DatabaseConfig) -> Result<Persistence, Failure> {
    Persistence::connect(&database_options(config))
        .map_err(|error| Failure::new("cannot open the store", error))
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
    // The first signing key exists by now, and says which master key is in force.
    let derived = derived_keys(config, &persistence, machine)?;
    let page_key = PageLinkKey(derived.page_links);
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
        note_sealer: Arc::new(TokenSealer::new(&derived)),
        clients: persistence.clients(),
        users: persistence.users(),
        roles: persistence.roles(),
        policies: persistence.policies(),
        policy_engine: Arc::new(CedarEngine),
        portraits: Arc::new(WirePortraits),
        resources: persistence.resources(),
        throttle: budgets(&config.budget_store, &persistence)?,
        familiar: persistence.familiar(),
        events: Arc::new(CountedLog::new(persistence.events())),
        hasher: hashes.clone(),
        password_judge: Arc::new(RuleJudge::new(config.passwords.rules)),
        signer: keys.clone(),
        keys: keys.clone(),
        clock: Arc::clone(&machine.clock),
        randomness: Arc::clone(&machine.randomness),
    };
    let server = AuthorizationServer::new(ports, policy(config));
    let server = server.with_pseudonym_key(derived.budget_names);
    let server = config.grants.iter().fold(server, |server, grant_type| {
        server.enable_grant_type(*grant_type)
    });
    Ok(Wired {
        server,
        chain: chain_of(&persistence, &derived),
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
    let derived = derived_keys(config, persistence, machine)?;
    Ok(chain_of(persistence, &derived))
}

fn chain_of(persistence: &Persistence, derived: &DerivedKeys) -> Chain {
    let log = Arc::new(CountedLog::new(persistence.events()));
    Chain::new(log, Arc::new(HmacSealer::new(derived)))
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
    let masters = master_keys(&config.keys, machine)?;
    let settings = key_ring_settings(config);
    let (clock, randomness) = (Arc::clone(&machine.clock), Arc::clone(&machine.randomness));
    let store = persistence.signing_keys();
    KeyRing::open(store, &masters, settings, clock, randomness)
        .map_err(|error| Failure::new("cannot open the signing keys", error))
}

/// Opens the signing keys there are, and makes neither a key nor a master key.
///
/// # Errors
/// [`Failure`] when the master key is missing or wrong, or the store does not answer.
pub fn read_keys(
    config: &Config,
    persistence: &Persistence,
    machine: &Machine,
) -> Result<KeyRing, Failure> {
    let source = &config.keys.master_key;
    if let MasterKeySource::Beside(path) = source
        && !path.exists()
    {
        let path = path.display();
        return Err(Failure::say(format!("the master key {path} is not there")));
    }
    let masters = master_keys(&config.keys, machine)?;
    let settings = key_ring_settings(config);
    let (clock, randomness) = (Arc::clone(&machine.clock), Arc::clone(&machine.randomness));
    let store = persistence.signing_keys();
    KeyRing::read(store, &masters, settings, clock, randomness)
        .map_err(|error| Failure::new("cannot open the signing keys", error))
}

fn key_ring_settings(config: &Config) -> KeyRingSettings {
    // Another replica may sign with a superseded key until it has read the keys again.
    let unread = u32::try_from(config.sessions.reap_interval.as_secs()).unwrap_or(u32::MAX);
    let longest = config
        .tokens
        .longest_lifetime
        .as_seconds()
        .saturating_add(unread);
    KeyRingSettings {
        algorithm: config.tokens.signing_algorithm,
        publish_lead: config.keys.publish_lead,
        longest_lifetime: Lifetime::from_seconds(longest),
    }
}

/// Where budgets are kept.
fn budgets(store: &BudgetStore, persistence: &Persistence) -> Result<Arc<dyn Throttle>, Failure> {
    match store {
        BudgetStore::Database => Ok(persistence.throttle()),
        #[cfg(feature = "redis")]
        BudgetStore::Redis { url, timeout } => {
            let options = grantor_throttle_redis::RedisOptions::new(url.as_str(), *timeout);
            let throttle = grantor_throttle_redis::RedisThrottle::connect(&options)
                .map_err(|error| Failure::new("cannot use throttle.redis_url", error))?;
            Ok(Arc::new(throttle))
        }
        #[cfg(not(feature = "redis"))]
        BudgetStore::Redis { .. } => Err(Failure::say(
            "this program was built without the feature `redis`",
        )),
    }
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

fn derived_keys(
    config: &Config,
    persistence: &Persistence,
    machine: &Machine,
) -> Result<DerivedKeys, Failure> {
    let masters = master_keys(&config.keys, machine)?;
    DerivedKeys::read(persistence.signing_keys().as_ref(), &masters)
        .map_err(|error| Failure::new("cannot open the keys in the store", error))
}

/// The master key, made when there is to be one and is none, and the one before it.
///
/// # Errors
/// [`Failure`] when one is missing or wrong.
pub fn master_keys(config: &KeysConfig, machine: &Machine) -> Result<MasterKeys, Failure> {
    let previous = config.previous_master_key.as_deref();
    Ok(MasterKeys::new(
        master_key(&config.master_key, machine)?,
        previous.map(|text| parse(text)).transpose()?,
    ))
}

/// The master key in a file.
///
/// # Errors
/// [`Failure`] when it cannot be read, or others can read it.
pub fn read_master_key(path: &Path) -> Result<MasterKey, Failure> {
    let text = secret_file::read(path)
        .map_err(|error| Failure::new("cannot read the master key", error))?;
    parse(&text)
}

fn parse(text: &str) -> Result<MasterKey, Failure> {
    MasterKey::parse(text).map_err(|error| Failure::new("the master key is not usable", error))
}

fn master_key(source: &MasterKeySource, machine: &Machine) -> Result<MasterKey, Failure> {
    let text = match source {
        MasterKeySource::Given(text) => text.clone(),
        MasterKeySource::Beside(path) if path.exists() => return read_master_key(path),
        MasterKeySource::Beside(path) => {
            let key = generate_master_key(machine)?;
            secret_file::create(path, &key)
                .map_err(|error| Failure::new("cannot write the master key", error))?;
            key
        }
        MasterKeySource::Missing => return Err(Failure::say("there is no master key")),
    };
    parse(&text)
}

fn generate_master_key(machine: &Machine) -> Result<Zeroizing<String>, Failure> {
    let mut bytes = Zeroizing::new([0; 32]);
    machine
        .randomness
        .fill(bytes.as_mut())
        .map_err(|error| Failure::new("cannot make a master key", error))?;
    Ok(MasterKey::from_bytes(*bytes).to_text())
}
