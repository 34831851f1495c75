//! Password hashes made elsewhere: recognised, verified as they are, and replaced at the next login.
//!
//! | begins with | what it is |
//! | --- | --- |
//! | `$argon2id$` `$argon2i$` `$argon2d$` | Argon2 as a PHC string, versions 16 and 19 |
//! | `$2a$` `$2b$` `$2y$` | bcrypt |
//! | `$scrypt$` | scrypt as a PHC string, `ln`, `r`, `p` |
//! | `$s0$` | scrypt as com.lambdaworks and Aidbox write it |
//! | `$pbkdf2-sha256$` `$pbkdf2-sha512$` | PBKDF2 as a PHC string, or as passlib writes it |
//! | `pbkdf2_sha256$` | PBKDF2 as Django writes it |
//!
//! A text that begins so is a hash or is refused, never taken for a password. So is one that begins
//! like a hash of the [`UNKNOWN`] kinds. Costs are capped when a hash is imported and again whenever
//! it is verified.

mod argon2;
mod bcrypt;
mod fields;
mod pbkdf2;
mod scrypt;

use grantor_domain::fault::Fault;
use grantor_domain::ports::{Import, PasswordCheck};
use grantor_domain::secret::{Password, PasswordHash};

use crate::argon2_hasher::{Argon2Hasher, corrupt};

/// What hashes begin with that cannot be verified here: crypt(3) of other kinds, passlib's and
/// Django's other spellings. Taken for passwords, they would let in whoever has read the hash.
const UNKNOWN: [&str; 15] = [
    "$1$",
    "$2$",
    "$2x$",
    "$5$",
    "$6$",
    "$7$",
    "$y$",
    "$apr1$",
    "$pbkdf2$",
    "$pbkdf2-sha1$",
    "argon2$",
    "bcrypt$",
    "bcrypt_sha256$",
    "pbkdf2_sha1$",
    "scrypt$",
];

/// Why a text that begins like a hash is not taken: what would be right. Being written
/// beforehand, it repeats nothing of the text.
#[derive(Debug, PartialEq, Eq)]
struct Refusal(&'static str);

/// A hash that is not Argon2, read and within the caps.
enum Foreign {
    Bcrypt(bcrypt::Bcrypt),
    Scrypt(scrypt::Scrypt),
    Pbkdf2(pbkdf2::Pbkdf2),
}

impl Foreign {
    /// Reads a hash of these kinds; `None` when the text begins like none of them.
    fn read(text: &str) -> Result<Option<Self>, Refusal> {
        Ok(if let Some(read) = bcrypt::Bcrypt::read(text) {
            Some(Self::Bcrypt(read?))
        } else if let Some(read) = scrypt::Scrypt::read(text) {
            Some(Self::Scrypt(read?))
        } else if let Some(read) = pbkdf2::Pbkdf2::read(text) {
            Some(Self::Pbkdf2(read?))
        } else {
            None
        })
    }

    fn is_of(&self, password: &[u8]) -> Result<bool, Fault> {
        match self {
            Self::Bcrypt(hash) => Ok(hash.is_of(password)),
            Self::Scrypt(hash) => hash.is_of(password),
            Self::Pbkdf2(hash) => Ok(hash.is_of(password)),
        }
    }
}

/// Recognises a hash made elsewhere. Hashes nothing.
pub(crate) fn import(text: &str) -> Import {
    let hash = || Import::Hash(PasswordHash::new(text.to_owned()));
    match Foreign::read(text) {
        Ok(Some(_)) => return hash(),
        Ok(None) => {}
        Err(Refusal(why)) => return Import::Refused(why.to_owned()),
    }
    match argon2::check(text) {
        Some(Ok(())) => hash(),
        Some(Err(Refusal(why))) => Import::Refused(why.to_owned()),
        None if UNKNOWN.iter().any(|prefix| text.starts_with(prefix)) => Import::Refused(
            "Hashes of this kind cannot be verified. Those of Argon2, bcrypt ($2a$, $2b$, $2y$), \
             scrypt and PBKDF2 with SHA-256 or SHA-512 can."
                .to_owned(),
        ),
        None => Import::NoHash,
    }
}

/// Compares with a hash of any kind. Without one, and after a wrong guess at one of another kind,
/// today's cost is paid too, so that no answer "wrong" comes sooner than the one for nobody.
pub(crate) fn verify(
    hasher: &mut Argon2Hasher,
    password: &Password,
    hash: Option<&PasswordHash>,
) -> Result<PasswordCheck, Fault> {
    let read = hash.map_or(Ok(None), |hash| Foreign::read(hash.expose()));
    match read.map_err(|Refusal(why)| corrupt(why))? {
        None => hasher.verify(password, hash),
        Some(foreign) if foreign.is_of(password.expose().as_bytes())? => {
            Ok(PasswordCheck::Right { outdated: true })
        }
        Some(_) => hasher.verify(password, None),
    }
}

#[cfg(test)]
mod tests;
