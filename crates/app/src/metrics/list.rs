//! Every metric there is: what it is called, what it counts, and which values its labels have.

/// How a metric behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It rises.
    Counter,
    /// It rises and falls.
    Gauge,
    /// It is spread over buckets.
    Histogram,
}

/// Which values a label has. None comes from what a client sends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Values {
    /// These.
    Closed(&'static [&'static str]),
    /// Those of a list elsewhere.
    Listed(&'static str),
}

/// A metric.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Metric {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) labels: &'static [(&'static str, Values)],
    pub(crate) means: &'static str,
}

use Kind::{Counter, Gauge, Histogram};
use Values::{Closed, Listed};

const fn metric(
    name: &'static str,
    kind: Kind,
    labels: &'static [(&'static str, Values)],
    means: &'static str,
) -> Metric {
    Metric {
        name,
        kind,
        labels,
        means,
    }
}

const ROUTE: (&str, Values) = ("route", Listed("the pattern of a path, or `unmatched`"));
const METHOD: (&str, Values) = (
    "method",
    Listed("`GET`, `HEAD`, `POST`, `PUT`, `PATCH`, `DELETE`, `OPTIONS`, or `other`"),
);
const LANE: (&str, Values) = ("lane", Closed(&["fast", "login"]));
const SHED: (&str, Values) = ("reason", Closed(&["full", "late"]));

/// All of them, but those of the process itself.
pub(crate) const METRICS: &[Metric] = &[
    metric(
        "grantor_http_requests_total",
        Counter,
        &[
            ROUTE,
            METHOD,
            ("status", Listed("the status of the answer")),
        ],
        "Requests answered on the public listener.",
    ),
    metric(
        "grantor_http_request_seconds",
        Histogram,
        &[ROUTE, METHOD],
        "From the arrival of a request's head to its answer.",
    ),
    metric(
        "grantor_tokens_issued_total",
        Counter,
        &[
            (
                "grant",
                Closed(&["client_credentials", "password", "refresh_token"]),
            ),
            ("format", Closed(&["jwt", "opaque"])),
        ],
        "Access tokens issued.",
    ),
    metric(
        "grantor_refresh_total",
        Counter,
        &[(
            "result",
            Closed(&[
                "expired",
                "fault",
                "ok",
                "refused",
                "replay_recovered",
                "reuse",
            ]),
        )],
        "Refresh requests. `replay_recovered`: the answer to the one before was lost, and the client was helped. \
         `reuse`: a spent token came back, and its session was closed: it was stolen, or its successor was.",
    ),
    metric(
        "grantor_revocations_total",
        Counter,
        &[(
            "kind",
            Closed(&["client", "reuse", "session", "token", "user"]),
        )],
        "What ended before its time: a session by its client with one of its tokens (`token`) or otherwise \
         (`session`, where a spent refresh token was shown also `reuse`), all of a `user` or of a `client` (closed, \
         disabled, removed, or with another password or secret).",
    ),
    metric(
        "grantor_introspections_total",
        Counter,
        &[("active", Closed(&["false", "true"]))],
        "Introspections answered.",
    ),
    metric(
        "grantor_login_total",
        Counter,
        &[(
            "result",
            Listed("`ok`, `fault`, or a reason of [errors](errors.md)"),
        )],
        "Password grants.",
    ),
    metric(
        "grantor_throttled_total",
        Counter,
        &[("scope", Closed(&["account", "client", "global", "network"]))],
        "Logins refused before they were tried, by the budget that was empty.",
    ),
    metric(
        "grantor_events_total",
        Counter,
        &[(
            "event",
            Listed("a name of the [audit trail](../how-to/audit.md)"),
        )],
        "Security events committed by this process.",
    ),
    metric(
        "grantor_audit_write_failures_total",
        Counter,
        &[],
        "Events that were not recorded, and links of the audit chain that were not made.",
    ),
    metric(
        "grantor_hash_queue_depth",
        Gauge,
        &[],
        "Passwords that wait for a hashing thread.",
    ),
    metric(
        "grantor_hash_wait_seconds",
        Histogram,
        &[],
        "How long a password waited for a hashing thread.",
    ),
    metric(
        "grantor_hash_seconds",
        Histogram,
        &[],
        "How long a thread hashed a password.",
    ),
    metric(
        "grantor_hash_shed_total",
        Counter,
        &[SHED],
        "Passwords that were not hashed: the queue was `full`, or no thread was free in time (`late`). Each is a 503.",
    ),
    metric(
        "grantor_lane_wait_seconds",
        Histogram,
        &[LANE],
        "How long a request waited for a thread. `login` hashes passwords, `fast` does everything else.",
    ),
    metric(
        "grantor_lane_shed_total",
        Counter,
        &[LANE, SHED],
        "Requests that no thread took: the queue was `full`, or none was free in time (`late`). Each is a 503.",
    ),
    metric(
        "grantor_db_pool",
        Gauge,
        &[("state", Closed(&["busy", "idle", "limit"]))],
        "Connections to the database: lent (`busy`), open and not lent (`idle`), and the most there may be (`limit`).",
    ),
    metric(
        "grantor_db_wait_seconds",
        Histogram,
        &[],
        "How long a unit of work waited for a connection.",
    ),
    metric(
        "grantor_db_errors_total",
        Counter,
        &[(
            "kind",
            Closed(&["busy", "contended", "corrupt", "unavailable"]),
        )],
        "Units of work without an answer: every connection was `busy`; a row kept changing (`contended`); what is \
         stored cannot be read (`corrupt`); anything else (`unavailable`).",
    ),
    metric(
        "grantor_tx_retries_total",
        Counter,
        &[("cause", Closed(&["lost_connection", "stale"]))],
        "Units of work begun again: on another connection (`lost_connection`), or because somebody else had changed \
         the session since it was read (`stale`).",
    ),
    metric(
        "grantor_sessions_live",
        Gauge,
        &[],
        "Sessions that live, counted once an hour. Known from a few seconds after the start.",
    ),
    metric(
        "grantor_janitor_deleted_total",
        Counter,
        &[("table", Closed(&["events", "sessions"]))],
        "Rows that were over and were cleared away. Budgets for guesses count with `events`.",
    ),
    metric(
        "grantor_janitor_lag_seconds",
        Gauge,
        &[],
        "How long ago everything that was over had been cleared away. It rises to `sessions.reap_interval`.",
    ),
    metric(
        "grantor_signing_key_age_seconds",
        Gauge,
        &[],
        "For how long the key that signs has signed. It should be another after a year.",
    ),
    metric(
        "grantor_signing_keys",
        Gauge,
        &[("state", Closed(&["ended", "next", "retiring", "signing"]))],
        "Signing keys, by what they are: published only (`next`), the one that signs, superseded (`retiring`), over \
         (`ended`).",
    ),
    metric(
        "grantor_clock_steps_total",
        Counter,
        &[],
        "Times that the machine's clock went another way than time, by more than a second in five.",
    ),
    metric(
        "grantor_panics_total",
        Counter,
        &[],
        "Bugs that ended a request, a hash or a chore. The process goes on.",
    ),
    metric(
        "grantor_build_info",
        Gauge,
        &[("version", Listed("the version of the program"))],
        "Always 1.",
    ),
];

/// What the machine knows of the process, under the names that every program uses.
pub(crate) const OF_PROCESS: &[Metric] = &[
    metric(
        "process_cpu_seconds_total",
        Counter,
        &[],
        "Whole seconds of the processors, in user and system mode.",
    ),
    metric("process_open_fds", Gauge, &[], "Open file descriptors."),
    metric(
        "process_max_fds",
        Gauge,
        &[],
        "The most file descriptors there may be.",
    ),
    metric("process_virtual_memory_bytes", Gauge, &[], "Address space."),
    metric(
        "process_resident_memory_bytes",
        Gauge,
        &[],
        "Memory that is held.",
    ),
    metric(
        "process_start_time_seconds",
        Gauge,
        &[],
        "When the process started, in seconds since 1970.",
    ),
    metric("process_threads", Gauge, &[], "Threads."),
];
