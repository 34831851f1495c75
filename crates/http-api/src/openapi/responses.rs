//! The failing answers of the endpoints, as the document shows them.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use utoipa::IntoResponses;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response, ResponseBuilder};

/// One failing answer: status, what it means, an example.
type Row = (u16, &'static str, Value);

const JSON_AND_YAML: [&str; 2] = ["application/json", "text/yaml"];

fn responses(schema: &str, rows: Vec<Row>) -> BTreeMap<String, RefOr<Response>> {
    let response = |(status, description, example): Row| {
        let content = |kind| {
            let content = ContentBuilder::new()
                .schema(Some(Ref::from_schema_name(schema)))
                .example(Some(example.clone()));
            (kind, content.build())
        };
        let builder = ResponseBuilder::new().description(description);
        let builder = JSON_AND_YAML
            .map(content)
            .into_iter()
            .fold(builder, |builder, (kind, content)| {
                builder.content(kind, content)
            });
        (status.to_string(), RefOr::T(builder.build()))
    };
    rows.into_iter().map(response).collect()
}

fn error(code: &str, description: &str) -> Value {
    json!({ "error": code, "error_description": description })
}

fn outcome(code: &str, diagnostics: &str) -> Value {
    json!({
        "resourceType": "OperationOutcome",
        "issue": [{ "severity": "error", "code": code, "diagnostics": diagnostics }],
    })
}

fn unreadable() -> Vec<Row> {
    let row =
        |status, description, example| (status, description, error("invalid_request", example));
    vec![
        row(
            405,
            "Another method is needed",
            "This method is not supported here",
        ),
        row(
            413,
            "The body is too large",
            "The body is larger than 65536 bytes",
        ),
        row(
            415,
            "The body is of a type that is not read",
            "This Content-Type is not read here",
        ),
    ]
}

fn faults() -> Vec<Row> {
    vec![
        (
            500,
            "Something stored cannot be read",
            error("server_error", "The server met an unexpected condition"),
        ),
        (
            503,
            "The store is away or a queue is full; see Retry-After",
            error(
                "temporarily_unavailable",
                "The server cannot answer now, try again",
            ),
        ),
    ]
}

fn wrong_client() -> Row {
    let example = error("invalid_client", "Client authentication failed");
    (401, "The client is not authenticated", example)
}

fn wrong_token() -> Row {
    let example = error("invalid_token", "The access token is not valid");
    (401, "The token is not valid", example)
}

macro_rules! responses {
    ($(#[$doc:meta])* $name:ident, $schema:literal, $rows:expr) => {
        $(#[$doc])*
        pub(crate) struct $name;

        impl IntoResponses for $name {
            fn responses() -> BTreeMap<String, RefOr<Response>> {
                responses($schema, $rows.into_iter().flatten().collect())
            }
        }
    };
}

responses!(
    /// Of the token and revocation endpoints.
    TokenErrors, "Error", [
        vec![
            (400, "The request is refused (RFC 6749 §5.2)", error("invalid_grant", "Wrong username or password")),
            wrong_client(),
            (429, "Too many tries; see Retry-After", error("slow_down", "Too many attempts, try again later")),
        ],
        unreadable(),
        faults(),
    ]
);

responses!(
    /// Of the introspection endpoint.
    IntrospectionErrors, "Error", [
        vec![
            (400, "The request cannot be read", error("invalid_request", "token: is required")),
            wrong_client(),
            (403, "The token shown does not permit this", error("access_denied", "The caller may not do this")),
        ],
        unreadable(),
        faults(),
    ]
);

responses!(
    /// Of the endpoint that sets the server up.
    SetupErrors, "Error", [
        vec![
            (400, "The request cannot be read", error("invalid_request", "password: is required")),
            wrong_token(),
            (409, "There is an administrator", error("invalid_request", "There is an administrator already")),
        ],
        unreadable(),
        faults(),
    ]
);

fn unfit_password() -> Value {
    json!({
        "error": "invalid_request",
        "error_description": "The password must have at least 8 characters.",
        "problems": ["The password must have at least 8 characters."],
    })
}

responses!(
    /// Of changing one's own password.
    ChangePasswordErrors, "Error", [
        vec![
            (400, "The present password is wrong (`invalid_grant`), or the new one is not good enough: see `problems`", unfit_password()),
            wrong_token(),
            (403, "No user is behind the token", error("access_denied", "The caller may not do this")),
            (429, "Too many tries; see Retry-After", error("slow_down", "Too many attempts, try again later")),
        ],
        unreadable(),
        faults(),
    ]
);

responses!(
    /// Of choosing a password by a link.
    ResetPasswordErrors, "Error", [
        vec![
            (400, "The link is not valid (`invalid_grant`), or the password is not good enough: see `problems`", error("invalid_grant", "The link is not valid any more")),
        ],
        unreadable(),
        faults(),
    ]
);

responses!(
    /// Of making a user choose another password.
    ForceResetErrors, "Error", [
        vec![
            (400, "The request cannot be read", error("invalid_request", "userId: is required")),
            wrong_token(),
            (403, "The caller may not do this", error("access_denied", "The caller may not do this")),
            (404, "There is no such user", error("invalid_request", "There is nothing here")),
        ],
        unreadable(),
        faults(),
    ]
);

fn asking_policies() -> Vec<Row> {
    vec![
        (
            400,
            "The request cannot be read",
            error("invalid_request", "subject: is required"),
        ),
        wrong_token(),
        (
            403,
            "The caller may not do this",
            error("access_denied", "The caller may not do this"),
        ),
    ]
}

responses!(
    /// Of asking the policies on behalf of resource servers.
    EvaluationErrors, "Error", [asking_policies(), unreadable(), faults()]
);

responses!(
    /// Of trying policies.
    TestPolicyErrors, "Error", [
        asking_policies(),
        vec![
            (422, "The policy breaks rules; see `problems`", json!({
                "error": "invalid_request",
                "error_description": "The resource breaks rules",
                "problems": ["engine: is required"],
            })),
        ],
        unreadable(),
        faults(),
    ]
);

responses!(
    /// Of endpoints that take nothing but an access token.
    BearerErrors, "Error", [
        vec![
            (400, "The request cannot be read", error("invalid_request", "Authorization is sent twice")),
            wrong_token(),
            (403, "No user is behind the token", error("access_denied", "The caller may not do this")),
        ],
        faults(),
    ]
);

fn looking_after_keys() -> Vec<Row> {
    vec![
        (
            400,
            "The request cannot be read",
            error("invalid_request", "now: must be true or false"),
        ),
        wrong_token(),
        (
            403,
            "The caller may not do this",
            error("access_denied", "The caller may not do this"),
        ),
    ]
}

responses!(
    /// Of listing and rotating signing keys.
    KeyErrors, "Error", [looking_after_keys(), faults()]
);

responses!(
    /// Of ending a signing key.
    RetireErrors, "Error", [
        looking_after_keys(),
        vec![
            (404, "There is no such key", error("invalid_request", "There is nothing here")),
            (409, "No other key can sign", error("invalid_request", "It is the only key that can sign: rotate first")),
        ],
        faults(),
    ]
);

responses!(
    /// Of public documents.
    Faults, "Error", [faults()]
);

fn resource_rows() -> Vec<Row> {
    vec![
        (
            400,
            "The request cannot be read",
            outcome("structure", "The query is not percent-encoded UTF-8"),
        ),
        (
            401,
            "The caller is not authenticated",
            outcome("login", "The access token is not valid"),
        ),
        (
            403,
            "The caller may not do this",
            outcome("forbidden", "The caller may not do this"),
        ),
        (
            404,
            "There is nothing that the caller may see",
            outcome("not-found", "There is nothing here"),
        ),
        (
            410,
            "The resource was removed",
            outcome("deleted", "The resource was removed"),
        ),
        (
            500,
            "Something stored cannot be read",
            outcome("exception", "The server met an unexpected condition"),
        ),
        (
            503,
            "The store is away or a queue is full; see Retry-After",
            outcome("transient", "The server cannot answer now, try again"),
        ),
    ]
}

responses!(
    /// Of requests that read, search or close.
    ResourceErrors, "OperationOutcome", [resource_rows()]
);

responses!(
    /// Of requests that write or remove a resource.
    WriteErrors, "OperationOutcome", [
        resource_rows(),
        vec![
            (405, "The directory cannot be written", outcome("not-supported", "This directory cannot be written")),
            (409, "Another resource has this id or name", outcome("conflict", "Another user has one of these names")),
            (412, "If-Match or If-None-Match does not hold", outcome("conflict", "The resource is not in the state the request requires")),
            (413, "The body is too large", outcome("too-long", "The body is larger than 1048576 bytes")),
            (415, "The body is of a type that is not read", outcome("not-supported", "This Content-Type is not read here")),
            (422, "The resource breaks rules; one issue for each", outcome("invalid", "is not a member of this resource")),
        ],
    ]
);
