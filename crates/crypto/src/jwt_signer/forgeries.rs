//! Tokens that are almost ours.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use grantor_domain::keys::KeyParameters;

use super::*;
use crate::fakes::MemoryKeys;
use crate::key_ring::tests::{at, claims, open};

const NOW: i64 = 30;

struct Forger {
    ring: KeyRing,
    key: Arc<SigningKey>,
    genuine: TokenValue,
}

impl Forger {
    fn new() -> Self {
        let ring = open(Arc::new(MemoryKeys::default()), &Arc::default()).unwrap();
        let genuine = ring.sign(TokenKind::Access, &claims(0, 60)).unwrap();
        let key = Arc::clone(&ring.snapshot()[0].key);
        Self { ring, key, genuine }
    }

    fn accepts(&self, token: &str) -> bool {
        self.ring
            .verify(&TokenValue::new(token.into()), at(NOW))
            .unwrap()
            .is_some()
    }

    fn part(&self, number: usize) -> &str {
        self.genuine.expose().split('.').nth(number).unwrap()
    }

    fn text(&self, number: usize) -> String {
        String::from_utf8(URL_SAFE_NO_PAD.decode(self.part(number)).unwrap()).unwrap()
    }

    /// A token with our signature over any header and payload.
    fn signed(&self, header: &str, payload: &str) -> String {
        let message = format!(
            "{}.{}",
            URL_SAFE_NO_PAD.encode(header),
            URL_SAFE_NO_PAD.encode(payload)
        );
        let signature = self.key.sign(message.as_bytes()).unwrap();
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

#[test]
fn the_genuine_token_and_its_copy_are_accepted() {
    let forger = Forger::new();
    assert!(forger.accepts(forger.genuine.expose()));
    assert!(forger.accepts(&forger.signed(&forger.text(0), &forger.text(1))));
}

#[test]
fn no_character_can_be_changed_cut_or_added() {
    let forger = Forger::new();
    let genuine = forger.genuine.expose();
    for position in 0..genuine.len() {
        assert!(!forger.accepts(&genuine[..position]), "cut at {position}");
        let mut changed = genuine.as_bytes().to_vec();
        changed[position] = if changed[position] == b'A' {
            b'B'
        } else {
            b'A'
        };
        let changed = String::from_utf8(changed).unwrap();
        assert!(!forger.accepts(&changed), "changed at {position}");
    }
    for added in ["A", ".", "=", " ", "\n", ".AAAA"] {
        assert!(
            !forger.accepts(&format!("{genuine}{added}")),
            "{added:?} after it"
        );
        assert!(
            !forger.accepts(&format!("{added}{genuine}")),
            "{added:?} before it"
        );
    }
}

#[test]
fn no_token_without_a_signature_of_ours_is_accepted() {
    let forger = Forger::new();
    let payload = forger.part(1);
    let kid = forger.key.kid();
    for alg in [
        "none", "None", "NONE", "nOnE", "", "HS256", "ES384", "RS256", "PS256", "EdDSA",
    ] {
        let header =
            URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"{alg}","typ":"at+jwt","kid":"{kid}"}}"#));
        for signature in ["", forger.part(2)] {
            assert!(
                !forger.accepts(&format!("{header}.{payload}.{signature}")),
                "{alg}"
            );
        }
    }
    let header = forger.part(0);
    for signature in [
        vec![0; 64],
        vec![0; 1],
        vec![],
        vec![0xff; 64],
        vec![0x30, 6, 2, 1, 0, 2, 1, 0],
    ] {
        let signature = URL_SAFE_NO_PAD.encode(signature);
        assert!(
            !forger.accepts(&format!("{header}.{payload}.{signature}")),
            "{signature}"
        );
    }
}

#[test]
fn the_public_key_is_no_hmac_secret() {
    let forger = Forger::new();
    let KeyParameters::Ec { x, y, .. } = &forger.key.public().parameters else {
        panic!("the ring's keys are ES256");
    };
    let point = [
        vec![4],
        URL_SAFE_NO_PAD.decode(x).unwrap(),
        URL_SAFE_NO_PAD.decode(y).unwrap(),
    ]
    .concat();
    let header = format!(
        r#"{{"alg":"HS256","typ":"at+jwt","kid":"{}"}}"#,
        forger.key.kid()
    );
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), forger.part(1));
    for secret in [point.as_slice(), x.as_bytes(), &point[1..]] {
        let secret = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret);
        let tag = aws_lc_rs::hmac::sign(&secret, message.as_bytes());
        assert!(!forger.accepts(&format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag))));
    }
}

#[test]
fn a_key_of_the_forgers_own_signs_nothing_of_ours() {
    let forger = Forger::new();
    let theirs = Forger::new();
    let message = format!("{}.{}", forger.part(0), forger.part(1));
    let signature = URL_SAFE_NO_PAD.encode(theirs.key.sign(message.as_bytes()).unwrap());
    assert!(!forger.accepts(&format!("{message}.{signature}")));
    assert!(!forger.accepts(theirs.genuine.expose()));
}

#[test]
fn headers_are_exact_even_under_our_signature() {
    let forger = Forger::new();
    let payload = forger.text(1);
    let kid = forger.key.kid();
    for header in [
        format!(r#"{{"alg":"ES256","typ":"JWT","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"ES256","typ":"AT+JWT","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"ES256","typ":"application/at+jwt","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"ES256","typ":"id+jwt","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"ES256","kid":"{kid}"}}"#),
        r#"{"alg":"ES256","typ":"at+jwt"}"#.into(),
        r#"{"alg":"ES256","typ":"at+jwt","kid":"../../dev/null"}"#.into(),
        format!(r#"{{"alg":"ES256","alg":"none","typ":"at+jwt","kid":"{kid}"}}"#),
        format!(r#"{{"alg":"ES256","typ":"at+jwt","kid":"{kid}","crit":["exp"]}}"#),
        format!(r#"{{"alg":"ES256","typ":"at+jwt","kid":"{kid}","jku":"https://evil.example"}}"#),
        format!(r#"{{"alg":"ES256","typ":"at+jwt","kid":"{kid}","jwk":{{"kty":"oct"}}}}"#),
        format!(r#"{{"alg":"ES256","typ":"at+jwt","kid":"{kid}","x5u":"https://evil.example"}}"#),
        format!(r#"{{"alg":"ES256","typ":"at+jwt","kid":"{kid}","x5c":["MII"]}}"#),
        format!(r#"{{"alg":"ES256","typ":"at+jwt","kid":"{kid}","zip":"DEF"}}"#),
        format!(
            r#"{{"alg":"ES256","typ":"at+jwt","kid":"{kid}","x":"{}"}}"#,
            "x".repeat(9000)
        ),
    ] {
        assert!(
            !forger.accepts(&forger.signed(&header, &payload)),
            "{header}"
        );
    }
}

#[test]
fn claims_have_their_types_even_under_our_signature() {
    let forger = Forger::new();
    let (header, payload) = (forger.text(0), forger.text(1));
    for (from, to) in [
        (r#""exp":60"#, r#""exp":"60""#),
        (r#""exp":60"#, r#""exp":60.5"#),
        (r#""exp":60"#, r#""exp":1e3"#),
        (r#""exp":60"#, r#""exp":null"#),
        (r#""exp":60"#, r#""exp":true"#),
        (r#""exp":60"#, r#""exp":[60]"#),
        (r#""exp":60"#, r#""exp":18446744073709551615"#),
        (r#""exp":60,"#, ""),
        (r#""exp":60"#, r#""exp":30"#),
        (r#""exp":60"#, r#""exp":-60"#),
        (r#""exp":60"#, r#""exp":10,"exp":60"#),
        (r#""nbf":0"#, r#""nbf":31"#),
        (r#""nbf":0"#, r#""nbf":"0""#),
        (r#""iat":0,"#, ""),
        (r#""sub":"user""#, r#""sub":"user","sub":"root""#),
        (r#""sub":"user""#, r#""sub":1"#),
        (r#""sub":"user","#, ""),
        (r#""iss":"https://as.example","#, ""),
        (r#""aud":"https://api.example""#, r#""aud":[]"#),
        (r#""aud":"https://api.example""#, r#""aud":[1]"#),
        (r#""aud":"https://api.example","#, ""),
        (r#""jti":"t-1""#, r#""jti":"t_1""#),
        (r#""sid":"s-1""#, r#""sid":"""#),
        (r#""client_id":"my app""#, r#""client_id":"my\napp""#),
        (
            r#""client_id":"my app""#,
            r#""client_id":"my app","cid":"other""#,
        ),
        (r#""scope":"read write""#, r#""scope":["read"]"#),
        (r#""scope":"read write""#, r#""scope":null"#),
        (r#""scope":"read write""#, r#""scope":"read  write""#),
    ] {
        let altered = payload.replace(from, to);
        assert_ne!(altered, payload, "{from} is in the payload");
        assert!(
            !forger.accepts(&forger.signed(&header, &altered)),
            "{to:?} for {from}"
        );
    }
    for payload in [
        "",
        "{}",
        "[]",
        "null",
        "not json",
        &format!("{payload} {payload}"),
    ] {
        assert!(
            !forger.accepts(&forger.signed(&header, payload)),
            "{payload}"
        );
    }
}

#[test]
fn claims_that_are_not_ours_are_passed_over() {
    let forger = Forger::new();
    let payload = forger
        .text(1)
        .replace(r#""sid""#, r#""acr":{"a":[1]},"sid""#);
    assert!(forger.accepts(&forger.signed(&forger.text(0), &payload)));
}

#[test]
fn a_refresh_token_says_that_it_is_one() {
    let forger = Forger::new();
    let token = forger
        .ring
        .sign(TokenKind::Refresh, &claims(0, 60))
        .unwrap();
    let verified = forger.ring.verify(&token, at(NOW)).unwrap().unwrap();
    assert_eq!(verified.kind, TokenKind::Refresh);
    let (_, rest) = token.expose().split_once('.').unwrap();
    assert!(
        !forger.accepts(&format!("{}.{rest}", forger.part(0))),
        "an access token's header"
    );
}

#[test]
fn what_is_no_jwt_at_all_is_nobodys() {
    let forger = Forger::new();
    for token in [
        "",
        ".",
        "..",
        "...",
        "gat_0123456789",
        "e30.e30.",
        "é.é.é",
        "a b.c d.e f",
    ] {
        assert!(!forger.accepts(token), "{token:?}");
    }
}
