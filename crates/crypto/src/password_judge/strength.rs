//! How easily a password is guessed, by zxcvbn. Only this file names it.
//!
//! zxcvbn takes time with the third power of the length, and as much again for each way in which
//! signs can stand for letters (`4` or `@` for `a`): a hundred signs take it seconds. It is therefore
//! shown the longest beginning that it judges in time. What is left out could only raise the score.

use std::panic::catch_unwind;

use zeroize::Zeroizing;

use super::own_names::OwnNames;

/// Most characters that are shown.
const LONGEST: usize = 32;

/// Most that the ways to read signs as letters, times the square of the length, may come to.
const MOST_WORK: usize = 30_000;

/// Signs that zxcvbn reads as letters, each with the ways it adds for its letter: two where another
/// letter may have it too.
const SIGNS: [&[(char, usize)]; 12] = [
    &[('4', 1), ('@', 1)],
    &[('8', 1)],
    &[('(', 1), ('{', 1), ('[', 1), ('<', 1)],
    &[('3', 1)],
    &[('6', 1), ('9', 1)],
    &[('1', 1), ('!', 1), ('|', 1)],
    &[('1', 2), ('|', 2), ('7', 2)],
    &[('0', 1)],
    &[('$', 1), ('5', 1)],
    &[('+', 1), ('7', 2)],
    &[('%', 1)],
    &[('2', 1)],
];

/// What zxcvbn says.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Its score and what it advises, in whole sentences.
    Score { score: u8, advice: String },
    /// It failed.
    Unknown,
}

/// Judges a password of somebody with these names.
pub(super) fn judge(password: &str, own: &OwnNames) -> Verdict {
    let shown = Zeroizing::new(beginning(password));
    let names = own.as_strs();
    // It unwraps in many places. A password that makes it fail is no reason for a request to.
    let Ok(entropy) = catch_unwind(|| zxcvbn::zxcvbn(&shown, &names)) else {
        return Verdict::Unknown;
    };
    let advice = entropy.feedback().map_or_else(String::new, |feedback| {
        let warning = feedback.warning().map(|warning| warning.to_string());
        let suggestions = feedback.suggestions().iter().map(ToString::to_string);
        warning
            .into_iter()
            .chain(suggestions)
            .collect::<Vec<_>>()
            .join(" ")
    });
    Verdict::Score {
        score: entropy.score().into(),
        advice,
    }
}

/// The longest beginning that is judged in time.
pub(super) fn beginning(password: &str) -> String {
    let mut shown = String::with_capacity(password.len().min(4 * LONGEST));
    for (index, character) in password.chars().take(LONGEST).enumerate() {
        shown.push(character);
        let length = index + 1;
        if readings(&shown).saturating_mul(length * length) > MOST_WORK {
            shown.pop();
            break;
        }
    }
    shown
}

/// At most so many ways there are to read the signs in a text as letters.
fn readings(text: &str) -> usize {
    let ways = SIGNS.iter().map(|letter| {
        let present = letter.iter().filter(|(sign, _ways)| text.contains(*sign));
        present.map(|(_sign, ways)| ways).sum::<usize>().max(1)
    });
    ways.product()
}
