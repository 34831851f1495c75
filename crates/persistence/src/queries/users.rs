//! Users and the names they log in with.

use std::collections::{HashMap, HashSet};

use diesel::result::{DatabaseErrorKind, Error};
use grantor_domain::id::UserId;
use grantor_domain::secret::{PasswordHash, TokenHash};
use grantor_domain::users::{InvalidName, LoginName, PasswordReset, User, UserSettings};
use serde::{Deserialize, Serialize};

use crate::documents::UserDocument;
use crate::fault::{self, Failure};
use crate::schema::{app_user, login_name};

use super::kept::kept;
use super::{AT_ONCE, Backend, Conn, insert_all};

const TABLE: &str = "app_user";

/// Its serialised form is what history keeps: without secrets.
#[derive(Queryable, Selectable, Insertable, AsChangeset, Serialize, Deserialize)]
#[diesel(table_name = app_user, check_for_backend(Backend), treat_none_as_null = true, treat_none_as_default_value = false)]
struct UserRow {
    id: String,
    version: i64,
    epoch: i64,
    created: i64,
    updated: i64,
    deleted: bool,
    inactive: bool,
    #[serde(skip)]
    password_hash: Option<String>,
    #[serde(skip)]
    reset_hash: Option<Vec<u8>>,
    #[serde(skip)]
    reset_expires: Option<i64>,
    user_name: Option<String>,
    email: Option<String>,
    settings: serde_json::Value,
}

kept!(app_user, UserRow, User);

impl UserRow {
    fn blank(id: &str, stamp: Stamp) -> Self {
        Self {
            id: id.to_owned(),
            version: stamp.version.get(),
            epoch: stamp.epoch.get(),
            created: stamp.created.as_micros(),
            updated: stamp.updated.as_micros(),
            deleted: false,
            inactive: true,
            password_hash: None,
            reset_hash: None,
            reset_expires: None,
            user_name: None,
            email: None,
            settings: serde_json::json!({}),
        }
    }

    fn new(written: &User) -> Result<Self, Failure> {
        let id = written.id.as_str();
        let settings = fault::json(TABLE, id, &UserDocument::from(&written.settings))?;
        let reset = written.reset.as_ref();
        Ok(Self {
            inactive: written.settings.inactive,
            password_hash: written
                .password
                .as_ref()
                .map(|hash| hash.expose().to_owned()),
            reset_hash: reset.map(|reset| reset.hash.as_bytes().to_vec()),
            reset_expires: reset.map(|reset| reset.expires.as_micros()),
            user_name: written.settings.user_name.clone(),
            email: written.settings.email.clone(),
            settings,
            ..Self::blank(id, written.stamp)
        })
    }

    fn read(self) -> Result<User, Failure> {
        let stamp = self.stamp();
        let corrupt = |what| Failure::corrupt(TABLE, &self.id, what);
        let document: UserDocument = serde_json::from_value(self.settings)
            .map_err(|_| corrupt("settings is no user document"))?;
        let reset = match (self.reset_hash.as_deref(), self.reset_expires) {
            (None, None) => None,
            (Some(hash), Some(expires)) => Some(PasswordReset {
                hash: hash
                    .try_into()
                    .map(TokenHash::from_bytes)
                    .map_err(|_| corrupt("reset_hash is not 32 bytes"))?,
                expires: Timestamp::from_micros(expires),
            }),
            _ => return Err(corrupt("reset_hash and reset_expires do not go together")),
        };
        Ok(User {
            id: UserId::from_row(self.id),
            stamp,
            password: self.password_hash.map(PasswordHash::new),
            reset,
            settings: document.into_settings(UserSettings {
                user_name: self.user_name,
                email: self.email,
                inactive: self.inactive,
                ..UserSettings::default()
            }),
        })
    }
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
    let names = written.login_names().map_err(|_| nameless(written))?;
    let outcome = write(conn, written, expect)?;
    if !matches!(outcome, Written::Done(_)) {
        return Ok(outcome);
    }
    match claim_names(conn, written.id.as_str(), names) {
        Ok(()) => Ok(outcome),
        Err(Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _)) => Ok(Written::NameTaken),
        Err(error) => Err(error.into()),
    }
}

fn nameless(user: &User) -> Failure {
    Failure::corrupt(
        TABLE,
        user.id.as_str(),
        "a name to log in with has no canonical form",
    )
}

/// Frees the user's names, and empties its row.
pub(crate) fn remove(
    conn: &mut Conn,
    id: &UserId,
    version: Version,
    at: Timestamp,
) -> Result<Removed, Failure> {
    let removed = erase(conn, id, version, at)?;
    if removed == Removed::Done {
        let owned = login_name::table.filter(login_name::user_id.eq(id.as_str()));
        diesel::delete(owned).execute(conn)?;
    }
    Ok(removed)
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

/// How writing many new users ended.
pub(crate) enum AllNew {
    /// All are written, as they were given.
    Written,
    /// The id of one is known: each must be written by itself.
    SomeKnown,
    /// The one at this place has a name of another.
    NameTaken(usize),
}

/// Writes users nobody has heard of, by few statements. After [`AllNew::NameTaken`] the transaction
/// must be rolled back; a unique violation says that somebody was quicker.
pub(crate) fn put_all_new(conn: &mut Conn, users: &[&User]) -> Result<AllNew, Failure> {
    let mut names = Vec::new();
    let mut seen = HashSet::new();
    for user in users {
        let own: Result<Vec<LoginName>, InvalidName> = user.login_names();
        for name in own.map_err(|_| nameless(user))? {
            if !seen.insert(name.as_str().to_owned()) {
                return Ok(AllNew::SomeKnown);
            }
            names.push((name.as_str().to_owned(), user.id.as_str()));
        }
    }
    for some in users.chunks(AT_ONCE) {
        let ids = some.iter().map(|user| user.id.as_str());
        let known: Vec<String> = app_user::table
            .filter(app_user::id.eq_any(ids))
            .filter(super::planned_anew())
            .select(app_user::id)
            .load(conn)?;
        if !known.is_empty() {
            return Ok(AllNew::SomeKnown);
        }
    }
    insert_new(conn, users)?;
    for some in names.chunks(AT_ONCE) {
        let rows: Vec<_> = some
            .iter()
            .map(|(name, id)| (login_name::name.eq(name), login_name::user_id.eq(*id)))
            .collect();
        let written = diesel::insert_into(login_name::table)
            .values(rows)
            .on_conflict(login_name::name)
            .do_nothing()
            .execute(conn)?;
        if written < some.len() {
            return Ok(AllNew::NameTaken(taken(conn, users, some)?));
        }
    }
    Ok(AllNew::Written)
}

/// The place of the first user of whose names another has one.
fn taken(conn: &mut Conn, users: &[&User], names: &[(String, &str)]) -> QueryResult<usize> {
    let wanted: HashMap<&str, &str> = names.iter().map(|(name, id)| (&**name, *id)).collect();
    let known: Vec<(String, String)> = login_name::table
        .filter(login_name::name.eq_any(wanted.keys()))
        .filter(super::planned_anew())
        .select((login_name::name, login_name::user_id))
        .load(conn)?;
    let refused: HashSet<&str> = known
        .iter()
        .filter_map(|(name, owner)| wanted.get(&**name).copied().filter(|id| *id != owner))
        .collect();
    let place = users
        .iter()
        .position(|user| refused.contains(user.id.as_str()));
    Ok(place.unwrap_or_default())
}

fn insert_new(conn: &mut Conn, users: &[&User]) -> Result<(), Failure> {
    let rows: Result<Vec<UserRow>, Failure> = users.iter().map(|user| UserRow::new(user)).collect();
    let rows = rows?;
    insert_all!(conn, app_user::table, rows.as_slice())?;
    let notes: Result<Vec<_>, Failure> = rows
        .iter()
        .map(|row| note(row, Lifecycle::Created))
        .collect();
    history::note(conn, &notes?)?;
    let indexes: Vec<_> = users.iter().map(|user| user.index()).collect();
    let entries = users.iter().zip(&indexes);
    let entries = entries.map(|(user, entries)| (user.id.as_str(), entries.as_slice()));
    Ok(index::add(conn, User::KIND, entries)?)
}
