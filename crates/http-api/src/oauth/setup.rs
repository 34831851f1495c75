//! `POST /auth/setup`: the first administrator, for whoever holds the one-time setup token.

use actix_web::http::StatusCode;
use actix_web::post;
use grantor_domain::Reason;
use grantor_domain::secret::{Password, TokenValue};
use grantor_domain::setup::SetUp;
use grantor_domain::violation::Violation;
use serde::Deserialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::error::Failure;
use crate::openapi::SetupErrors;
use crate::reply::Reply;
use crate::resources::{Dialect, Wire as _};
use crate::state::Server;

use super::request::{OAuthRequest, required};

/// What sets the server up.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = SetupRequest)]
pub(crate) struct SetupBody {
    /// The token that was printed at the first start.
    #[schema(required = true, example = "gst_…")]
    setup_token: Option<String>,
    /// The password of User `admin`.
    #[schema(required = true, format = Password)]
    password: Option<String>,
}

/// Makes User `admin`, the first administrator, on a server that has none.
#[utoipa::path(
    tag = "OAuth",
    operation_id = "set_up",
    request_body(content((SetupBody = "application/x-www-form-urlencoded"), (SetupBody = "application/json"), (SetupBody = "text/yaml"))),
    responses((status = 201, description = "The administrator", body = Object, content_type = "application/json", example = json!({"resourceType": "User", "id": "admin"})), SetupErrors),
    security(()),
)]
#[post("/auth/setup")]
pub(crate) async fn set_up(
    server: Server,
    request: OAuthRequest<SetupBody>,
) -> Result<Reply<Map<String, Value>>, Failure> {
    let token = TokenValue::new(required("setup_token", request.body.setup_token)?);
    let password = Password::new(required("password", request.body.password)?);
    if password.expose().len() > Password::LONGEST {
        return Err(Reason::PasswordTooLong.into());
    }
    let done = server
        .run_login(move |server| server.set_up(&token, &password))
        .await?;
    match done {
        SetUp::Done(user) => Ok(Reply::new(StatusCode::CREATED, user.shown(Dialect::Plain))),
        SetUp::AlreadyDone => Err(Failure::Conflict("There is an administrator already")),
        SetUp::Invalid(violations) => {
            let say = |violation: Violation| format!("The password {}.", violation.problem);
            let problems = violations.into_iter().map(say);
            Err(Failure::UnfitPassword(problems.collect()))
        }
    }
}
