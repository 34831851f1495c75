//! What the forms of the steps hold. What is wrong with it is the API's to say.

use serde::{Deserialize, Serialize};

use crate::console::form::Form;
use crate::error::Failure;

use super::grant::{Grant, Step};

/// Letters a field may have.
const LONGEST: usize = 1000;

/// What was filled in, in every step of a grant.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Fields {
    pub(super) client: ClientFields,
    pub(super) user: UserFields,
    pub(super) token: TokenFields,
}

/// The client's step.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct ClientFields {
    pub(super) id: String,
    pub(super) secret: String,
    pub(super) scope: String,
    pub(super) token_format: String,
    pub(super) access_token_expiration: String,
    pub(super) refresh_token_expiration: String,
    pub(super) refresh_token: bool,
    pub(super) secret_required: bool,
    pub(super) is_yaml: bool,
}

/// The user's step.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct UserFields {
    pub(super) id: String,
    pub(super) password: String,
    pub(super) email: String,
    pub(super) is_yaml: bool,
}

/// The token's step.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct TokenFields {
    pub(super) way: Way,
    pub(super) scope: String,
}

/// In which way a token is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Way {
    /// The client in `Authorization`, the rest as a form.
    Basic,
    /// Everything in a body of JSON.
    Json,
    /// Everything in a form.
    Form,
    /// A form without a secret.
    Public,
}

impl Way {
    pub(super) const ALL: [Self; 4] = [Self::Basic, Self::Json, Self::Form, Self::Public];

    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Basic => "basic",
            Self::Json => "json",
            Self::Form => "form",
            Self::Public => "public",
        }
    }

    pub(super) const fn title(self) -> &'static str {
        match self {
            Self::Basic => "Basic + form",
            Self::Json => "JSON",
            Self::Form => "Form body",
            Self::Public => "Public client",
        }
    }
}

impl Fields {
    /// What the forms hold before anybody filled them in.
    pub(super) fn of(grant: Grant) -> Self {
        let is_password = grant == Grant::Password;
        let text = str::to_owned;
        Self {
            client: ClientFields {
                // Two grants with one client would each take away what the other needs.
                id: text(if is_password { "myapp" } else { "myservice" }),
                secret: text("verysecret"),
                scope: String::new(),
                token_format: text("opaque"),
                access_token_expiration: text("3600"),
                refresh_token_expiration: text("2592000"),
                refresh_token: is_password,
                secret_required: true,
                is_yaml: false,
            },
            user: UserFields {
                id: text("user"),
                password: text("password"),
                email: text("user@mail.com"),
                is_yaml: false,
            },
            token: TokenFields {
                way: Way::Basic,
                scope: String::new(),
            },
        }
    }

    /// Takes what a step's form has sent.
    ///
    /// # Errors
    /// 422 for a field that is longer than any is.
    pub(super) fn fill(&mut self, step: Step, form: &Form) -> Result<(), Failure> {
        match step {
            Step::Client => self.client.fill(form),
            Step::User => self.user.fill(form),
            Step::Token if !form.get("way").is_empty() => self.token.fill(form),
            _ => Ok(()),
        }
    }
}

impl ClientFields {
    fn fill(&mut self, form: &Form) -> Result<(), Failure> {
        *self = Self {
            id: field(form, "id")?.trim().to_owned(),
            secret: field(form, "secret")?,
            scope: field(form, "scope")?,
            token_format: field(form, "token_format")?,
            access_token_expiration: field(form, "access_token_expiration")?,
            refresh_token_expiration: field(form, "refresh_token_expiration")?,
            refresh_token: form.ticked("refresh_token"),
            secret_required: form.ticked("secret_required"),
            is_yaml: form.get("format") == "yaml",
        };
        Ok(())
    }
}

impl UserFields {
    fn fill(&mut self, form: &Form) -> Result<(), Failure> {
        *self = Self {
            id: field(form, "id")?.trim().to_owned(),
            password: field(form, "password")?,
            email: field(form, "email")?,
            is_yaml: form.get("format") == "yaml",
        };
        Ok(())
    }
}

impl TokenFields {
    fn fill(&mut self, form: &Form) -> Result<(), Failure> {
        let way = form.get("way");
        let known = Way::ALL.into_iter().find(|known| known.as_str() == way);
        *self = Self {
            way: known.unwrap_or(Way::Basic),
            scope: field(form, "scope")?,
        };
        Ok(())
    }
}

fn field(form: &Form, name: &str) -> Result<String, Failure> {
    let value = form.get(name);
    if value.chars().count() > LONGEST {
        return Err(Failure::invalid(
            name,
            format!("must be at most {LONGEST} letters long"),
        ));
    }
    Ok(value.to_owned())
}
