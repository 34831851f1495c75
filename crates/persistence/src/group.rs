//! Doing together what several threads want done at the same time.

use std::collections::VecDeque;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Jobs of several threads, done in batches: whoever comes while nobody leads does all that wait, its own
/// among them, and answers each. Nobody waits for company: a batch is what came while the one before it
/// was done.
pub(crate) struct Group<J, T> {
    state: Mutex<State<J, T>>,
    /// Most threads that lead at once.
    leaders: usize,
    /// Most jobs of a batch.
    most: usize,
}

struct State<J, T> {
    waiting: VecDeque<Waiting<J, T>>,
    leading: usize,
}

struct Waiting<J, T> {
    job: J,
    turn: Sender<Turn<T>>,
}

/// What a waiting thread is told.
enum Turn<T> {
    /// Its job is done.
    Done(T),
    /// It is the first of those who wait, and leads.
    Lead,
}

impl<J, T> Group<J, T> {
    /// At most so many threads lead at once, and do so many jobs in a batch.
    pub(crate) const fn new(leaders: usize, most: usize) -> Self {
        Self {
            state: Mutex::new(State {
                waiting: VecDeque::new(),
                leading: 0,
            }),
            leaders,
            most,
        }
    }

    /// Has a job done, by this thread or another. `work` answers each job of a batch, in order. `None`:
    /// whoever led panicked, and nobody knows what was done.
    pub(crate) fn run(&self, job: J, work: impl Fn(Vec<J>) -> Vec<T>) -> Option<T> {
        let (turns, leads) = self.join(job);
        if leads {
            self.lead(&work);
        }
        loop {
            match turns.recv().ok()? {
                Turn::Done(outcome) => return Some(outcome),
                Turn::Lead => self.lead(&work),
            }
        }
    }

    /// Waits with a job. Whether this thread leads: then its job is the first, for while anybody waits,
    /// there are as many leaders as there may be.
    fn join(&self, job: J) -> (Receiver<Turn<T>>, bool) {
        let (turn, turns) = mpsc::channel();
        let mut state = self.lock();
        state.waiting.push_back(Waiting { job, turn });
        let leads = state.leading < self.leaders;
        state.leading += usize::from(leads);
        (turns, leads)
    }

    fn lead(&self, work: &impl Fn(Vec<J>) -> Vec<T>) {
        let lead = Lead(self);
        let (jobs, turns): (Vec<J>, Vec<Sender<Turn<T>>>) = self
            .next_batch()
            .into_iter()
            .map(|one| (one.job, one.turn))
            .unzip();
        let outcomes = work(jobs);
        // The next batch begins before the threads of this one wake up.
        drop(lead);
        for (turn, outcome) in turns.into_iter().zip(outcomes) {
            let _whoever_waited_is_gone = turn.send(Turn::Done(outcome));
        }
    }

    fn next_batch(&self) -> Vec<Waiting<J, T>> {
        let mut state = self.lock();
        let size = state.waiting.len().min(self.most);
        state.waiting.drain(..size).collect()
    }

    fn lock(&self) -> MutexGuard<'_, State<J, T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Being one of the leaders. When it ends, however it ends, the first of those who wait leads.
struct Lead<'a, J, T>(&'a Group<J, T>);

impl<J, T> Drop for Lead<'_, J, T> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        match state.waiting.front() {
            Some(first) => {
                let _it_waits_for_this = first.turn.send(Turn::Lead);
            }
            None => state.leading -= 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    #[test]
    fn one_alone_is_done_at_once() {
        let group = Group::new(1, 8);
        let double = |jobs: Vec<u32>| jobs.into_iter().map(|job| job * 2).collect();
        assert_eq!(group.run(4, double), Some(8));
        assert_eq!(group.run(5, double), Some(10));
    }

    /// The first leaders do nothing until all others wait.
    fn crowd(leaders: usize, most: usize, size: usize) -> (Vec<(usize, usize)>, Vec<usize>) {
        let group = Arc::new(Group::new(leaders, most));
        let batches = Arc::new(Mutex::new(Vec::new()));
        let all_wait = Arc::new(AtomicBool::new(false));
        let run = |number: usize| {
            let (group, batches) = (Arc::clone(&group), Arc::clone(&batches));
            let all_wait = Arc::clone(&all_wait);
            move || {
                let outcome = group.run(number, |jobs| {
                    until(|| all_wait.load(Ordering::SeqCst));
                    batches.lock().unwrap().push(jobs.len());
                    jobs.iter().map(|job| job * 10).collect()
                });
                (number, outcome.unwrap())
            }
        };
        let first: Vec<_> = (0..leaders).map(|one| thread::spawn(run(one))).collect();
        until(|| {
            let state = group.lock();
            state.leading == leaders && state.waiting.is_empty()
        });
        let others = leaders..leaders + size;
        let others: Vec<_> = others.map(|one| thread::spawn(run(one))).collect();
        until(|| group.lock().waiting.len() == size);
        all_wait.store(true, Ordering::SeqCst);
        let all = first.into_iter().chain(others);
        let outcomes = all.map(|one| one.join().unwrap()).collect();
        assert_eq!(group.lock().leading, 0);
        let batches = batches.lock().unwrap().clone();
        (outcomes, batches)
    }

    fn until(holds: impl Fn() -> bool) {
        while !holds() {
            thread::yield_now();
        }
    }

    #[test]
    fn who_waits_is_done_together_and_each_gets_its_own_answer() {
        let (outcomes, batches) = crowd(1, 8, 20);
        assert_eq!(outcomes.len(), 21);
        assert!(outcomes.iter().all(|(job, outcome)| *outcome == job * 10));
        assert_eq!(batches, [1, 8, 8, 4]);
    }

    #[test]
    fn several_lead_at_once() {
        let (outcomes, batches) = crowd(2, 64, 30);
        assert!(outcomes.iter().all(|(job, outcome)| *outcome == job * 10));
        assert_eq!(batches.iter().sum::<usize>(), 32);
    }

    #[test]
    fn a_leader_that_panics_leaves_the_lead_to_the_next() {
        let group: Arc<Group<usize, usize>> = Arc::new(Group::new(1, 8));
        let led = Arc::new(AtomicUsize::new(0));
        let run = |number: usize| {
            let (group, led) = (Arc::clone(&group), Arc::clone(&led));
            move || {
                group.run(number, |jobs| {
                    led.fetch_add(1, Ordering::SeqCst);
                    until(|| number != 0 || !group.lock().waiting.is_empty());
                    assert!(number != 0, "on purpose");
                    jobs
                })
            }
        };
        let first = thread::spawn(run(0));
        until(|| led.load(Ordering::SeqCst) > 0);
        let second = thread::spawn(run(1));
        assert!(first.join().is_err());
        assert_eq!(second.join().unwrap(), Some(1));
        assert_eq!(group.run(2, |jobs| jobs), Some(2));
    }
}
