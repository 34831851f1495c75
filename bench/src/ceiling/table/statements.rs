//! Compiled once for each database: `super` says what a connection to it is.

use diesel::prelude::*;

use crate::failure::{Context as _, Failure, Outcome};

use super::super::GROUP;
use super::super::row::{Row, ceiling, ids};
use super::{Conn, connect, transaction};

/// Makes the table and its rows; answers the connection.
pub(in super::super) fn fill(address: &str) -> Outcome<Conn> {
    let mut conn = connect(address)?;
    super::make(&mut conn).context("cannot make the table of the ceilings")?;
    let mut rows = Row::kept().peekable();
    while rows.peek().is_some() {
        let group = group(&mut rows)?;
        insert_group(&mut conn, &group)?;
    }
    Ok(conn)
}

/// Commits a row each time it is called.
pub(in super::super) fn inserting(address: &str) -> Outcome<impl FnMut() -> Outcome<u32>> {
    let mut conn = connect(address)?;
    Ok(move || {
        diesel::insert_into(ceiling::table)
            .values(&Row::next()?)
            .execute(&mut conn)
            .context("cannot insert a row")?;
        Ok(1)
    })
}

/// Commits a group of rows each time it is called.
pub(in super::super) fn inserting_groups(address: &str) -> Outcome<impl FnMut() -> Outcome<u32>> {
    let mut conn = connect(address)?;
    Ok(move || {
        let rows = group(std::iter::repeat_with(Row::next))?;
        insert_group(&mut conn, &rows)
    })
}

/// Reads a row each time it is called.
pub(in super::super) fn reading(address: &str) -> Outcome<impl FnMut() -> Outcome<u32>> {
    let mut conn = connect(address)?;
    let mut next = ids();
    Ok(move || {
        let row: Row = ceiling::table
            .find(next())
            .first(&mut conn)
            .context("cannot read a row")?;
        std::hint::black_box(&row);
        Ok(1)
    })
}

fn group(rows: impl Iterator<Item = Outcome<Row>>) -> Outcome<Box<[Row; GROUP]>> {
    let rows: Vec<Row> = rows.take(GROUP).collect::<Outcome<_>>()?;
    rows.into_boxed_slice()
        .try_into()
        .map_err(|_| Failure::new("a group of rows is not full"))
}

/// Answers how many rows were inserted.
fn insert_group(conn: &mut Conn, rows: &[Row; GROUP]) -> Outcome<u32> {
    let insert = |conn: &mut Conn| {
        diesel::insert_into(ceiling::table)
            .values(rows)
            .execute(conn)
    };
    let inserted = transaction(conn, insert).context("cannot insert a group of rows")?;
    u32::try_from(inserted).context("a group is small")
}
