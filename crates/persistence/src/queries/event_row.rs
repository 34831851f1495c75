//! Events as rows that are read.

use diesel::prelude::*;
use grantor_domain::audit::{EventId, RecordedEvent};
use grantor_domain::time::Timestamp;
use serde_json::Value;

use crate::schema::event;

use super::Backend;

#[derive(Queryable, Selectable)]
#[diesel(table_name = event, check_for_backend(Backend))]
pub(super) struct RecordedRow {
    id: i64,
    at: i64,
    kind: String,
    reason: Option<String>,
    client_id: Option<String>,
    user_id: Option<String>,
    session_id: Option<String>,
    network: Option<String>,
    actor_type: Option<String>,
    actor_id: Option<String>,
    target_type: Option<String>,
    target_id: Option<String>,
    request_id: Option<String>,
    changes: Option<Value>,
    detail: Option<String>,
}

impl RecordedRow {
    pub(super) fn read(self) -> RecordedEvent {
        RecordedEvent {
            id: EventId::from_row(self.id),
            at: Timestamp::from_micros(self.at),
            kind: self.kind,
            reason: self.reason,
            actor_kind: self.actor_type,
            actor_id: self.actor_id,
            client: self.client_id,
            user: self.user_id,
            session: self.session_id,
            target_kind: self.target_type,
            target_id: self.target_id,
            network: self.network,
            request_id: self.request_id,
            detail: self.detail,
            changes: self.changes.map(names).unwrap_or_default(),
        }
    }
}

/// What is no list of names was not written by us: it is kept as it stands, for the chain to notice.
fn names(changes: Value) -> Vec<String> {
    let Value::Array(values) = changes else {
        return vec![changes.to_string()];
    };
    let text = |value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    values.into_iter().map(text).collect()
}
