//! `throttle`: budgets for failed logins, and where they are kept.

use std::time::Duration;

use grantor_domain::policy::{Budget, Budgets};
use grantor_domain::time::Lifetime;
use zeroize::Zeroizing;

use super::reader::Reader;

/// Where budgets are kept.
#[derive(Clone)]
pub enum BudgetStore {
    /// With everything else.
    Database,
    /// In a Redis.
    Redis {
        /// Its URL. It may hold a password.
        url: Zeroizing<String>,
        /// How long a login waits for it.
        timeout: Duration,
    },
}

impl std::fmt::Debug for BudgetStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Database => "Database",
            Self::Redis { .. } => "Redis([redacted])",
        })
    }
}

pub(super) fn read(reader: &Reader) -> Option<Budgets> {
    let number =
        |name: &str, key: &str| reader.number(&format!("throttle.{name}.{key}"), 1..=1_000_000);
    let minute = |name| Budget::per_minute(number(name, "burst"), number(name, "per_minute"));
    let day = |name| Budget::per_day(number(name, "burst"), number(name, "per_day"));
    let familiar_days = reader.number("throttle.familiar_days", 1..=3650);
    let budgets = Budgets {
        account: minute("account"),
        account_day: day("account_day"),
        account_total: day("account_total"),
        network: minute("network"),
        site: minute("site"),
        client: minute("client"),
        global: minute("global"),
        familiar_for: Lifetime::from_days(u16::try_from(familiar_days).unwrap_or(u16::MAX)),
    };
    reader.flag("throttle.enabled").then_some(budgets)
}

pub(super) fn read_store(reader: &Reader) -> BudgetStore {
    let timeout = reader.number("throttle.redis_timeout_ms", 10..=60_000);
    let url = match reader.secret_file("throttle.redis_url_file") {
        Some(url) => url,
        None => Zeroizing::new(reader.text("throttle.redis_url")),
    };
    let has_redis = cfg!(feature = "redis");
    match reader.text("throttle.store").as_str() {
        "database" if !url.is_empty() => {
            let problem = "is read only when throttle.store is \"redis\"";
            reader.mistake("throttle.redis_url", problem);
        }
        "database" => {}
        "redis" if !has_redis => {
            let problem = "this program was built without the feature `redis`";
            reader.mistake("throttle.store", problem);
        }
        "redis" if !is_redis(&url) => {
            let problem =
                "must begin with redis:// or redis+unix://; speaking TLS is not supported";
            reader.mistake("throttle.redis_url", problem);
        }
        "redis" => {
            let timeout = Duration::from_millis(timeout.into());
            return BudgetStore::Redis { url, timeout };
        }
        _ => reader.mistake("throttle.store", "must be \"database\" or \"redis\""),
    }
    BudgetStore::Database
}

fn is_redis(url: &str) -> bool {
    ["redis://", "redis+unix://"]
        .iter()
        .any(|scheme| url.starts_with(scheme))
}
