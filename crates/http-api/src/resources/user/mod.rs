//! `User`: who logs in.

mod wire;

use wire::UserFields;
pub(crate) use wire::user_members;

use grantor_domain::users::User;

use crate::error::Failure;
use crate::reply::Reply;

use super::close_sessions::{Closed, close};
use super::handlers::endpoints;

endpoints!(
    User, UserFields, tag = "User", hashes = true, id = "`User.id`",
    search = (
        ("userName" = Option<String>, Query, description = "A name it logs in with"),
        ("email" = Option<String>, Query, description = "Its address"),
        ("name" = Option<String>, Query, description = "A part of its name, or its `displayName`"),
        ("identifier" = Option<String>, Query, description = "A value of `identifier`, or `system|value`"),
        ("inactive" = Option<bool>, Query, description = "Whether it may not log in"),
        ("roleName" = Option<String>, Query, description = "A role it has, by its own list or by a Role"),
    ),
    create_user "/User" "create_user",
    read_user put_user patch_user delete_user "/User/{id}" "read_user" "put_user" "patch_user" "delete_user",
    search_users "search_users",
    search_users_by_form "/User/_search" "search_users_by_form",
    read_user_history "/User/{id}/_history" "read_user_history",
    read_history_of_users "/User/_history" "read_history_of_users",
    read_user_version "/User/{id}/_history/{version}" "read_user_version",
);

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
    close::<User>(server, shown, id.into_inner()).await
}
