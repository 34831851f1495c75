//! JSON and YAML into one value, without what parsers commonly let pass: repeated keys, trailing
//! data, unbounded depth, NUL, and all of YAML that is more than data.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};
use serde_saphyr::Tagged;
use serde_saphyr::options::{DuplicateKeyPolicy, MergeKeyPolicy};

/// Deepest nesting of a JSON body.
const JSON_DEPTH: usize = 32;
/// Deepest nesting of a YAML body.
const YAML_DEPTH: usize = 16;
/// Largest YAML body, in bytes.
const YAML_LIMIT: usize = 64 * 1024;
/// Most nodes of a YAML body.
const YAML_NODES: usize = 5_000;

/// Reads one JSON text (RFC 8259).
///
/// # Errors
/// A sentence of ours about what is wrong; nothing that was sent.
pub(crate) fn parse_json(bytes: &[u8]) -> Result<Value, &'static str> {
    let mut parser = serde_json::Deserializer::from_slice(bytes);
    let seed = Seed {
        room: JSON_DEPTH,
        tagged: false,
    };
    let value = seed.deserialize(&mut parser);
    value
        .and_then(|value| parser.end().map(|()| value))
        .map_err(|_| "The body is not one well-formed JSON text with unique keys")
}

/// Whether a JSON text could nest as deeply as this value.
pub(super) fn nests_within_bounds(value: &Value) -> bool {
    fn nests_within(value: &Value, room: usize) -> bool {
        match (value, room.checked_sub(1)) {
            (Value::Array(values), Some(room)) => values.iter().all(|v| nests_within(v, room)),
            (Value::Object(members), Some(room)) => members.values().all(|v| nests_within(v, room)),
            (Value::Array(_) | Value::Object(_), None) => false,
            _ => true,
        }
    }
    nests_within(value, JSON_DEPTH)
}

/// Reads one YAML document (YAML 1.2 core schema): no anchors, aliases, tags or second documents.
///
/// # Errors
/// A sentence of ours about what is wrong; nothing that was sent.
pub(crate) fn parse_yaml(bytes: &[u8]) -> Result<Value, &'static str> {
    if bytes.len() > YAML_LIMIT {
        return Err("A YAML body has at most 65536 bytes");
    }
    parse_yaml_file(bytes)
}

/// The same for a file of the operator's, which may be larger.
///
/// # Errors
/// As those of a body.
pub(crate) fn parse_yaml_file(bytes: &[u8]) -> Result<Value, &'static str> {
    const WRONG: &str = "This is not one plain YAML document with unique keys, without anchors, \
         aliases and tags";
    let text = std::str::from_utf8(bytes).map_err(|_| WRONG)?;
    let document = serde_saphyr::from_str_with_options::<Document>(text, options());
    document.map(|document| document.0).map_err(|_| WRONG)
}

fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        budget: serde_saphyr::budget! {
            max_aliases: 0,
            max_anchors: 0,
            max_depth: YAML_DEPTH,
            max_documents: 1,
            max_nodes: YAML_NODES,
            max_events: 4 * YAML_NODES,
            max_merge_keys: 0,
        },
        duplicate_keys: DuplicateKeyPolicy::Error,
        merge_keys: MergeKeyPolicy::Error,
        strict_booleans: true,
        reject_unsupported_tags: true,
        reject_tagged_field_names: true,
        with_snippet: false,
    }
}

/// A YAML document without tags.
struct Document(Value);

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        YAML.deserialize(deserializer).map(Self)
    }
}

/// A node of a YAML document, its own tag aside.
struct Node(Value);

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(YAML).map(Self)
    }
}

/// Reads a value.
#[derive(Clone, Copy)]
struct Seed {
    /// How many levels further it may nest.
    room: usize,
    /// Whether it may come with a tag, which is refused.
    tagged: bool,
}

/// How deep a document nests is bounded by its budget.
const YAML: Seed = Seed {
    room: YAML_DEPTH,
    tagged: true,
};

impl Seed {
    fn below<E: Error>(self) -> Result<Self, E> {
        let room = self.room.checked_sub(1);
        room.map(|room| Self { room, ..self })
            .ok_or_else(|| E::custom("nested too deeply"))
    }
}

impl<'de> DeserializeSeed<'de> for Seed {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        if !self.tagged {
            return deserializer.deserialize_any(self);
        }
        match Tagged::<Node>::deserialize(deserializer)? {
            Tagged(node, None) => Ok(node.0),
            Tagged(_, Some(_)) => Err(D::Error::custom("a tag")),
        }
    }
}

impl<'de> Visitor<'de> for Seed {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        let number = Number::from_f64(value).ok_or_else(|| E::custom("not a finite number"))?;
        Ok(Value::Number(number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.visit_string(value.to_owned())
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        if value.contains('\0') {
            return Err(E::custom("a string holds NUL"));
        }
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let below = self.below()?;
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(below)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let below = self.below()?;
        let mut members = Map::new();
        while let Some(key) = object.next_key::<String>()? {
            if key.contains('\0') || members.contains_key(&key) {
                return Err(A::Error::custom("a key is repeated or holds NUL"));
            }
            let value = object.next_value_seed(below)?;
            members.insert(key, value);
        }
        Ok(Value::Object(members))
    }
}
