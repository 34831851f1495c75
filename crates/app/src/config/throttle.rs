//! `throttle`: budgets for failed logins.

use grantor_domain::policy::{Budget, Budgets};
use grantor_domain::time::Lifetime;

use super::reader::Reader;

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
