//! Secrets: values that are wiped when dropped and that no formatter shows.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq as _};
use zeroize::Zeroizing;

macro_rules! secret {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name(Zeroizing<String>);

        impl $name {
            /// Takes the secret over; the text is wiped when this is dropped.
            #[must_use]
            pub fn new(text: String) -> Self {
                Self(Zeroizing::new(text))
            }

            /// The secret itself. Every use of it can be found by this name.
            #[must_use]
            pub fn expose(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "([redacted])"))
            }
        }
    };
}

secret!(
    /// What a user types to log in.
    Password
);
secret!(
    /// `client_secret` (RFC 6749 §2.3.1).
    ClientSecret
);
secret!(
    /// A token as it is handed out and presented.
    TokenValue
);

impl Password {
    /// Longest password that is hashed, in bytes. Longer ones are refused before any work is done.
    pub const LONGEST: usize = 1024;
}

/// Random bytes as text: base64url without padding (RFC 4648 §5).
#[must_use]
pub fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The bytes behind base64url text without padding; `None` when it is none.
pub(crate) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Bytes as hexadecimal digits.
#[must_use]
pub fn hexadecimal(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// The bytes behind hexadecimal digits of either case; `None` when they are not `N`.
#[must_use]
pub fn from_hexadecimal<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text
        .chars()
        .map(|digit| u8::try_from(digit.to_digit(16)?).ok());
    let digits: Vec<u8> = digits.collect::<Option<_>>()?;
    let (pairs, left) = digits.as_chunks();
    let bytes: Vec<u8> = pairs.iter().map(|[high, low]| high << 4 | low).collect();
    bytes.try_into().ok().filter(|_| left.is_empty())
}

/// SHA-256 of a client secret: all that is stored of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SecretHash([u8; 32]);

impl SecretHash {
    /// Hashes a secret.
    #[must_use]
    pub fn of(secret: &ClientSecret) -> Self {
        Self(Sha256::digest(secret.expose().as_bytes()).into())
    }

    /// Takes a stored hash.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The stored bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether `secret` is the one that was hashed, in constant time.
    #[must_use]
    pub fn matches(&self, secret: &ClientSecret) -> bool {
        Self::any_matches([*self], secret)
    }

    /// Whether `secret` is one of those that were hashed. All are compared, whichever matches.
    #[must_use]
    pub fn any_matches(hashes: impl IntoIterator<Item = Self>, secret: &ClientSecret) -> bool {
        let shown = Self::of(secret);
        let compare = |any: Choice, hash: Self| any | hash.0.ct_eq(&shown.0);
        let any = hashes.into_iter().fold(Choice::from(0), compare);
        any.into()
    }
}

impl fmt::Debug for SecretHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretHash([redacted])")
    }
}

/// A password's hash in PHC string form, with the parameters it was made with.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// Takes a hash made by a [`PasswordHasher`](crate::ports::PasswordHasher).
    #[must_use]
    pub const fn new(phc: String) -> Self {
        Self(phc)
    }

    /// The PHC string.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash([redacted])")
    }
}

/// SHA-256 of a token: how a token is stored and found.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// Hashes a token as presented, whatever its format.
    #[must_use]
    pub fn of(token: &TokenValue) -> Self {
        Self(Sha256::digest(token.expose().as_bytes()).into())
    }

    /// Takes a stored hash.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The stored bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Whether `token` is the one that was hashed, in constant time.
    #[must_use]
    pub fn matches(&self, token: &TokenValue) -> bool {
        self.0.ct_eq(&Self::of(token).0).into()
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash([redacted])")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_do_not_print() {
        let password = Password::new("hunter2".into());
        let hash = SecretHash::of(&ClientSecret::new("hunter2".into()));
        assert_eq!(
            format!("{password:?} {hash:?}"),
            "Password([redacted]) SecretHash([redacted])"
        );
    }

    #[test]
    fn hexadecimal_digits_are_read_as_they_are_written() {
        let bytes: [u8; 4] = [0, 9, 0xaf, 0xff];
        assert_eq!(hexadecimal(&bytes), "0009afff");
        assert_eq!(from_hexadecimal("0009AFff"), Some(bytes));
        for text in ["0009aff", "0009afff0", "0009afff00", "0009af+f", ""] {
            assert_eq!(from_hexadecimal::<4>(text), None, "{text}");
        }
    }

    #[test]
    fn only_the_same_secret_matches() {
        let hash = SecretHash::of(&ClientSecret::new("verysecret".into()));
        assert!(hash.matches(&ClientSecret::new("verysecret".into())));
        assert!(!hash.matches(&ClientSecret::new("verysecret ".into())));
    }
}
