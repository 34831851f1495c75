//! The one form in which names are compared (RFC 8265 §3.3, `UsernameCaseMapped`).

use precis_profiles::UsernameCaseMapped;
use precis_profiles::precis_core::profile::PrecisFastInvocation as _;

/// A name to log in with, in canonical form: two spellings of one name are one value,
/// and a name that merely looks like another is refused or stays another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LoginName(String);

/// A name that `UsernameCaseMapped` does not allow (spaces, symbols, mixed direction), or that is too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a user name of RFC 8265: 1 to 256 bytes of letters, digits and visible ASCII")]
pub struct InvalidName;

impl LoginName {
    /// Longest name in bytes, before and after it is brought into canonical form.
    pub const LONGEST: usize = 256;

    /// Brings a name into canonical form.
    ///
    /// # Errors
    /// [`InvalidName`] when the profile has none for it.
    pub fn parse(text: &str) -> Result<Self, InvalidName> {
        if text.is_empty() || text.len() > Self::LONGEST {
            return Err(InvalidName);
        }
        let canonical = UsernameCaseMapped::enforce(text).map_err(|_| InvalidName)?;
        if canonical.len() > Self::LONGEST {
            return Err(InvalidName);
        }
        Ok(Self(canonical.into_owned()))
    }

    /// The canonical text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_name_are_one_value() {
        let name = LoginName::parse("user@mail.com");
        assert_eq!(LoginName::parse("User@Mail.COM"), name);
        assert_eq!(LoginName::parse("ｕｓｅｒ@mail.com"), name);
        assert_eq!(
            LoginName::parse("re\u{301}my"),
            LoginName::parse("r\u{e9}my")
        );
    }

    #[test]
    fn lookalikes_stay_apart() {
        assert_ne!(LoginName::parse("p\u{430}ul"), LoginName::parse("paul"));
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for bad in ["", "two words", "a\0b", "\u{202e}abc", &"x".repeat(257)] {
            assert_eq!(LoginName::parse(bad), Err(InvalidName), "{bad:?}");
        }
    }
}
