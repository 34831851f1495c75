//! The signing keys: there, opened by the master key, and not too old.

use grantor_domain::keys::{KeyState, ListedKey};
use grantor_domain::time::Timestamp;
use grantor_persistence::Persistence;

use crate::config::Config;
use crate::wiring::{self, Machine};

use super::Report;

const CHECK: &str = "keys";

pub(super) fn examine(
    config: &Config,
    persistence: &Persistence,
    machine: &Machine,
    report: &mut Report,
) {
    match wiring::read_keys(config, persistence, machine) {
        Err(failure) => report.error(
            CHECK,
            failure.to_string(),
            "put the master key back that the store was used with; docs/how-to/rotate-keys.md says what to \
             do when it is lost",
        ),
        Ok(ring) => {
            let now = machine.clock.now();
            judge(&ListedKey::all(&ring.lives(), now), now, report);
        }
    }
}

fn judge(keys: &[ListedKey], now: Timestamp, report: &mut Report) {
    if keys.is_empty() {
        report.ok(CHECK, "there is none yet: the server makes the first");
        return;
    }
    let in_state = |state: KeyState| keys.iter().filter(move |key| key.state == state);
    let next = in_state(KeyState::Next).count();
    let Some(signing) = in_state(KeyState::Signing).next() else {
        let remedy =
            "compare the clock of this machine with that of the others; `grantor keys list`";
        report.error(CHECK, "no key signs now", remedy);
        return;
    };
    let kid = &signing.life.kid;
    let days = (now.as_seconds() - signing.life.sign_from.as_seconds()) / 86_400;
    let says = format!("{kid} has signed for {days} days, and {next} are next");
    if signing.rotate_by.is_some_and(|by| by <= now) {
        report.warning(CHECK, says, "run `grantor keys rotate`");
    } else {
        report.ok(CHECK, says);
    }
}

#[cfg(test)]
mod tests {
    use grantor_domain::keys::{KeyLife, SigningAlgorithm};

    use super::super::State;
    use super::*;

    fn state_after(days: i64, sign_from: i64) -> State {
        let life = KeyLife {
            kid: "k".into(),
            algorithm: SigningAlgorithm::Es256,
            created: Timestamp::from_seconds(0),
            sign_from: Timestamp::from_seconds(sign_from),
            ends: None,
        };
        let now = Timestamp::from_seconds(days * 86_400);
        let mut report = Report::default();
        judge(&ListedKey::all(&[life], now), now, &mut report);
        report.findings()[0].state
    }

    #[test]
    fn a_key_should_sign_for_a_year() {
        assert_eq!(state_after(364, 0), State::Ok);
        assert_eq!(state_after(365, 0), State::Warning);
    }

    #[test]
    fn one_that_will_sign_is_not_one_that_does() {
        assert_eq!(state_after(1, 2 * 86_400), State::Error);
    }
}
