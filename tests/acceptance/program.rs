//! The program as its operator meets it: configuration, schema, first start, keys, signals, TLS.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};

use serde_json::json;

use crate::support::settings::{ISSUER, ROOT_SECRET, Ran, program};
use crate::support::{Call, Setup, Store, Tokens, World, jwt, raw};

const NEWER: &str =
    "INSERT INTO __diesel_schema_migrations (version, run_on) VALUES ('20990101000001', now())";

#[test]
fn check_config_names_every_mistake_with_its_key() {
    let setup = Setup::on(Store::Sqlite)
        .set("server.bind", "nonsense")
        .set("server.issuer", "ftp://x?y")
        .set("server.tls.key_file", "/nowhere")
        .set("tokens.signing_algorithm", "HS256")
        .set("passwords.queue", "0")
        .set("throttle.account.burst", "many")
        .set("log.format", "xml")
        .set("server.nonsense", "1")
        .set("nonsense.key", "1");
    let ran = setup.run(&["check-config"]);
    assert_eq!(ran.code, Some(2));
    ran.refused_saying(&[
        "server.bind",
        "server.issuer",
        "server.tls.certificate_file",
        "tokens.signing_algorithm",
        "passwords.queue",
        "throttle.account.burst",
        "log.format",
        "server.nonsense",
        "nonsense.key",
    ]);
}

#[test]
fn check_config_accepts_what_is_right() {
    Setup::on(Store::Sqlite).run(&["check-config"]).ok();
}

#[test]
fn weak_hashes_need_to_be_allowed() {
    let setup = Setup::on(Store::Sqlite).unset("passwords.allow_weak_parameters");
    setup
        .run(&["serve"])
        .refused_saying(&["passwords.argon2_m_cost", "passwords.argon2_t_cost"]);
}

#[test]
fn a_file_is_read_and_the_environment_wins() {
    let setup = Setup::bare(Store::Sqlite);
    let file = setup.file(
        "grantor.toml",
        "[log]\nformat = \"xml\"\n[server]\nworkers = 5000\n",
        0o644,
    );
    let ran = setup.run(&["check-config", "--config", file.to_str().unwrap()]);
    let ran = ran.refused_saying(&["server.workers"]);
    assert!(
        !ran.stderr.contains("log.format"),
        "the environment has set it: {ran:?}"
    );
}

on_every_store!(migrate_plans_and_applies_once, |setup: Setup| {
    let planned = setup.run(&["migrate", "--plan"]).ok().stdout;
    assert!(planned.contains("would apply"), "{planned}");
    assert_eq!(
        setup.run(&["migrate", "--plan"]).ok().stdout,
        planned,
        "a plan changes nothing"
    );
    let named = planned
        .lines()
        .filter_map(|line| line.strip_prefix("-- would apply "));
    let named: Vec<String> = named.map(|name| format!("applied {name}")).collect();
    let migrated = setup.run(&["migrate"]).ok().stdout;
    assert_eq!(migrated.lines().collect::<Vec<_>>(), named);
    assert!(setup.run(&["migrate"]).ok().stdout.contains("up to date"));
    setup.set("database.migrate_on_start", "false").start();
});

#[test]
fn postgres_is_not_migrated_unless_told_to() {
    let setup = Setup::on(Store::Postgres).unset("database.migrate_on_start");
    setup.run(&["serve"]).refused_saying(&["grantor migrate"]);
    setup.run(&["migrate"]).ok();
    setup.start();
}

#[test]
fn a_plan_says_of_each_statement_who_waits_and_whether_the_release_before_works_on() {
    let setup = Setup::on(Store::Postgres);
    setup.run(&["migrate"]).ok();
    setup.database.sql(
        "DROP TABLE schema_change, wrapped_key; CREATE INDEX resource_index_value ON resource_index (kind); \
         DELETE FROM __diesel_schema_migrations WHERE version IN ('20261128000008', '20261128000010', '20261128000011')",
    );
    let plan = setup.run(&["migrate", "--plan"]).ok().stdout;
    for told in [
        "-- would apply 2026-11-28-000008_one_index_of_values\n-- expand: the release before works on\n",
        "-- locks resource_index_value, ACCESS EXCLUSIVE: who reads or writes waits, for a moment\nDROP INDEX",
        "-- nobody waits: wrapped_key is new\nCREATE TABLE wrapped_key",
    ] {
        assert!(plan.contains(told), "{told}\n{plan}");
    }
    setup.database.sql(&plan);
    setup.database.sql("DROP TABLE schema_change, wrapped_key; CREATE INDEX resource_index_value ON resource_index (kind)");
    setup.run(&["migrate"]).ok();
    setup.set("database.migrate_on_start", "false").start();
}

#[test]
fn a_newer_schema_that_only_adds_is_served_on() {
    let setup = Setup::on(Store::Postgres);
    setup.run(&["migrate"]).ok();
    setup.database.sql(NEWER);
    setup.database.sql(
        "INSERT INTO schema_change (version, name, kind) VALUES ('20990101000001', 'more', 'expand'); \
         ALTER TABLE session ADD COLUMN more text",
    );
    assert!(setup.run(&["migrate"]).ok().stdout.contains("up to date"));
    let mut world = setup.start();
    world.process().line_with("only added to");
    world.myapp().log_in("user");
}

#[test]
fn a_newer_schema_is_refused() {
    let setup = Setup::on(Store::Postgres);
    setup.run(&["migrate"]).ok();
    setup.database.sql(NEWER);
    setup.run(&["serve"]).refused_saying(&["newer"]);
    setup.run(&["migrate"]).refused_saying(&["newer"]);
}

/// A server without an administrator, and its setup token.
fn unsettled(setup: Setup) -> (World, String) {
    let mut world = setup.unset("bootstrap.admin_client_secret_file").start();
    let line = world.process().line_with("setup_token=");
    let token = line.split("setup_token=").nth(1).unwrap();
    let token = token.split_whitespace().next().unwrap().to_owned();
    (world, token)
}

fn set_up(world: &World, token: &str, password: &str) -> u16 {
    world
        .send(Call::post("/auth/setup").form(&[("setup_token", token), ("password", password)]))
        .status
}

on_every_store!(
    a_setup_token_makes_one_administrator_once,
    |setup: Setup| {
        let (world, token) = unsettled(setup);
        assert!((400..500).contains(&set_up(&world, "gst_wrong", "password")));
        let barrier = Barrier::new(10);
        let statuses: Vec<u16> = std::thread::scope(|scope| {
            let (world, token, barrier) = (&world, token.as_str(), &barrier);
            let attempt = |n: usize| {
                move || {
                    barrier.wait();
                    set_up(world, token, &format!("password{n}"))
                }
            };
            let threads: Vec<_> = (0..10).map(|n| scope.spawn(attempt(n))).collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap())
                .collect()
        });
        let won: Vec<usize> = (0..10)
            .filter(|n| (200..300).contains(&statuses[*n]))
            .collect();
        assert_eq!(won.len(), 1, "{statuses:?}");
        let winner = format!("password{}", won[0]);
        let admin = world.myapp().password("admin", &winner).expect(200).json();
        let admin = world.bearer(admin["access_token"].as_str().unwrap());
        admin.get("/Client/myapp").expect(200);
        assert!(
            (400..500).contains(&set_up(&world, &token, "again")),
            "it works once"
        );
        let world = world.restart(|setup| setup);
        assert!(
            (400..500).contains(&set_up(&world, &token, "again")),
            "nor after a restart"
        );
        let (_, setup) = world.terminate();
        let printed = setup.log().matches("setup_token=").count();
        assert_eq!(
            printed, 1,
            "it is printed once, and never when there is an administrator"
        );
    }
);

on_every_store!(there_is_no_default_password, |setup: Setup| {
    let (world, _) = unsettled(setup.set("throttle.enabled", "false"));
    for name in ["admin", "root", "administrator", "grantor"] {
        for password in ["admin", "root", "password", "grantor", "changeme", name] {
            world
                .myapp()
                .password(name, password)
                .refuse(400, "invalid_grant");
            let call = Call::get("/Client/myapp").basic(name, password);
            assert_eq!(world.send(call).status, 401, "{name}:{password}");
        }
    }
});

on_every_store!(
    bootstrap_files_make_administrators_and_a_restart_changes_nothing,
    |setup: Setup| {
        let password = setup.file("admin.password", "the admin's password\n", 0o600);
        let world = setup
            .set("bootstrap.admin_password_file", password.to_str().unwrap())
            .start();
        world
            .myapp()
            .password("admin", "the admin's password")
            .expect(200);
        let tokens = world.myapp().log_in("user");
        let read = |world: &World| {
            let admin = world.admin();
            ["/Client/root", "/User/admin", "/Client/myapp", "/User/user"]
                .map(|path| admin.get(path).expect(200).text())
        };
        let before = read(&world);
        let world = world.restart(|setup| setup);
        assert_eq!(read(&world), before);
        assert!(
            world.myapp().sees_active(&tokens.access),
            "sessions outlive a restart"
        );
        world.myapp().refresh(&tokens.refresh).expect(200);
        let world = world.restart(|setup| {
            setup.file("root.secret", "another secret", 0o600);
            setup
        });
        world
            .send(Call::get("/Client/root").basic("root", "another secret"))
            .expect(200);
        world
            .send(Call::get("/Client/root").basic("root", ROOT_SECRET))
            .expect(401);
    }
);

on_every_store!(
    bootstrap_makes_administrators_without_serving,
    |setup: Setup| {
        setup.run(&["migrate"]).ok();
        setup.run(&["bootstrap"]).ok();
        let world = setup
            .unset("bootstrap.admin_client_secret_file")
            .unset("bootstrap.bundle")
            .start();
        world.admin().get("/Client/myapp").expect(200);
    }
);

on_every_store!(a_bundle_is_applied_whole_or_not_at_all, |setup: Setup| {
    let bundle = "resourceType: Bundle\ntype: transaction\nentry:\n\
        \x20 - resource: {resourceType: Client, id: half, secret: s, grant_types: [password]}\n\
        \x20 - resource: {resourceType: Client, id: bad, secret: s, default_scope: [x]}\n";
    let bundle = setup.file("broken.yaml", bundle, 0o644);
    let setup = setup.set("bootstrap.bundle", bundle.to_str().unwrap());
    setup
        .run(&["serve"])
        .refused_saying(&["bundle", "default_scope"]);
    let world = setup.unset("bootstrap.bundle").start();
    world.admin().get("/Client/half").expect(404);
});

on_every_store!(a_bundle_may_make_the_administrators, |setup: Setup| {
    let bundle = "resourceType: Bundle\ntype: transaction\nentry:\n\
        \x20 - resource: {resourceType: User, id: boss, password: the boss's password}\n\
        \x20 - resource: {resourceType: Client, id: myapp, secret: s, grant_types: [password]}\n\
        \x20 - resource: {resourceType: AccessPolicy, id: administrators, engine: allow, link: [{resourceType: User, id: boss}]}\n";
    let bundle = setup.file("boss.yaml", bundle, 0o644);
    let world = setup
        .set("bootstrap.bundle", bundle.to_str().unwrap())
        .unset("bootstrap.admin_client_secret_file")
        .start();
    let boss = world
        .client("myapp", Some("s"))
        .password("boss", "the boss's password");
    let boss = boss.expect(200).json();
    let boss = world.bearer(boss["access_token"].as_str().unwrap());
    boss.get("/Client/myapp").expect(200);
    let (_, setup) = world.terminate();
    assert!(
        !setup.log().contains("setup_token="),
        "nobody else is needed"
    );
});

#[test]
fn a_json_bundle_is_read_too() {
    let setup = Setup::on(Store::Sqlite);
    let resource = json!({ "resourceType": "Client", "id": "fromjson", "secret": "s", "grant_types": ["password"] });
    let bundle = json!({ "resourceType": "Bundle", "type": "transaction", "entry": [{ "resource": resource }] });
    let path = setup.file("bundle.json", &bundle.to_string(), 0o644);
    let world = setup
        .set("bootstrap.bundle", path.to_str().unwrap())
        .start();
    world.admin().get("/Client/fromjson").expect(200);
}

#[test]
fn an_unreachable_bundle_refuses_to_start() {
    let setup = Setup::on(Store::Sqlite).set("bootstrap.bundle", "/nowhere/bundle.yaml");
    setup
        .run(&["serve"])
        .refused_saying(&["bundle", "/nowhere/bundle.yaml"]);
}

#[test]
fn an_exposed_secret_file_refuses_to_start() {
    let setup = Setup::on(Store::Sqlite);
    let path = setup.file("exposed.secret", "secret-in-the-open", 0o644);
    let ran = setup
        .set("bootstrap.admin_client_secret_file", path.to_str().unwrap())
        .run(&["serve"]);
    let ran = ran.refused_saying(&["bootstrap.admin_client_secret_file", "chmod 600"]);
    assert!(!ran.stderr.contains("secret-in-the-open"), "{ran:?}");
}

#[test]
fn the_master_key_is_made_for_its_owner_alone_and_must_stay() {
    let world = Setup::on(Store::Sqlite).start();
    let path = world.setup.folder.path().join("grantor.db.key");
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );
    let key = fs::read_to_string(&path).unwrap();
    let (_, setup) = world.terminate();
    fs::remove_file(&path).unwrap();
    setup.run(&["serve"]).refused_saying(&["key"]);
    setup.file(
        "grantor.db.key",
        "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=",
        0o600,
    );
    setup.run(&["serve"]).refused_saying(&["key"]);
    setup.file("grantor.db.key", "not a key", 0o600);
    setup.run(&["serve"]).refused_saying(&["key"]);
    setup.file("grantor.db.key", &key, 0o600);
    setup.start();
}

#[test]
fn postgres_needs_a_master_key() {
    let setup = Setup::on(Store::Postgres).unset("keys.master_key");
    setup
        .run(&["serve"])
        .refused_saying(&["keys.master_key_file"]);
}

/// The ids of the published keys, as soon as they are as wanted.
#[track_caller]
fn published_when(world: &World, wanted: impl Fn(&[String]) -> bool) -> Vec<String> {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        let keys = jwt::published(world);
        let ids: Vec<String> = keys
            .iter()
            .map(|key| key["kid"].as_str().unwrap().to_owned())
            .collect();
        if wanted(&ids) {
            return ids;
        }
        assert!(Instant::now() < deadline, "still {ids:?}");
    }
}

on_every_store!(
    keys_rotate_and_retire_while_the_server_runs,
    |setup: Setup| {
        let world = setup.set("sessions.reap_interval", "1").start();
        let client = world.register_for_passwords("signed", &json!({ "token_format": "jwt" }));
        let kid = |token: &str| {
            jwt::decode(token).header["kid"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        let first = client.log_in("user").access;
        let keys = |arguments: &[&str]| {
            world
                .setup
                .run(&[&["keys"], arguments].concat())
                .ok()
                .stdout
        };
        assert!(keys(&["list"]).contains(&kid(&first)));
        keys(&["rotate"]);
        let ids = published_when(&world, |ids| ids.len() == 2);
        let next = ids.iter().find(|id| **id != kid(&first)).unwrap();
        assert_eq!(
            kid(&client.log_in("user").access),
            kid(&first),
            "published before it signs"
        );
        assert!(keys(&["list"]).contains(next.as_str()));
        keys(&["rotate", "--now"]);
        let deadline = Instant::now() + Duration::from_secs(30);
        let second = loop {
            let token = client.log_in("user").access;
            if kid(&token) != kid(&first) {
                break token;
            }
            assert!(Instant::now() < deadline, "the new key does not sign");
        };
        for token in [&first, &second] {
            jwt::verify(&world, token, ISSUER).unwrap();
            assert!(client.sees_active(token));
        }
        keys(&["retire", &kid(&first)]);
        published_when(&world, |ids| !ids.contains(&kid(&first)));
        assert!(
            !client.sees_active(&first),
            "what it signed no longer counts"
        );
        assert!(client.sees_active(&second));
        let world = world.restart(|setup| setup);
        assert!(world.client("signed", Some("s")).sees_active(&second));
    }
);

#[test]
fn an_unknown_key_cannot_be_retired() {
    let setup = Setup::on(Store::Sqlite);
    setup.run(&["migrate"]).ok();
    setup
        .run(&["keys", "retire", "nobody"])
        .refused_saying(&["retire"]);
}

#[test]
fn the_demo_shows_the_request_and_the_answer() {
    let output = program()
        .args(["demo", "--once", "--bind", "127.0.0.1:0"])
        .output()
        .unwrap();
    let shown = Ran::from(output).ok().stdout;
    for words in [
        "POST /auth/token",
        "grant_type=password",
        "HTTP/1.1 200",
        "access_token",
        "userinfo",
        "curl",
    ] {
        assert!(shown.contains(words), "no {words} in {shown}");
    }
}

#[test]
fn the_demo_serves_on_loopback_only() {
    let output = program()
        .args(["demo", "--once", "--bind", "0.0.0.0:0"])
        .output()
        .unwrap();
    Ran::from(output).refused_saying(&["loopback"]);
}

#[test]
fn sigterm_lets_a_request_end_and_exits_with_zero() {
    let mut world = Setup::on(Store::Sqlite)
        .set("server.shutdown_timeout", "20")
        .start();
    let body = "grant_type=password&username=user&password=password";
    let head = format!(
        "POST /auth/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\n\
         Authorization: Basic bXlhcHA6dmVyeXNlY3JldA==\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(world.http.authority()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    reader.read_line(&mut line).unwrap();
    assert!(line.contains("100"), "the request has begun: {line}");
    world.process().signal("TERM");
    world.process().line_with("stopping");
    stream.write_all(body.as_bytes()).unwrap();
    let mut rest = String::new();
    reader.read_to_string(&mut rest).unwrap();
    assert!(rest.contains("HTTP/1.1 200"), "{rest}");
    let status = world.process().wait();
    assert_eq!(status.code(), Some(0));
}

on_every_store!(
    a_crash_loses_nothing_that_was_acknowledged,
    |setup: Setup| {
        let world = setup.start();
        let myapp = world.myapp();
        let (kept, closed) = (myapp.log_in("user"), myapp.log_in("user"));
        let refreshed = Tokens::of(&myapp.refresh(&kept.refresh));
        world.bearer(&closed.access).delete("/Session").expect(200);
        let world = world.crash().start();
        let myapp = world.myapp();
        assert!(myapp.sees_active(&refreshed.access));
        assert!(!myapp.sees_active(&kept.access));
        assert!(!myapp.sees_active(&closed.access));
        assert!(!myapp.sees_active(&closed.refresh));
    }
);

#[test]
fn the_operators_listener_tells_health_and_metrics_and_the_public_one_does_not() {
    let world = Setup::on(Store::Sqlite).start();
    world.myapp().log_in("user");
    for path in ["/health/live", "/health/ready", "/health/startup"] {
        world.ops.send(Call::get(path)).expect(200);
        world.send(Call::get(path)).expect(404);
    }
    let metrics = world.ops.send(Call::get("/metrics")).expect(200).text();
    assert!(metrics.contains("grantor_"), "{metrics}");
    world.send(Call::get("/metrics")).expect(404);
    world
        .ops
        .send(Call::post("/auth/token").form(&[]))
        .expect(404);
}

/// A certificate for `localhost` that signs itself, in the test's folder.
fn certificate(setup: &Setup) -> (rcgen::CertifiedKey<rcgen::KeyPair>, [std::path::PathBuf; 2]) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let certificate = setup.file("tls.pem", &made.cert.pem(), 0o644);
    let key = setup.file("tls.key", &made.signing_key.serialize_pem(), 0o600);
    (made, [certificate, key])
}

#[test]
fn it_serves_tls() {
    let setup = Setup::on(Store::Sqlite);
    let (made, [certificate, key]) = certificate(&setup);
    let world = setup
        .set("server.tls.certificate_file", certificate.to_str().unwrap())
        .set("server.tls.key_file", key.to_str().unwrap())
        .start();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider);
    let config = config.with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let name = "localhost".try_into().unwrap();
    let session = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
    let socket = TcpStream::connect(world.http.authority()).unwrap();
    let mut stream = rustls::StreamOwned::new(session, socket);
    let path = "/.well-known/oauth-authorization-server";
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let answer = raw::parse(&raw::read(&mut stream)).unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["issuer"], ISSUER);
    let plain = raw::exchange(
        world.http.authority(),
        b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    );
    assert!(
        plain.is_none_or(|answer| answer.status >= 400),
        "plain HTTP is not served beside it"
    );
}

#[test]
fn a_key_that_does_not_fit_its_certificate_refuses_to_start() {
    let setup = Setup::on(Store::Sqlite);
    let (_, [certificate, _]) = certificate(&setup);
    let other = rcgen::KeyPair::generate().unwrap().serialize_pem();
    let key = setup.file("other.key", &other, 0o600);
    let setup = setup
        .set("server.tls.certificate_file", certificate.to_str().unwrap())
        .set("server.tls.key_file", key.to_str().unwrap());
    setup.run(&["serve"]).refused_saying(&["TLS"]);
}
