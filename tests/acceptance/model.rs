//! Any order of grants, refreshes, uses, closes, revocations and time, against a model of a few lines.

use proptest::prelude::{Just, Strategy, prop, prop_oneof};
use proptest::test_runner::{Config, TestRunner};
use serde_json::json;

use crate::support::{Client, Setup, Store, Tokens, World};

const ACCESS: u32 = 100;
const REFRESH: u32 = 1000;

/// One thing that happens. The numbers choose among what there is.
#[derive(Clone, Debug)]
enum Step {
    LogIn,
    Refresh { session: usize, token: usize },
    Use { session: usize },
    Close { session: usize },
    Revoke { session: usize, refresh: bool },
    Wait { seconds: u32 },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let number = 0..4_usize;
    let step = prop_oneof![
        2 => Just(Step::LogIn),
        6 => (number.clone(), number.clone()).prop_map(|(session, token)| Step::Refresh { session, token }),
        3 => number.clone().prop_map(|session| Step::Use { session }),
        1 => number.clone().prop_map(|session| Step::Close { session }),
        1 => (number, prop::bool::ANY).prop_map(|(session, refresh)| Step::Revoke { session, refresh }),
        2 => (1..400_u32).prop_map(|seconds| Step::Wait { seconds }),
    ];
    prop::collection::vec(step, 1..24)
}

/// What a session must be like.
struct Model {
    open: bool,
    /// Whether the latest pair was used: then the one before it must not be replayed.
    used: bool,
    /// Every pair it ever had, the latest last.
    pairs: Vec<Tokens>,
    /// Which of them the latest replaced.
    replaced: Option<usize>,
    access_ends: u32,
    refresh_ends: u32,
}

impl Model {
    fn access_lives(&self, now: u32) -> bool {
        self.open && now < self.access_ends
    }

    fn refresh_lives(&self, now: u32) -> bool {
        self.open && now < self.refresh_ends
    }
}

/// The server, its model, and the time that passed in both.
struct Run<'w> {
    world: &'w World,
    client: Client<'w>,
    now: u32,
    sessions: Vec<Model>,
}

impl Run<'_> {
    fn step(&mut self, step: &Step) {
        match *step {
            Step::LogIn => self.log_in(),
            Step::Wait { seconds } => {
                self.world.wait(seconds);
                self.now += seconds;
            }
            _ if self.sessions.is_empty() => {}
            Step::Refresh { session, token } => self.refresh(session % self.sessions.len(), token),
            Step::Use { session } => self.use_latest(session % self.sessions.len()),
            Step::Close { session } => self.close(session % self.sessions.len()),
            Step::Revoke { session, refresh } => {
                let session = session % self.sessions.len();
                let latest = self.latest(session);
                let token = if refresh {
                    &latest.refresh
                } else {
                    &latest.access
                };
                self.client.revoke(token).expect(200);
                self.sessions[session].open = false;
            }
        }
    }

    fn latest(&self, session: usize) -> Tokens {
        self.sessions[session].pairs.last().unwrap().clone()
    }

    fn log_in(&mut self) {
        let tokens = self.client.log_in("user");
        self.sessions.push(Model {
            open: true,
            used: false,
            pairs: vec![tokens],
            replaced: None,
            access_ends: self.now + ACCESS,
            refresh_ends: self.now + REFRESH,
        });
    }

    /// Shows one of the refresh tokens a session ever had.
    fn refresh(&mut self, session: usize, token: usize) {
        let now = self.now;
        let model = &mut self.sessions[session];
        let count = model.pairs.len();
        let shown = count - 1 - token % count;
        let answer = self.client.refresh(&model.pairs[shown].refresh);
        let current = shown == count - 1;
        let replayable = model.replaced == Some(shown) && !model.used;
        if !model.refresh_lives(now) {
            answer.refuse(400, "invalid_grant");
        } else if current || replayable {
            model.replaced = Some(shown);
            model.pairs.push(Tokens::of(&answer));
            model.used = false;
            model.access_ends = now + ACCESS;
        } else {
            answer.refuse(400, "invalid_grant");
            // Reuse betrays theft.
            model.open = false;
        }
    }

    fn use_latest(&mut self, session: usize) {
        let lives = self.sessions[session].access_lives(self.now);
        let answer = self
            .world
            .bearer(&self.latest(session).access)
            .get("/auth/userinfo");
        assert_eq!(answer.status, if lives { 200 } else { 401 });
        self.sessions[session].used |= lives;
    }

    fn close(&mut self, session: usize) {
        let lives = self.sessions[session].access_lives(self.now);
        let answer = self
            .world
            .bearer(&self.latest(session).access)
            .delete("/Session");
        assert_eq!(answer.status, if lives { 200 } else { 401 });
        self.sessions[session].open &= !lives;
    }

    /// Of every session at most the latest pair lives, and it does when the model says so.
    ///
    /// Asking uses a pair, so this is done once, at the end.
    fn check(&self) {
        for model in &self.sessions {
            let (latest, older) = model.pairs.split_last().unwrap();
            for dead in older {
                assert!(!self.client.sees_active(&dead.access));
                assert!(!self.client.sees_active(&dead.refresh));
            }
            assert_eq!(
                self.client.sees_active(&latest.access),
                model.access_lives(self.now)
            );
            assert_eq!(
                self.client.sees_active(&latest.refresh),
                model.refresh_lives(self.now)
            );
        }
    }
}

#[test]
fn sessions_live_and_die_as_the_model_says() {
    let world = Setup::on(Store::Sqlite).start_in_process();
    let attributes = json!({
        "refresh_token": true, "access_token_expiration": ACCESS, "refresh_token_expiration": REFRESH
    });
    world.register_for_passwords("model", &attributes);
    let config = Config {
        cases: 150,
        failure_persistence: None,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(&steps(), |steps| {
        let client = world.client("model", Some("s"));
        let mut run = Run {
            world: &world,
            client,
            now: 0,
            sessions: Vec::new(),
        };
        for step in &steps {
            run.step(step);
        }
        run.check();
        Ok(())
    });
    outcome.unwrap();
}
