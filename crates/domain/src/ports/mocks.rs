//! Mocks of ports that extend another port, which `automock` does not know how to make.

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

macro_rules! mock_registry {
    ($name:ident, $resource:ty, $id:ty, $more:ident { $($methods:tt)* }) => {
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

            impl $more for $name {
                $($methods)*
            }
        }
    };
}

mock_registry!(UserDirectory, User, UserId, UserDirectory {
    fn find_by_name(&self, name: &LoginName) -> Result<Option<User>, Fault>;
});

mock_registry!(RoleStore, Role, RoleId, RoleStore {
    fn of_user(&self, user: &UserId) -> Result<Vec<Role>, Fault>;
});

mock_registry!(PolicyStore, AccessPolicy, PolicyId, PolicyStore {
    fn set_version(&self) -> Result<Option<Version>, Fault>;
    fn all(&self) -> Result<(Version, Vec<AccessPolicy>), Fault>;
});
