//! Threads that do nothing but hash passwords, with a bounded queue and a bounded wait.
//!
//! A waiting job belongs to the queue. A thread that takes it out must do it; a caller that takes
//! it out has given up. Both do so under the one lock, so exactly one of them succeeds.

use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle, Thread};
use std::time::Duration;

use grantor_domain::fault::Fault;
use grantor_domain::ports::{Import, PasswordCheck, PasswordHasher, Randomness};
use grantor_domain::secret::{Password, PasswordHash};

use rustix::process::nice;

use crate::argon2_hasher::{Argon2Hasher, Cost, InvalidCost, SALT_LENGTH};
use crate::imported;
use crate::measure::{Shed, Waiting};

/// What hashes cost, and how many of them at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HashPoolOptions {
    /// Memory of a hash, in KiB.
    pub m_cost: u32,
    /// Passes over that memory.
    pub t_cost: u32,
    /// Lanes.
    pub p_cost: u32,
    /// Threads, and so hashes at once. Each keeps `m_cost` KiB.
    pub threads: usize,
    /// How many more may wait.
    pub queue: usize,
    /// Longest wait for a thread to begin.
    pub max_wait: Duration,
}

/// Why a pool did not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HashPoolError {
    /// The costs are not ones that can be paid. The text names their limits.
    #[error("{0}")]
    Cost(String),
    /// There must be at least one thread and one place in the queue.
    #[error("a hash pool needs at least one thread and one place in its queue")]
    Empty,
    /// The system gave no thread.
    #[error("a hashing thread cannot start: {0}")]
    Thread(#[source] io::Error),
}

impl From<InvalidCost> for HashPoolError {
    fn from(error: InvalidCost) -> Self {
        Self::Cost(error.to_string())
    }
}

/// Hashes and compares passwords on its own threads, first come, first served. The calling thread
/// waits for its answer. Dropping the pool stops its threads.
pub struct HashPool {
    queue: Arc<Queue>,
    threads: Vec<JoinHandle<()>>,
    max_wait: Duration,
    randomness: Arc<dyn Randomness>,
}

type Work = Box<dyn FnOnce(&mut Argon2Hasher) + Send>;

struct Job {
    number: u64,
    work: Work,
}

struct Queue {
    places: usize,
    state: Mutex<QueueState>,
}

/// What a thread does next.
enum Next {
    Job(Job),
    Idle,
    Stop,
}

/// How far hashing stands back behind everything else on the machine.
const NICENESS: i32 = 5;

/// How long a thread keeps the memory of its last hash. Filling it anew costs a few milliseconds.
const IDLE: Duration = Duration::from_secs(10);

#[derive(Default)]
struct QueueState {
    jobs: VecDeque<Job>,
    next_number: u64,
    stopping: bool,
    /// Threads without work, the one that worked last at the end: its memory is still in the caches.
    idle: Vec<Thread>,
}

impl HashPool {
    /// Starts the threads.
    ///
    /// # Errors
    /// [`HashPoolError`] when the options make no sense or the system gives no thread.
    pub fn start(
        options: &HashPoolOptions,
        randomness: Arc<dyn Randomness>,
    ) -> Result<Self, HashPoolError> {
        if options.threads == 0 || options.queue == 0 {
            return Err(HashPoolError::Empty);
        }
        let cost = Cost {
            memory: options.m_cost,
            passes: options.t_cost,
            lanes: options.p_cost,
        };
        let mut pool = Self {
            queue: Arc::new(Queue {
                places: options.queue,
                state: Mutex::default(),
            }),
            threads: Vec::with_capacity(options.threads),
            max_wait: options.max_wait,
            randomness,
        };
        for number in 0..options.threads {
            let hasher = Argon2Hasher::new(cost)?;
            let queue = Arc::clone(&pool.queue);
            let thread = thread::Builder::new()
                .name(format!("grantor-hash-{number}"))
                .spawn(move || queue.serve(hasher))
                .map_err(HashPoolError::Thread)?;
            pool.threads.push(thread);
        }
        Ok(pool)
    }

    /// How many passwords wait for a thread now.
    #[must_use]
    pub fn queue_depth(&self) -> usize {
        self.queue.lock().jobs.len()
    }

    /// Runs `work` on one of the threads and waits for its answer.
    fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Argon2Hasher) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let (answer, answered) = mpsc::sync_channel(1);
        let waiting = Waiting::begin();
        let number = self.queue.add(Box::new(move |hasher| {
            let result = waiting.end(|| work(hasher));
            // Nobody is left to tell when this fails.
            let _ = answer.send(result);
        }))?;
        match answered.recv_timeout(self.max_wait) {
            Ok(result) => result,
            Err(RecvTimeoutError::Timeout) if self.queue.withdraw(number) => {
                Shed::Late.count();
                let late = "no thread was free to hash a password in time";
                Err(Fault::Overloaded(late))
            }
            // It has begun: its end is near.
            Err(RecvTimeoutError::Timeout) => answered.recv().unwrap_or_else(|_| Err(lost())),
            Err(RecvTimeoutError::Disconnected) => Err(lost()),
        }
    }
}

fn lost() -> Fault {
    Fault::Unavailable("a hashing thread gave up on a password".into())
}

impl PasswordHasher for HashPool {
    fn hash(&self, password: &Password) -> Result<PasswordHash, Fault> {
        let mut salt = [0; SALT_LENGTH];
        self.randomness.fill(&mut salt)?;
        let password = password.clone();
        self.run(move |hasher| hasher.hash(&password, &salt))
    }

    fn verify(
        &self,
        password: &Password,
        hash: Option<&PasswordHash>,
    ) -> Result<PasswordCheck, Fault> {
        let password = password.clone();
        let hash = hash.cloned();
        self.run(move |hasher| imported::verify(hasher, &password, hash.as_ref()))
    }

    fn import(&self, text: &str) -> Import {
        imported::import(text)
    }
}

impl Drop for HashPool {
    fn drop(&mut self) {
        self.queue.lock().stopping = true;
        for thread in self.threads.drain(..) {
            thread.thread().unpark();
            // A job's panic is caught; there is nothing to learn from the thread's end.
            let _ = thread.join();
        }
    }
}

impl Queue {
    /// Adds a job and gives its number, or refuses at once.
    fn add(&self, work: Work) -> Result<u64, Fault> {
        let mut state = self.lock();
        if state.jobs.len() >= self.places {
            Shed::Full.count();
            return Err(Fault::Overloaded("too many passwords wait to be hashed"));
        }
        let number = state.next_number;
        state.next_number += 1;
        state.jobs.push_back(Job { number, work });
        let warmest = state.idle.pop();
        drop(state);
        if let Some(thread) = warmest {
            thread.unpark();
        }
        Ok(number)
    }

    /// Takes a job out that has not begun. `false` when it has.
    fn withdraw(&self, number: u64) -> bool {
        let mut state = self.lock();
        let place = state.jobs.iter().position(|job| job.number == number);
        place.and_then(|place| state.jobs.remove(place)).is_some()
    }

    /// The life of a thread: jobs in their order until the pool stops.
    fn serve(&self, mut hasher: Argon2Hasher) {
        // Hashing takes every core it is given. What only passes by (an introspection and its
        // database) goes first; a machine that does not let us say so is no reason not to hash.
        let _priority = nice(NICENESS);
        loop {
            match self.next() {
                // A job that panics drops its answer, which its caller notices. The hasher holds
                // nothing but memory that every hash fills anew.
                Next::Job(job) => {
                    let _ = catch_unwind(AssertUnwindSafe(|| (job.work)(&mut hasher)));
                }
                Next::Idle => hasher.forget_memory(),
                Next::Stop => return,
            }
        }
    }

    fn next(&self) -> Next {
        let thread = thread::current();
        let mut state = self.lock();
        loop {
            if state.stopping {
                return Next::Stop;
            }
            if let Some(job) = state.jobs.pop_front() {
                return Next::Job(job);
            }
            state.idle.push(thread.clone());
            drop(state);
            thread::park_timeout(IDLE);
            state = self.lock();
            // Who calls a thread takes it out; one that is still in was not called.
            let place = state.idle.iter().position(|idle| idle.id() == thread.id());
            if let Some(place) = place {
                state.idle.remove(place);
                if state.jobs.is_empty() && !state.stopping {
                    return Next::Idle;
                }
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, QueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
