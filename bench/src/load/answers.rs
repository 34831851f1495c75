//! How the server stood a load.

use std::time::Duration;

use serde::Deserialize;

/// What the script of `wrk` says.
#[derive(Deserialize)]
struct Said {
    requests: u64,
    duration_us: u64,
    p50_us: u64,
    p99_us: u64,
    above_399: u64,
    wanted: u64,
    busy: u64,
    broken: u64,
}

/// How the server stood it.
#[derive(Clone, Copy)]
pub(crate) struct Answers {
    /// Answers of any status.
    pub(crate) requests: u64,
    duration_us: u64,
    p50_us: u64,
    p99_us: u64,
    /// Answers with another status than is wanted: above 399, where nothing else is said.
    pub(crate) refused: u64,
    /// Answers 503 among them; counted only for a load with pauses.
    pub(crate) busy: u64,
    /// Requests that were not answered.
    pub(crate) broken: u64,
}

impl Answers {
    /// Reads a line of the script, for a load of which another status than one below 400 may be wanted.
    pub(super) fn read(line: &str, wanted: Option<u16>) -> serde_json::Result<Self> {
        let said: Said = serde_json::from_str(line)?;
        Ok(Self {
            requests: said.requests,
            duration_us: said.duration_us,
            p50_us: said.p50_us,
            p99_us: said.p99_us,
            refused: match wanted {
                Some(_) => said.requests.saturating_sub(said.wanted),
                None => said.above_399,
            },
            busy: said.busy,
            broken: said.broken,
        })
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts and microseconds of a bench are small"
)]
impl Answers {
    pub(crate) fn per_second(&self) -> f64 {
        self.requests as f64 * 1e6 / self.duration_us as f64
    }

    /// Answers with a wanted status a second.
    pub(crate) fn good_per_second(&self) -> f64 {
        self.requests.saturating_sub(self.refused) as f64 * 1e6 / self.duration_us as f64
    }

    pub(crate) fn p50_milliseconds(&self) -> f64 {
        self.p50_us as f64 / 1000.0
    }

    pub(crate) fn p99_milliseconds(&self) -> f64 {
        self.p99_us as f64 / 1000.0
    }

    /// CPU time by request, in milliseconds.
    pub(crate) fn share(&self, cpu: Duration) -> f64 {
        cpu.as_secs_f64() * 1000.0 / self.requests as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"requests":10,"duration_us":2000000,"p50_us":1,"p99_us":2,"above_399":9,"wanted":8,
        "busy":0,"broken":0}"#;

    #[test]
    fn an_answer_above_399_is_a_refusal() {
        assert_eq!(Answers::read(LINE, None).unwrap().refused, 9);
    }

    #[test]
    fn where_a_refusal_is_wanted_every_other_answer_is_not() {
        let answers = Answers::read(LINE, Some(400)).unwrap();
        assert_eq!((answers.refused, answers.good_per_second()), (2, 4.0));
    }
}
