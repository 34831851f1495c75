//! Leaving the event loop: two lanes of own threads with bounded queues. Nothing else may block.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use crate::options::LaneOptions;

/// The two lanes.
pub(crate) struct Lanes {
    /// For workflows that never wait for a password hash.
    pub(crate) fast: Lane,
    /// For workflows that may.
    pub(crate) login: Lane,
}

impl Lanes {
    /// Starts both.
    pub(crate) fn start(options: LaneOptions) -> io::Result<Self> {
        let wait = options.max_wait;
        Ok(Self {
            fast: Lane::start("fast", options.fast_threads, options.fast_queue, wait)?,
            login: Lane::start("login", options.login_threads, options.login_queue, wait)?,
        })
    }
}

/// Why a job has no answer.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Dropped {
    /// The queue is full.
    Full,
    /// No thread was free in time; the job never started.
    Late,
    /// The job panicked.
    Panicked,
    /// The job began and has not ended in time; it goes on, and nobody knows how it ends.
    Unfinished,
}

/// How long a job of somebody who waits may take beyond its wait for a thread.
const PROMPT: Duration = Duration::from_millis(1100);

type Job = Box<dyn FnOnce() + Send>;

/// Somebody who waits for a job.
#[derive(Default)]
struct Asker {
    given_up: Arc<AtomicBool>,
}

impl Drop for Asker {
    fn drop(&mut self) {
        self.given_up.store(true, Ordering::SeqCst);
    }
}

thread_local! {
    /// Whether whoever this thread works for was given up.
    static GIVEN_UP_ON: RefCell<Option<Arc<AtomicBool>>> = const { RefCell::new(None) };
}

/// Whether the request this thread works for was given up: it was told that nobody knows, or its connection is gone.
///
/// Whoever sent it may have asked again and been answered, so nothing that would take that answer back may be written
/// for it any more. On a thread that works for no request: `false`.
#[must_use]
pub fn is_given_up() -> bool {
    GIVEN_UP_ON.with_borrow(|flag| {
        flag.as_ref()
            .is_some_and(|given_up| given_up.load(Ordering::SeqCst))
    })
}

/// A thread at work for somebody; dropping it ends that, also by a panic.
struct Working;

impl Working {
    fn for_whom(given_up: Arc<AtomicBool>) -> Self {
        GIVEN_UP_ON.set(Some(given_up));
        Self
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        GIVEN_UP_ON.set(None);
    }
}

const WAITING: u8 = 0;
const STARTED: u8 = 1;
const GIVEN_UP: u8 = 2;

/// Own threads behind one bounded queue. Dropping it finishes what is queued and joins them.
pub(crate) struct Lane {
    shared: Arc<Shared>,
    threads: Vec<thread::JoinHandle<()>>,
}

struct Shared {
    name: &'static str,
    queue: Mutex<Queue>,
    ready: Condvar,
    capacity: usize,
    max_wait: Duration,
}

struct Queue {
    jobs: VecDeque<Job>,
    open: bool,
}

impl Lane {
    pub(crate) fn start(
        name: &'static str,
        threads: usize,
        capacity: usize,
        max_wait: Duration,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            name,
            queue: Mutex::new(Queue {
                jobs: VecDeque::with_capacity(capacity),
                open: true,
            }),
            ready: Condvar::new(),
            capacity,
            max_wait,
        });
        let start = |number| {
            let shared = Arc::clone(&shared);
            thread::Builder::new()
                .name(format!("{name}-{number}"))
                .spawn(move || shared.work())
        };
        let threads = (0..threads.max(1)).map(start).collect::<io::Result<_>>()?;
        Ok(Self { shared, threads })
    }

    /// Runs `work` like [`Lane::run`], and waits for it no longer than somebody should who asks for a token.
    pub(crate) async fn run_promptly<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Dropped> {
        let longest = self.shared.max_wait + PROMPT;
        let answer = tokio::time::timeout(longest, self.run(work)).await;
        answer.unwrap_or(Err(Dropped::Unfinished))
    }

    /// Runs `work`. Once started it runs to its end, even when its caller has gone away.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Dropped> {
        let (answer, mut answered) = oneshot::channel();
        let progress = Arc::new(AtomicU8::new(WAITING));
        // Set when this future ends, and so also when it is dropped.
        let asker = Asker::default();
        let given_up = Arc::clone(&asker.given_up);
        self.shared
            .push(self.shared.job(Arc::clone(&progress), move || {
                let _working = Working::for_whom(given_up);
                let _nobody_waits_any_more = answer.send(work());
            }))
            .inspect_err(|_| self.shared.shed("full"))?;
        match tokio::time::timeout(self.shared.max_wait, &mut answered).await {
            Ok(answer) => answer.map_err(|_| Dropped::Panicked),
            Err(_) if may_proceed(&progress, GIVEN_UP) => {
                self.shared.shed("late");
                Err(Dropped::Late)
            }
            Err(_) => answered.await.map_err(|_| Dropped::Panicked),
        }
    }
}

/// Of starting and giving up, whichever comes first happens.
fn may_proceed(progress: &AtomicU8, to: u8) -> bool {
    progress
        .compare_exchange(WAITING, to, Ordering::AcqRel, Ordering::Acquire)
        .is_ok()
}

impl Drop for Lane {
    fn drop(&mut self) {
        self.shared.lock().open = false;
        self.shared.ready.notify_all();
        for thread in self.threads.drain(..) {
            let _a_lane_thread_does_not_panic = thread.join();
        }
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn job(&self, progress: Arc<AtomicU8>, work: impl FnOnce() + Send + 'static) -> Job {
        let (lane, queued) = (self.name, Instant::now());
        Box::new(move || {
            if may_proceed(&progress, STARTED) {
                metrics::histogram!("grantor_lane_wait_seconds", "lane" => lane)
                    .record(queued.elapsed());
                work();
            }
        })
    }

    /// Counts a request that is turned away.
    fn shed(&self, reason: &'static str) {
        let lane = self.name;
        metrics::counter!("grantor_lane_shed_total", "lane" => lane, "reason" => reason)
            .increment(1);
    }

    fn push(&self, job: Job) -> Result<(), Dropped> {
        let mut queue = self.lock();
        if !queue.open || queue.jobs.len() >= self.capacity {
            return Err(Dropped::Full);
        }
        queue.jobs.push_back(job);
        drop(queue);
        self.ready.notify_one();
        Ok(())
    }

    fn work(&self) {
        while let Some(job) = self.next() {
            // A panic ends the job and not the thread: whoever waits sees its channel close.
            let _panicked = catch_unwind(AssertUnwindSafe(job));
        }
    }

    fn next(&self) -> Option<Job> {
        let mut queue = self.lock();
        loop {
            if let Some(job) = queue.jobs.pop_front() {
                return Some(job);
            }
            if !queue.open {
                return None;
            }
            queue = self
                .ready
                .wait(queue)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[cfg(test)]
mod tests;
