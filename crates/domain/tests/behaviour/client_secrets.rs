//! Several secrets of one client: each accepted until it expires, and changed without a gap.

use grantor_domain::caller::Caller;
use grantor_domain::clients::{
    Client, ClientDraft, ClientSettings, FurtherSecret, MOST_SECRETS, SecretChange, SecretEntry,
    SecretsChange,
};
use grantor_domain::grants::GrantType;
use grantor_domain::ports::{Clock as _, Registry};
use grantor_domain::reason::Reason;
use grantor_domain::resources::HistoryQuery;
use grantor_domain::revision::Condition;
use grantor_domain::secret::{ClientSecret, SecretHash};
use grantor_domain::time::{Lifetime, Timestamp};
use grantor_domain::tokens::TokenResponse;
use grantor_domain::violation::PutOutcome;
use grantor_domain::window::Window;
use grantor_testkit::World;
use grantor_testkit::world::password_client;

use crate::ask::{advance, client_id, from_client, lives, login, refused, world};

fn hash(secret: &str) -> SecretHash {
    SecretHash::of(&ClientSecret::new(secret.into()))
}

/// A new secret.
fn new(secret: &str, expires: Option<Timestamp>) -> SecretEntry {
    SecretEntry {
        id: None,
        hash: Some(hash(secret)),
        expires,
    }
}

/// One that is there.
fn kept(secret: &FurtherSecret) -> SecretEntry {
    SecretEntry {
        id: Some(secret.id.clone()),
        hash: None,
        expires: secret.expires,
    }
}

fn put(world: &World, secret: SecretChange, secrets: SecretsChange) -> PutOutcome<Client> {
    let draft = ClientDraft {
        settings: password_client(),
        secret,
        secrets,
    };
    let (operator, id) = (Caller::operator(), client_id("myapp"));
    let put = world.server.put(&operator, &id, &draft, Condition::Any);
    put.unwrap().map(|written| written.resource)
}

/// `myapp` with these further secrets.
fn with(world: &World, entries: Vec<SecretEntry>) -> Client {
    match put(world, SecretChange::Keep, SecretsChange::Set(entries)) {
        PutOutcome::Updated(client) => client,
        other => panic!("{other:?}"),
    }
}

fn log_in(world: &World, secret: &str) -> Result<TokenResponse, grantor_domain::Error> {
    world
        .server
        .token(&from_client(login(), "myapp", Some(secret)))
}

fn soon(world: &World) -> Timestamp {
    world.clock.now().plus(Lifetime::from_seconds(60))
}

#[test]
fn every_secret_is_accepted() {
    let world = world();
    with(&world, vec![new("second", None), new("third", None)]);
    for secret in ["verysecret", "second", "third"] {
        assert!(log_in(&world, secret).is_ok(), "{secret}");
    }
    let reason = refused(log_in(&world, "fourth"));
    assert_eq!(reason, Reason::WrongClientSecret);
}

#[test]
fn a_secret_is_accepted_until_it_expires() {
    let world = world();
    let expires = Some(soon(&world));
    with(&world, vec![new("second", expires)]);
    advance(&world, 59);
    assert!(log_in(&world, "second").is_ok());
    advance(&world, 1);
    assert_eq!(refused(log_in(&world, "second")), Reason::WrongClientSecret);
    assert!(log_in(&world, "verysecret").is_ok());
}

#[test]
fn a_client_whose_secrets_expired_does_not_become_public() {
    let world = world();
    let expires = Some(soon(&world));
    let secrets = SecretsChange::Set(vec![new("second", expires)]);
    put(&world, SecretChange::Remove, secrets);
    advance(&world, 60);
    let reason = refused(world.server.token(&from_client(login(), "myapp", None)));
    assert_eq!(reason, Reason::MissingClientSecret);
}

#[test]
fn adding_a_secret_or_moving_its_end_ends_no_session() {
    let world = world();
    let pair = log_in(&world, "verysecret").unwrap();
    let client = with(&world, vec![new("second", None)]);
    assert!(lives(&world, &pair));
    let mut entry = kept(&client.secrets[0]);
    entry.expires = Some(soon(&world));
    with(&world, vec![entry]);
    assert!(lives(&world, &pair));
    advance(&world, 61);
    assert!(lives(&world, &pair), "a secret expired");
}

#[test]
fn removing_a_secret_ends_the_sessions() {
    let world = world();
    let client = with(&world, vec![new("second", None), new("third", None)]);
    let pair = log_in(&world, "verysecret").unwrap();
    let next = with(&world, vec![kept(&client.secrets[1])]);
    assert_eq!(next.secrets, client.secrets[1..]);
    assert!(!lives(&world, &pair));
    assert_eq!(refused(log_in(&world, "second")), Reason::WrongClientSecret);
}

#[test]
fn replacing_a_secret_under_its_id_ends_the_sessions() {
    let world = world();
    let client = with(&world, vec![new("second", None)]);
    let pair = log_in(&world, "verysecret").unwrap();
    let mut entry = kept(&client.secrets[0]);
    entry.hash = Some(hash("other"));
    with(&world, vec![entry]);
    assert!(!lives(&world, &pair));
}

#[test]
fn removing_an_expired_secret_ends_no_session() {
    let world = world();
    let expires = Some(soon(&world));
    with(&world, vec![new("second", expires)]);
    let pair = log_in(&world, "verysecret").unwrap();
    advance(&world, 60);
    with(&world, Vec::new());
    assert!(lives(&world, &pair));
}

#[test]
fn a_rotation_with_overlap_ends_no_session() {
    let world = world();
    let pair = log_in(&world, "verysecret").unwrap();
    // The old secret gets an end, the new one takes its place.
    let expires = Some(soon(&world));
    let secrets = SecretsChange::Set(vec![new("verysecret", expires)]);
    let next = SecretChange::Set(ClientSecret::new("nextsecret".into()));
    put(&world, next, secrets);
    assert!(log_in(&world, "verysecret").is_ok());
    assert!(log_in(&world, "nextsecret").is_ok());
    assert!(lives(&world, &pair));
    advance(&world, 60);
    put(&world, SecretChange::Keep, SecretsChange::Set(Vec::new()));
    let client = Registry::<Client>::find(&world.memory, &client_id("myapp"));
    assert_eq!(client.unwrap().unwrap().stamp.epoch.get(), 1);
    assert_eq!(
        refused(log_in(&world, "verysecret")),
        Reason::WrongClientSecret
    );
}

#[test]
fn writing_the_same_secret_again_changes_nothing() {
    let world = world();
    let first = with(&world, vec![new("second", None)]);
    let again = with(&world, vec![new("second", None)]);
    assert_eq!(first, again);
}

#[test]
fn not_mentioned_they_stay() {
    let world = world();
    let first = with(&world, vec![new("second", None)]);
    put(&world, SecretChange::Keep, SecretsChange::Keep);
    assert!(log_in(&world, "second").is_ok());
    assert_eq!(first.secrets[0].created, world.clock.now());
}

#[test]
fn a_further_secret_is_secret_enough_for_a_confidential_client() {
    let world = world();
    let settings = ClientSettings {
        grant_types: vec![GrantType::ClientCredentials],
        ..ClientSettings::default()
    };
    let draft = ClientDraft {
        settings,
        secret: SecretChange::Keep,
        secrets: SecretsChange::Set(vec![new("only", None)]),
    };
    let (operator, id) = (Caller::operator(), client_id("batch"));
    let put = world.server.put(&operator, &id, &draft, Condition::Any);
    let PutOutcome::Created(written) = put.unwrap() else {
        panic!("not created");
    };
    assert!(written.generated_secret.is_none());
    assert!(written.resource.secret.is_none());
}

#[test]
fn what_cannot_be_kept_is_refused() {
    let world = world();
    let unknown = SecretEntry {
        id: Some("nothing".into()),
        hash: None,
        expires: None,
    };
    let bad_id = SecretEntry {
        id: Some("a b".into()),
        ..new("second", None)
    };
    let many = (0..=MOST_SECRETS).map(|n| new(&format!("secret {n}"), None));
    for entries in [
        vec![unknown],
        vec![bad_id],
        many.collect(),
        vec![
            SecretEntry {
                id: Some("a".into()),
                ..new("second", None)
            },
            SecretEntry {
                id: Some("a".into()),
                ..new("third", None)
            },
        ],
    ] {
        let outcome = put(&world, SecretChange::Keep, SecretsChange::Set(entries));
        assert!(
            matches!(&outcome, PutOutcome::Invalid(found) if found[0].path == "secrets"),
            "{outcome:?}"
        );
    }
}

#[test]
fn history_has_no_secret() {
    let world = world();
    with(&world, vec![new("second", None)]);
    let query = HistoryQuery {
        window: Window::first(10),
        ..HistoryQuery::latest(&client_id("myapp"))
    };
    let page = Registry::<Client>::history(&world.memory, &query).unwrap();
    assert_eq!(page.items.len(), 2);
    for revision in page.items {
        let client = revision.resource.unwrap();
        assert!(client.secret.is_none() && client.secrets.is_empty());
    }
}
