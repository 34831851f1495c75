//! Somebody who logs in, refreshes, asks and ends, and keeps a ledger of it.

use std::time::Instant;

use crate::dice::Dice;
use crate::door::{Door, put_user};
use crate::ledger::{Family, State, TRIES, Verdict};
use crate::support::Tokens;
use crate::support::actors::TOKEN;
use crate::support::http::Call;

/// The client with JWTs.
pub(crate) const SIGNED: (&str, &str) = ("signed", "s3cret-of-signed");
/// The client with opaque tokens.
pub(crate) const PLAIN: (&str, &str) = ("plain", "s3cret-of-plain");
/// Sessions an actor keeps open at most.
const MOST: usize = 8;

/// A user and its client.
pub(crate) struct Actor {
    name: String,
    user: String,
    client: (&'static str, &'static str),
    password: String,
    /// What the password is, should the change that was asked for have come about.
    next_password: Option<String>,
    changes: u32,
    opened: u32,
    dice: Dice,
    began: Instant,
    open: Vec<Family>,
    ended: Vec<Family>,
    /// How many of those that ended were judged since.
    judged: usize,
    pub(crate) violations: Vec<String>,
}

impl Actor {
    pub(crate) fn new(number: u64, began: Instant) -> Self {
        Self {
            name: format!("actor {number}"),
            user: format!("actor{number}"),
            client: if number.is_multiple_of(2) {
                PLAIN
            } else {
                SIGNED
            },
            password: "password-0".to_owned(),
            next_password: None,
            changes: 0,
            opened: 0,
            dice: Dice::of(number),
            began,
            open: Vec::new(),
            ended: Vec::new(),
            judged: 0,
            violations: Vec::new(),
        }
    }

    /// Writes its user.
    pub(crate) fn enrol(&self, door: &Door) {
        let answer = door.insist(&put_user(&self.user, &self.password));
        assert!(
            matches!(answer.status, 200 | 201),
            "{} {}",
            answer.status,
            answer.text()
        );
    }

    /// Does one thing.
    pub(crate) fn act(&mut self, door: &Door) {
        let door = &door.as_client(self.client.0, self.client.1);
        let verdict = match self.dice.below(100) {
            0..25 => self.log_in(door),
            25..58 => self.with_one(door, |family, door| match family.state {
                State::Ending => family.revoke(door),
                _ => family.refresh(door, family.pairs.len() - 1),
            }),
            58..72 => self.with_one(door, Family::introspect),
            72..78 => self.with_one(door, Family::revoke),
            78..84 => self.with_one(door, |family, door| match family.state {
                State::Live => family.close(door),
                _ => family.revoke(door),
            }),
            84..91 => self.try_the_dead(door),
            91..95 => self.credentials(door),
            95..98 => self.guess(door),
            _ => self.change_password(door),
        };
        self.violations.extend(verdict.err());
    }

    /// Judges every session it has; the door must be to a server that is well.
    pub(crate) fn judge(&mut self, door: &Door) {
        let door = &door.as_client(self.client.0, self.client.1);
        let already = self.judged;
        for _ in 0..5.min(already) {
            let index = self.dice.index(already);
            self.violations.extend(self.ended[index].judge(door).err());
        }
        self.judge_ended_from(already, door);
        for family in &mut self.open {
            self.violations.extend(family.judge(door).err());
        }
        self.put_ended_away();
        self.judged = self.ended.len();
    }

    /// Judges everything there ever was.
    pub(crate) fn judge_all(&mut self, door: &Door) {
        self.judge(door);
        let door = &door.as_client(self.client.0, self.client.1);
        self.judge_ended_from(0, door);
    }

    fn judge_ended_from(&mut self, first: usize, door: &Door) {
        for family in &mut self.ended[first..] {
            self.violations.extend(family.judge(door).err());
        }
    }

    /// How many sessions it opened.
    pub(crate) const fn opened(&self) -> u32 {
        self.opened
    }

    /// A door for its client, and what lives of it.
    pub(crate) fn live(&self, door: &Door) -> (Door, Vec<Tokens>) {
        let live = self.open.iter();
        let live = live.filter(|family| family.state == State::Live);
        let tokens = live.map(|family| family.current().clone()).collect();
        (door.as_client(self.client.0, self.client.1), tokens)
    }

    fn log_in(&mut self, door: &Door) -> Verdict {
        if self.open.len() >= MOST || self.next_password.is_some() {
            return self.with_one(door, Family::revoke);
        }
        let heard = door.send(door.login(&self.user, &self.password));
        match heard.answer() {
            None => Ok(()),
            Some(answer) if answer.status == 200 => {
                let name = format!("{}, session {}", self.name, self.opened);
                self.opened += 1;
                let tokens = Tokens::of(answer);
                self.open.push(Family::opened(name, self.began, tokens));
                Ok(())
            }
            Some(answer) => Err(format!(
                "VIOLATION: the right password of {} was answered {} {}",
                self.user,
                answer.status,
                answer.text()
            )),
        }
    }

    fn with_one(
        &mut self,
        door: &Door,
        act: impl FnOnce(&mut Family, &Door) -> Verdict,
    ) -> Verdict {
        if self.open.is_empty() {
            return self.credentials(door);
        }
        let index = self.dice.index(self.open.len());
        let verdict = act(&mut self.open[index], door);
        self.put_ended_away();
        verdict
    }

    fn try_the_dead(&mut self, door: &Door) -> Verdict {
        if self.ended.is_empty() {
            return self.credentials(door);
        }
        let index = self.dice.index(self.ended.len());
        let family = &mut self.ended[index];
        let pair = self.dice.index(family.pairs.len());
        family.refresh(door, pair)?;
        family.introspect(door)
    }

    fn credentials(&self, door: &Door) -> Verdict {
        let (id, secret) = self.client;
        let call = Call::post(TOKEN).basic(id, secret);
        let heard = door.send(call.form(&[("grant_type", "client_credentials")]));
        match heard.answer() {
            Some(answer) if answer.status != 200 => Err(format!(
                "VIOLATION: client {id} was answered {} {}",
                answer.status,
                answer.text()
            )),
            _ => Ok(()),
        }
    }

    fn guess(&self, door: &Door) -> Verdict {
        let heard = door.send(door.login(&self.user, "not-the-password"));
        match heard.answer() {
            Some(answer) if answer.status != 400 => Err(format!(
                "VIOLATION: a wrong password of {} was answered {} {}",
                self.user,
                answer.status,
                answer.text()
            )),
            _ => Ok(()),
        }
    }

    /// Ends all of its sessions. One that was not acknowledged is asked for again.
    fn change_password(&mut self, door: &Door) -> Verdict {
        let next = self.next_password.take().unwrap_or_else(|| {
            self.changes += 1;
            format!("password-{}", self.changes)
        });
        for family in &mut self.open {
            family.end_of_all("the password is changed", None);
        }
        let heard = door.send(put_user(&self.user, &next));
        for family in &mut self.open {
            family.end_of_all("the password is changed", Some(&heard));
        }
        self.put_ended_away();
        match heard.answer() {
            Some(answer) if answer.status == 200 => {
                self.password = next;
                Ok(())
            }
            Some(answer) => Err(format!(
                "VIOLATION: a change of a password was answered {} {}",
                answer.status,
                answer.text()
            )),
            None => {
                self.next_password = Some(next);
                Ok(())
            }
        }
    }

    /// Settles a change of the password that nobody knows about.
    pub(crate) fn settle(&mut self, door: &Door) {
        for _ in 0..TRIES {
            if self.next_password.is_none() {
                return;
            }
            let verdict = self.change_password(door);
            self.violations.extend(verdict.err());
        }
        panic!("the password of {} cannot be changed", self.user);
    }

    fn put_ended_away(&mut self) {
        let (ended, open) = std::mem::take(&mut self.open)
            .into_iter()
            .partition::<Vec<_>, _>(|family| family.state == State::Dead);
        self.open = open;
        self.ended.extend(ended);
    }
}
