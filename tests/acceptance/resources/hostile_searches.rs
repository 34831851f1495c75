//! Searches that are sent to do harm: refused, or without effect.

use crate::support::bundles::entries;
use crate::support::{Answer, Call, World};

/// Every parameter that takes a value of any kind.
const PARAMETERS: [&str; 16] = [
    "Client?name",
    "Client?name:exact",
    "Client?name:contains",
    "Client?name:not",
    "Client?grant_types",
    "Client?allowed_origins",
    "Client?_id",
    "User?userName",
    "User?email:contains",
    "User?identifier",
    "User?roleName",
    "Role?user",
    "Role?description",
    "AccessPolicy?link",
    "Session?client",
    "AuditEvent?agent",
];

#[track_caller]
fn search(world: &World, parameter: &str, value: &str) -> Answer {
    let (kind, name) = parameter.split_once('?').unwrap();
    let form = Call::post(&format!("/{kind}/_search")).form(&[(name, value)]);
    world.admin().send(form)
}

on_every_store!(hostile_values_find_nothing, |world| {
    world.myapp().log_in("user");
    let long = "x".repeat(8000);
    let wild = "%_".repeat(4000);
    for value in [
        "'",
        "' OR '1'='1",
        "'; DROP TABLE client; --",
        "\"",
        "%",
        "_",
        "\\",
        "%%%",
        "*",
        "$1",
        "?",
        "a|b",
        "\u{202e}\u{feff}",
        "\u{10ffff}",
        "ﬀ İ ß Σς",
        "💩",
        "../../etc/passwd",
        "{{7*7}}",
        "<script>",
        "null",
        "\n\r\t\u{7f}",
        long.as_str(),
        wild.as_str(),
    ] {
        for parameter in PARAMETERS {
            let what = format!("{parameter}={}", &value[..value.len().min(40)]);
            let answer = search(world, parameter, value);
            if answer.status == 400 {
                answer.outcome(400);
                continue;
            }
            assert_eq!(answer.status, 200, "{what}: {}", answer.text());
            let found = entries(&answer.json()).len();
            let all = if parameter == "Client?name:not" { 2 } else { 0 };
            assert_eq!(found, all, "{what}");
        }
    }
});

on_every_store!(searches_that_would_cost_much_are_refused, |world| {
    let many = vec!["ab"; 101].join(",");
    let long = "x".repeat(60_000);
    for parameter in PARAMETERS {
        for value in [&many, &long] {
            search(world, parameter, value).outcome(400);
        }
    }
    for (name, values, times) in [("name", 1, 100), ("name:contains", 20, 20), ("name", 90, 2)] {
        let value = vec!["ab"; values].join(",");
        let query = vec![format!("{name}={value}"); times].join("&");
        for kind in ["Client", "User"] {
            let call = Call::post(&format!("/{kind}/_search"))
                .body("application/x-www-form-urlencoded", query.as_str());
            world.admin().send(call).outcome(400);
        }
    }
    let fifty = vec!["ab"; 50].join(",");
    search(world, "Client?name", &fifty).expect(200);
});
