//! The tokens a grant has brought.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::body::pretty;
use super::fields::{Fields, Way};

/// Bytes of `userinfo` that are kept.
const LONGEST_USERINFO: usize = 4 * 1024;

/// How the client that got the tokens shows itself.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Holder {
    pub(super) id: String,
    pub(super) secret: String,
    /// Whether it got them without its secret.
    pub(super) is_public: bool,
}

impl Holder {
    pub(super) fn of(fields: &Fields) -> Self {
        Self {
            id: fields.client.id.clone(),
            secret: fields.client.secret.clone(),
            is_public: fields.token.way == Way::Public || fields.client.secret.is_empty(),
        }
    }
}

/// A token pair that was issued.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Tokens {
    pub(super) access: String,
    pub(super) refresh: Option<String>,
    pub(super) holder: Holder,
    /// When the access token ends, in seconds since the epoch.
    pub(super) ends: i64,
    pub(super) userinfo: Option<String>,
    /// The refresh token before this one, if it was traded for it.
    pub(super) former: Option<String>,
}

impl Tokens {
    /// Reads the answer to a token request that came at `at`.
    pub(super) fn read(answer: &Value, holder: Holder, at: i64) -> Option<Self> {
        let text = |name: &str| answer[name].as_str().map(str::to_owned);
        let userinfo = answer.get("userinfo").map(pretty);
        Some(Self {
            access: text("access_token")?,
            refresh: text("refresh_token"),
            holder,
            ends: at.saturating_add(answer["expires_in"].as_i64().unwrap_or_default()),
            userinfo: userinfo.filter(|text| text.len() <= LONGEST_USERINFO),
            former: None,
        })
    }

    /// The same session with the pair of a refresh.
    pub(super) fn renewed(&self, answer: &Value, at: i64) -> Option<Self> {
        let next = Self::read(answer, self.holder.clone(), at)?;
        Some(Self {
            userinfo: next.userinfo.or_else(|| self.userinfo.clone()),
            ..next
        })
    }
}
