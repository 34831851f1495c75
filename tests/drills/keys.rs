//! P16: signing keys are rotated while tokens are issued in two places and verified by what both publish.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::crowd::unthrottled;
use crate::dice::Dice;
use crate::door::{Door, client_of};
use crate::size;
use crate::support::http::Http;
use crate::support::jwt::{decode, published_by, verify_with};
use crate::support::settings::ISSUER;
use crate::support::{Setup, Store, Tokens, World};

const CLIENT: (&str, &str) = ("signed", "s3cret-of-signed");
/// How long a key is published before it signs, in seconds.
const LEAD: u32 = 6;
/// How long the verifier believes what it read.
const CACHED: Duration = Duration::from_secs(2);
/// How long a rotation may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A resource server that reads the keys of one place now and then.
struct Verifier {
    place: Http,
    keys: Vec<Value>,
    read: Instant,
}

impl Verifier {
    fn at(place: &Http) -> Self {
        Self {
            keys: published_by(place),
            place: place.clone(),
            read: Instant::now(),
        }
    }

    fn verify(&mut self, token: &str) {
        if self.read.elapsed() > CACHED {
            self.read = Instant::now();
            self.keys = published_by(&self.place);
        }
        let kept = verify_with(&self.keys, token, ISSUER);
        assert!(kept.is_ok(), "by what was published: {kept:?}");
        let now = verify_with(&published_by(&self.place), token, ISSUER);
        assert!(now.is_ok(), "by what is published now: {now:?}");
    }
}

fn kid(token: &str) -> String {
    decode(token).header["kid"].as_str().unwrap().to_owned()
}

/// Issues in one place or the other, and verifies that token and an old one in both, until another key signs.
fn until_another_signs(
    doors: &[Door],
    verifiers: &mut [Verifier],
    old: &mut Vec<String>,
    dice: &mut Dice,
) -> u32 {
    let signing = kid(old.last().unwrap());
    let (deadline, mut verified) = (Instant::now() + PATIENCE, 0);
    // Both must sign with it before it is superseded in its turn.
    let mut seen = vec![false; doors.len()];
    while seen.contains(&false) {
        assert!(Instant::now() < deadline, "no other key signs");
        let place = dice.index(doors.len());
        let answer = doors[place].insist(&doors[place].login("user", "password"));
        let token = Tokens::of(&answer).access;
        seen[place] |= kid(&token) != signing;
        let earlier = old[dice.index(old.len())].clone();
        for verifier in &mut *verifiers {
            verifier.verify(&token);
            verifier.verify(&earlier);
            verified += 2;
        }
        old.push(token);
    }
    verified
}

fn rotate(world: &World) {
    world.setup.run(&["keys", "rotate"]).ok();
}

#[test]
fn every_token_verifies_everywhere_while_keys_are_rotated() {
    let mut dice = Dice::of(9000);
    let setup = unthrottled(Setup::on(Store::Postgres))
        .set("keys.publish_lead", &LEAD.to_string())
        .set("sessions.reap_interval", "1");
    let world = setup.start();
    world.register(CLIENT.0, &client_of(CLIENT.1, "jwt"));
    let replica = world.replica();
    let here = Door::of_client(&world.http, CLIENT.0, CLIENT.1);
    let doors = [here.clone(), here.moved_to(&replica.http)];
    let mut verifiers = [Verifier::at(&world.http), Verifier::at(&replica.http)];
    let first = Tokens::of(&here.insist(&here.login("user", "password")));
    let (mut old, mut verified) = (vec![first.access], 0);
    let rotations = size::count(1);
    for _ in 0..rotations {
        rotate(&world);
        verified += until_another_signs(&doors, &mut verifiers, &mut old, &mut dice);
    }
    size::say("rotations", rotations);
    size::say("tokens issued, and verifications", (old.len(), verified));
}
