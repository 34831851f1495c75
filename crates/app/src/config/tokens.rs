//! `tokens`: lifetimes and signatures.

use grantor_domain::keys::SigningAlgorithm;
use grantor_domain::time::Lifetime;

use super::reader::Reader;

/// Lifetimes and signatures of tokens.
#[derive(Clone, Copy, Debug)]
pub struct TokensConfig {
    /// Of access tokens whose client says nothing.
    pub access_token_lifetime: Lifetime,
    /// Of refresh tokens whose client says nothing.
    pub refresh_token_lifetime: Lifetime,
    /// The longest a client may ask for.
    pub longest_lifetime: Lifetime,
    /// How JWTs are signed.
    pub signing_algorithm: SigningAlgorithm,
    /// Whether JWTs carry `cid`.
    pub compat_cid: bool,
}

pub(super) fn read(reader: &Reader) -> TokensConfig {
    let lifetime = |key| Lifetime::from_seconds(reader.number(key, 1..=315_360_000));
    let algorithm = reader.text("tokens.signing_algorithm");
    let config = TokensConfig {
        access_token_lifetime: lifetime("tokens.access_token_lifetime"),
        refresh_token_lifetime: lifetime("tokens.refresh_token_lifetime"),
        longest_lifetime: lifetime("tokens.longest_lifetime"),
        signing_algorithm: SigningAlgorithm::parse(&algorithm).unwrap_or_else(|| {
            reader.mistake(
                "tokens.signing_algorithm",
                "must be ES256, EdDSA, RS256 or PS256",
            );
            SigningAlgorithm::default()
        }),
        compat_cid: reader.flag("tokens.compat_cid"),
    };
    let defaults = [
        ("tokens.access_token_lifetime", config.access_token_lifetime),
        (
            "tokens.refresh_token_lifetime",
            config.refresh_token_lifetime,
        ),
    ];
    for (key, lifetime) in defaults {
        if lifetime > config.longest_lifetime {
            reader.mistake(key, "must not be longer than tokens.longest_lifetime");
        }
    }
    config
}
