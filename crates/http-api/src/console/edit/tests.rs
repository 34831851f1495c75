//! Forms alone: what they show of a resource, and what they make of one.

use serde_json::{Value, json};

use crate::console::form::Form;

use super::{Entered, Field, Group, Kind, Mistake, differences, over, with_secrets};

const FIELDS: &[Field] = &[
    Field::new("id", "Id", Kind::Id),
    Field::new("name.given", "Given name", Kind::Text("text")),
    Field::new("seconds", "Seconds", Kind::Number),
    Field::new("on", "On", Kind::Tick { by_default: true }),
    Field::new("either", "Either", Kind::Either("unset")),
    Field::new("any", "Any", Kind::Ticks(&["a", "b"])),
    Field::new("words", "Words", Kind::Words),
    Field::new("lines", "Lines", Kind::Lines),
    Field::new("roles", "Roles", Kind::Values),
    Field::new("until", "Until", Kind::Date),
    Field::new("open", "Open", Kind::Json),
    Field::new("user", "User", Kind::Reference("User")),
    Field::new("link", "Links", Kind::References),
    Field::new("secret", "Secret", Kind::Secret("Remove it")),
    Field::new("secrets", "Secrets", Kind::Secrets),
];
const TABLE: &[Group] = &[Group::new("All", FIELDS)];

fn full() -> Value {
    json!({
        "resourceType": "Thing", "id": "it", "meta": { "versionId": "3" }, "unknown": { "kept": [1] },
        "name": { "given": "Amy", "family": ["kept"] }, "seconds": 60, "on": false, "either": true,
        "any": ["b", "a"], "words": "one", "lines": ["192.0.2.0/24", "2001:db8::/32"],
        "roles": [{ "value": "clerk", "display": "Clerk" }], "until": "2027-01-01T12:00:00Z",
        "open": { "b": 1, "a": [null] }, "user": { "reference": "User/amy" },
        "link": [{ "resourceType": "Client", "id": "x/y" }],
        "secrets": [{ "id": "old", "created": "2026-01-01T00:00:00Z" }, { "id": "older", "expires": "2027-01-01T00:00:00Z" }],
    })
}

/// The form of a resource, as a browser sends it, with some fields said otherwise.
fn sent(resource: &Value, otherwise: &[(&str, &str)]) -> Form {
    let entered = Entered::of(TABLE, resource);
    let mut query = form_urlencoded::Serializer::new(String::new());
    for field in FIELDS {
        let said: Vec<_> = otherwise
            .iter()
            .filter(|(name, _)| *name == field.path)
            .collect();
        if said.is_empty() {
            for text in entered.texts(field.path) {
                query.append_pair(field.path, &text.replace('\n', "\r\n"));
            }
        }
    }
    query.extend_pairs(otherwise.iter().filter(|(_, text)| *text != "unticked"));
    Form::parse(&query.finish()).unwrap()
}

fn written(resource: &Value, otherwise: &[(&str, &str)]) -> Value {
    let form = sent(resource, otherwise);
    let entered = Entered::posted(TABLE, resource, &form);
    let wanted = over(TABLE, resource, &entered).unwrap();
    with_secrets(TABLE, wanted, &form)
}

#[test]
fn a_form_that_nobody_touched_writes_what_was_read() {
    let mut expected = full();
    expected.as_object_mut().unwrap().shift_remove("meta");
    assert_eq!(written(&full(), &[]), expected);
}

#[test]
fn what_is_touched_is_written_as_what_it_is() {
    let wanted = written(
        &full(),
        &[
            ("name.given", "Bob"),
            ("seconds", "90"),
            ("on", "true"),
            ("either", "false"),
            ("any", "a"),
            ("words", " one\ttwo "),
            ("lines", "192.0.2.1\r\n\r\n192.0.2.2"),
            ("roles", "clerk, auditor"),
            ("until", "2027-02-01"),
            ("open", "a: [1]"),
            ("user", "bob"),
            ("link", "User/bob\r\nnonsense"),
        ],
    );
    let mut expected = json!({
        "resourceType": "Thing", "id": "it", "unknown": { "kept": [1] },
        "name": { "given": "Bob", "family": ["kept"] }, "seconds": 90, "on": true, "either": false,
        "any": ["a"], "words": ["one", "two"], "lines": ["192.0.2.1", "192.0.2.2"],
        "roles": [{ "value": "clerk", "display": "Clerk" }, { "value": "auditor" }],
        "until": "2027-02-01", "open": { "a": [1] },
        "user": { "resourceType": "User", "id": "bob" },
        "link": [{ "resourceType": "User", "id": "bob" }, { "reference": "nonsense" }],
    });
    expected["secrets"] = full()["secrets"].clone();
    assert_eq!(wanted, expected);
}

#[test]
fn what_is_emptied_is_removed_with_what_held_it() {
    let resource = json!({ "name": { "given": "Amy" }, "seconds": 1, "any": ["a"], "on": true });
    let emptied = [
        ("name.given", ""),
        ("seconds", " "),
        ("any", "unticked"),
        ("on", "unticked"),
    ];
    assert_eq!(written(&resource, &emptied), json!({ "on": false }));
}

#[test]
fn secrets_are_kept_added_ended_and_removed() {
    let wanted = written(
        &full(),
        &[
            ("secret", "another"),
            ("secrets.old.expires", "2026-12-31"),
            ("secrets.older.remove", "true"),
            ("secrets.new.secret", "a third"),
        ],
    );
    assert_eq!(wanted["secret"], "another");
    let expected = json!([
        { "id": "old", "created": "2026-01-01T00:00:00Z", "expires": "2026-12-31" },
        { "secret": "a third" },
    ]);
    assert_eq!(wanted["secrets"], expected);
    let wanted = written(&full(), &[("secret.remove", "true")]);
    assert_eq!(wanted.get("secret"), Some(&Value::Null));
}

#[test]
fn secrets_do_not_stand_in_what_is_shown_again() {
    let typed = [("secret", "typed"), ("secrets.new.secret", "typed")];
    let form = sent(&full(), &typed);
    let entered = Entered::posted(TABLE, &full(), &form);
    assert!(!format!("{entered:?}").contains("typed"));
    let wanted = over(TABLE, &full(), &entered).unwrap();
    assert!(!wanted.to_string().contains("typed"));
}

#[test]
fn what_cannot_be_read_is_told_where_it_is() {
    let form = sent(
        &json!({}),
        &[
            ("seconds", "soon"),
            ("open", "{\n  \"a\": 1\n  \"b\": 2\n}"),
        ],
    );
    let entered = Entered::posted(TABLE, &json!({}), &form);
    let mistakes = over(TABLE, &json!({}), &entered).unwrap_err();
    let told: Vec<_> = mistakes
        .iter()
        .map(|mistake| (mistake.field().unwrap().path, mistake.to_string()))
        .collect();
    let json = "is not well-formed JSON: look at line 3, column 3".to_owned();
    let number = "must be a whole number".to_owned();
    assert_eq!(told, [("seconds", number), ("open", json)]);
}

#[test]
fn a_mistake_belongs_to_the_field_with_the_longest_path() {
    let field = |at: &str| Mistake::told(TABLE, at, "").field().map(|field| field.path);
    assert_eq!(field("secrets.secret"), Some("secrets"));
    assert_eq!(field("secret"), Some("secret"));
    assert_eq!(field("link[0].id"), Some("link"));
    assert_eq!(field("name.given"), Some("name.given"));
    assert_eq!(field("name"), None);
    assert_eq!(field("opening"), None);
    assert_eq!(
        Mistake::told(TABLE, "open.a.b", "is odd").to_string(),
        "open.a.b is odd"
    );
}

#[test]
fn changes_are_carried_to_a_later_version() {
    let began = json!({ "name": { "given": "Amy" }, "seconds": 1, "words": ["a"], "on": true });
    let latest =
        json!({ "name": { "given": "Amy" }, "seconds": 2, "words": ["a", "b"], "on": true });
    let form = sent(
        &began,
        &[("name.given", "Bob"), ("seconds", "3"), ("on", "unticked")],
    );
    let entered = Entered::posted(TABLE, &began, &form).carried(TABLE, &began, &latest);
    let wanted = over(TABLE, &latest, &entered).unwrap();
    let expected =
        json!({ "name": { "given": "Bob" }, "seconds": 3, "words": ["a", "b"], "on": false });
    assert_eq!(wanted, expected);
}

#[test]
fn versions_differ_by_their_members() {
    let first = json!({ "meta": 1, "a": { "b": 1, "c": [1, 2] }, "d": "x\ny" });
    let second = json!({ "meta": 2, "a": { "b": 2, "c": [1, 2] }, "e/f": true });
    let found = differences(&[&first, &second]);
    let told: Vec<_> = found
        .iter()
        .map(|one| (one.name(), one.versions.clone()))
        .collect();
    let lines = |lines: &[&str]| {
        lines
            .iter()
            .map(|line| (*line).to_owned())
            .collect::<Vec<_>>()
    };
    let expected = [
        (
            "a.b".to_owned(),
            vec![(lines(&["1"]), false), (lines(&["2"]), true)],
        ),
        (
            "d".to_owned(),
            vec![(lines(&["x", "y"]), false), (lines(&[]), true)],
        ),
        (
            "e/f".to_owned(),
            vec![(lines(&[]), false), (lines(&["true"]), true)],
        ),
    ];
    assert_eq!(told, expected);
}
