//! `GET` and `POST /auth/userinfo`: the user behind an access token (`OpenID` Connect Core §5.3).

use actix_web::{HttpRequest, get, post};
use serde_json::{Map, Value};

use crate::error::Failure;
use crate::extract::bearer::Bearer;
use crate::extract::caller::call;
use crate::openapi::BearerErrors;
use crate::reply::Reply;
use crate::state::Server;

use super::token::userinfo;

/// The User behind the access token.
#[utoipa::path(
    tag = "OAuth",
    operation_id = "read_userinfo",
    responses((status = 200, description = "The User, with `sub`", body = Object, content_type = "application/json", example = json!({"resourceType": "User", "id": "user", "sub": "user", "email": "user@mail.com"})), BearerErrors),
    security(("bearer" = [])),
)]
#[get("/auth/userinfo")]
pub(crate) async fn read_userinfo(
    server: Server,
    bearer: Bearer,
    request: HttpRequest,
) -> Result<Reply<Map<String, Value>>, Failure> {
    answer(server, bearer, &request).await
}

/// The User behind the access token.
#[utoipa::path(
    tag = "OAuth",
    operation_id = "request_userinfo",
    responses((status = 200, description = "The User, with `sub`", body = Object, content_type = "application/json", example = json!({"resourceType": "User", "id": "user", "sub": "user", "email": "user@mail.com"})), BearerErrors),
    security(("bearer" = [])),
)]
#[post("/auth/userinfo")]
pub(crate) async fn request_userinfo(
    server: Server,
    bearer: Bearer,
    request: HttpRequest,
) -> Result<Reply<Map<String, Value>>, Failure> {
    answer(server, bearer, &request).await
}

async fn answer(
    server: Server,
    bearer: Bearer,
    request: &HttpRequest,
) -> Result<Reply<Map<String, Value>>, Failure> {
    let call = call(request);
    let shown = grantor_domain::tokens::CallerCredentials::Bearer(bearer.0);
    let user = server
        .run(move |server| server.own_user(&server.identify(Some(&shown), &call)?))
        .await?;
    Ok(Reply::ok(userinfo(&user)))
}
