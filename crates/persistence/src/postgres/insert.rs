//! Writing many rows: as COPY, for a statement with thousands of values takes longer to be understood
//! than its rows take to be written.

/// From so many rows on, COPY is quicker than a statement.
pub(super) const MANY: usize = 32;

/// Inserts a slice of rows.
macro_rules! insert_all {
    ($conn:expr, $table:expr, $rows:expr) => {
        if $rows.len() < super::super::insert::MANY {
            diesel::insert_into($table).values($rows).execute($conn)
        } else {
            let copy = diesel::copy_from($table).from_insertable($rows);
            diesel::ExecuteCopyFromDsl::execute(copy, $conn)
        }
    };
}

pub(super) use insert_all;
