//! The reference adapters keep the contracts they are the reference of.

use grantor_testkit::contracts::{self, Stores};
use grantor_testkit::every_claim;

macro_rules! claims {
    ($port:ident: $($claim:ident),+) => {
        mod $port {
            use super::{Stores, contracts};
            $(
                #[test]
                fn $claim() {
                    contracts::$port::$claim(&Stores::default());
                }
            )+
        }
    };
}

every_claim!(claims);
