//! Pages: what lies beyond a position, and cutting a page out of one row more than it holds.

use diesel::prelude::*;
use grantor_domain::window::Window;

use super::Conn;

/// The matches past a value of a column: below it, when the column falls.
macro_rules! past {
    ($matches:expr, $column:expr, $falls:expr, $value:expr) => {
        if $falls {
            $matches.filter($column.lt($value))
        } else {
            $matches.filter($column.gt($value))
        }
    };
}
pub(super) use past;

/// The matches beyond a key, or at it and past an id. The first condition alone leads to their place in
/// an index: with `c > k OR (c = k AND id > i)` all of it is read.
macro_rules! beyond {
    ($matches:expr, ($column:expr, $falls:expr, $key:expr), ($id:expr, $ids_fall:expr, $from:expr)) => {{
        let matches = if $falls {
            $matches.filter($column.le($key))
        } else {
            $matches.filter($column.ge($key))
        };
        if $ids_fall {
            matches.filter($column.ne($key).or($id.lt($from)))
        } else {
            matches.filter($column.ne($key).or($id.gt($from)))
        }
    }};
}
pub(super) use beyond;

/// The rows of a page in their order, and whether there is more beyond them in the direction they
/// were read in. They were read with one row more than the page holds.
pub(super) fn cut<T>(mut rows: Vec<T>, window: &Window) -> (Vec<T>, bool) {
    let page = usize::try_from(window.count).unwrap_or(usize::MAX);
    let more = rows.len() > page;
    rows.truncate(page);
    if window.start.is_backwards() {
        rows.reverse();
    }
    (rows, more)
}

/// How many rows a statement that selects ids answers; it has a limit of its own.
pub(super) fn count_of<'a, S>(selected: S, conn: &mut Conn) -> QueryResult<i64>
where
    S: diesel::query_dsl::LoadQuery<'a, Conn, String>,
{
    let ids: Vec<String> = selected.load(conn)?;
    Ok(i64::try_from(ids.len()).unwrap_or(i64::MAX))
}
