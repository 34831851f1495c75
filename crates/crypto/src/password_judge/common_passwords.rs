//! The passwords that are tried first.
//!
//! `common_passwords.txt` has one a line, sorted by bytes, in small letters. It is searched where it
//! lies in the program, so it costs no memory of its own and no time at start-up. Its origin and
//! licence stand in `docs/decisions/0014-judging-passwords.md` and beside it.

use std::cmp::Ordering;

use zeroize::Zeroizing;

const LIST: &str = include_str!("common_passwords.txt");

/// Longer than any in the list, in bytes.
const TOO_LONG: usize = 128;

/// Whether a password is in the list, whatever the size of its letters.
pub(super) fn contains(password: &str) -> bool {
    if password.len() >= TOO_LONG {
        return false;
    }
    let sought = Zeroizing::new(password.to_lowercase());
    let mut rest = LIST;
    while let Some((before, middle, after)) = halve(rest) {
        rest = match sought.as_str().cmp(middle) {
            Ordering::Less => before,
            Ordering::Equal => return true,
            Ordering::Greater => after,
        };
    }
    false
}

/// A line in the middle, and the lines before and after it. `None` when there are none.
fn halve(lines: &str) -> Option<(&str, &str, &str)> {
    // The list is ASCII, so every place in it is between two characters.
    let (left, _right) = lines.split_at_checked(lines.len() / 2)?;
    let start = left.rfind('\n').map_or(0, |place| place + 1);
    let (before, from_middle) = lines.split_at_checked(start)?;
    let (middle, after) = from_middle.split_once('\n')?;
    Some((before, middle, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_found() {
        let lines: Vec<&str> = LIST.lines().collect();
        assert_eq!(lines.len(), 17_950);
        assert!(LIST.is_ascii() && LIST.ends_with('\n'));
        assert!(lines.is_sorted_by(|a, b| a < b));
        for line in lines {
            assert!(contains(line), "{line}");
            assert!(contains(&line.to_uppercase()), "{line}");
            assert!((8..TOO_LONG).contains(&line.len()), "{line}");
        }
    }

    #[test]
    fn nothing_else_is_found() {
        for line in LIST.lines() {
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
