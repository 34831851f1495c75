//! The passwords that are tried first.
//!
//! `common_passwords.front` has one a line, sorted by bytes, in small letters, front-coded: the first
//! character, a digit to the base 36, says how many characters the line before begins with as well. It is
//! read through where it lies in the program, so it costs no memory of its own and no time at start-up.
//! Its origin, its licence and how to make it stand in `docs/decisions/0014-judging-passwords.md` and
//! beside it.

use std::cmp::Ordering;
use std::str::Lines;

use zeroize::Zeroizing;

/// Whether a password is in the list, whatever the size of its letters.
pub(super) fn contains(password: &str) -> bool {
    let sought = Zeroizing::new(password.to_lowercase());
    let mut list = List::new();
    while let Some(word) = list.next() {
        match word.cmp(sought.as_str()) {
            Ordering::Less => {}
            found => return found == Ordering::Equal,
        }
    }
    false
}

/// The list, decoded up to a word.
struct List {
    coded: Lines<'static>,
    word: String,
}

impl List {
    fn new() -> Self {
        Self {
            coded: include_str!("common_passwords.front").lines(),
            word: String::new(),
        }
    }

    fn next(&mut self) -> Option<&str> {
        let mut line = self.coded.next()?.chars();
        let shared = line.next()?.to_digit(36)?;
        self.word.truncate(usize::try_from(shared).ok()?);
        self.word.push_str(line.as_str());
        Some(&self.word)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use grantor_domain::secret::hexadecimal;

    use super::*;

    fn decoded() -> String {
        let mut lines = String::new();
        let mut list = List::new();
        while let Some(word) = list.next() {
            writeln!(lines, "{word}").unwrap();
        }
        lines
    }

    #[test]
    fn the_list_is_the_one_that_was_coded() {
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, decoded().as_bytes());
        let hex = hexadecimal(digest.as_ref());
        let plain = "5775aedafe8cb5b6ae24414c8f8e9157a66c914f58b9bd54f0678acc747bb9e9";
        assert_eq!(hex, plain);
    }

    #[test]
    fn the_list_is_sorted_and_in_small_letters() {
        let decoded = decoded();
        let lines: Vec<&str> = decoded.lines().collect();
        assert_eq!(lines.len(), 17_950);
        assert!(lines.is_sorted_by(|a, b| a < b));
        assert!(decoded.is_ascii() && decoded == decoded.to_lowercase());
        assert!(lines.iter().all(|line| line.len() >= 8));
    }

    #[test]
    fn a_line_is_found_and_what_is_near_it_is_not() {
        let decoded = decoded();
        let some = decoded.lines().step_by(1000);
        for line in some.chain(decoded.lines().last()) {
            assert!(contains(line), "{line}");
            assert!(contains(&line.to_uppercase()), "{line}");
            for other in [format!("{line}~"), format!("\u{1}{line}")] {
                assert!(!contains(&other), "{other}");
            }
        }
        for other in [
            "",
            "\n",
            "password\n",
            "correct horse battery",
            "пароль",
            "~~~~~~~~~~",
        ] {
            assert!(!contains(other), "{other:?}");
        }
    }
}
