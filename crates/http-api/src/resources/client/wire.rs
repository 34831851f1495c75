//! A Client as it is written and shown.

mod auth;
mod secrets;

use std::net::IpAddr;

use grantor_domain::clients::{
    Client, ClientDraft, ClientSettings, SecretChange, SecretsChange, WebOrigin,
};
use grantor_domain::document::Document;
use grantor_domain::grants::GrantType;
use grantor_domain::id::{ClientId, InvalidId};
use grantor_domain::scope::Scope;
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::body::Members;
use crate::error::{Failure, Problem};
use crate::resources::meta::Meta;
use crate::resources::reference::Dialect;
use crate::resources::wire::{Wire, identity_problems};
use crate::resources::write_only::WriteOnly;
use crate::resources::{members_of, typed};

use auth::AuthBody;
use secrets::{FurtherSecrets, secret_change};

/// An application registered with the server. Members that are not listed are refused.
#[derive(Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Client, example = json!({"resourceType": "Client", "id": "myapp", "active": true, "grant_types": ["password"], "auth": {"password": {"refresh_token": true}}}))]
pub(crate) struct ClientBody {
    /// Always `Client`.
    #[serde(rename = "resourceType", skip_serializing_if = "Option::is_none")]
    #[schema(example = "Client")]
    resource_type: Option<String>,
    /// `client_id`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "myapp")]
    id: Option<String>,
    /// Kept by the server; refused when written.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(read_only)]
    meta: Option<Meta>,
    /// Shown to people.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// Shown to people.
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    /// A free word.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    /// Whether it is ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_party: Option<bool>,
    /// `false` stops everything it does. Default `true`.
    #[serde(skip_serializing_if = "Option::is_none")]
    active: Option<bool>,
    /// Its secret, or `__sha256:` and the hexadecimal hash of one. Never shown, but for a
    /// generated one in the answer that creates it. `null` removes it; absent keeps it.
    #[serde(default, skip_serializing_if = "WriteOnly::is_hidden")]
    #[schema(value_type = Option<String>, example = "verysecret")]
    secret: WriteOnly,
    /// Further secrets, each accepted like `secret` until it expires: for rotation. An entry with
    /// `secret` is a new one, one with a known `id` and no `secret` stays, and what is left out is
    /// removed. Absent keeps all; `null` removes all. At most 8. Removing or replacing a secret that
    /// has not expired ends the client's sessions; adding one, or letting one expire, does not.
    #[serde(default, skip_serializing_if = "FurtherSecrets::is_hidden")]
    #[schema(value_type = Option<Vec<secrets::SecretBody>>)]
    secrets: FurtherSecrets,
    /// What it may ask for: `password`, `refresh_token`, `client_credentials`, `basic`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(["password"]))]
    grant_types: Option<Vec<String>>,
    /// The scope it may be granted. The token `roles` lets its users' tokens tell their roles.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    scope: Option<Words>,
    /// What it is granted when it asks for none; part of `scope`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<String>>)]
    default_scope: Option<Words>,
    /// Addresses and networks (CIDR) from which it may authenticate; absent or empty: from
    /// everywhere. Tokens it was given are not bound to them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(["192.0.2.7", "2001:db8::/32"]))]
    allowed_ips: Option<Vec<String>>,
    /// Origins of web pages that may read the answers of the token, revocation and userinfo
    /// endpoints and of `DELETE /Session` (CORS): `https://host` or `https://host:port`, `http`
    /// only on the same machine.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = json!(["https://app.example"]))]
    allowed_origins: Option<Vec<String>>,
    /// How each grant treats it.
    #[serde(skip_serializing_if = "Option::is_none")]
    auth: Option<AuthBody>,
    /// `any`: it may introspect every token, as resource servers must.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "any")]
    introspect: Option<Introspect>,
    /// Open content.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    details: Option<Map<String, Value>>,
}

/// Whose tokens a client may introspect beside its own.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Introspect {
    /// Everybody's.
    Any,
}

/// Words as a list, or separated by spaces.
#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Words {
    /// Separated by spaces.
    One(String),
    /// As a list.
    Many(Vec<String>),
}

impl Words {
    fn scope(&self, at: &'static str) -> Result<Scope, Problem> {
        let scope = match self {
            Self::One(text) => Scope::parse(text),
            Self::Many(words) => Scope::from_tokens(words.iter().map(String::as_str)),
        };
        scope.map_err(|invalid| Problem::at(at, invalid.to_string()))
    }

    fn of(scope: &Scope) -> Option<Self> {
        let words = scope.tokens().map(str::to_owned);
        (!scope.is_empty()).then(|| Self::Many(words.collect()))
    }
}

impl ClientBody {
    /// The id it names.
    pub(crate) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// What the caller wants the client `id` (or any, when it is new) to be.
    ///
    /// # Errors
    /// 422 with everything that is wrong.
    pub(crate) fn into_draft(self, id: Option<&str>) -> Result<ClientDraft, Failure> {
        let (kind, own) = (self.resource_type.as_deref(), self.id.as_deref());
        let mut problems = identity_problems::<Client>(kind, own, id, self.meta.is_some());
        let mut collect = |problem| problems.push(problem);
        let secret = secret_change(self.secret).unwrap_or_else(|problem| {
            collect(problem);
            SecretChange::Keep
        });
        let secrets = self.secrets.change().unwrap_or_else(|problem| {
            collect(problem);
            SecretsChange::Keep
        });
        let allowed_ips = networks(&self.allowed_ips.unwrap_or_default(), &mut collect);
        let allowed_origins = origins(&self.allowed_origins.unwrap_or_default(), &mut collect);
        let mut scope = |words: Option<&Words>, at| {
            words.map_or_else(Scope::default, |words| {
                words.scope(at).unwrap_or_else(|problem| {
                    collect(problem);
                    Scope::default()
                })
            })
        };
        let allowed = scope(self.scope.as_ref(), "scope");
        let default_scope = scope(self.default_scope.as_ref(), "default_scope");
        let grant_types = grant_types(self.grant_types).unwrap_or_else(|problem| {
            problems.push(problem);
            Vec::new()
        });
        let auth = self.auth.unwrap_or_default();
        let password = auth.password_settings().unwrap_or_else(|problem| {
            problems.push(problem);
            grantor_domain::clients::PasswordSettings::default()
        });
        if !problems.is_empty() {
            return Err(Failure::Unprocessable(problems));
        }
        let settings = ClientSettings {
            name: self.name,
            description: self.description,
            kind: self.kind,
            first_party: self.first_party.unwrap_or(false),
            active: self.active.unwrap_or(true),
            grant_types,
            scope: allowed,
            default_scope,
            allowed_ips,
            allowed_origins,
            password,
            client_credentials: auth.client_credentials_settings(),
            introspect_any: self.introspect.is_some(),
            details: Document::new(self.details.unwrap_or_default()),
        };
        Ok(ClientDraft {
            settings,
            secret,
            secrets,
        })
    }
}

impl Wire for Client {
    const WRITE_ONLY: &'static [&'static str] = &["secret", "secrets"];

    fn parse_id(text: &str) -> Result<ClientId, InvalidId> {
        ClientId::parse(text)
    }

    fn read(members: Members, id: Option<&str>) -> Result<(Option<String>, ClientDraft), Failure> {
        let body: ClientBody = typed(members)?;
        Ok((body.id().map(str::to_owned), body.into_draft(id)?))
    }

    fn members(&self, _dialect: Dialect) -> Members {
        members_of(&ClientBody::from(self))
    }
}

impl From<&Client> for ClientBody {
    fn from(client: &Client) -> Self {
        let settings = &client.settings;
        let grant_types = settings.grant_types.iter();
        let grant_types: Vec<String> = grant_types.map(|name| name.as_str().to_owned()).collect();
        let details = settings.details.as_object();
        Self {
            resource_type: Some("Client".to_owned()),
            id: Some(client.id.to_string()),
            meta: None,
            name: settings.name.clone(),
            description: settings.description.clone(),
            kind: settings.kind.clone(),
            first_party: settings.first_party.then_some(true),
            active: Some(settings.active),
            secret: WriteOnly::Absent,
            secrets: FurtherSecrets::of(&client.secrets),
            grant_types: (!grant_types.is_empty()).then_some(grant_types),
            scope: Words::of(&settings.scope),
            default_scope: Words::of(&settings.default_scope),
            allowed_ips: listed(settings.allowed_ips.iter().map(network)),
            allowed_origins: listed(settings.allowed_origins.iter().map(WebOrigin::to_string)),
            auth: AuthBody::of(settings),
            introspect: settings.introspect_any.then_some(Introspect::Any),
            details: (!details.is_empty()).then(|| details.clone()),
        }
    }
}

fn grant_types(names: Option<Vec<String>>) -> Result<Vec<GrantType>, Problem> {
    let mut found = Vec::new();
    for name in names.unwrap_or_default() {
        let known = GrantType::parse(&name);
        let known = known.ok_or_else(|| {
            let names = GrantType::ALL.map(GrantType::as_str).join(", ");
            Problem::at("grant_types", format!("must be some of {names}"))
        })?;
        if !found.contains(&known) {
            found.push(known);
        }
    }
    Ok(found)
}

fn listed(texts: impl Iterator<Item = String>) -> Option<Vec<String>> {
    let texts: Vec<String> = texts.collect();
    (!texts.is_empty()).then_some(texts)
}

/// A network as it is written: one address without its length.
fn network(network: &IpNet) -> String {
    if network.prefix_len() == network.max_prefix_len() {
        network.addr().to_string()
    } else {
        network.to_string()
    }
}

fn networks(texts: &[String], collect: &mut impl FnMut(Problem)) -> Vec<IpNet> {
    let mut networks = Vec::new();
    for text in texts {
        let address = text.parse::<IpAddr>().map(IpNet::from);
        match address.or_else(|_| text.parse::<IpNet>()) {
            // Origins are compared in their IPv4 form, which this would never be.
            Ok(IpNet::V6(v6)) if v6.addr().to_ipv4_mapped().is_some() => {
                collect(Problem::at(
                    "allowed_ips",
                    "must write an IPv4 address as such",
                ));
            }
            Ok(network) => networks.push(network),
            Err(_) => {
                let says = "must be addresses or networks such as 192.0.2.0/24 and 2001:db8::/32";
                collect(Problem::at("allowed_ips", says));
            }
        }
    }
    networks
}

fn origins(texts: &[String], collect: &mut impl FnMut(Problem)) -> Vec<WebOrigin> {
    let mut origins = Vec::new();
    for text in texts {
        match WebOrigin::parse(text) {
            Ok(origin) if origins.contains(&origin) => {}
            Ok(origin) => origins.push(origin),
            Err(invalid) => collect(Problem::at("allowed_origins", invalid.to_string())),
        }
    }
    origins
}
