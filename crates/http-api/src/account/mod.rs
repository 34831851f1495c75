//! What owners do with their passwords: one endpoint a file.

pub(crate) mod change_password;
pub(crate) mod force_reset;
pub(crate) mod reset_password;

use grantor_domain::users::NewPassword;
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::Failure;
use crate::reply::Reply;

/// What has happened.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Done, example = json!({"code": "password_changed"}))]
pub(crate) struct Done {
    /// `password_changed`.
    #[schema(example = "password_changed")]
    code: &'static str,
}

/// The answer to somebody who has chosen a password.
fn answer(new: NewPassword) -> Result<Reply<Done>, Failure> {
    match new {
        NewPassword::Accepted => Ok(Reply::ok(Done {
            code: "password_changed",
        })),
        NewPassword::Refused(problems) => Err(Failure::UnfitPassword(problems)),
    }
}
