//! The audit trail: administrators search it, nobody else sees it, and nobody alters it unnoticed.

use serde_json::{Value, json};

use crate::support::{Setup, Store, World};

/// The events a search finds, newest first.
#[track_caller]
fn events(world: &World, query: &str) -> Vec<Value> {
    let bundle = world.admin().get(&format!("/AuditEvent?{query}"));
    let bundle = bundle.expect(200).json();
    assert_eq!(bundle["type"], "searchset");
    let entries = bundle["entry"].as_array().unwrap();
    entries
        .iter()
        .map(|entry| entry["resource"].clone())
        .collect()
}

/// The only event a search finds.
#[track_caller]
fn event(world: &World, query: &str) -> Value {
    let mut found = events(world, query);
    assert_eq!(found.len(), 1, "{query}: {found:?}");
    found.remove(0)
}

fn reference(kind: &str, id: &str) -> Value {
    json!({ "resourceType": kind, "id": id })
}

on_every_store!(a_login_appears_with_agent_and_entity, |world| {
    world.myapp().log_in("user");
    let login = event(world, "type=login.ok&agent=User/user");
    assert_eq!(login["resourceType"], "AuditEvent");
    assert_eq!(login["type"]["code"], "login.ok");
    assert_eq!(login["outcome"], "0");
    assert_eq!(login["agent"][0]["who"], reference("User", "user"));
    assert_eq!(login["agent"][0]["requestor"], true);
    assert_eq!(login["agent"][0]["network"]["type"], "2");
    assert_eq!(login["agent"][1]["who"], reference("Client", "myapp"));
    let opened = event(world, "type=session.created&entity=User/user");
    let whats: Vec<&Value> = opened["entity"].as_array().unwrap().iter().collect();
    assert!(
        whats
            .iter()
            .any(|entity| entity["what"]["resourceType"] == "Session")
    );
});

on_every_store!(a_refused_login_appears_with_its_reason, |world| {
    world
        .myapp()
        .password("user", "wrong")
        .refuse(400, "invalid_grant");
    let refused = event(world, "outcome=4&type=login.failed&entity=user");
    assert_eq!(refused["outcome"], "4");
    assert_eq!(refused["outcomeDesc"], "wrong_password");
    assert_eq!(refused["action"], "E");
});

on_every_store!(a_change_of_a_client_appears_with_who_and_what, |world| {
    world.register("fresh", &json!({ "grant_types": ["password"] }));
    world
        .admin()
        .patch("/Client/fresh", &json!({ "name": "Another" }))
        .expect(200);
    let changed = event(world, "type=client.changed&entity=Client/fresh");
    assert_eq!(changed["action"], "U");
    assert_eq!(changed["agent"][0]["who"], reference("Client", "root"));
    let entity = &changed["entity"][0];
    assert_eq!(entity["what"], reference("Client", "fresh"));
    let details = entity["detail"].as_array().unwrap();
    assert!(details.contains(&json!({ "type": "changed", "valueString": "name" })));
    assert!(details.iter().any(|detail| detail["type"] == "request_id"));
});

on_every_store!(the_start_of_the_server_appears, |world| {
    for name in ["config.loaded", "key.created", "admin.bootstrap"] {
        let found = event(world, &format!("type={name}"));
        assert_eq!(
            found["agent"][0]["who"],
            json!({ "display": "operator" }),
            "{name}"
        );
    }
    assert!(!events(world, "type=migration.applied").is_empty());
});

on_every_store!(nobody_without_rights_sees_an_event, |world| {
    let path = format!(
        "/AuditEvent/{}",
        events(world, "_count=1")[0]["id"].as_str().unwrap()
    );
    for path in ["/AuditEvent", "/AuditEvent?nonsense=1", path.as_str()] {
        world.stranger().get(path).expect(401);
        world.user("user").get(path).expect(403);
    }
});

on_every_store!(
    an_event_is_read_in_both_dialects_and_never_written,
    |world| {
        world.myapp().log_in("user");
        let login = event(world, "type=login.ok");
        let path = format!("/AuditEvent/{}", login["id"].as_str().unwrap());
        let admin = world.admin();
        assert_eq!(admin.get(&path).expect(200).json(), login);
        let fhir = admin.get(&format!("/fhir{path}")).expect(200).json();
        assert_eq!(fhir["agent"][0]["who"], json!({ "reference": "User/user" }));
        admin.get("/AuditEvent/999999").expect(404);
        admin.get("/AuditEvent/x").expect(404);
        admin.put(&path, &login).expect(405);
        admin.delete(&path).expect(405);
        admin.post("/AuditEvent", &login).expect(405);
    }
);

on_every_store!(searches_page_and_say_what_is_wrong, |world| {
    for _ in 0..3 {
        world.myapp().log_in("user");
    }
    let first = world.admin().get("/AuditEvent?type=login.ok&_count=2");
    let first = first.expect(200).json();
    assert_eq!(first["total"], 3);
    let links = first["link"].as_array().unwrap();
    let next = links
        .iter()
        .find(|link| link["relation"] == "next")
        .unwrap();
    let next = next["url"].as_str().unwrap();
    let path = &next[next.find("/AuditEvent").unwrap()..];
    let second = world.admin().get(path).expect(200).json();
    assert_eq!(second["entry"].as_array().unwrap().len(), 1);
    let all = events(world, "type=login.ok&_sort=date");
    let ids: Vec<&Value> = all.iter().map(|event| &event["id"]).collect();
    assert_eq!(*ids[0], second["entry"][0]["resource"]["id"]);
    assert_eq!(events(world, "type=login.ok&date=lt2000").len(), 0);
    for bad in [
        "type=login.none",
        "outcome=1",
        "_id=x",
        "date=x",
        "agent:not=a",
        "x=y",
    ] {
        world.admin().get(&format!("/AuditEvent?{bad}")).expect(400);
    }
});

on_every_store!(an_untouched_trail_is_whole, |world| {
    world.myapp().log_in("user");
    let ran = world.setup.run(&["audit", "verify"]).ok();
    assert!(ran.stdout.contains("is whole"), "{ran:?}");
    let head = ran
        .stdout
        .lines()
        .find_map(|line| line.strip_prefix("head "));
    let head = head.unwrap();
    world.myapp().log_in("user");
    world.setup.run(&["audit", "verify", "--head", head]).ok();
    let verified = &events(world, "type=audit.verified")[0];
    assert_eq!(verified["outcome"], "0");
    let other = format!("{}0", &head[..head.len() - 1]);
    let other = if other == head {
        format!("{}1", &head[..head.len() - 1])
    } else {
        other
    };
    let ran = world.setup.run(&["audit", "verify", "--head", &other]);
    ran.refused_saying(&["cut off"]);
});

#[test]
fn an_event_altered_in_the_database_is_named() {
    let world = Setup::on(Store::Postgres).start();
    world.myapp().log_in("user");
    world.setup.run(&["audit", "verify"]).ok();
    let login = event(&world, "type=login.ok");
    let id = login["id"].as_str().unwrap();
    let database = &world.setup.database;
    database.sql(&format!("UPDATE event SET user_id = 'eve' WHERE id = {id}"));
    let ran = world.setup.run(&["audit", "verify"]);
    assert_eq!(ran.code, Some(1));
    ran.refused_saying(&[&format!("AuditEvent {id} ")]);
    let verified = event(&world, "type=audit.verified&outcome=8");
    let named = &verified["entity"][0]["what"];
    assert_eq!(*named, reference("AuditEvent", id));
}

on_every_store!(the_export_is_json_lines_without_any_secret, |world| {
    let tokens = world.myapp().log_in("user");
    world.register(
        "fresh",
        &json!({ "secret": "an-operators-secret", "grant_types": ["basic"] }),
    );
    let exported = world.setup.run(&["audit", "export"]).ok().stdout;
    let lines: Vec<Value> = exported
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let login = event(world, "type=login.ok");
    assert!(lines.contains(&login), "as the API shows it");
    let number = |event: &Value| event["id"].as_str().unwrap().parse::<u64>().unwrap();
    assert!(lines.is_sorted_by_key(number));
    for secret in [&tokens.access, &tokens.refresh, "an-operators-secret"] {
        assert!(!exported.contains(secret));
    }
    let file = world.setup.folder.path().join("events.jsonl");
    let until = [
        "--until",
        "2000-01-01T00:00:00Z",
        "--output",
        file.to_str().unwrap(),
    ];
    let ran = world
        .setup
        .run(&[&["audit", "export"], &until[..]].concat());
    assert_eq!(ran.ok().stdout, "");
    assert_eq!(std::fs::read_to_string(file).unwrap(), "");
});
