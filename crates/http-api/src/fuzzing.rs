//! The readers of what is sent, as functions of bytes: for `fuzz/`, and for the tests that read its corpus.
//!
//! Each takes any bytes, panics when a promise is broken and otherwise says nothing. What has several
//! variants is told which by the first byte; what has two parts is cut at the first line feed.

use actix_web::http::header::{AUTHORIZATION, HeaderValue};
use actix_web::test::TestRequest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use grantor_domain::access::AccessPolicy;
use grantor_domain::clients::{Client, ClientCredentials};
use grantor_domain::roles::Role;
use grantor_domain::users::User;
use grantor_domain::window::{Position, Start};
use serde_json::Value;

use crate::body::{self, JSON_DEPTH, Members, RESOURCE_LIMIT, parse_json, parse_yaml};
use crate::bundle::{self, Format};
use crate::extract::authorization::Authorization;
use crate::resources::batch;
use crate::resources::{
    Criteria, Dialect, EventCriteria, HistoryCriteria, PageKey, Patch, Place, Query,
    ResourceCriteria, Sent, SessionCriteria, Wire,
};

/// A form (`application/x-www-form-urlencoded`): what was read, written again, reads the same.
///
/// # Panics
/// When that is not so.
pub fn form(bytes: &[u8]) {
    let Some(members) = body::form_members(bytes) else {
        return;
    };
    let mut written = form_urlencoded::Serializer::new(String::new());
    for (name, value) in &members {
        let several = match value {
            Value::Array(several) => several.as_slice(),
            one => std::slice::from_ref(one),
        };
        for one in several.iter().filter_map(Value::as_str) {
            written.append_pair(name, one);
        }
    }
    let again = body::form_members(written.finish().as_bytes());
    assert!(
        again.as_ref() == Some(&members),
        "{members:?} became {again:?}"
    );
}

/// A JSON body: what was read is within bounds, and can be read when it is written again.
pub fn json(bytes: &[u8]) {
    if let Ok(value) = parse_json(bytes) {
        can_be_said_again(&value);
    }
}

/// A YAML body: what was read is JSON.
pub fn yaml(bytes: &[u8]) {
    if let Ok(value) = parse_yaml(bytes) {
        can_be_said_again(&value);
    }
}

fn can_be_said_again(value: &Value) {
    assert!(depth(value) <= JSON_DEPTH, "deeper than bodies may be");
    let written = value.to_string();
    assert!(
        parse_json(written.as_bytes()).is_ok(),
        "not read again: {written}"
    );
}

fn depth(value: &Value) -> usize {
    match value {
        Value::Array(values) => 1 + values.iter().map(depth).max().unwrap_or(0),
        Value::Object(members) => 1 + members.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// An `Authorization` header: credentials that were read, written again, read the same.
///
/// # Panics
/// When that is not so.
pub fn basic(bytes: &[u8]) {
    let Some(read) = credentials(bytes) else {
        return;
    };
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let secret = read.secret.as_ref().map_or("", |secret| secret.expose());
    assert!(
        !read.id.is_empty() && !secret.is_empty(),
        "half of the credentials is missing"
    );
    let joined = STANDARD.encode(format!("{}:{}", encoded(&read.id), encoded(secret)));
    let again = credentials(format!("Basic {joined}").as_bytes());
    let same = again.is_some_and(|again| {
        again.id == read.id && again.secret.is_some_and(|again| again.expose() == secret)
    });
    assert!(same, "the credentials of {:?} read otherwise", read.id);
}

fn credentials(header: &[u8]) -> Option<ClientCredentials> {
    let value = HeaderValue::from_bytes(header).ok()?;
    let request = TestRequest::default().insert_header((AUTHORIZATION, value));
    match Authorization::read(&request.to_http_request()) {
        Ok(Authorization::Basic(credentials)) => Some(credentials),
        _ => None,
    }
}

/// The query of a search, of the type the first byte chooses. The page after one that was asked for can be
/// asked for by its link.
pub fn search(bytes: &[u8]) {
    let Some((kind, query)) = first(bytes) else {
        return;
    };
    let Ok(query) = std::str::from_utf8(query) else {
        return;
    };
    match kind % 7 {
        0 => searched::<ResourceCriteria<Client>>("Client", query),
        1 => searched::<ResourceCriteria<User>>("User", query),
        2 => searched::<ResourceCriteria<Role>>("Role", query),
        3 => searched::<ResourceCriteria<AccessPolicy>>("AccessPolicy", query),
        4 => searched::<SessionCriteria>("Session", query),
        5 => searched::<EventCriteria>("AuditEvent", query),
        _ => searched::<HistoryCriteria>("Client/_history", query),
    }
}

fn searched<C: Criteria>(path: &str, query: &str) {
    for is_lenient in [false, true] {
        let sent = Sent::parse(query);
        let read = sent.and_then(|sent| Query::<C>::read(&sent, is_lenient));
        let pages = read.and_then(|read| PAGES.of(path, &read));
        let Ok(pages) = pages else {
            continue;
        };
        let position = Position {
            keys: vec![i64::MIN, 0, 7],
            id: "ünï,code".to_owned(),
        };
        for start in [
            Start::After(position.clone()),
            Start::Before(position),
            Start::Last,
        ] {
            assert_eq!(
                pages.followed(&start),
                Some(start),
                "a link leads elsewhere"
            );
        }
    }
}

const PAGES: PageKey = PageKey::new([7; 32]);

/// `_page`, as anybody may send it, and as a link of ours would hold these bytes. Nobody makes up a position;
/// one of ours is found again.
///
/// # Panics
/// When that is not so.
pub fn page_link(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let sent = Sent {
        pairs: vec![("_page".to_owned(), text.into_owned())],
        is_lenient: false,
    };
    if let Ok(start) = Query::<SessionCriteria>::read(&sent, false)
        .and_then(|query| PAGES.of("Session", &query))
        .map(|pages| pages.window().start)
    {
        let is_counted = matches!(start, Start::First | Start::Skip(_));
        assert!(is_counted, "somebody made up {start:?}");
    }
    let query = Query::<SessionCriteria>::read(&Sent::default(), false);
    let Ok(pages) = query.and_then(|query| PAGES.of("Session", &query)) else {
        return;
    };
    if let Ok(start) = pages.begins_at(bytes) {
        assert_eq!(
            pages.followed(&start),
            Some(start),
            "a link leads elsewhere"
        );
    }
}

/// A resource, a line feed, and a patch of it (JSON Patch or JSON Merge Patch), of the type the first byte
/// chooses: what comes of it is no larger and no deeper than a body.
pub fn patch(bytes: &[u8]) {
    let Some((kind, rest)) = first(bytes) else {
        return;
    };
    let mut parts = rest.splitn(2, |byte| *byte == b'\n');
    let mut part = || parts.next().and_then(|part| parse_json(part).ok());
    let (Some(Value::Object(members)), Some(patch)) = (part(), part()) else {
        return;
    };
    let Ok(patch) = Patch::read(patch) else {
        return;
    };
    match kind % 4 {
        0 => patched::<Client>(&patch, members),
        1 => patched::<User>(&patch, members),
        2 => patched::<Role>(&patch, members),
        _ => patched::<AccessPolicy>(&patch, members),
    }
}

fn patched<R: Wire>(patch: &Patch, members: Members) {
    if let Ok(members) = patch.apply::<R>(members) {
        let value = Value::Object(members.clone());
        assert!(depth(&value) <= JSON_DEPTH, "deeper than bodies may be");
        assert!(
            value.to_string().len() <= RESOURCE_LIMIT,
            "larger than bodies may be"
        );
        let _the_domain_may_refuse_it = R::read(members, None);
    }
}

/// A resource in JSON or YAML, of the type the first byte chooses.
pub fn resource(bytes: &[u8]) {
    let Some((kind, body)) = first(bytes) else {
        return;
    };
    let read = if body.first() == Some(&b'{') {
        parse_json(body)
    } else {
        parse_yaml(body)
    };
    let Ok(Value::Object(members)) = read else {
        return;
    };
    let id = members.get("id").and_then(Value::as_str).map(str::to_owned);
    match kind % 4 {
        0 => written::<Client>(members, id.as_deref()),
        1 => written::<User>(members, id.as_deref()),
        2 => written::<Role>(members, id.as_deref()),
        _ => written::<AccessPolicy>(members, id.as_deref()),
    }
}

fn written<R: Wire>(members: Members, id: Option<&str>) {
    if let Ok((own, _)) = R::read(members, id) {
        assert!(own.as_deref() == id, "{own:?} was read of {id:?}");
        let _its_grammar_may_refuse_it = id.map(R::parse_id);
    }
}

/// A Bundle: as a request, and as the file of an operator.
pub fn transaction(bytes: &[u8]) {
    let place = Place {
        base: "https://auth.example".to_owned(),
        dialect: Dialect::Plain,
    };
    if let Ok(Value::Object(members)) = parse_json(bytes) {
        let _whether_it_can = batch::can_be_read(members, &place);
    }
    for format in [Format::Json, Format::Yaml] {
        let _what_is_wrong_with_it = bundle::parse(bytes, format);
    }
}

fn first(bytes: &[u8]) -> Option<(u8, &[u8])> {
    bytes.split_first().map(|(first, rest)| (*first, rest))
}

#[cfg(test)]
mod tests;
