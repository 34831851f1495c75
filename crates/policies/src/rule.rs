//! Reading the rules of policies.

use grantor_domain::access::Rule;

use crate::limits::DEPTH;
use crate::logic::Logic;
use crate::matcho::{self, Reader};

/// What the rule of an `allow`, `matcho` or `complex` policy says.
///
/// # Errors
/// Why it is not understood.
pub(crate) fn read(rule: &Rule, reader: &mut Reader<'_>) -> Result<Logic, String> {
    read_at(rule, reader, 0)
}

fn read_at(rule: &Rule, reader: &mut Reader<'_>, depth: usize) -> Result<Logic, String> {
    if depth > DEPTH {
        return Err(format!(
            "`and` and `or` are nested deeper than {DEPTH} levels"
        ));
    }
    match rule {
        Rule::Allow => Ok(Logic::All(Vec::new())),
        Rule::Matcho(pattern) => matcho::read(pattern, reader),
        Rule::All(rules) => inner(rules, reader, depth).map(Logic::All),
        Rule::Any(rules) => Ok(Logic::Any(reader.root(), inner(rules, reader, depth)?)),
        Rule::Cedar(_) => Err(
            "a cedar policy cannot be part of a complex one; write the whole in Cedar, which has `&&` and `||`"
                .to_owned(),
        ),
    }
}

fn inner(rules: &[Rule], reader: &mut Reader<'_>, depth: usize) -> Result<Vec<Logic>, String> {
    if rules.is_empty() {
        return Err(
            "an empty list permits or refuses by accident; name at least one rule".to_owned(),
        );
    }
    let read = rules.iter().enumerate().map(|(position, rule)| {
        reader.count(1)?;
        read_at(rule, reader, depth + 1)
            .map_err(|problem| format!("rule {}: {problem}", position + 1))
    });
    read.collect()
}
