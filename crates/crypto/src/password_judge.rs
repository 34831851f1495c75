//! Judging passwords that people choose: long enough, not among the common ones, not made of their
//! owner's names, and not easily guessed (zxcvbn).
//!
//! Nothing is built at start-up. Any input is judged within a few milliseconds, since each step
//! looks at no more of it than it can afford.

mod common_passwords;
mod own_names;
mod strength;

use grantor_domain::ports::PasswordJudge;
use grantor_domain::secret::Password;

use own_names::OwnNames;
use strength::Verdict;

/// What is asked of a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PasswordRules {
    /// Fewest characters. The list of common passwords has none shorter than 8.
    pub min_length: usize,
    /// Lowest score of zxcvbn, from 0 (anything) to 4.
    pub min_score: u8,
    /// Whether common passwords are refused.
    pub check_common: bool,
    /// Whether a password may not contain a name of its owner's.
    pub check_own_names: bool,
}

/// Judges by [`PasswordRules`]. Its sentences never repeat a password or a name.
#[derive(Clone, Copy, Debug)]
pub struct RuleJudge {
    rules: PasswordRules,
}

impl RuleJudge {
    /// A judge by these rules.
    #[must_use]
    pub const fn new(rules: PasswordRules) -> Self {
        Self { rules }
    }

    fn length_problem(&self, password: &str) -> Option<String> {
        let least = self.rules.min_length;
        if password.len() > Password::LONGEST {
            let most = Password::LONGEST;
            return Some(format!("The password must have at most {most} bytes."));
        }
        let short = password.chars().take(least).count() < least;
        short.then(|| format!("The password must have at least {least} characters."))
    }

    fn content_problems(&self, password: &str, own: &[String]) -> Vec<String> {
        let mut problems = Vec::new();
        let names = OwnNames::new(own);
        if self.rules.check_own_names && names.are_part_of(password) {
            problems.push("The password must not contain your own name or address.".to_owned());
        }
        // A common password is easily guessed as well: one sentence is enough.
        if self.rules.check_common && common_passwords::contains(password) {
            problems.push("The password is one that many people use. Choose another.".to_owned());
        } else if self.rules.min_score > 0 {
            match strength::judge(password, &names) {
                Verdict::Score { score, .. } if score >= self.rules.min_score => {}
                Verdict::Score { advice, .. } => problems.push(guessable(&advice)),
                Verdict::Unknown => {
                    problems.push("The password cannot be judged. Choose another.".to_owned());
                }
            }
        }
        problems
    }
}

fn guessable(advice: &str) -> String {
    let gap = if advice.is_empty() { "" } else { " " };
    format!("The password is easy to guess.{gap}{advice}")
}

impl PasswordJudge for RuleJudge {
    fn problems(&self, password: &Password, own: &[String]) -> Vec<String> {
        let password = password.expose();
        match self.length_problem(password) {
            Some(problem) => vec![problem],
            None => self.content_problems(password, own),
        }
    }
}

#[cfg(test)]
mod tests;
