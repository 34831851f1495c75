//! Why a pattern does not match.

use crate::facts::Facts;
use crate::likely;
use crate::logic::Logic;
use crate::path::Path;

/// The first of the conditions that must all hold and does not.
pub(crate) fn mismatch(logic: &Logic, facts: &Facts<'_>) -> String {
    let mut parts = Vec::new();
    logic.parts(&mut parts);
    let first = parts.into_iter().find(|part| !likely::holds(part, facts));
    let place = first.and_then(|part| Some((part, part.place()?)));
    let Some((part, place)) = place else {
        return "the pattern does not match".to_owned();
    };
    let words = facts.path(place).map_or_else(String::new, Path::words);
    match part {
        Logic::Nil(_) => format!("{words} is present"),
        Logic::Any(..) => format!("none of the alternatives for {words} matches"),
        _ if facts.at(place).is_none() => format!("{words} is missing"),
        _ => format!("{words} does not match"),
    }
}
