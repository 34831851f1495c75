//! Reading our own Prometheus text.

/// A line.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Sample {
    pub(super) name: String,
    pub(super) labels: Vec<(String, String)>,
    pub(super) value: f64,
}

/// The lines of a text that are values.
pub(super) fn samples(text: &str) -> Vec<Sample> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(sample).collect()
}

fn sample(line: &str) -> Option<Sample> {
    let (series, value) = line.rsplit_once(' ')?;
    let (name, labels) = series.split_once('{').unwrap_or((series, ""));
    Some(Sample {
        name: name.to_owned(),
        labels: labels_of(labels.strip_suffix('}').unwrap_or(labels))?,
        value: value.parse().ok()?,
    })
}

/// `name="value",…`, where a value may hold anything, with `\\`, `\"` and `\n` escaped.
fn labels_of(mut text: &str) -> Option<Vec<(String, String)>> {
    let mut labels = Vec::new();
    while !text.is_empty() {
        let (name, rest) = text.split_once("=\"")?;
        let mut value = String::new();
        let mut chars = rest.char_indices();
        let end = loop {
            match chars.next()? {
                (at, '"') => break at + 1,
                (_, '\\') => match chars.next()?.1 {
                    'n' => value.push('\n'),
                    other => value.push(other),
                },
                (_, other) => value.push(other),
            }
        };
        labels.push((name.to_owned(), value));
        text = rest.get(end..)?;
        text = text.strip_prefix(',').unwrap_or(text);
    }
    Some(labels)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_they_are_written() {
        let text =
            "# TYPE a counter\na 1\nb{route=\"/x/{id}\",says=\"a \\\"b\\\", c\\\\d\"} 2.5\n\n";
        let labels = [("route", "/x/{id}"), ("says", "a \"b\", c\\d")];
        let labels = labels.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let expected = [("a", Vec::new(), 1.0), ("b", labels.to_vec(), 2.5)];
        let expected = expected.map(|(name, labels, value)| Sample {
            name: name.to_owned(),
            labels,
            value,
        });
        assert_eq!(samples(text), expected);
    }
}
