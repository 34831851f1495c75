//! SPDX licence expressions, as far as packages use them: identifiers, `AND`, `OR`, `WITH`, parentheses, and the
//! old `/` for `OR`.

use std::iter::Peekable;
use std::vec::IntoIter;

/// Whether the expression can be met by the allowed licences alone.
pub(super) fn is_met(expression: &str, allowed: &[String]) -> Result<bool, String> {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let words: Vec<String> = spaced.split_whitespace().map(str::to_owned).collect();
    let mut reader = Reader {
        words: words.into_iter().peekable(),
        allowed,
    };
    let met = reader.alternatives();
    match (met, reader.words.next()) {
        (Some(met), None) => Ok(met),
        _ => Err(format!("cannot read the licence expression `{expression}`")),
    }
}

struct Reader<'rules> {
    words: Peekable<IntoIter<String>>,
    allowed: &'rules [String],
}

impl Reader<'_> {
    /// `a OR b`: one that is met is enough. Binds weaker than `AND`.
    fn alternatives(&mut self) -> Option<bool> {
        let mut met = self.requirements()?;
        while self.words.next_if(|word| word == "OR").is_some() {
            met |= self.requirements()?;
        }
        Some(met)
    }

    /// `a AND b`: all must be met.
    fn requirements(&mut self) -> Option<bool> {
        let mut met = self.single()?;
        while self.words.next_if(|word| word == "AND").is_some() {
            met &= self.single()?;
        }
        Some(met)
    }

    fn single(&mut self) -> Option<bool> {
        let word = self
            .words
            .next()
            .filter(|word| !matches!(word.as_str(), "AND" | "OR" | "WITH" | ")"))?;
        if word == "(" {
            let met = self.alternatives()?;
            return self.words.next_if(|word| word == ")").map(|_| met);
        }
        let mut licence = word;
        if self.words.next_if(|word| word == "WITH").is_some() {
            licence = format!("{licence} WITH {}", self.words.next()?);
        }
        Some(self.allowed.contains(&licence))
    }
}

#[cfg(test)]
mod tests {
    use super::is_met;

    fn met(expression: &str) -> Result<bool, String> {
        is_met(expression, &["MIT".to_owned(), "ISC".to_owned()])
    }

    #[test]
    fn one_alternative_is_enough() {
        assert_eq!(met("GPL-3.0 OR MIT"), Ok(true));
        assert_eq!(met("MIT/Apache-2.0"), Ok(true));
        assert_eq!(met("GPL-3.0 OR LGPL-3.0"), Ok(false));
    }

    #[test]
    fn every_requirement_counts_and_binds_tighter_than_alternatives() {
        assert_eq!(met("MIT AND ISC"), Ok(true));
        assert_eq!(met("MIT AND GPL-3.0"), Ok(false));
        assert_eq!(met("MIT OR ISC AND GPL-3.0"), Ok(true));
        assert_eq!(met("(MIT OR ISC) AND GPL-3.0"), Ok(false));
    }

    #[test]
    fn an_exception_makes_another_licence() {
        assert_eq!(met("MIT WITH Some-exception"), Ok(false));
        assert_eq!(met("MIT WITH Some-exception OR MIT"), Ok(true));
    }

    #[test]
    fn what_is_no_expression_is_an_error() {
        for broken in [
            "", "MIT ISC", "MIT OR", "(MIT", "MIT)", "AND MIT", "MIT WITH",
        ] {
            assert!(met(broken).is_err(), "{broken:?} was read");
        }
    }
}
