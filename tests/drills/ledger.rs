//! What was acknowledged, and what must hold for ever after. `docs/how-to/read-a-ledger-violation.md` says how to read
//! what it prints.

use std::fmt::Write as _;
use std::time::Instant;

use serde_json::json;

use crate::door::{Door, Heard, close};
use crate::support::Tokens;
use crate::support::http::Call;

/// How often a server that is well is asked, on a machine that may be busy.
pub(crate) const TRIES: u32 = 1000;

/// What is known of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// The latest pair was acknowledged, and nothing was asked since that could end it.
    Live,
    /// A successor was asked for and nobody knows whether it was made: the same token must get one.
    Refreshing,
    /// Its end was asked for and nobody knows whether it came: either, until it is acknowledged.
    Ending,
    /// Its end was acknowledged.
    Dead,
}

/// A rule that was broken, with everything that led there.
pub(crate) type Verdict = Result<(), String>;

/// A session as whoever was answered knows it.
#[derive(Debug)]
pub(crate) struct Family {
    name: String,
    began: Instant,
    pub(crate) state: State,
    /// Every pair that was acknowledged, the latest last.
    pub(crate) pairs: Vec<Tokens>,
    history: Vec<String>,
}

impl Family {
    pub(crate) fn opened(name: String, began: Instant, tokens: Tokens) -> Self {
        let mut family = Self {
            name,
            began,
            state: State::Live,
            pairs: vec![tokens],
            history: Vec::new(),
        };
        family.note("login -> 200: pair 0 lives");
        family
    }

    pub(crate) fn current(&self) -> &Tokens {
        self.pairs.last().unwrap()
    }

    /// Adds a line to its history.
    pub(crate) fn note(&mut self, what: impl AsRef<str>) {
        let at = self.began.elapsed().as_secs_f64();
        let (state, what) = (self.state, what.as_ref());
        self.history.push(format!("{at:10.4}s {state:?}: {what}"));
    }

    fn violated(&self, rule: &str) -> String {
        let mut text = format!("VIOLATION in {}: {rule}\n", self.name);
        for line in &self.history {
            let _infallible = writeln!(text, "  {line}");
        }
        text
    }

    fn hold(&self, holds: bool, rule: &str) -> Verdict {
        holds.then_some(()).ok_or_else(|| self.violated(rule))
    }

    /// Shows the refresh token of one of its pairs.
    pub(crate) fn refresh(&mut self, door: &Door, pair: usize) -> Verdict {
        let before = self.state;
        let is_current = pair + 1 == self.pairs.len();
        if before == State::Live && is_current {
            self.state = State::Refreshing;
        }
        let heard = door.send(door.refresh(&self.pairs[pair].refresh));
        self.note(format!("refresh with pair {pair} -> {}", heard.status()));
        let Some(answer) = heard.answer() else {
            return Ok(());
        };
        match before {
            State::Dead => {
                self.hold(answer.status != 200, "what is dead was refreshed")?;
                self.hold(answer.status == 400, "a refusal is 400")
            }
            State::Live | State::Refreshing if is_current => {
                let rule =
                    "a refresh token that lives, or whose successor nobody has used, is refreshed";
                self.hold(answer.status == 200, rule)?;
                self.pairs.push(Tokens::of(answer));
                self.state = State::Live;
                let pair = self.pairs.len() - 1;
                self.note(format!("pair {pair} lives"));
                Ok(())
            }
            State::Live | State::Refreshing | State::Ending => Ok(()),
        }
    }

    /// Asks whether the access token of the latest pair lives.
    pub(crate) fn introspect(&mut self, door: &Door) -> Verdict {
        let pair = self.pairs.len() - 1;
        let heard = door.send(door.introspect(&self.current().access));
        let Some(answer) = heard.answer() else {
            self.note(format!("introspect pair {pair} -> {}", heard.status()));
            return Ok(());
        };
        let rule = "introspection answers 200";
        self.hold(answer.status == 200, rule)?;
        let is_active = answer.json()["active"] == true;
        self.note(format!("introspect pair {pair} -> active {is_active}"));
        match self.state {
            State::Live => self.hold(is_active, "what was acknowledged lives"),
            State::Dead => self.hold(!is_active, "what is dead stays dead"),
            State::Refreshing | State::Ending => Ok(()),
        }
    }

    /// Revokes it by the refresh token of its latest pair.
    pub(crate) fn revoke(&mut self, door: &Door) -> Verdict {
        self.end(door, door.revoke(&self.current().refresh), "revoke")
    }

    /// Closes it by the access token of its latest pair, which must live.
    pub(crate) fn close(&mut self, door: &Door) -> Verdict {
        self.end(door, close(&self.current().access), "close")
    }

    fn end(&mut self, door: &Door, call: Call, how: &str) -> Verdict {
        if self.state != State::Dead {
            self.state = State::Ending;
        }
        let heard = door.send(call);
        self.note(format!("{how} -> {}", heard.status()));
        let Some(answer) = heard.answer() else {
            return Ok(());
        };
        self.hold(answer.status == 200, "an end is acknowledged by 200")?;
        self.state = State::Dead;
        Ok(())
    }

    /// Something that ends all of its user's sessions was asked for.
    pub(crate) fn end_of_all(&mut self, how: &str, heard: Option<&Heard>) {
        match heard {
            None if self.state != State::Dead => self.state = State::Ending,
            Some(heard) if heard.status() == 200 => self.state = State::Dead,
            _ => {}
        }
        let status = heard.map_or("sent".to_owned(), |heard| heard.status().to_string());
        self.note(format!("{how} -> {status}"));
    }

    /// Looks at everything it ever had. The server must be well.
    pub(crate) fn judge(&mut self, door: &Door) -> Verdict {
        for _ in 0..TRIES {
            match self.state {
                State::Refreshing => self.refresh(door, self.pairs.len() - 1)?,
                State::Ending => self.revoke(door)?,
                State::Live | State::Dead => break,
            }
        }
        let is_known = matches!(self.state, State::Live | State::Dead);
        self.hold(is_known, "a server that is well answers")?;
        let last = self.pairs.len() - 1;
        // The middle of a long life adds nothing that its ends do not show.
        for pair in (0..=last).filter(|pair| *pair < 2 || pair + 4 > last) {
            let tokens = self.pairs[pair].clone();
            let lives = self.state == State::Live && pair == last;
            for (kind, token) in [("access", &tokens.access), ("refresh", &tokens.refresh)] {
                let answer = door.insist(&door.introspect(token));
                self.hold(answer.status == 200, "introspection answers 200")?;
                let answer = answer.json();
                let is_active = answer["active"] == true;
                if is_active != lives {
                    self.note(format!("{kind} token of pair {pair} -> active {is_active}"));
                }
                self.hold(is_active || !lives, "what was acknowledged lives")?;
                self.hold(!is_active || lives, "what is dead stays dead")?;
                self.hold(
                    is_active || answer == json!({ "active": false }),
                    "of what is dead nothing else is said",
                )?;
            }
        }
        if self.state == State::Dead {
            self.refresh(door, last)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::{Setup, Store};

    fn of_a_new_session(spoil: impl FnOnce(&mut Family, &Door)) -> String {
        let world = Setup::on(Store::Sqlite).start();
        let door = Door::to(&world.http);
        let tokens = world.myapp().log_in("user");
        let mut family = Family::opened("a session".to_owned(), Instant::now(), tokens);
        family.judge(&door).unwrap();
        spoil(&mut family, &door);
        family.judge(&door).unwrap_err()
    }

    #[test]
    fn what_was_lost_is_seen_with_its_history() {
        let told = of_a_new_session(|family, door| {
            door.insist(&close(&family.current().access));
        });
        assert!(told.contains("what was acknowledged lives"), "{told}");
        assert!(told.contains("login -> 200"), "{told}");
    }

    #[test]
    fn what_came_back_is_seen() {
        let told = of_a_new_session(|family, _| family.state = State::Dead);
        assert!(told.contains("what is dead stays dead"), "{told}");
    }

    #[test]
    fn a_second_branch_is_seen() {
        let told = of_a_new_session(|family, _| {
            let branch = family.current().clone();
            family.pairs.push(branch);
        });
        assert!(told.contains("what is dead stays dead"), "{told}");
    }
}
