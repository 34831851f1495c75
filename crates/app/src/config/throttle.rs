//! `throttle`: budgets for failed logins.

use grantor_domain::policy::{Budget, Budgets};

use super::reader::Reader;

pub(super) fn read(reader: &Reader) -> Option<Budgets> {
    let budget = |name: &str| Budget {
        burst: reader.number(&format!("throttle.{name}.burst"), 1..=1_000_000),
        per_minute: reader.number(&format!("throttle.{name}.per_minute"), 1..=1_000_000),
    };
    let budgets = Budgets {
        account: budget("account"),
        network: budget("network"),
        client: budget("client"),
    };
    reader.flag("throttle.enabled").then_some(budgets)
}
