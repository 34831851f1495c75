//! Scope (RFC 6749 §3.3): a set of case-sensitive scope tokens, in the order they were written.

use std::fmt;

/// A set of scope tokens. Two scopes are equal when they hold the same tokens, in any order.
#[derive(Clone, Debug, Default)]
pub struct Scope(Vec<String>);

/// Most tokens of a scope: sets of them are compared token by token.
const MOST: usize = 1000;

/// A scope that breaks RFC 6749 §3.3's grammar, or has more tokens than anybody grants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "scope tokens are separated by single spaces and made of %x21, %x23-5B and %x5D-7E, at most 1000"
)]
pub struct InvalidScope;

fn is_scope_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

impl Scope {
    /// Reads a space-delimited list. Repeated tokens count once.
    ///
    /// # Errors
    /// [`InvalidScope`] for an empty token, a character outside the grammar, or too many tokens.
    pub fn parse(text: &str) -> Result<Self, InvalidScope> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        Self::from_tokens(text.split(' '))
    }

    /// Makes a scope of single tokens. Repeated tokens count once.
    ///
    /// # Errors
    /// [`InvalidScope`] for an empty token, a character outside the grammar, or too many tokens.
    pub fn from_tokens<'a>(
        tokens: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, InvalidScope> {
        let mut scope = Self::default();
        for token in tokens {
            if !is_scope_token(token) {
                return Err(InvalidScope);
            }
            if scope.contains(token) {
                continue;
            }
            if scope.0.len() == MOST {
                return Err(InvalidScope);
            }
            scope.0.push(token.to_owned());
        }
        Ok(scope)
    }

    /// The tokens, in the order written.
    pub fn tokens(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether no token is in it.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether `token` is in it.
    #[must_use]
    pub fn contains(&self, token: &str) -> bool {
        self.0.iter().any(|t| t == token)
    }

    /// Whether every token of this is also in `other`.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.tokens().all(|token| other.contains(token))
    }
}

impl PartialEq for Scope {
    fn eq(&self, other: &Self) -> bool {
        self.is_subset(other) && other.is_subset(self)
    }
}

impl Eq for Scope {}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_and_writes_in_the_order_asked() {
        assert_eq!(
            Scope::parse("b a b").map(|s| s.to_string()),
            Ok("b a".into())
        );
    }

    #[test]
    fn refuses_what_the_grammar_refuses() {
        for bad in [" ", "a  b", " a", "a ", "a\"b", "a\\b", "é", "a\u{7f}"] {
            assert_eq!(Scope::parse(bad), Err(InvalidScope), "{bad:?}");
        }
    }

    #[test]
    fn refuses_more_tokens_than_anybody_grants() {
        let scope = |count: usize| {
            (0..count)
                .map(|n| n.to_string())
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert!(Scope::parse(&scope(1000)).is_ok());
        assert_eq!(Scope::parse(&scope(1001)), Err(InvalidScope));
        assert_eq!(
            Scope::parse("a ".repeat(2000).trim_end()).map(|s| s.to_string()),
            Ok("a".into())
        );
    }

    #[test]
    fn order_does_not_matter_to_equality() {
        assert_eq!(Scope::parse("a b"), Scope::parse("b a"));
        assert_ne!(Scope::parse("a b"), Scope::parse("a"));
    }
}
