//! `POST /auth/force-reset-password`: makes a user choose another password.

use actix_web::{HttpRequest, post};
use grantor_domain::id::UserId;
use grantor_domain::users::ResetLink;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Failure;
use crate::extract::caller::call;
use crate::oauth::request::OAuthRequest;
use crate::openapi::ForceResetErrors;
use crate::reply::Reply;
use crate::resources::ReferenceBody;
use crate::state::Server;

/// Whose password is to be chosen anew: one of the two.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ForcePasswordResetRequest, example = json!({"userId": "amy"}))]
pub(crate) struct ForceResetBody {
    /// The user's id; `user_id` is understood too.
    #[serde(rename = "userId", alias = "user_id")]
    #[schema(example = "amy")]
    user_id: Option<String>,
    /// A reference to the user: `User/amy`, `{"reference": "User/amy"}` or
    /// `{"resourceType": "User", "id": "amy"}`.
    #[schema(value_type = Option<Object>)]
    user: Option<Referred>,
}

/// A reference, as text or as an object.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Referred {
    Text(String),
    Object(ReferenceBody),
}

impl ForceResetBody {
    fn user(self) -> Result<UserId, Failure> {
        let named = match (self.user_id, self.user) {
            (Some(id), None) => Some(id),
            (None, Some(Referred::Text(text))) => text.strip_prefix("User/").map(str::to_owned),
            (None, Some(Referred::Object(reference))) => reference.id_of("User"),
            (None, None) => return Err(Failure::unreadable_at("userId", "is required")),
            (Some(_), Some(_)) => return Err(Failure::unreadable_at("user", "is named twice")),
        };
        let named =
            named.ok_or_else(|| Failure::unreadable_at("user", "must be a reference to a User"))?;
        // What cannot be an id is nobody's.
        UserId::parse(&named).map_err(|_| Failure::NotFound)
    }
}

/// A link by which a password can be chosen, once and for a quarter of an hour.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PasswordResetLink, example = json!({"code": "password_reset_link_issued", "data": {"resetUrl": "https://auth.example/auth/reset-password#token=gpr_…", "token": "gpr_…"}}))]
pub(crate) struct IssuedLink {
    /// `password_reset_link_issued`.
    #[schema(example = "password_reset_link_issued")]
    code: &'static str,
    /// The link.
    data: LinkData,
}

/// The link, and the token in it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LinkData {
    /// Where the password is chosen. The token stands behind `#`, which browsers keep to themselves:
    /// in a query, every log on the way would have it.
    #[serde(rename = "resetUrl")]
    #[schema(example = "https://auth.example/auth/reset-password#token=gpr_…")]
    reset_url: String,
    /// What `POST /auth/reset-password` takes as `token`.
    #[schema(example = "gpr_…")]
    token: String,
}

impl IssuedLink {
    fn new(issuer: &str, link: &ResetLink) -> Self {
        let token = link.token.expose().to_owned();
        Self {
            code: "password_reset_link_issued",
            data: LinkData {
                reset_url: format!("{issuer}/auth/reset-password#token={token}"),
                token,
            },
        }
    }
}

/// Makes the password of a user useless, ends the user's sessions, and issues a link to choose another.
#[utoipa::path(
    tag = "Account",
    operation_id = "force_reset_password",
    request_body(content((ForceResetBody = "application/json"), (ForceResetBody = "application/x-www-form-urlencoded"), (ForceResetBody = "text/yaml"))),
    responses((status = 200, description = "The link", content((IssuedLink = "application/json"), (IssuedLink = "text/yaml"))), ForceResetErrors),
    security(("bearer" = []), ("basic" = [])),
)]
#[post("/auth/force-reset-password")]
pub(crate) async fn force_reset_password(
    server: Server,
    request: OAuthRequest<ForceResetBody>,
    http: HttpRequest,
) -> Result<Reply<IssuedLink>, Failure> {
    let call = call(&http);
    let (shown, body) = (request.asker.into_shown(), request.body);
    let link = server
        .run(move |server| -> Result<_, Failure> {
            // Who asks is judged before what is asked for.
            let caller = server.identify(shown.as_ref(), &call)?;
            Ok(server.force_password_reset(&caller, &body.user()?)?)
        })
        .await?
        .ok_or(Failure::NotFound)?;
    Ok(Reply::ok(IssuedLink::new(server.issuer(), &link)))
}
