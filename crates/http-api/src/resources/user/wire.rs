//! A User as it is written and shown.

use grantor_domain::document::Document;
use grantor_domain::id::{InvalidId, UserId};
use grantor_domain::secret::Password;
use grantor_domain::users::{PasswordChange, User, UserDraft, UserSettings};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use crate::body::Members;
use crate::error::Failure;
use crate::resources::meta::Meta;
use crate::resources::reference::Dialect;
use crate::resources::typed;
use crate::resources::wire::{Wire, identity_problems};
use crate::resources::write_only::WriteOnly;

/// Members with a meaning here. All others are kept as they are.
const OWN: [&str; 7] = [
    "resourceType",
    "id",
    "meta",
    "userName",
    "email",
    "inactive",
    "password",
];

type Object = Map<String, Value>;

/// Who logs in. Members that are not listed are refused.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
#[schema(as = User, example = json!({"resourceType": "User", "id": "user", "userName": "user", "email": "user@mail.com"}))]
#[expect(
    dead_code,
    reason = "most members are checked for their type here and kept as they came"
)]
pub(crate) struct UserFields {
    /// Always `User`.
    #[schema(example = "User")]
    resource_type: Option<String>,
    /// The `sub` of its tokens.
    #[schema(example = "user")]
    id: Option<String>,
    /// Kept by the server; refused when written.
    #[schema(read_only)]
    meta: Option<Meta>,
    /// A name to log in with.
    #[schema(example = "user")]
    user_name: Option<String>,
    /// Another name to log in with.
    #[schema(example = "user@mail.com")]
    email: Option<String>,
    /// May not log in. Default `false`.
    inactive: Option<bool>,
    /// Its password. Never shown. `null` removes it; absent keeps it.
    #[serde(default)]
    #[schema(value_type = Option<String>, write_only, format = Password, example = "password")]
    password: WriteOnly,
    /// Whether `email` is known to be its own.
    #[serde(rename = "email_verified")]
    email_verified: Option<bool>,
    /// A telephone number.
    phone_number: Option<String>,
    /// `givenName`, `familyName`, `formatted` and SCIM's other parts.
    #[schema(value_type = Option<Object>)]
    name: Option<Object>,
    /// Shown to people.
    display_name: Option<String>,
    /// SCIM `nickName`.
    nick_name: Option<String>,
    /// SCIM `title`.
    title: Option<String>,
    /// SCIM `userType`.
    user_type: Option<String>,
    /// SCIM `profileUrl`.
    profile_url: Option<String>,
    /// SCIM `preferredLanguage`.
    preferred_language: Option<String>,
    /// SCIM `locale`.
    locale: Option<String>,
    /// SCIM `timezone`.
    timezone: Option<String>,
    /// SCIM `externalId`.
    external_id: Option<String>,
    /// `male`, `female`, `other`, `unknown`, or another word.
    gender: Option<String>,
    /// The address of a picture.
    photo: Option<String>,
    /// Identifiers in other systems.
    #[schema(value_type = Option<Vec<Object>>)]
    identifier: Option<Vec<Object>>,
    /// Roles.
    #[schema(value_type = Option<Vec<Object>>)]
    roles: Option<Vec<Object>>,
    /// Links to other resources.
    #[schema(value_type = Option<Vec<Object>>)]
    link: Option<Vec<Object>>,
    /// SCIM `emails`.
    #[schema(value_type = Option<Vec<Object>>)]
    emails: Option<Vec<Object>>,
    /// SCIM `phoneNumbers`.
    #[schema(value_type = Option<Vec<Object>>)]
    phone_numbers: Option<Vec<Object>>,
    /// SCIM `addresses`.
    #[schema(value_type = Option<Vec<Object>>)]
    addresses: Option<Vec<Object>>,
    /// SCIM `photos`.
    #[schema(value_type = Option<Vec<Object>>)]
    photos: Option<Vec<Object>>,
    /// The FHIR resource of this person.
    #[schema(value_type = Option<Object>)]
    fhir_user: Option<Object>,
    /// Open content.
    #[schema(value_type = Option<Object>)]
    data: Option<Object>,
}

/// A User that was read: its members with a meaning here, and all it came with.
#[derive(Debug)]
pub(crate) struct UserBody {
    fields: UserFields,
    profile: Members,
}

impl UserBody {
    /// Reads a User.
    ///
    /// # Errors
    /// 422 for a member that does not exist, 400 for one of the wrong type; both name it.
    pub(crate) fn read(members: Members) -> Result<Self, Failure> {
        let mut profile = members.clone();
        profile.retain(|name, value| !OWN.contains(&name.as_str()) && !value.is_null());
        let fields = typed(members)?;
        Ok(Self { fields, profile })
    }

    /// The id it names.
    pub(crate) fn id(&self) -> Option<&str> {
        self.fields.id.as_deref()
    }

    /// What the caller wants the user `id` (or any, when it is new) to be.
    ///
    /// # Errors
    /// 422 with everything that is wrong.
    pub(crate) fn into_draft(self, id: Option<&str>) -> Result<UserDraft, Failure> {
        let fields = &self.fields;
        let kind = fields.resource_type.as_deref();
        let own = fields.id.as_deref();
        let problems = identity_problems::<User>(kind, own, id, fields.meta.is_some());
        if !problems.is_empty() {
            return Err(Failure::Unprocessable(problems));
        }
        let password = match self.fields.password {
            WriteOnly::Absent => PasswordChange::Keep,
            WriteOnly::Null => PasswordChange::Remove,
            WriteOnly::Text(password) => PasswordChange::Set(Password::new(password)),
        };
        let names = names(&self.profile);
        let settings = UserSettings {
            user_name: self.fields.user_name,
            email: self.fields.email,
            inactive: self.fields.inactive.unwrap_or(false),
            roles: values(&self.profile, "roles"),
            names,
            identifiers: identifiers(&self.profile),
            profile: Document::new(self.profile),
        };
        Ok(UserDraft { settings, password })
    }
}

/// The texts a list of SCIM's plural attributes holds as `value`.
fn values(profile: &Members, name: &str) -> Vec<String> {
    let list = profile.get(name).and_then(Value::as_array);
    let mut found: Vec<String> = Vec::new();
    for value in list.into_iter().flatten() {
        if let Some(text) = value.get("value").and_then(Value::as_str)
            && !found.iter().any(|known| known == text)
        {
            found.push(text.to_owned());
        }
    }
    found
}

/// What people call the user.
fn names(profile: &Members) -> Vec<String> {
    let parts = profile.get("name").and_then(Value::as_object);
    let parts = parts.into_iter().flat_map(Map::values);
    let display = profile.get("displayName");
    parts
        .chain(display)
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

/// Each identifier as its value, and as FHIR's `system|value`.
fn identifiers(profile: &Members) -> Vec<String> {
    let list = profile.get("identifier").and_then(Value::as_array);
    let mut found = Vec::new();
    for identifier in list.into_iter().flatten() {
        let text = |name| identifier.get(name).and_then(Value::as_str);
        if let Some(value) = text("value") {
            found.push(value.to_owned());
            if let Some(system) = text("system") {
                found.push(format!("{system}|{value}"));
            }
        }
    }
    found
}

/// The readable User, without `meta`: what `userinfo` shows.
pub(crate) fn user_members(user: &User) -> Members {
    let settings = &user.settings;
    let mut members = settings.profile.as_object().clone();
    let mut set = |name: &str, value: Value| members.insert(name.to_owned(), value);
    set("resourceType", json!("User"));
    set("id", json!(user.id.as_str()));
    if let Some(name) = &settings.user_name {
        set("userName", json!(name));
    }
    if let Some(email) = &settings.email {
        set("email", json!(email));
    }
    if settings.inactive {
        set("inactive", json!(true));
    }
    members
}

impl Wire for User {
    const WRITE_ONLY: &'static [&'static str] = &["password"];

    fn parse_id(text: &str) -> Result<UserId, InvalidId> {
        UserId::parse(text)
    }

    fn read(members: Members, id: Option<&str>) -> Result<(Option<String>, UserDraft), Failure> {
        let body = UserBody::read(members)?;
        Ok((body.id().map(str::to_owned), body.into_draft(id)?))
    }

    fn members(&self, _dialect: Dialect) -> Members {
        user_members(self)
    }
}
