use std::io::Write as _;

use super::*;

fn load(variables: &[(&str, &str)]) -> Result<Config, Vec<String>> {
    let variables = variables
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect();
    Config::load(Sources {
        file: None,
        variables: Some(variables),
    })
    .map_err(|error| match error {
        ConfigError::Mistakes(mistakes) => mistakes.iter().map(ToString::to_string).collect(),
        ConfigError::Unreadable(problem) => vec![problem],
    })
}

#[test]
fn the_defaults_are_valid() {
    let config = load(&[]).unwrap();
    assert_eq!(config.server.bind.to_string(), "127.0.0.1:8080");
    assert_eq!(config.passwords.argon2_m_cost, 19_456);
    assert_eq!(config.passwords.rules.min_length, 8);
    assert!(config.database.migrate_on_start);
    assert_eq!(config.throttle, Some(Budgets::default()));
}

#[test]
fn a_redis_that_is_not_used_or_cannot_be_used_is_a_mistake() {
    let mistakes = |variables: &[(&str, &str)]| load(variables).map(drop).unwrap_err();
    let url = ("GRANTOR__THROTTLE__REDIS_URL", "redis://127.0.0.1/");
    let unused = mistakes(&[url]);
    assert!(unused[0].starts_with("throttle.redis_url: "), "{unused:?}");
    let unknown = mistakes(&[("GRANTOR__THROTTLE__STORE", "memcached")]);
    assert!(unknown[0].starts_with("throttle.store: "), "{unknown:?}");
    let redis = ("GRANTOR__THROTTLE__STORE", "redis");
    if cfg!(feature = "redis") {
        let config = load(&[redis, url]).unwrap();
        assert_eq!(format!("{:?}", config.budget_store), "Redis([redacted])");
        let nowhere = mistakes(&[redis]);
        assert!(
            nowhere[0].starts_with("throttle.redis_url: "),
            "{nowhere:?}"
        );
    } else {
        let absent = mistakes(&[redis, url]);
        assert!(absent[0].contains("without the feature"), "{absent:?}");
    }
}

#[test]
fn the_environment_reaches_every_depth() {
    let config = load(&[
        ("GRANTOR__SERVER__BIND", "127.0.0.1:9999"),
        ("GRANTOR__SERVER__TRUSTED_PROXIES", "10.0.0.0/8,192.0.2.1"),
        ("GRANTOR__THROTTLE__ACCOUNT__BURST", "7"),
        ("GRANTOR__GRANTS__ENABLED", "password"),
    ])
    .unwrap();
    assert_eq!(config.server.bind.port(), 9999);
    assert_eq!(config.server.trusted_proxies.len(), 2);
    assert_eq!(config.throttle.unwrap().account.burst, 7);
    assert_eq!(config.grants, [GrantType::Password]);
}

#[test]
fn every_mistake_is_listed_with_its_key() {
    let mistakes = load(&[
        ("GRANTOR__SERVER__BND", "127.0.0.1:1"),
        ("GRANTOR__SERVER__BIND", "here"),
        ("GRANTOR__SERVER__ISSUER", "https://auth.example/"),
        ("GRANTOR__PASSWORDS__ARGON2_M_COST", "64"),
        ("GRANTOR__TOKENS__SIGNING_ALGORITHM", "HS256"),
        ("GRANTOR__DATABASE__URL", "mysql://x"),
        ("GRANTOR__LOG__FORMAT", "xml"),
        ("GRANTOR__THROTTLE__CLIENT__BURST", "many"),
    ])
    .unwrap_err();
    let keys: BTreeSet<&str> = mistakes
        .iter()
        .filter_map(|m| m.split(':').next())
        .collect();
    let expected = [
        "server.bnd",
        "server.bind",
        "server.issuer",
        "passwords.argon2_m_cost",
        "tokens.signing_algorithm",
        "database.url",
        "keys.master_key_file",
        "log.format",
        "throttle.client.burst",
    ];
    assert_eq!(keys, expected.into_iter().collect());
}

#[test]
fn a_secret_file_wins_and_must_be_private() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("url");
    secret_file::create(&path, "sqlite:other.db").unwrap();
    let variables = [("GRANTOR__DATABASE__URL_FILE", path.to_str().unwrap())];
    assert_eq!(
        load(&variables).unwrap().database.url.as_str(),
        "sqlite:other.db"
    );

    let exposed = folder.path().join("exposed");
    std::fs::File::create(&exposed)
        .unwrap()
        .write_all(b"sqlite:x.db")
        .unwrap();
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(&exposed, mode).unwrap();
    let variables = [("GRANTOR__DATABASE__URL_FILE", exposed.to_str().unwrap())];
    let mistakes = load(&variables).unwrap_err();
    assert!(
        mistakes[0].starts_with("database.url_file: "),
        "{mistakes:?}"
    );
}

#[test]
fn a_configuration_that_holds_secrets_must_be_private() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("grantor.toml");
    let mistakes = |content: &str, mode: u32| {
        std::fs::write(&path, content).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
        std::fs::set_permissions(&path, mode).unwrap();
        let sources = Sources {
            file: Some(&path),
            variables: Some(Vec::new()),
        };
        match Config::load(sources) {
            Err(ConfigError::Mistakes(mistakes)) => mistakes.len(),
            Err(ConfigError::Unreadable(problem)) => panic!("{problem}"),
            Ok(_) => 0,
        }
    };
    let key = "[keys]\nmaster_key = \"c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U=\"\n";
    let with_password = format!("{key}[database]\nurl = \"postgres://me:hunter2@db/grantor\"\n");
    let without = "[database]\nurl = \"sqlite:x.db\"\n";
    assert_eq!(mistakes(key, 0o640), 1);
    assert_eq!(mistakes(&with_password, 0o644), 2);
    assert_eq!(mistakes(&with_password, 0o600), 0);
    assert_eq!(mistakes(without, 0o644), 0);
}

#[test]
fn a_file_is_overridden_by_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("grantor.toml");
    std::fs::write(&path, "[server]\nworkers = 3\ntoken_alias = false\n").unwrap();
    let variables = vec![("GRANTOR__SERVER__WORKERS".to_owned(), "5".to_owned())];
    let sources = Sources {
        file: Some(&path),
        variables: Some(variables),
    };
    let config = Config::load(sources).unwrap();
    assert_eq!(config.server.workers, 5);
    assert!(!config.server.token_alias);
}

#[test]
fn secrets_do_not_print() {
    let secret = "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U=";
    let url = "postgres://me:hunter2@localhost/grantor";
    let variables = [
        ("GRANTOR__KEYS__MASTER_KEY", secret),
        ("GRANTOR__DATABASE__URL", url),
    ];
    let printed = format!("{:?}", load(&variables).unwrap());
    assert!(
        !printed.contains(secret) && !printed.contains("hunter2"),
        "{printed}"
    );
}

#[test]
fn the_examples_name_only_keys_that_exist() {
    for example in ["example.sqlite.toml", "example.postgres.toml"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../config")
            .join(example);
        let sources = Sources {
            file: Some(&path),
            variables: Some(Vec::new()),
        };
        let merged = merge(sources).unwrap();
        assert_eq!(
            unknown_keys(&merged).unwrap(),
            Vec::<String>::new(),
            "{example}"
        );
    }
}

#[test]
fn the_reference_names_every_key() {
    let page = reference();
    assert!(page.contains("| `server.tls.key_file` | `\"\"` | `GRANTOR__SERVER__TLS__KEY_FILE` |"));
    let keys = leaves(
        merge(Sources {
            file: None,
            variables: Some(Vec::new()),
        })
        .unwrap(),
    )
    .unwrap();
    for key in keys {
        assert!(page.contains(&format!("| `{key}` |")), "{key}");
    }
}
