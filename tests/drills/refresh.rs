//! P3, P4 and P5: many refreshes of one token at once, and refreshes against whatever ends a session, over two replicas.

use std::sync::Barrier;

use serde_json::json;

use crate::crowd::unthrottled;
use crate::dice::Dice;
use crate::door::{Door, Heard, as_root, client_of, close, put_user};
use crate::size;
use crate::support::http::Call;
use crate::support::server::Replica;
use crate::support::stores::Database;
use crate::support::{Answer, Setup, Tokens, World};

const CLIENT: (&str, &str) = ("racer", "s3cret-of-racer");

/// How many ask at once, and how many of a hundred races are so.
const SIZES: [(usize, u32); 4] = [(2, 70), (8, 20), (32, 8), (128, 2)];

/// One server, in one place on SQLite and in two on Postgres.
struct Places {
    world: World,
    _replica: Option<Replica>,
    doors: Vec<Door>,
}

impl Places {
    fn of(setup: Setup) -> Self {
        let has_replicas = matches!(setup.database, Database::Postgres { .. });
        let world = unthrottled(setup).start();
        world.register(CLIENT.0, &client_of(CLIENT.1, "opaque"));
        let replica = has_replicas.then(|| world.replica());
        let here = Door::of_client(&world.http, CLIENT.0, CLIENT.1);
        let there = replica.iter().map(|replica| here.moved_to(&replica.http));
        let doors = std::iter::once(here.clone()).chain(there).collect();
        Self {
            world,
            _replica: replica,
            doors,
        }
    }

    fn log_in(&self, user: &str) -> Tokens {
        Tokens::of(&self.doors[0].insist(&self.doors[0].login(user, "password")))
    }

    /// Sends all at the same moment, to each place in turn.
    fn race(&self, calls: &[Call]) -> Vec<Heard> {
        let start = Barrier::new(calls.len());
        std::thread::scope(|scope| {
            let send = |(call, door): (&Call, &Door)| {
                let (call, door, start) = (call.clone(), door.clone(), &start);
                scope.spawn(move || {
                    start.wait();
                    door.send(call)
                })
            };
            let doors = self.doors.iter().cycle();
            let threads: Vec<_> = calls.iter().zip(doors).map(send).collect();
            let heard = threads.into_iter().map(|thread| thread.join().unwrap());
            heard.collect()
        })
    }

    /// Of these, what lives, in every place alike.
    fn living<'t>(&self, tokens: &'t [Tokens], kind: fn(&Tokens) -> &str) -> Vec<&'t Tokens> {
        let lives = |tokens: &&Tokens| {
            let lives = self.doors.iter().map(|door| door.sees_active(kind(tokens)));
            let lives: Vec<bool> = lives.collect();
            let all_say_so = lives.iter().all(|one| *one == lives[0]);
            assert!(all_say_so, "replicas disagree: {lives:?}");
            lives[0]
        };
        tokens.iter().filter(lives).collect()
    }
}

fn access(tokens: &Tokens) -> &str {
    &tokens.access
}

fn refresh(tokens: &Tokens) -> &str {
    &tokens.refresh
}

/// What was won by those who were answered with tokens.
fn won(heard: &[Heard]) -> Vec<Tokens> {
    let answers = heard.iter().filter_map(Heard::answer);
    let answers = answers.filter(|answer| answer.status == 200);
    answers.map(Tokens::of).collect()
}

/// Every answer must be one of these; 503 is always one.
#[track_caller]
fn are_all(heard: &[Heard], statuses: &[u16]) {
    for one in heard {
        let status = one.status();
        let text = one.answer().map(Answer::text);
        assert!(
            status == 503 || statuses.contains(&status),
            "{status}: {text:?}"
        );
    }
}

on_every_store!(
    of_many_refreshes_at_once_one_successor_lives,
    |setup: Setup| {
        let places = Places::of(setup);
        let races = size::count(10);
        for (size, of_hundred) in SIZES {
            let rounds = (races * of_hundred / 100).max(1);
            let mut lost = 0;
            for round in 0..rounds {
                let first = places.log_in("user");
                let call = places.doors[0].refresh(&first.refresh);
                let heard = places.race(&vec![call; size]);
                // Nobody has used what the others got, so nobody is taken for a thief.
                are_all(&heard, &[200]);
                let mut pairs = won(&heard);
                lost += size - pairs.len();
                assert!(!pairs.is_empty(), "race {round} of {size} had no winner");
                pairs.push(first);
                let by_refresh = places.living(&pairs, refresh);
                assert_eq!(by_refresh.len(), 1, "race {round} of {size}");
                let by_access = places.living(&pairs, access);
                assert_eq!(by_access.len(), 1, "race {round} of {size}");
                assert_eq!(by_access[0].refresh, by_refresh[0].refresh, "one branch");
            }
            size::say(
                &format!("races of {size}, and answers of 503"),
                (rounds, lost),
            );
        }
    }
);

/// What ends a session.
#[derive(Clone, Copy, Debug)]
enum End {
    Revoke,
    Close,
    CloseById,
    Disable,
    ChangePassword,
    CloseAll,
}

const ENDS: [End; 6] = [
    End::Revoke,
    End::Close,
    End::CloseById,
    End::Disable,
    End::ChangePassword,
    End::CloseAll,
];

impl End {
    fn call(self, door: &Door, user: &str, session: &str, tokens: &Tokens) -> Call {
        let user = format!("/User/{user}");
        match self {
            Self::Revoke => door.revoke(&tokens.refresh),
            Self::Close => close(&tokens.access),
            Self::CloseById => as_root(Call::delete(&format!("/Session/{session}"))),
            Self::Disable => {
                let body = json!({ "password": "password", "inactive": true });
                as_root(Call::put(&user).json(&body))
            }
            Self::ChangePassword => {
                as_root(Call::put(&user).json(&json!({ "password": "another-1" })))
            }
            Self::CloseAll => as_root(Call::post(&format!("{user}/$close-sessions"))),
        }
    }
}

/// The id of the session a user has.
fn session_of(world: &World, tokens: &Tokens) -> String {
    let found = world.bearer(&tokens.access).get("/Session").expect(200);
    let entry = &found.json()["entry"][0]["resource"]["id"];
    entry.as_str().unwrap().to_owned()
}

on_every_store!(an_end_beats_every_refresh_that_raced_it, |setup: Setup| {
    let places = Places::of(setup);
    let mut dice = Dice::of(3000);
    let (mut ended, mut first) = (0, 0);
    let races = size::count(24);
    for round in 0..races {
        let end = ENDS[round as usize % ENDS.len()];
        // Each has one session only, so that its id can be asked for.
        let user = format!("racer{round}");
        let written = places.doors[0].insist(&put_user(&user, "password"));
        assert!(matches!(written.status, 200 | 201), "{}", written.text());
        let tokens = places.log_in(&user);
        let session = session_of(&places.world, &tokens);
        // Where the end stands among the refreshes, and so in which place it happens, is thrown.
        let mut calls = vec![places.doors[0].refresh(&tokens.refresh); 3];
        let at = dice.index(4);
        calls.insert(at, end.call(&places.doors[0], &user, &session, &tokens));
        let mut heard = places.race(&calls);
        let acknowledged = heard.remove(at);
        are_all(&heard, &[200, 400]);
        are_all(std::slice::from_ref(&acknowledged), &[200, 401]);
        let mut pairs = won(&heard);
        first += u32::from(!pairs.is_empty());
        pairs.push(tokens);
        let survivors = [access, refresh].map(|kind| places.living(&pairs, kind).len());
        if acknowledged.status() == 200 {
            ended += 1;
            assert_eq!(survivors, [0, 0], "{end:?} in race {round}");
        } else {
            // A close by an access token that a refresh had replaced, or one the server had no time for.
            assert!(
                survivors[0] <= 1 && survivors[1] <= 1,
                "{end:?}: {survivors:?}"
            );
        }
    }
    size::say("races, of which an end was acknowledged", (races, ended));
    size::say("races in which a refresh came first", first);
});
