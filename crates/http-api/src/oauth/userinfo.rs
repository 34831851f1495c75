//! `GET` and `POST /auth/userinfo`: the user behind an access token (`OpenID` Connect Core §5.3).

use actix_web::{HttpRequest, get, post};
use grantor_domain::users::User;
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::Members;
use crate::error::Failure;
use crate::extract::bearer::Bearer;
use crate::extract::caller::call;
use crate::openapi::BearerErrors;
use crate::reply::Reply;
use crate::resources::user_members;
use crate::state::Server;

/// Who a token stands for: the readable User, and `sub`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = UserInfo, example = json!({"resourceType": "User", "id": "user", "sub": "user", "email": "user@mail.com"}))]
pub(crate) struct UserInfo {
    #[serde(flatten)]
    #[schema(value_type = HashMap<String, Value>)]
    user: Members,
    /// The subject of the token: the User's `id`.
    #[schema(example = "user")]
    sub: String,
}

impl From<&User> for UserInfo {
    fn from(user: &User) -> Self {
        Self {
            sub: user.id.as_str().to_owned(),
            user: user_members(user),
        }
    }
}

/// The User behind the access token. With scope `roles`, `roles` are the names of all its roles,
/// those of Role resources included.
#[utoipa::path(
    tag = "OAuth",
    operation_id = "read_userinfo",
    responses((status = 200, description = "The User, with `sub`", content((UserInfo = "application/json"), (UserInfo = "text/yaml"))), BearerErrors),
    security(("bearer" = [])),
)]
#[get("/auth/userinfo")]
pub(crate) async fn read_userinfo(
    server: Server,
    bearer: Bearer,
    request: HttpRequest,
) -> Result<Reply<UserInfo>, Failure> {
    answer(server, bearer, &request).await
}

/// The User behind the access token. With scope `roles`, `roles` are the names of all its roles,
/// those of Role resources included.
#[utoipa::path(
    tag = "OAuth",
    operation_id = "request_userinfo",
    responses((status = 200, description = "The User, with `sub`", content((UserInfo = "application/json"), (UserInfo = "text/yaml"))), BearerErrors),
    security(("bearer" = [])),
)]
#[post("/auth/userinfo")]
pub(crate) async fn request_userinfo(
    server: Server,
    bearer: Bearer,
    request: HttpRequest,
) -> Result<Reply<UserInfo>, Failure> {
    answer(server, bearer, &request).await
}

async fn answer(
    server: Server,
    bearer: Bearer,
    request: &HttpRequest,
) -> Result<Reply<UserInfo>, Failure> {
    let call = call(request);
    let shown = grantor_domain::tokens::CallerCredentials::Bearer(bearer.0);
    let info = server
        .run_promptly(move |server| server.userinfo(&server.identify(Some(&shown), &call)?))
        .await?;
    let mut shown = UserInfo::from(&info.user);
    if !info.roles.is_empty() {
        shown.user.insert("roles".to_owned(), info.roles.into());
    }
    Ok(Reply::ok(shown))
}
