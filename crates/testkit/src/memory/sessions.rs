//! Sessions in memory.

use std::cmp::Ordering;

use grantor_domain::Fault;
use grantor_domain::event::Event;
use grantor_domain::hour::Hour;
use grantor_domain::ports::{Change, Committed, Found, Page, SessionKey, SessionStore, Standing};
use grantor_domain::sessions::{
    Census, DateField, Owner, Session, SessionQuery, SessionSort, SortKey, liveness,
};
use grantor_domain::time::Timestamp;
use grantor_domain::window::Position;

use super::page::page_of;
use super::{Memory, State};

impl State {
    fn found(&self, session: &Session) -> Found {
        let client = self.clients.get(&session.client.id);
        let user = session
            .user
            .as_ref()
            .and_then(|user| self.users.get(&user.id));
        Found {
            session: session.clone(),
            client: client.map(|client| Standing {
                epoch: client.stamp.epoch,
                active: client.settings.active,
                user_name: None,
            }),
            user: user.map(|user| Standing {
                epoch: user.stamp.epoch,
                active: !user.settings.inactive,
                user_name: user.settings.user_name.clone(),
            }),
        }
    }

    fn matches(&self, query: &SessionQuery) -> Vec<Found> {
        let all = self.sessions.values().map(|session| self.found(session));
        let mut matches: Vec<Found> = all.filter(|found| is_match(found, query)).collect();
        let sort = &query.request().sort;
        matches.sort_by(|a, b| {
            let (a, b) = (a.session.position(sort), b.session.position(sort));
            compare(&a, &b, sort)
        });
        matches
    }
}

fn date(session: &Session, field: DateField) -> Timestamp {
    match field {
        DateField::Start => session.start,
        DateField::Exp => session.access.expires,
        DateField::LastUpdated => session.updated,
    }
}

fn is_match(found: &Found, query: &SessionQuery) -> bool {
    let (session, request) = (&found.session, query.request());
    let user = session.user.as_ref().map(|user| &user.id);
    let owned = match query.owner() {
        Owner::Anyone => true,
        Owner::User(owner) => user == Some(owner),
    };
    owned
        && is_any_of(&request.ids, Some(&session.id))
        && is_any_of(&request.users, user)
        && is_any_of(&request.clients, Some(&session.client.id))
        && is_any_of(&request.kinds, Some(&session.kind))
        && request
            .active
            .is_none_or(|active| active == liveness(found, query.now()).is_ok())
        && request.ranges.iter().all(|range| {
            let date = date(session, range.field);
            range.from.is_none_or(|from| from <= date) && range.until.is_none_or(|end| date < end)
        })
}

fn is_any_of<T: PartialEq>(asked: &[T], value: Option<&T>) -> bool {
    asked.is_empty() || value.is_some_and(|value| asked.contains(value))
}

/// By the keys asked for, then by id.
fn compare(a: &Position, b: &Position, sort: &[SessionSort]) -> Ordering {
    let by_date = |sort: &&SessionSort| matches!(sort.key, SortKey::Date(_));
    let keys = a.keys.iter().zip(&b.keys).zip(sort.iter().filter(by_date));
    let by_keys = keys.fold(Ordering::Equal, |order, ((a, b), sort)| {
        let next = a.cmp(b);
        order.then(if sort.descending {
            next.reverse()
        } else {
            next
        })
    });
    let ids = a.id.cmp(&b.id);
    let falls = sort.iter().any(|s| s.key == SortKey::Id && s.descending);
    by_keys.then(if falls { ids.reverse() } else { ids })
}

impl SessionStore for Memory {
    fn open(&self, session: &Session, events: &[Event]) -> Result<(), Fault> {
        let mut state = self.state();
        if let Some(refresh) = &session.refresh {
            state
                .refresh_tokens
                .insert(refresh.hash, session.id.clone());
        }
        state.sessions.insert(session.id.clone(), session.clone());
        state.events.extend_from_slice(events);
        Ok(())
    }

    fn find(&self, key: &SessionKey) -> Result<Option<Found>, Fault> {
        let state = self.state();
        let session = match key {
            SessionKey::Id(id) => state.sessions.get(id),
            SessionKey::Refresh(hash) => state
                .refresh_tokens
                .get(hash)
                .and_then(|id| state.sessions.get(id)),
            SessionKey::Access(hash) => state
                .sessions
                .values()
                .find(|session| session.access.hash == *hash),
        };
        Ok(session.map(|session| state.found(session)))
    }

    fn commit(&self, change: &Change, events: &[Event]) -> Result<Committed, Fault> {
        let mut state = self.state();
        let id = &change.session.id;
        if state
            .sessions
            .get(id)
            .is_none_or(|session| session.generation != change.seen)
        {
            return Ok(Committed::Stale);
        }
        if let Some(hash) = change.minted {
            state.refresh_tokens.insert(hash, id.clone());
        }
        state.sessions.insert(id.clone(), change.session.clone());
        state.events.extend_from_slice(events);
        Ok(Committed::Done)
    }

    fn search(&self, query: &SessionQuery) -> Result<Page<Found>, Fault> {
        let matches = self.state().matches(query);
        let request = query.request();
        let sort = &request.sort;
        Ok(page_of(
            matches,
            &request.window,
            |found| found.session.position(sort),
            |a, b| compare(a, b, sort),
        ))
    }

    fn count(&self, query: &SessionQuery) -> Result<u64, Fault> {
        Ok(self.state().matches(query).len() as u64)
    }

    fn keep_census(&self, census: &Census) -> Result<(), Fault> {
        let mut state = self.state();
        state.censuses.entry(census.hour).or_insert(census.live);
        Ok(())
    }

    fn censuses(&self, from: Hour, until: Hour) -> Result<Vec<Census>, Fault> {
        let state = self.state();
        let taken = state.censuses.range(from..until);
        Ok(taken.map(|(&hour, &live)| Census { hour, live }).collect())
    }

    fn reap(&self, before: Timestamp, limit: u32) -> Result<u32, Fault> {
        let mut state = self.state();
        let over = state
            .sessions
            .values()
            .filter(|session| session.ends() < before);
        let ids: Vec<_> = over
            .take(limit as usize)
            .map(|session| session.id.clone())
            .collect();
        for id in &ids {
            state.sessions.remove(id);
            state.refresh_tokens.retain(|_, owner| owner != id);
            state.notes.remove(id);
        }
        Ok(u32::try_from(ids.len()).unwrap_or(u32::MAX))
    }
}
