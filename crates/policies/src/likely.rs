//! A quick look that spares Cedar what does not hold.
//!
//! What holds here is put to Cedar all the same, and what forbids is not looked at here. So a mistake here
//! could refuse and never permit.

use cedar_policy::pst::PatternElem;

use crate::facts::Facts;
use crate::logic::{Logic, Test};
use crate::node::Node;
use crate::path::PathId;
use crate::scalar::Scalar;

/// Whether a condition holds for a request.
pub(crate) fn holds(logic: &Logic, facts: &Facts<'_>) -> bool {
    match logic {
        Logic::Is(path, test) => facts
            .at(*path)
            .is_some_and(|node| passes(test, node, facts)),
        Logic::Nil(path) => facts.at(*path).is_none(),
        Logic::Not(path, inner) => facts.at(*path).is_some() && !holds(inner, facts),
        Logic::All(parts) => parts.iter().all(|part| holds(part, facts)),
        Logic::Any(_, parts) => parts.iter().any(|part| holds(part, facts)),
    }
}

fn passes(test: &Test, node: Node<'_>, facts: &Facts<'_>) -> bool {
    let single = |path: &PathId| facts.at(*path).and_then(Node::scalar);
    match test {
        Test::Present => true,
        Test::SomeText => node.text().is_some(),
        Test::Equals(value) => is(node, value),
        Test::Among(values) => values.iter().any(|value| is(node, value)),
        Test::SameAs(path) => single(path).is_some_and(|value| is(node, &value)),
        Test::Like(pattern) => node.text().is_some_and(|text| fits(text, pattern)),
        Test::HasAll(values) => values.iter().all(|value| has(node, value)),
        Test::HasAny(values) => values.iter().any(|value| has(node, value)),
        Test::HasSameAs(path) => single(path).is_some_and(|value| has(node, &value)),
        Test::Only(values) => has_only(node, values),
        Test::Length(length) => {
            let items = node.items().map(Iterator::count);
            items.and_then(|count| i64::try_from(count).ok()) == Some(*length)
        }
    }
}

fn is(node: Node<'_>, value: &Scalar<'_>) -> bool {
    match (node.text(), value) {
        (Some(text), Scalar::Text(wanted)) => text == wanted,
        (Some(_), _) => false,
        (None, wanted) => node.scalar().is_some_and(|scalar| scalar == *wanted),
    }
}

fn has(node: Node<'_>, value: &Scalar<'_>) -> bool {
    node.items()
        .is_some_and(|mut items| items.any(|item| is(item, value)))
}

/// Items that are too deep for Cedar to see do not count.
fn has_only(node: Node<'_>, values: &[Scalar<'_>]) -> bool {
    let seen = |item: &Node<'_>| item.scalar().is_some() || item.value().is_some();
    let mut items = node.items().into_iter().flatten().filter(seen).peekable();
    items.peek().is_some() && items.all(|item| values.iter().any(|value| is(item, value)))
}

/// Whether a text is of a form. After a mismatch, the last wildcard takes one character more.
fn fits(text: &str, form: &[PatternElem]) -> bool {
    let (mut characters, mut form) = (text.chars(), form);
    let mut wildcard = None;
    loop {
        match form {
            [PatternElem::Wildcard, rest @ ..] => {
                wildcard = Some((characters.clone(), rest));
                form = rest;
                continue;
            }
            [PatternElem::Char(wanted), rest @ ..] => match characters.next() {
                Some(character) if character == *wanted => {
                    form = rest;
                    continue;
                }
                Some(_) => {}
                None => return false,
            },
            [] if characters.as_str().is_empty() => return true,
            [] => {}
        }
        let Some((from, rest)) = &mut wildcard else {
            return false;
        };
        if from.next().is_none() {
            return false;
        }
        (characters, form) = (from.clone(), *rest);
    }
}
