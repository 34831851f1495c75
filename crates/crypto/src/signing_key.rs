//! A signing key, parsed once: AWS-LC parses and checks a private key in many times the time that
//! it takes to sign with it.

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
    RSA_PSS_SHA256, RsaEncoding, RsaKeyPair,
};
use grantor_domain::keys::{KeyParameters, PublicKey, SigningAlgorithm};
use grantor_domain::secret::base64url;
use jsonwebtoken::jwk::{
    AlgorithmParameters, CommonParameters, EllipticCurve, EllipticCurveKeyParameters,
    EllipticCurveKeyType, Jwk, OctetKeyPairParameters, OctetKeyPairType, RSAKeyParameters,
    RSAKeyType, ThumbprintHash,
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use zeroize::Zeroizing;

/// A key that could not be made, read or used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the key is not usable with {0}")]
pub(crate) struct UnusableKey(&'static str);

/// A key pair ready to sign and to verify.
pub(crate) struct SigningKey {
    algorithm: SigningAlgorithm,
    pair: KeyPair,
    public: PublicKey,
    verifying: DecodingKey,
    validation: Validation,
}

enum KeyPair {
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
    Rsa(RsaKeyPair, &'static dyn RsaEncoding),
}

impl SigningKey {
    /// Makes a new private key, as PKCS#8. RSA takes a good part of a second.
    pub(crate) fn generate(algorithm: SigningAlgorithm) -> Result<Zeroizing<Vec<u8>>, UnusableKey> {
        let unusable = |_| UnusableKey(algorithm.as_str());
        let random = SystemRandom::new();
        let pkcs8 = match algorithm {
            SigningAlgorithm::Es256 => {
                EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random)
                    .map_err(unusable)?
                    .as_ref()
                    .to_vec()
            }
            SigningAlgorithm::EdDsa => Ed25519KeyPair::generate_pkcs8v1(&random)
                .map_err(unusable)?
                .as_ref()
                .to_vec(),
            SigningAlgorithm::Rs256 | SigningAlgorithm::Ps256 => {
                let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(unusable)?;
                let pkcs8: Pkcs8V1Der<'static> = pair.as_der().map_err(unusable)?;
                pkcs8.as_ref().to_vec()
            }
        };
        Ok(Zeroizing::new(pkcs8))
    }

    /// Reads a private key. Its `kid` is its JWK thumbprint (RFC 7638).
    pub(crate) fn from_pkcs8(
        algorithm: SigningAlgorithm,
        pkcs8: &[u8],
    ) -> Result<Self, UnusableKey> {
        let unusable = UnusableKey(algorithm.as_str());
        let pair = KeyPair::from_pkcs8(algorithm, pkcs8).ok_or(unusable)?;
        let parameters = pair.public_parameters().ok_or(unusable)?;
        let jwk = Jwk {
            common: CommonParameters::default(),
            algorithm: jwk_parameters(&parameters),
        };
        let kid = jwk
            .thumbprint(ThumbprintHash::SHA256)
            .map_err(|_| unusable)?;
        let verifying = DecodingKey::from_jwk(&jwk).map_err(|_| unusable)?;
        Ok(Self {
            algorithm,
            pair,
            public: PublicKey {
                kid,
                algorithm,
                parameters,
            },
            verifying,
            validation: signature_only(algorithm),
        })
    }

    pub(crate) fn kid(&self) -> &str {
        &self.public.kid
    }

    pub(crate) const fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    pub(crate) const fn public(&self) -> &PublicKey {
        &self.public
    }

    /// What `jsonwebtoken` verifies with.
    pub(crate) const fn verifying(&self) -> (&DecodingKey, &Validation) {
        (&self.verifying, &self.validation)
    }

    /// The signature of `message` as a JWS has it (RFC 7518 §3).
    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, UnusableKey> {
        let unusable = |_| UnusableKey(self.algorithm.as_str());
        match &self.pair {
            KeyPair::Ec(pair) => pair
                .sign(&SystemRandom::new(), message)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(unusable),
            KeyPair::Ed(pair) => pair
                .try_sign(message)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(unusable),
            KeyPair::Rsa(pair, encoding) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(*encoding, &SystemRandom::new(), message, &mut signature)
                    .map_err(unusable)?;
                Ok(signature)
            }
        }
    }
}

impl KeyPair {
    fn from_pkcs8(algorithm: SigningAlgorithm, pkcs8: &[u8]) -> Option<Self> {
        let rsa = |encoding| {
            RsaKeyPair::from_pkcs8(pkcs8)
                .ok()
                .map(|pair| Self::Rsa(pair, encoding))
        };
        match algorithm {
            SigningAlgorithm::Es256 => {
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8)
                    .ok()
                    .map(Self::Ec)
            }
            SigningAlgorithm::EdDsa => Ed25519KeyPair::from_pkcs8_maybe_unchecked(pkcs8)
                .ok()
                .map(Self::Ed),
            SigningAlgorithm::Rs256 => rsa(&RSA_PKCS1_SHA256),
            SigningAlgorithm::Ps256 => rsa(&RSA_PSS_SHA256),
        }
    }

    fn public_parameters(&self) -> Option<KeyParameters> {
        match self {
            Self::Ec(pair) => {
                // SEC 1 §2.3.3: 0x04, then both coordinates.
                let point = pair.public_key().as_ref().strip_prefix(&[4])?;
                let (x, y) = point.split_at_checked(32)?;
                Some(KeyParameters::Ec {
                    crv: "P-256".into(),
                    x: base64url(x),
                    y: base64url(y),
                })
            }
            Self::Ed(pair) => Some(KeyParameters::Okp {
                crv: "Ed25519".into(),
                x: base64url(pair.public_key().as_ref()),
            }),
            Self::Rsa(pair, _) => {
                let public = pair.public_key();
                Some(KeyParameters::Rsa {
                    n: base64url(public.modulus().big_endian_without_leading_zero()),
                    e: base64url(public.exponent().big_endian_without_leading_zero()),
                })
            }
        }
    }
}

fn jwk_parameters(parameters: &KeyParameters) -> AlgorithmParameters {
    match parameters.clone() {
        KeyParameters::Ec { x, y, .. } => {
            AlgorithmParameters::EllipticCurve(EllipticCurveKeyParameters {
                key_type: EllipticCurveKeyType::EC,
                curve: EllipticCurve::P256,
                x,
                y,
            })
        }
        KeyParameters::Okp { x, .. } => AlgorithmParameters::OctetKeyPair(OctetKeyPairParameters {
            key_type: OctetKeyPairType::OctetKeyPair,
            curve: EllipticCurve::Ed25519,
            x,
        }),
        KeyParameters::Rsa { n, e } => AlgorithmParameters::RSA(RSAKeyParameters {
            key_type: RSAKeyType::RSA,
            n,
            e,
        }),
    }
}

/// Signature and algorithm are `jsonwebtoken`'s to check; time is an input here, and `iss` and
/// `aud` are the domain's.
fn signature_only(algorithm: SigningAlgorithm) -> Validation {
    let mut validation = Validation::new(match algorithm {
        SigningAlgorithm::Es256 => Algorithm::ES256,
        SigningAlgorithm::EdDsa => Algorithm::EdDSA,
        SigningAlgorithm::Rs256 => Algorithm::RS256,
        SigningAlgorithm::Ps256 => Algorithm::PS256,
    });
    validation.leeway = 0;
    validation.validate_exp = false;
    validation.validate_nbf = false;
    validation.validate_aud = false;
    validation
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh(algorithm: SigningAlgorithm) -> SigningKey {
        crate::install_crypto_provider();
        SigningKey::from_pkcs8(algorithm, &SigningKey::generate(algorithm).unwrap()).unwrap()
    }

    #[test]
    fn signatures_have_the_length_of_their_algorithm() {
        for (algorithm, length) in [
            (SigningAlgorithm::Es256, 64),
            (SigningAlgorithm::EdDsa, 64),
            (SigningAlgorithm::Rs256, 256),
            (SigningAlgorithm::Ps256, 256),
        ] {
            let key = fresh(algorithm);
            assert_eq!(key.sign(b"message").unwrap().len(), length, "{algorithm:?}");
            assert_eq!(key.public().algorithm, algorithm);
        }
    }

    #[test]
    fn the_key_id_is_the_thumbprint_of_rfc_8037() {
        crate::install_crypto_provider();
        // RFC 8037 appendices A.1 to A.3: private key, public key, thumbprint.
        let pkcs8: Vec<u8> = [
            &[
                0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20,
            ][..],
            &[
                0x9d, 0x61, 0xb1, 0x9d, 0xef, 0xfd, 0x5a, 0x60, 0xba, 0x84, 0x4a, 0xf4, 0x92, 0xec,
                0x2c, 0xc4, 0x44, 0x49, 0xc5, 0x69, 0x7b, 0x32, 0x69, 0x19, 0x70, 0x3b, 0xac, 0x03,
                0x1c, 0xae, 0x7f, 0x60,
            ],
        ]
        .concat();
        let key = SigningKey::from_pkcs8(SigningAlgorithm::EdDsa, &pkcs8).unwrap();
        assert_eq!(key.kid(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
        assert_eq!(
            key.public().parameters,
            KeyParameters::Okp {
                crv: "Ed25519".into(),
                x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo".into()
            }
        );
    }

    #[test]
    fn a_key_of_another_algorithm_is_refused() {
        let pkcs8 = SigningKey::generate(SigningAlgorithm::EdDsa).unwrap();
        for algorithm in [SigningAlgorithm::Es256, SigningAlgorithm::Rs256] {
            assert_eq!(
                SigningKey::from_pkcs8(algorithm, &pkcs8).err(),
                Some(UnusableKey(algorithm.as_str()))
            );
        }
    }
}
