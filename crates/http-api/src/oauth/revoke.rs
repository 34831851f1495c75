//! `POST /auth/revoke`: token revocation (RFC 7009).

use actix_web::post;
use grantor_domain::secret::TokenValue;
use serde_json::{Map, Value};

use crate::error::Failure;
use crate::openapi::TokenErrors;
use crate::reply::Reply;
use crate::state::Server;

use super::introspect::TokenParameters;
use super::request::{OAuthRequest, required};

/// Ends the session of a token, access or refresh alike. Unknown tokens are answered like known ones.
#[utoipa::path(
    tag = "OAuth",
    operation_id = "revoke_token",
    request_body(content(
        (TokenParameters = "application/x-www-form-urlencoded"),
        (TokenParameters = "application/json"),
        (TokenParameters = "text/yaml"),
    )),
    responses(
        (status = 200, description = "The token does not live (any more)", content(
            (Object = "application/json", example = json!({})),
            (Object = "text/yaml", example = json!({})),
        )),
        TokenErrors,
    ),
    security((), ("basic" = [])),
)]
#[post("/auth/revoke")]
pub(crate) async fn revoke_token(
    server: Server,
    request: OAuthRequest<TokenParameters>,
) -> Result<Reply<Map<String, Value>>, Failure> {
    let client = request.asker.into_client()?;
    let origin = request.origin;
    let token = TokenValue::new(required("token", request.body.token)?);
    server
        .run_promptly(move |server| server.revoke(client.as_ref(), &token, &origin))
        .await?;
    Ok(Reply::ok(Map::new()))
}
