//! The hours that something is counted by.

use grantor_domain::hour::Hours;

use crate::error::Failure;

use super::instant;
use super::search::{Sent, bad};

/// A day.
const COUNT: u16 = 24;

/// Reads `hours` and `last`. Other parameters go to `other`, which says whether it knows them.
pub(super) fn read(
    sent: &Sent,
    mut other: impl FnMut(&str, &str) -> Result<bool, Failure>,
) -> Result<Hours, Failure> {
    let mut hours = Hours::until_now(COUNT);
    for (name, value) in &sent.pairs {
        match name.as_str() {
            "hours" => hours.count = count(value)?,
            "last" => {
                let (first, _) = instant::range(value)
                    .ok_or_else(|| bad("last", "must be a date or an instant"))?;
                hours.last = Some(first);
            }
            "_format" | "_pretty" => {}
            _ if other(name, value)? || sent.is_lenient => {}
            _ => return Err(Failure::unreadable("This parameter is not known here")),
        }
    }
    Ok(hours)
}

fn count(value: &str) -> Result<u16, Failure> {
    let count = value.parse().ok();
    count
        .filter(|count| (1..=Hours::MOST).contains(count))
        .ok_or_else(|| bad("hours", "must be a number from 1 to 744"))
}
