//! Configuration: built-in defaults < a file < the environment < secret files. What is wrong is
//! found all at once, each mistake with its key.

mod bootstrap;
mod database;
mod grants;
mod keys;
mod log;
mod passwords;
mod reader;
mod reference;
pub mod secret_file;
mod server;
mod sessions;
mod telemetry;
mod throttle;
mod tokens;

pub use bootstrap::BootstrapConfig;
pub use database::DatabaseConfig;
pub use keys::{KeysConfig, MasterKeySource};
pub use log::{LogConfig, LogFormat};
pub use passwords::PasswordsConfig;
pub use reader::{Mistake, NamedFile};
pub use reference::reference;
pub use server::{ServerConfig, TlsFiles};
pub use sessions::{EventsConfig, SessionsConfig};
pub use telemetry::TelemetryConfig;
pub use throttle::BudgetStore;
pub use tokens::TokensConfig;

use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;

use config::{Environment, File, FileFormat};
use grantor_domain::grants::GrantType;
use grantor_domain::policy::Budgets;

use reader::Reader;

/// The defaults, with the comments that document every key.
pub(crate) const DEFAULTS: &str = include_str!("../../../../config/default.toml");

/// Everything the program was told.
#[derive(Debug)]
pub struct Config {
    /// `server`.
    pub server: ServerConfig,
    /// `database`.
    pub database: DatabaseConfig,
    /// `bootstrap`.
    pub bootstrap: BootstrapConfig,
    /// `grants.enabled`.
    pub grants: Vec<GrantType>,
    /// `passwords`.
    pub passwords: PasswordsConfig,
    /// `tokens`.
    pub tokens: TokensConfig,
    /// `keys`.
    pub keys: KeysConfig,
    /// `sessions`.
    pub sessions: SessionsConfig,
    /// `events`.
    pub events: EventsConfig,
    /// `console.enabled`.
    pub console: bool,
    /// `throttle`; `None` when it is off.
    pub throttle: Option<Budgets>,
    /// `throttle.store`.
    pub budget_store: BudgetStore,
    /// `telemetry`.
    pub telemetry: TelemetryConfig,
    /// `log`.
    pub log: LogConfig,
    /// The files that hold secrets, as far as keys name them.
    pub secret_files: Vec<NamedFile>,
}

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A source cannot be read as what it is.
    #[error("{0}")]
    Unreadable(String),
    /// Keys are wrong.
    #[error("{}", Listed(.0))]
    Mistakes(Vec<Mistake>),
}

struct Listed<'a>(&'a [Mistake]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0.len() == 1 {
            "mistake"
        } else {
            "mistakes"
        };
        write!(f, "the configuration has {} {plural}:", self.0.len())?;
        self.0
            .iter()
            .try_for_each(|mistake| write!(f, "\n  {mistake}"))
    }
}

/// Where configuration comes from beside the defaults.
#[derive(Clone, Debug, Default)]
pub struct Sources<'a> {
    /// A TOML file.
    pub file: Option<&'a Path>,
    /// Variables instead of the process's environment, for tests.
    pub variables: Option<Vec<(String, String)>>,
}

impl Config {
    /// Merges and reads all sources.
    ///
    /// # Errors
    /// [`ConfigError`] with every mistake.
    pub fn load(sources: Sources<'_>) -> Result<Self, ConfigError> {
        let file = sources.file;
        let merged = merge(sources)?;
        let unknown = unknown_keys(&merged)?;
        let reader = Reader::new(merged);
        for key in unknown {
            reader.mistake(&key, "is not a key of this program");
        }
        if let Some(file) = file {
            must_be_private_with_secrets(file, &reader)?;
        }
        let database = database::read(&reader);
        let config = Self {
            server: server::read(&reader),
            keys: keys::read(&reader, &database),
            database,
            bootstrap: bootstrap::read(&reader),
            grants: grants::read(&reader),
            passwords: passwords::read(&reader),
            tokens: tokens::read(&reader),
            sessions: sessions::read_sessions(&reader),
            events: sessions::read_events(&reader),
            console: reader.flag("console.enabled"),
            throttle: throttle::read(&reader),
            budget_store: throttle::read_store(&reader),
            telemetry: telemetry::read(&reader),
            log: log::read(&reader),
            secret_files: reader.secret_files(),
        };
        let mistakes = reader.into_mistakes();
        if mistakes.is_empty() {
            Ok(config)
        } else {
            Err(ConfigError::Mistakes(mistakes))
        }
    }
}

fn merge(sources: Sources<'_>) -> Result<config::Config, ConfigError> {
    let environment = Environment::with_prefix("GRANTOR")
        .prefix_separator("__")
        .separator("__")
        .try_parsing(true)
        .list_separator(",")
        .with_list_parse_key("server.trusted_proxies")
        .with_list_parse_key("grants.enabled")
        .source(
            sources
                .variables
                .map(|variables| variables.into_iter().collect()),
        );
    let mut builder =
        config::Config::builder().add_source(File::from_str(DEFAULTS, FileFormat::Toml));
    if let Some(path) = sources.file {
        builder = builder.add_source(File::from(path).format(FileFormat::Toml));
    }
    let merged = builder.add_source(environment).build();
    merged.map_err(|error| ConfigError::Unreadable(error.to_string()))
}

/// A file that holds a secret itself is as private as one that holds nothing else.
fn must_be_private_with_secrets(file: &Path, reader: &Reader) -> Result<(), ConfigError> {
    let unreadable = |error: config::ConfigError| ConfigError::Unreadable(error.to_string());
    let alone = config::Config::builder()
        .add_source(File::from(file).format(FileFormat::Toml))
        .build()
        .map_err(unreadable)?;
    let text = |key: &str| alone.get_string(key).unwrap_or_default();
    let (key, url) = ("keys.master_key", "database.url");
    let secrets = [
        (key, !text(key).is_empty()),
        (url, database::has_password(&text(url))),
    ];
    for (key, is_there) in secrets {
        if is_there && let Err(problem) = secret_file::check(file) {
            reader.mistake(key, format!("stands in a file, and {problem}"));
        }
    }
    Ok(())
}

/// Keys that are not among the defaults, which hold every key there is.
fn unknown_keys(merged: &config::Config) -> Result<Vec<String>, ConfigError> {
    let unreadable = |error: config::ConfigError| ConfigError::Unreadable(error.to_string());
    let defaults = config::Config::builder()
        .add_source(File::from_str(DEFAULTS, FileFormat::Toml))
        .build()
        .map_err(unreadable)?;
    let known: BTreeSet<String> = leaves(defaults).map_err(unreadable)?.into_iter().collect();
    let given = leaves(merged.clone()).map_err(unreadable)?;
    Ok(given
        .into_iter()
        .filter(|key| !known.contains(key))
        .collect())
}

fn leaves(config: config::Config) -> Result<Vec<String>, config::ConfigError> {
    let tree: serde_json::Map<String, serde_json::Value> = config.try_deserialize()?;
    let mut keys = Vec::new();
    collect_leaves("", &tree, &mut keys);
    Ok(keys)
}

fn collect_leaves(
    prefix: &str,
    tree: &serde_json::Map<String, serde_json::Value>,
    keys: &mut Vec<String>,
) {
    for (name, value) in tree {
        let key = if prefix.is_empty() {
            name.clone()
        } else {
            format!("{prefix}.{name}")
        };
        match value {
            serde_json::Value::Object(section) => collect_leaves(&key, section, keys),
            _ => keys.push(key),
        }
    }
}

/// A number of threads, where 0 means "by the machine".
fn threads(reader: &Reader, key: &str, by_cores: impl FnOnce(usize) -> usize) -> usize {
    match reader.number(key, 0..=1024) as usize {
        0 => by_cores(std::thread::available_parallelism().map_or(1, usize::from)),
        given => given,
    }
}

#[cfg(test)]
mod tests;
