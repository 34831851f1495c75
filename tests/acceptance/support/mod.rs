//! How the tests start servers and speak with them.

/// A claim that must hold on every store: `name::sqlite` and `name::postgres`. The world is the real
/// program; one that is `InProcess` is a server in this process, whose clock the test moves; a
/// `Setup` has not started yet.
macro_rules! on_every_store {
    ($name:ident, |$world:ident| $claim:block) => {
        on_every_store!($name, |setup: Setup| {
            let $world = &setup.start();
            $claim
        });
    };
    ($name:ident, |$world:ident: InProcess| $claim:block) => {
        on_every_store!($name, |setup: Setup| {
            let $world = &setup.start_in_process();
            $claim
        });
    };
    ($name:ident, |$setup:ident: Setup| $claim:block) => {
        fn $name($setup: $crate::support::Setup) {
            $claim
        }

        mod $name {
            #[test]
            fn sqlite() {
                super::$name($crate::support::Setup::on($crate::support::Store::Sqlite));
            }

            #[test]
            fn postgres() {
                super::$name($crate::support::Setup::on($crate::support::Store::Postgres));
            }
        }
    };
}

pub(crate) mod actors;
pub(crate) mod bundles;
pub(crate) mod canary;
pub(crate) mod http;
pub(crate) mod jwt;
pub(crate) mod operations;
pub(crate) mod proxy;
pub(crate) mod raw;
pub(crate) mod schema;
pub(crate) mod server;
pub(crate) mod settings;
pub(crate) mod stores;

pub(crate) use actors::{Client, Tokens};
pub(crate) use http::{Answer, Call};
pub(crate) use server::World;
pub(crate) use settings::Setup;
pub(crate) use stores::Store;
