//! Whether reading and searching resources cost the same however many there are.

use serde_json::Value;

use crate::ceiling::Cost;
use crate::failure::{Context as _, Failure, Outcome};
use crate::http;
use crate::load::Load;
use crate::report::Figure;
use crate::seed::{self, CLIENTS};
use crate::server::{ADMINISTRATOR, Bundle, Server};
use crate::settings::Size;
use crate::store::Store;

use super::Bench;
use super::measure::Measured;

/// Connections of a load: one shows what a request takes, many what happens when all cores are busy.
const CONNECTIONS: [u32; 2] = [1, 16];

/// As good as empty, with everything in it that is asked for.
const SMALL: Size = Size {
    users: 100,
    sessions: 1000,
};
/// A request that is made over and over.
struct Question {
    name: &'static str,
    /// `{n}` is a number of `numbers`.
    path: &'static str,
    numbers: Numbers,
    /// What is asked for is the page that this one links to.
    next_page: bool,
    /// Whether its figures are held to a target.
    has_target: bool,
}

#[derive(Clone, Copy)]
enum Numbers {
    /// The path names none.
    None,
    /// One of so many, in stores of every size.
    UpTo(u32),
    /// One of the users.
    Users,
}

impl Question {
    const fn new(name: &'static str, path: &'static str, numbers: Numbers) -> Self {
        Self {
            name,
            path,
            numbers,
            next_page: false,
            has_target: false,
        }
    }

    const fn with_target(self) -> Self {
        Self {
            has_target: true,
            ..self
        }
    }

    const fn next_page(self) -> Self {
        Self {
            next_page: true,
            ..self
        }
    }
}

const QUESTIONS: [Question; 14] = [
    Question::new("Client by id", "/Client/client-{n}", Numbers::UpTo(CLIENTS)).with_target(),
    Question::new(
        "sessions of a user who has 10",
        "/Session?user=person-{n}&_count=20",
        Numbers::Users,
    )
    .with_target(),
    Question::new(
        "sessions of a user who has 1000",
        "/Session?user=person-0&_count=20",
        Numbers::None,
    )
    .with_target(),
    Question::new(
        "sessions of a client",
        "/Session?client=client-{n}&_count=20",
        Numbers::UpTo(CLIENTS),
    ),
    Question::new(
        "active sessions",
        "/Session?active=true&_count=20",
        Numbers::None,
    ),
    Question::new(
        "sessions, latest first",
        "/Session?_sort=-_lastUpdated&_count=20",
        Numbers::None,
    ),
    Question::new(
        "sessions, latest first, 2nd page",
        "/Session?_sort=-_lastUpdated&_count=20",
        Numbers::None,
    )
    .next_page(),
    Question::new("User by id", "/User/person-{n}", Numbers::Users),
    Question::new(
        "users by a name of one",
        "/User?name=person-{n}%20Given",
        Numbers::Users,
    ),
    Question::new(
        "users by a name of 1 %",
        "/User?name={n}%20Family&_count=20",
        Numbers::UpTo(9),
    ),
    Question::new("users", "/User?_count=20", Numbers::None),
    Question::new(
        "users, latest first",
        "/User?_sort=-_lastUpdated&_count=20",
        Numbers::None,
    ),
    Question::new("audit events", "/AuditEvent?_count=20", Numbers::None),
    Question::new(
        "audit events about a user",
        "/AuditEvent?entity=User/person-{n}&_count=20",
        Numbers::Users,
    ),
];

/// A server on a store of a size.
struct Side {
    server: Server,
    size: Size,
}

impl Side {
    fn load<'a>(&self, url: &'a str, (question, connections): (&Question, u32)) -> Load<'a> {
        let load = Load::get(url, ADMINISTRATOR).by(connections);
        let numbers = match question.numbers {
            Numbers::None => 0,
            Numbers::UpTo(most) => most,
            Numbers::Users => self.size.users,
        };
        Load { numbers, ..load }
    }
}

impl Bench<'_> {
    /// Asks a small store and a full one in turn, so that both have the same to bear from whatever else runs.
    pub(super) fn resources(&mut self, store: &Store) -> Outcome<()> {
        let (small, full) = (store.apart("small"), self.full_store(store)?);
        seed::seed(&self.launch(&small, Cost::DEFAULT), SMALL)?;
        let sides = [
            self.side(&small, SMALL)?,
            self.side(&full, self.settings.pace.full)?,
        ];
        for question in &QUESTIONS {
            for connections in CONNECTIONS {
                self.ask(store, &sides, (question, connections))?;
            }
        }
        let [one, other] = sides;
        one.server.stop()?;
        other.server.stop()?;
        small.clear()
    }

    fn side(&self, store: &Store, size: Size) -> Outcome<Side> {
        let mut launch = self.launch(store, Cost::DEFAULT);
        launch.bundle = Bundle::None;
        let server = Server::start(&launch)?;
        server.settle()?;
        Ok(Side { server, size })
    }

    fn ask(
        &mut self,
        store: &Store,
        sides: &[Side; 2],
        (question, connections): (&Question, u32),
    ) -> Outcome<()> {
        let [small, full] = sides;
        let urls = [url(&small.server, question)?, url(&full.server, question)?];
        let [small_url, full_url] = &urls;
        let [small, full] = self.in_turn([
            (
                &small.server,
                small.load(small_url, (question, connections)),
            ),
            (&full.server, full.load(full_url, (question, connections))),
        ])?;
        let (small, full) = (small.quickest()?, full.quickest()?);
        for (side, measured) in sides.iter().zip([small, full]) {
            let name = format!("{} / {}", question.name, side.size.sessions);
            self.rows.push(measured.row(&name, store, connections));
        }
        self.compare(store, (question, connections), (small, full));
        Ok(())
    }

    fn compare(
        &mut self,
        store: &Store,
        (question, connections): (&Question, u32),
        (small, full): (&Measured, &Measured),
    ) {
        let figure = |what, value, unit| {
            let name = format!("{}: {what}, {connections} connections", question.name);
            Figure::new(name, store.name, value, unit)
        };
        let (small_time, full_time) = (
            small.answers.p50_milliseconds(),
            full.answers.p50_milliseconds(),
        );
        let time = figure("time, full by small", full_time / small_time, "");
        if question.has_target {
            let p99 = figure("p99", full.answers.p99_milliseconds(), "ms");
            let cpu = full.cpu_milliseconds / small.cpu_milliseconds;
            let cpu = figure("CPU, full by small", cpu, "").wanted("<= 1.2");
            self.figures
                .extend([p99.wanted("<= 10"), time.wanted("<= 1.2"), cpu]);
        } else if connections == 1 {
            self.figures.push(time);
        }
    }
}

/// Where to ask, once the server has answered with something.
fn url(server: &Server, question: &Question) -> Outcome<String> {
    let url = server.url(question.path);
    let answer = http::get(&url.replace("{n}", "1"), ADMINISTRATOR)?;
    let page = if question.next_page {
        let links = answer.get("link").and_then(Value::as_array);
        let next = links
            .into_iter()
            .flatten()
            .find(|link| link["relation"] == "next");
        let next = next.and_then(|link| link["url"].as_str());
        let next = next.context(format_args!("{url} has no next page"))?;
        (next.to_owned(), http::get(next, ADMINISTRATOR)?)
    } else {
        (url, answer)
    };
    match page {
        (url, answer)
            if answer
                .get("entry")
                .and_then(Value::as_array)
                .is_some_and(Vec::is_empty) =>
        {
            Err(Failure::new(format!("{url} finds nothing: {answer}")))
        }
        (url, _) => Ok(url),
    }
}
