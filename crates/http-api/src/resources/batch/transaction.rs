//! Entries that are done together: what they write in one commit, what they read after it.

use std::collections::{BTreeMap, HashMap};

use grantor_domain::Reason;
use grantor_domain::access::AccessPolicy;
use grantor_domain::bundle::{
    BundleEntry, BundleMode, BundleOutcome, Entry as Wanted, EntryOutcome, EntryRefusal, Settled,
};
use grantor_domain::clients::Client;
use grantor_domain::resources::ResourceKind;
use grantor_domain::revision::Condition;
use grantor_domain::roles::Role;
use grantor_domain::users::User;
use serde_json::Value;

use crate::body::Members;
use crate::error::Failure;
use crate::resources::answer::Answer;
use crate::resources::interaction::Ask;
use crate::resources::patch::Patch;
use crate::resources::wire::{self, Wire};

use super::entry::{Entry, Method, Target};
use super::single::unsupported;
use super::{at_entry, failed};

impl Ask<'_> {
    pub(super) fn transaction(self, mut entries: Vec<Entry>) -> Result<Vec<Members>, Failure> {
        let found = self.found(&entries)?;
        self.name_and_refer(&mut entries, &found)?;
        let found = found.into_iter();
        let mut answers: BTreeMap<usize, Members> = found
            .map(|(place, answer)| (place, answer.entry(self.place)))
            .collect();
        let (mut writes, mut reads) = (Vec::new(), Vec::new());
        for (place, entry) in entries.into_iter().enumerate() {
            if answers.contains_key(&place) {
                continue;
            }
            let Some(turn) = turn(entry.method) else {
                reads.push((place, entry));
                continue;
            };
            let write = self.write(entry);
            let write = write.map_err(|failure| within(place, failure))?;
            writes.push((turn, place, write));
        }
        writes.sort_by_key(|(turn, ..)| *turn);
        let writes = writes.into_iter().map(|(_, place, write)| (place, write));
        let (places, writes): (Vec<usize>, Vec<BundleEntry>) = writes.unzip();
        let outcome = self
            .server
            .apply_bundle(self.caller, &writes, BundleMode::Transaction)?;
        match outcome {
            BundleOutcome::Refused(at, refusal) => {
                return Err(refused(places.get(at).copied().unwrap_or(at), refusal));
            }
            BundleOutcome::Applied(done) => {
                for (place, outcome) in places.into_iter().zip(done) {
                    let answer = self.settled(outcome);
                    answers.insert(place, answer.entry(self.place));
                }
            }
        }
        for (place, entry) in reads {
            let answer = match self.single(entry) {
                Ok(answer) => answer.entry(self.place),
                Err(failure) => failed(&failure),
            };
            answers.insert(place, answer);
        }
        Ok(answers.into_values().collect())
    }

    /// What the entries that are to be made only when there is nothing find, by their places.
    fn found(self, entries: &[Entry]) -> Result<HashMap<usize, Answer>, Failure> {
        let mut found = HashMap::new();
        let conditional = |entry: &Entry| {
            let query = entry.conditions.if_none_exist.clone()?;
            (entry.method == Method::Post && entry.target == Target::All).then_some(query)
        };
        for (place, entry) in entries.iter().enumerate() {
            let Some(query) = conditional(entry) else {
                continue;
            };
            let existing = match entry.kind {
                ResourceKind::Client => self.existing::<Client>(&query),
                ResourceKind::User => self.existing::<User>(&query),
                ResourceKind::Role => self.existing::<Role>(&query),
                ResourceKind::AccessPolicy => self.existing::<AccessPolicy>(&query),
                ResourceKind::Session | ResourceKind::AuditEvent | ResourceKind::SigningKey => {
                    Err(unsupported())
                }
            };
            if let Some(answer) = existing.map_err(|failure| at_entry(place, failure))? {
                found.insert(place, answer);
            }
        }
        Ok(found)
    }

    /// Gives every new resource its id, and turns references to `fullUrl`s into references to it, or
    /// to what was found in its stead.
    fn name_and_refer(
        self,
        entries: &mut [Entry],
        found: &HashMap<usize, Answer>,
    ) -> Result<(), Failure> {
        let mut names: HashMap<String, (ResourceKind, String)> = HashMap::new();
        for (place, entry) in entries.iter_mut().enumerate() {
            let existing = found.get(&place).and_then(Answer::id);
            let id = match (&entry.target, &mut entry.resource) {
                (Target::One(id), _) => id.clone(),
                (_, Some(resource)) if entry.method == Method::Post => {
                    if let Some(id) = existing {
                        id.to_owned()
                    } else if let Some(id) = resource.get("id").and_then(Value::as_str) {
                        id.to_owned()
                    } else {
                        let id = self.server.new_resource_id()?;
                        resource.insert("id".to_owned(), id.as_str().into());
                        id
                    }
                }
                _ => continue,
            };
            if let Some(url) = entry.full_url.clone().filter(|url| url.starts_with("urn:")) {
                names.insert(url, (entry.kind, id));
            }
        }
        if !names.is_empty() {
            for resource in entries
                .iter_mut()
                .filter_map(|entry| entry.resource.as_mut())
            {
                for value in resource.values_mut() {
                    refer(value, &names);
                }
            }
        }
        Ok(())
    }

    fn write(self, entry: Entry) -> Result<BundleEntry, Failure> {
        match entry.kind {
            ResourceKind::Client => self.wanted::<Client>(entry, BundleEntry::Client),
            ResourceKind::User => self.wanted::<User>(entry, BundleEntry::User),
            ResourceKind::Role => self.wanted::<Role>(entry, BundleEntry::Role),
            ResourceKind::AccessPolicy => self.wanted::<AccessPolicy>(entry, BundleEntry::Policy),
            ResourceKind::Session | ResourceKind::AuditEvent | ResourceKind::SigningKey => {
                Err(unsupported())
            }
        }
    }

    fn wanted<R: Wire>(
        self,
        entry: Entry,
        kind: fn(Box<Wanted<R>>) -> BundleEntry,
    ) -> Result<BundleEntry, Failure> {
        let condition = entry.conditions.write()?;
        let resource = entry.resource.unwrap_or_default();
        let (id, draft, condition) = match (entry.method, entry.target) {
            (Method::Post, Target::All) => {
                let (named, draft) = R::read(resource, None)?;
                let id = wire::id::<R>(named.as_deref().unwrap_or_default())?;
                (id, Some(draft), Condition::Absent)
            }
            (Method::Put, Target::One(id)) => {
                let (_, draft) = R::read(resource, Some(&id))?;
                (wire::id::<R>(&id)?, Some(draft), condition)
            }
            (Method::Patch, Target::One(id)) => {
                let id = wire::id::<R>(&id)?;
                let patch = Patch::Merge(resource);
                let (draft, unchanged) = self.patched::<R>(&id, &patch, condition)?;
                (id, Some(draft), unchanged)
            }
            (Method::Delete, Target::One(id)) => (wire::id::<R>(&id)?, None, condition),
            _ => return Err(unsupported()),
        };
        Ok(kind(Box::new(Wanted {
            id,
            draft,
            condition,
        })))
    }

    fn settled(self, outcome: EntryOutcome) -> Answer {
        match outcome {
            EntryOutcome::Client(settled) => self.settled_one::<Client>(*settled),
            EntryOutcome::User(settled) => self.settled_one::<User>(*settled),
            EntryOutcome::Role(settled) => self.settled_one::<Role>(*settled),
            EntryOutcome::Policy(settled) => self.settled_one::<AccessPolicy>(*settled),
        }
    }

    fn settled_one<R: Wire>(self, settled: Settled<R>) -> Answer {
        let dialect = self.place.dialect;
        match settled {
            Settled::Created(written) => Answer::created(&written, dialect),
            Settled::Updated(written) | Settled::Unchanged(written) => {
                Answer::written(&written, dialect)
            }
            Settled::Removed(resource) => Answer::ok(resource.shown(dialect)),
            Settled::Absent | Settled::LeftOut => Answer::nothing(),
        }
    }
}

/// When a method writes (FHIR R4 §3.1.0.11.2): removals first. What reads does so after all of them.
const fn turn(method: Method) -> Option<u8> {
    match method {
        Method::Delete => Some(0),
        Method::Post => Some(1),
        Method::Put | Method::Patch => Some(2),
        Method::Get => None,
    }
}

fn refer(value: &mut Value, names: &HashMap<String, (ResourceKind, String)>) {
    match value {
        Value::Object(members) => {
            let meant = members
                .get("reference")
                .and_then(Value::as_str)
                .and_then(|url| names.get(url));
            if let Some((kind, id)) = meant {
                let reference = format!("{}/{id}", kind.as_str());
                members.insert("reference".to_owned(), reference.into());
            }
            for value in members.values_mut() {
                refer(value, names);
            }
        }
        Value::Array(values) => {
            for value in values {
                refer(value, names);
            }
        }
        _ => {}
    }
}

fn within(place: usize, failure: Failure) -> Failure {
    let of_resource = |at: Option<String>| at.map(|at| format!("resource.{at}"));
    at_entry(place, failure.seen_from_outside(of_resource))
}

fn refused(place: usize, refusal: EntryRefusal) -> Failure {
    let failure = match refusal {
        EntryRefusal::Invalid(violations) => violations.into(),
        EntryRefusal::NameTaken => Failure::NAME_TAKEN,
        EntryRefusal::ConditionFailed => Failure::ConditionFailed,
        EntryRefusal::NotAllowed => Reason::NotAllowed.into(),
    };
    within(place, failure)
}
