//! Writing and removing clients: conditions, secrets, invariants.

use grantor_domain::caller::Caller;
use grantor_domain::clients::{
    Client, ClientDraft, ClientSettings, PasswordSettings, SecretChange,
};
use grantor_domain::grants::GrantType;
use grantor_domain::resources::WrittenResource;
use grantor_domain::revision::{Condition, Version};
use grantor_domain::secret::{ClientSecret, SecretHash};
use grantor_domain::time::Lifetime;
use grantor_domain::violation::{PutOutcome, RemoveOutcome};
use grantor_testkit::World;
use grantor_testkit::world::password_client;

use crate::ask::{client_id, events_since, from_client, login, scoped, with_password, world};

fn put(
    world: &World,
    settings: ClientSettings,
    secret: SecretChange,
    condition: Condition,
) -> PutOutcome<WrittenResource<Client>> {
    let draft = ClientDraft::new(settings, secret);
    world
        .server
        .put(&Caller::operator(), &client_id("app"), &draft, condition)
        .unwrap()
}

fn named(name: &str) -> ClientSettings {
    ClientSettings {
        name: Some(name.into()),
        ..password_client()
    }
}

fn written(outcome: PutOutcome<WrittenResource<Client>>) -> WrittenResource<Client> {
    match outcome {
        PutOutcome::Created(written) | PutOutcome::Updated(written) => written,
        other => panic!("{:?}", std::mem::discriminant(&other)),
    }
}

fn failed(outcome: &PutOutcome<WrittenResource<Client>>) -> bool {
    matches!(outcome, PutOutcome::ConditionFailed)
}

#[test]
fn conditions_of_a_put_hold_or_nothing_is_written() {
    let world = world();
    let at = |n| Condition::Version(Version::from_row(n));
    let put = |name, condition| put(&world, named(name), SecretChange::Keep, condition);
    assert!(failed(&put("one", Condition::Present)));
    assert!(matches!(
        put("one", Condition::Absent),
        PutOutcome::Created(_)
    ));
    assert!(failed(&put("two", Condition::Absent)));
    assert!(failed(&put("two", at(2))));
    assert_eq!(written(put("two", at(1))).resource.stamp.version.get(), 2);
    assert_eq!(
        written(put("two", Condition::Present))
            .resource
            .stamp
            .version
            .get(),
        2
    );
}

#[test]
fn conditions_of_a_removal_hold_or_nothing_is_removed() {
    let world = world();
    put(&world, named("one"), SecretChange::Keep, Condition::Any);
    let remove = |condition| {
        world
            .server
            .remove(&Caller::operator(), &client_id("app"), condition)
            .unwrap()
    };
    let at = |n| Condition::Version(Version::from_row(n));
    assert!(matches!(remove(at(2)), RemoveOutcome::ConditionFailed));
    assert!(matches!(remove(at(1)), RemoveOutcome::Removed(_)));
    assert!(matches!(remove(Condition::Any), RemoveOutcome::Absent));
}

#[test]
fn a_confidential_client_without_a_secret_is_given_one_once() {
    let world = world();
    let strict = with_password(PasswordSettings {
        secret_required: Some(true),
        ..PasswordSettings::default()
    });
    let made = written(put(
        &world,
        strict.clone(),
        SecretChange::Keep,
        Condition::Any,
    ));
    let secret = made.generated_secret.unwrap();
    assert!(secret.expose().len() >= 43);
    let request = from_client(login(), "app", Some(secret.expose()));
    assert!(world.server.token(&request).is_ok());
    let again = written(put(&world, strict, SecretChange::Keep, Condition::Any));
    assert!(again.generated_secret.is_none());
    assert!(world.server.token(&request).is_ok());
}

#[test]
fn a_public_client_is_given_no_secret() {
    let world = world();
    let made = written(put(
        &world,
        password_client(),
        SecretChange::Keep,
        Condition::Any,
    ));
    assert!(made.generated_secret.is_none() && made.resource.secret.is_none());
}

#[test]
fn a_secret_that_was_brought_along_as_a_hash_works() {
    let world = world();
    let hash = SecretHash::of(&ClientSecret::new("old".into()));
    put(
        &world,
        password_client(),
        SecretChange::SetHash(hash),
        Condition::Any,
    );
    assert!(
        world
            .server
            .token(&from_client(login(), "app", Some("old")))
            .is_ok()
    );
}

#[test]
fn a_client_becomes_public_when_its_secret_is_removed() {
    let world = world();
    let secret = SecretChange::Set(ClientSecret::new("s3cret".into()));
    put(&world, password_client(), secret, Condition::Any);
    put(
        &world,
        password_client(),
        SecretChange::Remove,
        Condition::Any,
    );
    assert!(
        world
            .server
            .token(&from_client(login(), "app", None))
            .is_ok()
    );
}

#[test]
fn broken_invariants_are_named_and_nothing_is_written() {
    let world = world();
    let lifetime = |seconds| Some(Lifetime::from_seconds(seconds));
    let granted = |grant_type| ClientSettings {
        grant_types: vec![grant_type],
        ..ClientSettings::default()
    };
    let password = |settings| with_password(settings);
    let cases = [
        (scoped("read", "write"), "default_scope"),
        (
            password(PasswordSettings {
                access_token_expiration: lifetime(0),
                ..PasswordSettings::default()
            }),
            "auth.password.access_token_expiration",
        ),
        (
            password(PasswordSettings {
                refresh_token_expiration: lifetime(u32::MAX),
                ..PasswordSettings::default()
            }),
            "auth.password.refresh_token_expiration",
        ),
        (
            password(PasswordSettings {
                refresh_token_idle: lifetime(0),
                ..PasswordSettings::default()
            }),
            "auth.password.refresh_token_idle",
        ),
        (
            password(PasswordSettings {
                secret_required: Some(true),
                ..PasswordSettings::default()
            }),
            "secret",
        ),
        (granted(GrantType::ClientCredentials), "secret"),
        (granted(GrantType::Basic), "secret"),
    ];
    let seen = world.memory.events().len();
    for (settings, path) in cases {
        let PutOutcome::Invalid(violations) =
            put(&world, settings, SecretChange::Remove, Condition::Any)
        else {
            panic!("{path} was taken");
        };
        assert_eq!(
            violations.iter().map(|v| v.path).collect::<Vec<_>>(),
            [path]
        );
    }
    assert!(events_since(&world, seen).is_empty());
}
