//! What can be done with a resource: create, read, update, patch, delete, history, search (FHIR R4
//! §3.1.0). The same for every type, by itself or as an entry of a batch.

use grantor_domain::AuthorizationServer;
use grantor_domain::access::Interaction;
use grantor_domain::caller::Caller;
use grantor_domain::resources::{
    HistoryQuery, Identifier as _, Read, Resource, ResourceKind, Revision, WrittenResource,
};
use grantor_domain::revision::{Condition, Version};
use grantor_domain::violation::{PutOutcome, RemoveOutcome};
use grantor_domain::window::Window;

use crate::body::Members;
use crate::error::Failure;

use super::answer::{Answer, Place};
use super::conditions::Conditions;
use super::patch::Patch;
use super::search::{self, HistoryCriteria, PageKey, Query, ResourceCriteria, Sent};
use super::wire::{self, Wire};

/// Who asks, where, and of whom.
#[derive(Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) server: &'a AuthorizationServer,
    pub(crate) caller: &'a Caller,
    pub(crate) place: &'a Place,
    pub(crate) pages: &'a PageKey,
}

type Answered = Result<Answer, Failure>;

impl Ask<'_> {
    /// Passes callers that a policy permits this.
    fn permit<R: Wire>(self, interaction: Interaction, id: Option<&str>) -> Result<(), Failure> {
        Ok(self.server.permit(self.caller, interaction, R::KIND, id)?)
    }

    /// What was read of a request. What is wrong with it is told only to those who may make it:
    /// whether a caller may is judged before what it wants.
    fn judged<R: Wire, T>(
        self,
        interaction: Interaction,
        id: Option<&str>,
        read: Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.judged_of(R::KIND, interaction, id, read)
    }

    /// The same of a search of resources that are no [`Wire`].
    pub(super) fn judged_search<T>(
        self,
        kind: ResourceKind,
        read: Result<T, Failure>,
    ) -> Result<T, Failure> {
        self.judged_of(kind, Interaction::Search, None, read)
    }

    fn judged_of<T>(
        self,
        kind: ResourceKind,
        interaction: Interaction,
        id: Option<&str>,
        read: Result<T, Failure>,
    ) -> Result<T, Failure> {
        if read.is_err() {
            self.server.permit(self.caller, interaction, kind, id)?;
        }
        read
    }

    /// `POST /{Type}`. An id in the body is honoured; with `If-None-Exist`, what is found already
    /// is answered instead.
    pub(crate) fn create<R: Wire>(
        self,
        members: Result<Members, Failure>,
        conditions: &Conditions,
    ) -> Answered {
        let read = match conditions.write() {
            Ok(Condition::Any) => members.and_then(|members| R::read(members, None)),
            Ok(_) => Err(Failure::unreadable("A condition is of no use here")),
            Err(failure) => Err(failure),
        };
        let (named, draft) = self.judged::<R, _>(Interaction::Create, None, read)?;
        if let Some(query) = &conditions.if_none_exist
            && let Some(answer) = self.existing::<R>(query)?
        {
            return Ok(answer);
        }
        let id = match named {
            Some(id) => wire::id::<R>(&id)?,
            None => wire::id::<R>(&self.server.new_resource_id()?)?,
        };
        match self
            .server
            .put(self.caller, &id, &draft, Condition::Absent)?
        {
            PutOutcome::ConditionFailed => Err(Failure::Conflict("A resource with this id exists")),
            outcome => self.written::<R>(outcome),
        }
    }

    /// What a conditional creation finds (FHIR R4 §3.1.0.8.1).
    pub(crate) fn existing<R: Wire>(self, query: &str) -> Result<Option<Answer>, Failure> {
        let sent = Sent::parse(query)?;
        let query = Query::<ResourceCriteria<R>>::read(&sent, false)?;
        let wanted = query.criteria.query(Window::first(2));
        if wanted.filters.is_empty() && wanted.ids.is_empty() {
            return Err(Failure::unreadable(
                "If-None-Exist names nothing to look for",
            ));
        }
        let mut found = self
            .server
            .search::<R>(self.caller, &wanted)?
            .items
            .into_iter();
        match (found.next(), found.next()) {
            (None, _) => Ok(None),
            (Some(_), Some(_)) => Err(Failure::ConditionFailed),
            (Some(one), None) => {
                let shown = one.shown(self.place.dialect);
                Ok(Some(Answer::resource(shown, one.stamp())))
            }
        }
    }

    /// `GET /{Type}/{id}`.
    pub(crate) fn read<R: Wire>(self, id: &str, conditions: &Conditions) -> Answered {
        let found = match R::parse_id(id) {
            Ok(id) => self.server.read(self.caller, &id)?,
            // What cannot be an id is not there; whether the caller may look is still asked.
            Err(_) => self.missing::<R>()?,
        };
        match found {
            Read::Found(resource) if conditions.has_current(resource.stamp()) => {
                Ok(Answer::not_modified(resource.stamp()))
            }
            Read::Found(resource) => {
                let shown = resource.shown(self.place.dialect);
                Ok(Answer::resource(shown, resource.stamp()))
            }
            Read::Gone => Err(Failure::Gone),
            Read::Absent => Err(Failure::NotFound),
        }
    }

    fn missing<R: Wire>(self) -> Result<Read<R>, Failure> {
        self.server.read(self.caller, &wire::id::<R>("-")?)?;
        Ok(Read::Absent)
    }

    /// `PUT /{Type}/{id}`: creates or replaces.
    pub(crate) fn update<R: Wire>(
        self,
        id: &str,
        members: Result<Members, Failure>,
        conditions: &Conditions,
    ) -> Answered {
        let read = conditions.write().and_then(|condition| {
            let known = wire::id::<R>(id)?;
            let (_, draft) = R::read(members?, Some(id))?;
            Ok((condition, known, draft))
        });
        let (condition, id, draft) = self.judged::<R, _>(Interaction::Update, Some(id), read)?;
        let outcome = self.server.put(self.caller, &id, &draft, condition)?;
        self.written::<R>(outcome)
    }

    /// `PATCH /{Type}/{id}`: on the version that was read, unless the caller names one.
    pub(crate) fn patch<R: Wire>(
        self,
        id: &str,
        patch: Result<Patch, Failure>,
        conditions: &Conditions,
    ) -> Answered {
        let read = conditions
            .write()
            .and_then(|condition| Ok((condition, wire::id::<R>(id)?, patch?)));
        let (condition, id, patch) = self.judged::<R, _>(Interaction::Update, Some(id), read)?;
        for _ in 0..TRIES {
            let patched = self.patched::<R>(&id, &patch, condition);
            let (draft, unchanged) =
                self.judged::<R, _>(Interaction::Update, Some(id.text()), patched)?;
            match self.server.put(self.caller, &id, &draft, unchanged)? {
                PutOutcome::ConditionFailed => {}
                outcome => return self.written::<R>(outcome),
            }
        }
        Err(Failure::ConditionFailed)
    }

    /// What a patch makes of a resource, and that it is still the version which was read.
    pub(crate) fn patched<R: Wire>(
        self,
        id: &R::Id,
        patch: &Patch,
        condition: Condition,
    ) -> Result<(R::Draft, Condition), Failure> {
        let current = match self.server.read(self.caller, id)? {
            Read::Found(current) => current,
            Read::Gone => return Err(Failure::Gone),
            Read::Absent => return Err(Failure::NotFound),
        };
        let version = current.stamp().version;
        if !condition.is_met_by(Some(version)) {
            return Err(Failure::ConditionFailed);
        }
        let members = patch.apply::<R>(current.members(self.place.dialect))?;
        let (_, draft) = R::read(members, Some(id.text()))?;
        Ok((draft, Condition::Version(version)))
    }

    fn written<R: Wire>(self, outcome: PutOutcome<WrittenResource<R>>) -> Answered {
        let dialect = self.place.dialect;
        match outcome {
            PutOutcome::Created(written) => Ok(Answer::created(&written, dialect)),
            PutOutcome::Updated(written) => Ok(Answer::written(&written, dialect)),
            PutOutcome::ConditionFailed => Err(Failure::ConditionFailed),
            PutOutcome::NameTaken => Err(Failure::NAME_TAKEN),
            PutOutcome::Invalid(violations) => Err(violations.into()),
            PutOutcome::ReadOnly => Err(Failure::ReadOnly),
        }
    }

    /// `DELETE /{Type}/{id}`: the resource as it was, or nothing when there was none.
    pub(crate) fn delete<R: Wire>(self, id: &str, conditions: &Conditions) -> Answered {
        let read = conditions.write();
        let condition = self.judged::<R, _>(Interaction::Delete, Some(id), read)?;
        let Ok(id) = R::parse_id(id) else {
            self.permit::<R>(Interaction::Delete, None)?;
            return Ok(Answer::nothing());
        };
        match self.server.remove(self.caller, &id, condition)? {
            RemoveOutcome::Removed(resource) => Ok(Answer::ok(resource.shown(self.place.dialect))),
            RemoveOutcome::Absent => Ok(Answer::nothing()),
            RemoveOutcome::ConditionFailed => Err(Failure::ConditionFailed),
            RemoveOutcome::ReadOnly => Err(Failure::ReadOnly),
        }
    }

    /// `GET /{Type}/{id}/_history/{version}`.
    pub(crate) fn read_version<R: Wire>(self, id: &str, version: &str) -> Answered {
        let (Ok(id), Ok(version)) = (R::parse_id(id), version.parse()) else {
            self.permit::<R>(Interaction::History, None)?;
            return Err(Failure::NotFound);
        };
        let version = Version::from_row(version);
        let found: Option<Revision<R>> = self.server.read_version(self.caller, &id, version)?;
        let revision = found.ok_or(Failure::NotFound)?;
        let shown = wire::revision(&revision, self.place.dialect).ok_or(Failure::Gone)?;
        Ok(Answer::resource(shown, revision.stamp))
    }

    /// `GET /{Type}/_history`, and of one resource.
    pub(crate) fn history<R: Wire>(
        self,
        id: Option<&str>,
        sent: Result<Sent, Failure>,
    ) -> Answered {
        let read = sent.and_then(|sent| Query::<HistoryCriteria>::read(&sent, sent.is_lenient));
        let query = self.judged::<R, _>(Interaction::History, id, read)?;
        let path = match id {
            Some(id) => format!(
                "{}/{}/_history",
                R::KIND.as_str(),
                super::reference::in_path(id)
            ),
            None => format!("{}/_history", R::KIND.as_str()),
        };
        let pages = self.judged::<R, _>(Interaction::History, id, self.pages.of(&path, &query))?;
        let Ok(id) = id.map(R::parse_id).transpose() else {
            self.permit::<R>(Interaction::History, None)?;
            return Err(Failure::NotFound);
        };
        let one = id.is_some();
        let query = HistoryQuery {
            id,
            version: None,
            since: query.criteria.since,
            window: pages.window(),
        };
        let page = self.server.history(self.caller, &query)?;
        if one && page.items.is_empty() && query.since.is_none() && pages.is_first() {
            return Err(Failure::NotFound);
        }
        Ok(Answer::ok(search::history_bundle(
            &page, &pages, self.place,
        )))
    }

    /// `GET /{Type}` and `POST /{Type}/_search`.
    pub(crate) fn search<R: Wire>(self, sent: Result<Sent, Failure>) -> Answered {
        let read = sent.and_then(|sent| {
            let query = Query::<ResourceCriteria<R>>::read(&sent, sent.is_lenient)?;
            let pages = self.pages.of(R::KIND.as_str(), &query)?;
            Ok((query, pages))
        });
        let (query, pages) = self.judged::<R, _>(Interaction::Search, None, read)?;
        let wanted = query.criteria.query(pages.window());
        let page = self.server.search::<R>(self.caller, &wanted)?;
        let position = |resource: &R| wanted.sort.position(resource);
        let entry = |resource: &R| {
            let path = R::path(Resource::id(resource));
            (path, resource.shown(self.place.dialect))
        };
        Ok(Answer::ok(search::bundle(
            &page, &pages, self.place, position, entry,
        )))
    }
}

/// How often a patch is applied to what somebody else has changed meanwhile.
const TRIES: usize = 3;
