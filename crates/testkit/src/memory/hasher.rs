//! A hasher that does not hash.

use std::sync::atomic::{AtomicUsize, Ordering};

use grantor_domain::Fault;
use grantor_domain::ports::{Import, PasswordCheck, PasswordHasher};
use grantor_domain::secret::{Password, PasswordHash};

const NOW: &str = "plain:2:";

/// Keeps passwords readable, and counts what it was asked. For tests only.
#[derive(Debug, Default)]
pub struct PlainHasher {
    asked: AtomicUsize,
}

impl PlainHasher {
    /// How many hashes were computed, made-up ones included.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// A hash made with weaker parameters than today's.
    #[must_use]
    pub fn outdated(password: &str) -> PasswordHash {
        PasswordHash::new(format!("plain:1:{password}"))
    }
}

impl PasswordHasher for PlainHasher {
    fn hash(&self, password: &Password) -> Result<PasswordHash, Fault> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Ok(PasswordHash::new(format!("{NOW}{}", password.expose())))
    }

    fn verify(
        &self,
        password: &Password,
        hash: Option<&PasswordHash>,
    ) -> Result<PasswordCheck, Fault> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let Some(hash) = hash else {
            return Ok(PasswordCheck::Wrong);
        };
        let stored = hash.expose();
        let plain = stored
            .strip_prefix(NOW)
            .or_else(|| stored.strip_prefix("plain:1:"));
        Ok(if plain == Some(password.expose()) {
            PasswordCheck::Right {
                outdated: !stored.starts_with(NOW),
            }
        } else {
            PasswordCheck::Wrong
        })
    }

    fn import(&self, text: &str) -> Import {
        match text.strip_prefix("plain:1:") {
            Some("") => Import::Refused("the hash is empty".to_owned()),
            Some(_) => Import::Hash(PasswordHash::new(text.to_owned())),
            None => Import::NoHash,
        }
    }
}
