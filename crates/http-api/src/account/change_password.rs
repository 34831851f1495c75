//! `POST /auth/change-password`: another password, for whoever knows the present one.

use actix_web::{HttpRequest, post};
use grantor_domain::Reason;
use grantor_domain::secret::Password;
use grantor_domain::tokens::CallerCredentials;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::error::Failure;
use crate::extract::caller::call;
use crate::oauth::request::{OAuthRequest, required};
use crate::openapi::ChangePasswordErrors;
use crate::reply::Reply;
use crate::state::Server;

use super::{Done, answer};

/// The present password and the one to come.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ChangePasswordRequest)]
pub(crate) struct ChangePasswordBody {
    /// The present password; `current_password` is understood too.
    #[serde(rename = "currentPassword", alias = "current_password")]
    #[schema(required = true, format = Password)]
    current: Option<String>,
    /// The one to come; `new_password` is understood too.
    #[serde(rename = "newPassword", alias = "new_password")]
    #[schema(required = true, format = Password)]
    new: Option<String>,
}

/// Changes the password of the user behind the access token. Every other session of the user ends.
#[utoipa::path(
    tag = "Account",
    operation_id = "change_password",
    request_body(content((ChangePasswordBody = "application/json"), (ChangePasswordBody = "application/x-www-form-urlencoded"), (ChangePasswordBody = "text/yaml"))),
    responses((status = 200, description = "The password is changed", content((Done = "application/json"), (Done = "text/yaml"))), ChangePasswordErrors),
    security(("bearer" = [])),
)]
#[post("/auth/change-password")]
pub(crate) async fn change_password(
    server: Server,
    request: OAuthRequest<ChangePasswordBody>,
    http: HttpRequest,
) -> Result<Reply<Done>, Failure> {
    let call = call(&http);
    let shown = match request.asker.into_shown() {
        Some(CallerCredentials::Basic(_)) => return Err(Reason::InvalidBearerToken.into()),
        Some(token) => token,
        None => return Err(Reason::MissingCredentials.into()),
    };
    let body = request.body;
    let changed = server
        .run_login(move |server| -> Result<_, Failure> {
            // Who asks is judged before what is asked for.
            let caller = server.identify(Some(&shown), &call)?;
            let current = Password::new(required("currentPassword", body.current)?);
            let new = Password::new(required("newPassword", body.new)?);
            Ok(server.change_password(&caller, &current, &new)?)
        })
        .await?;
    answer(changed)
}
