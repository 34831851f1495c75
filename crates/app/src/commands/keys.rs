//! `grantor keys list|rotate|retire`.

use std::fmt::Write as _;

use clap::Subcommand;
use grantor_crypto::KeyRing;
use grantor_domain::keys::{KeyState, key_state};
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
}

impl Keys {
    pub(super) fn run(&self, config: &Config) -> Result<(), Failure> {
        let machine = Machine::default();
        let persistence = wiring::connect(&config.database)?;
        let ring = wiring::open_keys(config, &persistence, &machine)?;
        match self {
            Self::List => {}
            Self::Rotate { now } => {
                ring.rotate(*now)
                    .map_err(|error| Failure::new("cannot rotate", error))?;
            }
            Self::Retire { kid } => {
                ring.retire(kid)
                    .map_err(|error| Failure::new("cannot retire the key", error))?;
            }
        }
        super::print(&table(&ring, machine.clock.now()))
    }
}

fn table(ring: &KeyRing, now: Timestamp) -> String {
    let lives = ring.lives();
    let mut text =
        String::from("STATE     ALG    SIGNS FROM            ENDS                  KID\n");
    for life in &lives {
        let state = match key_state(life, &lives, now) {
            KeyState::Next => "next",
            KeyState::Signing => "signing",
            KeyState::Retiring => "retiring",
            KeyState::Ended => "ended",
        };
        let ends = life.ends.map_or_else(|| "-".to_owned(), instant);
        let _infallible = writeln!(
            text,
            "{state:9} {:6} {:21} {ends:21} {}",
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
