//! Signing and verifying alone, with keys that are parsed once. Not by `jsonwebtoken`, which parses a private key each
//! time, but by the library that the server signs with.

use std::hint::black_box;
use std::time::Duration;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _,
    ParsedPublicKey, RSA_PKCS1_SHA256, RsaKeyPair,
};

use crate::failure::{Context as _, Outcome};
use crate::server::Signing;

use super::together::{self, Rate};

/// As long as the header and claims of an access token.
const MESSAGE: [u8; 340] = [b'a'; 340];

/// Signs on `threads` threads for so long, all with one key.
pub(crate) fn sign(signing: Signing, threads: usize, duration: Duration) -> Outcome<Rate> {
    match signing {
        Signing::Es256 => {
            let key = &es256_key()?;
            together::measure(threads, duration, || {
                let random = SystemRandom::new();
                Ok(move || {
                    let signature = key.sign(&random, &MESSAGE).context("cannot sign")?;
                    black_box(&signature);
                    Ok(1)
                })
            })
        }
        Signing::Rs256 => {
            let key = &RsaKeyPair::generate(KeySize::Rsa2048).context("cannot make an RSA key")?;
            together::measure(threads, duration, || {
                let random = SystemRandom::new();
                let mut signature = vec![0; key.public_modulus_len()];
                Ok(move || {
                    key.sign(&RSA_PKCS1_SHA256, &random, &MESSAGE, &mut signature)
                        .context("cannot sign")?;
                    black_box(&signature);
                    Ok(1)
                })
            })
        }
    }
}

/// Verifies a signature of ES256 on `threads` threads for so long.
pub(crate) fn verify(threads: usize, duration: Duration) -> Outcome<Rate> {
    let key = es256_key()?;
    let signature = key
        .sign(&SystemRandom::new(), &MESSAGE)
        .context("cannot sign")?;
    let public = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, key.public_key())
        .context("cannot read a public key")?;
    let (public, signature) = (&public, signature.as_ref());
    together::measure(threads, duration, || {
        Ok(move || {
            public
                .verify_sig(&MESSAGE, signature)
                .context("cannot verify")?;
            Ok(1)
        })
    })
}

fn es256_key() -> Outcome<EcdsaKeyPair> {
    EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).context("cannot make an EC key")
}
