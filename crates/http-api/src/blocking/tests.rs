use std::sync::mpsc;

use super::*;

fn lane(capacity: usize, max_wait: Duration) -> Lane {
    Lane::start("test", 1, capacity, max_wait).unwrap()
}

const LONG: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(20);

/// Keeps the only thread busy until the sender is used or dropped.
fn occupy(lane: &Lane) -> mpsc::Sender<()> {
    let (release, released) = mpsc::channel::<()>();
    let (running, is_running) = mpsc::channel();
    let progress = Arc::new(AtomicU8::new(WAITING));
    let job = lane.shared.job(progress, move || {
        running.send(()).unwrap();
        let _ = released.recv();
    });
    lane.shared.push(job).unwrap();
    is_running.recv().unwrap();
    release
}

#[actix_web::test]
async fn a_job_is_answered() {
    assert_eq!(lane(1, LONG).run(|| 7).await, Ok(7));
}

#[actix_web::test]
async fn a_full_queue_refuses_at_once() {
    let lane = lane(1, LONG);
    let release = occupy(&lane);
    let waiting = lane.run(|| 1);
    let mut waiting = std::pin::pin!(waiting);
    assert!(tokio::time::timeout(SHORT, waiting.as_mut()).await.is_err());
    assert_eq!(lane.run(|| 2).await, Err(Dropped::Full));
    drop(release);
    assert_eq!(waiting.await, Ok(1));
}

#[actix_web::test]
async fn a_job_that_cannot_start_in_time_never_runs() {
    let lane = lane(2, SHORT);
    let release = occupy(&lane);
    let (ran, was_run) = mpsc::channel();
    assert_eq!(lane.run(move || ran.send(())).await, Err(Dropped::Late));
    drop(release);
    drop(lane);
    assert!(was_run.recv().is_err());
}

#[actix_web::test]
async fn a_started_job_is_waited_for_and_survives_its_caller() {
    let lane = lane(2, SHORT);
    let (go, gone) = mpsc::channel::<()>();
    let (done, is_done) = mpsc::channel();
    {
        let mut job = Box::pin(lane.run(move || {
            gone.recv().unwrap();
            done.send(()).unwrap();
        }));
        let waited = tokio::time::timeout(4 * SHORT, &mut job).await;
        assert!(waited.is_err(), "it started, so it is not given up");
    }
    go.send(()).unwrap();
    is_done.recv().unwrap();
}

#[actix_web::test]
async fn who_waits_for_a_token_is_told_in_time_and_the_job_goes_on() {
    let lane = lane(2, 25 * SHORT);
    let (go, gone) = mpsc::channel::<()>();
    let (done, is_done) = mpsc::channel();
    let told = lane.run_promptly(move || {
        gone.recv().unwrap();
        done.send(is_given_up()).unwrap();
    });
    assert_eq!(told.await, Err(Dropped::Unfinished));
    go.send(()).unwrap();
    assert_eq!(is_done.recv(), Ok(true), "and it can know");
}

#[actix_web::test]
async fn a_job_that_is_waited_for_is_not_given_up() {
    let lane = lane(2, LONG);
    assert_eq!(lane.run(is_given_up).await, Ok(false));
    assert!(!is_given_up(), "nor is a thread without a request");
}

#[actix_web::test]
async fn a_panic_ends_the_job_and_not_the_lane() {
    let lane = lane(2, LONG);
    let panicked: Result<(), _> = lane.run(|| panic!("on purpose")).await;
    assert_eq!(panicked, Err(Dropped::Panicked));
    assert_eq!(lane.run(|| 1).await, Ok(1));
}
