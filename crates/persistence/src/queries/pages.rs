//! Pages of matches.

use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::sql_types::BigInt;
use grantor_domain::ports::Page;
use grantor_domain::window::{FEW, Window};

use crate::fault::Failure;

use super::{Backend, Conn};

/// The matches whose column has one of several values; all of them when there is none. A single value
/// is compared by itself: Postgres before 17 reads no index in its order where a column is `= ANY` of a
/// list.
macro_rules! one_of {
    ($matches:expr, $column:expr, $values:expr) => {{
        let mut values: Vec<_> = $values.collect();
        match values.pop() {
            None => $matches,
            Some(only) if values.is_empty() => $matches.filter($column.eq(only)),
            Some(last) => {
                values.push(last);
                $matches.filter($column.eq_any(values))
            }
        }
    }};
}
pub(super) use one_of;

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

/// In the order of a column, after those before.
macro_rules! ordered {
    ($matches:expr, $column:expr, $falls:expr) => {
        if $falls {
            $matches.then_order_by($column.desc())
        } else {
            $matches.then_order_by($column.asc())
        }
    };
}
pub(super) use ordered;

/// Reads the page that `$selected` begins with, and counts all `$matches` as its window says.
macro_rules! page {
    ($conn:expr, $window:expr, $selected:expr, $matches:expr, $Row:ty => $read:expr) => {{
        use grantor_domain::window::Total;
        // A page without rows is asked for to count: putting all in order for it can take long.
        let rows: Vec<$Row> = if $window.count == 0 {
            Vec::new()
        } else {
            $selected
                .limit(i64::from($window.count) + 1)
                .offset(i64::from($window.start.skipped()))
                .select(<$Row>::as_select())
                .load($conn)?
        };
        let total = match $window.total {
            Total::Accurate => Some($matches.count().get_result($conn)?),
            Total::IfFew => {
                let one = 1.into_sql::<diesel::sql_types::Integer>();
                let some = $matches.select(one).limit(super::pages::MORE_THAN_FEW);
                super::pages::few(super::pages::Counted(some).get_result($conn)?)
            }
            Total::None => None,
        };
        super::pages::cut(rows, $window, total, $read)
    }};
}
pub(super) use page;

/// From so many matches on, they are not counted.
pub(super) const MORE_THAN_FEW: i64 = FEW.cast_signed() + 1;

/// How many matches there are, when they are few.
pub(super) fn few(total: i64) -> Option<i64> {
    Some(total).filter(|total| *total < MORE_THAN_FEW)
}

/// How many rows a query finds, its limit kept.
#[derive(Clone, Copy, Debug, QueryId)]
pub(super) struct Counted<Q>(pub(super) Q);

impl<Q: QueryFragment<Backend>> QueryFragment<Backend> for Counted<Q> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql("SELECT count(*) FROM (");
        self.0.walk_ast(out.reborrow())?;
        out.push_sql(") AS found");
        Ok(())
    }
}

impl<Q> Query for Counted<Q> {
    type SqlType = BigInt;
}

impl<Q> RunQueryDsl<Conn> for Counted<Q> {}

/// The page in its order, of rows in the order they were read in, one more than it holds.
pub(super) fn cut<Row, T>(
    mut rows: Vec<Row>,
    window: &Window,
    total: Option<i64>,
    read: impl FnMut(Row) -> Result<T, Failure>,
) -> Result<Page<T>, Failure> {
    let page = usize::try_from(window.count).unwrap_or(usize::MAX);
    let more = rows.len() > page;
    rows.truncate(page);
    if window.start.is_backwards() {
        rows.reverse();
    }
    let items = rows.into_iter().map(read);
    Ok(Page {
        items: items.collect::<Result<_, _>>()?,
        total: total.and_then(|total| u64::try_from(total).ok()),
        more,
    })
}
