//! What an answer proves, in words.

use super::message::Received;
use super::requests::Request;

/// A judgement of an answer.
pub(super) struct Verdict {
    /// `ok`, `warn` or `bad`.
    pub(super) tone: &'static str,
    pub(super) title: &'static str,
    pub(super) says: &'static str,
}

/// What an answer proves, if anything.
pub(super) fn verdict(request: Request, received: &Received) -> Option<Verdict> {
    let is_active = received.text.contains("\"active\": true");
    let (tone, title, says) = match (request, received.status) {
        (Request::Client | Request::User, 200) => (
            "",
            "It was there before",
            "What was there is replaced. Cleaning up leaves it, because the sandbox did not make it.",
        ),
        (Request::Replay, 200) => (
            "warn",
            "Taken for a retry",
            "Nobody has used the new pair, so its reply may have been lost: it is dead, and this one takes its place. \
             Use the new token, then show the old one again.",
        ),
        (Request::Replay, 400) => (
            "ok",
            "Refused, and the session is closed",
            "The new pair was in use, so one of the two who hold these tokens is a thief. Nobody keeps a live one.",
        ),
        (Request::Close, 200) => (
            "ok",
            "Closed",
            "Access and refresh token are dead, on every server, at once.",
        ),
        (Request::DeadUserinfo, 401) => (
            "ok",
            "Refused, as it must be",
            "Nothing that was issued in the session is taken any more.",
        ),
        (Request::DeadIntrospection, 200) if !is_active => (
            "ok",
            "Not active, as it must be",
            "A resource server that asks learns of the end, and of nothing else.",
        ),
        (Request::DeadUserinfo | Request::DeadIntrospection, 200) => (
            "bad",
            "The token lives",
            "Its session is open. Close it first.",
        ),
        _ => return None,
    };
    Some(Verdict { tone, title, says })
}
