//! `Client`: applications registered with the server.

mod wire;

pub(crate) use wire::ClientBody;

use actix_web::{HttpRequest, delete, get, post, put, web};
use grantor_domain::AuthorizationServer;
use grantor_domain::clients::WrittenClient;
use grantor_domain::id::ClientId;
use grantor_domain::revision::Condition;
use grantor_domain::violation::RemoveOutcome;

use crate::error::{Failure, Problem};
use crate::extract::caller::Shown;
use crate::openapi::{ResourceErrors, WriteErrors};
use crate::reply::Reply;
use crate::state::Server;

use super::Closed;
use super::body::{ResourceBody, typed};
use super::meta::condition;
use super::stored::{Stored, created, removed, written};

type ClientReply = Result<Reply<ClientBody>, Failure>;

/// Registers a client. A confidential one without a `secret` is given one, shown this once.
#[utoipa::path(
    tag = "Client",
    operation_id = "create_client",
    request_body(content((ClientBody = "application/json"), (ClientBody = "text/yaml"))),
    responses((status = 201, description = "The Client", content((ClientBody = "application/json"), (ClientBody = "text/yaml"))), WriteErrors),
    security(("bearer" = []), ("basic" = [])),
)]
#[post("/Client")]
pub(crate) async fn create_client(
    server: Server,
    shown: Shown,
    body: ResourceBody,
    request: HttpRequest,
) -> ClientReply {
    let condition = condition(&request);
    let write = server.run(move |server| {
        let caller = shown.identify(server)?;
        caller.must_administer()?;
        if condition? != Condition::Any {
            return Err(Failure::unreadable("A condition is of no use here"));
        }
        let body: ClientBody = typed(body.members()?)?;
        let id = match body.id() {
            Some(id) => client_id(id)?,
            None => client_id(&server.new_resource_id()?)?,
        };
        let draft = body.into_draft(None)?;
        Ok(server.put_client(&caller, &id, &draft, Condition::Absent)?)
    });
    created(
        write.await?.map(|client| stored(&client)),
        &server,
        &request,
    )
}

/// Reads a client. Its secret is never shown.
#[utoipa::path(
    tag = "Client",
    operation_id = "read_client",
    params(("id" = String, Path, description = "`Client.id`, percent-encoded")),
    responses(
        (status = 200, description = "The Client", content((ClientBody = "application/json"), (ClientBody = "text/yaml"))),
        (status = 304, description = "The caller has this version"),
        ResourceErrors,
    ),
    security(("bearer" = []), ("basic" = [])),
)]
#[get("/Client/{id}")]
pub(crate) async fn read_client(
    server: Server,
    shown: Shown,
    id: web::Path<String>,
    request: HttpRequest,
) -> ClientReply {
    let read = server.run(move |server| {
        let caller = shown.identify(server)?;
        match ClientId::parse(&id) {
            Ok(id) => server.read_client(&caller, &id),
            Err(_) => caller.must_administer().map(|()| None),
        }
    });
    let client = read.await?.ok_or(Failure::NotFound)?;
    Ok(stored(&client.into()).read(&request))
}

/// Creates or replaces a client. Without `secret` it keeps the one it has; `null` removes it.
#[utoipa::path(
    tag = "Client",
    operation_id = "put_client",
    params(
        ("id" = String, Path, description = "`Client.id`, percent-encoded"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` it must be at, or `*`"),
        ("If-None-Match" = Option<String>, Header, description = "`*`: create only"),
    ),
    request_body(content((ClientBody = "application/json"), (ClientBody = "text/yaml"))),
    responses(
        (status = 200, description = "The Client as replaced", content((ClientBody = "application/json"), (ClientBody = "text/yaml"))),
        (status = 201, description = "The Client as created", content((ClientBody = "application/json"), (ClientBody = "text/yaml"))),
        WriteErrors,
    ),
    security(("bearer" = []), ("basic" = [])),
)]
#[put("/Client/{id}")]
pub(crate) async fn put_client(
    server: Server,
    shown: Shown,
    id: web::Path<String>,
    body: ResourceBody,
    request: HttpRequest,
) -> ClientReply {
    let condition = condition(&request);
    let write = server.run(move |server| -> Result<_, Failure> {
        let caller = shown.identify(server)?;
        caller.must_administer()?;
        let id = client_id(&id)?;
        let body: ClientBody = typed(body.members()?)?;
        let draft = body.into_draft(Some(id.as_str()))?;
        Ok(server.put_client(&caller, &id, &draft, condition?)?)
    });
    written(
        write.await?.map(|client| stored(&client)),
        &server,
        &request,
    )
}

/// Removes a client and ends its sessions.
#[utoipa::path(
    tag = "Client",
    operation_id = "delete_client",
    params(("id" = String, Path, description = "`Client.id`, percent-encoded")),
    responses(
        (status = 200, description = "The Client as it was", content((ClientBody = "application/json"), (ClientBody = "text/yaml"))),
        (status = 204, description = "There was none"),
        WriteErrors,
    ),
    security(("bearer" = []), ("basic" = [])),
)]
#[delete("/Client/{id}")]
pub(crate) async fn delete_client(
    server: Server,
    shown: Shown,
    id: web::Path<String>,
    request: HttpRequest,
) -> ClientReply {
    let condition = condition(&request);
    let remove = server.run(move |server| -> Result<_, Failure> {
        let caller = shown.identify(server)?;
        caller.must_administer()?;
        match ClientId::parse(&id) {
            Ok(id) => Ok(server.remove_client(&caller, &id, condition?)?),
            Err(_) => Ok(RemoveOutcome::Absent),
        }
    });
    removed(remove.await?.map(|client| ClientBody::from(&client)))
}

/// Ends every session of a client.
#[utoipa::path(
    tag = "Client",
    operation_id = "close_client_sessions",
    params(("id" = String, Path, description = "`Client.id`, percent-encoded")),
    responses((status = 200, description = "How many were closed", content((Closed = "application/json"), (Closed = "text/yaml"))), ResourceErrors),
    security(("bearer" = []), ("basic" = [])),
)]
#[post("/Client/{id}/$close-sessions")]
pub(crate) async fn close_client_sessions(
    server: Server,
    shown: Shown,
    id: web::Path<String>,
) -> Result<Reply<Closed>, Failure> {
    let close = server.run(move |server: &AuthorizationServer| {
        let caller = shown.identify(server)?;
        match ClientId::parse(&id) {
            Ok(id) => server.close_sessions_of_client(&caller, &id),
            Err(_) => caller.must_administer().map(|()| None),
        }
    });
    let count = close.await?.ok_or(Failure::NotFound)?;
    Ok(Reply::ok(Closed::new(count)))
}

fn client_id(text: &str) -> Result<ClientId, Failure> {
    ClientId::parse(text)
        .map_err(|invalid| Failure::Unprocessable(vec![Problem::at("id", invalid.rule)]))
}

fn stored(written: &WrittenClient) -> Stored<ClientBody> {
    let client = &written.client;
    Stored {
        kind: "Client",
        id: client.id.to_string(),
        stamp: client.stamp,
        body: ClientBody::from(client).with_secret(written.generated_secret.as_ref()),
    }
}
