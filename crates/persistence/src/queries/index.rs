//! What resources are found by.

use diesel::dsl::IntoBoxed;
use diesel::prelude::*;
use grantor_domain::resources::{Filter, IndexEntry, ResourceKind, Test, folded};

use crate::schema::resource_index;

use super::pages::one_of;
use super::{Backend, Conn, insert_all};

#[derive(Insertable)]
#[diesel(table_name = resource_index, treat_none_as_default_value = false)]
struct IndexRow<'a> {
    source: String,
    kind: &'static str,
    id: &'a str,
    parameter: &'static str,
    value: &'a str,
    folded: String,
}

fn source(kind: ResourceKind, id: &str) -> String {
    format!("{}/{id}", kind.as_str())
}

fn rows<'a>(
    kind: ResourceKind,
    id: &'a str,
    entries: &'a [IndexEntry],
) -> impl Iterator<Item = IndexRow<'a>> {
    entries.iter().map(move |entry| {
        let (found_kind, found) = match &entry.finds {
            Some((kind, id)) => (*kind, id.as_str()),
            None => (kind, id),
        };
        IndexRow {
            source: source(kind, id),
            kind: found_kind.as_str(),
            id: found,
            parameter: entry.parameter,
            value: &entry.value,
            folded: entry.folded(),
        }
    })
}

/// Makes these the only entries of a resource.
pub(super) fn replace(
    conn: &mut Conn,
    kind: ResourceKind,
    id: &str,
    entries: &[IndexEntry],
) -> QueryResult<()> {
    let own = resource_index::table.filter(resource_index::source.eq(source(kind, id)));
    diesel::delete(own).execute(conn)?;
    add(conn, kind, [(id, entries)])
}

/// Adds the entries of resources that have none.
pub(super) fn add<'a>(
    conn: &mut Conn,
    kind: ResourceKind,
    resources: impl IntoIterator<Item = (&'a str, &'a [IndexEntry])>,
) -> QueryResult<()> {
    let resources = resources.into_iter();
    let rows: Vec<_> = resources
        .flat_map(|(id, entries)| rows(kind, id, entries))
        .collect();
    insert_all!(conn, resource_index::table, rows.as_slice()).map(drop)
}

/// The ids of resources that a filter is about.
type Found<'a> =
    diesel::dsl::Select<IntoBoxed<'a, resource_index::table, Backend>, resource_index::id>;

/// The ids that a filter finds, and whether these are the wanted or the unwanted ones.
pub(super) fn finds(kind: ResourceKind, filter: &Filter) -> (Found<'_>, bool) {
    let mut found = resource_index::table
        .filter(resource_index::kind.eq(kind.as_str()))
        .filter(resource_index::parameter.eq(filter.parameter))
        .into_boxed();
    let is_wanted = match &filter.test {
        Test::Is(values) => {
            found = exactly(found, values);
            true
        }
        Test::IsNot(values) => {
            found = exactly(found, values);
            false
        }
        Test::Missing(missing) => !missing,
        Test::Begins(values) => {
            found = any(found, values, |value| {
                // Byte by byte, nothing that begins with a text is beyond the text and the last character.
                let beyond = format!("{value}{}", char::MAX);
                let begins = resource_index::folded.ge(value);
                Box::new(begins.and(resource_index::folded.lt(beyond)))
            });
            true
        }
        Test::Contains(values) => {
            found = any(found, values, |value| {
                let pattern = format!("%{}%", escaped(&value));
                Box::new(resource_index::folded.like(pattern).escape('\\'))
            });
            true
        }
    };
    (found.select(resource_index::id), is_wanted)
}

/// One of these values. Folded they are found by the index, which has no others; unfolded they are told
/// apart.
fn exactly<'a>(
    found: IntoBoxed<'a, resource_index::table, Backend>,
    values: &'a [String],
) -> IntoBoxed<'a, resource_index::table, Backend> {
    let alike = values.iter().map(|value| folded(value));
    let found = one_of!(found, resource_index::folded, alike);
    one_of!(found, resource_index::value, values.iter())
}

type Condition =
    Box<dyn BoxableExpression<resource_index::table, Backend, SqlType = diesel::sql_types::Bool>>;

fn any<'a>(
    found: IntoBoxed<'a, resource_index::table, Backend>,
    values: &[String],
    condition: impl Fn(String) -> Condition,
) -> IntoBoxed<'a, resource_index::table, Backend> {
    let mut conditions = values.iter().map(|value| condition(folded(value)));
    let Some(first) = conditions.next() else {
        return found;
    };
    let either = conditions.fold(first, |either, next| Box::new(either.or(next)) as Condition);
    found.filter(either)
}

/// A text of which no character is special to LIKE.
fn escaped(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern
}
