//! Another secret for a client, made here, shown once.

use actix_web::http::{Method, StatusCode, header};
use actix_web::{HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use grantor_domain::time::{Lifetime, Timestamp};
use serde_json::{Value, json};

use crate::console::api::{Ask, Credential};
use crate::console::edit::{Entered, Mistake, all_mistakes};
use crate::console::show::encoded;
use crate::console::visitor::{Posted, Visitor};
use crate::error::Failure;
use crate::resources::instant;
use crate::state::Server;

use super::change::tag;
use super::create::is_about_the_form;
use super::described::{Described, described};
use super::once::{Once, once};
use super::one::Editing;

/// `POST /console/clients/{id}/rotate-secret`: `overlap` says what becomes of the secret there was:
/// so many seconds (for which it has to be written out in `old_secret`), `now`, or nothing.
pub(in crate::console) async fn rotate(
    server: Server,
    posted: Posted,
    id: web::Path<String>,
) -> Result<HttpResponse, Failure> {
    let kind = described("clients")?;
    let Posted { visitor, form } = posted;
    let old = form.get("old_secret");
    let overlap = Overlap::of(form.get("overlap"));
    let client = visitor.api.get(kind.target(&id)).await?;
    if matches!(overlap, Overlap::Lasts(_)) && !accepts(&visitor, &id, old).await? {
        let says = "The old secret is not one that the server accepts from this client now";
        let wrong = (
            StatusCode::UNPROCESSABLE_ENTITY,
            vec![Mistake::told(kind.table, "", says)],
        );
        return refused(&visitor, kind, client, wrong).await;
    }
    let secret = server.random_text()?;
    let patch = overlap.patch(&client, &secret, old, server.now());
    let ask = Ask::new(Method::PATCH, kind.target(&id))
        .with(header::IF_MATCH, tag(form.get("etag")))
        .json(&patch);
    let answered = visitor.api.ask(ask).await?;
    if answered.status == StatusCode::PRECONDITION_FAILED {
        let says =
            "Somebody changed this client, or it was rotated already. Look at it, then go on";
        let wrong = (answered.status, vec![Mistake::told(kind.table, "", says)]);
        return refused(&visitor, kind, client, wrong).await;
    }
    if is_about_the_form(answered.status) {
        let wrong = (answered.status, all_mistakes(kind.table, &answered));
        return refused(&visitor, kind, client, wrong).await;
    }
    answered.accepted()?;
    once(&visitor, kind, &id, &Once::secret(&secret, overlap.told()))
}

/// What becomes of the secret there was.
#[derive(Clone, Copy)]
enum Overlap {
    /// It goes on beside the new one.
    Beside,
    /// It goes on for so long.
    Lasts(Lifetime),
    /// It is refused from now on.
    None,
}

impl Overlap {
    fn of(text: &str) -> Self {
        match (text, text.parse()) {
            ("now", _) => Self::None,
            (_, Ok(seconds)) => Self::Lasts(Lifetime::from_seconds(seconds)),
            _ => Self::Beside,
        }
    }

    /// What is asked of the API.
    fn patch(self, client: &Value, secret: &str, old: &str, now: Timestamp) -> Value {
        let secrets = client.get("secrets").and_then(Value::as_array);
        let mut secrets = secrets.cloned().unwrap_or_default();
        match self {
            Self::None => json!({ "secret": secret }),
            Self::Lasts(lifetime) => {
                let expires = instant(now.plus(lifetime));
                secrets.push(json!({ "secret": old, "expires": expires }));
                json!({ "secret": secret, "secrets": secrets })
            }
            Self::Beside => {
                secrets.push(json!({ "secret": secret }));
                json!({ "secrets": secrets })
            }
        }
    }

    const fn told(self) -> &'static str {
        match self {
            Self::None => {
                "This is the secret now. The one before is refused, and its sessions have ended."
            }
            Self::Lasts(_) => "This is the secret now. The one before goes on for a while.",
            Self::Beside => {
                "This secret is accepted beside the others. Remove those when nobody uses them."
            }
        }
    }
}

/// The page of the client, with what is wrong.
async fn refused(
    visitor: &Visitor,
    kind: &'static Described,
    client: Value,
    (status, mistakes): (StatusCode, Vec<Mistake>),
) -> Result<HttpResponse, Failure> {
    let editing = Editing {
        kind,
        entered: Entered::of(kind.table, &client),
        resource: client,
        mistakes,
        stale: None,
    };
    editing.show(visitor, status).await
}

/// Whether the server takes this for the client's secret: a wrong one must not become one.
async fn accepts(visitor: &Visitor, id: &str, secret: &str) -> Result<bool, Failure> {
    let credentials = format!("{}:{}", encoded(id), encoded(secret));
    let mut ask = Ask::new(Method::POST, "/auth/introspect")
        .with(
            header::AUTHORIZATION,
            format!("Basic {}", STANDARD.encode(credentials)),
        )
        .with(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    ask.credential = Credential::InHeaders;
    "token=none".clone_into(&mut ask.body);
    let answered = visitor.api.ask(ask).await?;
    if answered.status == StatusCode::UNAUTHORIZED {
        return Ok(false);
    }
    answered.accepted()?;
    Ok(true)
}
