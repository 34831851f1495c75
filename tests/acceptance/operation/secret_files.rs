//! A file that holds a secret is its owner's alone, or the program does not start.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::support::settings::ROOT_SECRET;
use crate::support::{Setup, Store};

/// Modes that let somebody else in, where the file belongs to the account of the program.
const EXPOSED: [u32; 5] = [0o640, 0o604, 0o660, 0o602, 0o644];

const KEY: &str = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY=";

fn chmod(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn every_file_that_a_key_names_for_a_secret_must_be_private() {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let setup = Setup::on(Store::Sqlite);
    let certificate = setup.file("tls.pem", &made.cert.pem(), 0o644);
    let mut setup = setup.set("server.tls.certificate_file", certificate.to_str().unwrap());
    let (url, pem) = (setup.database.url(), made.signing_key.serialize_pem());
    let secrets = [
        ("server.tls.key_file", pem.as_str()),
        ("keys.master_key_file", KEY),
        ("database.url_file", url.as_str()),
        ("bootstrap.admin_client_secret_file", ROOT_SECRET),
        ("bootstrap.admin_password_file", "the admin's password"),
    ];
    let mut files = Vec::new();
    for (key, content) in secrets {
        let file = setup.file(key, content, 0o600);
        setup = setup.set(key, file.to_str().unwrap());
        files.push((key, file));
    }
    for mode in [0o600, 0o400] {
        for (_, file) in &files {
            chmod(file, mode);
        }
        setup.run(&["check-config"]).ok();
    }
    for mode in EXPOSED {
        for (_, file) in &files {
            chmod(file, mode);
        }
        let ran = setup.run(&["serve"]);
        let keys: Vec<&str> = files.iter().map(|(key, _)| *key).collect();
        ran.refused_saying(&keys).refused_saying(&["chmod 600"]);
    }
}

#[test]
fn the_master_key_beside_the_store_must_be_private() {
    let (_, setup) = Setup::on(Store::Sqlite).start().terminate();
    let key = setup.folder.path().join("grantor.db.key");
    for mode in EXPOSED {
        chmod(&key, mode);
        setup
            .run(&["serve"])
            .refused_saying(&["grantor.db.key", "chmod 600"]);
    }
    chmod(&key, 0o600);
    setup.start();
}

#[test]
fn a_configuration_that_holds_the_master_key_must_be_private() {
    let setup = Setup::on(Store::Sqlite).with_config(&format!("[keys]\nmaster_key = \"{KEY}\"\n"));
    setup.run(&["check-config"]).ok();
    chmod(&setup.folder.path().join("grantor.toml"), 0o644);
    setup
        .run(&["serve"])
        .refused_saying(&["keys.master_key", "chmod 600"]);
}
