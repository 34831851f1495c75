//! `POST /auth/reset-password`: another password, for whoever holds the token of a link.

use actix_web::post;
use grantor_domain::secret::{Password, TokenValue};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::Failure;
use crate::oauth::request::{OAuthRequest, required};
use crate::openapi::ResetPasswordErrors;
use crate::reply::Reply;
use crate::state::Server;

use super::{Done, answer};

/// The token of a link and the password to come.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ResetPasswordRequest)]
pub(crate) struct ResetPasswordBody {
    /// The token.
    #[schema(required = true, example = "gpr_…")]
    token: Option<String>,
    /// The password to come; `new_password` is understood too.
    #[serde(rename = "newPassword", alias = "new_password")]
    #[schema(required = true, format = Password)]
    new: Option<String>,
}

/// Chooses a password by a link, which works once.
#[utoipa::path(
    tag = "Account",
    operation_id = "reset_password",
    request_body(content((ResetPasswordBody = "application/json"), (ResetPasswordBody = "application/x-www-form-urlencoded"), (ResetPasswordBody = "text/yaml"))),
    responses((status = 200, description = "The password is changed", content((Done = "application/json"), (Done = "text/yaml"))), ResetPasswordErrors),
    security(()),
)]
#[post("/auth/reset-password")]
pub(crate) async fn reset_password(
    server: Server,
    request: OAuthRequest<ResetPasswordBody>,
) -> Result<Reply<Done>, Failure> {
    let token = TokenValue::new(required("token", request.body.token)?);
    let new = Password::new(required("newPassword", request.body.new)?);
    let origin = request.origin;
    let changed = server
        .run_login(move |server| server.reset_password(&token, &new, &origin))
        .await?;
    answer(changed)
}
