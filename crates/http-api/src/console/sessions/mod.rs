//! `/console/sessions`: finding sessions, reading one, closing one or many.

mod close;
mod one;
mod search;

use serde::Deserialize;

use super::show::{Instant, Referred, program};

pub(super) use close::{close, close_all};
pub(super) use one::show as one;
pub(super) use search::{own, show as search};

/// A Session, as the API shows it.
#[derive(Debug, Deserialize)]
pub(super) struct Session {
    pub(super) id: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) user: Option<Referred>,
    pub(super) client: Referred,
    #[serde(default)]
    pub(super) scope: Vec<String>,
    #[serde(default)]
    pub(super) audience: Vec<String>,
    pub(super) active: bool,
    pub(super) start: Instant,
    pub(super) end: Option<Instant>,
    exp: i64,
    refresh_token_exp: Option<i64>,
    pub(super) last_used: Instant,
    pub(super) jti: String,
    pub(super) ip: Option<String>,
    pub(super) user_agent: Option<String>,
}

impl Session {
    /// Its id, short enough for a row and a heading.
    pub(super) fn short(&self) -> String {
        match (
            self.id.get(..8),
            self.id.get(self.id.len().saturating_sub(4)..),
        ) {
            (Some(first), Some(last)) if self.id.len() > 16 => format!("{first}…{last}"),
            _ => self.id.clone(),
        }
    }

    /// What it was opened with, in a few words.
    pub(super) fn program(&self) -> Option<String> {
        self.user_agent.as_deref().map(program)
    }

    /// What has become of it, in a word.
    pub(super) const fn state(&self) -> &'static str {
        match (self.active, &self.end) {
            (true, _) => "live",
            (false, Some(_)) => "closed",
            (false, None) => "ended",
        }
    }

    /// When it ends, or has ended.
    pub(super) fn ends(&self) -> Instant {
        let last = self.refresh_token_exp.unwrap_or(self.exp).max(self.exp);
        self.end
            .clone()
            .unwrap_or_else(|| Instant::of_seconds(last))
    }

    /// When its access token ends.
    pub(super) fn expires(&self) -> Instant {
        Instant::of_seconds(self.exp)
    }

    /// When its refresh token ends.
    pub(super) fn refresh_expires(&self) -> Option<Instant> {
        self.refresh_token_exp.map(Instant::of_seconds)
    }
}
