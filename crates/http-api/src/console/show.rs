//! Small things that many pages show.

use std::fmt;

use actix_web::http::StatusCode;
use grantor_domain::time::Timestamp;
use grantor_domain::window::FEW;
use serde::Deserialize;
use serde_json::Value;

use crate::resources::instant;

use super::member;

/// A resource somebody refers to.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Referred {
    pub(crate) id: String,
}

impl Referred {
    /// Its id, as a segment of a path.
    pub(crate) fn path(&self) -> String {
        encoded(&self.id)
    }
}

/// An instant: for machines as the API writes it, for people a little shorter.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Instant(pub(crate) String);

impl Instant {
    /// An instant in seconds since the epoch.
    pub(crate) fn of_seconds(seconds: i64) -> Self {
        Self::of(Timestamp::from_seconds(seconds))
    }

    /// An instant of ours.
    pub(crate) fn of(at: Timestamp) -> Self {
        Self(instant(at))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = self.0.split(['.', 'Z']).next().unwrap_or_default();
        write!(f, "{} UTC", whole.replace('T', " "))
    }
}

/// A time of a form's, which is in UTC and may lack its seconds, as the API reads it.
pub(crate) fn utc(local: &str) -> String {
    let seconds = if local.len() == "2026-01-31T00:00".len() {
        ":00"
    } else {
        ""
    };
    format!("{local}{seconds}Z")
}

/// An id, or whatever else, as one segment of a path or one value of a query.
pub(crate) fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes())
        .collect::<String>()
        .replace('+', "%20")
}

/// Browsers by the product that only they name, before those whose product they name as well.
const BROWSERS: [(&str, &str); 5] = [
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Version/", "Safari"),
];

/// What a `User-Agent` says in a few words: a browser and its version, or else the first product.
pub(crate) fn program(user_agent: &str) -> String {
    let version = |product: &str| {
        let (_, rest) = user_agent.split_once(product)?;
        rest.split(['.', ' ', ';', ')']).next()
    };
    let browser = BROWSERS
        .iter()
        .find_map(|(product, name)| Some(format!("{name} {}", version(product)?)));
    let first = || user_agent.split(' ').next().unwrap_or_default().to_owned();
    browser.unwrap_or_else(first)
}

/// A page of a search, as its Bundle tells it.
pub(crate) struct Found<T> {
    pub(crate) items: Vec<T>,
    pub(crate) total: Option<u64>,
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
}

impl<T> Found<T> {
    /// Nothing.
    pub(crate) const fn nothing() -> Self {
        Self {
            items: Vec::new(),
            total: Some(0),
            previous: None,
            next: None,
        }
    }
}

/// A number with its thousands apart.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// How many a search found, for people. The API stops counting somewhere.
pub(crate) fn counted(bundle: &Value) -> String {
    match member::at(bundle, "total").and_then(Value::as_u64) {
        Some(total) => grouped(total),
        None => format!("more than {}", grouped(FEW)),
    }
}

impl<T: for<'de> Deserialize<'de>> Found<T> {
    /// Reads a searchset. Its links become links to the page of the console at `path`, which asked
    /// for what `search` says.
    pub(crate) fn read(bundle: &Value, path: &str, search: &Search) -> Self {
        let entries = bundle["entry"].as_array().map_or(&[][..], Vec::as_slice);
        let items = entries
            .iter()
            .filter_map(|entry| T::deserialize(&entry["resource"]).ok());
        let links = bundle["link"].as_array().map_or(&[][..], Vec::as_slice);
        let link = |relation: &str| {
            let link = links.iter().find(|link| link["relation"] == relation)?;
            let (_, query) = link["url"].as_str()?.split_once('?')?;
            let mut sent = form_urlencoded::parse(query.as_bytes());
            let (_, cursor) = sent.find(|(name, _)| name == "_page")?;
            Some(search.clone().with("_page", cursor).target(path))
        };
        Self {
            items: items.collect(),
            total: bundle["total"].as_u64(),
            previous: link("previous"),
            next: link("next"),
        }
    }
}

/// What is wrong with a search: which field, and what.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wrong(Vec<(String, String)>);

impl Wrong {
    /// What the API says of parameters.
    pub(crate) const fn new(problems: Vec<(String, String)>) -> Self {
        Self(problems)
    }

    /// With a parameter told at the field that it was made of.
    pub(crate) fn told_at(mut self, field: &str, parameter: &str) -> Self {
        for (at, _) in &mut self.0 {
            if at == parameter {
                field.clone_into(at);
            }
        }
        self
    }

    /// Whether nothing is.
    pub(crate) const fn is_nothing(&self) -> bool {
        self.0.is_empty()
    }

    /// The status of a page that tells it.
    pub(crate) const fn status(&self) -> StatusCode {
        if self.is_nothing() {
            StatusCode::OK
        } else {
            StatusCode::BAD_REQUEST
        }
    }

    /// Everything, in a sentence.
    pub(crate) fn all(&self) -> String {
        let told = self.0.iter().map(|(at, says)| match at.as_str() {
            "" => says.clone(),
            at => format!("{at}: {says}"),
        });
        told.collect::<Vec<_>>().join(". ")
    }

    /// What is wrong with a field.
    pub(crate) fn at(&self, field: &str) -> Option<&str> {
        let found = self.0.iter().find(|(at, _)| at == field);
        found.map(|(_, says)| says.as_str())
    }
}

/// The fields of a search form that were filled, as the query of the API.
#[derive(Clone, Default)]
pub(crate) struct Search(Vec<(&'static str, String)>);

impl Search {
    /// Takes the parameters a form may have, as they are called here and there.
    pub(crate) fn of(form: &super::form::Form, known: &[&'static str]) -> Self {
        let filled = known.iter().filter_map(|name| {
            let value = form.get(name).trim();
            (!value.is_empty()).then(|| (*name, value.to_owned()))
        });
        Self(filled.collect())
    }

    /// With another parameter, or with another value of the one it has. An empty one is left out.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        let value = value.into();
        self.0.retain(|(known, _)| *known != name);
        if !value.is_empty() {
            self.0.push((name, value));
        }
        self
    }

    /// With another value of a parameter that may have several.
    pub(crate) fn and(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.0.push((name, value.into()));
        self
    }

    /// Within the time that the fields `from` and `until` of a form say.
    pub(crate) fn within(self, parameter: &'static str, form: &Self) -> Self {
        let times =
            [("from", "ge"), ("until", "lt")].map(|(name, prefix)| (form.get(name), prefix));
        let filled = times.into_iter().filter(|(time, _)| !time.is_empty());
        filled.fold(self, |search, (time, prefix)| {
            search.and(parameter, format!("{prefix}{}", utc(time)))
        })
    }

    /// The value of a parameter; empty when it is not there.
    pub(crate) fn get(&self, name: &str) -> &str {
        let found = self.0.iter().find(|(known, _)| *known == name);
        found.map_or("", |(_, value)| value)
    }

    /// A time, as a form's field can show it; empty when it is none.
    pub(crate) fn time(&self, name: &str) -> &str {
        let text = self.get(name);
        let is_plain = |b: u8| b.is_ascii_digit() || b"-T:.".contains(&b);
        if text.len() >= "2026-01-31T00:00".len() && text.bytes().all(is_plain) {
            text
        } else {
            ""
        }
    }

    /// What is asked of the API.
    pub(crate) fn target(&self, path: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.0);
        format!("{path}?{}", query.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::program;

    #[test]
    fn a_program_is_named_in_a_few_words() {
        let chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) \
                      Chrome/142.0.0.0 Safari/537.36";
        let safari = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 \
                      (KHTML, like Gecko) Version/18.5 Safari/605.1.15";
        for (user_agent, expected) in [
            (chrome, "Chrome 142"),
            (&format!("{chrome} Edg/142.0.3"), "Edge 142"),
            (safari, "Safari 18"),
            (
                "Mozilla/5.0 (X11; rv:145.0) Gecko/20100101 Firefox/145.0",
                "Firefox 145",
            ),
            ("curl/8.14.1", "curl/8.14.1"),
            ("", ""),
        ] {
            assert_eq!(program(user_agent), expected);
        }
    }
}
