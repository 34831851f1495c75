//! The same thing over and over, on some threads at once.

use std::sync::Barrier;
use std::time::{Duration, Instant};

use crate::failure::{Failure, Outcome};
use crate::process;

/// How quickly it goes.
#[derive(Clone, Copy)]
pub(crate) struct Rate {
    /// How often a second, on all threads.
    pub(crate) per_second: f64,
    /// CPU time of this process by each, in milliseconds.
    pub(crate) cpu_milliseconds: f64,
}

impl Rate {
    /// The mean of two measurements, taken before and after something else.
    pub(crate) fn mean(before: Self, after: Self) -> Self {
        Self {
            per_second: f64::midpoint(before.per_second, after.per_second),
            cpu_milliseconds: f64::midpoint(before.cpu_milliseconds, after.cpu_milliseconds),
        }
    }
}

/// Does on each of some threads, for so long but at least once, what `prepare` made for it. Each call is to answer how
/// much it did. The clock runs when all threads are prepared.
pub(super) fn measure<W>(
    threads: usize,
    duration: Duration,
    prepare: impl Fn() -> Outcome<W> + Sync,
) -> Outcome<Rate>
where
    W: FnMut() -> Outcome<u32>,
{
    let prepared = Barrier::new(threads);
    let on_one_thread = || -> Outcome<(f64, f64)> {
        let work = prepare();
        // A thread that failed to prepare must not keep the others waiting.
        prepared.wait();
        repeat(work?, duration)
    };
    let cpu = process::cpu_time("self")?;
    let (done, per_second) = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(on_one_thread)).collect();
        running.into_iter().try_fold((0.0, 0.0), |sum, thread| {
            let one = thread
                .join()
                .map_err(|_| Failure::new("a thread of a ceiling panicked"))??;
            Ok::<_, Failure>((sum.0 + one.0, sum.1 + one.1))
        })
    })?;
    let cpu = process::cpu_time("self")?.saturating_sub(cpu);
    Ok(Rate {
        per_second,
        cpu_milliseconds: cpu.as_secs_f64() * 1000.0 / done,
    })
}

/// Answers how much was done, and how much of it a second.
fn repeat(mut work: impl FnMut() -> Outcome<u32>, duration: Duration) -> Outcome<(f64, f64)> {
    let started = Instant::now();
    let mut done = 0.0;
    loop {
        done += f64::from(work()?);
        let elapsed = started.elapsed();
        if elapsed >= duration {
            return Ok((done, done / elapsed.as_secs_f64()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thread_works_at_least_once() {
        let rate = measure(2, Duration::ZERO, || Ok(|| Ok(1))).unwrap();
        assert!(rate.per_second > 0.0);
    }

    #[test]
    fn a_thread_that_cannot_begin_ends_the_measurement() {
        let broken = || Err::<fn() -> Outcome<u32>, _>(Failure::new("no connection"));
        assert!(measure(2, Duration::ZERO, broken).is_err());
    }
}
