//! `grantor keys list|rotate|retire|rewrap`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use grantor_domain::AuthorizationServer;
use grantor_domain::caller::Caller;
use grantor_domain::keys::{ListedKey, Retirement, Rotation};
use grantor_domain::time::Timestamp;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::config::Config;
use crate::failure::Failure;
use crate::wiring::{self, Machine};

/// What to do with the signing keys.
#[derive(Debug, Subcommand)]
pub(super) enum Keys {
    /// Show every key, its state and its instants.
    List,
    /// Plan a successor: it is published now and signs after `keys.publish_lead`.
    Rotate {
        /// Let the successor sign at once, for emergencies.
        #[arg(long)]
        now: bool,
    },
    /// End a key now: what it signed no longer verifies.
    Retire {
        /// The key's id.
        #[arg(allow_hyphen_values = true)]
        kid: String,
    },
    /// Seal everything that is sealed under the master key anew, under another one.
    Rewrap {
        /// File with the new master key; the configured one when it is not said.
        #[arg(long, value_name = "FILE")]
        new_master_key_file: Option<PathBuf>,
    },
}

impl Keys {
    pub(super) fn run(&self, config: &Config) -> Result<(), Failure> {
        let operator = Caller::operator();
        let keys = match self {
            Self::List => server(config)?
                .list_signing_keys(&operator)
                .map_err(|error| Failure::new("cannot read the keys", error))?,
            Self::Rotate { now } => {
                let rotation = if *now {
                    Rotation::AtOnce
                } else {
                    Rotation::Planned
                };
                server(config)?
                    .rotate_signing_keys(&operator, rotation)
                    .map_err(|error| Failure::new("cannot rotate", error))?
            }
            Self::Retire { kid } => retire(&server(config)?, kid)?,
            Self::Rewrap {
                new_master_key_file: next,
            } => return rewrap(config, next.as_deref()),
        };
        super::print(&table(&keys))
    }
}

fn server(config: &Config) -> Result<AuthorizationServer, Failure> {
    let persistence = super::store_in_order(config)?;
    Ok(wiring::wire(config, persistence, &Machine::default())?.server)
}

fn rewrap(config: &Config, next: Option<&Path>) -> Result<(), Failure> {
    let machine = Machine::default();
    let persistence = super::store_in_order(config)?;
    let masters = wiring::master_keys(&config.keys, &machine)?;
    let next = next.map(wiring::read_master_key).transpose()?;
    let next = next.as_ref().unwrap_or_else(|| masters.current());
    let store = persistence.signing_keys();
    let (clock, randomness) = (&machine.clock, &machine.randomness);
    let sealed = grantor_crypto::rewrap(store.as_ref(), &masters, next, clock, randomness)
        .map_err(|error| Failure::new("cannot change the master key", error))?;
    super::print(&match sealed {
        None => "nothing to do: all is sealed under that master key\n".to_owned(),
        Some(keys) => format!(
            "sealed anew: {keys} signing keys, and those of page links, the audit chain, browsers' notes and the names in budgets\n"
        ),
    })
}

fn retire(server: &AuthorizationServer, kid: &str) -> Result<Vec<ListedKey>, Failure> {
    let (retirement, keys) = server
        .retire_signing_key(&Caller::operator(), kid)
        .map_err(|error| Failure::new("cannot retire the key", error))?;
    match retirement {
        Retirement::Done => Ok(keys),
        Retirement::Unknown => Err(Failure::say(format!(
            "cannot retire the key: there is no signing key {kid}"
        ))),
        Retirement::OnlySigningKey => Err(Failure::say(format!(
            "cannot retire the key: {kid} is the only key that can sign: rotate first"
        ))),
    }
}

fn table(keys: &[ListedKey]) -> String {
    let mut text =
        String::from("STATE     ALG    SIGNS FROM            ENDS                  KID\n");
    for ListedKey { life, state, .. } in keys {
        let ends = life.ends.map_or_else(|| "-".to_owned(), instant);
        let _infallible = writeln!(
            text,
            "{:9} {:6} {:21} {ends:21} {}",
            state.as_str(),
            life.algorithm.as_str(),
            instant(life.sign_from),
            life.kid
        );
    }
    text
}

fn instant(timestamp: Timestamp) -> String {
    let time = OffsetDateTime::from_unix_timestamp(timestamp.as_seconds()).ok();
    time.and_then(|time| time.format(&Rfc3339).ok())
        .unwrap_or_else(|| "-".to_owned())
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use crate::commands::CommandLine;

    #[test]
    fn a_key_is_retired_by_any_id_of_ours() {
        let line = CommandLine::try_parse_from(["grantor", "keys", "retire", "-7fQ_x"]);
        assert!(line.is_ok(), "{line:?}");
    }
}
