//! The JOSE header of our JWTs.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grantor_domain::keys::SigningAlgorithm;
use grantor_domain::tokens::TokenKind;
use serde::{Deserialize, Serialize};

/// Longest header that is looked at, as base64url. Ours are a fifth of it.
const LONGEST: usize = 512;

/// `alg`, `typ` and `kid`: every header of ours has these members and no other. So none can name
/// a key of its own (`jwk`, `jku`, `x5c`, `x5u`) or an extension to obey (`crit`).
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Header<'a> {
    alg: Cow<'a, str>,
    typ: Cow<'a, str>,
    kid: Cow<'a, str>,
}

impl<'a> Header<'a> {
    pub(crate) const fn new(algorithm: SigningAlgorithm, kind: TokenKind, key: &'a str) -> Self {
        Self {
            alg: Cow::Borrowed(algorithm.as_str()),
            typ: Cow::Borrowed(kind.jwt_type()),
            kid: Cow::Borrowed(key),
        }
    }
}

impl Header<'static> {
    /// Reads the header of `token`. `None` when it cannot be one of ours.
    pub(crate) fn read(token: &str) -> Option<Self> {
        let (header, _) = token.split_once('.')?;
        if header.len() > LONGEST {
            return None;
        }
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()
    }
}

impl Header<'_> {
    /// What `typ` says the token is.
    pub(crate) fn kind(&self) -> Option<TokenKind> {
        [TokenKind::Access, TokenKind::Refresh]
            .into_iter()
            .find(|kind| kind.jwt_type() == self.typ)
    }

    pub(crate) fn algorithm(&self) -> Option<SigningAlgorithm> {
        SigningAlgorithm::parse(&self.alg)
    }

    pub(crate) fn kid(&self) -> &str {
        &self.kid
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Option<Header<'static>> {
        Header::read(&format!("{}.e30.c2ln", URL_SAFE_NO_PAD.encode(json)))
    }

    #[test]
    fn reads_what_it_writes() {
        let header = Header::new(SigningAlgorithm::Es256, TokenKind::Refresh, "k");
        let json = serde_json::to_string(&header).unwrap();
        assert_eq!(json, r#"{"alg":"ES256","typ":"rt+jwt","kid":"k"}"#);
        let read = read(&json).unwrap();
        assert_eq!(read, header);
        assert_eq!(read.kind(), Some(TokenKind::Refresh));
        assert_eq!(read.algorithm(), Some(SigningAlgorithm::Es256));
    }

    #[test]
    fn refuses_every_other_member_and_every_other_shape() {
        for member in [
            "crit", "jku", "jwk", "x5u", "x5c", "x5t", "zip", "enc", "b64", "kid",
        ] {
            let json = format!(r#"{{"alg":"ES256","typ":"at+jwt","kid":"k","{member}":"x"}}"#);
            assert_eq!(read(&json), None, "{member}");
        }
        for json in [
            "",
            "[]",
            "null",
            r#"{"alg":"ES256","typ":"at+jwt"}"#,
            r#"{"alg":"ES256","kid":"k"}"#,
            r#"{"typ":"at+jwt","kid":"k"}"#,
            r#"{"alg":"ES256","typ":"at+jwt","kid":1}"#,
            r#"{"alg":"ES256","typ":"at+jwt","kid":null}"#,
            r#"{"alg":"ES256","typ":"at+jwt","kid":"k"} {}"#,
        ] {
            assert_eq!(read(json), None, "{json}");
        }
    }

    #[test]
    fn types_and_algorithms_are_exact() {
        for typ in [
            "JWT",
            "AT+JWT",
            "application/at+jwt",
            "at+jwt ",
            "id+jwt",
            "",
        ] {
            let json = format!(r#"{{"alg":"ES256","typ":"{typ}","kid":"k"}}"#);
            assert_eq!(read(&json).unwrap().kind(), None, "{typ}");
        }
        for alg in [
            "none", "None", "NONE", "nOnE", "HS256", "es256", "ES384", "",
        ] {
            let json = format!(r#"{{"alg":"{alg}","typ":"at+jwt","kid":"k"}}"#);
            assert_eq!(read(&json).unwrap().algorithm(), None, "{alg}");
        }
    }

    #[test]
    fn a_huge_header_is_not_read() {
        let kid = "k".repeat(600);
        assert_eq!(
            read(&format!(
                r#"{{"alg":"ES256","typ":"at+jwt","kid":"{kid}"}}"#
            )),
            None
        );
    }
}
