//! Client authentication (RFC 6749 §2.3): one way and no more.

use grantor_domain::Reason;
use grantor_domain::clients::{ClientAuthMethod, ClientCredentials};
use grantor_domain::secret::{ClientSecret, TokenValue};
use grantor_domain::tokens::CallerCredentials;
use serde::Deserialize;

use crate::error::Failure;

use super::authorization::Authorization;

/// The part of a body that names a client.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct InBody {
    pub(crate) client_id: Option<String>,
    pub(crate) client_secret: Option<String>,
}

/// Who asks at an OAuth endpoint.
#[derive(Debug)]
pub(crate) enum Asker {
    /// A client, by whichever way; `None` when nothing names one.
    Client(Option<ClientCredentials>),
    /// A bearer token, which only introspection takes.
    Bearer(TokenValue),
    /// A user who signed in with a browser.
    Browser(TokenValue),
}

impl Asker {
    /// What whoever asks has shown.
    pub(crate) fn into_shown(self) -> Option<CallerCredentials> {
        match self {
            Self::Bearer(token) => Some(CallerCredentials::Bearer(token)),
            Self::Browser(token) => Some(CallerCredentials::Browser(token)),
            Self::Client(client) => client.map(CallerCredentials::Basic),
        }
    }

    /// The client, for endpoints where only clients ask.
    pub(crate) fn into_client(self) -> Result<Option<ClientCredentials>, Failure> {
        match self {
            Self::Client(client) => Ok(client),
            Self::Bearer(_) | Self::Browser(_) => Err(Reason::WrongClientSecret.into()),
        }
    }
}

/// Brings header and body together.
///
/// # Errors
/// 400 when both authenticate or they name different clients; 401 for an unknown scheme.
pub(crate) fn read(header: Authorization, body: InBody) -> Result<Asker, Failure> {
    match header {
        Authorization::Basic(credentials) => {
            if body.client_secret.is_some() {
                return Err(twice());
            }
            match body.client_id {
                Some(id) if id != credentials.id => Err(Failure::unreadable_at(
                    "client_id",
                    "names another client than Authorization",
                )),
                _ => Ok(Asker::Client(Some(credentials))),
            }
        }
        Authorization::Bearer(_) if body.client_secret.is_some() => Err(twice()),
        Authorization::Bearer(token) => Ok(Asker::Bearer(token)),
        Authorization::Browser(token) => Ok(Asker::Browser(token)),
        Authorization::Unknown => Err(Reason::WrongClientSecret.into()),
        Authorization::Absent => from_body(body).map(Asker::Client),
    }
}

fn from_body(body: InBody) -> Result<Option<ClientCredentials>, Failure> {
    let (id, secret) = match (body.client_id, body.client_secret) {
        (Some(id), secret) => (id, secret),
        (None, None) => return Ok(None),
        (None, Some(_)) => {
            return Err(Failure::unreadable_at(
                "client_id",
                "is required with client_secret",
            ));
        }
    };
    let method = match secret {
        Some(_) => ClientAuthMethod::Post,
        None => ClientAuthMethod::None,
    };
    Ok(Some(ClientCredentials {
        method,
        id,
        secret: secret.map(ClientSecret::new),
    }))
}

fn twice() -> Failure {
    Failure::unreadable("The client authenticates in more than one way")
}
