//! A role as a resource that is kept.

use crate::error::Error;
use crate::fault::Fault;
use crate::id::RoleId;
use crate::ports::Registry;
use crate::resources::{
    Drafted, IndexEntry, Parameter, Resource, ResourceKind, Wanted, WrittenResource, differing,
};
use crate::revision::Stamp;
use crate::server::{AuthorizationServer, Ports};
use crate::time::Timestamp;
use crate::violation::Violation;

use super::{Role, RoleSettings};

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
    type Draft = RoleSettings;
    type Ready = ();

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
        draft: &RoleSettings,
    ) -> Result<Drafted<()>, Fault> {
        let length = draft.name.len();
        Ok(if (1..=LONGEST_NAME).contains(&length) {
            Ok(())
        } else {
            let problem = format!("must have 1 to {LONGEST_NAME} bytes");
            Err(vec![Violation::new("name", problem)])
        })
    }

    fn next(
        _server: &AuthorizationServer,
        current: Option<&Self>,
        wanted: Wanted<'_, Self>,
        now: Timestamp,
    ) -> Result<Drafted<WrittenResource<Self>>, Error> {
        let next = Self {
            id: wanted.id.clone(),
            stamp: Stamp::kept(current.map(Self::stamp), now),
            settings: wanted.draft.clone(),
        };
        Ok(Ok(next.into()))
    }

    fn changes(current: &Self, next: &Self) -> Vec<&'static str> {
        let (current, next) = (&current.settings, &next.settings);
        differing!(current, next; "name": name, "description": description, "user": user,
            "links": links, "context": context)
    }
}
