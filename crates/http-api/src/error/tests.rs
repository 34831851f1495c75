use actix_web::test::TestRequest;
use grantor_domain::policy::BudgetScope;
use grantor_domain::time::Lifetime;

use super::*;

fn all() -> Vec<Failure> {
    let mut failures: Vec<Failure> = Reason::ALL.into_iter().map(Failure::Refused).collect();
    failures.extend([
        Failure::unreadable("x"),
        Failure::TooLarge(1),
        Failure::HeadersTooLarge,
        Failure::UnsupportedMediaType("x"),
        Failure::TooSlow,
        Failure::Fault(Fault::Unavailable("secret detail".into())),
        Failure::Fault(Fault::Overloaded("secret detail")),
        Failure::Fault(Fault::Contended),
        Failure::Fault(Fault::Corrupt("secret detail".into())),
        Failure::Panicked,
        Failure::NotFound,
        Failure::MethodNotAllowed("GET".into()),
        Failure::Conflict("x"),
        Failure::ConditionFailed,
        Failure::Unprocessable(vec![Problem::at("a", "b")]),
        Failure::ReadOnly,
    ]);
    failures
}

#[test]
fn every_failure_has_a_failing_status_and_401_a_challenge() {
    for failure in all() {
        for family in [Family::OAuth, Family::Resource] {
            let status = failure.status(family);
            assert!(
                status.is_client_error() || status.is_server_error(),
                "{failure:?}"
            );
            let challenged = failure.challenge().is_some();
            assert_eq!(
                challenged,
                status == StatusCode::UNAUTHORIZED,
                "{failure:?}"
            );
        }
    }
}

#[test]
fn a_fault_is_never_a_refusal_and_tells_no_detail() {
    let rows = [
        (
            Fault::Unavailable("secret detail".into()),
            503,
            "temporarily_unavailable",
            "1",
        ),
        (
            Fault::Overloaded("secret detail"),
            503,
            "temporarily_unavailable",
            "1",
        ),
        (Fault::Contended, 503, "temporarily_unavailable", "1"),
        (
            Fault::Corrupt("secret detail".into()),
            500,
            "server_error",
            "",
        ),
    ];
    for (fault, status, code, retry) in rows {
        let failure = Failure::Fault(fault);
        assert_eq!(failure.error_code(), code);
        assert!(!failure.description().contains("detail"));
        for path in ["/auth/token", "/Client/x"] {
            let request = TestRequest::with_uri(path).to_http_request();
            let response = respond(&failure, &request);
            assert_eq!(response.status().as_u16(), status);
            let header = response.headers().get("retry-after");
            assert_eq!(header.map_or("", |value| value.to_str().unwrap()), retry);
        }
    }
}

#[test]
fn being_throttled_says_for_how_long() {
    let retry_after = Lifetime::from_seconds(17);
    let failure = Failure::Refused(Reason::Throttled {
        retry_after,
        scope: BudgetScope::Network,
    });
    let request = TestRequest::with_uri("/auth/token").to_http_request();
    let response = respond(&failure, &request);
    assert_eq!(response.status().as_u16(), 429);
    assert_eq!(response.headers().get("retry-after").unwrap(), "17");
}

#[test]
fn descriptions_keep_to_the_grammar() {
    let failure = Failure::unreadable("\"quoted\" \\ and \u{e9}");
    let request = TestRequest::with_uri("/auth/token").to_http_request();
    let response = respond(&failure, &request);
    let body = actix_web::body::MessageBody::try_into_bytes(response.into_body()).unwrap();
    let text = std::str::from_utf8(&body).unwrap();
    assert!(
        text.ends_with(r#""error_description":"?quoted? ? and ?"}"#),
        "{text}"
    );
}

#[test]
fn the_reference_lists_every_reason() {
    let page = crate::errors_reference();
    for reason in Reason::ALL {
        assert!(
            page.contains(&format!("| `{}` |", reason.name())),
            "{reason:?}"
        );
    }
}
