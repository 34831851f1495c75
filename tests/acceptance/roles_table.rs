//! Who may do what: every operation that takes a token, by every kind of caller, about its own and
//! about another's.

use serde_json::{Value, json};

use crate::support::bundles::{put, transaction};
use crate::support::operations::{Operation, each_has_a_row, operations};
use crate::support::{Answer, Call, Setup, Store, Tokens, World};

/// Who calls, in the order of the columns.
#[derive(Clone, Copy)]
enum Who {
    /// Somebody without credentials.
    Nobody,
    /// A client that no policy permits anything, by Basic, about another's.
    Client,
    /// The same client, by its token, about what is its own.
    ClientItself,
    /// A user that no policy permits anything, about what is its own.
    Owner,
    /// The same user, about another's.
    Neighbour,
    /// A user with a role whose policy permits everything of another type, about another's.
    OtherKeeper,
    /// A user with a role whose policy permits everything of the operation's type, about another's.
    Keeper,
    /// A user linked to a policy that permits everything, about another's.
    Administrator,
}

/// Each operation, and the status it answers each caller.
const TABLE: &str = "
                                nobody client itself  owner neigh.  other keeper admin.
apply_bundle                       401    403    403    403    403    403    200    200
search_access_policies             401    403    403    403    403    403    200    200
create_access_policy               401    403    403    403    403    403    201    201
read_history_of_access_policies    401    403    403    403    403    403    200    200
search_access_policies_by_form     401    403    403    403    403    403    200    200
read_access_policy                 401    403    403    403    403    403    200    200
put_access_policy                  401    403    403    403    403    403    200    200
delete_access_policy               401    403    403    403    403    403    200    200
patch_access_policy                401    403    403    403    403    403    200    200
read_access_policy_history         401    403    403    403    403    403    200    200
read_access_policy_version         401    403    403    403    403    403    200    200
search_audit_events                401    403    403    403    403    403    200    200
search_audit_events_by_form        401    403    403    403    403    403    200    200
count_audit_events                 401    403    403    403    403    403    200    200
read_audit_event                   401    403    403    403    403    403    200    200
search_clients                     401    403    403    403    403    403    200    200
create_client                      401    403    403    403    403    403    201    201
read_history_of_clients            401    403    403    403    403    403    200    200
search_clients_by_form             401    403    403    403    403    403    200    200
read_client                        401    403    403    403    403    403    200    200
put_client                         401    403    403    403    403    403    200    200
delete_client                      401    403    403    403    403    403    200    200
patch_client                       401    403    403    403    403    403    200    200
close_client_sessions              401    403    403    403    403    403    200    200
read_client_history                401    403    403    403    403    403    200    200
read_client_version                401    403    403    403    403    403    200    200
search_roles                       401    403    403    403    403    403    200    200
create_role                        401    403    403    403    403    403    201    201
read_history_of_roles              401    403    403    403    403    403    200    200
search_roles_by_form               401    403    403    403    403    403    200    200
read_role                          401    403    403    403    403    403    200    200
put_role                           401    403    403    403    403    403    200    200
delete_role                        401    403    403    403    403    403    200    200
patch_role                         401    403    403    403    403    403    200    200
read_role_history                  401    403    403    403    403    403    200    200
read_role_version                  401    403    403    403    403    403    200    200
search_sessions                    401    403    403    200    200    200    200    200
close_own_session                  401    401    200    200    200    200    200    200
count_sessions                     401    403    403    403    403    403    200    200
search_sessions_by_form            401    403    403    200    200    200    200    200
read_session                       401    403    403    200    404    404    200    200
close_session                      401    403    403    200    404    404    200    200
patch_session                      401    403    403    200    404    404    200    200
search_users                       401    403    403    403    403    403    200    200
create_user                        401    403    403    403    403    403    201    201
read_history_of_users              401    403    403    403    403    403    200    200
search_users_by_form               401    403    403    403    403    403    200    200
read_user                          401    403    403    200    404    404    200    200
put_user                           401    403    403    403    403    403    200    200
delete_user                        401    403    403    403    403    403    200    200
patch_user                         401    403    403    403    403    403    200    200
close_user_sessions                401    403    403    403    403    403    200    200
read_user_history                  401    403    403    403    403    403    200    200
read_user_version                  401    403    403    403    403    403    200    200
evaluate_access                    401    403    403    403    403    403    200    200
evaluate_accesses                  401    403    403    403    403    403    200    200
list_signing_keys                  401    403    403    403    403    403    200    200
rotate_signing_keys                401    403    403    403    403    403    200    200
retire_signing_key                 401    403    403    403    403    403    200    200
change_password                    401    401    403    200    200    200    200    200
force_reset_password               401    403    403    403    403    403    200    200
introspect_token                   401    200    403    403    403    403    200    200
test_policy                        401    403    403    403    403    403    200    200
read_userinfo                      401    401    403    200    200    200    200    200
request_userinfo                   401    401    403    200    200    200    200    200
";

/// The rows of the table.
fn rows() -> impl Iterator<Item = (&'static str, Vec<u16>)> {
    TABLE.lines().skip(2).map(|row| {
        let mut cells = row.split_whitespace();
        let id = cells.next().unwrap();
        (id, cells.map(|cell| cell.parse().unwrap()).collect())
    })
}

const KINDS: [&str; 7] = [
    "Client",
    "User",
    "Session",
    "Role",
    "AccessPolicy",
    "AuditEvent",
    "SigningKey",
];

/// The type of resource an operation is about.
fn kind(operation: &Operation) -> &'static str {
    let first = operation.path.split('/').nth(1).unwrap();
    match operation.id.as_str() {
        "apply_bundle" => "Client",
        "change_password" | "force_reset_password" => "User",
        "introspect_token" => "Session",
        "list_signing_keys" | "rotate_signing_keys" | "retire_signing_key" => "SigningKey",
        "evaluate_access" | "evaluate_accesses" | "test_policy" => "AccessPolicy",
        _ => KINDS
            .into_iter()
            .find(|kind| *kind == first)
            .unwrap_or("User"),
    }
}

/// A body of this type that says what is the case already.
fn resource(kind: &str, user: &str) -> Value {
    let user = json!({ "resourceType": "User", "id": user });
    match kind {
        "Client" => json!({ "grant_types": ["password"] }),
        "Role" => json!({ "name": "clerk", "user": user }),
        "AccessPolicy" => {
            json!({ "engine": "matcho", "link": [user], "matcho": { "uri": "/nowhere" } })
        }
        _ => json!({}),
    }
}

/// Who keeps the resources of a type.
fn keeper(kind: &str) -> String {
    format!("keeper-of-{kind}")
}

/// A type that is not this one.
fn other(kind: &str) -> &'static str {
    KINDS.into_iter().find(|other| *other != kind).unwrap()
}

/// `user` and `amy` have a role and a policy each, amy a client; whoever keeps a type a role for it;
/// `boss` everything; client `plain` nothing.
fn set_up(world: &World) {
    let mut entries = Vec::new();
    for id in ["user", "amy", "boss"] {
        entries.push(put(
            &format!("User/{id}"),
            &json!({ "password": "password" }),
        ));
    }
    for kind in KINDS {
        let user = json!({ "password": "password", "roles": [{ "value": kind }] });
        entries.push(put(&format!("User/{}", keeper(kind)), &user));
    }
    for (user, id) in [("user", "users"), ("amy", "amys")] {
        for kind in ["Role", "AccessPolicy"] {
            entries.push(put(&format!("{kind}/{id}"), &resource(kind, user)));
        }
    }
    for (id, grants) in [
        ("amys", json!(["password"])),
        ("plain", json!(["basic", "client_credentials"])),
    ] {
        let client = json!({ "secret": "s", "grant_types": grants });
        entries.push(put(&format!("Client/{id}"), &client));
    }
    for kind in KINDS {
        let everything = format!("permit(principal, action, resource is {kind});");
        let policy = json!({ "engine": "cedar", "roleName": kind, "policy": everything });
        entries.push(put(&format!("AccessPolicy/keepers-of-{kind}"), &policy));
    }
    let boss = json!({ "engine": "allow", "link": [{ "reference": "User/boss" }] });
    entries.push(put("AccessPolicy/boss", &boss));
    world.write(&entries);
}

/// What a call is about: the caller's own, or amy's.
struct Target {
    user: &'static str,
    client: &'static str,
    others: &'static str,
}

impl Target {
    const fn of(who: Who) -> Self {
        let (user, client, others) = match who {
            Who::Owner => ("user", "myapp", "users"),
            Who::ClientItself => ("amy", "plain", "amys"),
            _ => ("amy", "amys", "amys"),
        };
        Self {
            user,
            client,
            others,
        }
    }

    fn id(&self, world: &World, kind: &str) -> String {
        match kind {
            "User" => self.user.to_owned(),
            "Client" => self.client.to_owned(),
            "Session" => session(world, self.client, self.user),
            "AuditEvent" => first(world, "AuditEvent?_count=1"),
            _ => self.others.to_owned(),
        }
    }

    fn call(&self, world: &World, operation: &Operation) -> Call {
        let mut path = operation.path.replace("{version}", "1");
        if path.contains("{id}") {
            path = path.replace("{id}", &self.id(world, kind(operation)));
        }
        if path.contains("{kid}") {
            path = path.replace("{kid}", &planned_key(world));
        }
        let call = Call::new(&operation.method, &path);
        match operation.id.as_str() {
            "introspect_token" => call.form(&[("token", "x")]),
            form if form.ends_with("_by_form") => call.form(&[("_count", "1")]),
            _ if operation.described.get("requestBody").is_some() => {
                call.json(&self.body(operation))
            }
            _ => call,
        }
    }

    fn body(&self, operation: &Operation) -> Value {
        match operation.id.as_str() {
            "apply_bundle" => transaction(&[put(
                &format!("Client/{}", self.client),
                &resource("Client", self.user),
            )]),
            "change_password" => {
                json!({ "currentPassword": "password", "newPassword": "violet-Harbour-tin-42" })
            }
            "force_reset_password" => json!({ "userId": self.user }),
            "test_policy" => json!({ "request": { "uri": "/" } }),
            "evaluate_access" | "evaluate_accesses" => json!({
                "subject": { "type": "user", "id": self.user },
                "action": { "name": "sign" },
                "resource": { "type": "document", "id": "7" },
            }),
            "patch_session" => json!({ "active": false }),
            patch if patch.starts_with("patch_") => json!({}),
            _ => resource(kind(operation), self.user),
        }
    }
}

fn token_of_plain(world: &World) -> String {
    let answer = world.client("plain", Some("s")).credentials();
    Tokens::of(&answer).access
}

/// The id of a session of this client, opened for it or for this user.
fn session(world: &World, client: &str, user: &str) -> String {
    if client == "plain" {
        token_of_plain(world);
    } else {
        let secret = if client == "amys" { "s" } else { "verysecret" };
        world.client(client, Some(secret)).log_in(user);
    }
    first(
        world,
        &format!("Session?client={client}&active=true&_sort=-start&_count=1"),
    )
}

/// The id of a signing key that can be spared: one that does not sign yet.
fn planned_key(world: &World) -> String {
    let keys = world.admin().post("/auth/keys/$rotate", &json!({}));
    let keys = keys.expect(200).json();
    let mut keys = keys["keys"].as_array().unwrap().iter();
    let planned = keys.find(|key| key["state"] == "next").unwrap();
    planned["kid"].as_str().unwrap().to_owned()
}

/// The id of the first that a search finds.
fn first(world: &World, search: &str) -> String {
    let found = world.admin().get(&format!("/{search}")).expect(200).json();
    let id = &found["entry"][0]["resource"]["id"];
    id.as_str().unwrap().to_owned()
}

/// What an operation answers a caller.
#[track_caller]
fn answer(world: &World, who: Who, operation: &Operation) -> Answer {
    let call = Target::of(who).call(world, operation);
    let caller = match who {
        Who::Nobody => world.stranger(),
        Who::Client => return world.send(call.basic("plain", "s")),
        Who::ClientItself => world.bearer(&token_of_plain(world)),
        Who::Owner | Who::Neighbour => world.user("user"),
        Who::OtherKeeper => world.user(&keeper(other(kind(operation)))),
        Who::Keeper => world.user(&keeper(kind(operation))),
        Who::Administrator => world.user("boss"),
    };
    caller.send(call)
}

/// Every cell of a caller's column is what the server answers, and what it refuses it does not do.
#[track_caller]
fn column(world: &World, who: Who) {
    set_up(world);
    let operations = operations(&world.document());
    let cells = rows().map(|(id, cells)| {
        let operation = operations.iter().find(|operation| operation.id == id);
        (operation.unwrap(), cells[who as usize])
    });
    let (refused, done): (Vec<_>, Vec<_>) = cells.partition(|(_, status)| *status >= 400);
    let mut wrong = Vec::new();
    let mut check = |operation: &Operation, status| {
        let answer = answer(world, who, operation);
        if answer.status != status {
            let (id, told) = (&operation.id, answer.status);
            wrong.push(format!("{id}: {told}, not {status}: {}", answer.text()));
        }
    };
    let before = world.kept();
    for (operation, status) in refused {
        check(operation, status);
    }
    let after = world.kept();
    for (operation, status) in done {
        check(operation, status);
        if operation.method != "GET" {
            set_up(world);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(after, before, "something was refused and done");
}

#[test]
fn every_operation_that_takes_a_token_has_a_row() {
    let world = Setup::on(Store::Sqlite).start();
    let mut operations = operations(&world.document());
    operations.retain(Operation::takes_a_token);
    each_has_a_row(&operations, rows().map(|(id, _)| id));
}

on_every_store!(who_shows_nothing_may_do_nothing, |world| {
    column(world, Who::Nobody);
});

on_every_store!(a_client_may_do_nothing_without_a_policy, |world| {
    column(world, Who::Client);
});

on_every_store!(a_client_may_close_its_own_session, |world| {
    column(world, Who::ClientItself);
});

on_every_store!(a_user_may_do_little_with_its_own, |world| {
    column(world, Who::Owner);
});

on_every_store!(a_user_may_do_nothing_with_anothers, |world| {
    column(world, Who::Neighbour);
});

on_every_store!(a_role_gives_nothing_of_other_types, |world| {
    column(world, Who::OtherKeeper);
});

on_every_store!(a_role_gives_what_its_policies_permit, |world| {
    column(world, Who::Keeper);
});

on_every_store!(an_administrator_may_do_everything, |world| {
    column(world, Who::Administrator);
});
