//! A request as a page shows it: what it is for, the request, the answer, and what that proves.

use super::curl::curl;
use super::grant::{Grant, Step};
use super::message::{Exchange, Received, Sent, Signed};
use super::notes::Walk;
use super::requests::Request;
use super::verdict::{Verdict, verdict};

/// A request of a step.
pub(super) struct Card {
    pub(super) name: &'static str,
    /// What the ids of its parts begin with.
    pub(super) prefix: String,
    pub(super) title: &'static str,
    pub(super) help: &'static str,
    pub(super) request: String,
    pub(super) curl: String,
    pub(super) is_signed_by_the_console: bool,
    pub(super) received: Option<Received>,
    pub(super) verdict: Option<Verdict>,
}

impl Received {
    /// The tone of its status.
    pub(super) const fn tone(&self) -> &'static str {
        if self.status < 400 { "ok" } else { "bad" }
    }
}

/// The cards of a step, as far as there is what they need.
pub(super) fn cards(walk: &Walk, grant: Grant, step: Step, issuer: &str) -> Vec<Card> {
    let requests = Request::of(grant, step);
    let is_alone = requests.len() == 1;
    let card = |request: &Request| {
        let (sent, received) = shown(walk, grant, *request)?;
        let (title, help) = words(*request);
        Some(Card {
            name: request.name(),
            prefix: if is_alone {
                String::new()
            } else {
                format!("{}-", request.name())
            },
            title,
            help,
            request: sent.text(issuer),
            curl: curl(&sent, issuer),
            is_signed_by_the_console: sent.signed == Signed::ByTheConsole,
            verdict: received
                .as_ref()
                .and_then(|received| verdict(*request, received)),
            received,
        })
    };
    requests.iter().filter_map(card).collect()
}

/// A form shows the request it would send, with an answer if it is that of this very request. Others
/// show the last exchange.
fn shown(walk: &Walk, grant: Grant, request: Request) -> Option<(Sent, Option<Received>)> {
    let exchange = walk.exchange(request);
    let take = |exchange: &Exchange| (exchange.sent.clone(), Some(exchange.received.clone()));
    match (request.sent(walk, grant), exchange) {
        (Some(sent), exchange)
            if matches!(request, Request::Client | Request::User | Request::Token) =>
        {
            let same = exchange.filter(|exchange| exchange.sent == sent);
            let received = same.map(|exchange| exchange.received.clone());
            Some((sent, received))
        }
        (_, Some(exchange)) => Some(take(exchange)),
        (sent, None) => sent.map(|sent| (sent, None)),
    }
}

const fn words(request: Request) -> (&'static str, &'static str) {
    match request {
        Request::Client | Request::User | Request::Token => ("", ""),
        Request::Userinfo => (
            "Who is it?",
            "Whoever holds the token learns whom it speaks for.",
        ),
        Request::Introspection => (
            "Does it live?",
            "A resource server asks what a token is worth, and shows who it is itself.",
        ),
        Request::Sessions => (
            "What may it do?",
            "The token goes with requests to this server's own resources too. A user sees its own sessions; everything \
             else takes an access policy.",
        ),
        Request::Api => (
            "Show it to an API",
            "An API of yours gets the token in the same way, and asks what it is worth. This server keeps no Patient, and \
             says so.",
        ),
        Request::Refresh => (
            "Trade the refresh token in",
            "A new pair comes, and the former one dies with it: a session has one live pair.",
        ),
        Request::UseNew => (
            "Use the new access token",
            "This proves that the new pair has arrived. From now on the former refresh token is spent.",
        ),
        Request::Replay => (
            "Show the former refresh token again",
            "While the new pair is unused this is a retry after a lost reply. Once the new pair is used it is theft, and \
             the session is closed.",
        ),
        Request::Close => (
            "Close the session",
            "The access token itself is the credential. Its session ends, and with it every token.",
        ),
        Request::DeadUserinfo => (
            "Use the dead token",
            "It is sent as if nothing had happened.",
        ),
        Request::DeadIntrospection => (
            "Ask about the dead token",
            "The client asks once more what the token is worth.",
        ),
    }
}
