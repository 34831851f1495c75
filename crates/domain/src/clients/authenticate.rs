//! Client authentication (RFC 6749 §2.3).

use crate::error::Error;
use crate::id::ClientId;
use crate::origin::Origin;
use crate::reason::Reason;
use crate::secret::{ClientSecret, SecretHash};
use crate::server::AuthorizationServer;
use crate::time::Timestamp;

use super::{Client, MOST_SECRETS};

/// With how many hashes a shown secret is compared, for every client and for nobody alike.
const COMPARED: usize = 1 + MOST_SECRETS;

/// How a client showed who it is (names of `OpenID` Connect Core §9).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuthMethod {
    /// `client_secret_basic`: the `Authorization` header.
    Basic,
    /// `client_secret_post`: the body.
    Post,
    /// `none`: an id alone.
    None,
}

/// What a request shows of its client. The adapter has made sure that it is one way and no more.
#[derive(Clone, Debug)]
pub struct ClientCredentials {
    /// How.
    pub method: ClientAuthMethod,
    /// `client_id` as presented; it may name nobody.
    pub id: String,
    /// `client_secret` as presented.
    pub secret: Option<ClientSecret>,
}

/// A client, and whether it proved itself or merely named itself.
#[derive(Clone, Debug)]
pub(crate) struct AuthenticatedClient {
    pub(crate) client: Client,
    pub(crate) proven: bool,
}

impl AuthenticatedClient {
    /// Passes clients that showed their secret.
    pub(crate) fn must_be_proven(&self) -> Result<(), Error> {
        if self.proven {
            Ok(())
        } else {
            Err(Reason::ConfidentialClientRequired.into())
        }
    }
}

impl AuthorizationServer {
    /// RFC 6749 §2.3. Unknown, disabled, wrong, expired and elsewhere look and last alike: each is one
    /// look-up, one hash and as many comparisons.
    pub(crate) fn authenticate_client(
        &self,
        shown: Option<&ClientCredentials>,
        origin: &Origin,
        now: Timestamp,
    ) -> Result<AuthenticatedClient, Error> {
        let shown = shown.ok_or(Reason::MissingClient)?;
        let client = match ClientId::parse(&shown.id) {
            Ok(id) => self.ports.clients.find(&id)?,
            Err(_) => None,
        };
        let accepted = client
            .iter()
            .flat_map(|client| client.accepted_secrets(now));
        let nobodys = std::iter::repeat(SecretHash::from_bytes([0; 32]));
        let compared = accepted.chain(nobodys).take(COMPARED);
        let matches = shown
            .secret
            .as_ref()
            .map(|secret| SecretHash::any_matches(compared, secret));
        let client = client.ok_or(Reason::UnknownClient)?;
        let proven = match matches {
            // A wrong secret is refused even where none is needed; so is one where none is known.
            Some(false) => return Err(Reason::WrongClientSecret.into()),
            Some(true) => true,
            None if client.requires_secret() => return Err(Reason::MissingClientSecret.into()),
            None => false,
        };
        if !client.settings.active {
            Err(Reason::ClientDisabled.into())
        } else if !client.may_come_from(origin.address) {
            Err(Reason::ClientAddressNotAllowed.into())
        } else {
            Ok(AuthenticatedClient { client, proven })
        }
    }
}
