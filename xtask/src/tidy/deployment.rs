//! The manifests and the unit in `deploy/`, and the images everywhere, as far as they can be checked without a cluster.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;
use toml::Table;

use crate::workspace;

use super::hold;

const KUBERNETES: &str = "deploy/kubernetes";

#[test]
fn kustomization_names_every_manifest() {
    let listed = at(&yaml("kustomization.yaml"), "/resources");
    let listed: BTreeSet<String> = texts(&listed).into_iter().collect();
    let files = fs::read_dir(workspace::root().join(KUBERNETES)).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let found: BTreeSet<String> = names.filter(|name| name != "kustomization.yaml").collect();
    assert_eq!(listed, found);
}

#[test]
fn every_image_has_a_version() {
    let mut breaches = Vec::new();
    for path in [
        "docker-compose.yml",
        "deploy/kubernetes/deployment.yaml",
        "deploy/kubernetes/migrate.yaml",
    ] {
        let text = read(path);
        let images = text
            .lines()
            .filter_map(|line| line.trim().strip_prefix("image:"));
        let loose = images.map(str::trim).filter(|image| {
            let version = image.rsplit_once(':').map(|(_, version)| version);
            version.is_none_or(|version| version == "latest")
        });
        breaches.extend(loose.map(|image| format!("{path}: {image}")));
    }
    hold("Name a version of each image:", &breaches);
}

#[test]
fn server_and_migration_are_one_image_and_the_kustomization_says_which() {
    let image = |file: &str| text(&yaml(file), "/spec/template/spec/containers/0/image");
    assert_eq!(image("deployment.yaml"), image("migrate.yaml"));
    let named = yaml("kustomization.yaml");
    let expected = format!(
        "{}:{}",
        text(&named, "/images/0/name"),
        text(&named, "/images/0/newTag")
    );
    assert_eq!(image("deployment.yaml"), expected);
}

#[test]
fn pods_may_do_nothing_that_they_need_not() {
    let demands = [
        ("/securityContext/runAsNonRoot", Value::from(true)),
        (
            "/securityContext/seccompProfile/type",
            "RuntimeDefault".into(),
        ),
        ("/automountServiceAccountToken", false.into()),
        (
            "/containers/0/securityContext/allowPrivilegeEscalation",
            false.into(),
        ),
        (
            "/containers/0/securityContext/readOnlyRootFilesystem",
            true.into(),
        ),
        (
            "/containers/0/securityContext/capabilities/drop/0",
            "ALL".into(),
        ),
    ];
    let present = [
        "/securityContext/fsGroup",
        "/containers/0/resources/requests/cpu",
        "/containers/0/resources/requests/memory",
        "/containers/0/resources/limits/memory",
    ];
    let mut breaches = Vec::new();
    for file in ["deployment.yaml", "migrate.yaml"] {
        let pod = at(&yaml(file), "/spec/template/spec");
        let wrong = demands
            .iter()
            .filter(|(path, value)| pod.pointer(path) != Some(value));
        breaches.extend(wrong.map(|(path, value)| format!("{file}: {path} is to be {value}")));
        let absent = present.iter().filter(|path| pod.pointer(path).is_none());
        breaches.extend(absent.map(|path| format!("{file}: {path} is missing")));
        if !read(&format!("{KUBERNETES}/{file}")).contains("defaultMode: 0400") {
            breaches.push(format!("{file}: mount the secrets with mode 0400"));
        }
    }
    hold("deploy/kubernetes:", &breaches);
}

#[test]
fn probes_ask_the_listener_for_operations() {
    let container = at(&yaml("deployment.yaml"), "/spec/template/spec/containers/0");
    for (probe, path) in [
        ("startupProbe", "/health/startup"),
        ("livenessProbe", "/health/live"),
        ("readinessProbe", "/health/ready"),
    ] {
        assert_eq!(text(&container, &format!("/{probe}/httpGet/path")), path);
        assert_eq!(text(&container, &format!("/{probe}/httpGet/port")), "ops");
    }
}

#[test]
fn ports_are_those_of_the_default_configuration() {
    let defaults: Table = read("config/default.toml").parse().unwrap();
    let port = |key: &str| {
        let bind = defaults["server"][key].as_str().unwrap();
        bind.rsplit_once(':').unwrap().1.parse::<u64>().unwrap()
    };
    let container = at(&yaml("deployment.yaml"), "/spec/template/spec/containers/0");
    for (place, name, key) in [(0, "http", "bind"), (1, "ops", "ops_bind")] {
        assert_eq!(text(&container, &format!("/ports/{place}/name")), name);
        let given = container.pointer(&format!("/ports/{place}/containerPort"));
        assert_eq!(given, Some(&port(key).into()), "{name}");
    }
    assert_eq!(
        text(&yaml("service.yaml"), "/spec/ports/0/targetPort"),
        "http"
    );
    let policy = yaml("network.yaml");
    for (place, key) in [(0, "bind"), (1, "ops_bind")] {
        let given = policy.pointer(&format!("/spec/ingress/{place}/ports/0/port"));
        assert_eq!(given, Some(&port(key).into()), "{key}");
    }
}

#[test]
fn replicas_are_two_or_more_and_one_may_be_missing() {
    let deployment = yaml("deployment.yaml");
    let replicas = at(&deployment, "/spec/replicas").as_u64().unwrap();
    let needed = at(&yaml("disruption.yaml"), "/spec/minAvailable")
        .as_u64()
        .unwrap();
    assert!(replicas >= 2 && needed >= 1 && needed < replicas);
    let unavailable = at(&deployment, "/spec/strategy/rollingUpdate/maxUnavailable");
    assert_eq!(
        unavailable,
        Value::from(0),
        "a new one is ready before an old one ends"
    );
}

#[test]
fn what_selects_pods_selects_the_servers() {
    let labels = at(&yaml("deployment.yaml"), "/spec/template/metadata/labels");
    for (file, path) in [
        ("deployment.yaml", "/spec/selector/matchLabels"),
        ("service.yaml", "/spec/selector"),
        ("disruption.yaml", "/spec/selector/matchLabels"),
    ] {
        assert_eq!(at(&yaml(file), path), labels, "{file}");
    }
}

#[test]
fn every_key_that_is_set_exists() {
    let mut breaches = Vec::new();
    let written = at(&yaml("configuration.yaml"), "/data/grantor.toml");
    let written: Table = written.as_str().unwrap().parse().unwrap();
    for (section, keys) in &written {
        for key in keys.as_table().unwrap().keys() {
            breaches.extend(unknown("configuration.yaml", section, key));
        }
    }
    for path in [
        "docker-compose.yml",
        "deploy/kubernetes/migrate.yaml",
        "deploy/systemd/grantor.service",
    ] {
        let text = read(path);
        for name in text.split("GRANTOR__").skip(1) {
            let end = name.find(|c: char| !c.is_ascii_uppercase() && c != '_');
            let name = name.get(..end.unwrap_or(name.len())).unwrap();
            let (section, key) = name.split_once("__").unwrap();
            breaches.extend(unknown(path, &section.to_lowercase(), &key.to_lowercase()));
        }
    }
    hold("These keys are not in config/default.toml:", &breaches);
}

#[test]
fn the_unit_is_confined() {
    let unit = read("deploy/systemd/grantor.service");
    let demands = [
        "DynamicUser=yes",
        "NoNewPrivileges=yes",
        "CapabilityBoundingSet=",
        "ProtectSystem=strict",
        "ProtectHome=yes",
        "PrivateTmp=yes",
        "PrivateDevices=yes",
        "MemoryDenyWriteExecute=yes",
        "SystemCallFilter=@system-service",
        "LimitCORE=0",
        "UMask=0077",
        "Restart=on-failure",
    ];
    let missing = demands
        .iter()
        .filter(|line| !unit.lines().any(|own| own == **line));
    let missing: Vec<String> = missing.map(|line| (*line).to_owned()).collect();
    hold("deploy/systemd/grantor.service lacks:", &missing);
}

fn unknown(path: &str, section: &str, key: &str) -> Option<String> {
    let defaults: Table = read("config/default.toml").parse().unwrap();
    let known = defaults
        .get(section)
        .and_then(|keys| keys.get(key))
        .is_some();
    (!known).then(|| format!("{path}: {section}.{key}"))
}

fn read(path: &str) -> String {
    fs::read_to_string(workspace::root().join(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn yaml(file: &str) -> Value {
    let text = read(&format!("{KUBERNETES}/{file}"));
    serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn at(value: &Value, path: &str) -> Value {
    value
        .pointer(path)
        .unwrap_or_else(|| panic!("{path} is missing"))
        .clone()
}

fn text(value: &Value, path: &str) -> String {
    at(value, path)
        .as_str()
        .unwrap_or_else(|| panic!("{path} is no text"))
        .to_owned()
}

fn texts(list: &Value) -> Vec<String> {
    let list = list.as_array().unwrap();
    list.iter()
        .map(|one| one.as_str().unwrap().to_owned())
        .collect()
}
