//! `/auth/keys`: the keys that JWTs are signed with, for those who look after them.

use actix_web::{HttpRequest, get, post, web};
use grantor_domain::AuthorizationServer;
use grantor_domain::keys::{ListedKey, Retirement, Rotation};
use serde::Serialize;
use utoipa::ToSchema;

use crate::body::pairs;
use crate::error::Failure;
use crate::extract::caller::Shown;
use crate::openapi::{KeyErrors, RetireErrors};
use crate::reply::Reply;
use crate::resources::instant;
use crate::state::Server;

/// Every signing key. Nothing private of one is ever shown; what is public is in the key set.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SigningKeys, example = json!({"keys": [{"kid": "q0Vf…", "alg": "ES256", "state": "signing", "created": "2026-01-01T00:00:00Z", "sign_from": "2026-01-01T00:00:00Z", "rotate_by": "2027-01-01T00:00:00Z"}]}))]
pub(crate) struct KeysReply {
    /// In the order in which they sign.
    keys: Vec<KeyReply>,
}

/// A signing key.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SigningKey)]
pub(crate) struct KeyReply {
    /// Its id, in the key set and in the header of tokens.
    kid: String,
    /// How it signs.
    #[schema(example = "ES256")]
    alg: &'static str,
    /// `next` is published and does not sign yet, `signing`, `retiring` verifies what it signed,
    /// `ended`.
    #[schema(example = "signing")]
    state: &'static str,
    /// Since when it is published.
    #[schema(example = "2026-01-01T00:00:00Z")]
    created: String,
    /// From when it signs.
    #[schema(example = "2026-01-01T00:00:00Z")]
    sign_from: String,
    /// When it stops being published and verifying, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    ends: Option<String>,
    /// Until when another should be planned, while none is.
    #[serde(skip_serializing_if = "Option::is_none")]
    rotate_by: Option<String>,
}

impl KeysReply {
    fn new(keys: Vec<ListedKey>) -> Self {
        let keys = keys.into_iter().map(|key| KeyReply {
            alg: key.life.algorithm.as_str(),
            state: key.state.as_str(),
            created: instant(key.life.created),
            sign_from: instant(key.life.sign_from),
            ends: key.life.ends.map(instant),
            rotate_by: key.rotate_by.map(instant),
            kid: key.life.kid,
        });
        Self {
            keys: keys.collect(),
        }
    }
}

/// Lists the signing keys and what each is at this moment.
#[utoipa::path(
    tag = "SigningKey",
    operation_id = "list_signing_keys",
    responses((status = 200, description = "The keys", content((KeysReply = "application/json"), (KeysReply = "text/yaml"))), KeyErrors),
    security(("bearer" = []), ("basic" = [])),
)]
#[get("/auth/keys")]
pub(crate) async fn list_signing_keys(
    server: Server,
    shown: Shown,
) -> Result<Reply<KeysReply>, Failure> {
    let list = move |server: &AuthorizationServer| {
        let caller = shown.identify(server)?;
        server.list_signing_keys(&caller)
    };
    Ok(Reply::ok(KeysReply::new(server.run(list).await?)))
}

/// Makes a key that takes over: planned, once everybody who caches the key set knows it, or at once.
/// The one before it stays published until the last token it signed has ended.
#[utoipa::path(
    tag = "SigningKey",
    operation_id = "rotate_signing_keys",
    params(("now" = Option<bool>, Query, description = "`true`: it signs at once, for emergencies. Resource servers refuse its tokens until they have read the key set again")),
    responses((status = 200, description = "The keys", content((KeysReply = "application/json"), (KeysReply = "text/yaml"))), KeyErrors),
    security(("bearer" = []), ("basic" = [])),
)]
#[post("/auth/keys/$rotate")]
pub(crate) async fn rotate_signing_keys(
    server: Server,
    shown: Shown,
    request: HttpRequest,
) -> Result<Reply<KeysReply>, Failure> {
    let wanted = rotation(request.query_string());
    let rotate = move |server: &AuthorizationServer| -> Result<_, Failure> {
        let caller = shown.identify(server)?;
        Ok(server.rotate_signing_keys(&caller, wanted?)?)
    };
    Ok(Reply::ok(KeysReply::new(server.run(rotate).await?)))
}

/// Ends a key now: every JWT it signed is refused from then on. The only key that can sign is not
/// ended: rotate first.
#[utoipa::path(
    tag = "SigningKey",
    operation_id = "retire_signing_key",
    params(("kid" = String, Path, description = "The id of the key")),
    responses((status = 200, description = "The keys", content((KeysReply = "application/json"), (KeysReply = "text/yaml"))), RetireErrors),
    security(("bearer" = []), ("basic" = [])),
)]
#[post("/auth/keys/{kid}/$retire")]
pub(crate) async fn retire_signing_key(
    server: Server,
    shown: Shown,
    kid: web::Path<String>,
) -> Result<Reply<KeysReply>, Failure> {
    let retire = move |server: &AuthorizationServer| {
        let caller = shown.identify(server)?;
        server.retire_signing_key(&caller, &kid)
    };
    match server.run(retire).await? {
        (Retirement::Done, keys) => Ok(Reply::ok(KeysReply::new(keys))),
        (Retirement::Unknown, _) => Err(Failure::NotFound),
        (Retirement::OnlySigningKey, _) => Err(Failure::Conflict(
            "It is the only key that can sign: rotate first",
        )),
    }
}

fn rotation(query: &str) -> Result<Rotation, Failure> {
    let pairs = pairs(query.as_bytes()).unwrap_or_default();
    let mut rotation = Rotation::Planned;
    for (name, value) in pairs {
        rotation = match (name.as_str(), value.as_str()) {
            ("now", "true") => Rotation::AtOnce,
            ("now", "false") => Rotation::Planned,
            ("now", _) => return Err(Failure::unreadable_at("now", "must be true or false")),
            _ => return Err(Failure::unreadable("This parameter is not known here")),
        };
    }
    Ok(rotation)
}
