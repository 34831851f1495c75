//! The container files, as far as they can be checked without an engine.

use std::fs;

use crate::workspace;

use super::hold;

#[test]
fn compose_runs_two_replicas_behind_a_balancer_and_nothing_else() {
    let compose = read("docker-compose.yml");
    assert_eq!(
        children(&compose, "services"),
        ["postgres", "migrate", "grantor", "balancer"],
        "docker-compose.yml has other services"
    );
    assert!(compose.contains("replicas: 2"), "there are two replicas");
}

#[test]
fn compose_holds_no_secret() {
    let compose = read("docker-compose.yml");
    let secrets = compose.lines().filter(|line| {
        let (key, value) = line.trim().split_once(':').unwrap_or((line, ""));
        let key = key.to_ascii_uppercase();
        let is_secret = ["PASSWORD", "SECRET", "KEY", "TOKEN", "URL"]
            .iter()
            .any(|word| key.contains(word));
        let is_file = key.ends_with("_FILE") || key == "SECRETS";
        is_secret && !is_file && !value.trim().is_empty() && !line.trim_start().starts_with('#')
    });
    let secrets: Vec<String> = secrets.map(str::to_owned).collect();
    hold(
        "docker-compose.yml: hand secrets over as files, with a key that ends in _FILE:",
        &secrets,
    );
}

#[test]
fn every_secret_of_compose_comes_from_a_file_outside_the_repository() {
    let compose = read("docker-compose.yml");
    let ignored = read(".gitignore");
    let files: Vec<&str> = compose
        .lines()
        .filter_map(|line| line.trim().strip_prefix("file:"))
        .collect();
    assert_eq!(
        files.len(),
        children(&compose, "secrets").len(),
        "every secret of docker-compose.yml has its file"
    );
    let breaches: Vec<String> = files
        .iter()
        .map(|file| file.trim())
        .filter(|file| !file.starts_with("./secrets/"))
        .map(str::to_owned)
        .collect();
    hold("docker-compose.yml: secrets lie in ./secrets:", &breaches);
    assert!(
        ignored.lines().any(|line| line == "/secrets"),
        ".gitignore must name /secrets"
    );
    assert!(
        read(".dockerignore").lines().any(|line| line == "secrets"),
        ".dockerignore must name secrets"
    );
}

#[test]
fn the_image_is_built_in_stages_from_named_versions_and_runs_unprivileged() {
    let dockerfile = read("Dockerfile");
    let stages: Vec<&str> = dockerfile
        .lines()
        .filter_map(|line| line.strip_prefix("FROM "))
        .collect();
    assert_eq!(
        stages.len(),
        2,
        "the Dockerfile has a stage that builds and a stage that runs"
    );
    for stage in stages {
        let image = stage.split_whitespace().next().unwrap();
        assert!(
            image.contains(':') && !image.ends_with(":latest"),
            "{image}: name a version of the image"
        );
    }
    let user = dockerfile
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix("USER "));
    assert!(
        user.is_some_and(|user| user != "root" && user != "0"),
        "the last USER of the Dockerfile is not root"
    );
}

fn read(name: &str) -> String {
    let path = workspace::root().join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The keys directly below a key of the first level.
fn children<'text>(yaml: &'text str, parent: &str) -> Vec<&'text str> {
    let heading = format!("{parent}:");
    let below = yaml.lines().skip_while(|line| *line != heading).skip(1);
    let below =
        below.take_while(|line| line.is_empty() || line.starts_with(' ') || line.starts_with('#'));
    below
        .filter_map(|line| line.strip_prefix("  ")?.strip_suffix(':'))
        .filter(|key| !key.starts_with(' '))
        .collect()
}
