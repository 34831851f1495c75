//! Argon2 PHC strings, which the hasher itself reads and computes.

use grantor_domain::secret::PasswordHash;

use super::Refusal;
use crate::argon2_hasher::StoredHash;

const RIGHT: Refusal = Refusal(
    "An Argon2 hash is a PHC string such as $argon2id$v=19$m=19456,t=2,p=1$salt$hash with m, t and \
     p alone, a salt of 8 to 48 bytes and an output of 16 to 64, both in base64 without padding; m \
     is at most 262144, t at most 64, p at most 16, and m times t at most 1048576.",
);

/// Whether the text is an Argon2 hash that is taken over; `None` when it does not begin like one.
pub(super) fn check(text: &str) -> Option<Result<(), Refusal>> {
    ["$argon2id$", "$argon2i$", "$argon2d$"]
        .iter()
        .any(|prefix| text.starts_with(prefix))
        .then(
            || match StoredHash::read(&PasswordHash::new(text.to_owned())) {
                Ok(stored) if stored.is_taken_from_others() => Ok(()),
                _ => Err(RIGHT),
            },
        )
}
