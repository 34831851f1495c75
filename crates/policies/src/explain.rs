//! Why a pattern does not match.

use crate::facts::Facts;
use crate::logic::Logic;
use crate::path::{Path, Paths};

/// The first of the conditions that must all hold and does not, by asking for each alone.
pub(crate) fn mismatch(
    logic: &Logic,
    paths: &Paths,
    facts: &Facts<'_>,
    holds: impl Fn(&Logic) -> bool,
) -> String {
    let mut parts = Vec::new();
    logic.parts(&mut parts);
    let first = parts.into_iter().find(|part| !holds(part));
    let place = first.and_then(|part| Some((part, part.place()?)));
    let Some((part, place)) = place else {
        return "the pattern does not match".to_owned();
    };
    let words = paths.get(place).map_or_else(String::new, Path::words);
    match part {
        Logic::Nil(_) => format!("{words} is present"),
        Logic::Any(..) => format!("none of the alternatives for {words} matches"),
        _ if facts.at(place).is_none() => format!("{words} is missing"),
        _ => format!("{words} does not match"),
    }
}
