//! Credentials, queries, methods and framing that break the rules of HTTP and OAuth.

use std::io::Write as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::{FORM, REQUEST, goes_on, is_refused, patient};
use crate::support::actors::TOKEN;
use crate::support::{Call, Setup, Store, World, raw};

on_every_store!(broken_basic_is_an_invalid_client, |setup: Setup| {
    let world = patient(setup);
    let form = [
        ("grant_type", "password"),
        ("username", "user"),
        ("password", "password"),
    ];
    let encoded = |text: &[u8]| format!("Basic {}", STANDARD.encode(text));
    let headers = [
        "Basic".to_owned(),
        "Basic ".to_owned(),
        "Basic HOSTILE!!".to_owned(),
        "Basic bXlhcHA6dmVyeXNlY3JldA".to_owned() + "*",
        encoded(b"myapp"),
        encoded(b":"),
        encoded(b":verysecret"),
        encoded(b"myapp:"),
        encoded(b"myapp:wrong"),
        encoded(b"nobody:wrong"),
        encoded(b"myapp:verysecret "),
        encoded(b"MYAPP:verysecret"),
        encoded(b"my%zzapp:verysecret"),
        encoded(b"%ff:verysecret"),
        encoded(b"\xff\xfe:verysecret"),
        encoded(b"myapp\x00:verysecret"),
        encoded(b"my\napp:verysecret"),
        encoded("x".repeat(9000).as_bytes()),
        "Digest username=\"HOSTILE\"".to_owned(),
    ];
    for header in &headers {
        let answer = world.send(
            Call::post(TOKEN)
                .header("Authorization", header)
                .form(&form),
        );
        let json = is_refused(&answer, header);
        assert!(matches!(answer.status, 400 | 401), "{header}: {json}");
        if answer.status == 401 {
            assert_eq!(json["error"], "invalid_client", "{header}");
            let challenge = answer.header("www-authenticate").unwrap();
            assert!(challenge.starts_with("Basic "), "{challenge}");
            assert!(challenge.contains("realm=") && challenge.contains("charset=\"UTF-8\""));
        }
    }
    let unknown = world.send(Call::post(TOKEN).basic("nobody", "x").form(&form));
    let wrong = world.send(Call::post(TOKEN).basic("myapp", "x").form(&form));
    assert_eq!(unknown.text(), wrong.text());
    goes_on(&world);
    let lower = "basic bXlhcHA6dmVyeXNlY3JldA==";
    let answer = world.send(Call::post(TOKEN).header("Authorization", lower).form(&form));
    assert_eq!(answer.status, 200, "the scheme has no case");
});

on_every_store!(two_ways_of_authentication_are_refused, |setup: Setup| {
    let world = patient(setup);
    let form = [
        ("grant_type", "password"),
        ("username", "user"),
        ("password", "password"),
    ];
    for more in [
        &[("client_secret", "verysecret")][..],
        &[("client_id", "other")],
        &[("client_id", "myapp"), ("client_secret", "verysecret")],
        &[("client_id", "other"), ("client_secret", "s")],
    ] {
        let call = Call::post(TOKEN)
            .basic("myapp", "verysecret")
            .form(&[&form[..], more].concat());
        world.send(call).refuse(400, REQUEST);
    }
    let call = Call::post(TOKEN)
        .basic("myapp", "verysecret")
        .basic("myapp", "verysecret")
        .form(&form);
    let twice = world.send(call);
    is_refused(&twice, "two headers");
    assert_eq!(twice.status, 400);
    goes_on(&world);
});

on_every_store!(nothing_is_taken_from_the_query, |setup: Setup| {
    let world = patient(setup);
    let form = [
        ("grant_type", "password"),
        ("username", "user"),
        ("password", "password"),
    ];
    for query in [
        "client_secret=verysecret",
        "password=password",
        "grant_type=password",
        "username=user&password=HOSTILEmarker",
        "access_token=HOSTILEmarker",
        "client_id=myapp",
    ] {
        let call = Call::post(&format!("{TOKEN}?{query}"))
            .basic("myapp", "verysecret")
            .form(&form);
        let answer = world.send(call);
        is_refused(&answer, query);
        assert_eq!(answer.status, 400, "{query}");
    }
    goes_on(&world);
});

on_every_store!(other_methods_are_not_allowed, |setup: Setup| {
    let world = patient(setup);
    for method in ["GET", "PUT", "DELETE", "PATCH"] {
        let call = Call::new(method, TOKEN).basic("myapp", "verysecret");
        let answer = world
            .send(call.header("X-HTTP-Method-Override", "POST"))
            .expect(405);
        assert_eq!(answer.header("allow"), Some("POST"), "{method}");
        is_refused(&answer, method);
    }
    goes_on(&world);
});

#[test]
fn headers_that_are_no_text_are_refused() {
    let world = patient(Setup::on(Store::Sqlite));
    let form = ("Content-Type", FORM.as_bytes());
    let good = b"grant_type=password&username=user&password=password";
    let basic = &b"Basic bXlhcHA6dmVyeXNlY3JldA=="[..];
    for (what, headers) in [
        (
            "bytes for Basic",
            vec![form, ("Authorization", &b"Basic \xff\xfe"[..])],
        ),
        (
            "bytes for a scheme",
            vec![form, ("Authorization", &b"\xff\xfe x"[..])],
        ),
        (
            "bytes for a type",
            vec![
                ("Content-Type", &b"application/\xff"[..]),
                ("Authorization", basic),
            ],
        ),
        ("two types", vec![form, form, ("Authorization", basic)]),
        (
            "a scheme alone",
            vec![form, ("Authorization", &b"Bearer"[..])],
        ),
    ] {
        let answer =
            raw::exchange(world.http.authority(), &raw::post(TOKEN, &headers, good)).unwrap();
        is_refused(&answer, what);
    }
    goes_on(&world);
}

#[test]
fn broken_framing_has_one_answer_and_the_server_goes_on() {
    let world = patient(Setup::on(Store::Sqlite));
    let good = b"grant_type=password&username=user&password=password";
    let head = "POST /auth/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
                Authorization: Basic bXlhcHA6dmVyeXNlY3JldA==\r\n\
                Content-Type: application/x-www-form-urlencoded\r\n";
    let length = good.len();
    let body = String::from_utf8_lossy(good);
    for (what, rest) in [
        (
            "both framings",
            format!("Content-Length: {length}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ),
        (
            "two lengths",
            format!("Content-Length: {length}\r\nContent-Length: 5\r\n\r\n{body}"),
        ),
        (
            "a signed length",
            format!("Content-Length: +{length}\r\n\r\n{body}"),
        ),
        ("a negative length", "Content-Length: -1\r\n\r\n".to_owned()),
        ("no number", "Content-Length: HOSTILE\r\n\r\n".to_owned()),
        (
            "an unknown coding",
            "Transfer-Encoding: HOSTILE\r\n\r\n".to_owned(),
        ),
        (
            "a bare CR",
            format!("X-A: a\rb\r\nContent-Length: {length}\r\n\r\n{body}"),
        ),
        (
            "a NUL",
            format!("X-A: a\0b\r\nContent-Length: {length}\r\n\r\n{body}"),
        ),
        (
            "a header without a colon",
            format!("HOSTILE\r\nContent-Length: {length}\r\n\r\n{body}"),
        ),
        (
            "200 KB of headers",
            format!("X-A: {}\r\n\r\n", "x".repeat(200_000)),
        ),
        (
            "a thousand headers",
            format!("{}\r\n", "X-A: x\r\n".repeat(1000)),
        ),
        (
            "two types",
            format!("Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"),
        ),
    ] {
        if let Some(answer) =
            raw::exchange(world.http.authority(), format!("{head}{rest}").as_bytes())
        {
            assert!(
                (400..500).contains(&answer.status),
                "{what}: {} {}",
                answer.status,
                answer.text()
            );
            assert!(!answer.text().contains("HOSTILE"), "{what}");
        }
    }
    goes_on(&world);
}

/// A connection that has sent half of its headers.
fn hesitate(world: &World) -> TcpStream {
    let mut stream = TcpStream::connect(world.http.authority()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(45)))
        .unwrap();
    stream
        .write_all(b"POST /auth/token HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        .unwrap();
    stream
}

#[test]
fn who_does_not_finish_is_cut_off_and_holds_nobody_up() {
    let world = patient(Setup::on(Store::Sqlite));
    let mut slow: Vec<TcpStream> = (0..60).map(|_| hesitate(&world)).collect();
    let started = Instant::now();
    world.myapp().password("user", "password").expect(200);
    assert!(
        started.elapsed() < Duration::from_secs(2),
        "{:?}",
        started.elapsed()
    );
    let rest = raw::read(&mut slow[0]);
    assert!(
        started.elapsed() < Duration::from_secs(45),
        "it is still open"
    );
    let told = raw::parse(&rest);
    assert!(
        told.is_none_or(|answer| answer.status == 408),
        "{}",
        String::from_utf8_lossy(&rest)
    );
}

#[test]
fn no_line_of_the_log_is_written_by_a_guest() {
    let world = patient(Setup::on(Store::Sqlite));
    let name = "HOSTILE\r\n{\"level\":\"ERROR\",\"message\":\"forged\"}<script>\u{1b}[31m";
    world
        .myapp()
        .password(name, "HOSTILEpassword")
        .refuse(400, "invalid_grant");
    let call =
        Call::post("/auth/token?client_secret=HOSTILEquery").header("User-Agent", "HOSTILEagent");
    world.send(call.form(&[]));
    let (_, setup) = world.terminate();
    let log = setup.log();
    assert!(log.contains("unknown_user"), "the refusal is logged: {log}");
    for line in log.lines() {
        assert!(
            serde_json::from_str::<Value>(line).is_ok(),
            "not one JSON object: {line}"
        );
    }
    for secret in ["forged", "HOSTILEpassword", "HOSTILEquery"] {
        assert!(!log.contains(secret), "{secret} is in the log");
    }
}
