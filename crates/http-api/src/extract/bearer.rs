//! A bearer token, where nothing else will do.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest};
use grantor_domain::Reason;
use grantor_domain::secret::TokenValue;

use crate::error::Failure;

use super::authorization::Authorization;
use super::caller::refuse_credentials_in_query;

/// The access token of the `Authorization` header (RFC 6750 §2.1), which is the only place it is
/// taken from.
#[derive(Debug)]
pub(crate) struct Bearer(pub(crate) TokenValue);

impl FromRequest for Bearer {
    type Error = Failure;
    type Future = Ready<Result<Self, Failure>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(read(request))
    }
}

fn read(request: &HttpRequest) -> Result<Bearer, Failure> {
    refuse_credentials_in_query(request)?;
    match Authorization::read(request)? {
        Authorization::Bearer(token) => Ok(Bearer(token)),
        Authorization::Basic(_) | Authorization::Browser(_) => {
            Err(Reason::InvalidBearerToken.into())
        }
        Authorization::Absent | Authorization::Unknown => Err(Reason::MissingCredentials.into()),
    }
}
