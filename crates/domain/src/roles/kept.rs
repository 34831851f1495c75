//! A role as a resource that is kept.

use crate::error::Error;
use crate::fault::Fault;
use crate::id::RoleId;
use crate::ports::Registry;
use crate::resources::{Drafted, IndexEntry, Next, Parameter, Resource, ResourceKind, differing};
use crate::revision::Stamp;
use crate::secret::ClientSecret;
use crate::server::{AuthorizationServer, Ports};
use crate::time::Timestamp;
use crate::violation::Violation;

use super::{Role, RoleDraft};

/// Longest name of a role in bytes.
const LONGEST_NAME: usize = 256;

const PARAMETERS: [Parameter; 3] = [
    Parameter::token("name"),
    Parameter::token("user"),
    Parameter::text("description"),
];

impl Resource for Role {
    const KIND: ResourceKind = ResourceKind::Role;
    type Id = RoleId;
    type Draft = RoleDraft;
    type Ready = ();
    type Written = Self;

    fn id(&self) -> &RoleId {
        &self.id
    }

    fn stamp(&self) -> Stamp {
        self.stamp
    }

    fn at(self, stamp: Stamp) -> Self {
        Self { stamp, ..self }
    }

    fn index(&self) -> Vec<IndexEntry> {
        let settings = &self.settings;
        let mut entries = vec![
            IndexEntry::new("name", settings.name.as_str()),
            IndexEntry::new("user", settings.user.as_str()),
            IndexEntry::new("roleName", settings.name.as_str())
                .finding(ResourceKind::User, settings.user.as_str()),
        ];
        let description = settings.description.iter();
        entries.extend(description.map(|text| IndexEntry::new("description", text.as_str())));
        entries
    }

    fn parameters() -> &'static [Parameter] {
        &PARAMETERS
    }

    fn registry(ports: &Ports) -> &dyn Registry<Self> {
        &*ports.roles
    }

    fn make_ready(
        _server: &AuthorizationServer,
        _id: &RoleId,
        draft: &RoleDraft,
    ) -> Result<Drafted<()>, Fault> {
        let length = draft.settings.name.len();
        Ok(if (1..=LONGEST_NAME).contains(&length) {
            Ok(())
        } else {
            let problem = format!("must have 1 to {LONGEST_NAME} bytes");
            Err(vec![Violation::new("name", problem)])
        })
    }

    fn next(
        _server: &AuthorizationServer,
        id: &RoleId,
        current: Option<&Self>,
        (draft, ()): (&RoleDraft, &()),
        now: Timestamp,
    ) -> Result<Drafted<Next<Self>>, Error> {
        let next = match current {
            Some(current) if current.settings == draft.settings => current.clone(),
            _ => Self {
                id: id.clone(),
                stamp: Stamp::next(current.map(|current| current.stamp), now),
                settings: draft.settings.clone(),
            },
        };
        Ok(Ok(next.into()))
    }

    fn changes(current: &Self, next: &Self) -> Vec<&'static str> {
        let (current, next) = (&current.settings, &next.settings);
        differing!(current, next; "name": name, "description": description, "user": user,
            "links": links, "context": context)
    }

    fn written(self, _generated_secret: Option<ClientSecret>) -> Self {
        self
    }

    fn restamp(written: &mut Self, stamp: Stamp) {
        written.stamp = stamp;
    }
}
