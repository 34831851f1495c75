//! Dates as search parameters (FHIR R4 §3.1.1.4.6).

use grantor_domain::time::Timestamp;

use crate::error::Failure;
use crate::resources::instant;

use super::bad;

/// A date with its prefix, as a range of instants: the first that matches, and the first that no
/// longer does.
///
/// # Errors
/// 400 naming the parameter.
pub(crate) fn range(
    name: &str,
    value: &str,
) -> Result<(Option<Timestamp>, Option<Timestamp>), Failure> {
    let (prefix, date) = match value.get(..2) {
        Some(prefix @ ("eq" | "gt" | "lt" | "ge" | "le")) => {
            (prefix, value.get(2..).unwrap_or_default())
        }
        _ => ("eq", value),
    };
    let (first, past) = instant::range(date)
        .ok_or_else(|| bad(name, "must be a date, with eq, gt, lt, ge or le before it"))?;
    Ok(match prefix {
        "gt" => (Some(past), None),
        "ge" => (Some(first), None),
        "lt" => (None, Some(first)),
        "le" => (None, Some(past)),
        _ => (Some(first), Some(past)),
    })
}
