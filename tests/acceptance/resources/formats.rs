//! JSON and YAML, in and out, as asked for by `Content-Type`, `Accept`, `_format` and `_pretty`.

use serde_json::{Value, json};

use crate::support::bundles::{entries, ids};
use crate::support::{Answer, Call};

const FORMATS: [(&str, &str); 5] = [
    ("application/json", "application/json; charset=UTF-8"),
    (
        "application/fhir+json",
        "application/fhir+json; charset=UTF-8",
    ),
    ("text/yaml", "text/yaml; charset=UTF-8"),
    ("application/yaml", "text/yaml; charset=UTF-8"),
    ("text/html, */*", "application/json; charset=UTF-8"),
];

/// What an answer says, whatever it is written in.
#[track_caller]
fn said(answer: &Answer) -> Value {
    if answer.content_type().contains("yaml") {
        answer.yaml()
    } else {
        answer.json()
    }
}

/// An answer is of this type and says this; without what each answer has of its own.
#[track_caller]
fn is(answer: &Answer, content_type: &str, expected: &Value) {
    assert_eq!(answer.content_type(), content_type, "{}", answer.text());
    assert_eq!(said(answer), *expected);
}

/// A User that YAML could misunderstand.
fn odd() -> Value {
    json!({
        "displayName": "no", "nickName": "12", "title": "1e3", "userType": "~", "locale": "null",
        "timezone": " a: b # c", "gender": "é\n\t\"'\\", "photo": "- x", "externalId": "0x1F",
        "data": { "yes": true, "none": [], "empty": {}, "text": "", "deep": [[{ "a": [1, -2.5, null] }]],
            "2026-01-01": "2026-01-01", "large": 9_007_199_254_740_993_i64, "💩": "\u{2028}" },
    })
}

on_every_store!(an_answer_is_written_as_it_is_asked_for, |world| {
    let admin = world.admin();
    let expected = admin.put("/User/odd", &odd()).expect(201).json();
    for member in ["displayName", "nickName", "title", "gender", "data"] {
        assert_eq!(expected[member], odd()[member], "{member}");
    }
    for path in ["/User/odd", "/User/odd/_history/1", "/fhir/User/odd"] {
        for (accept, content_type) in FORMATS {
            let answer = admin
                .send(Call::get(path).header("Accept", accept))
                .expect(200);
            is(&answer, content_type, &expected);
        }
        for (format, content_type) in [
            ("json", "application/json; charset=UTF-8"),
            ("application/json", "application/json; charset=UTF-8"),
            (
                "application/fhir%2Bjson",
                "application/fhir+json; charset=UTF-8",
            ),
            ("yaml", "text/yaml; charset=UTF-8"),
            ("text/yaml", "text/yaml; charset=UTF-8"),
            ("application/yaml", "text/yaml; charset=UTF-8"),
        ] {
            for accept in ["application/json", "text/yaml"] {
                let call = Call::get(&format!("{path}?_format={format}")).header("Accept", accept);
                is(&admin.send(call).expect(200), content_type, &expected);
            }
        }
    }
});

on_every_store!(
    what_is_read_in_one_format_is_written_in_the_other,
    |world| {
        let admin = world.admin();
        admin.put("/User/odd", &odd()).expect(201);
        let yaml = admin.get("/User/odd?_format=yaml").expect(200).text();
        let without_meta: String = {
            let (head, rest) = yaml.split_once("meta:\n").unwrap();
            let mut lines = rest.lines().skip_while(|line| line.starts_with(' '));
            let mut text = head.to_owned();
            lines.by_ref().for_each(|line| {
                text.push_str(line);
                text.push('\n');
            });
            text
        };
        let before = world.kept();
        let again = admin
            .send(Call::put("/User/odd").yaml(&without_meta))
            .expect(200);
        assert_eq!(world.kept(), before, "nothing is another: {}", again.text());
        for content_type in ["application/json", "application/fhir+json"] {
            let call = Call::put("/User/odd").body(content_type, odd().to_string());
            admin.send(call).expect(200);
        }
        for content_type in ["text/yaml", "application/yaml", "application/x-yaml"] {
            let call = Call::put("/User/odd").body(content_type, without_meta.as_str());
            let answer = admin.send(call);
            assert!(
                matches!(answer.status, 200 | 415),
                "{content_type}: {}",
                answer.text()
            );
        }
        assert_eq!(world.kept(), before);
    }
);

on_every_store!(who_writes_yaml_is_answered_in_yaml, |world| {
    let admin = world.admin();
    let put = Call::put("/Client/y").yaml("name: Y\ngrant_types: [password]\n");
    assert_eq!(admin.send(put.clone()).expect(201).yaml()["name"], "Y");
    let json = put.header("Accept", "application/json");
    assert_eq!(admin.send(json).expect(200).json()["name"], "Y");
    let refused = admin.send(Call::put("/Client/y").yaml("nonsense: 1\n"));
    assert_eq!(refused.status, 422);
    assert_eq!(
        refused.yaml()["issue"][0]["expression"],
        json!(["nonsense"])
    );
    let lost = Call::get("/Client/none").header("Accept", "text/yaml");
    assert_eq!(
        admin.send(lost).expect(404).yaml()["resourceType"],
        "OperationOutcome"
    );
    let bundle = "resourceType: Bundle\ntype: transaction\nentry:\n  - request: {method: GET, url: Client/y}\n";
    let answer = admin.send(Call::post("/").yaml(bundle)).expect(200).yaml();
    assert_eq!(ids(&answer), ["y"]);
});

on_every_store!(bundles_are_written_in_each_format, |world| {
    let admin = world.admin();
    for path in [
        "/Client?_total=accurate",
        "/Client/_history",
        "/fhir/Client/myapp/_history",
        "/AuditEvent?type=config.loaded",
    ] {
        let expected = admin.get(path).expect(200).json();
        for (accept, content_type) in FORMATS {
            let answer = admin
                .send(Call::get(path).header("Accept", accept))
                .expect(200);
            is(&answer, content_type, &expected);
        }
    }
    let found = admin
        .get("/Client?_format=yaml&_count=1")
        .expect(200)
        .yaml();
    let next = found["link"]
        .as_array()
        .unwrap()
        .iter()
        .find(|link| link["relation"] == "next");
    let next = next.unwrap()["url"].as_str().unwrap();
    assert!(next.contains("_format=yaml"), "{next}");
    let path = next.strip_prefix("https://auth.example.test").unwrap();
    assert_eq!(entries(&admin.get(path).expect(200).yaml()).len(), 1);
});

on_every_store!(a_pretty_answer_says_the_same, |world| {
    let admin = world.admin();
    for path in ["/Client/myapp", "/Client/none", "/Client/myapp/_history/1"] {
        let plain = admin.get(path);
        let pretty = admin.get(&format!("{path}?_pretty=true"));
        assert_eq!((pretty.status, pretty.json()), (plain.status, plain.json()));
        assert!(pretty.text().contains("\n  \""), "{}", pretty.text());
        assert!(!plain.text().contains('\n'), "{}", plain.text());
        assert_eq!(
            admin.get(&format!("{path}?_pretty=false")).text(),
            plain.text()
        );
    }
    let search = admin.get("/Client?_pretty=true").expect(200);
    assert!(search.text().contains("\n  \""), "{}", search.text());
});

on_every_store!(references_are_spelled_as_each_mount_spells_them, |world| {
    let admin = world.admin();
    let at_root = json!({ "resourceType": "User", "id": "user" });
    let in_fhir = json!({ "reference": "User/user" });
    for (n, user) in [&at_root, &in_fhir].into_iter().enumerate() {
        for mount in ["", "/fhir"] {
            let url = format!("/Role/r{n}");
            let body = json!({ "name": "clerk", "user": user });
            admin.put(&format!("{mount}{url}"), &body);
            let read = |mount: &str| {
                admin.get(&format!("{mount}{url}")).expect(200).json()["user"].clone()
            };
            assert_eq!(
                (read(""), read("/fhir")),
                (at_root.clone(), in_fhir.clone())
            );
        }
    }
});
