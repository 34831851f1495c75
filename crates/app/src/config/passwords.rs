//! `passwords`: how they are hashed, how many at once, and which ones people may choose.

use std::time::Duration;

use grantor_crypto::PasswordRules;

use super::reader::Reader;
use super::threads;

const LEAST_M_COST: u32 = 19_456;
const LEAST_T_COST: u32 = 2;

/// How passwords are hashed.
#[derive(Clone, Copy, Debug)]
pub struct PasswordsConfig {
    /// Memory in KiB.
    pub argon2_m_cost: u32,
    /// Passes.
    pub argon2_t_cost: u32,
    /// Lanes.
    pub argon2_p_cost: u32,
    /// Whether logins renew hashes with weaker parameters.
    pub rehash_on_login: bool,
    /// Threads that hash.
    pub hash_threads: usize,
    /// Logins that may wait for a hash.
    pub queue: usize,
    /// How long a login may wait for a hash.
    pub max_wait: Duration,
    /// What is asked of passwords that people choose for themselves.
    pub rules: PasswordRules,
}

pub(super) fn read(reader: &Reader) -> PasswordsConfig {
    let config = PasswordsConfig {
        argon2_m_cost: reader.number("passwords.argon2_m_cost", 8..=1_048_576),
        argon2_t_cost: reader.number("passwords.argon2_t_cost", 1..=64),
        argon2_p_cost: reader.number("passwords.argon2_p_cost", 1..=16),
        rehash_on_login: reader.flag("passwords.rehash_on_login"),
        hash_threads: threads(reader, "passwords.hash_threads", |cores| cores),
        queue: reader.number("passwords.queue", 1..=100_000) as usize,
        max_wait: Duration::from_millis(reader.number("passwords.max_wait_ms", 1..=60_000).into()),
        rules: rules(reader),
    };
    if config.argon2_m_cost < 8 * config.argon2_p_cost {
        let rule = "must be at least 8 times passwords.argon2_p_cost";
        reader.mistake("passwords.argon2_m_cost", rule);
    }
    if !reader.flag("passwords.allow_weak_parameters") {
        let costs = [
            (
                "passwords.argon2_m_cost",
                config.argon2_m_cost,
                LEAST_M_COST,
            ),
            (
                "passwords.argon2_t_cost",
                config.argon2_t_cost,
                LEAST_T_COST,
            ),
        ];
        for (key, cost, least) in costs {
            if cost < least {
                let way = "passwords.allow_weak_parameters lifts this for tests";
                reader.mistake(key, format!("must be at least {least} ({way})"));
            }
        }
    }
    config
}

fn rules(reader: &Reader) -> PasswordRules {
    PasswordRules {
        min_length: reader.number("passwords.min_length", 8..=64) as usize,
        min_score: u8::try_from(reader.number("passwords.min_score", 0..=4)).unwrap_or(4),
        check_common: reader.flag("passwords.check_common"),
        check_own_names: reader.flag("passwords.refuse_own_names"),
    }
}
