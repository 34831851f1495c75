//! Read, decide, commit, and look again when somebody was quicker: the only such loop over sessions.

use std::borrow::Cow;

use crate::error::Error;
use crate::event::Event;
use crate::fault::Fault;
use crate::ports::{Change, Committed, Found, SessionKey};
use crate::server::{AuthorizationServer, TRIES};

/// What a workflow decided about a session it read.
#[derive(Debug)]
pub(crate) enum Decision<T> {
    /// Nothing is to be written; this is the answer.
    Answer(Result<T, Error>),
    /// Write this; then this is the answer. A refusal that must be remembered is such a change.
    Commit {
        change: Box<Change>,
        events: Vec<Event>,
        then: Result<T, Error>,
    },
}

impl<T> Decision<T> {
    /// The same decision with another answer.
    pub(crate) fn map<U>(self, answer: impl FnOnce(T) -> U) -> Decision<U> {
        match self {
            Self::Answer(then) => Decision::Answer(then.map(answer)),
            Self::Commit {
                change,
                events,
                then,
            } => Decision::Commit {
                change,
                events,
                then: then.map(answer),
            },
        }
    }
}

impl AuthorizationServer {
    /// Lets `decide` decide on the session behind `key` until its decision could be committed.
    /// The commit is the last thing that can fail.
    ///
    /// Whoever lost looks again by id: a refresh that was quicker gives the session another access
    /// token, and must not hide it from a close that was asked for with the one before.
    pub(crate) fn settle<T>(
        &self,
        key: &SessionKey,
        mut decide: impl FnMut(Option<Found>) -> Result<Decision<T>, Error>,
    ) -> Result<T, Error> {
        let mut key = Cow::Borrowed(key);
        for _ in 0..TRIES {
            match decide(self.ports.sessions.find(&key)?)? {
                Decision::Answer(answer) => return answer,
                Decision::Commit {
                    change,
                    events,
                    then,
                } => match self.ports.sessions.commit(&change, &events)? {
                    Committed::Done => return then,
                    Committed::Stale => key = Cow::Owned(SessionKey::Id(change.session.id)),
                },
            }
        }
        Err(Fault::Contended.into())
    }
}
