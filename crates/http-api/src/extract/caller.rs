//! Who calls a resource.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use grantor_domain::AuthorizationServer;
use grantor_domain::Error;
use grantor_domain::Reason;
use grantor_domain::caller::{Call, Caller};
use grantor_domain::document::Document;
use grantor_domain::origin::Origin;
use grantor_domain::tokens::CallerCredentials;
use serde_json::{Map, Value};

use crate::body::pairs;
use crate::error::Failure;
use crate::state::Server;

use super::authorization::Authorization;
use super::peer::origin;

/// Names that carry credentials. In a query they would stand in every log on the way.
const CREDENTIALS: [&str; 6] = [
    "access_token",
    "client_secret",
    "id_token",
    "password",
    "refresh_token",
    "token",
];

/// What the caller of a resource showed: a bearer token, or a client's id and secret.
#[derive(Debug)]
pub(crate) struct Shown {
    credentials: CallerCredentials,
    call: Call,
}

impl Shown {
    /// Who that is.
    pub(crate) fn identify(&self, server: &AuthorizationServer) -> Result<Caller, Error> {
        server.identify(Some(&self.credentials), &self.call)
    }
}

impl FromRequest for Shown {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let shown = read(request).map(|credentials| Self {
            credentials,
            call: call(request),
        });
        ready(shown)
    }
}

/// How a request is made: what policies and events may know of it.
pub(crate) fn call(request: &HttpRequest) -> Call {
    let trusted = request.app_data::<Server>();
    let trusted = trusted.map_or(&[][..], |server| &server.trusted_proxies);
    let origin = origin(request, trusted);
    let mut params = Map::new();
    for (name, value) in pairs(request.query_string().as_bytes()).unwrap_or_default() {
        params.insert(name, value.into());
    }
    let method = request.method().as_str().to_ascii_lowercase();
    let facts = facts(&method, request.path(), params, &origin);
    Call { origin, facts }
}

/// What policies may know of a request.
pub(crate) fn facts(
    method: &str,
    path: &str,
    params: Map<String, Value>,
    origin: &Origin,
) -> Document {
    let mut facts = Map::new();
    facts.insert("request-method".to_owned(), method.into());
    facts.insert("uri".to_owned(), path.into());
    facts.insert("params".to_owned(), params.into());
    if let Some(address) = origin.address {
        facts.insert("remote-addr".to_owned(), address.to_string().into());
    }
    Document::new(facts)
}

/// Whether a parameter carries a credential.
pub(crate) fn is_credential(name: &str) -> bool {
    CREDENTIALS.contains(&name)
}

fn read(request: &HttpRequest) -> Result<CallerCredentials, Failure> {
    refuse_credentials_in_query(request)?;
    match Authorization::read(request)? {
        Authorization::Browser(token) => Ok(CallerCredentials::Browser(token)),
        Authorization::Bearer(token) => Ok(CallerCredentials::Bearer(token)),
        Authorization::Basic(client) => Ok(CallerCredentials::Basic(client)),
        Authorization::Absent | Authorization::Unknown => Err(Reason::MissingCredentials.into()),
    }
}

/// Refuses a query that carries credentials, and one that cannot be decoded.
pub(crate) fn refuse_credentials_in_query(request: &HttpRequest) -> Result<(), Failure> {
    let pairs = pairs(request.query_string().as_bytes())
        .ok_or_else(|| Failure::unreadable("The query is not percent-encoded UTF-8"))?;
    if pairs.iter().any(|(name, _)| is_credential(name)) {
        return Err(Failure::unreadable(
            "Credentials and tokens are not taken from the query",
        ));
    }
    Ok(())
}
