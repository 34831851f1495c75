//! Regular expressions that Cedar's `like` can say: plain characters, `.*`, `^`, `$`, and alternatives.
//!
//! `like` knows one wildcard, for any number of any characters, line breaks included. An expression
//! without `^` may begin anywhere in the text, and one without `$` end anywhere, as usual.

use std::iter::Peekable;
use std::str::Chars;

use cedar_policy::pst::PatternElem;

use crate::limits::ALTERNATIVES;

/// Levels of groups.
const GROUPS: usize = 8;
/// Characters of all alternatives together.
const CHARACTERS: usize = 8192;

/// What to write is the same whatever was not understood.
const KNOWN: &str = "a regular expression may use plain characters (`\\.` for a dot), `.*`, `^`, `$` and \
                     alternatives `(a|b)`; spell the rest out, or use `$enum`";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Element {
    Begin,
    End,
    Any,
    Plain(char),
}

/// One way in which the expression can be met.
type Sequence = Vec<Element>;

/// Reads what stands behind the `#`, as forms of which one must fit.
///
/// # Errors
/// What is not understood and what can be written.
pub(super) fn read(expression: &str) -> Result<Vec<Vec<PatternElem>>, String> {
    if expression.is_empty() {
        return Err("the regular expression is empty; write `not-blank?` for any text".to_owned());
    }
    let mut characters = expression.chars().peekable();
    let sequences = alternatives(&mut characters, 0)?;
    if characters.next().is_some() {
        return Err(refused("a `)` without its `(`"));
    }
    sequences.iter().map(|sequence| form(sequence)).collect()
}

fn refused(what: &str) -> String {
    format!("{what} is not supported: {KNOWN}")
}

fn alternatives(
    characters: &mut Peekable<Chars<'_>>,
    depth: usize,
) -> Result<Vec<Sequence>, String> {
    if depth > GROUPS {
        return Err(refused("so many groups in groups"));
    }
    let mut all = sequence(characters, depth)?;
    while characters.next_if_eq(&'|').is_some() {
        all.extend(sequence(characters, depth)?);
        bounded(&all)?;
    }
    Ok(all)
}

/// Everything up to `|`, `)` or the end. Groups multiply the ways to meet it.
fn sequence(characters: &mut Peekable<Chars<'_>>, depth: usize) -> Result<Vec<Sequence>, String> {
    let mut ways: Vec<Sequence> = vec![Vec::new()];
    while let Some(character) = characters.next_if(|next| *next != '|' && *next != ')') {
        if character == '(' {
            let inner = group(characters, depth)?;
            ways = product(&ways, &inner)?;
        } else {
            let element = element(character, characters)?;
            for way in &mut ways {
                way.push(element);
            }
            bounded(&ways)?;
        }
    }
    Ok(ways)
}

fn group(characters: &mut Peekable<Chars<'_>>, depth: usize) -> Result<Vec<Sequence>, String> {
    if characters.next_if_eq(&'?').is_some() && characters.next() != Some(':') {
        return Err(refused("a group with `?`"));
    }
    let inner = alternatives(characters, depth + 1)?;
    if characters.next() != Some(')') {
        return Err(refused("a `(` without its `)`"));
    }
    unrepeated(characters)?;
    Ok(inner)
}

fn element(character: char, characters: &mut Peekable<Chars<'_>>) -> Result<Element, String> {
    let element = match character {
        '^' => Element::Begin,
        '$' => Element::End,
        '.' if characters.next_if_eq(&'*').is_some() => Element::Any,
        '.' => return Err(refused("a dot for one character")),
        '\\' => match characters.next() {
            Some(escaped) if escaped.is_ascii_punctuation() => Element::Plain(escaped),
            _ => return Err(refused("a class of characters like `\\d`")),
        },
        '[' | ']' | '{' | '}' | '*' | '+' | '?' => {
            return Err(refused("a class or repetition like `[a-z]`, `x+` or `x?`"));
        }
        plain => Element::Plain(plain),
    };
    unrepeated(characters)?;
    Ok(element)
}

fn unrepeated(characters: &mut Peekable<Chars<'_>>) -> Result<(), String> {
    match characters.peek() {
        Some('*' | '+' | '?' | '{') => Err(refused("a repetition of anything but `.`")),
        _ => Ok(()),
    }
}

fn product(ways: &[Sequence], inner: &[Sequence]) -> Result<Vec<Sequence>, String> {
    if ways.len().saturating_mul(inner.len()) > ALTERNATIVES {
        return Err(too_many());
    }
    let joined = ways.iter().flat_map(|way| {
        inner
            .iter()
            .map(move |rest| [way.as_slice(), rest].concat())
    });
    let joined: Vec<Sequence> = joined.collect();
    bounded(&joined)?;
    Ok(joined)
}

fn bounded(ways: &[Sequence]) -> Result<(), String> {
    let characters: usize = ways.iter().map(Vec::len).sum();
    if ways.len() > ALTERNATIVES || characters > CHARACTERS {
        return Err(too_many());
    }
    Ok(())
}

fn too_many() -> String {
    format!(
        "the regular expression stands for more than {ALTERNATIVES} alternatives or is too long; use `$enum`"
    )
}

fn form(sequence: &[Element]) -> Result<Vec<PatternElem>, String> {
    let (begin, rest) = match sequence {
        [Element::Begin, rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    let (end, rest) = match rest {
        [rest @ .., Element::End] => (true, rest),
        rest => (false, rest),
    };
    let mut form = Vec::new();
    if !begin {
        form.push(PatternElem::Wildcard);
    }
    for element in rest {
        match element {
            Element::Plain(character) => form.push(PatternElem::Char(*character)),
            Element::Any if form.last() == Some(&PatternElem::Wildcard) => {}
            Element::Any => form.push(PatternElem::Wildcard),
            Element::Begin | Element::End => {
                return Err(refused("`^` or `$` in the middle"));
            }
        }
    }
    if !end && form.last() != Some(&PatternElem::Wildcard) {
        form.push(PatternElem::Wildcard);
    }
    Ok(form)
}
