//! A quick look that spares Cedar most policies.
//!
//! It may say "perhaps" where Cedar will say no, but never "no" where Cedar would say yes. A pattern only
//! ever permits, so a mistake here could refuse and never permit.

use cedar_policy::pst::PatternElem;

use crate::facts::Facts;
use crate::logic::{Logic, Test};
use crate::node::Node;
use crate::scalar::Scalar;

/// Whether a condition may hold for a request.
pub(crate) fn may_hold(logic: &Logic, facts: &Facts<'_>) -> bool {
    match logic {
        Logic::Is(path, test) => facts
            .at(*path)
            .is_some_and(|node| passes(test, node, facts)),
        Logic::Nil(path) => facts.at(*path).is_none(),
        Logic::Not(path, _) => facts.at(*path).is_some(),
        Logic::All(parts) => parts.iter().all(|part| may_hold(part, facts)),
        Logic::Any(_, parts) => parts.iter().any(|part| may_hold(part, facts)),
    }
}

fn passes(test: &Test, node: Node<'_>, facts: &Facts<'_>) -> bool {
    match test {
        Test::Equals(value) => equal(node, value),
        Test::Among(values) => values.iter().any(|value| equal(node, value)),
        Test::SameAs(path) | Test::HasSameAs(path) => facts.at(*path).is_some(),
        Test::Like(pattern) => node.text().is_some_and(|text| begins(text, pattern)),
        Test::HasAll(values) => values.iter().all(|value| has(node, value)),
        Test::HasAny(values) => values.iter().any(|value| has(node, value)),
        Test::Present | Test::SomeText | Test::Only(_) | Test::Length(_) => true,
    }
}

fn equal(node: Node<'_>, value: &Scalar<'static>) -> bool {
    match (node.text(), value) {
        (Some(text), Scalar::Text(wanted)) => text == wanted,
        (Some(_), _) => false,
        (None, wanted) => node.scalar().is_some_and(|scalar| scalar == *wanted),
    }
}

fn has(node: Node<'_>, value: &Scalar<'static>) -> bool {
    node.items()
        .is_some_and(|mut items| items.any(|item| equal(item, value)))
}

/// Whether a text begins with what comes before the first wildcard.
fn begins(text: &str, pattern: &[PatternElem]) -> bool {
    let mut characters = text.chars();
    for element in pattern {
        match element {
            PatternElem::Wildcard => return true,
            PatternElem::Char(wanted) => {
                if characters.next() != Some(*wanted) {
                    return false;
                }
            }
        }
    }
    characters.next().is_none()
}
