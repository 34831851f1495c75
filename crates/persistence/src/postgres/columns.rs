//! Rows as one array a column. A statement has the same text however many rows it writes, so that it is
//! prepared once a connection; and one with thousands of values takes long to be understood.

use diesel::prelude::*;
use diesel::query_builder::AstPass;
use diesel::sql_types::{Array, BigInt, Binary, Json, Nullable, Text};
use serde_json::Value;

use super::Backend;
use super::queries::events::EventRow;
use super::queries::session_row::SessionRow;

/// Declares the columns of a table, in the order of its statements.
macro_rules! columns {
    (
        $(#[$doc:meta])* $Columns:ident of $($Row:ident)::+ $(<$life:lifetime>)?:
        $first:ident: $First:ty => $FirstRust:ty, $($column:ident: $Sql:ty => $Rust:ty),+ $(,)?
    ) => {
        $(#[$doc])*
        #[derive(Default)]
        pub(super) struct $Columns $(<$life>)? {
            $first: Vec<$FirstRust>,
            $($column: Vec<$Rust>,)+
        }

        impl $(<$life>)? $Columns $(<$life>)? {
            /// Their names.
            pub(super) const NAMES: &'static str =
                concat!(stringify!($first) $(, ", ", stringify!($column))+);

            pub(super) fn push(&mut self, row: $($Row)::+ $(<$life>)?) {
                self.$first.push(row.$first);
                $(self.$column.push(row.$column);)+
            }

            /// The arrays, separated by commas.
            pub(super) fn bind<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
                out.push_bind_param::<Array<$First>, _>(&self.$first)?;
                $(
                    out.push_sql(", ");
                    out.push_bind_param::<Array<$Sql>, _>(&self.$column)?;
                )+
                Ok(())
            }
        }
    };
}

columns! {
    /// Sessions.
    SessionColumns of SessionRow:
    id: Text => String,
    kind: Text => String,
    client_id: Text => String,
    client_epoch: BigInt => i64,
    user_id: Nullable<Text> => Option<String>,
    user_epoch: Nullable<BigInt> => Option<i64>,
    scope: Text => String,
    audience: Json => Value,
    access_hash: Binary => Vec<u8>,
    access_id: Text => String,
    access_scope: Text => String,
    access_audience: Json => Value,
    access_issued: BigInt => i64,
    access_expires: BigInt => i64,
    refresh_hash: Nullable<Binary> => Option<Vec<u8>>,
    previous_hash: Nullable<Binary> => Option<Vec<u8>>,
    refresh_expires: Nullable<BigInt> => Option<i64>,
    refresh_idle: Nullable<BigInt> => Option<i64>,
    closed_at: Nullable<BigInt> => Option<i64>,
    generation: BigInt => i64,
    start: BigInt => i64,
    last_used: BigInt => i64,
    updated: BigInt => i64,
    ends: BigInt => i64,
    address: Nullable<Text> => Option<String>,
    user_agent: Nullable<Text> => Option<String>,
}

columns! {
    /// Events.
    EventColumns of EventRow<'a>:
    at: BigInt => i64,
    kind: Text => &'static str,
    reason: Nullable<Text> => Option<&'static str>,
    client_id: Nullable<Text> => Option<&'a str>,
    user_id: Nullable<Text> => Option<&'a str>,
    session_id: Nullable<Text> => Option<&'a str>,
    network: Nullable<Text> => Option<String>,
    actor_type: Nullable<Text> => Option<&'static str>,
    actor_id: Nullable<Text> => Option<&'a str>,
    target_type: Nullable<Text> => Option<&'static str>,
    target_id: Nullable<Text> => Option<&'a str>,
    request_id: Nullable<Text> => Option<&'a str>,
    changes: Nullable<Json> => Option<Value>,
    detail: Nullable<Text> => Option<&'a str>,
}
