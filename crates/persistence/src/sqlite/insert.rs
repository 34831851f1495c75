//! Writing many rows: by statements that bind no more than they may.

/// Inserts a slice of rows.
macro_rules! insert_all {
    ($conn:expr, $table:expr, $rows:expr) => {
        $rows.chunks(super::AT_ONCE).try_fold(0, |written, some| {
            let rows = diesel::insert_into($table).values(some).execute($conn)?;
            Ok::<usize, diesel::result::Error>(written + rows)
        })
    };
}

pub(super) use insert_all;
