use super::*;

const YAML: &[u8] = b"resourceType: Bundle
type: transaction
entry:
  - request: {method: PUT, url: /Client/myapp}
    resource:
      resourceType: Client
      secret: verysecret
      grant_types: [password]
  - request: {method: PUT, url: /User/user, ifNoneMatch: \"*\"}
    resource: {resourceType: User, id: user, password: password}
";

#[test]
fn a_bundle_is_read() {
    let entries = parse(YAML, Format::Yaml).unwrap();
    let [BundleEntry::Client(client), BundleEntry::User(user)] = entries.as_slice() else {
        panic!("{entries:?}");
    };
    assert_eq!(
        (client.id.as_str(), client.condition),
        ("myapp", Condition::Any)
    );
    assert_eq!(
        (user.id.as_str(), user.condition),
        ("user", Condition::Absent)
    );
}

#[test]
fn a_list_of_resources_is_a_bundle_too() {
    let list = br#"[{"resourceType":"Client","id":"a"},{"resourceType":"User","id":"b"}]"#;
    assert_eq!(parse(list, Format::Json).unwrap().len(), 2);
}

#[test]
fn post_creates_and_never_replaces() {
    let bundle = br#"{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"resourceType":"User","id":"b"},"request":{"method":"POST"}}]}"#;
    let entries = parse(bundle, Format::Json).unwrap();
    assert!(matches!(&entries[0], BundleEntry::User(user) if user.condition == Condition::Absent));
}

#[test]
fn errors_name_the_entry_and_the_member() {
    let rows: [(&[u8], &str); 9] = [
        (b"{", "The body is not one well-formed JSON text with unique keys"),
        (b"1", "neither a Bundle nor a list of resources"),
        (br#"{"resourceType":"Bundle","type":"searchset"}"#, "the type of the Bundle must be batch, transaction or collection"),
        (br#"[{"resourceType":"Client","id":"a"},{"resourceType":"Client","id":"b","color":1}]"#, "entry 2: color is not a member of this resource"),
        (br#"[{"resourceType":"User","id":"a","email":1}]"#, "entry 1: email is not of the type it must have"),
        (br#"[{"resourceType":"Client"}]"#, "entry 1: id is required"),
        (br#"[{"resourceType":"Patient","id":"a"}]"#, "entry 1: resourceType must be Client, User, Role or AccessPolicy"),
        (br#"{"resourceType":"Bundle","type":"batch","entry":[{"resource":{"resourceType":"User","id":"b"},"request":{"method":"DELETE"}}]}"#, "entry 1: request.method must be PUT or POST"),
        (b"[1]", "entry 1: must be an object"),
    ];
    for (text, says) in rows {
        let error = parse(text, Format::Json).unwrap_err();
        assert_eq!(error.to_string(), says);
    }
}
