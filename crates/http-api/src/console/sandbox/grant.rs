//! Which grants can be walked through, and in which steps.

/// A grant with a tab of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Grant {
    Password,
    ClientCredentials,
}

/// A step of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Client,
    User,
    Token,
    Answer,
    Use,
    Refresh,
    Close,
    Proof,
}

impl Grant {
    pub(super) const ALL: [Self; 2] = [Self::Password, Self::ClientCredentials];

    /// As it stands in a path.
    pub(super) const fn path(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::ClientCredentials => "client-credentials",
        }
    }

    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Password => "Resource Owner",
            Self::ClientCredentials => "Client credentials",
        }
    }

    /// `grant_type`.
    pub(super) const fn grant_type(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::ClientCredentials => "client_credentials",
        }
    }

    pub(super) const fn steps(self) -> &'static [Step] {
        match self {
            Self::Password => &[
                Step::Client,
                Step::User,
                Step::Token,
                Step::Answer,
                Step::Use,
                Step::Refresh,
                Step::Close,
                Step::Proof,
            ],
            Self::ClientCredentials => &[Step::Client, Step::Token, Step::Use, Step::Proof],
        }
    }

    pub(super) fn parse(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grant| grant.path() == path)
    }

    /// The step of a number, which begins with one.
    pub(super) fn step(self, number: &str) -> Option<Step> {
        let place = number.parse::<usize>().ok()?.checked_sub(1)?;
        let step = self.steps().get(place).copied()?;
        (self.number(step).to_string() == number).then_some(step)
    }

    /// The number of a step.
    pub(super) fn number(self, step: Step) -> usize {
        let place = self.steps().iter().position(|known| *known == step);
        place.unwrap_or_default() + 1
    }

    /// The page of a step, below the console's root.
    pub(super) fn page(self, step: Step) -> String {
        format!("{}/{}", self.beginning(), self.number(step))
    }

    /// Where it begins.
    pub(super) fn beginning(self) -> String {
        format!("/console/sandbox/{}", self.path())
    }
}

impl Step {
    /// What the stepper calls it.
    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Client => "Client",
            Self::User => "User",
            Self::Token => "Token",
            Self::Answer => "Answer",
            Self::Use => "Use it",
            Self::Refresh => "Refresh",
            Self::Close => "Close",
            Self::Proof => "Proof",
        }
    }

    /// What its page is called.
    pub(super) const fn heading(self) -> &'static str {
        match self {
            Self::Client => "A client",
            Self::User => "A user",
            Self::Token => "A token",
            Self::Answer => "The answer",
            Self::Use => "Use it",
            Self::Refresh => "Refresh it",
            Self::Close => "Close the session",
            Self::Proof => "The proof",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_has_one_number_and_one_page() {
        assert_eq!(Grant::Password.step("6"), Some(Step::Refresh));
        assert_eq!(Grant::ClientCredentials.step("4"), Some(Step::Proof));
        for number in ["", "0", "9", "06", "+6", "six", "18446744073709551616"] {
            assert_eq!(Grant::Password.step(number), None, "{number}");
        }
        assert_eq!(
            Grant::ClientCredentials.page(Step::Proof),
            "/console/sandbox/client-credentials/4"
        );
    }
}
