//! An access policy as a resource that is kept.

use crate::error::Error;
use crate::fault::Fault;
use crate::id::PolicyId;
use crate::ports::Registry;
use crate::resources::{
    Drafted, IndexEntry, Parameter, Resource, ResourceKind, Wanted, WrittenResource, differing,
};
use crate::revision::Stamp;
use crate::server::{AuthorizationServer, Ports};
use crate::time::Timestamp;

use super::{AccessPolicy, Link, PolicySettings};

const PARAMETERS: [Parameter; 4] = [
    Parameter::token("engine"),
    Parameter::token("link"),
    Parameter::token("roleName"),
    Parameter::text("description"),
];

impl Link {
    /// The reference: type and id.
    #[must_use]
    pub fn parts(&self) -> (ResourceKind, &str) {
        match self {
            Self::User(id) => (ResourceKind::User, id.as_str()),
            Self::Client(id) => (ResourceKind::Client, id.as_str()),
            Self::Role(id) => (ResourceKind::Role, id.as_str()),
        }
    }
}

impl Resource for AccessPolicy {
    const KIND: ResourceKind = ResourceKind::AccessPolicy;
    type Id = PolicyId;
    type Draft = PolicySettings;
    type Ready = ();

    fn id(&self) -> &PolicyId {
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
        let mut entries = vec![IndexEntry::new("engine", settings.rule.engine())];
        entries.extend(settings.links.iter().map(|link| {
            let (kind, id) = link.parts();
            IndexEntry::new("link", format!("{}/{id}", kind.as_str()))
        }));
        let role = settings.role_name.iter();
        entries.extend(role.map(|name| IndexEntry::new("roleName", name.as_str())));
        let description = settings.description.iter();
        entries.extend(description.map(|text| IndexEntry::new("description", text.as_str())));
        entries
    }

    fn parameters() -> &'static [Parameter] {
        &PARAMETERS
    }

    fn registry(ports: &Ports) -> &dyn Registry<Self> {
        &*ports.policies
    }

    fn make_ready(
        server: &AuthorizationServer,
        _id: &PolicyId,
        draft: &PolicySettings,
    ) -> Result<Drafted<()>, Fault> {
        let violations = server.ports.policy_engine.violations(draft);
        Ok(if violations.is_empty() {
            Ok(())
        } else {
            Err(violations)
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
        differing!(current, next; "description": description, "link": links,
            "roleName": role_name, "rule": rule)
    }
}
