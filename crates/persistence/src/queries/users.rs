//! Users and the names they log in with.

use diesel::prelude::*;
use diesel::result::{DatabaseErrorKind, Error};
use grantor_domain::id::UserId;
use grantor_domain::ports::{Expect, Removed, Written};
use grantor_domain::revision::{Epoch, Stamp, Version};
use grantor_domain::secret::PasswordHash;
use grantor_domain::time::Timestamp;
use grantor_domain::users::{LoginName, User, UserSettings};

use crate::documents::UserDocument;
use crate::fault::Failure;

use super::schema::{app_user, login_name};
use super::{Backend, Conn};

const TABLE: &str = "app_user";

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = app_user, check_for_backend(Backend), treat_none_as_null = true)]
struct UserRow {
    id: String,
    version: i64,
    epoch: i64,
    created: i64,
    updated: i64,
    deleted: bool,
    inactive: bool,
    administrator: bool,
    password_hash: Option<String>,
    user_name: Option<String>,
    email: Option<String>,
    settings: serde_json::Value,
}

impl UserRow {
    fn new(written: &User) -> Result<Self, Failure> {
        let id = written.id.as_str();
        let settings = serde_json::to_value(UserDocument::from(&written.settings.profile))
            .map_err(|_| Failure::corrupt(TABLE, id, "settings cannot be written as JSON"))?;
        Ok(Self {
            id: id.to_owned(),
            version: written.stamp.version.get(),
            epoch: written.stamp.epoch.get(),
            created: written.stamp.created.as_micros(),
            updated: written.stamp.updated.as_micros(),
            deleted: false,
            inactive: written.settings.inactive,
            administrator: written.administrator,
            password_hash: written
                .password
                .as_ref()
                .map(|hash| hash.expose().to_owned()),
            user_name: written.settings.user_name.clone(),
            email: written.settings.email.clone(),
            settings,
        })
    }

    fn read(self) -> Result<User, Failure> {
        let document: UserDocument = serde_json::from_value(self.settings)
            .map_err(|_| Failure::corrupt(TABLE, &self.id, "settings is no user document"))?;
        Ok(User {
            id: UserId::from_row(self.id),
            stamp: Stamp {
                version: Version::from_row(self.version),
                epoch: Epoch::from_row(self.epoch),
                created: Timestamp::from_micros(self.created),
                updated: Timestamp::from_micros(self.updated),
            },
            administrator: self.administrator,
            password: self.password_hash.map(PasswordHash::new),
            settings: UserSettings {
                user_name: self.user_name,
                email: self.email,
                inactive: self.inactive,
                profile: document.into(),
            },
        })
    }
}

pub(crate) fn find(conn: &mut Conn, id: &UserId) -> Result<Option<User>, Failure> {
    app_user::table
        .find(id.as_str())
        .filter(app_user::deleted.eq(false))
        .select(UserRow::as_select())
        .first(conn)
        .optional()?
        .map(UserRow::read)
        .transpose()
}

pub(crate) fn find_by_name(conn: &mut Conn, name: &LoginName) -> Result<Option<User>, Failure> {
    login_name::table
        .inner_join(app_user::table)
        .filter(login_name::name.eq(name.as_str()))
        .filter(app_user::deleted.eq(false))
        .select(UserRow::as_select())
        .first(conn)
        .optional()?
        .map(UserRow::read)
        .transpose()
}

/// Writes the user and its names. After [`Written::NameTaken`] the transaction must be rolled back.
pub(crate) fn put(conn: &mut Conn, written: &User, expect: Expect) -> Result<Written, Failure> {
    let row = UserRow::new(written)?;
    let names = written.login_names().map_err(|_| {
        Failure::corrupt(
            TABLE,
            &row.id,
            "a name to log in with has no canonical form",
        )
    })?;
    let stamp = match expect {
        Expect::Absent => create(conn, written.stamp, &row)?,
        Expect::Version(version) => replace(conn, written.stamp, &row, version)?,
    };
    let Some(stamp) = stamp else {
        return Ok(Written::Stale);
    };
    match claim_names(conn, &row.id, names) {
        Ok(()) => Ok(Written::Done(stamp)),
        Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Ok(Written::NameTaken),
        Err(error) => Err(error.into()),
    }
}

fn replace(
    conn: &mut Conn,
    stamp: Stamp,
    row: &UserRow,
    version: Version,
) -> QueryResult<Option<Stamp>> {
    let live = app_user::table
        .find(&row.id)
        .filter(app_user::deleted.eq(false))
        .filter(app_user::version.eq(version.get()));
    let rows = diesel::update(live).set(row).execute(conn)?;
    Ok((rows == 1).then_some(stamp))
}

/// Inserts, or takes the place of a removed user and goes on with its version and epoch.
fn create(conn: &mut Conn, stamp: Stamp, row: &UserRow) -> QueryResult<Option<Stamp>> {
    // `QueryDsl::filter` does not reach an upsert; with both in scope, `table.filter` is ambiguous.
    use diesel::query_dsl::methods::FilterDsl;
    let counters: Option<(i64, i64)> = diesel::insert_into(app_user::table)
        .values(row)
        .on_conflict(app_user::id)
        .do_update()
        .set((
            app_user::version.eq(app_user::version + 1),
            app_user::created.eq(row.created),
            app_user::updated.eq(row.updated),
            app_user::deleted.eq(false),
            app_user::inactive.eq(row.inactive),
            app_user::administrator.eq(row.administrator),
            app_user::password_hash.eq(&row.password_hash),
            app_user::user_name.eq(&row.user_name),
            app_user::email.eq(&row.email),
            app_user::settings.eq(&row.settings),
        ))
        .filter(app_user::deleted.eq(true))
        .returning((app_user::version, app_user::epoch))
        .get_result(conn)
        .optional()?;
    Ok(counters.map(|(version, epoch)| Stamp {
        version: Version::from_row(version),
        epoch: Epoch::from_row(epoch),
        ..stamp
    }))
}

/// Makes `names` the user's only names. A unique violation says that another user has one.
fn claim_names(conn: &mut Conn, id: &str, mut names: Vec<LoginName>) -> QueryResult<()> {
    names.sort();
    let owned = login_name::table.filter(login_name::user_id.eq(id));
    let known: Vec<String> = owned
        .select(login_name::name)
        .order(login_name::name)
        .load(conn)?;
    if known
        .iter()
        .map(String::as_str)
        .eq(names.iter().map(LoginName::as_str))
    {
        return Ok(());
    }
    diesel::delete(owned).execute(conn)?;
    let rows: Vec<_> = names
        .iter()
        .map(|name| {
            (
                login_name::name.eq(name.as_str()),
                login_name::user_id.eq(id),
            )
        })
        .collect();
    diesel::insert_into(login_name::table)
        .values(rows)
        .execute(conn)?;
    Ok(())
}

/// Empties the row, frees its names and keeps its counters, one further.
pub(crate) fn remove(
    conn: &mut Conn,
    id: &UserId,
    version: Version,
    at: Timestamp,
) -> Result<Removed, Failure> {
    let live = app_user::table
        .find(id.as_str())
        .filter(app_user::deleted.eq(false))
        .filter(app_user::version.eq(version.get()));
    let rows = diesel::update(live)
        .set((
            app_user::version.eq(app_user::version + 1),
            app_user::epoch.eq(app_user::epoch + 1),
            app_user::updated.eq(at.as_micros()),
            app_user::deleted.eq(true),
            app_user::inactive.eq(true),
            app_user::administrator.eq(false),
            app_user::password_hash.eq(None::<String>),
            app_user::user_name.eq(None::<String>),
            app_user::email.eq(None::<String>),
            app_user::settings.eq(serde_json::json!({})),
        ))
        .execute(conn)?;
    if rows == 0 {
        return Ok(Removed::Stale);
    }
    diesel::delete(login_name::table.filter(login_name::user_id.eq(id.as_str()))).execute(conn)?;
    Ok(Removed::Done)
}
