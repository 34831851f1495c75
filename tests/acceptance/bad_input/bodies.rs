//! Bodies that break the rules of their type, or are of another.

use super::{FORM, JSON, REQUEST, YAML, all_refused, goes_on, is_refused, patient, token};
use crate::support::Call;
use crate::support::actors::TOKEN;

on_every_store!(forms_that_break_rules_are_refused, |setup: Setup| {
    let good = "grant_type=password&username=user&password=password";
    let with = |more: &str| format!("{good}&{more}").into_bytes();
    let many = with(&"x=1&".repeat(100_000));
    let world = patient(setup);
    all_refused(
        &world,
        FORM,
        (400, REQUEST),
        &[
            b"",
            b"grant_type=",
            b"Grant_Type=password&username=user&password=password",
            b"grant_type=password&username=user",
            b"grant_type=password&password=password",
            b"grant_type=password&username=&password=password",
            b"grant_type=password&username=user&password=",
            b"grant_type=refresh_token",
            &with("grant_type=password"),
            &with("grant_type=refresh_token"),
            &with("username=user"),
            &with("scope=a&scope=b"),
            &with("unknown=1&unknown=2"),
            &with("a=%zz"),
            &with("a=%"),
            &with("a=%F"),
            &with("a=%ff%fe"),
            &with("a=%00"),
            b"grant_type=password&username=us%00er&password=password",
            b"grant_type=password&username=user&password=pass%00word",
            b"grant_type=password&username=%ff&password=password",
            b"grant_type=password&username=user&password=\xff\xfe",
            &with("client_id=other"),
            &with("client_secret=verysecret"),
        ],
    );
    all_refused(
        &world,
        FORM,
        (400, "unsupported_grant_type"),
        &[b"grant_type=HOSTILEmarker"],
    );
    all_refused(
        &world,
        FORM,
        (400, "invalid_grant"),
        &[
            b"grant_type=refresh_token&refresh_token=HOSTILE",
            b"grant_type=password&username=HOSTILE%0d%0aX: y&password=p",
        ],
    );
    all_refused(
        &world,
        FORM,
        (400, "unauthorized_client"),
        &[b"grant_type=client_credentials"],
    );
    all_refused(
        &world,
        FORM,
        (400, "invalid_scope"),
        &[
            &with("scope=HOSTILE"),
            &with("scope=%22HOSTILE%22"),
            &with("scope=%5C"),
        ],
    );
    all_refused(
        &world,
        FORM,
        (400, "invalid_target"),
        &[&with("audience=HOSTILE")],
    );
    all_refused(&world, FORM, (413, REQUEST), &[&many]);
    goes_on(&world);
});

on_every_store!(json_that_breaks_rules_is_refused, |setup: Setup| {
    let deep = format!(
        "{{\"grant_type\":{}1{}}}",
        "[".repeat(20_000),
        "]".repeat(20_000)
    );
    let wide = format!("{{\"a\":{}}}", "[".repeat(100_000));
    let world = patient(setup);
    all_refused(&world, JSON, (400, REQUEST), &[
        b"",
        b"{",
        b"[]",
        b"null",
        b"\"HOSTILE\"",
        b"{}",
        b"{\"grant_type\":null}",
        b"{\"grant_type\":7}",
        b"{\"grant_type\":[\"password\"]}",
        b"{\"grant_type\":{\"HOSTILE\":1}}",
        br#"{"grant_type":"password","username":"user","password":null}"#,
        br#"{"grant_type":"password","username":"user","password":["password"]}"#,
        br#"{"grant_type":"password","username":true,"password":"password"}"#,
        br#"{"grant_type":"password","grant_type":"password","username":"user","password":"password"}"#,
        br#"{"grant_type":"password","username":"user","password":"password"} {}"#,
        br#"{"grant_type":"password","username":"user","password":"password"},"#,
        br#"{"grant_type":"password","username":"us\u0000er","password":"password"}"#,
        br#"{"grant_type":"password","username":"\ud800","password":"password"}"#,
        b"{\"grant_type\":\"\xff\"}",
        b"\xef\xbb\xbf\xff{}",
        b"grant_type=password&username=user&password=password",
        deep.as_bytes(),
    ]);
    all_refused(&world, JSON, (413, REQUEST), &[wide.as_bytes()]);
    goes_on(&world);
});

on_every_store!(yaml_that_breaks_rules_is_refused, |setup: Setup| {
    let laughs: String = (1..9).fold("a0: &a0 [x,x,x,x,x,x,x,x,x]\n".to_owned(), |text, n| {
        let before = vec![format!("*a{}", n - 1); 9].join(",");
        text + &format!("a{n}: &a{n} [{before}]\n")
    });
    let deep = format!("grant_type: {}1{}", "[".repeat(1000), "]".repeat(1000));
    let nested = (0..200).fold(String::new(), |text, n| text + &" ".repeat(n) + "a:\n");
    let long = format!("grant_type: {}", "x".repeat(70_000));
    let world = patient(setup);
    all_refused(
        &world,
        YAML,
        (400, REQUEST),
        &[
            b"",
            b"- a",
            b"HOSTILE",
            b"grant_type: [",
            b"\tgrant_type: password",
            b"grant_type: password\ngrant_type: password\n",
            b"grant_type: &a password\nusername: *a\npassword: *a\n",
            b"grant_type: !!str password\n",
            b"grant_type: !HOSTILE password\n",
            b"grant_type: password\n---\ngrant_type: password\n",
            b"grant_type: password\nusername: user\npassword: 7\n",
            b"grant_type: password\nusername: user\npassword: true\n",
            b"a: &a [*a]\n",
            b"<<: {grant_type: password}\n",
            laughs.as_bytes(),
            deep.as_bytes(),
            nested.as_bytes(),
        ],
    );
    all_refused(&world, YAML, (413, REQUEST), &[long.as_bytes()]);
    goes_on(&world);
});

on_every_store!(who_sends_yaml_is_refused_in_yaml, |setup: Setup| {
    let world = patient(setup);
    let call = Call::post(TOKEN)
        .basic("myapp", "verysecret")
        .yaml("grant_type: [password]\n");
    let answer = world.send(call).expect(400);
    assert_eq!(answer.yaml()["error"], REQUEST);
});

on_every_store!(what_is_not_the_declared_type_is_refused, |setup: Setup| {
    let world = patient(setup);
    let good = b"grant_type=password&username=user&password=password";
    for (content_type, body, status) in [
        ("text/plain", &good[..], 415),
        ("multipart/form-data; boundary=x", good, 415),
        ("application/xml", good, 415),
        ("HOSTILE", good, 415),
        (
            "application/x-www-form-urlencoded; charset=utf-16",
            good,
            415,
        ),
        ("application/json; charset=iso-8859-1", b"{}", 415),
        (
            "application/x-www-form-urlencoded, application/json",
            good,
            415,
        ),
        (FORM, b"{\"grant_type\":\"password\"}", 400),
    ] {
        let answer = token(&world, content_type, body);
        is_refused(&answer, content_type);
        assert_eq!(answer.status, status, "{content_type}: {}", answer.text());
    }
    goes_on(&world);
    let utf8 = "application/x-www-form-urlencoded; charset=UTF-8";
    assert_eq!(token(&world, utf8, good).status, 200);
});

on_every_store!(a_megabyte_is_refused_fast, |setup: Setup| {
    let world = patient(setup);
    let password = "x".repeat(1_000_000);
    let form = [
        ("grant_type", "password"),
        ("username", "user"),
        ("password", password.as_str()),
    ];
    let big = world.send(Call::post(TOKEN).basic("myapp", "verysecret").form(&form));
    is_refused(&big, "1 MB");
    assert_eq!(big.status, 413);
    let json =
        serde_json::json!({ "grant_type": "password", "username": "user", "password": password });
    assert_eq!(
        world
            .send(Call::post(TOKEN).basic("myapp", "verysecret").json(&json))
            .status,
        413
    );
    let long = world
        .myapp()
        .password("user", &"x".repeat(1025))
        .refuse(400, REQUEST);
    is_refused(&long, "1,025 bytes");
    world
        .myapp()
        .password("user", &"x".repeat(1024))
        .refuse(400, "invalid_grant");
    goes_on(&world);
});

on_every_store!(a_scope_without_end_is_refused, |setup: Setup| {
    let world = patient(setup);
    let words: Vec<String> = (0..12_000).map(|n| n.to_string()).collect();
    let scope = words.join(" ");
    let refused = world
        .myapp()
        .password_for("user", "password", &[("scope", &scope)]);
    is_refused(&refused.refuse(400, "invalid_scope"), "12,000 words");
    let client = serde_json::json!({ "scope": words, "grant_types": ["password"] });
    let refused = world.admin().put("/Client/wide", &client);
    assert_eq!(refused.outcome(422), ["scope"]);
    goes_on(&world);
});
