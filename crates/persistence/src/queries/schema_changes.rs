//! What each migration is, for programs that do not know it.

use diesel::prelude::*;

use crate::schema::schema_change;
use crate::scripts::Script;

use super::Conn;

pub(crate) fn remember(conn: &mut Conn, scripts: &[Script]) -> QueryResult<()> {
    for script in scripts {
        diesel::insert_into(schema_change::table)
            .values((
                schema_change::version.eq(script.version()),
                schema_change::name.eq(script.name),
                schema_change::kind.eq(script.kind().as_str()),
            ))
            .on_conflict_do_nothing()
            .execute(conn)?;
    }
    Ok(())
}
