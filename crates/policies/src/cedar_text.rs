//! Reading policies that are written in Cedar.

use std::iter::Peekable;
use std::str::Chars;

use cedar_policy::{Effect, Policy, PolicyId, PolicySet};

use crate::cedar_depth;
use crate::cedar_needs;
use crate::limits::{BYTES, DEPTH, EXPRESSION, OPERATORS, STATEMENTS};
use crate::path::Paths;
use crate::statements::{Statement, Statements};

/// Reads a text.
///
/// # Errors
/// What is wrong with it.
pub(crate) fn read(text: &str, paths: &mut Paths) -> Result<Statements, String> {
    bounded(text)?;
    let set: PolicySet = text.parse().map_err(|error: cedar_policy::ParseErrors| {
        format!("not a Cedar policy: {}", cut(&error.to_string()))
    })?;
    if set.templates().next().is_some() {
        return Err(
            "`?principal` and `?resource` have no value here; use `link` to say whom it concerns"
                .to_owned(),
        );
    }
    let count = set.num_of_policies();
    if count == 0 {
        return Err("no statement; write at least one `permit` or `forbid`".to_owned());
    }
    if count > STATEMENTS {
        return Err(format!(
            "more than {STATEMENTS} statements; write several policies"
        ));
    }
    let mut policies: Vec<&Policy> = set.policies().collect();
    policies.sort_by_key(|policy| number(policy));
    let mut statements = Statements::default();
    for policy in policies {
        let list = match policy.effect() {
            Effect::Permit => &mut statements.permits,
            Effect::Forbid => &mut statements.forbids,
        };
        list.push(statement(policy, paths)?);
    }
    Ok(statements)
}

fn statement(policy: &Policy, paths: &mut Paths) -> Result<Statement, String> {
    let words = |error: String| cut(&error);
    let tree = policy.to_pst().map_err(|error| words(error.to_string()))?;
    let clauses = tree.body().clauses();
    if cedar_depth::of(clauses) > EXPRESSION {
        return Err(format!(
            "an expression is nested deeper than {EXPRESSION} levels; write several statements, or look into \
             a list of values ([…].contains)"
        ));
    }
    let number = number(policy);
    let numbered = policy.new_id(PolicyId::new(number.to_string()));
    let alone = PolicySet::from_policies([numbered]);
    Ok(Statement {
        number,
        set: alone.map_err(|error| words(error.to_string()))?,
        principal: policy.principal_constraint(),
        action: policy.action_constraint(),
        resource: policy.resource_constraint(),
        needs: cedar_needs::of(clauses, paths),
    })
}

/// Cedar calls the statements of a text `policy0`, `policy1`, …; people count from one.
fn number(policy: &Policy) -> usize {
    let id = policy.id().to_string();
    let number = id
        .strip_prefix("policy")
        .and_then(|number| number.parse().ok());
    number.map_or(0, |number: usize| number + 1)
}

/// Refuses what could exhaust the stack of a parser that descends, before it is parsed: long texts, deep
/// brackets, and many operators in one statement.
fn bounded(text: &str) -> Result<(), String> {
    if text.len() > BYTES {
        return Err(format!("longer than {BYTES} bytes"));
    }
    let mut characters = text.chars().peekable();
    let (mut depth, mut operators) = (0_usize, 0_usize);
    let mut word = String::new();
    while let Some(character) = characters.next() {
        if character.is_alphanumeric() || character == '_' {
            word.push(character);
            continue;
        }
        if matches!(word.as_str(), "if" | "has" | "like" | "in" | "is") {
            operators += 1;
        }
        word.clear();
        match character {
            '"' => skip_string(&mut characters),
            '/' if characters.peek() == Some(&'/') => skip_comment(&mut characters),
            '(' | '[' | '{' => (depth, operators) = (depth + 1, operators + 1),
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ';' => operators = 0,
            '.' | '+' | '-' | '*' | '@' => operators += 1,
            '&' | '|' | '=' | '!' | '<' | '>' => {
                operators += 1;
                characters.next_if(|next| *next == character || *next == '=');
            }
            _ => {}
        }
        if depth > DEPTH {
            return Err(format!("brackets are nested deeper than {DEPTH} levels"));
        }
        if operators > OPERATORS {
            return Err(format!(
                "more than {OPERATORS} operators in one statement; write several statements"
            ));
        }
    }
    Ok(())
}

/// To behind the closing quote.
fn skip_string(characters: &mut Peekable<Chars<'_>>) {
    while let Some(character) = characters.next() {
        match character {
            '\\' => {
                characters.next();
            }
            '"' => return,
            _ => {}
        }
    }
}

fn skip_comment(characters: &mut Peekable<Chars<'_>>) {
    while characters
        .next_if(|next| *next != '\n' && *next != '\r')
        .is_some()
    {}
}

/// Cedar's words may repeat what was written: one line, without control characters, not long.
pub(crate) fn cut(words: &str) -> String {
    let shown = words.chars().map(|c| if c.is_control() { ' ' } else { c });
    shown.take(200).collect()
}
