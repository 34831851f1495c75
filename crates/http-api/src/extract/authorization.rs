//! The `Authorization` header (RFC 9110 §11.6.2).

use actix_web::http::header;
use actix_web::{HttpMessage as _, HttpRequest};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use grantor_domain::Reason;
use grantor_domain::clients::{ClientAuthMethod, ClientCredentials};
use grantor_domain::secret::{ClientSecret, TokenValue};
use zeroize::Zeroizing;

use crate::body::decode;
use crate::error::Failure;

/// What the header shows.
#[derive(Debug)]
pub(crate) enum Authorization {
    /// There is none.
    Absent,
    /// `Basic` (RFC 7617, encoded as RFC 6749 §2.3.1 says).
    Basic(ClientCredentials),
    /// `Bearer` (RFC 6750 §2.1).
    Bearer(TokenValue),
    /// A scheme we do not know.
    Unknown,
    /// What a browser holds: no header, but what the console hands on within the process.
    Browser(TokenValue),
}

/// A browser's token in the extensions of a request, where nothing that comes from outside gets.
pub(crate) struct Held(pub(crate) TokenValue);

impl Authorization {
    /// Reads it.
    ///
    /// # Errors
    /// 400 for two headers; 401 for credentials that cannot be read.
    pub(crate) fn read(request: &HttpRequest) -> Result<Self, Failure> {
        if let Some(Held(token)) = request.extensions().get() {
            return Ok(Self::Browser(token.clone()));
        }
        let headers = request.headers();
        let mut values = headers.get_all(header::AUTHORIZATION);
        let Some(value) = values.next() else {
            return Ok(Self::Absent);
        };
        if values.next().is_some() {
            return Err(Failure::unreadable("Authorization is sent twice"));
        }
        let text = value
            .to_str()
            .map_err(|_| Failure::unreadable("Authorization cannot be read"))?;
        let (scheme, rest) = text.split_once(' ').unwrap_or((text, ""));
        let rest = rest.trim_start_matches(' ');
        if scheme.eq_ignore_ascii_case("basic") {
            let credentials = basic(rest).ok_or(Reason::WrongClientSecret)?;
            Ok(Self::Basic(credentials))
        } else if scheme.eq_ignore_ascii_case("bearer") {
            let token = is_token(rest).then(|| TokenValue::new(rest.to_owned()));
            Ok(Self::Bearer(token.ok_or(Reason::InvalidBearerToken)?))
        } else {
            Ok(Self::Unknown)
        }
    }
}

/// Both halves are form-urlencoded once before they are joined (RFC 6749 §2.3.1).
fn basic(encoded: &str) -> Option<ClientCredentials> {
    let decoded = Zeroizing::new(STANDARD.decode(encoded).ok()?);
    let colon = decoded.iter().position(|byte| *byte == b':')?;
    let (id, secret) = decoded.split_at(colon);
    let id = decode(id).filter(|id| !id.is_empty())?;
    let secret = decode(secret.strip_prefix(b":")?).filter(|secret| !secret.is_empty())?;
    Some(ClientCredentials {
        method: ClientAuthMethod::Basic,
        id,
        secret: Some(ClientSecret::new(secret)),
    })
}

/// `b64token` of RFC 6750 §2.1.
fn is_token(text: &str) -> bool {
    let body = text.trim_end_matches('=');
    !body.is_empty()
        && body
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"-._~+/".contains(&b))
}
