//! Who calls a resource.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use grantor_domain::AuthorizationServer;
use grantor_domain::Error;
use grantor_domain::Reason;
use grantor_domain::caller::Caller;
use grantor_domain::tokens::CallerCredentials;

use crate::body::pairs;
use crate::error::Failure;

use super::authorization::Authorization;

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
pub(crate) struct Shown(CallerCredentials);

impl Shown {
    /// Who that is.
    pub(crate) fn identify(&self, server: &AuthorizationServer) -> Result<Caller, Error> {
        server.identify(Some(&self.0))
    }
}

impl FromRequest for Shown {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(request))
    }
}

fn read(request: &HttpRequest) -> Result<Shown, Failure> {
    refuse_credentials_in_query(request)?;
    match Authorization::read(request.headers())? {
        Authorization::Bearer(token) => Ok(Shown(CallerCredentials::Bearer(token))),
        Authorization::Basic(client) => Ok(Shown(CallerCredentials::Basic(client))),
        Authorization::Absent | Authorization::Unknown => Err(Reason::MissingCredentials.into()),
    }
}

/// Refuses a query that carries credentials, and one that cannot be decoded.
pub(crate) fn refuse_credentials_in_query(request: &HttpRequest) -> Result<(), Failure> {
    let pairs = pairs(request.query_string().as_bytes())
        .ok_or_else(|| Failure::unreadable("The query is not percent-encoded UTF-8"))?;
    if pairs
        .iter()
        .any(|(name, _)| CREDENTIALS.contains(&name.as_str()))
    {
        return Err(Failure::unreadable(
            "Credentials and tokens are not taken from the query",
        ));
    }
    Ok(())
}
