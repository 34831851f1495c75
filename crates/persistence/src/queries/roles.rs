//! Roles.

use grantor_domain::id::{RoleId, UserId};
use grantor_domain::roles::{Role, RoleSettings};
use serde::{Deserialize, Serialize};

use crate::documents::RoleDocument;
use crate::fault::{self, Failure};
use crate::schema::role;

use super::kept::kept;
use super::{Backend, Conn};

const TABLE: &str = "role";

#[derive(Queryable, Selectable, Insertable, AsChangeset, Serialize, Deserialize)]
#[diesel(table_name = role, check_for_backend(Backend), treat_none_as_null = true)]
struct RoleRow {
    id: String,
    version: i64,
    epoch: i64,
    created: i64,
    updated: i64,
    deleted: bool,
    user_id: String,
    settings: serde_json::Value,
}

kept!(role, RoleRow, Role);

impl RoleRow {
    fn blank(id: &str, stamp: Stamp) -> Self {
        Self {
            id: id.to_owned(),
            version: stamp.version.get(),
            epoch: stamp.epoch.get(),
            created: stamp.created.as_micros(),
            updated: stamp.updated.as_micros(),
            deleted: false,
            user_id: String::new(),
            settings: serde_json::json!({}),
        }
    }

    fn new(written: &Role) -> Result<Self, Failure> {
        let id = written.id.as_str();
        let settings = fault::json(TABLE, id, &RoleDocument::from(&written.settings))?;
        Ok(Self {
            user_id: written.settings.user.as_str().to_owned(),
            settings,
            ..Self::blank(id, written.stamp)
        })
    }

    fn read(self) -> Result<Role, Failure> {
        let stamp = self.stamp();
        let document: RoleDocument = serde_json::from_value(self.settings)
            .map_err(|_| Failure::corrupt(TABLE, &self.id, "settings is no role document"))?;
        let settings: RoleSettings = document.into_settings(UserId::from_row(self.user_id));
        Ok(Role {
            id: RoleId::from_row(self.id),
            stamp,
            settings,
        })
    }
}

pub(crate) fn of_user(conn: &mut Conn, user: &UserId) -> Result<Vec<Role>, Failure> {
    let rows: Vec<RoleRow> = role::table
        .filter(role::user_id.eq(user.as_str()))
        .filter(role::deleted.eq(false))
        .order(role::id)
        .select(RoleRow::as_select())
        .load(conn)?;
    rows.into_iter().map(RoleRow::read).collect()
}
