//! Any interleaving of what clients, thieves, users and operators do, against a small model of
//! what may live. The model knows nothing of hashes, generations or stores: only who handed out
//! what, in which order.

use grantor_domain::Error;
use grantor_domain::caller::Caller;
use grantor_domain::clients::PasswordSettings;
use grantor_domain::id::SessionId;
use grantor_domain::origin::Origin;
use grantor_domain::reason::Reason;
use grantor_domain::revision::Condition;
use grantor_domain::secret::{Password, TokenValue};
use grantor_domain::time::Lifetime;
use grantor_domain::tokens::TokenResponse;
use grantor_domain::users::{PasswordChange, UserDraft, UserSettings};
use grantor_testkit::World;
use proptest::prelude::*;

use crate::ask::{
    advance, from_client, is_active, myapp, refresh_grant, refresh_of, refused, session_of,
    user_id, with_password, world,
};

const USERS: [&str; 2] = ["user", "amy"];
const ACCESS_LIFE: u32 = 60;
const IDLE_LIFE: u32 = 90;
const REFRESH_LIFE: u32 = 200;

/// One thing that somebody does. Numbers pick among what there is at that moment.
#[derive(Clone, Debug)]
enum Step {
    LogIn {
        user: usize,
    },
    Refresh {
        session: usize,
        token: usize,
    },
    RefreshByStranger {
        session: usize,
        token: usize,
    },
    Use {
        session: usize,
        token: usize,
    },
    Close {
        session: usize,
    },
    Revoke {
        session: usize,
        token: usize,
        by_refresh: bool,
    },
    Disable {
        user: usize,
    },
    Enable {
        user: usize,
    },
    ChangePassword {
        user: usize,
    },
    Wait {
        seconds: u32,
    },
}

fn step() -> impl Strategy<Value = Step> {
    // Recent tokens are the interesting ones, so numbers count from the newest.
    let recent = || prop_oneof![4 => 0_usize..3, 1 => 0_usize..12];
    let session = || prop_oneof![3 => Just(0_usize), 1 => 0_usize..4];
    let user = || 0..USERS.len();
    prop_oneof![
        3 => user().prop_map(|user| Step::LogIn { user }),
        10 => (session(), recent()).prop_map(|(session, token)| Step::Refresh { session, token }),
        1 => (session(), recent()).prop_map(|(session, token)| {
            Step::RefreshByStranger { session, token }
        }),
        6 => (session(), recent()).prop_map(|(session, token)| Step::Use { session, token }),
        1 => session().prop_map(|session| Step::Close { session }),
        1 => (session(), recent(), any::<bool>()).prop_map(|(session, token, by_refresh)| {
            Step::Revoke { session, token, by_refresh }
        }),
        1 => user().prop_map(|user| Step::Disable { user }),
        2 => user().prop_map(|user| Step::Enable { user }),
        1 => user().prop_map(|user| Step::ChangePassword { user }),
        3 => prop_oneof![1_u32..50, 50..70_u32, 85..95_u32, Just(REFRESH_LIFE)]
            .prop_map(|seconds| Step::Wait { seconds }),
    ]
}

/// What the model knows of a session: every pair it handed out, and which of them counts.
struct Modelled {
    id: SessionId,
    user: usize,
    pairs: Vec<(TokenValue, TokenValue)>,
    /// The pair that was replaced by the newest one, and that nobody has used the newest since.
    replaced: Option<usize>,
    dead: bool,
    access_ends: u32,
    idle_ends: u32,
    ends: u32,
}

impl Modelled {
    fn newest(&self) -> usize {
        self.pairs.len() - 1
    }

    fn counted_from_the_newest(&self, number: usize) -> usize {
        self.newest() - number % self.pairs.len()
    }

    fn refresh_lives(&self, now: u32) -> bool {
        !self.dead && now < self.idle_ends.min(self.ends)
    }

    fn access_lives(&self, now: u32) -> bool {
        !self.dead && now < self.access_ends
    }

    fn issue(&mut self, pair: &TokenResponse, now: u32) {
        self.pairs
            .push((pair.access_token.clone(), refresh_of(pair)));
        self.access_ends = now + ACCESS_LIFE;
        self.idle_ends = now + IDLE_LIFE;
    }
}

struct Run {
    world: World,
    now: u32,
    sessions: Vec<Modelled>,
    active: [bool; 2],
    passwords: [String; 2],
}

impl Run {
    fn new() -> Self {
        let world = world();
        let settings = with_password(PasswordSettings {
            refresh_token: true,
            access_token_expiration: Some(Lifetime::from_seconds(ACCESS_LIFE)),
            refresh_token_idle: Some(Lifetime::from_seconds(IDLE_LIFE)),
            refresh_token_expiration: Some(Lifetime::from_seconds(REFRESH_LIFE)),
            ..PasswordSettings::default()
        });
        world.put_client("myapp", Some("verysecret"), settings);
        let passwords = ["password".to_owned(), "amypass".to_owned()];
        Self {
            world,
            now: 0,
            sessions: Vec::new(),
            active: [true; 2],
            passwords,
        }
    }

    /// The session counted from the newest, if there is any.
    fn pick(&self, number: usize) -> Option<usize> {
        let count = self.sessions.len();
        (count > 0).then(|| count - 1 - number % count)
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::LogIn { user } => self.log_in(user),
            Step::Refresh { session, token } => self.refresh(session, token),
            Step::RefreshByStranger { session, token } => self.refresh_by_stranger(session, token),
            Step::Use { session, token } => self.use_access(session, token),
            Step::Close { session } => self.close(session),
            Step::Revoke {
                session,
                token,
                by_refresh,
            } => self.revoke(session, token, by_refresh),
            Step::Disable { user } => self.set_active(user, false),
            Step::Enable { user } => self.set_active(user, true),
            Step::ChangePassword { user } => self.change_password(user),
            Step::Wait { seconds } => {
                advance(&self.world, seconds);
                self.now += seconds;
            }
        }
    }

    fn log_in(&mut self, user: usize) {
        let answer = self.world.log_in(USERS[user], &self.passwords[user]);
        if !self.active[user] {
            assert!(matches!(answer, Err(Error::Refused(Reason::UserDisabled))));
            return;
        }
        let pair = answer.unwrap();
        let mut session = Modelled {
            id: session_of(&self.world, &pair.access_token),
            user,
            pairs: Vec::new(),
            replaced: None,
            dead: false,
            access_ends: 0,
            idle_ends: 0,
            ends: self.now + REFRESH_LIFE,
        };
        session.issue(&pair, self.now);
        self.sessions.push(session);
    }

    fn refresh(&mut self, session: usize, token: usize) {
        let Some(place) = self.pick(session) else {
            return;
        };
        let session = &mut self.sessions[place];
        let shown = session.counted_from_the_newest(token);
        let answer = self.world.refresh(&session.pairs[shown].1);
        let alive = session.refresh_lives(self.now);
        let stolen = shown != session.newest() && session.replaced != Some(shown);
        if alive && stolen {
            assert_eq!(refused(answer), Reason::RefreshTokenReused);
            session.dead = true;
        } else if alive {
            let pair = answer.unwrap();
            session.replaced = Some(shown);
            session.issue(&pair, self.now);
        } else {
            let reason = refused(answer);
            assert!(
                matches!(reason, Reason::SessionClosed | Reason::SessionExpired),
                "{reason:?}"
            );
        }
    }

    fn refresh_by_stranger(&self, session: usize, token: usize) {
        let Some(place) = self.pick(session) else {
            return;
        };
        let session = &self.sessions[place];
        let shown = session.counted_from_the_newest(token);
        let stolen = World::request(refresh_grant(&session.pairs[shown].1));
        let stolen = from_client(stolen, "other", Some("othersecret"));
        let reason = refused(self.world.server.token(&stolen));
        assert_eq!(reason, Reason::RefreshTokenOfAnotherClient);
    }

    fn use_access(&mut self, session: usize, token: usize) {
        let Some(place) = self.pick(session) else {
            return;
        };
        let session = &mut self.sessions[place];
        let shown = session.counted_from_the_newest(token);
        let expected = shown == session.newest() && session.access_lives(self.now);
        assert_eq!(is_active(&self.world, &session.pairs[shown].0), expected);
        if expected {
            session.replaced = None;
        }
    }

    fn close(&mut self, session: usize) {
        let Some(place) = self.pick(session) else {
            return;
        };
        let session = &mut self.sessions[place];
        let closed = self
            .world
            .server
            .close_session(&Caller::operator(), &session.id);
        assert!(closed.unwrap().is_some());
        session.dead = true;
    }

    fn revoke(&mut self, session: usize, token: usize, by_refresh: bool) {
        let Some(place) = self.pick(session) else {
            return;
        };
        let session = &mut self.sessions[place];
        let shown = session.counted_from_the_newest(token);
        let (access, refresh) = &session.pairs[shown];
        let token = if by_refresh { refresh } else { access };
        assert_eq!(
            self.world
                .server
                .revoke(Some(&myapp()), token, &Origin::default()),
            Ok(())
        );
        // An access token that was replaced is revoked already; every refresh token names its session.
        session.dead |= by_refresh || shown == session.newest();
    }

    fn set_active(&mut self, user: usize, active: bool) {
        self.put_user(user, !active, PasswordChange::Keep);
        if self.active[user] && !active {
            self.end_sessions_of(user);
        }
        self.active[user] = active;
    }

    fn change_password(&mut self, user: usize) {
        self.passwords[user].push('x');
        let password = Password::new(self.passwords[user].clone());
        self.put_user(user, !self.active[user], PasswordChange::Set(password));
        self.end_sessions_of(user);
    }

    fn put_user(&self, user: usize, inactive: bool, password: PasswordChange) {
        let id = user_id(USERS[user]);
        let settings = crate::ask::find_user(&self.world, USERS[user])
            .unwrap()
            .settings;
        let draft = UserDraft {
            settings: UserSettings {
                inactive,
                ..settings
            },
            password,
        };
        self.world
            .server
            .put(&Caller::operator(), &id, &draft, Condition::Any)
            .unwrap();
    }

    fn end_sessions_of(&mut self, user: usize) {
        for session in self
            .sessions
            .iter_mut()
            .filter(|session| session.user == user)
        {
            session.dead = true;
        }
    }

    /// Looks at every refresh token ever handed out, and at every access token that was replaced or
    /// is dead. Looking at a live access token would be a use of it, so that is left to the steps.
    fn check(&self) {
        for session in &self.sessions {
            for (place, (access, refresh)) in session.pairs.iter().enumerate() {
                let newest = place == session.newest();
                let expected = newest && session.refresh_lives(self.now);
                assert_eq!(
                    is_active(&self.world, refresh),
                    expected,
                    "refresh token {place}"
                );
                if !(newest && session.access_lives(self.now)) {
                    assert!(
                        !is_active(&self.world, access),
                        "access token {place} is not dead"
                    );
                }
            }
            let found = self
                .world
                .server
                .read_session(&Caller::operator(), &session.id);
            let lives = session.refresh_lives(self.now) || session.access_lives(self.now);
            assert_eq!(self.world.server.is_active(&found.unwrap().unwrap()), lives);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn at_most_one_pair_lives_and_dead_stays_dead(steps in prop::collection::vec(step(), 1..50)) {
        let mut run = Run::new();
        for step in &steps {
            run.take(step);
            run.check();
        }
    }
}
