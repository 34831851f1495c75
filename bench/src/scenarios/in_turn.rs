//! Two servers that are asked the same in turn, so that both have the same to bear from whatever else runs.

use crate::failure::{Context as _, Outcome};
use crate::load::Load;
use crate::server::Server;

use super::Bench;
use super::measure::Measured;

/// How often each is asked.
const ROUNDS: u32 = 3;

/// The rounds of one server. What else runs only takes away, so the least of them counts.
#[derive(Default)]
pub(super) struct Rounds(Vec<Measured>);

impl Rounds {
    /// The round with the least median time.
    pub(super) fn quickest(&self) -> Outcome<&Measured> {
        let time = |round: &&Measured| round.answers.p50_milliseconds();
        let mut rounds: Vec<_> = self.0.iter().collect();
        rounds.sort_by(|one, other| time(one).total_cmp(&time(other)));
        rounds.first().copied().context("nothing was measured")
    }

    /// The least of a value, whichever round it is of.
    pub(super) fn least(&self, value: impl Fn(&Measured) -> f64) -> f64 {
        self.0.iter().map(value).fold(f64::INFINITY, f64::min)
    }
}

impl Bench<'_> {
    pub(super) fn in_turn(&self, sides: [(&Server, Load<'_>); 2]) -> Outcome<[Rounds; 2]> {
        let mut both = [Rounds::default(), Rounds::default()];
        for round in 0..ROUNDS {
            for ((server, load), rounds) in sides.iter().zip(&mut both) {
                if round == 0 {
                    self.loader.run(load, self.settings.pace.warm_up)?;
                    server.settle()?;
                }
                let measured = self.measure_warm(server, load, self.settings.pace.round)?;
                rounds.0.push(measured);
            }
        }
        Ok(both)
    }
}
