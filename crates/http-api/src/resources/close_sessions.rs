//! `$close-sessions` of a client or user.

use grantor_domain::AuthorizationServer;
use grantor_domain::access::Interaction;
use grantor_domain::resources::SessionOwner;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Failure;
use crate::extract::caller::Shown;
use crate::reply::Reply;
use crate::state::Server;

use super::wire::Wire;

/// How many sessions were closed, as a FHIR `Parameters` resource.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Parameters, example = json!({"resourceType": "Parameters", "parameter": [{"name": "closed", "valueInteger": 3}]}))]
pub(crate) struct Closed {
    /// Always `Parameters`.
    #[serde(rename = "resourceType")]
    #[schema(example = "Parameters")]
    resource_type: &'static str,
    /// One parameter, `closed`.
    parameter: [Parameter; 1],
}

/// A parameter.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Parameter {
    /// `closed`.
    #[schema(example = "closed")]
    name: &'static str,
    /// How many.
    #[serde(rename = "valueInteger")]
    #[schema(example = 3)]
    value: u64,
}

impl Closed {
    const fn new(count: u64) -> Self {
        let parameter = Parameter {
            name: "closed",
            value: count,
        };
        Self {
            resource_type: "Parameters",
            parameter: [parameter],
        }
    }
}

/// Ends every session of the client or user a path names.
pub(super) async fn close<R: Wire + SessionOwner>(
    server: Server,
    shown: Shown,
    id: String,
) -> Result<Reply<Closed>, Failure> {
    let close = server.run(move |server: &AuthorizationServer| {
        let caller = shown.identify(server)?;
        if let Ok(id) = R::parse_id(&id) {
            return server.close_sessions_of(&caller, &id);
        }
        server.permit(&caller, Interaction::CloseSessions, R::KIND, None)?;
        Ok(None)
    });
    let count = close.await?.ok_or(Failure::NotFound)?;
    Ok(Reply::ok(Closed::new(count)))
}
