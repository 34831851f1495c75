use std::collections::BTreeSet;

use super::list::{METRICS, OF_PROCESS};
use super::reference;

const RULES: &str = include_str!("../../../../deploy/prometheus/grantor.rules.yaml");

/// Names of metrics in a text, without what Prometheus adds to those of histograms.
fn named(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'));
    words
        .filter(|word| word.starts_with("grantor_") || word.starts_with("process_"))
        .map(|word| {
            ["_bucket", "_sum", "_count"]
                .iter()
                .find_map(|suffix| word.strip_suffix(suffix))
                .unwrap_or(word)
                .to_owned()
        })
        .collect()
}

fn listed() -> BTreeSet<String> {
    let all = METRICS.iter().chain(OF_PROCESS);
    all.map(|metric| metric.name.to_owned()).collect()
}

#[test]
fn no_metric_is_listed_twice_and_each_is_on_the_page() {
    assert_eq!(listed().len(), METRICS.len() + OF_PROCESS.len());
    assert_eq!(named(&reference()), listed());
}

#[test]
fn names_and_labels_are_those_prometheus_asks_for() {
    for metric in METRICS {
        let is_counter = metric.kind == super::Kind::Counter;
        assert_eq!(
            metric.name.ends_with("_total"),
            is_counter,
            "{}",
            metric.name
        );
        assert!(metric.means.ends_with('.'), "{}", metric.name);
    }
}

#[test]
fn alerts_are_made_of_metrics_there_are() {
    let used = named(RULES);
    assert!(used.len() > 8, "{used:?}");
    let unknown: Vec<_> = used.difference(&listed()).cloned().collect();
    assert_eq!(unknown, Vec::<String>::new());
}

#[test]
fn what_has_not_happened_has_a_series_for_every_value() {
    let shed = METRICS
        .iter()
        .find(|metric| metric.name == "grantor_lane_shed_total")
        .unwrap();
    let series: Vec<String> = shed
        .combinations()
        .unwrap()
        .iter()
        .map(|labels| {
            let labels = labels.iter().map(metrics::Label::value);
            labels.collect::<Vec<_>>().join(" ")
        })
        .collect();
    assert_eq!(
        series,
        ["fast full", "fast late", "login full", "login late"]
    );
}
