//! The way to a server that may be away: what was heard, also when that is nothing.

use std::sync::{Arc, Condvar, Mutex, RwLock};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::size;
use crate::support::actors::TOKEN;
use crate::support::http::{Answer, Call, Http, basic};
use crate::support::settings::ROOT_SECRET;

/// How long a server may take to be itself again on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// What became of a request.
#[derive(Clone, Debug)]
pub(crate) enum Heard {
    /// An answer to the question.
    Answer(Answer),
    /// 503: the server does not know, or has no time.
    Unavailable,
    /// The connection broke: nobody knows.
    Nothing,
}

impl Heard {
    /// Its status; 0 for nothing.
    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::Answer(answer) => answer.status,
            Self::Unavailable => 503,
            Self::Nothing => 0,
        }
    }

    /// The answer, unless the server did not know.
    pub(crate) fn answer(&self) -> Option<&Answer> {
        match self {
            Self::Answer(answer) => Some(answer),
            Self::Unavailable | Self::Nothing => None,
        }
    }
}

impl From<Result<Answer, ureq::Error>> for Heard {
    fn from(sent: Result<Answer, ureq::Error>) -> Self {
        match sent {
            Ok(answer) if answer.status == 503 => Self::Unavailable,
            Ok(answer) => Self::Answer(answer),
            Err(_) => Self::Nothing,
        }
    }
}

/// How requests went, counted while they go.
#[derive(Default)]
pub(crate) struct Tally {
    counts: Mutex<Counts>,
    changed: Condvar,
}

/// How many were answered, answered 503, or not at all, and how long the slowest took of those at the OAuth endpoints.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) answered: u64,
    pub(crate) unavailable: u64,
    pub(crate) nothing: u64,
    pub(crate) slowest: Duration,
}

impl Tally {
    pub(crate) fn counts(&self) -> Counts {
        *self.counts.lock().unwrap()
    }

    fn add(&self, heard: &Heard, took: Duration) {
        let mut counts = self.counts.lock().unwrap();
        match heard {
            Heard::Answer(_) => counts.answered += 1,
            Heard::Unavailable => counts.unavailable += 1,
            Heard::Nothing => counts.nothing += 1,
        }
        counts.slowest = counts.slowest.max(took);
        drop(counts);
        self.changed.notify_all();
    }

    /// Waits until so many more were answered.
    pub(crate) fn more(&self, answers: u64) {
        let counts = self.counts.lock().unwrap();
        let goal = counts.answered + answers;
        let wait = self
            .changed
            .wait_timeout_while(counts, PATIENCE, |counts| counts.answered < goal);
        assert!(!wait.unwrap().1.timed_out(), "nothing is answered any more");
    }
}

/// Servers that stand for one another, of which any may be away.
pub(crate) type Balancer = Arc<RwLock<Vec<Http>>>;

/// A client of a server.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) http: Http,
    pub(crate) tally: Arc<Tally>,
    authorization: String,
    balancer: Option<Balancer>,
}

impl Door {
    /// As the seeds' client.
    pub(crate) fn to(http: &Http) -> Self {
        Self::of_client(http, "myapp", "verysecret")
    }

    pub(crate) fn of_client(http: &Http, id: &str, secret: &str) -> Self {
        Self {
            http: http.clone(),
            tally: Arc::default(),
            authorization: basic(id, secret),
            balancer: None,
        }
    }

    /// The same server for another client, counted together.
    pub(crate) fn as_client(&self, id: &str, secret: &str) -> Self {
        Self {
            authorization: basic(id, secret),
            ..self.clone()
        }
    }

    /// The same through a balancer, which asks the next server when one is away.
    pub(crate) fn behind(&self, balancer: &Balancer) -> Self {
        Self {
            balancer: Some(Arc::clone(balancer)),
            ..self.clone()
        }
    }

    /// Another server for the same client, counted together.
    pub(crate) fn moved_to(&self, http: &Http) -> Self {
        Self {
            http: http.clone(),
            ..self.clone()
        }
    }

    pub(crate) fn send(&self, call: Call) -> Heard {
        let started = Instant::now();
        let is_prompt = call.path.starts_with("/auth/") || call.path == "/Session";
        let places = match &self.balancer {
            Some(balancer) => balancer.read().unwrap().clone(),
            None => vec![self.http.clone()],
        };
        let (last, others) = places.split_last().unwrap();
        let mut others = others.iter();
        let mut heard = Heard::Nothing;
        while let (None, Some(place)) = (heard.answer(), others.next()) {
            heard = Heard::from(place.try_send(call.clone()));
        }
        if heard.answer().is_none() {
            heard = Heard::from(last.try_send(call));
        }
        // Whoever writes a user is no client that waits for a token.
        let took = started.elapsed();
        self.tally
            .add(&heard, if is_prompt { took } else { Duration::ZERO });
        if heard.answer().is_none() {
            // A server that is away is not asked a thousand times a second.
            size::pass(Duration::from_millis(3));
        }
        heard
    }

    /// Asks again until the server knows.
    #[track_caller]
    pub(crate) fn insist(&self, call: &Call) -> Answer {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Heard::Answer(answer) = self.send(call.clone()) {
                return answer;
            }
            assert!(
                Instant::now() < deadline,
                "{} {} is not answered any more",
                call.method,
                call.path
            );
        }
    }

    fn form(&self, path: &str, fields: &[(&str, &str)]) -> Call {
        Call::post(path)
            .header("Authorization", &self.authorization)
            .form(fields)
    }

    pub(crate) fn login(&self, username: &str, password: &str) -> Call {
        let fields = [
            ("grant_type", "password"),
            ("username", username),
            ("password", password),
        ];
        self.form(TOKEN, &fields)
    }

    pub(crate) fn refresh(&self, token: &str) -> Call {
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.form(TOKEN, &fields)
    }

    pub(crate) fn introspect(&self, token: &str) -> Call {
        self.form("/auth/introspect", &[("token", token)])
    }

    pub(crate) fn revoke(&self, token: &str) -> Call {
        self.form("/auth/revoke", &[("token", token)])
    }

    /// Whether a token lives, asked until the server knows.
    #[track_caller]
    pub(crate) fn sees_active(&self, token: &str) -> bool {
        let answer = self.insist(&self.introspect(token));
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()["active"].as_bool().unwrap()
    }
}

/// Ends the session of an access token.
pub(crate) fn close(access: &str) -> Call {
    Call::delete("/Session").bearer(access)
}

/// Writes a user with this password.
pub(crate) fn put_user(id: &str, password: &str) -> Call {
    as_root(Call::put(&format!("/User/{id}")).json(&json!({ "password": password })))
}

/// The request with the credentials of client `root`.
pub(crate) fn as_root(call: Call) -> Call {
    call.basic("root", ROOT_SECRET)
}

/// A client for the password grant whose tokens live long and are of this format.
pub(crate) fn client_of(secret: &str, format: &str) -> Value {
    json!({
        "secret": secret,
        "grant_types": ["password", "client_credentials"],
        "auth": { "password": {
            "refresh_token": true,
            "token_format": format,
            "access_token_expiration": 20_000_000,
            "refresh_token_expiration": 30_000_000,
        }}
    })
}
