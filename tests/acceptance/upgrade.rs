//! Two programs on one Postgres, while one takes the place of the other.
//!
//! `cargo xtask upgrade --from REV` runs this with the program of another revision as the one before; the test
//! command with the same program on both sides, which shows the order of steps and nothing of the schema.

use serde_json::json;

use crate::support::http::Http;
use crate::support::server::Replica;
use crate::support::{Call, Setup, Store, Tokens};

/// What was acknowledged, by whichever program.
#[derive(Default)]
struct Ledger {
    live: Vec<Tokens>,
    dead: Vec<String>,
}

fn send(http: &Http, path: &str, fields: &[(&str, &str)]) -> crate::support::Answer {
    http.send(Call::post(path).basic("myapp", "verysecret").form(fields))
}

fn log_in(http: &Http) -> Tokens {
    let fields = [
        ("grant_type", "password"),
        ("username", "user"),
        ("password", "password"),
    ];
    Tokens::of(&send(http, "/auth/token", &fields))
}

impl Ledger {
    /// A new session, one of before that is refreshed, and one that is ended.
    #[track_caller]
    fn work(&mut self, http: &Http) {
        for _ in 0..3 {
            self.live.push(log_in(http));
        }
        let before = self.live.remove(0);
        let fields = [
            ("grant_type", "refresh_token"),
            ("refresh_token", before.refresh.as_str()),
        ];
        self.live
            .push(Tokens::of(&send(http, "/auth/token", &fields)));
        self.dead.push(before.access);
        let ended = self.live.remove(0);
        send(http, "/auth/revoke", &[("token", &ended.access)]).expect(200);
        self.dead.extend([ended.access, ended.refresh]);
    }

    /// Each program says the same, and what was acknowledged.
    #[track_caller]
    fn holds(&self, programs: &[&Http]) {
        for http in programs {
            let active = |token: &str| {
                let answer = send(http, "/auth/introspect", &[("token", token)]);
                answer.expect(200).json()["active"].clone()
            };
            for tokens in &self.live {
                assert_eq!(active(&tokens.access), json!(true));
                assert_eq!(active(&tokens.refresh), json!(true));
            }
            for dead in &self.dead {
                assert_eq!(active(dead), json!(false));
            }
        }
    }
}

#[test]
fn the_program_before_and_this_one_work_on_one_schema_and_nothing_is_lost() {
    let old = Setup::on(Store::Postgres).with_program_before().start();
    let mut ledger = Ledger::default();
    ledger.work(&old.http);
    let mut this = old.setup.command_of_this(&["migrate"]);
    assert!(
        this.status().unwrap().success(),
        "the old one serves on meanwhile"
    );
    ledger.work(&old.http);
    let new: Replica = old.replica_of_this();
    for _ in 0..3 {
        ledger.work(&old.http);
        ledger.work(&new.http);
        ledger.holds(&[&old.http, &new.http]);
    }
    // Back and forth: the one before starts on the schema of this one.
    let old = old.restart(|setup| setup.set("database.migrate_on_start", "false"));
    ledger.work(&old.http);
    ledger.holds(&[&old.http, &new.http]);
    drop(new);
    ledger.holds(&[&old.http]);
    let new = old.restart(Setup::with_this_program);
    ledger.work(&new.http);
    ledger.holds(&[&new.http]);
    new.setup.run(&["audit", "verify"]).ok();
}
