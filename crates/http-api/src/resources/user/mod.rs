//! `User`: who logs in.

mod wire;

use wire::UserFields;
pub(crate) use wire::{UserBody, user_members, user_resource};

use actix_web::{HttpRequest, delete, get, post, put, web};
use grantor_domain::AuthorizationServer;
use grantor_domain::id::UserId;
use grantor_domain::revision::Condition;
use grantor_domain::users::User;
use grantor_domain::violation::RemoveOutcome;

use crate::body::Members;
use crate::error::{Failure, Problem};
use crate::extract::caller::Shown;
use crate::openapi::{ResourceErrors, WriteErrors};
use crate::reply::Reply;
use crate::state::Server;

use super::Closed;
use super::body::ResourceBody;
use super::meta::condition;
use super::stored::{Stored, created, removed, written};

type UserReply = Result<Reply<Members>, Failure>;

/// Makes a user.
#[utoipa::path(
    tag = "User",
    operation_id = "create_user",
    request_body(content((UserFields = "application/json"), (UserFields = "text/yaml"))),
    responses((status = 201, description = "The User", content((UserFields = "application/json"), (UserFields = "text/yaml"))), WriteErrors),
    security(("bearer" = []), ("basic" = [])),
)]
#[post("/User")]
pub(crate) async fn create_user(
    server: Server,
    shown: Shown,
    body: ResourceBody,
    request: HttpRequest,
) -> UserReply {
    let condition = condition(&request);
    let write = server.run_login(move |server| {
        let caller = shown.identify(server)?;
        caller.must_administer()?;
        if condition? != Condition::Any {
            return Err(Failure::unreadable("A condition is of no use here"));
        }
        let body = UserBody::read(body.members()?)?;
        let id = match body.id() {
            Some(id) => user_id(id)?,
            None => user_id(&server.new_resource_id()?)?,
        };
        let draft = body.into_draft(None)?;
        Ok(server.put_user(&caller, &id, &draft, Condition::Absent)?)
    });
    created(write.await?.map(|user| stored(&user)), &server, &request)
}

/// Reads a user: any, for administrators; itself, for a user. Its password is never shown.
#[utoipa::path(
    tag = "User",
    operation_id = "read_user",
    params(("id" = String, Path, description = "`User.id`")),
    responses(
        (status = 200, description = "The User", content((UserFields = "application/json"), (UserFields = "text/yaml"))),
        (status = 304, description = "The caller has this version"),
        ResourceErrors,
    ),
    security(("bearer" = []), ("basic" = [])),
)]
#[get("/User/{id}")]
pub(crate) async fn read_user(
    server: Server,
    shown: Shown,
    id: web::Path<String>,
    request: HttpRequest,
) -> UserReply {
    let read = server.run(move |server: &AuthorizationServer| {
        let caller = shown.identify(server)?;
        let id = UserId::parse(&id);
        id.map_or(Ok(None), |id| server.read_user(&caller, &id))
    });
    let user = read.await?.ok_or(Failure::NotFound)?;
    Ok(stored(&user).read(&request))
}

/// Creates or replaces a user. Without `password` it keeps the one it has; `null` removes it.
#[utoipa::path(
    tag = "User",
    operation_id = "put_user",
    params(
        ("id" = String, Path, description = "`User.id`"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` it must be at, or `*`"),
        ("If-None-Match" = Option<String>, Header, description = "`*`: create only"),
    ),
    request_body(content((UserFields = "application/json"), (UserFields = "text/yaml"))),
    responses(
        (status = 200, description = "The User as replaced", content((UserFields = "application/json"), (UserFields = "text/yaml"))),
        (status = 201, description = "The User as created", content((UserFields = "application/json"), (UserFields = "text/yaml"))),
        WriteErrors,
    ),
    security(("bearer" = []), ("basic" = [])),
)]
#[put("/User/{id}")]
pub(crate) async fn put_user(
    server: Server,
    shown: Shown,
    id: web::Path<String>,
    body: ResourceBody,
    request: HttpRequest,
) -> UserReply {
    let condition = condition(&request);
    let write = server.run_login(move |server| -> Result<_, Failure> {
        let caller = shown.identify(server)?;
        caller.must_administer()?;
        let id = user_id(&id)?;
        let draft = UserBody::read(body.members()?)?.into_draft(Some(id.as_str()))?;
        Ok(server.put_user(&caller, &id, &draft, condition?)?)
    });
    written(write.await?.map(|user| stored(&user)), &server, &request)
}

/// Removes a user and ends its sessions.
#[utoipa::path(
    tag = "User",
    operation_id = "delete_user",
    params(("id" = String, Path, description = "`User.id`")),
    responses(
        (status = 200, description = "The User as it was", content((UserFields = "application/json"), (UserFields = "text/yaml"))),
        (status = 204, description = "There was none"),
        WriteErrors,
    ),
    security(("bearer" = []), ("basic" = [])),
)]
#[delete("/User/{id}")]
pub(crate) async fn delete_user(
    server: Server,
    shown: Shown,
    id: web::Path<String>,
    request: HttpRequest,
) -> UserReply {
    let condition = condition(&request);
    let remove = server.run(move |server| -> Result<_, Failure> {
        let caller = shown.identify(server)?;
        caller.must_administer()?;
        match UserId::parse(&id) {
            Ok(id) => Ok(server.remove_user(&caller, &id, condition?)?),
            Err(_) => Ok(RemoveOutcome::Absent),
        }
    });
    removed(remove.await?.map(|user| user_resource(&user)))
}

/// Ends every session of a user.
#[utoipa::path(
    tag = "User",
    operation_id = "close_user_sessions",
    params(("id" = String, Path, description = "`User.id`")),
    responses((status = 200, description = "How many were closed", content((Closed = "application/json"), (Closed = "text/yaml"))), ResourceErrors),
    security(("bearer" = []), ("basic" = [])),
)]
#[post("/User/{id}/$close-sessions")]
pub(crate) async fn close_user_sessions(
    server: Server,
    shown: Shown,
    id: web::Path<String>,
) -> Result<Reply<Closed>, Failure> {
    let close = server.run(move |server: &AuthorizationServer| {
        let caller = shown.identify(server)?;
        match UserId::parse(&id) {
            Ok(id) => server.close_sessions_of_user(&caller, &id),
            Err(_) => caller.must_administer().map(|()| None),
        }
    });
    let count = close.await?.ok_or(Failure::NotFound)?;
    Ok(Reply::ok(Closed::new(count)))
}

fn user_id(text: &str) -> Result<UserId, Failure> {
    UserId::parse(text)
        .map_err(|invalid| Failure::Unprocessable(vec![Problem::at("id", invalid.rule)]))
}

fn stored(user: &User) -> Stored<Members> {
    Stored {
        kind: "User",
        id: user.id.to_string(),
        stamp: user.stamp,
        body: user_resource(user),
    }
}
