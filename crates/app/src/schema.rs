//! Whether this program may work on a store, and what to do where it may not.

use grantor_persistence::SchemaStatus;

use crate::failure::Failure;

/// What stands against it.
pub(crate) struct Obstacle {
    /// What is wrong with the schema.
    pub(crate) says: String,
    /// What to do about it.
    pub(crate) remedy: &'static str,
}

impl From<Obstacle> for Failure {
    fn from(Obstacle { says, remedy }: Obstacle) -> Self {
        Self::say(format!("the schema {says}: {remedy}"))
    }
}

/// What no migration of this program mends.
pub(crate) fn beyond_mending(status: &SchemaStatus) -> Option<Obstacle> {
    if status.unfinished_move {
        return Some(Obstacle {
            says: "is not whole, for another store is being moved here and not all of it has come"
                .to_owned(),
            remedy: "run `grantor move` again",
        });
    }
    (!status.unknown.is_empty()).then(|| Obstacle {
        says: format!(
            "is newer than this program (it has {})",
            status.unknown.join(", ")
        ),
        remedy: "run the program that made it, or newer",
    })
}

/// Everything, with the first thing to do about it.
pub(crate) fn obstacle(status: &SchemaStatus) -> Option<Obstacle> {
    beyond_mending(status).or_else(|| {
        let lacking = status.pending.len();
        (lacking > 0).then(|| Obstacle {
            says: format!("lacks {lacking} migration(s)"),
            remedy: "run `grantor migrate`",
        })
    })
}
