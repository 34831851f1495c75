//! The requests of each step, made of what was filled in and of the tokens there are.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::body::{Members, pretty};
use super::fields::{ClientFields, Fields, UserFields, Way};
use super::grant::{Grant, Step};
use super::message::{Sent, Signed};
use super::notes::Walk;
use super::tokens::{Holder, Tokens};

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";
const YAML: &str = "text/yaml";

/// A request that a step shows and sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Request {
    Client,
    User,
    Token,
    Userinfo,
    Introspection,
    Sessions,
    /// What an API behind this server would be sent.
    Api,
    Refresh,
    /// The new access token, so that its predecessors are spent.
    UseNew,
    /// The former refresh token, once more.
    Replay,
    Close,
    DeadUserinfo,
    DeadIntrospection,
}

impl Request {
    const ALL: [Self; 13] = [
        Self::Client,
        Self::User,
        Self::Token,
        Self::Userinfo,
        Self::Introspection,
        Self::Sessions,
        Self::Api,
        Self::Refresh,
        Self::UseNew,
        Self::Replay,
        Self::Close,
        Self::DeadUserinfo,
        Self::DeadIntrospection,
    ];

    /// The requests of a step.
    pub(super) const fn of(grant: Grant, step: Step) -> &'static [Self] {
        match (step, grant) {
            (Step::Client, _) => &[Self::Client],
            (Step::User, _) => &[Self::User],
            (Step::Token, _) => &[Self::Token],
            (Step::Answer, _) => &[],
            (Step::Use, Grant::Password) => &[
                Self::Userinfo,
                Self::Introspection,
                Self::Sessions,
                Self::Api,
            ],
            (Step::Use, Grant::ClientCredentials) => &[Self::Introspection, Self::Sessions],
            (Step::Refresh, _) => &[Self::Refresh, Self::UseNew, Self::Replay],
            (Step::Close, _) => &[Self::Close],
            (Step::Proof, Grant::Password) => &[Self::DeadUserinfo, Self::DeadIntrospection],
            (Step::Proof, Grant::ClientCredentials) => {
                &[Self::Close, Self::DeadUserinfo, Self::DeadIntrospection]
            }
        }
    }

    /// The request a button of a step's form sends.
    pub(super) fn pressed(grant: Grant, step: Step, name: &str) -> Option<Self> {
        let mut known = Self::of(grant, step).iter().copied();
        match name {
            "send" | "replace" => known.next(),
            name => known.find(|request| request.name() == name),
        }
    }

    /// Its name in forms, ids and notes.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::User => "user",
            Self::Token => "token",
            Self::Userinfo => "userinfo",
            Self::Introspection => "introspection",
            Self::Sessions => "sessions",
            Self::Api => "api",
            Self::Refresh => "refresh",
            Self::UseNew => "use-new",
            Self::Replay => "replay",
            Self::Close => "close",
            Self::DeadUserinfo => "dead-userinfo",
            Self::DeadIntrospection => "dead-introspection",
        }
    }

    /// Whether its exchange says something of the tokens there are, and nothing of those to come.
    pub(super) fn is_about_tokens(name: &str) -> bool {
        let known = Self::ALL.into_iter().find(|request| request.name() == name);
        !matches!(known, Some(Self::Client | Self::User))
    }

    /// The request, if there is what it needs.
    pub(super) fn sent(self, walk: &Walk, grant: Grant) -> Option<Sent> {
        let fields = &walk.fields;
        match self {
            Self::Client => Some(client(&fields.client, grant)),
            Self::User => Some(user(&fields.user)),
            Self::Token => Some(token(fields, grant)),
            Self::Replay => {
                let tokens = walk.tokens.as_ref()?;
                Some(refresh(&tokens.holder, tokens.former.as_deref()?))
            }
            other => other.with_tokens(walk.tokens.as_ref()?),
        }
    }

    fn with_tokens(self, tokens: &Tokens) -> Option<Sent> {
        let access = &tokens.access;
        match self {
            Self::Refresh => Some(refresh(&tokens.holder, tokens.refresh.as_deref()?)),
            Self::UseNew => {
                let _traded = tokens.former.as_ref()?;
                Some(userinfo(access))
            }
            Self::Introspection | Self::DeadIntrospection => {
                Some(about(&tokens.holder, "/auth/introspect", access))
            }
            Self::Sessions => Some(Sent::new("GET", "/Session").bearer(access)),
            Self::Api => Some(Sent::new("GET", "/Patient").bearer(access)),
            Self::Close => Some(Sent::new("DELETE", "/Session").bearer(access)),
            _ => Some(userinfo(access)),
        }
    }
}

/// Ends the session of a token (RFC 7009).
pub(super) fn revocation(holder: &Holder, token: &str) -> Sent {
    about(holder, "/auth/revoke", token)
}

/// Removes what was made at a path.
pub(super) fn removal(target: &str) -> Sent {
    Sent {
        signed: Signed::ByTheConsole,
        ..Sent::new("DELETE", target)
    }
}

fn client(fields: &ClientFields, grant: Grant) -> Sent {
    let auth = format!("auth.{}", grant.grant_type());
    let at = |name: &str| format!("{auth}.{name}");
    let mut members = Members::default()
        .text("secret", &fields.secret, "")
        .with("grant_types", vec![grant.grant_type()])
        .words("scope", &fields.scope)
        .text(&at("token_format"), &fields.token_format, "opaque")
        .number(
            &at("access_token_expiration"),
            &fields.access_token_expiration,
            "3600",
        );
    if grant == Grant::Password {
        members = members
            .number(
                &at("refresh_token_expiration"),
                &fields.refresh_token_expiration,
                "2592000",
            )
            .flag(&at("refresh_token"), fields.refresh_token, false)
            .flag(&at("secret_required"), fields.secret_required, true);
    }
    put("Client", &fields.id, members, fields.is_yaml)
}

fn user(fields: &UserFields) -> Sent {
    let members = Members::default()
        .text("password", &fields.password, "")
        .text("email", &fields.email, "");
    put("User", &fields.id, members, fields.is_yaml)
}

fn put(kind: &str, id: &str, members: Members, is_yaml: bool) -> Sent {
    let media_type = if is_yaml { YAML } else { JSON };
    let sent = Sent {
        signed: Signed::ByTheConsole,
        ..Sent::new("PUT", &format!("/{kind}/{}", segment(id)))
    };
    sent.with("Accept", media_type)
        .body(media_type, members.write(is_yaml))
}

/// A segment of a path, encoded as `console.js` does: all but RFC 3986's unreserved letters.
fn segment(text: &str) -> String {
    let encoded = crate::console::show::encoded(text);
    encoded.replace('*', "%2A").replace("%7E", "~")
}

fn token(fields: &Fields, grant: Grant) -> Sent {
    let (client, token, user) = (&fields.client, &fields.token, &fields.user);
    let mut parameters = vec![("grant_type", grant.grant_type())];
    match token.way {
        Way::Basic => {}
        Way::Public => parameters.push(("client_id", &client.id)),
        Way::Json | Way::Form => {
            parameters.push(("client_id", &client.id));
            parameters.push(("client_secret", &client.secret));
        }
    }
    if grant == Grant::Password {
        parameters.push(("username", &user.id));
        parameters.push(("password", &user.password));
    }
    if !token.scope.trim().is_empty() {
        parameters.push(("scope", token.scope.trim()));
    }
    let sent = Sent::new("POST", "/auth/token");
    match token.way {
        Way::Basic => sent
            .with("Authorization", basic(&client.id, &client.secret))
            .body(FORM, form(&parameters)),
        Way::Form | Way::Public => sent.body(FORM, form(&parameters)),
        Way::Json => {
            let members = parameters
                .iter()
                .map(|(name, value)| ((*name).to_owned(), json!(value)));
            sent.body(JSON, pretty(&members.collect()))
        }
    }
}

fn refresh(holder: &Holder, token: &str) -> Sent {
    let parameters = [("grant_type", "refresh_token"), ("refresh_token", token)];
    asked_by(holder, holder.is_public, "/auth/token", &parameters)
}

/// A request about a token, by the client it was issued to. Only one that shows a secret gets to know.
fn about(holder: &Holder, target: &str, token: &str) -> Sent {
    asked_by(
        holder,
        holder.secret.is_empty(),
        target,
        &[("token", token)],
    )
}

fn asked_by(holder: &Holder, is_public: bool, target: &str, parameters: &[(&str, &str)]) -> Sent {
    let sent = Sent::new("POST", target);
    if is_public {
        let named = [("client_id", holder.id.as_str())];
        sent.body(FORM, form(&[parameters, &named].concat()))
    } else {
        sent.with("Authorization", basic(&holder.id, &holder.secret))
            .body(FORM, form(parameters))
    }
}

fn userinfo(access: &str) -> Sent {
    Sent::new("GET", "/auth/userinfo").bearer(access)
}

/// RFC 6749 §2.3.1: id and secret are encoded before they are joined.
fn basic(id: &str, secret: &str) -> String {
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let joined = format!("{}:{}", encoded(id), encoded(secret));
    format!("Basic {}", STANDARD.encode(joined))
}

fn form(parameters: &[(&str, &str)]) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(parameters);
    form.finish()
}

#[cfg(test)]
mod tests;
