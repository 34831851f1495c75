//! Mocks of ports that extend another port, which `automock` does not know how to make.

#![expect(
    unreachable_pub,
    reason = "mockall makes a public module of each mock, for its expectations"
)]

use crate::access::AccessPolicy;
use crate::clients::Client;
use crate::event::Event;
use crate::fault::Fault;
use crate::id::{PolicyId, RoleId, UserId};
use crate::resources::{HistoryQuery, ResourceQuery, Revision};
use crate::revision::Version;
use crate::roles::Role;
use crate::time::Timestamp;
use crate::users::{LoginName, User};

use super::{
    Expect, MockRegistry, Page, PolicyStore, Registry, Removed, RoleStore, UserDirectory, Written,
};

/// A mock of where clients are kept.
pub type MockClientRegistry = MockRegistry<Client>;

// The methods are written without `&self`, which a macro must write itself to be understood.
macro_rules! mock_registry {
    ($name:ident, $resource:ident, $id:ident { $(fn $method:ident($($argument:tt)*) -> [$($answer:tt)*];)* }) => {
        mockall::mock! {
            /// A mock of the port of this name.
            pub $name {}

            impl Registry<$resource> for $name {
                fn find(&self, id: &$id) -> Result<Option<$resource>, Fault>;
                fn put(&self, resource: &$resource, expect: Expect, events: &[Event]) -> Result<Written, Fault>;
                fn remove(&self, id: &$id, version: Version, at: Timestamp, events: &[Event]) -> Result<Removed, Fault>;
                fn search(&self, query: &ResourceQuery) -> Result<Page<$resource>, Fault>;
                fn history(&self, query: &HistoryQuery<$id>) -> Result<Page<Revision<$resource>>, Fault>;
            }

            impl $name for $name {
                $(fn $method(&self, $($argument)*) -> $($answer)*;)*
            }
        }
    };
}

mock_registry!(UserDirectory, User, UserId {
    fn find_by_name(name: &LoginName) -> [Result<Option<User>, Fault>];
});

mock_registry!(RoleStore, Role, RoleId {
    fn of_user(user: &UserId) -> [Result<Vec<Role>, Fault>];
});

mock_registry!(PolicyStore, AccessPolicy, PolicyId {
    fn set_version() -> [Result<Option<Version>, Fault>];
    fn all() -> [Result<(Version, Vec<AccessPolicy>), Fault>];
});
