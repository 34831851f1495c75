//! An entry that stands for itself.

use grantor_domain::access::AccessPolicy;
use grantor_domain::clients::Client;
use grantor_domain::id::SessionId;
use grantor_domain::resources::ResourceKind;
use grantor_domain::roles::Role;
use grantor_domain::users::User;

use crate::error::Failure;
use crate::resources::answer::Answer;
use crate::resources::interaction::Ask;
use crate::resources::patch::Patch;
use crate::resources::search::Sent;
use crate::resources::session::SessionBody;
use crate::resources::wire::Wire;

use super::entry::{Entry, Method, Target};

impl Ask<'_> {
    /// Does what an entry wants.
    pub(super) fn single(self, entry: Entry) -> Result<Answer, Failure> {
        match entry.kind {
            ResourceKind::Client => self.kept::<Client>(entry),
            ResourceKind::User => self.kept::<User>(entry),
            ResourceKind::Role => self.kept::<Role>(entry),
            ResourceKind::AccessPolicy => self.kept::<AccessPolicy>(entry),
            ResourceKind::Session => self.session(&entry),
            ResourceKind::AuditEvent => self.audit_event(&entry),
            ResourceKind::SigningKey => Err(unsupported()),
        }
    }

    fn kept<R: Wire>(self, entry: Entry) -> Result<Answer, Failure> {
        let conditions = &entry.conditions;
        let resource = Ok(entry.resource.unwrap_or_default());
        let sent = || Sent::parse(&entry.query);
        match (entry.method, entry.target) {
            (Method::Get, Target::All) => self.search::<R>(sent()),
            (Method::Get, Target::One(id)) => self.read::<R>(&id, conditions),
            (Method::Get, Target::HistoryOfAll) => self.history::<R>(None, sent()),
            (Method::Get, Target::History(id)) => self.history::<R>(Some(&id), sent()),
            (Method::Get, Target::Version(id, version)) => self.read_version::<R>(&id, &version),
            (Method::Post, Target::All) => self.create::<R>(resource, conditions),
            (Method::Put, Target::One(id)) => self.update::<R>(&id, resource, conditions),
            (Method::Patch, Target::One(id)) => {
                let patch = resource.map(Patch::Merge);
                self.patch::<R>(&id, patch, conditions)
            }
            (Method::Delete, Target::One(id)) => self.delete::<R>(&id, conditions),
            _ => Err(unsupported()),
        }
    }

    fn audit_event(self, entry: &Entry) -> Result<Answer, Failure> {
        match (entry.method, &entry.target) {
            (Method::Get, Target::All) => self.search_events(Sent::parse(&entry.query)),
            (Method::Get, Target::One(id)) => self.read_event(id),
            _ => Err(unsupported()),
        }
    }

    fn session(self, entry: &Entry) -> Result<Answer, Failure> {
        let found = match (entry.method, &entry.target) {
            (Method::Get, Target::All) => return self.search_sessions(Sent::parse(&entry.query)),
            (Method::Get, Target::One(id)) => match SessionId::parse(id) {
                Ok(id) => self.server.read_session(self.caller, &id)?,
                Err(_) => None,
            },
            (Method::Delete, Target::One(id)) => match SessionId::parse(id) {
                Ok(id) => self.server.close_session(self.caller, &id)?,
                Err(_) => None,
            },
            _ => return Err(unsupported()),
        };
        let found = found.ok_or(Failure::NotFound)?;
        let active = self.server.is_active(&found);
        let body = SessionBody::new(&found, active, self.place.dialect);
        Ok(Answer::ok(body.members()))
    }
}

/// There is no such thing to do.
pub(super) fn unsupported() -> Failure {
    Failure::MethodNotAllowed(String::new())
}
