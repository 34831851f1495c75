//! The `OpenAPI` document: collected from the routes, given a title and a tag for every group.

mod responses;

pub(crate) use responses::{
    BearerErrors, ChangePasswordErrors, EvaluationErrors, Faults, ForceResetErrors,
    IntrospectionErrors, KeyErrors, ResetPasswordErrors, ResourceErrors, RetireErrors, SetupErrors,
    TestPolicyErrors, TokenErrors, WriteErrors,
};

use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};
use utoipa::openapi::{OpenApi, Server};
use utoipa::{Modify, OpenApi as _};

use crate::error::ErrorReply;
use crate::resources::OperationOutcome;
use crate::routes;

/// The document as pretty JSON with a trailing newline: what `/openapi.json` serves and what is
/// committed as `openapi/openapi.json`.
#[must_use]
pub fn openapi_document() -> String {
    let mut text = routes::document(base())
        .to_pretty_json()
        .unwrap_or_default();
    text.push('\n');
    text
}

/// The document before any route is in it.
pub(crate) fn base() -> OpenApi {
    Description::openapi()
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Grantor",
        description = "A self-hosted OAuth 2.0 authorization server: tokens and sessions, the clients and users they belong to, and who may call what. Resources are answered at `/` and at `/fhir` alike, as JSON or YAML.",
        license(name = "Apache-2.0 OR MIT", identifier = "Apache-2.0 OR MIT"),
    ),
    tags(
        (name = "OAuth", description = "Getting, checking and revoking tokens"),
        (name = "SigningKey", description = "Looking after the keys that JWTs are signed with"),
        (name = "Account", description = "Passwords in the hands of their owners"),
        (name = "Metadata", description = "What clients and resource servers configure themselves from"),
        (name = "Client", description = "Applications registered with the server"),
        (name = "User", description = "Who logs in"),
        (name = "Role", description = "Names given to users, for policies and tokens"),
        (name = "AccessPolicy", description = "Who may call what"),
        (name = "Bundle", description = "Several things at once"),
        (name = "AuditEvent", description = "What happened, and who did it"),
        (name = "AuthZEN", description = "Asking the access policies on behalf of resource servers"),
        (name = "Session", description = "One granted relationship and its live token pair"),
    ),
    components(schemas(ErrorReply, OperationOutcome)),
    modifiers(&Setting),
)]
struct Description;

struct Setting;

impl Modify for Setting {
    fn modify(&self, document: &mut OpenApi) {
        document.servers = Some(vec![Server::new("/")]);
        if let Some(components) = &mut document.components {
            let http = |scheme| SecurityScheme::Http(Http::new(scheme));
            components.add_security_scheme("basic", http(HttpAuthScheme::Basic));
            components.add_security_scheme("bearer", http(HttpAuthScheme::Bearer));
        }
    }
}

#[cfg(test)]
mod tests;
