//! `keys`: the master key, and how long a signing key is known before it signs.

use std::path::PathBuf;

use grantor_domain::time::Lifetime;
use zeroize::Zeroizing;

use super::DatabaseConfig;
use super::reader::Reader;

/// Signing keys and what they are sealed under.
#[derive(Clone)]
pub struct KeysConfig {
    /// Where the master key comes from.
    pub master_key: MasterKeySource,
    /// The one before it, while it is being changed.
    pub previous_master_key: Option<Zeroizing<String>>,
    /// How long a new key is published before it signs.
    pub publish_lead: Lifetime,
}

impl std::fmt::Debug for KeysConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeysConfig")
            .field("master_key", &self.master_key)
            .field("publish_lead", &self.publish_lead)
            .finish_non_exhaustive()
    }
}

/// Where the master key comes from.
#[derive(Clone)]
pub enum MasterKeySource {
    /// It was configured.
    Given(Zeroizing<String>),
    /// This file beside the embedded database, made when missing.
    Beside(PathBuf),
    /// Nowhere; that has been reported as a mistake.
    Missing,
}

impl std::fmt::Debug for MasterKeySource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Given(_) => f.write_str("Given([redacted])"),
            Self::Beside(path) => f.debug_tuple("Beside").field(path).finish(),
            Self::Missing => f.write_str("Missing"),
        }
    }
}

pub(super) fn read(reader: &Reader, database: &DatabaseConfig) -> KeysConfig {
    let given = match reader.secret_file("keys.master_key_file") {
        Some(key) => Some(key),
        None => reader.optional_text("keys.master_key").map(Zeroizing::new),
    };
    let master_key = match (given, database.sqlite_file()) {
        (Some(key), _) => MasterKeySource::Given(key),
        (None, Some(mut database)) => {
            database.as_mut_os_string().push(".key");
            MasterKeySource::Beside(database)
        }
        (None, None) => {
            let problem = "is needed with Postgres: write 32 random bytes in base64 to a file";
            reader.mistake("keys.master_key_file", problem);
            MasterKeySource::Missing
        }
    };
    let publish_lead = Lifetime::from_seconds(reader.number("keys.publish_lead", 0..=604_800));
    KeysConfig {
        master_key,
        previous_master_key: reader.secret_file("keys.previous_master_key_file"),
        publish_lead,
    }
}
