//! Who speaks with a server in a test.

use serde_json::{Value, json};

use super::http::{Answer, Call, basic};
use super::server::World;
use super::settings::ROOT_SECRET;

/// The path of the token endpoint.
pub(crate) const TOKEN: &str = "/auth/token";

/// What a grant gave.
#[derive(Clone, Debug)]
pub(crate) struct Tokens {
    pub(crate) access: String,
    /// Empty when there is none.
    pub(crate) refresh: String,
    /// The whole answer.
    pub(crate) json: Value,
}

impl Tokens {
    #[track_caller]
    pub(crate) fn of(answer: &Answer) -> Self {
        assert_eq!(answer.status, 200, "{}", answer.text());
        let json = answer.json();
        let text = |name: &str| json[name].as_str().unwrap_or_default().to_owned();
        assert!(!text("access_token").is_empty(), "{json}");
        Self {
            access: text("access_token"),
            refresh: text("refresh_token"),
            json,
        }
    }
}

/// A client, asking for itself at the OAuth endpoints.
#[derive(Clone)]
pub(crate) struct Client<'w> {
    world: &'w World,
    pub(crate) id: String,
    pub(crate) secret: Option<String>,
}

impl Client<'_> {
    /// A form to an endpoint, with the client's credentials.
    #[track_caller]
    pub(crate) fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.world.send(match &self.secret {
            Some(secret) => Call::post(path).basic(&self.id, secret).form(fields),
            None => Call::post(path).form(&[&[("client_id", self.id.as_str())], fields].concat()),
        })
    }

    #[track_caller]
    pub(crate) fn password(&self, username: &str, password: &str) -> Answer {
        self.password_for(username, password, &[])
    }

    /// A password grant with further parameters.
    #[track_caller]
    pub(crate) fn password_for(
        &self,
        username: &str,
        password: &str,
        more: &[(&str, &str)],
    ) -> Answer {
        let fields = [
            ("grant_type", "password"),
            ("username", username),
            ("password", password),
        ];
        self.post(TOKEN, &[&fields[..], more].concat())
    }

    /// The tokens of a user whose password is `password`.
    #[track_caller]
    pub(crate) fn log_in(&self, username: &str) -> Tokens {
        Tokens::of(&self.password(username, "password"))
    }

    #[track_caller]
    pub(crate) fn refresh(&self, token: &str) -> Answer {
        self.post(
            TOKEN,
            &[("grant_type", "refresh_token"), ("refresh_token", token)],
        )
    }

    #[track_caller]
    pub(crate) fn credentials(&self) -> Answer {
        self.post(TOKEN, &[("grant_type", "client_credentials")])
    }

    #[track_caller]
    pub(crate) fn introspect(&self, token: &str) -> Value {
        self.post("/auth/introspect", &[("token", token)])
            .expect(200)
            .json()
    }

    /// Whether a token lives. What is said of a dead one is that and nothing else.
    #[track_caller]
    pub(crate) fn sees_active(&self, token: &str) -> bool {
        let answer = self.introspect(token);
        if answer["active"] == true {
            return true;
        }
        assert_eq!(answer, json!({ "active": false }));
        false
    }

    #[track_caller]
    pub(crate) fn revoke(&self, token: &str) -> Answer {
        self.post("/auth/revoke", &[("token", token)])
    }
}

/// Somebody who calls resources.
#[derive(Clone)]
pub(crate) struct Caller<'w> {
    world: &'w World,
    authorization: Option<String>,
}

impl Caller<'_> {
    /// A request with the caller's credentials.
    #[track_caller]
    pub(crate) fn send(&self, call: Call) -> Answer {
        self.world.send(match &self.authorization {
            Some(value) => call.header("Authorization", value),
            None => call,
        })
    }

    #[track_caller]
    pub(crate) fn get(&self, path: &str) -> Answer {
        self.send(Call::get(path))
    }

    #[track_caller]
    pub(crate) fn delete(&self, path: &str) -> Answer {
        self.send(Call::delete(path))
    }

    #[track_caller]
    pub(crate) fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(Call::put(path).json(body))
    }

    #[track_caller]
    pub(crate) fn post(&self, path: &str, body: &Value) -> Answer {
        self.send(Call::post(path).json(body))
    }

    #[track_caller]
    pub(crate) fn patch(&self, path: &str, body: &Value) -> Answer {
        self.send(Call::patch(path).json(body))
    }

    /// How many sessions a search finds.
    #[track_caller]
    pub(crate) fn count_sessions(&self, query: &str) -> u64 {
        let found = self.get(&format!("/Session?{query}")).expect(200).json();
        assert_eq!(found["resourceType"], "Bundle", "{found}");
        found["total"]
            .as_u64()
            .unwrap_or_else(|| panic!("no total: {found}"))
    }
}

impl World {
    /// The seeds' client.
    pub(crate) fn myapp(&self) -> Client<'_> {
        self.client("myapp", Some("verysecret"))
    }

    /// A client that says it is this one.
    pub(crate) fn client(&self, id: &str, secret: Option<&str>) -> Client<'_> {
        Client {
            world: self,
            id: id.to_owned(),
            secret: secret.map(str::to_owned),
        }
    }

    /// Writes a client; its secret is the one in the body.
    #[track_caller]
    pub(crate) fn register(&self, id: &str, body: &Value) -> Client<'_> {
        let answer = self.admin().put(&format!("/Client/{id}"), body);
        assert!(
            matches!(answer.status, 200 | 201),
            "{} {}",
            answer.status,
            answer.text()
        );
        self.client(id, body["secret"].as_str())
    }

    /// Writes a client for the password grant with these `auth.password` attributes and secret `s`.
    #[track_caller]
    pub(crate) fn register_for_passwords(&self, id: &str, attributes: &Value) -> Client<'_> {
        let auth = json!({ "password": attributes });
        self.register(
            id,
            &json!({ "secret": "s", "grant_types": ["password"], "auth": auth }),
        )
    }

    /// Writes a user whose password is `password`.
    #[track_caller]
    pub(crate) fn enrol(&self, id: &str) {
        let answer = self
            .admin()
            .put(&format!("/User/{id}"), &json!({ "password": "password" }));
        assert!(
            matches!(answer.status, 200 | 201),
            "{} {}",
            answer.status,
            answer.text()
        );
    }

    /// Client `root`, which administers.
    pub(crate) fn admin(&self) -> Caller<'_> {
        Caller {
            world: self,
            authorization: Some(basic("root", ROOT_SECRET)),
        }
    }

    /// A user who has just logged in through the seeds' client.
    #[track_caller]
    pub(crate) fn user(&self, id: &str) -> Caller<'_> {
        self.bearer(&self.myapp().log_in(id).access)
    }

    /// Whoever holds this token.
    pub(crate) fn bearer(&self, token: &str) -> Caller<'_> {
        Caller {
            world: self,
            authorization: Some(format!("Bearer {token}")),
        }
    }

    /// Somebody without credentials.
    pub(crate) fn stranger(&self) -> Caller<'_> {
        Caller {
            world: self,
            authorization: None,
        }
    }
}
