//! What changes while the program serves: its certificate and what it logs, and nothing when it is
//! told something broken.

use std::fs;
use std::net::TcpStream;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::pki_types::CertificateDer;

use crate::support::{Call, Setup, Store, World};

/// A certificate for `localhost` that signs itself.
type Made = rcgen::CertifiedKey<rcgen::KeyPair>;

fn make() -> Made {
    rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap()
}

/// Lets a pair take the place of the one that is served, each file at once.
fn install(folder: &Path, made: &Made) {
    let pair = [
        ("tls.pem", made.cert.pem()),
        ("tls.key", made.signing_key.serialize_pem()),
    ];
    for (name, content) in pair {
        let new = folder.join("new");
        fs::write(&new, content).unwrap();
        let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        fs::set_permissions(&new, private).unwrap();
        fs::rename(&new, folder.join(name)).unwrap();
    }
}

fn serving(made: &Made) -> World {
    let setup = Setup::on(Store::Sqlite);
    install(setup.folder.path(), made);
    let path = |name: &str| setup.folder.path().join(name).display().to_string();
    let (certificate, key) = (path("tls.pem"), path("tls.key"));
    setup
        .set("server.tls.certificate_file", &certificate)
        .set("server.tls.key_file", &key)
        .start()
}

/// The certificate that a handshake shows, which must be one of these.
fn shown(world: &World, known: &[&Made]) -> CertificateDer<'static> {
    let mut roots = rustls::RootCertStore::empty();
    for made in known {
        roots.add(made.cert.der().clone()).unwrap();
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider);
    let config = config.with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let name = "localhost".try_into().unwrap();
    let mut session = rustls::ClientConnection::new(Arc::new(config), name).unwrap();
    let mut socket = TcpStream::connect(world.http.authority()).unwrap();
    while session.is_handshaking() {
        session.complete_io(&mut socket).unwrap();
    }
    session.peer_certificates().unwrap()[0].clone().into_owned()
}

fn counted(world: &World, result: &str) -> bool {
    let metrics = world.ops.send(Call::get("/metrics")).expect(200).text();
    metrics.contains(&format!(
        "grantor_config_reload_total{{result=\"{result}\"}}"
    ))
}

#[test]
fn a_new_certificate_is_shown_after_sighup_and_a_broken_one_is_not() {
    let (old, new) = (make(), make());
    let mut world = serving(&old);
    assert_eq!(shown(&world, &[&old, &new]), *old.cert.der());
    let folder = world.setup.folder.path().to_owned();
    install(&folder, &new);
    world.process().signal("HUP");
    world
        .process()
        .line_with("the configuration was read again");
    assert_eq!(shown(&world, &[&old, &new]), *new.cert.der());
    assert!(counted(&world, "ok"));
    // The key of another certificate.
    fs::write(folder.join("tls.key"), old.signing_key.serialize_pem()).unwrap();
    world.process().signal("HUP");
    world.process().line_with("everything stays as it was");
    assert_eq!(shown(&world, &[&old, &new]), *new.cert.der());
    assert!(counted(&world, "refused"));
}

#[test]
fn a_new_certificate_is_shown_when_its_files_change() {
    let (old, new) = (make(), make());
    let mut world = serving(&old);
    let folder = world.setup.folder.path().to_owned();
    install(&folder, &new);
    world
        .process()
        .line_with("the TLS certificate was read again");
    assert_eq!(shown(&world, &[&old, &new]), *new.cert.der());
}

#[test]
fn what_is_logged_changes_on_sighup_and_a_mistake_changes_nothing() {
    let setup = Setup::on(Store::Sqlite).with_config("[log]\nlevel = \"info\"\n");
    let mut world = setup.start();
    let file = world.setup.folder.path().join("grantor.toml");
    fs::write(&file, "[log]\nlevel = \"trace\"\nnonsense = 1\n").unwrap();
    world.process().signal("HUP");
    let refused = world.process().line_with("everything stays as it was");
    assert!(refused.contains("log.nonsense"), "{refused}");
    fs::write(&file, "[log]\nlevel = \"trace\"\n").unwrap();
    let says_more = |world: &World| world.setup.log().contains("\"level\":\"TRACE\"");
    world.myapp().log_in("user");
    assert!(!says_more(&world));
    world.process().signal("HUP");
    world
        .process()
        .line_with("the configuration was read again");
    let deadline = Instant::now() + Duration::from_secs(30);
    while !says_more(&world) {
        assert!(Instant::now() < deadline, "it logs as before");
        world.myapp().log_in("user");
    }
}
