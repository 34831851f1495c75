//! Each port's contract on `SQLite` and on Postgres, and what else both databases owe.
//!
//! Postgres is where `TEST_DATABASE_URL` says; `cargo xtask test` provides one.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failed expectation is a failed test"
)]

mod audit;
mod backup;
mod contention;
mod database;
mod durability;
mod events;
mod faults;
mod migrations;
mod moving;
mod previous;
mod schema;
mod totals;

/// Tests a function that takes a [`database::Database`] on each of them.
macro_rules! on_every_database {
    ($claim:ident) => {
        mod $claim {
            #[test]
            fn sqlite() {
                super::$claim(&crate::database::Database::sqlite());
            }

            #[test]
            fn postgres() {
                super::$claim(&crate::database::Database::postgres());
            }
        }
    };
}
use on_every_database;

macro_rules! claims {
    ($port:ident: $($claim:ident),+) => {
        mod $port {
            $(
                fn $claim(database: &crate::database::Database) {
                    grantor_testkit::contracts::$port::$claim(&database.stores());
                }

                on_every_database!($claim);
            )+
        }
    };
}

grantor_testkit::every_claim!(claims);
