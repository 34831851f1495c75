//! What is remembered of a grant from one page to the next, beside the browser's session.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::HttpRequest;
use grantor_domain::browser::LONGEST_NOTES;
use grantor_domain::secret::TokenValue;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::console::cookie::Jar;
use crate::error::Failure;
use crate::state::Server;

use super::fields::Fields;
use super::grant::Grant;
use super::message::Exchange;
use super::requests::Request;
use super::tokens::{Holder, Tokens};

/// Sessions that were opened and left for another, so that cleaning up can close them.
const LEFT: usize = 16;

/// What is remembered of every grant.
#[derive(Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Notes(BTreeMap<String, Walk>);

/// A way through a grant.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Walk {
    pub(super) fields: Fields,
    pub(super) tokens: Option<Tokens>,
    /// The last exchange of each request, by its name.
    pub(super) exchanges: BTreeMap<String, Exchange>,
    /// Paths of resources that were not there before.
    pub(super) made: BTreeSet<String>,
    /// Paths of resources that were there, and may be replaced.
    pub(super) replaceable: BTreeSet<String>,
    /// The path of a resource that is there: may it be replaced?
    pub(super) asked: Option<String>,
    pub(super) left: Vec<Tokens>,
}

impl Walk {
    /// Before the first step.
    pub(super) fn of(grant: Grant) -> Self {
        Self {
            fields: Fields::of(grant),
            tokens: None,
            exchanges: BTreeMap::new(),
            made: BTreeSet::new(),
            replaceable: BTreeSet::new(),
            asked: None,
            left: Vec::new(),
        }
    }

    /// The last exchange of a request.
    pub(super) fn exchange(&self, request: Request) -> Option<&Exchange> {
        self.exchanges.get(request.name())
    }

    /// Whether a request was sent and answered well.
    pub(super) fn is_done(&self, request: Request) -> bool {
        let exchange = self.exchange(request);
        exchange.is_some_and(|exchange| (200..300).contains(&exchange.received.status))
    }

    /// Whether the session of the tokens is over.
    pub(super) fn is_closed(&self) -> bool {
        let replay = self.exchange(Request::Replay);
        self.is_done(Request::Close) || replay.is_some_and(|it| it.received.status == 400)
    }

    /// Whether there is anything to clean up.
    pub(super) fn is_begun(&self) -> bool {
        !self.exchanges.is_empty()
    }

    /// Remembers an exchange, and what follows from its answer.
    pub(super) fn record(&mut self, request: Request, exchange: Exchange, answer: &Value) {
        let (status, at) = (exchange.received.status, exchange.received.at);
        match request {
            Request::Client | Request::User => {
                self.asked = None;
                if status == 201 {
                    self.made.insert(exchange.sent.target.clone());
                }
            }
            Request::Token => {
                if let Some(tokens) = Tokens::read(answer, Holder::of(&self.fields), at) {
                    self.begin_with(tokens);
                }
            }
            Request::Refresh | Request::Replay => self.renew(request, answer, at),
            _ => {}
        }
        self.exchanges.insert(request.name().to_owned(), exchange);
    }

    /// New tokens, of which none of the later exchanges says anything.
    fn begin_with(&mut self, tokens: Tokens) {
        if let Some(before) = self.tokens.replace(tokens) {
            if self.left.len() == LEFT {
                self.left.remove(0);
            }
            self.left.push(before);
        }
        self.exchanges
            .retain(|name, _| !Request::is_about_tokens(name));
    }

    fn renew(&mut self, request: Request, answer: &Value, at: i64) {
        let Some((before, mut next)) = self
            .tokens
            .as_ref()
            .and_then(|before| Some((before, before.renewed(answer, at)?)))
        else {
            return;
        };
        if request == Request::Refresh {
            next.former.clone_from(&before.refresh);
            self.exchanges.remove(Request::Replay.name());
        } else {
            next.former.clone_from(&before.former);
        }
        self.exchanges.remove(Request::UseNew.name());
        self.tokens = Some(next);
    }
}

impl Notes {
    /// What is remembered for the browser of a request.
    ///
    /// # Errors
    /// When the store is away.
    pub(super) async fn read(server: &Server, request: &HttpRequest) -> Result<Self, Failure> {
        let token = held(server, request);
        let notes = server.run(move |server| server.notes(&token)).await?;
        // What an older version of the program has noted is not worth a failure.
        Ok(notes
            .and_then(|notes| serde_json::from_slice(&notes).ok())
            .unwrap_or_default())
    }

    /// Remembers them.
    ///
    /// # Errors
    /// When the store is away, or the browser's session is over.
    pub(super) async fn keep(
        mut self,
        server: &Server,
        request: &HttpRequest,
    ) -> Result<(), Failure> {
        let token = held(server, request);
        let notes = self.fitting()?;
        let kept = server.run(move |server| server.keep_notes(&token, &notes));
        if kept.await? {
            Ok(())
        } else {
            Err(Failure::unreadable(
                "Your browser is signed out, or the sandbox has no room left: clean it up",
            ))
        }
    }

    /// The way through a grant.
    pub(super) fn walk(&mut self, grant: Grant) -> &mut Walk {
        let walk = self.0.entry(grant.path().to_owned());
        walk.or_insert_with(|| Walk::of(grant))
    }

    /// Forgets the way through a grant.
    pub(super) fn forget(&mut self, grant: Grant) {
        self.0.remove(grant.path());
    }

    /// As bytes, without the longest exchanges if there is no room for all.
    fn fitting(&mut self) -> Result<Vec<u8>, Failure> {
        loop {
            let notes = serde_json::to_vec(self).map_err(|_| Failure::Panicked)?;
            if notes.len() <= LONGEST_NOTES || !self.drop_longest() {
                return Ok(notes);
            }
        }
    }

    fn drop_longest(&mut self) -> bool {
        let length = |exchange: &Exchange| exchange.sent.body.len() + exchange.received.text.len();
        let walks = self.0.iter().flat_map(|(grant, walk)| {
            let exchanges = walk.exchanges.iter();
            exchanges.map(move |(name, exchange)| (length(exchange), grant.clone(), name.clone()))
        });
        let Some((_, grant, name)) = walks.max() else {
            return false;
        };
        let walk = self.0.get_mut(&grant);
        walk.is_some_and(|walk| walk.exchanges.remove(&name).is_some())
    }
}

fn held(server: &Server, request: &HttpRequest) -> TokenValue {
    TokenValue::new(Jar::Session.read(request, server).unwrap_or_default())
}

#[cfg(test)]
mod tests;
