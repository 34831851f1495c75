//! `Session`: one granted relationship and its live token pair.

use actix_web::http::header;
use actix_web::{HttpRequest, delete, get, patch, web};
use grantor_domain::AuthorizationServer;
use grantor_domain::id::SessionId;
use grantor_domain::ports::Found;
use grantor_domain::sessions::SessionState;
use grantor_domain::time::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::Members;
use crate::error::Failure;
use crate::extract::bearer::Bearer;
use crate::extract::caller::Shown;
use crate::headers::has_current;
use crate::openapi::{ResourceErrors, WriteErrors};
use crate::reply::Reply;
use crate::state::Server;

use super::body::{ResourceBody, members_of, typed};
use super::instant::instant;
use super::meta::{Meta, entity_tag, http_date};
use super::reference::{Dialect, Reference};

/// A session. It never shows a token.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Session, example = json!({"resourceType": "Session", "id": "019b76da-a800-7585-a712-0fbbe785a83d", "meta": {"versionId": "1", "lastUpdated": "2026-01-01T00:00:00Z"}, "type": "password", "user": {"resourceType": "User", "id": "user"}, "client": {"resourceType": "Client", "id": "myapp"}, "active": true, "start": "2026-01-01T00:00:00Z", "exp": 1_767_229_200, "last_used": "2026-01-01T00:00:00Z", "jti": "019b76da-a800-7585-a712-0fbbe785a83e"}))]
pub(crate) struct SessionBody {
    /// Always `Session`.
    #[serde(rename = "resourceType")]
    #[schema(example = "Session")]
    resource_type: &'static str,
    /// The `sid` of its tokens.
    pub(crate) id: String,
    /// Kept by the server.
    meta: Meta,
    /// `password`, `client_credentials` or `console`: how it was opened.
    #[serde(rename = "type")]
    #[schema(example = "password")]
    kind: &'static str,
    /// Whose it is as a user.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<Reference>,
    /// Whose it is as a client.
    client: Reference,
    /// The scope granted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    scope: Vec<String>,
    /// For whom its tokens are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    audience: Vec<String>,
    /// Whether a token of it can still be used.
    active: bool,
    /// When it was opened.
    start: String,
    /// When it was closed.
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<String>,
    /// When its access token ends, in seconds since the epoch.
    exp: i64,
    /// When its refresh token ends, in seconds since the epoch.
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token_exp: Option<i64>,
    /// When a token of it was last issued.
    last_used: String,
    /// The id of its access token.
    jti: String,
    /// The address it was opened from.
    #[serde(skip_serializing_if = "Option::is_none")]
    ip: Option<String>,
    /// The program it was opened from.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_agent: Option<String>,
}

impl SessionBody {
    /// A session as one mount shows it. `active` was judged by whoever read it.
    pub(crate) fn new(found: &Found, active: bool, dialect: Dialect) -> Self {
        let session = &found.session;
        let user = session.user.as_ref();
        let end = match session.state {
            SessionState::Closed { at } => Some(instant(at)),
            SessionState::Open => None,
        };
        Self {
            resource_type: "Session",
            id: session.id.to_string(),
            meta: Meta {
                version_id: session.generation.get().to_string(),
                last_updated: instant(session.updated),
                created_at: None,
            },
            kind: session.kind.as_str(),
            user: user.map(|user| Reference::new(dialect, "User", user.id.as_str())),
            client: Reference::new(dialect, "Client", session.client.id.as_str()),
            scope: session.scope.tokens().map(str::to_owned).collect(),
            audience: session.audience.clone(),
            active,
            start: instant(session.start),
            end,
            exp: session.access.expires.as_seconds(),
            refresh_token_exp: session.refresh_ends().map(Timestamp::as_seconds),
            last_used: instant(session.last_used),
            jti: session.access.id.to_string(),
            ip: session.origin.address.map(|address| address.to_string()),
            user_agent: session.origin.user_agent.clone(),
        }
    }
}

impl SessionBody {
    /// Its members.
    pub(crate) fn members(&self) -> Members {
        members_of(self)
    }
}

type SessionReply = Result<Reply<SessionBody>, Failure>;

/// Closes the session the access token belongs to: its access and refresh token are dead at once.
#[utoipa::path(
    tag = "Session",
    operation_id = "close_own_session",
    responses((status = 200, description = "The Session, closed", content((SessionBody = "application/json"), (SessionBody = "text/yaml"))), ResourceErrors),
    security(("bearer" = [])),
)]
#[delete("/Session")]
pub(crate) async fn close_own_session(
    server: Server,
    bearer: Bearer,
    request: HttpRequest,
) -> SessionReply {
    let found = server
        .run_promptly(move |server| server.close_own_session(&bearer.0))
        .await?;
    Ok(reply(&server, &found, &request))
}

/// Reads a session: any that a policy permits; its own, for a user.
#[utoipa::path(
    tag = "Session",
    operation_id = "read_session",
    params(("id" = String, Path, description = "`Session.id`")),
    responses(
        (status = 200, description = "The Session", content((SessionBody = "application/json"), (SessionBody = "text/yaml"))),
        (status = 304, description = "The caller has this version"),
        ResourceErrors,
    ),
    security(("bearer" = []), ("basic" = [])),
)]
#[get("/Session/{id}")]
pub(crate) async fn read_session(
    server: Server,
    shown: Shown,
    id: web::Path<String>,
    request: HttpRequest,
) -> SessionReply {
    let read = server.run(move |server: &AuthorizationServer| {
        let caller = shown.identify(server)?;
        let id = SessionId::parse(&id);
        id.map_or(Ok(None), |id| server.read_session(&caller, &id))
    });
    let found = read.await?.ok_or(Failure::NotFound)?;
    Ok(reply(&server, &found, &request))
}

/// Closes a session by id. Closing a closed one changes nothing and answers the same.
#[utoipa::path(
    tag = "Session",
    operation_id = "close_session",
    params(("id" = String, Path, description = "`Session.id`")),
    responses((status = 200, description = "The Session, closed", content((SessionBody = "application/json"), (SessionBody = "text/yaml"))), ResourceErrors),
    security(("bearer" = []), ("basic" = [])),
)]
#[delete("/Session/{id}")]
pub(crate) async fn close_session(
    server: Server,
    shown: Shown,
    id: web::Path<String>,
    request: HttpRequest,
) -> SessionReply {
    close(server, shown, &id, &request, Ok(())).await
}

/// Closes a session by id: `{"active": false}` is the only patch there is.
#[utoipa::path(
    tag = "Session",
    operation_id = "patch_session",
    params(("id" = String, Path, description = "`Session.id`")),
    request_body(content((SessionPatch = "application/merge-patch+json"), (SessionPatch = "application/json"), (SessionPatch = "text/yaml"))),
    responses((status = 200, description = "The Session, closed", content((SessionBody = "application/json"), (SessionBody = "text/yaml"))), WriteErrors),
    security(("bearer" = []), ("basic" = [])),
)]
#[patch("/Session/{id}")]
pub(crate) async fn patch_session(
    server: Server,
    shown: Shown,
    id: web::Path<String>,
    body: ResourceBody,
    request: HttpRequest,
) -> SessionReply {
    let patch = body.members().and_then(typed).and_then(SessionPatch::check);
    close(server, shown, &id, &request, patch).await
}

/// What can be changed about a session from outside: it can be closed.
#[derive(Debug, serde::Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SessionPatch {
    /// Only `false`.
    #[schema(example = false)]
    active: Option<bool>,
}

impl SessionPatch {
    fn check(self) -> Result<(), Failure> {
        match self.active {
            Some(false) => Ok(()),
            Some(true) | None => Err(Failure::invalid(
                "active",
                "must be false: a session can be closed, and nothing else",
            )),
        }
    }
}

/// Whether the caller may see the session is judged before what it wants of it.
async fn close(
    server: Server,
    shown: Shown,
    id: &str,
    request: &HttpRequest,
    wish: Result<(), Failure>,
) -> SessionReply {
    let id = SessionId::parse(id);
    let close = server.run(move |server| -> Result<_, Failure> {
        let caller = shown.identify(server)?;
        let Ok(id) = id else {
            return Ok(None);
        };
        if wish.is_err() && server.read_session(&caller, &id)?.is_none() {
            return Ok(None);
        }
        wish?;
        Ok(server.close_session(&caller, &id)?)
    });
    let found = close.await?.ok_or(Failure::NotFound)?;
    Ok(reply(&server, &found, request))
}

fn reply(server: &Server, found: &Found, request: &HttpRequest) -> Reply<SessionBody> {
    let active = server.server.is_active(found);
    let body = SessionBody::new(found, active, Dialect::of(request.path()));
    let tag = entity_tag(found.session.generation.get());
    let reply = Reply::ok(body)
        .with(header::ETAG, tag.clone())
        .with(header::LAST_MODIFIED, http_date(found.session.updated));
    let read = request.method() == actix_web::http::Method::GET;
    // A session also ends by its clock and its owners, which its tag does not tell.
    if read && active && has_current(request.headers(), &tag) {
        reply.not_modified()
    } else {
        reply
    }
}
