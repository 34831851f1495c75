//! What asking the policies reads, and that nothing is permitted by an outside that does not answer.

use std::sync::{Arc, Mutex};

use crate::access::{AccessPolicy, Evaluation, Target};
use crate::caller::{Call, Caller, Subject};
use crate::document::Document;
use crate::error::Error;
use crate::fault::Fault;
use crate::id::ClientId;
use crate::mocked::{Mocked, away, client, fault, refused};
use crate::ports::{Judge, MockJudge};
use crate::reason::Reason;
use crate::resources::Read;
use crate::revision::Version;
use crate::scope::Scope;
use crate::server::AuthorizationServer;

/// `myapp`, calling for itself.
fn caller() -> Caller {
    Caller {
        subject: Subject::Client(client().id),
        client: Some(client().id),
        session: None,
        scope: Scope::default(),
        call: Call::default(),
    }
}

fn read(server: &AuthorizationServer) -> Result<Read<crate::clients::Client>, Error> {
    server.read(&caller(), &ClientId::from_row("myapp".into()))
}

/// Policies that say the same to everything.
fn saying(permitted: bool) -> Arc<dyn Judge> {
    let mut judge = MockJudge::new();
    judge.expect_permits().returning(move |_| permitted);
    Arc::new(judge)
}

fn asked_by_myapp() -> Mocked {
    let mut mocked = Mocked::new().knows_client(client());
    mocked
        .portraits
        .expect_of_client()
        .returning(|_| Document::default());
    mocked
}

/// At the first version of a set without policies, which the engine makes something of.
fn at_the_first_version(mut mocked: Mocked) -> Mocked {
    let policies = &mut mocked.policies;
    policies
        .expect_set_version()
        .returning(|| Ok(Some(Version::FIRST)));
    policies
        .expect_all()
        .returning(|| Ok((Version::FIRST, Vec::<AccessPolicy>::new())));
    mocked
}

#[test]
fn without_any_policy_nothing_is_read_about_the_caller() {
    let mut mocked = Mocked::new().logs(1);
    mocked.policies.expect_set_version().returning(|| Ok(None));
    assert_eq!(refused(read(&mocked.server())), Reason::NotAllowed);
}

#[test]
fn policies_are_compiled_once_for_each_version_of_their_set() {
    let mut mocked = asked_by_myapp();
    let versions = Mutex::new(vec![2, 2, 1, 1, 1]);
    let latest = Arc::new(Mutex::new(Version::FIRST));
    let read_again = Arc::clone(&latest);
    mocked.policies.expect_set_version().returning(move || {
        let version = versions.lock().unwrap().pop().map(Version::from_row);
        *latest.lock().unwrap() = version.unwrap();
        Ok(version)
    });
    mocked
        .policies
        .expect_all()
        .times(2)
        .returning(move || Ok((*read_again.lock().unwrap(), Vec::new())));
    mocked
        .policy_engine
        .expect_compile()
        .times(2)
        .returning(|_| Ok(saying(true)));
    let server = mocked.server();
    for _ in 0..5 {
        assert!(matches!(read(&server), Ok(Read::Found(_))));
    }
}

#[test]
fn policies_that_cannot_be_read_are_a_fault() {
    let mut mocked = asked_by_myapp();
    let versions = mocked.policies.expect_set_version();
    versions.returning(|| Err(away()));
    assert_eq!(fault(read(&mocked.server())), away());

    let mut mocked = asked_by_myapp();
    let versions = mocked.policies.expect_set_version();
    versions.returning(|| Ok(Some(Version::FIRST)));
    mocked.policies.expect_all().returning(|| Err(away()));
    assert_eq!(fault(read(&mocked.server())), away());
}

#[test]
fn policies_that_cannot_be_understood_are_a_fault_every_time() {
    let corrupt = || Fault::Corrupt("policy p1".into());
    let mut mocked = at_the_first_version(asked_by_myapp());
    mocked
        .policy_engine
        .expect_compile()
        .returning(move |_| Err(corrupt()));
    let server = mocked.server();
    for _ in 0..2 {
        assert_eq!(fault(read(&server)), corrupt());
    }
}

#[test]
fn a_caller_that_cannot_be_read_is_a_fault() {
    let mut mocked = at_the_first_version(Mocked::new());
    mocked
        .policy_engine
        .expect_compile()
        .returning(|_| Ok(saying(true)));
    mocked.clients.expect_find().returning(|_| Err(away()));
    assert_eq!(fault(read(&mocked.server())), away());
}

#[test]
fn a_denial_that_cannot_be_remembered_is_a_fault() {
    let mut mocked = at_the_first_version(asked_by_myapp());
    mocked
        .policy_engine
        .expect_compile()
        .returning(|_| Ok(saying(false)));
    mocked.events.expect_append().returning(|_| Err(away()));
    assert_eq!(fault(read(&mocked.server())), away());
}

#[test]
fn one_who_is_asked_about_twice_is_read_once() {
    let mut mocked = Mocked::new();
    mocked.policies.expect_set_version().returning(|| Ok(None));
    let find = mocked.clients.expect_find().times(1);
    find.returning(|_| Ok(Some(client())));
    mocked
        .portraits
        .expect_of_client()
        .returning(|_| Document::default());
    let server = mocked.server();
    let mut evaluator = server.evaluator(&Caller::operator()).unwrap();
    for action in ["sign", "burn"] {
        let question = Evaluation {
            user: None,
            client: Some(client().id),
            action: action.to_owned(),
            target: Target::default(),
            context: Document::default(),
        };
        let (request, _) = evaluator.evaluate(question).unwrap();
        assert_eq!(request.principal.client.unwrap().id, client().id);
    }
}
